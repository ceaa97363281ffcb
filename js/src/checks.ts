// What merchants pass, checked before anything else happens. Every refusal names the option, what
// was given and what is accepted.

import type { EventCode, KassaError } from "./kassa";

/** An error that carries one of the contract's codes. */
export function failure(code: EventCode, message: string): KassaError {
  return Object.assign(new Error(message), { code });
}

type Kind = "boolean" | "function" | "object" | "string";

/** `name: kind`, or `name: [the accepted texts]`. */
export type Rules = Record<string, Kind | readonly string[]>;

export const OPTIONS: Rules = {
  environment: ["sandbox", "prod"],
  locale: "string",
  gateway: "string",
  nonce: "string",
  analytics: "object",
  onEventCallback: "function",
  onError: "function",
  onLog: "function",
  onClose: "function",
  onSizeChanged: "function",
};

export const ANALYTICS: Rules = { enabled: "boolean" };

export const PARAMS: Rules = {
  sessionData: "string",
  appearance: "object",
  notRedirectAfterComplete: "boolean",
  isAppWebview: "boolean",
  merchantAppointParam: "object",
};

export const APPEARANCE: Rules = {
  showLoading: "boolean",
  showSubmitButton: "boolean",
  theme: ["default", "night"],
  variables: "object",
  layout: "object",
};

/** What a value is, without quoting what may be secret. */
function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  const type = typeof value;
  return (type === "object" ? "an " : "a ") + type;
}

/** What is wrong with an object, or nothing. Absent members are fine unless `required` names them. */
export function problem(
  path: string,
  object: unknown,
  rules: Rules,
  required?: string,
): string | undefined {
  if (typeof object !== "object" || object === null || Array.isArray(object)) {
    return `${path} must be an object, but ${describe(object)} was given.`;
  }
  for (const name of Object.keys(rules)) {
    const rule = rules[name] as Kind | readonly string[];
    const value = (object as Record<string, unknown>)[name];
    if (value === undefined && name !== required) continue;
    const known = typeof rule !== "string";
    if (known ? rule.indexOf(value as string) < 0 : typeof value !== rule || value === null) {
      const accepted = known ? rule.map((text) => `"${text}"`).join(" or ") : `a ${rule}`;
      const given = known && typeof value === "string" ? `"${value.slice(0, 40)}"` : describe(value);
      return `${path}.${name} must be ${accepted}, but ${given} was given.`;
    }
  }
  return undefined;
}

/** The gateway's base address without a slash at its end, or undefined when it may not be one. */
export function gatewayBase(address: string): string | undefined {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return undefined;
  }
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  const safe = url.protocol === "https:" || (url.protocol === "http:" && loopback);
  if (!safe || url.username || url.search || url.hash) return undefined;
  return url.origin + url.pathname.replace(/\/+$/, "");
}
