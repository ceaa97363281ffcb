// Openings that a policy of the page or of the gateway refuses: the message names a directive only where
// the browser has reported it, and isolation only in a page that is isolated.

import type { Page } from "@playwright/test";

import { expect, test } from "./support";
import { enterLab, expectCodes, open, start, verdict } from "./support/lab";

const FAILED = ["START_OF_LOADING", "END_OF_LOADING", "CREATECOMPONENT_ERROR"];

/** Adds a policy to the page, as an element of its head does. */
async function restrict(page: Page, policy: string): Promise<void> {
  await page.evaluate((content) => {
    const meta = document.createElement("meta");
    meta.httpEquiv = "Content-Security-Policy";
    meta.content = content;
    document.head.append(meta);
  }, policy);
}

for (const [policy, what, directive] of [
  ["frame-src 'self'", "the card form", "frame-src"],
  ["child-src 'none'", "the card form", "frame-src"],
  ["default-src 'self' 'wasm-unsafe-eval'; connect-src *", "the card form", "frame-src"],
  ["connect-src https://other.example", "calls to the gateway", "connect-src"],
  ["default-src 'self' 'wasm-unsafe-eval'", "calls to the gateway", "connect-src"],
] as const) {
  test(`the opening fails at once, by name, under ${policy}`, async ({ page, shop, gateway, createSession, complaints }) => {
    await enterLab(page, shop);
    await restrict(page, policy);
    const settled = await open(page, await createSession());
    const sentence = `The page's policy refuses ${what}: add ${gateway} to its ${directive}.`;
    expect(settled).toBe(`SDK_CREATECOMPONENT_ERROR: ${sentence}`);
    await expectCodes(page, FAILED);
    complaints.splice(0);
  });
}

test("a policy that refuses other hosts only is not blamed, and nothing fails", async ({
  page, shop, createSession, complaints,
}) => {
  await enterLab(page, shop);
  const session = await createSession({ metadata: { sandbox: { faults: { query: "delay:1000" } } } });
  await start(page, session);
  await page.evaluate(() =>
    Promise.all(["https://other.example/x", `http://${location.host.replace(/\d$/, "")}/x`].map((address) => {
      const frame = document.createElement("iframe");
      frame.src = address;
      document.body.append(frame);
      return fetch(address).catch(() => {});
    })),
  );
  expect(await verdict(page)).toBe("resolved");
  await expect.poll(() => complaints.length).toBeGreaterThan(0);
  complaints.splice(0);
});

for (const cause of ["is refused by its own policy", "cannot be reached", "is isolated and has no headers"]) {
  test(`a frame that ${cause}: 15 s, and the message has no directive`, async ({ page, shop, createSession, complaints }) => {
    const isIsolated = cause.startsWith("is isolated");
    await page.route(/\/frame\/card\?/, async (route) => {
      if (cause.startsWith("cannot")) return route.abort();
      const response = await route.fetch();
      const headers: Record<string, string> = { ...response.headers() };
      const policy = headers["content-security-policy"]!;
      if (!isIsolated) headers["content-security-policy"] = policy.replace(/frame-ancestors .*/, "frame-ancestors 'none'");
      delete headers["cross-origin-embedder-policy"];
      delete headers["cross-origin-resource-policy"];
      return route.fulfill({ response, headers });
    });
    await page.clock.install();
    await page.goto(`${shop}/lab${isIsolated ? "?isolated" : ""}`);
    await start(page, await createSession());
    await expect(page.locator("[data-kassa] iframe")).toBeAttached();
    await page.clock.runFor(15_000);
    const settled = await verdict(page);
    expect(settled).toContain("SDK_CREATECOMPONENT_ERROR: The card form gave no answer within 15 seconds.");
    expect(settled).toContain("lists this page's origin");
    expect(settled).not.toContain("-src");
    expect(settled.includes("cross-origin isolated")).toBe(isIsolated);
    complaints.splice(0);
  });
}

test("a gateway without CORS headers cannot be reached, and connect-src is not blamed", async ({ page, shop, createSession, complaints }) => {
  await enterLab(page, shop);
  const session = await createSession();
  // The gateway allows its client protocol to other origins, and no other address.
  const settled = await open(page, { ...session, gateway: `${session.gateway}/elsewhere` });
  expect(settled).toMatch(/could not be reached \(TypeError: .*\); check its address and its CORS headers\.$/);
  complaints.splice(0);
});

test("a fault of the gateway's is no reason to check addresses or headers", async ({ page, shop, createSession, complaints }) => {
  await enterLab(page, shop);
  const settled = await open(page, await createSession({ metadata: { sandbox: { faults: { query: "500" } } } }));
  expect(settled).toMatch(/the gateway reported a fault \(HTTP 500.*\)\.$/);
  complaints.splice(0);
});

/** Globals of the card form's own document, and what the message names where one of them is missing. */
const FRAME_GLOBALS: readonly string[] = [
  "TextDecoder", "TextEncoder", "WebAssembly", "WebAssembly.instantiate", "fetch", "URL", "decodeURIComponent",
  "FinalizationRegistry", "Intl", "ResizeObserver", "AbortController", "Map", "Set",
  "WeakMap", "Reflect", "Object.keys", "Array.isArray", "JSON.parse", "queueMicrotask",
];

for (const how of ["missing", "throwing"] as const) {
  test(`a function that is ${how} in the card form's frame: the form works, or the error names it`, async ({
    page, shop, createSession, complaints, browserName,
  }) => {
    // What runs after a function has failed is the same code in both browsers; which functions run is not.
    test.skip(how === "throwing" && browserName !== "chromium", "once");
    test.setTimeout(120_000);
    await page.addInitScript((how) => {
      if (location.pathname !== "/frame/card") return;
      const path = new URLSearchParams(location.search).get("broken") ?? "";
      const names = path.split(".");
      const name = names.pop()!;
      let owner: any = window;
      for (const each of names) owner = owner[each];
      const value = how === "missing" ? undefined : function () {
        throw new Error(`${path} is out of order`);
      };
      Object.defineProperty(owner, name, { value, configurable: true, writable: true });
    }, how);
    for (const path of FRAME_GLOBALS) {
      await page.unrouteAll({ behavior: "ignoreErrors" });
      await page.route(/\/frame\/card\?client=[^&]*$/, (route) =>
        route.fulfill({ status: 307, headers: { location: `${route.request().url()}&broken=${path}` } }),
      );
      await enterLab(page, shop);
      const settled = await open(page, await createSession());
      if (settled === "resolved") continue;
      expect.soft(settled, `${how} ${path}`).toMatch(
        new RegExp(`^SDK_CREATECOMPONENT_ERROR: The card form could not start: .*\\b${path.split(".").pop()}\\b`),
      );
    }
    complaints.splice(0);
  });
}
