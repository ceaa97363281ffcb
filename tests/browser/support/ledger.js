// Records listeners, timers, observers of sizes and message ports that were added since the start and
// not removed.

export class Ledger {
  #live = [];
  #undo = [];

  start() {
    const live = this.#live;
    const remove = (is) => {
      const at = live.findIndex(is);
      if (at >= 0) live.splice(at, 1);
    };
    const nameOf = (target) => target?.constructor?.name ?? "Window";

    this.#replace(EventTarget.prototype, "addEventListener", (original) => {
      return function (type, listener, options) {
        live.push({ name: `${nameOf(this)} ${type}`, target: this, type, listener });
        return original.call(this, type, listener, options);
      };
    });
    this.#replace(EventTarget.prototype, "removeEventListener", (original) => {
      return function (type, listener, options) {
        remove((it) => it.target === this && it.type === type && it.listener === listener);
        return original.call(this, type, listener, options);
      };
    });
    this.#replace(window, "setTimeout", (original) => (run, after) => {
      const timer = { name: `timeout ${after}` };
      const id = original(() => {
        remove((it) => it === timer);
        run();
      }, after);
      timer.timer = id;
      live.push(timer);
      return id;
    });
    this.#replace(window, "setInterval", (original) => (run, every) => {
      const id = original(run, every);
      live.push({ name: `interval ${every}`, timer: id });
      return id;
    });
    for (const name of ["clearTimeout", "clearInterval"]) {
      this.#replace(window, name, (original) => (id) => {
        remove((it) => it.timer !== undefined && it.timer === id);
        original(id);
      });
    }
    this.#replace(ResizeObserver.prototype, "observe", (original) => {
      return function (element) {
        live.push({ name: "ResizeObserver", target: this });
        return original.call(this, element);
      };
    });
    this.#replace(ResizeObserver.prototype, "disconnect", (original) => {
      return function () {
        remove((it) => it.target === this);
        return original.call(this);
      };
    });
    this.#replace(MessagePort.prototype, "start", (original) => {
      return function () {
        live.push({ name: "MessagePort", port: this });
        return original.call(this);
      };
    });
    this.#replace(MessagePort.prototype, "close", (original) => {
      return function () {
        remove((it) => it.port === this);
        return original.call(this);
      };
    });
  }

  stop() {
    for (const undo of this.#undo.splice(0)) undo();
  }

  live() {
    return this.#live.map(({ name }) => name).sort();
  }

  #replace(object, name, make) {
    const original = object[name];
    object[name] = make(original);
    this.#undo.push(() => {
      object[name] = original;
    });
  }
}
