// The first page: searches the methods, and shows the settings of the chosen one. Without this script
// the same form works, with everything shown.

const methodList = element("method-list");
const preset = element("outcome") as HTMLSelectElement;
const order = element("order") as HTMLFormElement;

const groups = [...methodList.querySelectorAll<HTMLDetailsElement>("details")];
const methods = [...methodList.querySelectorAll<HTMLElement>("label")];

/** Text as a search compares it: without accents and capitals. */
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
  // The groups that were open before a search opened others.
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
      // Chooses the first match, and does not send the form.
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
  // A browser that goes back restores the text.
  if (box.value !== "") search();
}

/** Updates the page for the chosen method and preset. */
function show(): void {
  const method = methods.find((method) => radio(method).checked);
  const { name = "", how = "", currency = "", flow = "", form = "" } = method?.dataset ?? {};
  element("chosen-method").textContent = name;
  element("chosen-how").textContent = how;
  element("chosen-currency").textContent = currency;

  for (const option of preset.options) {
    option.disabled = !(option.dataset["flows"] ?? "").split(" ").includes(flow);
  }
  if (preset.selectedOptions[0]?.disabled ?? true) preset.selectedIndex = 0;
  const details = (preset.selectedOptions[0]?.dataset["details"] ?? "").split(" ");
  for (const detail of document.querySelectorAll<HTMLElement>("[data-detail]")) {
    detail.hidden = !details.includes(detail.dataset["detail"] ?? "");
  }
  describe(flow, form, details);
}

/** Shows the chosen preset below the choice, as a copy of its entry in the list of all. */
function describe(flow: string, form: string, details: string[]): void {
  const all = document.querySelectorAll<HTMLElement>("#all-presets article");
  const row = [...all].find((row) => row.dataset["preset"] === preset.value);
  const copy = row?.cloneNode(true) as HTMLElement | undefined;
  copy?.querySelector("h3")?.remove();
  for (const detail of details) {
    const field = order.elements.namedItem(detail);
    if (!(field instanceof HTMLSelectElement || field instanceof HTMLInputElement)) continue;
    // The value with which the server rendered the line.
    const rendered = field.dataset["rendered"] ?? "";
    for (const line of copy?.querySelectorAll(".setting code") ?? []) {
      line.textContent = line.textContent?.split(rendered).join(field.value) ?? "";
    }
  }
  const stays = (order.elements.namedItem("stay") as HTMLInputElement).checked;
  for (const plan of copy?.querySelectorAll<HTMLElement>(".plan") ?? []) {
    const fits = plan.dataset["flow"] === flow && (plan.dataset["form"] ?? form) === form;
    if (!fits) plan.remove();
    else if (stays) list(plan, (plan.dataset["staying"] ?? "").split(" "));
  }
  element("preset-description").replaceChildren(...(copy === undefined ? [] : [copy]));
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
// A browser that goes back restores the form after this script.
addEventListener("pageshow", show);
show();
