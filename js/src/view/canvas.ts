// Draws what the module wants to be seen, in a shadow root: over the page or in the merchant's
// container. Text goes in as text, and styles come from one style sheet.

import { make, put, show, write } from "./dom";
import { Modal } from "./modal";

/** What to draw. Written by `src/picture.rs`. */
export interface Picture {
  screen: "card" | "ended" | "hidden" | "loading" | "waiting";
  /** `default`, `night`, or empty to follow the system. */
  theme: string;
  /** Name of the component and of its closing button, for screen readers. */
  title: string;
  dismiss: string;
  merchant: string;
  /** Bad news, and other news; empty when there are none. */
  alert: string;
  status: string;
  /** What the button means, and its words. */
  button?: Press | "paying";
  label?: string;
  closable: boolean;
  /** What is to be paid, for `writeMoney`. */
  currency?: string;
  decimal?: string;
  digits?: number;
}

/** What the buyer can press. */
export type Press = "close" | "continue" | "pay";

/** The component's place in the page. */
export class Canvas {
  private _host = make("div", { "data-kassa": "" });
  private _merchant = make("h2", { class: "merchant" });
  private _amount = make("p", { class: "amount" });
  private _close = make("button", { type: "button", class: "close" });
  private _slot = make("div", { class: "frame" });
  // Bad news interrupt a screen reader, other news wait. Both regions are permanent: one that is
  // added together with its text is often not announced.
  private _alert = make("p", { class: "alert", role: "alert" });
  private _status = make("p", { class: "status", role: "status" });
  private _button = make("button", { type: "button", class: "action" });
  private _panel: HTMLElement;
  /** Over the page rather than in it. */
  private _modal: Modal | undefined;
  private _frame: HTMLIFrameElement | undefined;
  private _observer: ResizeObserver | undefined;
  private _picture: Picture | undefined;

  /** Puts an empty component into the container, or at the end of the page. */
  constructor(
    container: Element | undefined,
    style: (root: ShadowRoot) => void,
    pressed: (what: Press) => void,
    resized: (width: number, height: number) => void,
  ) {
    const root = this._host.attachShadow({ mode: "open" });
    style(root);
    const spinner = make("div", { class: "spinner", "aria-hidden": "true" });
    const panel = (this._panel = make(
      container ? "section" : "dialog",
      { class: "panel", lang: "en", tabindex: "-1" },
      make("header", {}, this._merchant, this._amount, this._close),
      make("div", { class: "body" }, this._alert, spinner, this._status, this._slot, this._button),
    ));
    write(this._close, "\u00d7");
    root.appendChild(panel);
    (container || document.body).appendChild(this._host);
    if (!container) this._modal = new Modal(panel as HTMLDialogElement);

    this._close.onclick = () => pressed("close");
    this._button.onclick = () => {
      const button = this._picture && this._picture.button;
      // Pressed while paying is pressed once more; the module knows what that means.
      if (button) pressed(button === "paying" ? "pay" : button);
    };
    // Escape, and the back gesture of phones. The dialog must not close on its own: whether it may
    // is the module's to say.
    panel.addEventListener("cancel", (event) => {
      event.preventDefault();
      if (this._picture && this._picture.closable) pressed("close");
    });
    if (typeof ResizeObserver === "function") {
      this._observer = new ResizeObserver(() => {
        const { width, height } = panel.getBoundingClientRect();
        resized(width, height);
      });
      this._observer.observe(panel);
    }
  }

  /** Draws a picture over the one before. `amount` is the picture's, in words. */
  _draw(picture: Picture, amount: string): void {
    this._picture = picture;
    const { screen, theme, title, button, label, closable } = picture;
    put(this._panel, { "data-screen": screen, "data-theme": theme, "aria-label": title });
    put(this._close, { "aria-label": picture.dismiss });
    write(this._merchant, picture.merchant);
    write(this._amount, amount);
    write(this._alert, picture.alert);
    write(this._status, picture.status);
    show(this._close, closable && !!this._modal);
    show(this._button, !!button);
    if (label) {
      write(this._button, button === "pay" && amount ? label + " " + amount : label);
      // Not `disabled`: that would throw a keyboard's focus away.
      put(this._button, { "aria-disabled": String(button === "paying") });
    }
    if (screen === "ended" && this._frame) {
      // What was typed goes with it.
      this._frame.remove();
      this._frame = undefined;
    }
    const visible = screen !== "hidden";
    if (this._modal) this._modal._show(visible);
    else show(this._panel, visible);
  }

  /** Loads the card form. Once loaded it must not move: a frame that moves loads again. */
  _putFrame(src: string, title: string): HTMLIFrameElement {
    const frame = make("iframe", {
      title,
      sandbox: "allow-scripts allow-same-origin allow-forms",
      allow: "payment",
      referrerpolicy: "origin",
      src,
    });
    this._slot.appendChild(frame);
    return (this._frame = frame);
  }

  /** Leaves the page as it was. */
  _remove(): void {
    if (this._observer) this._observer.disconnect();
    if (this._modal) this._modal._show(false);
    this._host.remove();
  }
}
