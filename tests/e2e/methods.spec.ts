// Every method of the data file, paid successfully and declined, on a desktop and on a phone. The
// payments of one test share a page: each component is unmounted before the next opens. Chromium runs
// all methods, Firefox one of each interaction.

import { readFileSync } from "node:fs";

import type { Page } from "@playwright/test";

import { expect, payment, test, type Complaint, type Session } from "./support";
import { decide, goOnline, setVisible, useAndroid } from "./support/buyer";
import { CARDS, codes, enterLab, start, typeCard } from "./support/lab";
import { clear, fillFields, press, screen } from "./support/network";

/** An entry of `GET <shop>/api/methods`. */
interface Method {
  type: string;
  category: string;
  web: string;
  wap: string;
  elements: Element[];
}

interface Element {
  paymentElementKey: string;
  elementType: string;
  country?: string;
  options?: { value: string; text: string }[];
  subPaymentElementView?: Element[];
}

/** The kind of interaction after a submit, without the details of codes and apps. */
const FAMILIES = ["card", "redirect", "app", "codes", "wait"] as const;
type Family = (typeof FAMILIES)[number];

type Profile = "web" | "wap";

/** The payment status after each of the buyer's decisions. */
const OUTCOMES = { approve: "SUCCESS", decline: "FAIL", wait: "PENDING" } as const;
type Outcome = keyof typeof OUTCOMES;

const OPENED = ["START_OF_LOADING", "END_OF_LOADING"];
const ENDINGS: Record<Outcome, string[]> = {
  approve: ["PAYMENT_AUTHORIZATION_SUCCESSFUL", "PAYMENT_SUCCESSFUL"],
  decline: ["PAYMENT_FAIL"],
  wait: ["PAYMENT_PENDING"],
};

/**
 * The tests, each a share of one family on one profile. Shares give the two workers about equal load.
 */
const RUNS: { family: Family; profile: Profile; share: number; of: number }[] = [
  { family: "redirect", profile: "web", share: 0, of: 3 },
  { family: "redirect", profile: "web", share: 1, of: 3 },
  { family: "redirect", profile: "web", share: 2, of: 3 },
  { family: "redirect", profile: "wap", share: 0, of: 2 },
  { family: "redirect", profile: "wap", share: 1, of: 2 },
  { family: "codes", profile: "web", share: 0, of: 2 },
  { family: "codes", profile: "web", share: 1, of: 2 },
  { family: "codes", profile: "wap", share: 0, of: 1 },
  { family: "app", profile: "wap", share: 0, of: 2 },
  { family: "app", profile: "wap", share: 1, of: 2 },
  { family: "wait", profile: "web", share: 0, of: 1 },
  { family: "wait", profile: "wap", share: 0, of: 1 },
  { family: "card", profile: "web", share: 0, of: 1 },
  { family: "card", profile: "wap", share: 0, of: 1 },
];

function family(interaction: string): Family {
  if (interaction === "card" || interaction === "redirect" || interaction === "wait") return interaction;
  if (/^app:(scheme|applink|scheme\+applink)$/.test(interaction)) return "app";
  if (/^(qr|text|number|barcode)(\+(qr|text|number|barcode))*$/.test(interaction)) return "codes";
  throw new Error(`an interaction without a test: ${interaction}`);
}

async function methods(page: Page, shop: string): Promise<Method[]> {
  return (await (await page.request.get(`${shop}/api/methods`)).json()) as Method[];
}

/** The methods of a run. */
function rows(all: Method[], { family: wanted, profile, share, of }: (typeof RUNS)[number]): Method[] {
  return all.filter((method) => family(method[profile]) === wanted).filter((_, index) => index % of === share);
}

