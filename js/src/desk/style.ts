// The desk's style sheet beside the component's own, in the way that the page's CSP allows.

import css from "kassa-desk-style";

import { make } from "../view/dom";

const MARK = "data-kassa-desk";

/** Adds the sheet to the tree that an element is in, unless it is there. */
export function putStyle(element: Element, nonce: string | undefined): void {
  const root = element.getRootNode() as ShadowRoot;
  if (root.querySelector(`[${MARK}]`)) return;
  // Not told apart by the sheet: a page may have replaced the list.
  element.setAttribute(MARK, "");
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    // The oldest engines with such sheets have a list that cannot be pushed to.
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  } catch {
    // Engines without constructable style sheets.
    const style = make("style", {});
    if (nonce) style.nonce = nonce;
    style.textContent = css;
    root.appendChild(style);
  }
}
