// One field of a form with its error. What is right is the module's to say.

import { make, put, write } from "../view/dom";
import { describe, read, shape } from "./engine";
import { Search } from "./search";

/** An element of `paymentElements`, as far as it is there: `docs/protocol.md`. */
export interface ElementView {
  paymentElementKey: string;
  elementType?: string;
  elementMandatory?: boolean;
  title?: string;
  defaultText?: string;
  defaultValue?: string;
  paramIllegalText?: string;
  options?: Option[];
  minLength?: number;
  maxLength?: number;
  country?: string;
  subPaymentElementView?: ElementView[];
}

export interface Option {
  value: string;
  text: string;
}

/** Up to how many options a list of banks is a plain one. */
const FEW = 10;
/** Kinds that read from left to right in every script. */
const LEFT_TO_RIGHT = /^(BLIK|CPF|EMAIL|NUMBER|PHONE)$/;

export class Field {
  _box: HTMLElement;
  _control: HTMLInputElement | HTMLSelectElement;
  _key: string;
  /** The wire form, after a check that found no fault. */
  _value = "";
  private _error: HTMLElement;
  private _search: Search | undefined;
  private _kind: string;
  private _options: Option[];
  /** What the control held after the last edit, to tell what the next one did. */
  private _held = "";
  /** Whether the buyer has edited it: an untouched field is not wrong yet. */
  private _touched = false;

  constructor(
    private _view: ElementView,
    id: string,
    changed: () => void,
  ) {
    this._key = String(_view.paymentElementKey);
    const kind = (this._kind = String(_view.elementType));
    const options = (this._options = _view.options || []);
    const [type, mode, autocomplete, name] = describe(kind, this._key).split("\n") as string[];
    const title = _view.title || name!;
    const common = { id, name: this._key, "aria-describedby": id + "-error" };
    const error = (this._error = make("p", { id: common["aria-describedby"], class: "error", "aria-live": "polite" }));
    const label = make("label", { for: id });
    label.textContent = title;
    let search: Search | undefined;
    if (kind === "SELECT" || (kind === "BANK" && options.length <= FEW)) {
      const control = make("select", common);
      for (const { value, text } of [{ value: "", text: _view.defaultText || "\u2026" }, ...options]) {
        const option = make("option", { value });
        option.textContent = text;
        control.appendChild(option);
      }
      this._control = control;
    } else {
      this._control = make("input", { ...common, type: type!, autocomplete: autocomplete!, spellcheck: "false" });
      if (mode) put(this._control, { inputmode: mode, autocapitalize: kind === "NAME" ? "words" : "off" });
      if (LEFT_TO_RIGHT.test(kind)) this._control.dir = "ltr";
      if (_view.defaultText && mode) put(this._control, { placeholder: _view.defaultText });
      if (kind === "DATE") put(this._control, { max: today() });
      if (kind === "BANK") search = new Search(this._control, options, title, changed);
    }
    this._search = search;
    if (_view.elementMandatory) put(this._control, { "aria-required": "true" });
    else if (type !== "checkbox") {
      const optional = make("span", { class: "optional" });
      optional.textContent = " (optional)";
      label.appendChild(optional);
    }
    // A box stands before what is agreed to.
    const parts = type === "checkbox" ? [this._control, label] : [label, this._control];
    this._box = make("div", { class: type === "checkbox" ? "field consent" : "field" }, ...parts);
    if (search) for (const part of search._parts) this._box.appendChild(part);
    this._box.appendChild(error);
    this._fill(_view.defaultValue);
  }

