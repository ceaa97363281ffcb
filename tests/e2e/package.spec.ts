// The published package in Node, and the constructor's side effects in a page.

import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { test as bare } from "@playwright/test";

import { expect, test } from "./support";

const root = fileURLToPath(new URL("../../", import.meta.url));
const dist = join(root, "dist");

bare("the package can be imported on a server and adds no global", () => {
  for (const [file, exported] of [
    ["kassa.mjs", ["AMSCashierPayment", "EnvironmentEnum", "default", "eventCodeEnum"]],
    ["kassa.js", []],
  ] as const) {
    const program = `
      for (const name of ["window", "document", "navigator", "WebAssembly", "fetch", "crypto"]) delete globalThis[name];
      const before = Reflect.ownKeys(globalThis).length;
      const kassa = await import(${JSON.stringify(pathToFileURL(join(dist, file)).href)});
      console.log(JSON.stringify([Object.keys(kassa), Reflect.ownKeys(globalThis).length - before]));
    `;
    const printed = execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
    expect(JSON.parse(printed)).toEqual([exported, 0]);
  }
});

bare("the default export is the class, and the enumerations are those of the types", async () => {
  const kassa = await import(pathToFileURL(join(dist, "kassa.mjs")).href);
  expect(kassa.default).toBe(kassa.AMSCashierPayment);
  const types = readFileSync(join(dist, "kassa.d.ts"), "utf8");
  const union = (name: string) => {
    const text = types.split(`export type ${name} =`)[1]!.split(";")[0]!;
    return [...text.matchAll(/\| "(SDK_\w+)"/g)].map(([, code]) => code!);
  };
  const codes = [...union("EventCode"), ...union("eventCodeEnum")].sort();
  expect(codes.length).toBeGreaterThan(20);
  expect(kassa.eventCodeEnum).toEqual(Object.fromEntries(codes.map((code) => [code, code])));
  expect(kassa.EnvironmentEnum).toEqual({ sandbox: "sandbox", prod: "prod" });
});

bare("on a server, the constructor and preload do nothing", () => {
  const program = `
    const { AMSCashierPayment } = await import(${JSON.stringify(pathToFileURL(join(dist, "kassa.mjs")).href)});
    globalThis.fetch = () => console.log("a request");
    new AMSCashierPayment({ environment: "sandbox" });
    AMSCashierPayment.preload();
    AMSCashierPayment.preload({ environment: "sandbox", gateway: "https://gateway.example" });
    await new Promise((resolve) => setTimeout(resolve, 300));
    console.log("done");
  `;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  expect(output).toBe("done\n");
});

bare("the manifest has the workspace's version and lists existing files only", () => {
  const manifest = JSON.parse(readFileSync(join(dist, "package.json"), "utf8"));
  const workspace = readFileSync(join(root, "Cargo.toml"), "utf8");
  expect(workspace).toContain(`version = "${manifest.version}"`);
  for (const file of manifest.files) expect(statSync(join(dist, file)).size, file).toBeGreaterThan(0);
  for (const file of [manifest.main, manifest.types, manifest.unpkg]) readFileSync(join(dist, file));
});

test("the constructor sends no request and stores nothing", async ({ page, shop, gateway }) => {
  await page.goto(`${shop}/lab`);
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  const left = await page.evaluate(async (gateway) => {
    new (window as any).AMSCashierPayment({ environment: "sandbox", gateway });
    await new Promise((resolve) => setTimeout(resolve, 300));
    return [localStorage.length, sessionStorage.length, document.cookie, document.querySelectorAll("iframe").length];
  }, gateway);
  expect(left).toEqual([0, 0, "", 0]);
  expect(requests).toEqual([]);
});
