// What the module has done by others: the merchant's callbacks and promises, the network, the
// clock, the page. It decides nothing. What a merchant's callback throws is caught here, told to
// `onLog`, and changes nothing else.

import type { Kassa } from "kassa-wasm";

import { failure } from "./checks";
import { Calls, parse } from "./effects/calls";
import { FormLink } from "./effects/form";
import { frameAddress, FrameLink, type Packet, WindowLink } from "./effects/frame";
import { navigate, watchPage } from "./effects/page";
import { Timers } from "./effects/timers";
import type { EventCode, KassaEvent, Options } from "./kassa";
import { Canvas, type Picture } from "./view/canvas";
import { writeMoney } from "./view/money";
import { putStyle } from "./view/style";

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** The methods without an underscore are called from the module: `src/hooks.rs`. */
export class Bridge {
  /** The module's side, from the first opening until it breaks. */
  _kassa: Kassa | undefined;
  private _pending = new Map<number, Pending>();
  private _last = 0;
  private _canvas: Canvas | undefined;
  private _form: FrameLink | FormLink | undefined;
  private _window: WindowLink | undefined;
  private _unwatch: (() => void) | undefined;
  private _calls = new Calls((id, reply) => this._tell((kassa) => kassa.answered(id, reply)));
  private _timers = new Timers((id) => this._tell((kassa) => kassa.fired(id)));

  constructor(
    private _options: Options,
    private _language: string,
    private _broken: (error: unknown) => void,
  ) {}

  event(text: string, isError: boolean): void {
    this._event(JSON.parse(text) as KassaEvent, isError);
  }

  settle(ticket: number, good: boolean, code: EventCode | "", message: string): void {
    const pending = this._pending.get(ticket);
    this._pending.delete(ticket);
    if (!pending) return;
    if (code && !good) pending.reject(failure(code, message || code));
    else pending.resolve(code ? { code, message } : { isValid: good });
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

  selected(paymentMethodType: string): void {
    const { onPaymentMethodSelected } = this._options;
    if (!onPaymentMethodSelected) return;
    this._guard("onPaymentMethodSelected", () => onPaymentMethodSelected({ paymentMethodType }));
  }

  guard(question: number, paymentMethodType: string): void {
    const { onBeforeSubmit } = this._options;
    const answer = (result: unknown) => {
      const text = String(result).slice(0, 40);
      this._tell((kassa) => kassa.guarded(question, text));
    };
    new Promise<{ result: string }>((resolve) => resolve(onBeforeSubmit!({ paymentMethodType }))).then(
      (said) => answer(said && said.result),
      (error) => {
        this.log("CALLBACK_THREW", `onBeforeSubmit threw: ${String(error)}`);
        answer("ERROR");
      },
    );
  }

  /** What base64 says, as an object. */
  decoded(encoded: string): unknown {
    try {
      return parse(atob(encoded));
    } catch {
      return undefined;
    }
  }

  call(id: number, url: string, headers: string, body: string, credentials: boolean): void {
    this._calls._send(id, url, JSON.parse(headers), body, credentials);
  }

  abort(id: number): void {
    this._calls._abort(id);
  }

  timer(id: number, after: number): void {
    this._timers._start(id, after);
  }

  cancel(id: number): void {
    this._timers._cancel(id);
  }

  navigate(address: string): boolean {
    return navigate(address);
  }

  /** Draws into a container, or over the page; the first time decides where. */
  draw(text: string, container: Element | undefined): void {
    const picture = JSON.parse(text) as Picture;
    // A script in the head may open a component before there is a body; the next picture is drawn.
    if (!container && !document.body) return;
    if (!this._canvas) {
      this._canvas = new Canvas(
        container,
        (root) => putStyle(root, this._options.nonce),
        (what) => this._tell((kassa) => kassa.happened(what)),
        (width, height) => this._resized(width, height),
        this._options.nonce,
      );
      this._unwatch = watchPage((what) => this._tell((kassa) => kassa.happened(what)));
    }
    const { currency, decimal, digits } = picture;
    const amount = currency ? writeMoney(this._language, currency, decimal!, digits!) : "";
    this._canvas._draw(picture, amount);
  }

  open_frame(id: number, address: string, title: string): void {
    if (!this._canvas) return;
    const frame = this._canvas._putFrame(frameAddress(address), title);
    this._form = new FrameLink(frame, this._hears(id));
  }

  open_form(id: number, elements: string): void {
    if (!this._canvas) return;
    this._form = new FormLink(this._canvas._slot, elements, this._options.nonce, this._hears(id));
  }

  open_window(id: number, address: string, size: string): void {
    if (!this._canvas) return;
    const frame = this._canvas._putWindow(frameAddress(address), size);
    this._window = new WindowLink(frame, this._hears(id));
  }

  close_window(): void {
    if (this._window) this._window._close();
    this._window = undefined;
  }

  send(packet: string): void {
    if (this._form) this._form._send(JSON.parse(packet) as Packet);
  }

  teardown(): void {
    this.close_window();
    if (this._form) this._form._close();
    if (this._unwatch) this._unwatch();
    // Forgotten first: removing a focused element runs the page's blur handlers.
    const canvas = this._canvas;
    this._form = this._unwatch = this._canvas = undefined;
    if (canvas) canvas._remove();
  }

  _event(event: KassaEvent, isError: boolean): void {
    const { onEventCallback, onError } = this._options;
    if (onEventCallback) this._guard("onEventCallback", () => onEventCallback(event));
    if (isError && onError) this._guard("onError", () => onError(event));
  }

  /**
   * The only way into the module, for the merchant's calls and for what effects report. What is
   * thrown out of it is a trap, or a mistake of ours in here: either way the module is broken, and
   * that must become neither the merchant's exception nor silence.
   */
  _tell(call: (kassa: Kassa) => void): void {
    const kassa = this._kassa;
    if (!kassa) return;
    try {
      call(kassa);
    } catch (error) {
      this._kassa = undefined;
      this._broken(error);
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
    this._calls._abortAll();
    this._timers._cancelAll();
    this.teardown();
    const pending = Array.from(this._pending.values());
    this._pending.clear();
    for (const { reject } of pending) reject(error);
  }

  private _hears(id: number): (packet: unknown) => void {
    return (packet) => this._tell((kassa) => kassa.heard(id, packet));
  }

  private _resized(width: number, height: number): void {
    const { onSizeChanged } = this._options;
    if (onSizeChanged) this._guard("onSizeChanged", () => onSizeChanged({ width, height }));
  }

  private _guard(name: string, callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.log("CALLBACK_THREW", `${name} threw: ${String(error)}`);
    }
  }
}