test("the runs contain every row of the data file once for each profile", async ({ page, shop }) => {
  const all = await methods(page, shop);
  const file = readFileSync(new URL("../../crates/sandbox/data/methods.csv", import.meta.url), "utf8");
  const lines = file.split("\n").filter((line) => /^[A-Z]/.test(line));
  expect(all.map(({ type }) => type)).toEqual(lines.map((line) => line.split(",")[0]));
  for (const profile of ["web", "wap"] as const) {
    const opened = RUNS.filter((run) => run.profile === profile).flatMap((run) => rows(all, run));
    expect(opened.map(({ type }) => type).sort()).toEqual(all.map(({ type }) => type).sort());
  }
});

for (const run of RUNS) {
  const part = run.of > 1 ? `, ${run.share + 1} of ${run.of}` : "";
  test(`${run.family} on ${run.profile}${part}`, async ({ page, shop, gateway, browserName, complaints }) => {
    test.setTimeout(60_000);
    const all = browserName === "chromium";
    test.skip(!all && run.share > 0, "one method of each interaction is in the first share");
    const listed = await methods(page, shop);
    const chosen = all ? rows(listed, run) : oneOfEach(rows(listed, { ...run, share: 0, of: 1 }), run.profile);
    const buyer = new Buyer(page, shop, gateway, run.profile);
    await buyer.enter();
    const opened: string[] = [];
    for (const method of chosen) {
      const outcomes: Outcome[] = ["approve", "decline"];
      // A direct debit stays pending for days, except with `pendingFor`.
      if (method.category === "DIRECT_DEBIT") outcomes.push("wait");
      for (const outcome of outcomes) {
        await test.step(`${method.type} ${outcome}`, () => buyer.pay(method, outcome));
      }
      opened.push(method.type);
    }
    expect(opened).toEqual(chosen.map(({ type }) => type));
    removeUnknownScheme(complaints);
  });
}

/** The first method of each interaction. */
function oneOfEach(mine: Method[], profile: Profile): Method[] {
  const first = new Map<string, Method>();
  for (const method of mine) if (!first.has(method[profile])) first.set(method[profile], method);
  return [...first.values()];
}

/** Removes the browser's errors about links of the sandbox's wallet, since no such app is installed. */
function removeUnknownScheme(complaints: Complaint[]): void {
  const others = complaints.filter(({ text }) => !/kassa-wallet:/.test(text));
  complaints.splice(0, complaints.length, ...others);
}

class Buyer {
  /** Addresses of the SDK's redirects. */
  private redirects: string[] = [];

  constructor(
    private page: Page,
    private shop: string,
    private gateway: string,
    private profile: Profile,
  ) {}

  async enter(): Promise<void> {
    if (this.profile === "wap") await useAndroid(this.page);
    // A browser does not navigate on an answer with status 204.
    await this.page.route(new RegExp(`^${this.gateway}/(bank|wallet|app)/`), (route) => {
      this.redirects.push(route.request().url());
      return route.fulfill({ status: 204 });
    });
    await enterLab(this.page, this.shop);
  }

  async pay(method: Method, outcome: Outcome): Promise<void> {
    const { page } = this;
    const session = await this.session(method, outcome);
    this.redirects = [];
    await start(page, session, { into: "#a", params: { notRedirectAfterComplete: true } });
    const interaction = family(method[this.profile]);
    if (interaction === "card") await screen(page, "form");
    else if (method.elements.length) {
      await screen(page, "form");
      await fillFields(page, Object.fromEntries(method.elements.flatMap(typed)));
      await press(page);
    }

    const expected = [...OPENED];
    if (interaction === "card") {
      await typeCard(page, outcome === "approve" ? CARDS.success : CARDS.declined);
      await press(page);
    } else if (interaction === "redirect") {
      expected.push("CALL_URL_SUCCESS");
      await this.received(expected.length);
      await expect.poll(() => this.redirects.length, { intervals: [10, 20, 50] }).toBe(1);
      const key = await this.decide(session, outcome);
      expect(this.redirects[0]).toMatch(new RegExp(`^${this.gateway}/(bank|wallet)/${key}$`));
      // The event of a page that the browser's back button restores from the cache.
      await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
    } else if (interaction === "app") {
      await screen(page, "app");
      await press(page);
      await screen(page, "waiting");
      await setVisible(page, false);
      expected.push("CALL_URL_SUCCESS");
      await this.received(expected.length);
      const key = await this.decide(session, outcome);
      const link = method.wap.includes("applink") ? [`${this.gateway}/app/${key}`] : [];
      expect(this.redirects).toEqual(link);
      await setVisible(page, true);
    } else {
      await screen(page, interaction === "codes" ? "codes" : "waiting");
      if (interaction === "codes") await this.expectCodes(method[this.profile]);
      await this.decide(session, outcome);
      await goOnline(page);
    }

    // After a redirect there is no PAYMENT_AUTHORIZATION_SUCCESSFUL.
    const ending = ENDINGS[outcome].slice(interaction === "redirect" ? -1 : 0);
    expected.push(...ending);
    await this.received(expected.length);
    expect(await codes(page), method.type).toEqual(expected);
    const state = await payment(page.request, this.shop, session.paymentRequestId);
    expect(state["paymentStatus"], method.type).toBe(OUTCOMES[outcome]);
    await clear(page);
  }

