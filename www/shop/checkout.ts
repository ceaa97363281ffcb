// What both checkouts do: read the page, open the payment, list the events. How the SDK came into
// the page is the caller's business.

import type { AMSCashierPayment, BeforeSubmit, ComponentParams, KassaEvent, Options } from "kassa";

type Sdk = typeof AMSCashierPayment;

/** The page's data attributes. */
interface Wish {
  session: string;
  gateway: string;
  environment: "sandbox" | "prod";
  inline: boolean;
  stay: boolean;
  ownButton: boolean;
  showLoading: boolean;
  /** Undefined: as the system. */
  theme: "default" | "night" | undefined;
  webview: boolean;
  beforeSubmit: string;
  preload: boolean;
  /** Of a stored card; undefined for others. */
  needsCvc: boolean | undefined;
  result: string;
}

/** Where the page is: its one button means something else in each. */
type Phase = "closed" | "opening" | "open" | "paying" | "over";

/** Events that end the payment in this page. */
const PAID = ["SDK_PAYMENT_SUCCESSFUL"];
const WAITING = ["SDK_PAYMENT_PROCESSING", "SDK_PAYMENT_PENDING"];
const FAILED = ["SDK_PAYMENT_FAIL", "SDK_PAYMENT_ERROR"];
const CLOSED = ["SDK_PAYMENT_CANCEL", "SDK_CREATECOMPONENT_ERROR", "SDK_INTERNAL_ERROR"];

export function startCheckout(Sdk: Sdk): void {
  const main = element("checkout");
  const pay = element("pay") as HTMLButtonElement;
  const wish = read(main);
  const label = pay.textContent ?? "Pay";
  let phase: Phase = "closed";

  if (wish.preload) Sdk.preload({ environment: wish.environment, gateway: wish.gateway });
  const beforeSubmit = guard(wish.beforeSubmit);
  const options: Options = {
    environment: wish.environment,
    locale: "en_US",
    gateway: wish.gateway,
    onEventCallback: (event) => {
      list(event);
      tickOff(event.code);
      follow(event);
    },
    onLog: (line) => console.info(line.code, line.message),
    onPaymentMethodSelected: ({ paymentMethodType }) => note(`onPaymentMethodSelected: ${paymentMethodType}`),
  };
  if (beforeSubmit !== undefined) options.onBeforeSubmit = beforeSubmit;
  const sdk = new Sdk(options);

  function enter(next: Phase): void {
    phase = next;
    const usable = phase === "closed" || (phase === "open" && wish.ownButton);
    pay.disabled = !usable;
    pay.hidden = phase === "over" || (phase === "open" && !wish.ownButton);
    pay.textContent = phase === "open" ? `${label} now` : label;
  }

  function follow(event: KassaEvent): void {
    const { code, result } = event;
    if (PAID.includes(code)) {
      enter("over");
      say("Paid. ", "good", wish.result);
    } else if (WAITING.includes(code)) {
      enter("over");
      say("The payment is still under way. ", "plain", wish.result);
    } else if (FAILED.includes(code)) {
      say(`Not paid: ${result?.paymentResultCode ?? event.message ?? code}. `, "bad", wish.result);
      // A refusal that may be tried again leaves the form open, with its own words.
      if (result?.retryable !== true) close();
    } else if (CLOSED.includes(code)) {
      say(code === "SDK_PAYMENT_CANCEL" ? "Closed without paying." : (event.message ?? code), "plain");
      close();
    }
  }

  function close(): void {
    // Not from inside the SDK's own callback: what it still has to do after the event comes first.
    setTimeout(() => {
      sdk.unmount();
      enter("closed");
    }, 0);
  }

  async function open(): Promise<void> {
    enter("opening");
    say("", "plain");
    const params: ComponentParams = {
      sessionData: wish.session,
      appearance: { showLoading: wish.showLoading, showSubmitButton: !wish.ownButton },
      notRedirectAfterComplete: wish.stay,
      isAppWebview: wish.webview,
    };
    if (wish.theme !== undefined) params.appearance = { ...params.appearance, theme: wish.theme };
    if (wish.needsCvc !== undefined) params.merchantAppointParam = { storedCard: { needCVV: wish.needsCvc } };
    try {
      await (wish.inline ? sdk.mountComponent(params, "#payment") : sdk.createComponent(params));
      if (phase === "opening") enter("open");
    } catch (error) {
      say(error instanceof Error ? error.message : String(error), "bad");
      close();
    }
  }

  async function submit(): Promise<void> {
    enter("paying");
    try {
      await sdk.submit();
    } catch (error) {
      say(error instanceof Error ? error.message : String(error), "bad");
    }
    if (phase === "paying") enter("open");
  }

  pay.addEventListener("click", () => {
    if (phase === "closed") void open();
    else if (phase === "open") void submit();
  });
  enter("closed");
}

function read(main: HTMLElement): Wish {
  const data = main.dataset;
  return {
    session: data.session ?? "",
    gateway: data.gateway ?? "",
    environment: data.environment === "prod" ? "prod" : "sandbox",
    inline: data.display === "inline",
    stay: data.stay === "true",
    ownButton: data.ownButton === "true",
    showLoading: data.showLoading !== "false",
    theme: data.theme === "night" || data.theme === "default" ? data.theme : undefined,
    webview: data.webview === "true",
    beforeSubmit: data.beforeSubmit ?? "none",
    preload: data.preload === "true",
    needsCvc: data.needsCvc === undefined ? undefined : data.needsCvc === "true",
    result: data.result ?? "/",
  };
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

/** Says in one line how it stands, with a link to what the shop's server knows. */
function say(text: string, tone: "good" | "bad" | "plain", link?: string): void {
  const status = element("status");
  status.dataset.tone = tone;
  status.textContent = text;
  if (link !== undefined) {
    const anchor = document.createElement("a");
    anchor.href = link;
    anchor.textContent = "See what the shop knows";
    status.append(anchor);
  }
}

/** The shop's `onBeforeSubmit`, if it has one. */
function guard(way: string): Options["onBeforeSubmit"] {
  const answers: Record<string, BeforeSubmit["result"]> = {
    continue: "CONTINUE",
    slow: "CONTINUE",
    cancel: "CANCEL",
    error: "ERROR",
  };
  const result = answers[way];
  if (result === undefined) return undefined;
  return async ({ paymentMethodType }) => {
    if (way === "slow") await new Promise((resolve) => setTimeout(resolve, 3000));
    note(`onBeforeSubmit: ${paymentMethodType}, answered ${result}`);
    return { result };
  };
}

/** Marks the first expected event of this code that was not heard yet. */
function tickOff(code: string): void {
  for (const item of document.querySelectorAll<HTMLElement>("#expected li:not([data-heard])")) {
    if (item.dataset.code !== code) continue;
    item.dataset.heard = "true";
    const said = document.createElement("span");
    said.className = "unseen";
    said.textContent = " (heard)";
    item.append(said);
    return;
  }
}

/** Adds what a callback was told, beside the events. */
function note(text: string): void {
  const item = document.createElement("li");
  item.className = "quiet";
  item.textContent = text;
  element("events").append(item);
}

/** Adds an event to the list, as text. */
function list(event: KassaEvent): void {
  const item = document.createElement("li");
  const code = document.createElement("b");
  code.textContent = event.code;
  item.append(code);
  if (event.message) item.append(` ${event.message}`);
  if (event.result !== undefined) {
    const result = document.createElement("pre");
    result.textContent = JSON.stringify(event.result, null, 2);
    item.append(result);
  }
  element("events").append(item);
}
