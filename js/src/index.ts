// The class that merchants use: checks the constructor's options, loads the wasm module, and
// forwards. Everything else is Rust (`src/`).

import { type Checked, checkOptions, codedError } from "./checks";
import { Guard } from "./guard";
import type * as api from "./kassa";
import { type Engine, load, loadWhenIdle } from "./load";
import { missingNative } from "./natives";
import { describe, log, logIgnored, readParams, readSubmit } from "./reading";

export { EnvironmentEnum, eventCodeEnum } from "./names";

export class AMSCashierPayment {
  private options: api.Options;
  /** While a component is open. */
  private guard: Guard | undefined = undefined;
  /** The opening that has not settled. */
  private opening: Promise<unknown> | undefined = undefined;
  /** Counts the calls of `unmount`: an opening that is older than the last one is void. */
  private unmounts = 0;

  constructor(options: api.Options) {
    // Without some functions nothing can be checked; an opening reports that.
    const { copy, wrong, ignored }: Checked = missingNative()
      ? { copy: options, wrong: undefined, ignored: [] }
      : checkOptions(options);
    this.options = copy || {};
    logIgnored(this.options, ignored);
    if (wrong) throw isLoop() ? codedError("SDK_INIT_PARAMETER_ERROR", wrong) : this.report("SDK_INIT_PARAMETER_ERROR", wrong);
    loadWhenIdle();
  }

  static preload(options?: api.IPreloadOptions): void {
    // On a server, and where an opening reports that a function is missing.
    if (missingNative()) return;
    const { copy, wrong } = checkOptions(options, false);
    if (wrong) throw codedError("SDK_INIT_PARAMETER_ERROR", wrong);
    load()
      .then(({ preload }) => copy.gateway && preload(copy.gateway))
      // What fails here fails again, and is reported, when a component is opened.
      .catch(() => {});
  }

  createComponent(params: api.ComponentParams): Promise<void> {
    return this.open(params);
  }

  mountComponent(params: api.ComponentParams, container: string | Element): Promise<void> {
    // `undefined` stands for a component over the page.
    return this.open(params, container === undefined ? null : container);
  }

  canMakePayments(paymentMethod?: string): Promise<boolean> {
    // Of what the original decides here, only the sheet of Apple Pay depends on the device. There is none.
    return Promise.resolve(paymentMethod !== "ApplePay" && !missingNative());
  }

  initSecurity(): void {
    logIgnored(this.options, ["initSecurity has no effect: the SDK takes no fingerprint of the device."]);
  }

  submit(data?: api.SubmitData): Promise<{ code: api.EventCode; message: string }> {
    if (isLoop()) return Promise.resolve({ code: "SDK_DUPLICATE_SUBMISSION_BEHAVIOR", message: LOOP });
    const ignored: string[] = [];
    let address: unknown;
    try {
      address = readSubmit(data, ignored);
    } catch (error) {
      return Promise.reject(codedError("SDK_CREATEPAYMENT_PARAMETER_ERROR", (error as Error).message));
    }
    logIgnored(this.options, ignored);
    return this.afterOpening((guard) => guard.ask((checkout) => checkout.submit(address)), () => {
      const message = "Nothing is open: call createComponent or mountComponent first.";
      throw codedError("SDK_CREATECOMPONENT_ERROR", message);
    });
  }

  validateFields(): Promise<{ isValid: boolean }> {
    return this.afterOpening(
      (guard) => guard.ask((checkout) => checkout.validateFields()),
      () => ({ isValid: false }),
    );
  }

  unmount(): void {
    this.unmounts++;
    this.opening = undefined;
    const { guard } = this;
    if (!guard) return;
    this.guard = undefined;
    guard.enter((checkout) => checkout.unmount());
  }

