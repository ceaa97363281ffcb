// Codes to scan or to type elsewhere.

import { make, put, write } from "../view/dom";
import { barcode, load, qr } from "./engine";
import { putStyle } from "./style";

/** An element of `codeFormViews`: `docs/protocol.md`. */
interface CodeView {
  code: string;
  displayType?: string;
}

/** The page's end of what is shown. */
export interface Codes {
  /** Shows other codes in their place. */
  update(codes: string): void;
  close(): void;
}

const SVG = "http://www.w3.org/2000/svg";
/** About how wide a QR code is, in CSS pixels. Its modules are whole ones. */
const QR_WIDTH = 240;
/** A bar's module, in CSS pixels, where there is room. */
const BAR = 2;
/** How long a copy is confirmed, in milliseconds. */
const CONFIRMED = 4000;

let pictures = 0;

/**
 * Draws `codeFormViews` (JSON text) at the end of `slot`. `words` are `scan` (what to do with a code),
 * `number` (what one to type is called), `copy` and `copied`.
 */
export async function codes(
  slot: HTMLElement,
  views: string,
  words: Record<string, string>,
  nonce?: string,
): Promise<Codes> {
  await load();
  putStyle(slot, nonce);
  const list = make("div", {});
  const status = make("p", { class: "hint", role: "status" });
  const root = make("div", { class: "desk codes" }, list, status);
  let shown: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const copied = () => {
    write(status, words.copied || "");
    clearTimeout(timer);
    // Else a second copy would change nothing, and nothing would be said.
    timer = setTimeout(() => write(status, ""), CONFIRMED);
  };
  const update = (text: string) => {
    if (text === shown) return;
    const all = JSON.parse(text) as CodeView[];
    shown = text;
    const buttons = () => Array.from(list.querySelectorAll("button"));
    // A buyer who was at a button is there again.
    const at = buttons().indexOf((list.getRootNode() as ShadowRoot).activeElement as HTMLButtonElement);
    list.textContent = "";
    for (const view of all) list.appendChild(figure(view, all, words, copied));
    const button = buttons()[at];
    if (button) button.focus();
  };
  update(views);
  slot.appendChild(root);
  return {
    update,
    close() {
      clearTimeout(timer);
      root.remove();
    },
  };
}

function figure(
  { code, displayType }: CodeView,
  all: CodeView[],
  words: Record<string, string>,
  copied: () => void,
): HTMLElement {
  const drawn = displayType === "QRCODE" ? qr(code) : displayType === "BARCODE" ? barcode(code) : "";
  const isQr = drawn && displayType === "QRCODE";
  const box = make("figure", {});
  if (drawn) {
    box.appendChild(picture(drawn, !isQr, words.scan || ""));
    const caption = make("figcaption", {});
    caption.textContent = words.scan || "";
    box.appendChild(caption);
  }
  const text = make("p", { class: "number", id: "kassa-code-" + ++pictures });
  if (!isQr) {
    const name = make("p", { class: "hint" });
    name.textContent = words.number || "";
    // Groups are apart by style only, so that what is selected has no blanks.
    for (const group of /^\d+$/.test(code) ? code.match(/.{1,4}/g)! : [code]) {
      const part = make("span", {});
      part.textContent = group;
      text.appendChild(part);
    }
    box.appendChild(name);
    box.appendChild(text);
  }
  // Not twice for a code that is shown both ways.
  if (isQr && all.some((other) => other.code === code && other.displayType !== displayType)) return box;
  const button = make("button", { type: "button", class: "copy" });
  button.textContent = words.copy || "";
  if (!isQr) put(button, { "aria-describedby": text.id });
  button.onclick = () => {
    copy(code, box).then((done) => {
      button.focus();
      if (done) copied();
      // The buyer can still copy it by hand.
      else getSelection()!.selectAllChildren(text);
    });
  };
  box.appendChild(button);
  return box;
}

/** `drawn` is the width, a blank and a path. Black on white whatever the theme: scanners want that. */
function picture(drawn: string, bars: boolean, label: string): SVGElement {
  const gap = drawn.indexOf(" ");
  const width = +drawn.slice(0, gap);
  const height = bars ? 1 : width;
  const node = (name: string, attributes: Record<string, string | number>) => {
    const element = document.createElementNS(SVG, name) as SVGElement;
    for (const key of Object.keys(attributes)) element.setAttribute(key, String(attributes[key]));
    return element;
  };
  const svg = node("svg", {
    class: bars ? "bars" : "qr",
    viewBox: `0 0 ${width} ${height}`,
    width: width * (bars ? BAR : Math.ceil(QR_WIDTH / width)),
    preserveAspectRatio: bars ? "none" : "xMidYMid",
    "shape-rendering": "crispEdges",
    role: "img",
    "aria-label": label,
  });
  svg.appendChild(node("rect", { width, height, fill: "#fff" }));
  svg.appendChild(node("path", { d: drawn.slice(gap + 1), fill: "#000" }));
  return svg;
}

/** Whether the text is on the clipboard now. */
async function copy(text: string, beside: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // No such thing, or not allowed here.
    const area = make("textarea", { class: "copied", readonly: "", "aria-hidden": "true", tabindex: "-1" });
    area.value = text;
    beside.appendChild(area);
    area.select();
    let done = false;
    try {
      done = document.execCommand("copy");
    } catch {
      // Then it is not done.
    }
    area.remove();
    return done;
  }
}