  private async session(method: Method, outcome: Outcome): Promise<Session> {
    const atOnce = method.category === "DIRECT_DEBIT" && outcome !== "wait";
    const metadata = { sandbox: atOnce ? { pendingFor: 0 } : {} };
    const data = { method: method.type, metadata };
    const response = await this.page.request.post(`${this.shop}/api/sessions`, { data });
    expect(response.ok(), `${method.type}: ${await response.text()}`).toBe(true);
    return (await response.json()) as Session;
  }

  private decide(session: Session, outcome: Outcome): Promise<string> {
    const decision = outcome === "decline" ? "decline" : "approve";
    return decide(this.page.request, this.gateway, session, decision);
  }

  private async received(count: number): Promise<void> {
    await this.page.waitForFunction(
      (count) => JSON.parse(sessionStorage.getItem("sdk.events") ?? "[]").length >= count,
      count,
      { polling: 15 },
    );
  }

  /** Waits for the codes of the row: QR codes and barcodes as graphics, the others as text. */
  private async expectCodes(interaction: string): Promise<void> {
    const kinds = interaction.split("+");
    const graphics = kinds.filter((kind) => kind === "qr" || kind === "barcode").length;
    await this.page.waitForFunction(
      ([all, graphics]) => {
        const slot = document.querySelector("[data-kassa]")!.shadowRoot!.querySelector(".codes")!;
        return (
          slot.querySelectorAll("svg").length === graphics &&
          slot.querySelectorAll("figure").length === all
        );
      },
      [kinds.length, graphics] as const,
      { polling: 15 },
    );
  }
}

/** Valid values by the names of the fields. */
function typed(element: Element): [string, string | true][] {
  const { paymentElementKey: key, elementType, subPaymentElementView: parts, options } = element;
  if (parts?.length) return parts.flatMap(typed);
  switch (elementType) {
    case "SELECT":
      return [[key, options![0]!.value]];
    case "BANK":
      // A long list is a search field, which takes the bank's name; a short list is a select.
      return [[key, options!.length > 10 ? options![0]!.text : options![0]!.value]];
    case "PHONE":
      return [[key, PHONES[element.country ?? ""] ?? `no number for ${element.country}`]];
    case "CONSENT":
      return [[key, true]];
    case "BLIK":
      return [[key, "123456"]];
    case "CPF":
      return [[key, "529.982.247-25"]];
    case "DATE":
      return [[key, "1990-12-31"]];
    case "EMAIL":
      return [[key, "mia@example.com"]];
    case "NAME":
      return [[key, "Mia"]];
    case "NUMBER":
      return [[key, "021000021"]];
    case "TEXT":
      return [[key, "Mia Chen"]];
    default:
      throw new Error(`no test value for ${elementType}`);
  }
}

const PHONES: Record<string, string> = {
  ES: "+34600112233",
  IT: "+393401234567",
  JP: "+819012345678",
  KR: "+821012345678",
  PK: "+923001234567",
  PT: "+351912345678",
  SA: "+966501234567",
};
