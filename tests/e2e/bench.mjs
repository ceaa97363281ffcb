// Measures two builds of the SDK side by side, and prints medians, spreads and ratios. It asserts
// nothing. `cargo xtask bench` starts a sandbox for each build and runs this file:
// `node bench.mjs '{ "rounds": 7, "builds": [{ "name", "shop", "script" }, …] }'`.
//
// This program serves both scripts in the same way, uncompressed and without a cache; the page, the
// gateway and the card form are those of the build's own sandbox. Each round measures every build
// once, in a browser context of its own, and the order alternates.

import { readFileSync } from "node:fs";

import { chromium } from "@playwright/test";

const CPU_SLOWDOWN = 4;
/** Evaluations of the script in each round, whose median counts. A single one is too short for the throttled CPU. */
const EVALUATIONS = 5;
/** Between constructor and opening, in milliseconds: a page constructs the SDK when it loads, and the buyer presses later. */
const UNTIL_PRESS = 1000;
const CATEGORIES = ["blink.user_timing", "disabled-by-default-devtools.timeline"];

/** The measures, and their goals where there is one. */
const MEASURES = [
  { name: "script evaluation, ms", key: "evaluation", digits: 1, goal: () => 15 },
  { name: "createComponent to first request, ms", key: "request", digits: 1, goal: (before) => before },
  { name: "the same right after constructor, ms", key: "earlyRequest", digits: 1 },
  { name: "longest task from constructor on, ms", key: "longestTask", digits: 1 },
  { name: "JS heap of the open component, KB", key: "heap", digits: 0 },
  { name: "wasm memory, KB", key: "wasm", digits: 0 },
];

const { rounds, builds } = JSON.parse(process.argv[2]);
for (const build of builds) Object.assign(build, { source: readFileSync(build.script), samples: [] });

const executablePath = process.env.KASSA_CHROMIUM;
const browser = await chromium.launch({
  ...(executablePath && { executablePath }),
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"],
});
// The first round fills the caches of the machine and is not counted.
for (let round = 0; round <= rounds; round++) {
  for (const build of round % 2 ? builds : [...builds].reverse()) {
    const sample = await measure(build);
    if (round > 0) build.samples.push(sample);
  }
}
await browser.close();
report();

async function measure({ shop, source }) {
  const runs = [];
  for (let run = 0; run < EVALUATIONS; run++) runs.push(await evaluate(shop, source));
  const evaluation = summary(runs.map((run) => run.evaluation)).median;
  const { request: earlyRequest } = await open(shop, source, runs[0].empty, 0);
  return { evaluation, earlyRequest, ...(await open(shop, source, runs[0].empty, UNTIL_PRESS)) };
}

/**
 * Compiles and runs the script on the page's main thread, where the slower CPU applies. As the text of
 * an element, since Chromium compiles a script with an address on another thread while it arrives.
 */
async function evaluate(shop, source) {
  const context = await browser.newContext({ bypassCSP: true });
  const { page, cdp } = await visit(context, shop, Buffer.from(""));
  const empty = await heapSize(cdp);
  const evaluation = await page.evaluate((text) => {
    const script = document.createElement("script");
    script.textContent = text;
    const start = performance.now();
    document.head.append(script);
    return performance.now() - start;
  }, source.toString());
  await context.close();
  return { evaluation, empty };
}

