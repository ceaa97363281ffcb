// Measures two builds of the SDK side by side, and prints medians, spreads and ratios. It asserts
// nothing. `cargo xtask bench` starts a sandbox for each build and runs this file:
// `node bench.mjs '{ "rounds": 7, "builds": [{ "name", "shop", "script" }, …] }'`.
//
// Both scripts are served from here in the same way, uncompressed and without a cache; the page, the
// gateway and the card form are those of the build's own sandbox. Each round measures every build
// once, in a browser context of its own, and the order alternates.

import { readFileSync } from "node:fs";

import { chromium } from "@playwright/test";

const CPU_SLOWDOWN = 4;
const CATEGORIES = ["blink.user_timing", "devtools.timeline", "disabled-by-default-devtools.timeline"];

/** Goals of issue 7; `undefined` where there is none. */
const MEASURES = [
  { name: "script evaluation, ms", key: "evaluation", digits: 1, goal: () => 15 },
  { name: "createComponent to first request, ms", key: "request", digits: 1, goal: (before) => before },
  { name: "longest task of the opening, ms", key: "longestTask", digits: 1 },
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
  const { page, cdp } = await visit(shop, Buffer.from(""));
  const empty = await heapSize(cdp);
  await page.context().close();

  const context = await browser.newContext();
  try {
    return await open(context, shop, source, empty);
  } finally {
    await context.close();
  }
}

async function open(context, shop, source, empty) {
  const response = await context.request.post(`${shop}/api/sessions`, {
    data: { method: "CARD", amount: "12345", currency: "USD", metadata: {} },
  });
  if (!response.ok()) throw new Error(`the shop created no session: ${await response.text()}`);
  const session = await response.json();

  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
  await browser.startTracing(page, { categories: CATEGORIES });
  await serve(cdp, source);
  await page.goto(`${shop}/lab`);
  const request = await page.evaluate(async ({ gateway, paymentSessionData }) => {
    const component = new window.AMSCashierPayment({ environment: "sandbox", locale: "en_US", gateway });
    performance.mark("kassa-opening");
    await component.createComponent({ sessionData: paymentSessionData });
    performance.mark("kassa-opened");
    const [opening] = performance.getEntriesByName("kassa-opening");
    const calls = performance.getEntriesByType("resource").filter(({ name }) => name === `${gateway}/mgw.htm`);
    return Math.min(...calls.map(({ startTime }) => startTime)) - opening.startTime;
  }, session);
  const trace = JSON.parse((await browser.stopTracing()).toString());
  return {
    ...times(trace.traceEvents),
    request,
    heap: ((await heapSize(cdp)) - empty) / 1024,
    wasm: (await wasmSize(cdp)) / 1024,
  };
}

/** Opens the page with this script. */
async function visit(shop, source) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await serve(cdp, source);
  await page.goto(`${shop}/lab`);
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

/** Milliseconds, from a trace with microseconds. */
function times(events) {
  const evaluation = events.find(({ name, args }) => name === "EvaluateScript" && args.data.url.endsWith("/kassa.js"));
  const mark = (wanted) => events.find(({ name }) => name === wanted).ts;
  const [from, to] = [mark("kassa-opening"), mark("kassa-opened")];
  const tasks = events.filter(
    ({ name, pid, tid, ts, dur }) =>
      name === "RunTask" && pid === evaluation.pid && tid === evaluation.tid && ts + dur > from && ts < to,
  );
  return { evaluation: evaluation.dur / 1000, longestTask: Math.max(...tasks.map(({ dur }) => dur)) / 1000 };
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
    const text = ({ median, min, max }) => `${median.toFixed(digits)} (${min.toFixed(digits)} to ${max.toFixed(digits)})`;
    const limit = goal?.(old.median);
    const verdict = limit === undefined ? "" : `  goal ${limit.toFixed(digits)}: ${now.median <= limit ? "met" : "missed"}`;
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
