// Reads what merchants pass, at the moment at which they pass it: any object, with getters that throw,
// a proxy, or one of another realm. Each member is read once, own members only. What decides over money
// is refused when it is wrong. Everything else is read as the original reads it: only `true` sets a flag
// and only `false` clears one, and what has another type is ignored, with a line for the log.

import type { Options } from "./kassa";

/** How a message names what has members. */
const OBJECT = "an object";

/** An object that a merchant passed: its own members. */
export class Members {
  private constructor(
    /** How a message names the object. */
    private path: string,
    readonly all: Record<string, unknown>,
    /** Lines for the log. */
    readonly ignored: string[],
  ) {}

  /** Throws an error that names what is no object, or the member that cannot be read. */
  static of(path: string, object: unknown, ignored: string[]): Members {
    return new Members(path, copyOf(path, object), ignored);
  }

  /** Ignores what is no object, and has no members then. */
  static lenient(path: string, object: unknown, ignored: string[]): Members {
    if (kindOf(object) === OBJECT) return Members.of(path, object, ignored);
    if (object !== undefined) ignored.push(mismatch(path, OBJECT, object));
    return new Members(path, Object.create(null), ignored);
  }

  /** An object inside of this one. */
  inner(name: string): Members {
    return Members.lenient(`${this.path}.${name}`, this.all[name], this.ignored);
  }

  flag(name: string): boolean | undefined {
    return this.typed(name, "boolean") as boolean | undefined;
  }

  text(name: string): string | undefined {
    return this.typed(name, "string") as string | undefined;
  }

  /** A member of this type. One of another type is ignored. */
  private typed(name: string, type: string): unknown {
    const value = this.all[name];
    if (typeof value === type) return value;
    this.ignore(name, `a ${type}`);
    return undefined;
  }

  /** Ignores a member that is there. */
  ignore(name: string, accepted: string): void {
    const value = this.all[name];
    if (value !== undefined) this.ignored.push(mismatch(`${this.path}.${name}`, accepted, value));
  }

  /** Ignores members that are known and not used. */
  noEffect(names: string[]): void {
    for (const name of names) {
      const value = this.all[name];
      if (value !== undefined) this.ignored.push(`${this.path}.${name} has no effect, but ${kindOf(value)} was given.`);
    }
  }
}

/**
 * The parameters of an opening, as `src/options.rs` takes them. Without a prototype: the module reads inherited
 * members, too.
 */
export function readParams(given: unknown, ignored: string[]): object {
  const params = Members.of("params", given, ignored);
  const { sessionData, paymentSessionData } = params.all;
  const name = !sessionData && paymentSessionData ? "paymentSessionData" : "sessionData";
  const session = params.all[name];
  if (typeof session !== "string") throw new Error(mismatch(`params.${name}`, "a string", session));
  params.noEffect([
    "appendAliasContainerId",
    "componentSession",
    "configParams",
    "elementProps",
    "isNativeAppWebview",
    "paypalConfiguration",
    "prefillValue",
  ]);
  const appearance = params.inner("appearance");
  appearance.noEffect(["accentColor", "layout", "themeType", "variables"]);
  const { theme } = appearance.all;
  // As it is, and of whichever type, as in the original.
  const param = jsonOf("params.merchantAppointParam", params.all.merchantAppointParam);
  params.all.merchantAppointParam = param;
  if (theme !== "default" && theme !== "night") appearance.ignore("theme", '"default" or "night"');
  return {
    __proto__: null,
    sessionData: session,
    notRedirectAfterComplete: params.flag("notRedirectAfterComplete"),
    isAppWebview: params.flag("isAppWebview"),
    showLoading: appearance.flag("showLoading"),
    showSubmitButton: appearance.flag("showSubmitButton"),
    theme,
    needCVV: params.inner("merchantAppointParam").inner("storedCard").flag("needCVV"),
    merchantAppointParam: param,
  };
}

/** The billing address of `submit`. */
export function readSubmit(data: unknown, ignored: string[]): object | undefined {
  return addressOf(Members.lenient("data", data, ignored));
}

