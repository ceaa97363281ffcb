// The class that merchants use. It checks arguments, loads the module, and hands over.

import type { Kassa } from "kassa-wasm";

import { Bridge } from "./bridge";
import {
  ANALYTICS,
  APPEARANCE,
  APPOINTED,
  failure,
  gatewayBase,
  OPTIONS,
  PARAMS,
  problem,
  STORED_CARD,
} from "./checks";
import { browserFacts, warmFrame } from "./effects/page";
import { load } from "./engine";
import type * as api from "./kassa";

type Params = api.ComponentParams;

/** What the machine could not say because it does not exist yet, or no longer. */
const INTERNAL = "SDK_INTERNAL_ERROR";
const PARAMETER = "SDK_CREATEPAYMENT_PARAMETER_ERROR";

export class AMSCashierPayment {
  private _options: api.Options;
  private _bridge: Bridge;
  /** Counts what makes earlier openings stale while the module is still loading. */
  private _generation = 0;

  constructor(options: api.Options) {
    const { copy, wrong } = check(options);
    this._options = copy;
    const language = (copy.locale || "en").replace(/_/g, "-");
    this._bridge = new Bridge(copy, language, (error) => this._die(String(error)));
    if (wrong) throw this._report("SDK_INIT_PARAMETER_ERROR", wrong);
  }

  static preload(options: { environment: "sandbox" | "prod"; gateway?: string }): void {
    const { copy, wrong } = check(options);
    if (wrong) throw failure("SDK_INIT_PARAMETER_ERROR", wrong);
    // Whatever fails here fails again, and louder, when a component is opened.
    load().catch(() => {});
    if (!copy.gateway) return;
    const link = document.createElement("link");
    link.rel = "preconnect";
    link.href = copy.gateway;
    link.crossOrigin = "anonymous";
    document.head.appendChild(link);
    warmFrame(copy.gateway);
  }

  createComponent(params: Params): Promise<void> {
    return this._open(params);
  }

  mountComponent(params: Params, container: string | Element): Promise<void> {
    const element = find(container);
    if (!element) {
      const what = typeof container === "string" ? `"${container.slice(0, 80)}"` : "what was given";
      const message = `mountComponent needs a container: pass an element, or a selector that matches one; ${what} is neither.`;
      return Promise.reject(this._report(PARAMETER, message));
    }
    return this._open(params, element);
  }

  submit(data?: api.SubmitData): Promise<{ code: api.EventCode; message: string }> {
    const address: unknown = (data || {}).billingAddress;
    return this._ask((kassa, ticket) => kassa.submit(ticket, address));
  }

  validateFields(): Promise<{ isValid: boolean }> {
    if (!this._bridge._kassa) return Promise.resolve({ isValid: false });
    return this._ask<{ isValid: boolean }>((kassa, ticket) => kassa.validate(ticket));
  }

  unmount(): void {
    this._generation++;
    this._bridge._tell((kassa) => kassa.unmount());
  }

  private _open(params: Params, container?: Element): Promise<void> {
    let opening: object;
    try {
      opening = checkParams(params);
    } catch (error) {
      return Promise.reject(this._report(PARAMETER, (error as Error).message));
    }
    const generation = this._generation;
    return load().then(
      (Engine) => {
        // `unmount` came first: nothing was opened, and there is nothing to say.
        if (generation !== this._generation) return undefined;
        if (!this._bridge._kassa) {
          const { environment, gateway, locale } = this._options;
          const languages = (navigator.languages || [navigator.language]).join();
          const config = {
            prod: environment === "prod",
            gateway,
            locale: locale || "",
            languages,
            guarded: !!this._options.onBeforeSubmit,
          };
          this._bridge._kassa = new Engine(config, this._bridge);
        }
        return this._ask<void>((kassa, ticket) => kassa.open(ticket, opening, container));
      },
      (error) => {
        const message = `The SDK could not start: ${String(error)}. WebAssembly needs 'wasm-unsafe-eval' in the page's script-src.`;
        throw this._report(INTERNAL, message);
      },
    );
  }

