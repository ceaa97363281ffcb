// Time that stands still until a test moves it: timers, the monotonic clock and the system's clock.

/** The clock that runs now. A test that failed may not have stopped its own. */
let running;

/** Some moment of 2026. */
const EPOCH = 1_780_000_000_000;

export class Clock {
  #now = 60_000;
  #systemOffset = 0;
  #lastId = 0;
  #timers = new Map();
  #originals = {};

  start() {
    if (running) running.stop();
    running = this;
    for (const name of ["setTimeout", "setInterval", "clearTimeout", "clearInterval"]) {
      this.#originals[name] = window[name];
    }
    this.#originals.now = Date.now;
    window.setTimeout = (run, after = 0) => this.#add(run, after, undefined);
    window.setInterval = (run, every) => this.#add(run, every, every);
    window.clearTimeout = window.clearInterval = (id) => this.#timers.delete(id);
    Date.now = () => EPOCH + this.#now + this.#systemOffset;
    performance.now = () => this.#now;
  }

  stop() {
    if (running !== this) return;
    running = undefined;
    const { now, ...timers } = this.#originals;
    Object.assign(window, timers);
    Date.now = now;
    delete performance.now;
  }

  /** Runs the timers that become due, in order. */
  advance(milliseconds) {
    const end = this.#now + milliseconds;
    for (;;) {
      const [id, next] = this.#next();
      if (!next || next.at > end) break;
      this.#now = Math.max(this.#now, next.at);
      if (next.every === undefined) this.#timers.delete(id);
      else next.at += next.every;
      next.run();
    }
    this.#now = end;
  }

  /** Sets the system's clock forward, or back. Nothing else moves. */
  setSystemForward(milliseconds) {
    this.#systemOffset += milliseconds;
  }

  #add(run, after, every) {
    this.#lastId += 1;
    this.#timers.set(this.#lastId, { run, every, at: this.#now + after });
    return this.#lastId;
  }

  #next() {
    let first = [];
    for (const entry of this.#timers) {
      if (!first.length || entry[1].at < first[1].at) first = entry;
    }
    return first;
  }
}

/** Stops the clock of a test that failed. */
export function stopClock() {
  if (running) running.stop();
}
