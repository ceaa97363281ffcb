// A form of payment elements. It speaks the words of the card frame: `crates/core/src/frame.rs`.

import { make, put } from "../view/dom";
import { load } from "./engine";
import { Field, type ElementView } from "./field";
import { putStyle } from "./style";

/** What both sides say: a tag and members that are text. */
export interface Packet {
  t: string;
  [member: string]: string;
}

/** The page's end of a form. */
export interface Link {
  /** Hears `busy`, `submit` and `validate`. */
  send(packet: Packet): void;
  /** Takes the form away with all that was typed. Nothing is said after it. */
  close(): void;
}

/** The events by which the buyer speaks; they bubble to the form. */
const HEARD = ["input", "change", "compositionend", "focusout", "keydown", "submit"];

/** Forms of one page have ids of their own, also where they share a tree. */
let forms = 0;

/**
 * Draws a form of `paymentElements` (JSON text, `docs/protocol.md`) at the end of `slot`. `heard` is
 * told `ready` once after the promise has been settled, and the answers from then on.
 */
export async function form(
  slot: HTMLElement,
  elements: string,
  heard: (packet: Packet) => void,
  nonce?: string,
): Promise<Link> {
  const views = JSON.parse(elements) as ElementView[];
  await load();
  putStyle(slot, nonce);
  let say: typeof heard | undefined = heard;
  const drawn = new Form(views, (packet) => {
    if (say) say(packet);
  });
  slot.appendChild(drawn._root);
  // Later than the promise: whoever waits for it has the link when this is said.
  setTimeout(() => drawn._say({ t: "ready" }));
  return {
    send(packet) {
      drawn._hear(packet);
    },
    close() {
      // First: removing a focused field runs the handlers of its blur.
      say = undefined;
      drawn._close();
    },
  };
}

class Form {
  _root = make("form", { class: "desk", method: "post", novalidate: "" });
  private _fields: Field[] = [];
  private _busy = false;
  private _id = "desk-" + ++forms;

  constructor(
    views: ElementView[],
    public _say: (packet: Packet) => void,
  ) {
    this._add(this._root, views);
    for (const name of HEARD) this._root.addEventListener(name, this._happened);
  }

  _hear({ t, id, busy }: Packet): void {
    if (t === "busy") {
      this._busy = busy === "1";
      put(this._root, { "aria-busy": String(this._busy) });
      for (const field of this._fields) field._lock(this._busy);
    } else if (t === "validate") {
      this._say({ t: "checked", id: id!, valid: this._check() ? "1" : "0" });
    } else if (t === "submit") {
      const values = this._check();
      if (values) this._say({ t: "values", id: id!, values: JSON.stringify(values) });
      else this._say({ t: "invalid", id: id! });
    }
  }

  _close(): void {
    for (const name of HEARD) this._root.removeEventListener(name, this._happened);
    this._root.remove();
  }

  /** Elements under a heading are one group, for screen readers too. */
  private _add(parent: HTMLElement, views: ElementView[]): void {
    for (const view of views) {
      const parts = view.subPaymentElementView;
      if (Array.isArray(parts) && parts.length) {
        const legend = make("legend", {});
        legend.textContent = view.title || "";
        const group = make("fieldset", {}, legend);
        parent.appendChild(group);
        this._add(group, parts);
      } else {
        const id = this._id + "-" + this._fields.length;
        const field = new Field(view, id, () => this._clearMended());
        this._fields.push(field);
        parent.appendChild(field._box);
      }
    }
  }

  private _happened = (event: Event): void => {
    const { type, target } = event;
    // A browser must not send the form itself, whatever made it want to.
    if (type === "submit") return event.preventDefault();
    // While an input method composes, the text and the keys belong to it. Safari tells only by the
    // key's code that an Enter ended a composition.
    const { isComposing, keyCode, key } = event as KeyboardEvent;
    if (isComposing || keyCode === 229) return;
    const field = this._fields.filter(({ _control }) => _control === target)[0];
    if (!field) return;
    if (type === "keydown") {
      // Handled by the search of a field, as far as it is one.
      if (event.defaultPrevented) return;
      if (key === "Enter" && !field._keepsEnter()) {
        event.preventDefault();
        if (!this._busy) this._say({ t: "enter" });
      } else if (this._busy && key !== "Tab") field._refuse(event);
    } else if (type === "focusout") {
      field._left();
    } else if (this._busy) {
      field._restore();
    } else {
      field._edit(event as InputEvent);
      this._clearMended();
    }
  };

  /** Takes back errors that no longer hold; new ones wait until the buyer leaves the field. */
  private _clearMended(): void {
    for (const field of this._fields) if (field._hasFault() && !field._fault()) field._show("");
  }

  /**
   * Checks all fields, shows what is wrong and puts the focus on the first that is. Gives the values
   * when nothing is; a field that was left empty is not among them.
   */
  private _check(): Record<string, string> | undefined {
    const values: Record<string, string> = {};
    let first: Field | undefined;
    for (const field of this._fields) {
      const fault = field._fault();
      field._show(fault);
      if (fault) first = first || field;
      else if (field._value) values[field._key] = field._value;
    }
    if (!first) return values;
    first._control.focus();
    return undefined;
  }
}