/** Opens a card session, and takes times, heap and memory. */
async function open(shop, source, empty, pause) {
  const context = await browser.newContext();
  const response = await context.request.post(`${shop}/api/sessions`, {
    data: { method: "CARD", amount: "12345", currency: "USD", metadata: {} },
  });
  if (!response.ok()) throw new Error(`the shop created no session: ${await response.text()}`);
  const session = await response.json();

  const { page, cdp } = await visit(context, shop, source);
  await browser.startTracing(page, { categories: CATEGORIES });
  const request = await page.evaluate(async ({ gateway, paymentSessionData, pause }) => {
    performance.mark("kassa-constructing");
    const component = new window.AMSCashierPayment({ environment: "sandbox", locale: "en_US", gateway });
    if (pause) await new Promise((resolve) => setTimeout(resolve, pause));
    performance.mark("kassa-opening");
    await component.createComponent({ sessionData: paymentSessionData });
    performance.mark("kassa-opened");
    const [opening] = performance.getEntriesByName("kassa-opening");
    const calls = performance.getEntriesByType("resource").filter(({ name }) => name === `${gateway}/mgw.htm`);
    return Math.min(...calls.map(({ startTime }) => startTime)) - opening.startTime;
  }, { ...session, pause });
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const heap = ((await heapSize(cdp)) - empty) / 1024;
  const wasm = (await wasmSize(cdp)) / 1024;
  await context.close();
  return { longestTask: longestTask(traceEvents), request, heap, wasm };
}

/** Opens the page with this script as the SDK. The CPU slows down once the page is there. */
async function visit(context, shop, source) {
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await serve(cdp, source);
  await page.goto(`${shop}/lab`);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
  return { page, cdp };
}

/** Answers the page's request for the SDK. Playwright's own routes would delay every request. */
async function serve(cdp, source) {
  cdp.on("Fetch.requestPaused", ({ requestId }) =>
    cdp.send("Fetch.fulfillRequest", {
      requestId,
      responseCode: 200,
      responseHeaders: [
        { name: "cache-control", value: "no-store" },
        { name: "content-type", value: "text/javascript; charset=utf-8" },
      ],
      body: source.toString("base64"),
    }),
  );
  await cdp.send("Fetch.enable", { patterns: [{ urlPattern: "*/kassa.js" }] });
}

/** Of the page's main thread between the marks, in milliseconds; a trace has microseconds. */
function longestTask(events) {
  const mark = (wanted) => events.find(({ name }) => name === wanted);
  const [from, to] = [mark("kassa-constructing"), mark("kassa-opened")];
  const tasks = events.filter(
    ({ name, pid, tid, ts, dur }) =>
      name === "RunTask" && pid === from.pid && tid === from.tid && ts + dur > from.ts && ts < to.ts,
  );
  return Math.max(...tasks.map(({ dur }) => dur)) / 1000;
}

async function heapSize(cdp) {
  await cdp.send("HeapProfiler.collectGarbage");
  return (await cdp.send("Runtime.getHeapUsage")).usedSize;
}

async function wasmSize(cdp) {
  const { result } = await cdp.send("Runtime.evaluate", { expression: "WebAssembly.Memory.prototype" });
  const { objects } = await cdp.send("Runtime.queryObjects", { prototypeObjectId: result.objectId });
  const sum = await cdp.send("Runtime.callFunctionOn", {
    objectId: objects.objectId,
    functionDeclaration: "function () { return this.reduce((sum, { buffer }) => sum + buffer.byteLength, 0); }",
  });
  return sum.result.value;
}

function report() {
  const [before, after] = builds;
  console.log(`${rounds} rounds, CPU ${CPU_SLOWDOWN} times slower; median (smallest to largest)`);
  console.log(row("", before.name, after.name, "ratio"));
  for (const { name, key, digits, goal } of MEASURES) {
    const [old, now] = builds.map(({ samples }) => summary(samples.map((sample) => sample[key])));
    const number = (value) => value.toFixed(digits);
    const text = ({ median, min, max }) => `${number(median)} (${number(min)} to ${number(max)})`;
    const limit = goal?.(old.median);
    const met = now.median <= limit ? "met" : "missed";
    const verdict = limit === undefined ? "" : `  goal ${number(limit)}: ${met}`;
    console.log(row(name, text(old), text(now), (now.median / old.median).toFixed(2)) + verdict);
  }
}

function row(name, before, after, ratio) {
  return name.padEnd(38) + before.padStart(24) + after.padStart(24) + ratio.padStart(7);
}

function summary(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
  return { median, min: sorted[0], max: sorted.at(-1) };
}
