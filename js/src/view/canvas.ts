// Draws what the module wants to be seen, in a shadow root: over the page or in the merchant's
// container. Text goes in as text, and styles come from one style sheet.

import type { Codes } from "../desk";
import { loadDesk } from "../engine";
import { make, put, show, write } from "./dom";
import { Modal } from "./modal";

/** What to draw. Written by `src/picture.rs`. */
export interface Picture {
  screen:
    | "challenge"
    | "choice"
    | "codes"
    | "ended"
    | "form"
    | "hidden"
    | "loading"
    | "waiting";
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
  /** Another way on. */
  second?: Press;
  secondLabel?: string;
  /** The protocol's `codeFormViews`, and the words around them. */
  codes?: { code: string }[];
  scan?: string;
  number?: string;
  copy?: string;
  copied?: string;
  /** How long the buyer has, in milliseconds, and what to call that. */
  left?: number;
  leftLabel?: string;
  closable: boolean;
  /** What is to be paid, for `writeMoney`. */
  currency?: string;
  decimal?: string;
  digits?: number;
}

/** What the buyer can press. */
export type Press = "app" | "check" | "close" | "continue" | "pay";

/** The component's place in the page. */
export class Canvas {
  private _host = make("div", { "data-kassa": "" });
  private _merchant = make("h2", { class: "merchant" });
  private _amount = make("p", { class: "amount" });
  private _close = make("button", { type: "button", class: "close" });
  /** Where the form is. */
  _slot = make("div", { class: "frame" });
  private _codesSlot = make("div", { class: "codes" });
  private _codes: Promise<Codes> | undefined;
  private _windowSlot = make("div", { class: "window" });
  // Not a live region: nobody wants to hear each second.
  private _left = make("p", { class: "left", role: "timer" });
  private _ticking: ReturnType<typeof setInterval> | undefined;
  // Bad news interrupt a screen reader, other news wait. Both regions are permanent: one that is
  // added together with its text is often not announced.
  private _alert = make("p", { class: "alert", role: "alert" });
  private _status = make("p", { class: "status", role: "status" });
  private _button = make("button", { type: "button", class: "action" });
  private _second = make("button", { type: "button", class: "action second" });
  private _panel: HTMLElement;
  /** Over the page rather than in it. */
  private _modal: Modal | undefined;
  private _observer: ResizeObserver | undefined;
  private _picture: Picture | undefined;

  /** Puts an empty component into the container, or at the end of the page. */
  constructor(
    container: Element | undefined,
    style: (root: ShadowRoot) => void,
    pressed: (what: Press) => void,
    resized: (width: number, height: number) => void,
    private _nonce: string | undefined,
  ) {
    const root = this._host.attachShadow({ mode: "open" });
    style(root);
    const spinner = make("div", { class: "spinner", "aria-hidden": "true" });
    const panel = (this._panel = make(
      container ? "section" : "dialog",
      { class: "panel", lang: "en", tabindex: "-1" },
      make("header", {}, this._merchant, this._amount, this._close),
      make(
        "div",
        { class: "body" },
        this._alert,
        spinner,
        this._status,
        this._codesSlot,
        this._left,
        this._windowSlot,
        this._slot,
        this._button,
        this._second,
      ),
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
    this._second.onclick = () => {
      const second = this._picture && this._picture.second;
      if (second) pressed(second);
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
    const { screen, theme, title, button, label, second, closable } = picture;
    const before = this._panel.getAttribute("data-screen");
    put(this._panel, { "data-screen": screen, "data-theme": theme, "aria-label": title });
    put(this._close, { "aria-label": picture.dismiss });
    write(this._merchant, picture.merchant);
    write(this._amount, amount);
    write(this._alert, picture.alert);
    write(this._status, picture.status);
    show(this._close, closable && !!this._modal);
    show(this._button, !!button);
    show(this._second, !!second);
    write(this._second, picture.secondLabel || "");
    this._drawCodes(picture);
    this._countDown(picture);
    show(this._windowSlot, screen === "challenge");
    if (label) {
      write(this._button, button === "pay" && amount ? label + " " + amount : label);
      // Not `disabled`: that would throw a keyboard's focus away.
      put(this._button, { "aria-disabled": String(button === "paying") });
    }
    // What was typed goes with it.
    if (screen === "ended") this._slot.textContent = "";
    const visible = screen !== "hidden";
    if (this._modal) this._modal._show(visible);
    else show(this._panel, visible);
    // A keyboard goes on where the buyer is asked for something.
    const frame = this._windowSlot.firstChild as HTMLElement | null;
    if (frame && screen === "challenge" && before !== screen) frame.focus();
  }

  /** Loads a page of 3DS. Whether it is seen, the next picture says. */
  _putWindow(src: string, size: string): HTMLIFrameElement {
    const frame = make("iframe", {
      title: this._picture ? this._picture.status : "",
      sandbox: "allow-scripts allow-same-origin allow-forms allow-popups",
      referrerpolicy: "origin",
      src,
    });
    put(this._panel, { "data-size": size });
    this._windowSlot.appendChild(frame);
    return frame;
  }

  private _drawCodes({ codes, scan, number, copy, copied }: Picture): void {
    show(this._codesSlot, !!codes);
    if (!codes) return;
    const text = JSON.stringify(codes);
    if (!this._codes) {
      const words = { scan: scan!, number: number!, copy: copy!, copied: copied! };
      this._codes = loadDesk().then((desk) => desk.codes(this._codesSlot, text, words, this._nonce));
      // A code can be read and copied without the desk, only not scanned.
      this._codes.catch(() => write(this._codesSlot, codes.map(({ code }) => code).join("\n")));
    }
    this._codes.then((drawn) => drawn.update(text)).catch(() => {});
  }

  private _countDown({ left, leftLabel }: Picture): void {
    clearInterval(this._ticking);
    show(this._left, !!left);
    if (!left) return;
    const end = Date.now() + left;
    const tick = () => {
      const seconds = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      const two = (number: number) => String(number + 100).slice(1);
      const hours = Math.floor(seconds / 3600);
      const minutes = Math.floor(seconds / 60) % 60;
      const clock = (hours ? hours + ":" + two(minutes) : minutes) + ":" + two(seconds % 60);
      write(this._left, leftLabel + " " + clock);
      show(this._left, seconds > 0);
    };
    tick();
    this._ticking = setInterval(tick, 1000);
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
    return frame;
  }

  /** Leaves the page as it was. */
  _remove(): void {
    clearInterval(this._ticking);
    if (this._observer) this._observer.disconnect();
    if (this._modal) this._modal._show(false);
    this._host.remove();
  }
}