function addressOf(data: Members): object | undefined {
  const address = data.inner("billingAddress");
  const read: Record<string, unknown> = Object.create(null);
  let found: object | undefined;
  for (const name of ["region", "state", "city", "address1", "address2", "zipCode"]) {
    const value = address.all[name];
    if (typeof value === "string" || typeof value === "number") (found = read)[name] = value;
    else address.ignore(name, "a string");
  }
  return found;
}

/**
 * The answer of `onBeforeSubmit`. Of `submitRequestData`, only the billing address reaches the gateway:
 * everything else decides over what is paid, and how.
 */
export function readAnswer(given: unknown, ignored: string[]): unknown {
  // Anything else has no members, and the module decides over it.
  if (kindOf(given) !== OBJECT) return given;
  const answer = Members.of("onBeforeSubmit", given, ignored);
  const data = answer.inner("submitRequestData");
  for (const name of Object.keys(data.all)) {
    if (name !== "billingAddress") data.noEffect([name]);
  }
  return {
    __proto__: null,
    result: answer.all.result,
    processType: answer.text("processType"),
    billingAddress: addressOf(data),
  };
}

/** How many lines may be logged inside of each other: `onLog` may do what is logged again. */
const MOST_NESTED = 8;

let nested = 0;

export function log({ onLog }: Options, code: string, message: string): void {
  if (nested === MOST_NESTED) return;
  nested++;
  try {
    if (onLog) onLog({ code, message });
  } catch {
    // A failure of `onLog` cannot be logged.
  }
  nested--;
}

/** Logs what was ignored. */
export function logIgnored(options: Options, lines: string[]): void {
  for (const line of lines) log(options, "OPTION_IGNORED", line);
}

/** The own members of an object. Throws an error that names the object, or the member that throws. */
function copyOf(path: string, object: unknown): Record<string, unknown> {
  if (kindOf(object) !== OBJECT) throw new Error(mismatch(path, OBJECT, object));
  // Without a prototype: what a page adds to that of all objects is no option.
  const copy: Record<string, unknown> = Object.create(null);
  let name = "";
  try {
    for (name of Object.keys(object as object)) copy[name] = (object as Record<string, unknown>)[name];
  } catch (error) {
    throw new Error(`${path}${name && "."}${name} could not be read: ${describe(error)}`);
  }
  return copy;
}

/**
 * A copy of any value as JSON has it. Not by `JSON.stringify`, which has arrays and plain objects
 * written by the `toJSON` that old libraries add to all of them; that of other types runs. Throws an
 * error that names the value.
 */
function jsonOf(path: string, value: unknown): unknown {
  try {
    return plainCopy(value, 16);
  } catch (error) {
    throw new Error(`${path} could not be read: ${describe(error)}`);
  }
}

function plainCopy(value: any, depth: number): unknown {
  if (typeof value !== "object" || !value) return typeof value === "function" ? undefined : value;
  if (!depth) throw new Error("it is nested more than 16 levels deep");
  const isList = Array.isArray(value);
  const { toJSON } = value;
  if (!isList && typeof toJSON === "function" && toJSON !== ({} as typeof value).toJSON) {
    return plainCopy(value.toJSON(), depth - 1);
  }
  const copy: any = isList ? [] : Object.create(null);
  for (const name of Object.keys(value)) {
    const member = plainCopy(value[name], depth - 1);
    if (member !== undefined) copy[name] = member;
  }
  return copy;
}

/** A thrown value as text; its type where `String()` throws. */
export function describe(error: unknown): string {
  try {
    return String(error).slice(0, 200);
  } catch {
    return `a value of type ${typeof error}`;
  }
}

/** What is wrong with a value, or why it is ignored. */
export function mismatch(path: string, accepted: string, given: unknown): string {
  return `${path} must be ${accepted}, but ${kindOf(given)} was given.`;
}

/** A value in words. What may be a secret, such as a text with digits, is described by its type. */
function kindOf(value: unknown): string {
  try {
    if (Array.isArray(value)) return "an array";
  } catch {
    // A proxy that was revoked.
  }
  const type = typeof value;
  if (!value || type === "string" || type === "number" || value === true) {
    const text = String(value);
    if (/^([a-z_ -]{0,16}|\d)$/i.test(text)) return type === "string" ? `"${text}"` : text;
  }
  return (type === "object" ? "an " : "a ") + type;
}