  private _ask<T>(call: (kassa: Kassa, ticket: number) => void): Promise<T> {
    if (!this._bridge._kassa) {
      const message = "Nothing is open: call createComponent or mountComponent first.";
      return Promise.reject(failure("SDK_CREATECOMPONENT_ERROR", message));
    }
    const [ticket, promise] = this._bridge._ticket<T>();
    this._bridge._tell((kassa) => call(kassa, ticket));
    return promise;
  }

  /** The module broke while this instance may have had something open. */
  private _die(why: string): void {
    this._generation++;
    const message = `Internal error: ${why}. The component was removed; ask your server for the payment's state before you offer to pay again.`;
    this._bridge._abandon(failure(INTERNAL, message));
    this._report(INTERNAL, message);
  }

  private _report(code: api.EventCode, message: string): api.KassaError {
    const error = failure(code, message);
    this._bridge._event({ code, message, stack: error.stack } as api.KassaEvent, true);
    return error;
  }
}

// The published types and the class may not drift apart.
AMSCashierPayment satisfies typeof api.AMSCashierPayment;

/** Copies the options once, so that getters run once and later changes change nothing. */
function check(options: api.Options): { copy: api.Options; wrong: string | undefined } {
  let copy = {} as api.Options;
  try {
    copy = Object.assign({}, options);
    const wrong =
      problem("options", options, OPTIONS, "environment") ||
      (copy.analytics && problem("options.analytics", copy.analytics, ANALYTICS)) ||
      undefined;
    if (wrong) return { copy: usable(copy), wrong };
    if (copy.gateway !== undefined) {
      const base = gatewayBase(copy.gateway);
      if (!base) {
        const wrong =
          "options.gateway must be an https address (http on loopback only) without user, query or fragment.";
        return { copy: usable(copy), wrong };
      }
      copy.gateway = base;
    }
    return { copy, wrong: undefined };
  } catch (error) {
    return { copy: usable(copy), wrong: `options could not be read: ${String(error)}` };
  }
}

/** Keeps the callbacks that can be told what is wrong with the rest. */
function usable(options: api.Options): api.Options {
  const copy: api.Options = { environment: "sandbox" };
  const { onEventCallback, onError, onLog } = options;
  if (typeof onEventCallback === "function") copy.onEventCallback = onEventCallback;
  if (typeof onError === "function") copy.onError = onError;
  if (typeof onLog === "function") copy.onLog = onLog;
  return copy;
}

/** Throws what is wrong; returns what the module takes. */
function checkParams(params: Params): object {
  const copy: Params = Object.assign({}, params);
  if (copy.sessionData === undefined && copy.paymentSessionData !== undefined) {
    copy.sessionData = copy.paymentSessionData;
  }
  const appointed = copy.merchantAppointParam;
  const stored = appointed && appointed.storedCard;
  const wrong =
    (params && problem("params", copy, PARAMS, "sessionData")) ||
    (!params && "params must be an object with sessionData.") ||
    (copy.appearance && problem("params.appearance", copy.appearance, APPEARANCE)) ||
    (appointed && problem("params.merchantAppointParam", appointed, APPOINTED)) ||
    (stored && problem("params.merchantAppointParam.storedCard", stored, STORED_CARD));
  if (wrong) throw new Error(wrong);
  const looks = Object.assign({}, copy.appearance);
  const random = Array.from(crypto.getRandomValues(new Uint8Array(12)));
  // Not spread: for the engines that we serve, that becomes a helper of 400 bytes.
  return Object.assign(browserFacts(), {
    session: copy.sessionData,
    stay: copy.notRedirectAfterComplete === true,
    showLoading: looks.showLoading !== false,
    showSubmitButton: looks.showSubmitButton !== false,
    theme: looks.theme || "",
    inApp: copy.isAppWebview === true,
    needsCode: !!stored && stored.needCVV === true,
    appointed: appointed ? JSON.stringify(appointed) : "",
    seed: random.map((byte) => (byte + 256).toString(16).slice(1)).join(""),
  });
}

function find(container: unknown): Element | undefined {
  if (typeof container === "string") {
    try {
      return document.querySelector(container) || undefined;
    } catch {
      return undefined;
    }
  }
  // Not `instanceof`: the element may come from another frame's realm.
  const isElement = container && (container as Node).nodeType === 1;
  return isElement ? (container as Element) : undefined;
}
