// The checkout of both integrations: reads the page's data, opens the payment and lists the events. The
// caller passes the SDK's class, from the package or from the script tag.

import type { AMSCashierPayment, BeforeSubmit, ComponentParams, KassaEvent, Options } from "kassa";

type Sdk = typeof AMSCashierPayment;

/** The page's data attributes. */
interface PageData {
  session: string;
  gateway: string;
  environment: "sandbox" | "prod";
  inline: boolean;
  stay: boolean;
  ownButton: boolean;
  showLoading: boolean;
  /** Undefined: the theme of the system. */
  theme: "default" | "night" | undefined;
  webview: boolean;
  beforeSubmit: string;
  preload: boolean;
  /** Whether a stored card needs its security code; undefined without a stored card. */
  needsCvc: boolean | undefined;
  result: string;
}

/** State of the page. Its one button does something else in each. */
type Phase = "closed" | "opening" | "open" | "paying" | "over";

/** Events that end the payment in this page. */
const PAID = ["SDK_PAYMENT_SUCCESSFUL"];
const WAITING = ["SDK_PAYMENT_PROCESSING", "SDK_PAYMENT_PENDING"];
const FAILED = ["SDK_PAYMENT_FAIL", "SDK_PAYMENT_ERROR"];
const CLOSED = ["SDK_PAYMENT_CANCEL", "SDK_CREATECOMPONENT_ERROR", "SDK_INTERNAL_ERROR"];

export function startCheckout(Sdk: Sdk): void {
  const main = element("checkout");
  const pay = element("pay") as HTMLButtonElement;
  const data = read(main);
  const label = pay.textContent ?? "Pay";
  let phase: Phase = "closed";

  if (data.preload) Sdk.preload({ environment: data.environment, gateway: data.gateway });
  const beforeSubmit = beforeSubmitCallback(data.beforeSubmit);
  const options: Options = {
    environment: data.environment,
    locale: "en_US",
    gateway: data.gateway,
    onEventCallback: (event) => {
      list(event);
      markFired(event.code);
      follow(event);
    },
    onLog: (line) => console.info(line.code, line.message),
    onPaymentMethodSelected: ({ paymentMethodType }) => note(`onPaymentMethodSelected: ${paymentMethodType}`),
  };
  if (beforeSubmit !== undefined) options.onBeforeSubmit = beforeSubmit;
  const sdk = new Sdk(options);

  function enter(next: Phase): void {
    phase = next;
    const usable = phase === "closed" || (phase === "open" && data.ownButton);
    pay.disabled = !usable;
    pay.hidden = phase === "over" || (phase === "open" && !data.ownButton);
    pay.textContent = phase === "open" ? `${label} now` : label;
  }

  function follow(event: KassaEvent): void {
    const { code, result } = event;
    if (PAID.includes(code)) {
      enter("over");
      showStatus("Paid. ", "good", data.result);
    } else if (WAITING.includes(code)) {
      enter("over");
      showStatus("The payment is still under way. ", "plain", data.result);
    } else if (FAILED.includes(code)) {
      showStatus(`Not paid: ${result?.paymentResultCode ?? event.message ?? code}. `, "bad", data.result);
      // After a retryable failure the form stays open and shows the reason.
      if (result?.retryable !== true) close();
    } else if (CLOSED.includes(code)) {
      showStatus(code === "SDK_PAYMENT_CANCEL" ? "Closed without paying." : (event.message ?? code), "plain");
      close();
    }
  }

  function close(): void {
    // Not inside of the SDK's callback, so that the SDK finishes its work for the event first.
    setTimeout(() => {
      sdk.unmount();
      enter("closed");
    }, 0);
  }

  async function open(): Promise<void> {
    enter("opening");
    showStatus("", "plain");
    const params: ComponentParams = {
      sessionData: data.session,
      appearance: { showLoading: data.showLoading, showSubmitButton: !data.ownButton },
      notRedirectAfterComplete: data.stay,
      isAppWebview: data.webview,
    };
    if (data.theme !== undefined) params.appearance = { ...params.appearance, theme: data.theme };
    if (data.needsCvc !== undefined) params.merchantAppointParam = { storedCard: { needCVV: data.needsCvc } };
    try {
      await (data.inline ? sdk.mountComponent(params, "#payment") : sdk.createComponent(params));
      if (phase === "opening") enter("open");
    } catch (error) {
      showStatus(error instanceof Error ? error.message : String(error), "bad");
      close();
    }
  }

  async function submit(): Promise<void> {
    enter("paying");
    try {
      await sdk.submit();
    } catch (error) {
      showStatus(error instanceof Error ? error.message : String(error), "bad");
    }
    if (phase === "paying") enter("open");
  }

  pay.addEventListener("click", () => {
    if (phase === "closed") void open();
    else if (phase === "open") void submit();
  });
  enter("closed");
}

function read(main: HTMLElement): PageData {
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

/** Shows the state in one line, with a link to the result page of the shop's server. */
function showStatus(text: string, tone: "good" | "bad" | "plain", link?: string): void {
  const status = element("status");
  status.dataset.tone = tone;
  status.textContent = text;
  if (link !== undefined) {
    const anchor = document.createElement("a");
    anchor.href = link;
    anchor.textContent = "Show the shop's result page";
    status.append(anchor);
  }
}

/** The shop's `onBeforeSubmit`; undefined for none. */
function beforeSubmitCallback(behaviour: string): Options["onBeforeSubmit"] {
  const answers: Record<string, BeforeSubmit["result"]> = {
    continue: "CONTINUE",
    slow: "CONTINUE",
    cancel: "CANCEL",
    error: "ERROR",
  };
  const result = answers[behaviour];
  if (result === undefined) return undefined;
  return async ({ paymentMethodType }) => {
    if (behaviour === "slow") await new Promise((resolve) => setTimeout(resolve, 3000));
    note(`onBeforeSubmit: ${paymentMethodType}, answered ${result}`);
    return { result };
  };
}

/** Marks the first expected event with this code that has not fired yet. */
function markFired(code: string): void {
  for (const item of document.querySelectorAll<HTMLElement>("#expected li:not([data-fired])")) {
    if (item.dataset.code !== code) continue;
    item.dataset.fired = "true";
    const mark = document.createElement("span");
    mark.className = "unseen";
    mark.textContent = " (fired)";
    item.append(mark);
    return;
  }
}

/** Adds a call of another callback to the list of events. */
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
