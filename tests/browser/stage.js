// A bridge that only writes down what the module asks of it.

const NAMES = [
  "abort",
  "call",
  "cancel",
  "close_window",
  "closed",
  "draw",
  "event",
  "guard",
  "log",
  "navigate",
  "open_form",
  "open_frame",
  "open_window",
  "selected",
  "send",
  "settle",
  "teardown",
  "timer",
];

export class Stage {
  constructor() {
    this.heard = [];
    /** What else happens while a hook runs, given its name and the event's code. */
    this.during = () => {};
    for (const name of NAMES) {
      this[name] = (...given) => {
        this.heard.push([name, ...given]);
        this.during(name, name === "event" ? JSON.parse(given[0]).code : "");
        return name === "navigate";
      };
    }
  }

  decoded(encoded) {
    try {
      return JSON.parse(atob(encoded));
    } catch {
      return undefined;
    }
  }

  /** What was heard since the last time: names, and the codes of events. */
  take() {
    const names = this.heard.map(([name, given]) =>
      name === "event" ? JSON.parse(given).code : name,
    );
    this.heard = [];
    return names.join(" ");
  }

  /** One argument of the last time that a hook was used, and of its JSON one member if named. */
  last(name, argument, member) {
    const used = this.heard.filter(([other]) => other === name).pop();
    if (!used) return undefined;
    const given = used[argument + 1];
    if (!member) return given;
    return member.split(".").reduce((value, part) => value && value[part], JSON.parse(given));
  }

  /** Runs a piece of script once, when an event of this code or a hook of this name is heard. */
  when(trigger, script, scope) {
    const names = Object.keys(scope);
    const run = new Function(...names, script);
    this.during = (name, code) => {
      if (name !== trigger && code !== trigger) return;
      this.during = () => {};
      run(...names.map((key) => scope[key]));
    };
  }
}