  /** Takes an edit: shapes what the input shows and keeps the caret where the buyer put it. */
  _edit({ inputType }: InputEvent): void {
    const control = this._control as HTMLInputElement;
    this._touched = true;
    if (this._search) this._search._typed();
    else if (isText(control)) {
      // Events that autofill makes up have no type: W3C Input Events, section 4.1.2.
      const deleted = /^delete/.test(inputType);
      const change = deleted ? (/Forward$/.test(inputType) ? 2 : 1) : 0;
      const caret = control.selectionEnd;
      const text = control.value;
      const shaped = shape(this._kind, this._held, text, caret === null ? text.length : caret, change);
      const gap = shaped.indexOf(" ");
      const shown = shaped.slice(gap + 1);
      if (shown !== text) {
        control.value = shown;
        const at = +shaped.slice(0, gap);
        // Elsewhere than in the focused element, setting the selection steals the focus in WebKit.
        if ((control.getRootNode() as ShadowRoot).activeElement === control) control.setSelectionRange(at, at);
      }
    }
    this._keep();
  }

  /** The buyer left the field. */
  _left(): void {
    if (this._search) this._search._left();
    this._keep();
    if (this._touched) this._show(this._fault());
  }

  /** What is wrong, or nothing. */
  _fault(): string {
    const { _view, _control } = this;
    const said = read(
      this._kind,
      !!_view.elementMandatory,
      String(_view.country || "").toUpperCase(),
      limit(_view.minLength),
      limit(_view.maxLength),
      this._options.map(({ value }) => value).join("\n"),
      today(),
      // A date that is not one yet is no text at all.
      _control.validity && _control.validity.badInput ? "?" : this._text(),
    );
    const words = said.slice(1);
    this._value = said[0] === "=" ? words : "";
    if (said[0] === "=") return "";
    return (said[0] === "!" && _view.paramIllegalText) || words;
  }

  _hasFault(): boolean {
    return !!this._error.textContent;
  }

  /** Shows what is wrong, or that nothing is. */
  _show(fault: string): void {
    if (fault) this._touched = true;
    write(this._error, fault);
    put(this._control, { "aria-invalid": String(!!fault) });
  }

  _lock(busy: boolean): void {
    // Not `disabled`: that would drop the focus.
    if (isText(this._control)) (this._control as HTMLInputElement).readOnly = busy;
    else put(this._control, { "aria-disabled": String(busy) });
  }

  /** A key while the form is busy: what has no `readOnly` must not change either. */
  _refuse(event: Event): void {
    if (!isText(this._control)) event.preventDefault();
  }

  /** Undoes what a control without `readOnly` let happen. */
  _restore(): void {
    const { _control, _held } = this;
    if (isText(_control)) return;
    if (isBox(_control)) _control.checked = _held === "true";
    else _control.value = _held;
  }

  /** Whether Enter means something in the control itself. */
  _keepsEnter(): boolean {
    return this._control.nodeName === "SELECT";
  }

  private _text(): string {
    if (this._search) return this._search._value();
    return isBox(this._control) ? String(this._control.checked) : this._control.value;
  }

  private _keep(): void {
    this._held = isBox(this._control) ? String(this._control.checked) : this._control.value;
  }

  private _fill(text: string | undefined): void {
    if (text) {
      if (isBox(this._control)) this._control.checked = text === "true";
      else if (this._search) this._search._fill(text);
      else if (!isText(this._control)) this._control.value = text;
      else {
        const shaped = shape(this._kind, "", text, 0, 0);
        this._control.value = shaped.slice(shaped.indexOf(" ") + 1);
      }
    }
    this._keep();
  }
}

function isBox(control: HTMLInputElement | HTMLSelectElement): control is HTMLInputElement {
  return control.type === "checkbox";
}

/** Whether a control has a caret. One for dates is of the type `text` where there is none for dates. */
function isText(control: HTMLInputElement | HTMLSelectElement): boolean {
  return control.type === "text" || control.type === "tel";
}

/** Of the gateway's making: a length, or none. */
function limit(length: number | undefined): number {
  return length! > 0 ? Math.floor(length!) : 0;
}

/** The buyer's day, `YYYY-MM-DD`. */
function today(): string {
  const now = new Date();
  return new Date(+now - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}