  private open(params: api.ComponentParams, container?: unknown): Promise<void> {
    if (isLoop()) return Promise.reject(codedError("SDK_CREATECOMPONENT_ERROR", LOOP));
    const missing = missingNative();
    if (missing) return Promise.reject(this.cannotStart(`${missing} is missing in this browser, or was replaced`));
    // Before any callback, which may call `unmount`.
    const { unmounts } = this;
    const ignored: string[] = [];
    let read: any;
    try {
      read = readParams(params, ignored);
    } catch (error) {
      return Promise.reject(this.report("SDK_CREATEPAYMENT_PARAMETER_ERROR", (error as Error).message));
    }
    read.isFromClick = isInClick();
    logIgnored(this.options, ignored);
    // A script in the head may come before the body, in which a component over the page goes.
    const loaded = load().then((engine) => (container === undefined ? body().then(() => engine) : engine));
    const opened = loaded.then(
      (engine) => {
        // `unmount` came first: nothing was opened, and there is nothing to report.
        if (unmounts !== this.unmounts) return undefined;
        // In one step: the instance of an opening that is refused is freed before the next step.
        let guard: Guard;
        try {
          guard = this.guard || this.start(engine);
        } catch (error) {
          // An engine without `Set`, for example.
          throw this.cannotStart(describe(error));
        }
        return guard.ask<void>((checkout) => checkout.open(read, container));
      },
      (error) => {
        const thrown = describe(error);
        // As the engines write it: Chromium and WebKit name the directive, Firefox writes CSP.
        const isPolicy = /CSP|content security|unsafe-eval/i.test(thrown);
        const remedy = "the page's policy blocks WebAssembly: add 'wasm-unsafe-eval' to its script-src";
        throw this.cannotStart(isPolicy ? `${remedy} (${thrown})` : thrown);
      },
    );
    // A second opening while the first one is under way is refused, and nothing waits for it.
    if (!this.opening) {
      const settled = () => {
        if (this.opening === waiting) this.opening = undefined;
      };
      const waiting: Promise<unknown> = opened.then(settled, settled);
      this.opening = waiting;
    }
    return opened;
  }

  private start(engine: Engine): Guard {
    const guard: Guard = new Guard(
      (error) => this.die(guard, error),
      () => {
        if (this.guard === guard) this.guard = undefined;
      },
    );
    this.guard = guard;
    guard.start(engine, this.options);
    return guard;
  }

  /** Calls the module after the opening that is under way has settled. */
  private afterOpening<T>(call: (guard: Guard) => Promise<T>, nothingIsOpen: () => T): Promise<T> {
    return Promise.resolve(this.opening).then(() => (this.guard ? call(this.guard) : nothingIsOpen()));
  }

  /** Handles a trap of the module: removes the component and restores the page's own state. */
  private die(guard: Guard, error: unknown): void {
    const message = `Internal error: ${describe(error)}. The component was removed; ask your server for the payment's state before you offer to pay again.`;
    // Not the guard of an opening that followed an `unmount`.
    if (this.guard === guard) {
      this.guard = this.opening = undefined;
      this.unmounts++;
    }
    guard.cleanUp(codedError("SDK_INTERNAL_ERROR", message));
    this.report("SDK_INTERNAL_ERROR", message);
  }

  private cannotStart(reason: string): api.KassaError {
    return this.report("SDK_INTERNAL_ERROR", `The SDK could not start: ${reason}.`);
  }

  private report(code: api.EventCode, message: string): api.KassaError {
    const error = codedError(code, message);
    const { onError, onEventCallback } = this.options;
    for (const callback of [onError, onEventCallback] as ((event: object) => void)[]) {
      try {
        if (callback) callback({ code, message, stack: error.stack });
      } catch (thrown) {
        log(this.options, "CALLBACK_THREW", describe(thrown));
      }
    }
    return error;
  }
}

/** Whether the page is handling a click of the buyer's. */
function isInClick(): boolean {
  const { event } = window;
  return !!event && event.isTrusted && event.type === "click";
}

const LOOP = "Ignored: more than 100 calls without a pause. Does a callback call on each event?";

/** How many openings and submits of the whole page may follow each other without a pause. */
const MOST_CALLS = 100;

let calls = 0;

/**
 * Counts a call that can cause an event. A callback that calls again on each event would otherwise go on
 * for ever, and the page would never draw, nor take input: promises leave it no moment for that.
 */
function isLoop(): boolean {
  if (!calls++) setTimeout(() => (calls = 0), 0);
  return calls > MOST_CALLS;
}

/** Resolves when the document has a body. Not with an event: a body comes long before a slow page's end. */
function body(): Promise<void> {
  return new Promise((resolve) => {
    const look = () => (document.body ? resolve() : setTimeout(look, 50));
    look();
  });
}

// The original's default export has the same methods.
export default AMSCashierPayment;

// The published types and the class must not drift apart.
AMSCashierPayment satisfies typeof api.AMSCashierPayment;
