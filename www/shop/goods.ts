// The first page: search among the methods, and what belongs to the chosen one. Without this script
// the same form works, with everything shown.

const shelf = element("shelf");
const outcome = element("outcome") as HTMLSelectElement;
const order = element("order") as HTMLFormElement;

const groups = [...shelf.querySelectorAll<HTMLDetailsElement>("details")];
const methods = [...shelf.querySelectorAll<HTMLElement>("label")];

/** What a search compares: without accents and capitals. */
function plain(text: string): string {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
}

const wordsOf = new Map(
  methods.map((method) => [method, plain(`${method.textContent} ${method.dataset["words"]}`)]),
);

function radio(method: HTMLElement): HTMLInputElement {
  return method.querySelector("input") as HTMLInputElement;
}

function setUpSearch(): void {
  const box = element("search") as HTMLInputElement;
  const found = element("found");
  (box.parentElement as HTMLElement).hidden = false;
  // Open groups are the buyer's own until a search opens others.
  let opened: HTMLDetailsElement[] | undefined;

  const search = () => {
    const wanted = plain(box.value).split(/\s+/).filter(Boolean);
    if (wanted.length > 0) opened ??= groups.filter((group) => group.open);
    const fits = (method: HTMLElement) => wanted.every((word) => wordsOf.get(method)?.includes(word));
    for (const method of methods) method.hidden = !fits(method);
    for (const group of groups) {
      const some = group.querySelector("label:not([hidden])") !== null;
      group.hidden = !some;
      if (wanted.length > 0) group.open = some;
      else if (opened !== undefined) group.open = opened.includes(group);
    }
    if (wanted.length === 0) opened = undefined;
    const count = methods.filter((method) => !method.hidden).length;
    found.textContent = wanted.length === 0 ? "" : count === 1 ? "1 way to pay" : `${count} ways to pay`;
  };
  box.addEventListener("input", search);
  box.addEventListener("keydown", (event) => {
    const first = methods.find((method) => !method.hidden);
    if (event.key === "Enter") {
      // Not the whole form: the first that was found is chosen.
      event.preventDefault();
      if (first === undefined || box.value.trim() === "") return;
      radio(first).checked = true;
      radio(first).focus();
      show();
    } else if (event.key === "ArrowDown" && first !== undefined) {
      event.preventDefault();
      radio(first).focus();
    } else if (event.key === "Escape" && box.value !== "") {
      event.preventDefault();
      box.value = "";
      search();
    }
  });
  // A browser that goes back fills the box in again.
  if (box.value !== "") search();
}

/** Brings everything in line with what is chosen. */
function show(): void {
  const method = methods.find((method) => radio(method).checked);
  const { name = "", how = "", currency = "", kind = "", form = "" } = method?.dataset ?? {};
  element("chosen-method").textContent = name;
  element("chosen-how").textContent = how;
  element("chosen-currency").textContent = currency;

  for (const option of outcome.options) {
    option.disabled = !(option.dataset["kinds"] ?? "").split(" ").includes(kind);
  }
  if (outcome.selectedOptions[0]?.disabled ?? true) outcome.selectedIndex = 0;
  const details = (outcome.selectedOptions[0]?.dataset["details"] ?? "").split(" ");
  for (const detail of document.querySelectorAll<HTMLElement>("[data-detail]")) {
    detail.hidden = !details.includes(detail.dataset["detail"] ?? "");
  }
  describe(kind, form, details);
}

/** Puts the chosen outcome beside the choice: a copy of its part of the list of all. */
function describe(kind: string, form: string, details: string[]): void {
  const all = document.querySelectorAll<HTMLElement>("#all-outcomes article");
  const row = [...all].find((row) => row.dataset["outcome"] === outcome.value);
  const copy = row?.cloneNode(true) as HTMLElement | undefined;
  copy?.querySelector("h3")?.remove();
  for (const detail of details) {
    const field = order.elements.namedItem(detail);
    if (!(field instanceof HTMLSelectElement || field instanceof HTMLInputElement)) continue;
    // The server wrote down what was chosen when the page was made.
    const rendered = field.dataset["rendered"] ?? "";
    for (const line of copy?.querySelectorAll(".sets code") ?? []) {
      line.textContent = line.textContent?.split(rendered).join(field.value) ?? "";
    }
  }
  const stays = (order.elements.namedItem("stay") as HTMLInputElement).checked;
  for (const plan of copy?.querySelectorAll<HTMLElement>(".plan") ?? []) {
    const fits = plan.dataset["kind"] === kind && (plan.dataset["form"] ?? form) === form;
    if (!fits) plan.remove();
    else if (stays) list(plan, (plan.dataset["staying"] ?? "").split(" "));
  }
  element("outcome-words").replaceChildren(...(copy === undefined ? [] : [copy]));
}

function list(plan: HTMLElement, codes: string[]): void {
  const items = codes.map((code) => {
    const item = document.createElement("li");
    item.textContent = code;
    return item;
  });
  plan.querySelector("ol")?.replaceChildren(...items);
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

setUpSearch();
order.addEventListener("change", show);
// What a browser restores when it goes back arrives after this script.
addEventListener("pageshow", show);
show();
