// Being over the page: the top layer, the focus, and the page's scrolling.

import { put } from "./dom";

/**
 * A `<dialog>`. Browsers that have the element keep focus inside, make the page behind it inert and
 * draw it above everything; for those that only know its name it is a positioned box with the role
 * of a dialog.
 */
export class Modal {
  private _shown = false;
  /** What had the focus before, to give it back. */
  private _focused: Element | null = null;
  /** The page's own `overflow`, to give it back as it was. Both ways: they may differ. */
  private _overflow = ["", ""];
  private _native: boolean;

  constructor(private _dialog: HTMLDialogElement) {
    this._native = typeof _dialog.showModal === "function";
    if (!this._native) put(_dialog, { role: "dialog", "aria-modal": "true" });
  }

  _show(visible: boolean): void {
    const dialog = this._dialog;
    const page = document.documentElement.style;
    // A browser may close a dialog on its own when Escape is pressed twice.
    const lost = visible && this._shown && this._native && !dialog.open;
    if (visible === this._shown && !lost) return;
    this._shown = visible;
    if (!visible) {
      [page.overflowX, page.overflowY] = this._overflow as [string, string];
      if (this._native) dialog.close();
      else dialog.removeAttribute("open");
      const focused = this._focused as HTMLElement | null;
      this._focused = null;
      // What had it may be an element without `focus`, or gone.
      if (focused && focused.focus) focused.focus();
      return;
    }
    if (!lost) {
      this._focused = document.activeElement;
      this._overflow = [page.overflowX, page.overflowY];
      page.overflow = "hidden";
    }
    try {
      dialog.showModal();
    } catch {
      // Without the method, or taken out of the page by a script that empties it.
      dialog.setAttribute("open", "");
    }
    dialog.focus();
  }
}
