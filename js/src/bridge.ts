// The module's way to the merchant: events, promises, money, style. What a merchant's callback
// throws is caught here, told to `onLog`, and changes nothing else.

import css from "kassa-style";

import { failure } from "./checks";
import type { EventCode, KassaEvent, Options } from "./kassa";

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** The methods without an underscore are called from the module. */
export class Bridge {
  private _pending = new Map<number, Pending>();
  private _last = 0;
  private _host: Element | undefined;
  /** Whether the module has control. A trap leaves it so. */
  _inside = false;

  constructor(
    private _options: Options,
    private _language: string,
  ) {}

  event(event: KassaEvent, isError: boolean): void {
    const { onEventCallback, onError } = this._options;
    if (onEventCallback) this._guard("onEventCallback", () => onEventCallback(event));
    if (isError && onError) this._guard("onError", () => onError(event));
  }

  settle(ticket: number, good: boolean, code?: EventCode, message?: string): void {
    const pending = this._pending.get(ticket);
    this._pending.delete(ticket);
    if (!pending) return;
    if (code && !good) pending.reject(failure(code, message || code));
    else pending.resolve(code ? { code, message } : { isValid: good });
  }

  inside(inside: boolean): void {
    this._inside = inside;
  }

  log(code: string, message: string): void {
    const { onLog } = this._options;
    if (!onLog) return;
    try {
      onLog({ code, message });
    } catch {
      // The log is where failures are told; its own has no place left.
    }
  }

  closed(): void {
    const { onClose } = this._options;
    if (onClose) this._guard("onClose", () => onClose());
  }

  resized(width: number, height: number): void {
    const { onSizeChanged } = this._options;
    if (onSizeChanged) this._guard("onSizeChanged", () => onSizeChanged({ width, height }));
  }

  money(currency: string, decimal: string, digits: number): string {
    try {
      return new Intl.NumberFormat(this._language, {
        style: "currency",
        currency,
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
        // Newer engines take the text as it is, so that no digit of a large amount is lost.
      }).format(decimal as unknown as number);
    } catch {
      return currency + " " + decimal;
    }
  }

  style(root: ShadowRoot): void {
    this._host = root.host;
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      root.adoptedStyleSheets = [sheet];
    } catch {
      // Engines without constructable style sheets.
      const style = document.createElement("style");
      if (this._options.nonce) style.nonce = this._options.nonce;
      style.textContent = css;
      root.appendChild(style);
    }
  }

  /** A promise and the ticket by which the module will settle it. */
  _ticket<T>(): [number, Promise<T>] {
    const ticket = ++this._last;
    const promise = new Promise<T>((resolve, reject) => {
      this._pending.set(ticket, { resolve: resolve as (value: unknown) => void, reject });
    });
    return [ticket, promise];
  }

  /** The module is dead: whoever waits must not wait for ever, and the page gets itself back. */
  _abandon(error: Error): void {
    if (this._host) this._host.remove();
    this._host = undefined;
    const pending = Array.from(this._pending.values());
    this._pending.clear();
    for (const { reject } of pending) reject(error);
  }

  private _guard(name: string, callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.log("CALLBACK_THREW", `${name} threw: ${String(error)}`);
    }
  }
}
