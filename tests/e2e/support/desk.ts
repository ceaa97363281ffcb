// The desk by itself, in the component's own window: where the SDK puts it, without the SDK's part.

import { type Locator, type Page } from "@playwright/test";

import type { Session } from "./index";
import { component, enterLab, open } from "./lab";

export interface Packet {
  t: string;
  [member: string]: string;
}

/** Opens a component, takes the card form out of it, and gets the desk's file. */
export async function enterDesk(page: Page, shop: string, session: Session): Promise<void> {
  await enterLab(page, shop);
  await open(page, session);
  await loadDesk(page);
  await page.evaluate(() => {
    const body = document.querySelector("[data-kassa]")!.shadowRoot!.querySelector(".body")!;
    const slot = document.createElement("div");
    body.querySelector(".frame")!.replaceWith(slot);
    Object.assign(window, { slot, heard: [] });
  });
}

export async function loadDesk(page: Page): Promise<void> {
  // As text: what compiles the tests must not look for the file.
  await page.evaluate(`import("/assets/kassa-desk.js").then((desk) => { window.desk = desk; })`);
}

/** Shows a form and waits until it says that it is ready. */
export async function showForm(page: Page, elements: unknown[]): Promise<void> {
  await page.evaluate(async (elements) => {
    const world = window as any;
    const heard = (packet: unknown) => world.heard.push(packet);
    world.link = await world.desk.form(world.slot, elements, heard, world.nonce);
  }, JSON.stringify(elements));
  await page.waitForFunction(() => (window as any).heard.some((packet: Packet) => packet.t === "ready"));
}

export async function send(page: Page, packet: Packet): Promise<void> {
  await page.evaluate((packet) => (window as any).link.send(packet), packet);
}

/** What the form has said, without `ready`. */
export async function said(page: Page): Promise<Packet[]> {
  const all = (await page.evaluate(() => (window as any).heard)) as Packet[];
  return all.filter(({ t }) => t !== "ready");
}

/** Submits, and returns the values that the form gives. */
export async function values(page: Page): Promise<Record<string, string> | undefined> {
  await send(page, { t: "submit", id: "9" });
  const last = (await said(page)).pop();
  return last?.t === "values" ? JSON.parse(last["values"]!) : undefined;
}

export async function showCodes(page: Page, views: unknown[]): Promise<void> {
  await page.evaluate(async (views) => {
    const world = window as any;
    const words = { scan: "Scan with your banking app", copy: "Copy", copied: "Copied", number: "Payment number" };
    world.codes = await world.desk.codes(world.slot, views, words, world.nonce);
  }, JSON.stringify(views));
}

/** The form or the codes. */
export function desk(page: Page): Locator {
  return component(page).locator(".desk");
}
