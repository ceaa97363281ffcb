// The call shapes of the original SDK: `tests/interop/call-shapes.json` has the values that pages pass to it,
// what it does with each (version 1.47.2, observed in Chromium with a gateway that answers and without its
// remote app), and what Kassa does. Each difference has a reason, and `docs/guide/migrating.md` lists them.
//
// With `UPDATE_EXPECT=1`, Kassa's column and the page are written again: read the difference.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { test as bare } from "@playwright/test";

import { expect, test } from "./support";

interface Row {
  /** What is called. `bare` calls get the value alone, the others beside what the call needs. */
  call: string;
  /** The arguments, as JavaScript. */
  given: string;
  /** The outcome with the original. */
  original: string;
  /** The outcome with Kassa. */
  kassa: string;
  /** How many lines with `OPTION_IGNORED` Kassa writes to `onLog`; none without it. */
  ignored?: number;
  /** Why the two differ: a name in `reasons`. */
  reason?: string;
}

interface Table {
  reasons: Record<string, string>;
  rows: Row[];
}

const root = fileURLToPath(new URL("../../", import.meta.url));
const file = join(root, "tests/interop/call-shapes.json");
const guide = join(root, "docs/guide/migrating.md");
const updates = !!process.env["UPDATE_EXPECT"];

