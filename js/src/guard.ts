// The part of the SDK that must still work when the wasm module has trapped: every call of the
// module goes through here, and the component is cleaned up here after a trap. The methods that the
// module calls are declared in `src/host_functions.rs`.

import { here } from "./here";
import type { Checkout } from "kassa-wasm";

import type { Engine } from "./load";

export class Guard {
  // Every field has a value from the beginning: without, what a page adds to the prototype of all objects
  // would be read in its place.

  /** Until the module traps, or the instance is released. */
  private checkout: Checkout | undefined = undefined;
  /** How many calls of the module are on the stack. */
  private depth = 0;
  private controller = newController();
  /** The element that the module put into the page. */
  private host: Element | undefined = undefined;
  /** The style sheet, or its element, that keeps the page from scrolling. */
  private lock: { disabled: boolean } | undefined = undefined;
  /** Rejects the promises that the module has not settled. */
  private pending = new Set<(error: Error) => void>();

  /** `broken` is called once, when the module traps; `ended` when nothing is open any more. */
  constructor(
    private broken: (error: unknown) => void,
    private ended: () => void,
  ) {}

  start(engine: Engine, options: object): void {
    try {
      this.checkout = new engine.Checkout(options, this);
    } catch (error) {
      this.broken(error);
    }
  }

  /** Whether the instance is to be freed when the module is no longer being called. */
  private isReleased = false;
  /** The reason why the module can no longer be called. */
  private failure: Error | undefined = undefined;

  /** Calls the module. A trap in it never reaches the caller. */
  enter<T>(call: (checkout: Checkout) => T): T | undefined {
    const { checkout } = this;
    if (!checkout) return undefined;
    this.depth++;
    try {
      return call(checkout);
    } catch (error) {
      // A trap inside of another call has been handled already.
      if (this.checkout) this.broken(error);
      return undefined;
    } finally {
      this.depth--;
      this.free();
    }
  }

  /** Frees the instance when the last call of the module that is on the stack has returned. */
  private free(): void {
    const { checkout } = this;
    if (!this.isReleased || this.depth || !checkout) return;
    this.checkout = this.host = this.lock = undefined;
    checkout.free();
  }

  /** Calls a method of the module that returns a promise. The promise also rejects after a trap. */
  ask<T>(call: (checkout: Checkout) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.pending.add(reject);
      const done = () => this.pending.delete(reject);
      const promise = this.enter(call);
      if (promise) promise.then(resolve, reject).then(done);
      else if (this.failure) reject(this.failure);
    });
  }

  /** Removes what the module put into the page and rejects what is pending. */
  cleanUp(error: Error): void {
    const { checkout, host, lock } = this;
    this.checkout = undefined;
    this.failure = error;
    this.abort();
    if (host) host.remove();
    if (lock) lock.disabled = true;
    this.pending.forEach((reject) => reject(error));
    this.pending.clear();
    try {
      // Listeners and timers, as far as the broken module can still release them.
      if (checkout) checkout.abandon();
    } catch {
      // The others queue inputs that are never handled.
    }
  }

  // Called by the module.

  run(work: () => void): void {
    this.enter(work);
  }

  mounted(host: Element, lock: { disabled: boolean } | undefined): void {
    this.host = host;
    this.lock = lock;
  }

  /**
   * The instance is freed, and the next opening gets another. No garbage collector would free it,
   * because module and JavaScript refer to each other.
   */
  finished(): void {
    this.isReleased = true;
    this.ended();
  }

  get folder(): string | undefined {
    return here.folder;
  }

  signal(): AbortSignal | undefined {
    return this.controller && this.controller.signal;
  }

  abort(): void {
    if (this.controller) this.controller.abort();
    this.controller = newController();
  }
}

/** Without `AbortController`, a request goes on and its answer is ignored. */
function newController(): AbortController | undefined {
  try {
    return new AbortController();
  } catch {
    return undefined;
  }
}
