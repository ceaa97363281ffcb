// What both checkouts do: read the page, open the payment, list the events. How the SDK came into
// the page is the caller's business.

import type { AMSCashierPayment, ComponentParams, KassaEvent } from "kassa";

type Sdk = typeof AMSCashierPayment;

/** The page's data attributes. */
interface Wish {
  session: string;
  gateway: string;
  environment: "sandbox" | "prod";
  inline: boolean;
  stay: boolean;
  ownButton: boolean;
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

  const sdk = new Sdk({
    environment: wish.environment,
    locale: "en_US",
    gateway: wish.gateway,
    onEventCallback: (event) => {
      list(event);
      follow(event);
    },
    onLog: (line) => console.info(line.code, line.message),
  });

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
      appearance: { showLoading: true, showSubmitButton: !wish.ownButton },
      notRedirectAfterComplete: wish.stay,
    };
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
