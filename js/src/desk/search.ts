// A list of many options with a search: a combobox with a listbox, as in the ARIA Authoring
// Practices. The list stands in the flow: over it, it would be cut off by the window's edge.

import { make, put, show, write } from "../view/dom";
import type { Option } from "./field";

const CLOSED = "Escape";

export class Search {
  /** What belongs below the input. */
  _parts: HTMLElement[];
  private _list: HTMLElement;
  private _status = make("p", { class: "hint", role: "status" });
  private _items: HTMLElement[];
  private _active: HTMLElement | undefined;
  private _open = false;
  /** Which option is chosen, or -1. */
  private _chosen = -1;

  constructor(
    private _input: HTMLInputElement,
    private _options: Option[],
    title: string,
    private _changed: () => void,
  ) {
    const id = _input.id + "-list";
    this._items = _options.map(({ text }, index) => {
      const item = make("li", { id: id + index, role: "option", "aria-selected": "false" });
      item.textContent = text;
      return item;
    });
    const list = (this._list = make("ul", { id, role: "listbox", "aria-label": title, hidden: "" }, ...this._items));
    this._parts = [list, this._status];
    put(_input, {
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-controls": id,
      "aria-expanded": "false",
    });
    _input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229 || !this._pressed(event)) return;
      event.preventDefault();
      // Escape has been used: it must not close the whole window too.
      event.stopPropagation();
    });
    _input.addEventListener("click", () => this._show(""));
    // The input keeps the focus while the list is used.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", ({ target }) => {
      const index = this._items.indexOf(target as HTMLElement);
      if (index >= 0) this._choose(index);
    });
  }

  /** The value of the chosen option; what was typed instead is none. */
  _value(): string {
    const option = this._options[this._chosen];
    return option ? option.value : this._input.value;
  }

  /** Chooses by value. */
  _fill(value: string): void {
    this._take(this._options.map((option) => option.value).indexOf(value));
  }

  _typed(): void {
    // A browser's late word of what has been chosen from the list, maybe one of two of that name.
    const option = this._options[this._chosen];
    if (option && option.text === this._input.value) return;
    // Choosing by a whole name also serves browsers that fill the field in.
    this._take(this._named(), true);
    this._show(this._input.value);
  }

  /** Focus is elsewhere now. */
  _left(): void {
    this._hide();
  }

  /** Whether the key was for the list. */
  private _pressed({ key, altKey }: KeyboardEvent): boolean {
    if (this._input.readOnly) return false;
    if (key === "ArrowDown" || key === "ArrowUp") {
      if (!this._open) this._show("");
      if (!altKey) this._move(key === "ArrowDown" ? 1 : -1);
      return true;
    }
    if (!this._open) return false;
    if (key === CLOSED) {
      // Back to what was chosen before.
      const option = this._options[this._chosen];
      if (option) this._input.value = option.text;
      this._hide();
      return true;
    }
    const visible = this._visible();
    const item = this._active || (visible.length === 1 ? visible[0] : undefined);
    if (key !== "Enter" || !item) return false;
    this._choose(this._items.indexOf(item));
    return true;
  }

  private _choose(index: number): void {
    this._take(index);
    this._hide();
    this._changed();
  }

  private _take(index: number, typed?: boolean): void {
    this._chosen = index;
    const option = this._options[index];
    if (option && !typed) this._input.value = option.text;
    this._items.forEach((item, at) => put(item, { "aria-selected": String(at === index) }));
  }

  /** The option that the whole text names, or -1. */
  private _named(): number {
    const text = fold(this._input.value);
    return this._options.map((option) => fold(option.text)).indexOf(text);
  }

  /** Opens the list with the options that contain a text. */
  private _show(query: string): void {
    if (this._input.readOnly) return;
    const text = fold(query);
    let found = 0;
    this._options.forEach((option, index) => {
      const fits = fold(option.text).indexOf(text) >= 0;
      show(this._items[index]!, fits);
      if (fits) found++;
    });
    this._open = true;
    show(this._list, found > 0);
    put(this._input, { "aria-expanded": String(found > 0) });
    write(this._status, found ? found + " to choose from" : "Nothing found");
    this._mark(this._items[this._chosen]);
  }

  private _hide(): void {
    this._open = false;
    show(this._list, false);
    put(this._input, { "aria-expanded": "false" });
    write(this._status, "");
    this._mark(undefined);
  }

  private _move(by: number): void {
    const visible = this._visible();
    const at = visible.indexOf(this._active!);
    // From none, down is the first and up is the last.
    const next = at < 0 ? (by > 0 ? 0 : -1) : at + by;
    this._mark(visible[(next + visible.length) % visible.length]);
  }

  private _visible(): HTMLElement[] {
    return this._items.filter((item) => !item.hidden);
  }

  /** Makes an option the one that Enter chooses. */
  private _mark(item: HTMLElement | undefined): void {
    if (this._active) this._active.classList.remove("active");
    this._active = item && !item.hidden ? item : undefined;
    if (!this._active) return this._input.removeAttribute("aria-activedescendant");
    this._active.classList.add("active");
    put(this._input, { "aria-activedescendant": this._active.id });
    // Not `scrollIntoView`: that may move the page as well.
    const { offsetTop, offsetHeight } = this._active;
    const { scrollTop, clientHeight } = this._list;
    if (offsetTop < scrollTop) this._list.scrollTop = offsetTop;
    else if (offsetTop + offsetHeight > scrollTop + clientHeight) {
      this._list.scrollTop = offsetTop + offsetHeight - clientHeight;
    }
  }
}

/** A text without case and accents: what buyers type on a keyboard that lacks them. */
function fold(text: string): string {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/\u0142/g, "l").trim().toLowerCase();
}