function table(): Table {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** The kind of an outcome, without the error's code, which is Kassa's own. */
const kind = (outcome: string) => outcome.replace(/^(throws|rejects)[^]*$/, "$1");

/** One row a line. */
function write({ reasons, rows }: Table): void {
  const lines = rows.map((row) => `    ${JSON.stringify(row)}`).join(",\n");
  const texts = JSON.stringify(reasons, null, 2).replace(/\n/g, "\n  ");
  writeFileSync(file, `{\n  "reasons": ${texts},\n  "rows": [\n${lines}\n  ]\n}\n`);
}

test("Kassa does with each call shape what the table has", async ({ page, shop, gateway, browserName }) => {
  test.setTimeout(120_000);
  // A page without a policy, since the values are JavaScript.
  await page.route(`${shop}/call-shapes`, (route) =>
    route.fulfill({ contentType: "text/html", body: '<!doctype html><body><div id="place"></div>' }),
  );
  await page.goto(`${shop}/call-shapes`);
  await page.evaluate(readFileSync(join(root, "dist/kassa.js"), "utf8"));
  const { reasons, rows } = table();
  const seen = await page.evaluate(outcomes, { rows, gateway });
  if (updates && browserName === "chromium") {
    return write({ reasons, rows: rows.map((row, index) => ({ ...row, ...seen[index] })) });
  }
  rows.forEach((row, index) => {
    const { kassa, ignored } = row;
    expect.soft(seen[index], `${row.call}(${row.given})`).toEqual(ignored ? { kassa, ignored } : { kassa });
  });
});

/** The outcome of each row. Runs in the page. */
async function outcomes(
  { rows, gateway }: { rows: Row[]; gateway: string },
): Promise<{ kassa: string; ignored?: number }[]> {
  const { AMSCashierPayment } = window as any;
  let sent: Record<string, unknown> | undefined;
  const offer = {
    success: true,
    paymentMethods: [
      {
        paymentMethodType: "BLIK",
        paymentElements: [{ paymentElementKey: "blikCode", elementType: "BLIK", elementMandatory: true }],
      },
    ],
  };
  window.fetch = async (_, init) => {
    sent = JSON.parse(String(init!.body))[0];
    return new Response(JSON.stringify(offer));
  };
  const metadata = { paymentSessionConfig: { productScene: "CASHIER_PAYMENT", paymentMethodCategoryType: "APM" } };
  const threeParts = "c2Vzc2lvbg==&&SG&&188";
  const session = `${threeParts}&&${btoa(JSON.stringify(metadata))}`;
  const ofLength = (length: number) => "a".repeat(length - session.length) + session;
  const names: Record<string, unknown> = {
    threeParts,
    session,
    long: ofLength(8192),
    tooLong: ofLength(8193),
    place: document.querySelector("#place"),
    event: new Event("click"),
  };
  const values = (text: string): any[] => new Function(...Object.keys(names), `return [${text}]`)(...Object.values(names));

  const outcome = async ({ call, given }: Row, onLog: unknown): Promise<string> => {
    const usual = { environment: "sandbox", gateway, onLog };
    const args = call.startsWith("unmount") ? [] : values(given);
    if (call === "bare constructor") return new AMSCashierPayment(...args) && "taken";
    if (call === "constructor") return new AMSCashierPayment({ ...usual, ...args[0] }) && "taken";
    if (call === "preload") return AMSCashierPayment.preload(...args) || "taken";
    const sdk = new AMSCashierPayment(usual);
    const settled = (promise: Promise<unknown>) => promise.then((value) => `resolves ${JSON.stringify(value)}`);
    const open = async (opening: Promise<void>) => {
      await opening;
      // As the original's row has it.
      const passed = /notRedirectAfterComplete|merchantAppointParam/.exec(given);
      return passed ? `taken and sends ${JSON.stringify(sent![passed[0]])}` : "taken";
    };
    try {
      if (call === "bare createComponent") return await open(sdk.createComponent(...args));
      if (call === "createComponent") return await open(sdk.createComponent({ sessionData: session, ...args[0] }));
      if (call === "mountComponent") return await open(sdk.mountComponent({ sessionData: session }, ...args));
      if (call === "initSecurity") return sdk.initSecurity(...args) || "taken";
      if (call === "canMakePayments") return await settled(sdk.canMakePayments(...args));
      if (!call.endsWith("before an opening") && given !== "before an opening") {
        await sdk.createComponent({ sessionData: session });
      }
      if (call.startsWith("submit")) return await settled(sdk.submit(...args));
      if (call.startsWith("validateFields")) return await settled(sdk.validateFields(...args));
      sdk.unmount();
      if (given === "twice") sdk.unmount();
      return "taken";
    } finally {
      sdk.unmount();
    }
  };

  const all: { kassa: string; ignored?: number }[] = [];
  for (const row of rows) {
    let ignored = 0;
    const onLog = ({ code }: { code: string }) => void (code === "OPTION_IGNORED" && ignored++);
    const isThrown = /constructor|preload|initSecurity/.test(row.call);
    const kassa = await outcome(row, onLog).catch((error) => `${isThrown ? "throws" : "rejects"} ${error.code}`);
    all.push(ignored ? { kassa, ignored } : { kassa });
  }
  return all;
}

bare("each difference has its reason, and each reason a difference", () => {
  const { reasons, rows } = table();
  expect(rows.length).toBeGreaterThan(300);
  // What the original takes throws nothing, unless the reason says why.
  for (const row of rows) {
    const name = `${row.call}(${row.given})`;
    if (kind(row.original) !== kind(row.kassa)) expect.soft(row.reason, name).toBeTruthy();
    if (row.ignored) expect.soft(row.reason, name).toBeTruthy();
    if (row.reason) expect.soft(Object.keys(reasons), name).toContain(row.reason);
  }
  for (const reason of Object.keys(reasons)) {
    expect.soft(rows.some((row) => row.reason === reason), reason).toBe(true);
  }
});

bare("docs/guide/migrating.md lists each difference with its reason", () => {
  const { reasons, rows } = table();
  const cell = (text: string) => (text ? `\`${text.replaceAll("|", "\\|")}\`` : "");
  const sections = Object.entries(reasons).map(([name, text]) => {
    const differing = rows.filter((row) => row.reason === name);
    const lines = differing.map(({ call, given, original, kassa, ignored }) => {
      const log = ignored ? `${kassa}, logged` : kassa;
      return `| ${call.replace("bare ", "")} | ${cell(given)} | ${original} | ${log} |`;
    });
    return [`${text}`, "", "| call | given | original | Kassa |", "|---|---|---|---|", ...lines].join("\n");
  });
  const page = readFileSync(guide, "utf8");
  const [head, rest] = page.split("<!-- differences -->\n");
  const written = `${head}<!-- differences -->\n\n${sections.join("\n\n")}\n`;
  expect(rest, "the marker is there").toBeDefined();
  if (updates) writeFileSync(guide, written);
  else expect(page).toBe(written);
});
