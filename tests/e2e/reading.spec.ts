// How JavaScript reads what merchants pass: any object, each member once, own members only. In Node, without
// a page: `call-shapes.spec.ts` has the values that the original takes, through the whole SDK.

import { expect, test } from "@playwright/test";

import { checkOptions } from "../../js/src/checks";
import { readAnswer, readParams, readSubmit } from "../../js/src/reading";

const SESSION = "c2Vzc2lvbg==&&SG&&188";

/** What an opening reads, without what is absent, and the lines for the log. */
function read(params: unknown): { read: Record<string, unknown>; lines: string[] } {
  const lines: string[] = [];
  return { read: { ...readParams(params, lines) }, lines };
}

/** The message with which something is refused. */
function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing was refused");
}

const refused = (params: unknown) => refusal(() => read(params));

/** An object with a getter. */
function withGetter(name: string, get: () => unknown): object {
  return Object.defineProperty({ sessionData: SESSION }, name, { get, enumerable: true });
}

function throwing(value: unknown): () => never {
  return () => {
    throw value;
  };
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

test("values other than objects are refused, and what may be a secret is not quoted", () => {
  for (const [params, given] of [
    [undefined, "undefined"],
    [null, "null"],
    ["x", '"x"'],
    ["", '""'],
    [SESSION, "a string"],
    ["4111111111111111", "a string"],
    [739, "a number"],
    [7, "7"],
    [true, "true"],
    [[], "an array"],
    [() => {}, "a function"],
    [Symbol("x"), "a symbol"],
    [10n, "a bigint"],
  ] as [unknown, string][]) {
    expect(refused(params)).toBe(`params must be an object, but ${given} was given.`);
  }
});

test("a session of another type is refused by its name", () => {
  expect(refused({})).toBe("params.sessionData must be a string, but undefined was given.");
  expect(refused({ sessionData: 7 })).toBe("params.sessionData must be a string, but 7 was given.");
  expect(refused({ sessionData: null })).toBe("params.sessionData must be a string, but null was given.");
  const other = { sessionData: "", paymentSessionData: true };
  expect(refused(other)).toBe("params.paymentSessionData must be a string, but true was given.");
});

test("a session that is nothing falls back to the other name", () => {
  for (const sessionData of [undefined, null, "", false, 0]) {
    expect(read({ sessionData, paymentSessionData: SESSION }).read.sessionData).toBe(SESSION);
  }
  expect(read({ sessionData: SESSION, paymentSessionData: "x" }).read.sessionData).toBe(SESSION);
});

test("only true sets a flag and only false clears one", () => {
  for (const value of [true, false, "true", "false", 0, 1, null, {}, []]) {
    const given = {
      sessionData: SESSION,
      notRedirectAfterComplete: value,
      isAppWebview: value,
      appearance: { showLoading: value, showSubmitButton: value },
      merchantAppointParam: { storedCard: { needCVV: value } },
    };
    const { read: all, lines } = read(given);
    const flags = ["notRedirectAfterComplete", "isAppWebview", "showLoading", "showSubmitButton", "needCVV"];
    const expected = typeof value === "boolean" ? value : undefined;
    for (const name of flags) expect(all[name], name).toBe(expected);
    expect(lines).toHaveLength(typeof value === "boolean" ? 0 : flags.length);
  }
});

test("a member of another type is ignored with one line, which has the name, what was given and what is accepted", () => {
  const theme = 'params.appearance.theme must be "default" or "night", but';
  for (const [params, line] of [
    [{ isAppWebview: "yes" }, 'params.isAppWebview must be a boolean, but "yes" was given.'],
    [{ appearance: null }, "params.appearance must be an object, but null was given."],
    [{ appearance: [] }, "params.appearance must be an object, but an array was given."],
    [{ appearance: { theme: "pink" } }, `${theme} "pink" was given.`],
    [{ appearance: { theme: SESSION } }, `${theme} a string was given.`],
    [{ appearance: { theme: null } }, `${theme} null was given.`],
    [{ appearance: { layout: {} } }, "params.appearance.layout has no effect, but an object was given."],
    [{ isNativeAppWebview: false }, "params.isNativeAppWebview has no effect, but false was given."],
    [{ merchantAppointParam: "x" }, 'params.merchantAppointParam must be an object, but "x" was given.'],
    [
      { merchantAppointParam: { storedCard: 1 } },
      "params.merchantAppointParam.storedCard must be an object, but 1 was given.",
    ],
  ] as const) {
    const { read: all, lines } = read({ sessionData: SESSION, ...params });
    expect(lines).toEqual([line]);
    // As it is, for the gateway.
    expect(all.merchantAppointParam).toEqual("merchantAppointParam" in params ? params.merchantAppointParam : undefined);
  }
});

test("a getter runs once, and one that throws is named with what it threw", () => {
  let reads = 0;
  read(withGetter("isAppWebview", () => void reads++));
  expect(reads).toBe(1);
  const message = refused(withGetter("isAppWebview", throwing(new Error("not today"))));
  expect(message).toBe("params.isAppWebview could not be read: Error: not today");
  const appearance = withGetter("theme", throwing(new Error("not today")));
  const inner = refused({ sessionData: SESSION, appearance });
  expect(inner).toBe("params.appearance.theme could not be read: Error: not today");
  const bare = refused(withGetter("sessionData", throwing(Object.create(null))));
  expect(bare).toBe("params.sessionData could not be read: a value of type object");
  expect(refused(withGetter("sessionData", throwing("x".repeat(10_000)))).length).toBeLessThan(300);
});

test("frozen objects, instances and proxies are objects, and inherited members do not count", () => {
  const own = { sessionData: SESSION, appearance: { theme: "night" } };
  const inherited = { sessionData: "x", isAppWebview: true, appearance: 7 };
  for (const params of [
    Object.freeze({ ...own }),
    Object.assign(Object.create(inherited), own),
    Object.assign(Object.create(null), own),
    new Proxy(own, {}),
  ]) {
    const { read: all, lines } = read(params);
    expect([all.sessionData, all.theme, all.isAppWebview]).toEqual([SESSION, "night", undefined]);
    expect(lines).toEqual([]);
  }
  expect(refused(Object.create({ sessionData: SESSION }))).toContain("params.sessionData must be a string");
});

test("what a page adds to the prototype of all objects is no option", () => {
  const members = {
    appearance: 7, billingAddress: 7, enabled: 7, gateway: "https://evil.example", isFromClick: true, locale: 7,
    needCVV: true, notRedirectAfterComplete: true, onLog: 7, paymentSessionData: 7, processType: 7, result: "CONTINUE",
    sessionData: 7, storedCard: 7, submitRequestData: 7, theme: "night",
  };
  Object.assign(Object.prototype, members);
  try {
    const lines: string[] = [];
    const given = Object.assign(Object.create(null), { sessionData: SESSION, appearance: {}, merchantAppointParam: {} });
    const all = readParams(given, lines) as Record<string, unknown>;
    expect(all["notRedirectAfterComplete"]).toBe(undefined);
    expect(all["theme"]).toBe(undefined);
    expect(all["needCVV"]).toBe(undefined);
    expect(all["isFromClick"]).toBe(undefined);
    expect(readSubmit({}, lines)).toBe(undefined);
    const answer = readAnswer({}, lines) as Record<string, unknown>;
    expect(answer["result"]).toBe(undefined);
    expect(answer["billingAddress"]).toBe(undefined);
    const { copy, wrong, ignored } = checkOptions({ environment: "prod", analytics: {} });
    expect([copy.gateway, copy.onLog, wrong]).toEqual([undefined, undefined, undefined]);
    expect([...lines, ...ignored]).toEqual([]);
  } finally {
    for (const name of Object.keys(members)) delete (Object.prototype as any)[name];
  }
});

test("a proxy that throws or was revoked is refused where its members are read, and ignored elsewhere", () => {
  const own = new Proxy({ sessionData: SESSION }, { ownKeys: throwing(new Error("no")) });
  expect(refused(own)).toBe("params could not be read: Error: no");
  const got = new Proxy({ sessionData: SESSION }, { get: throwing(new Error("no")) });
  expect(refused(got)).toBe("params.sessionData could not be read: Error: no");
  expect(refused(revoked())).toMatch(/^params could not be read: /);
  expect(refused({ sessionData: SESSION, appearance: revoked() })).toMatch(/^params\.appearance could not be read: /);
  expect(refused({ sessionData: SESSION, merchantAppointParam: revoked() })).toMatch(/^params\.merchantAppointParam /);
  const { lines } = read({ sessionData: SESSION, isAppWebview: revoked() });
  expect(lines).toEqual(["params.isAppWebview must be a boolean, but an object was given."]);
});

test("of the data of a submit, the billing address is read, as far as it is text", () => {
  const cyclic: Record<string, unknown> = {};
  cyclic["itself"] = cyclic;
  for (const city of [cyclic, revoked(), withGetter("x", throwing("no")), ["x"], null, true, () => {}, Symbol("x")]) {
    const lines: string[] = [];
    const address = readSubmit({ billingAddress: { city, region: "MY", zipCode: 50450, other: "x" } }, lines);
    expect({ ...address }).toEqual({ region: "MY", zipCode: 50450 });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^data\.billingAddress\.city must be a string, but /);
  }
  for (const [data, expected] of [
    [undefined, []],
    [{}, []],
    [{ billingAddress: {} }, []],
    ["x", ['data must be an object, but "x" was given.']],
    [null, ["data must be an object, but null was given."]],
    [[], ["data must be an object, but an array was given."]],
    [{ billingAddress: 7 }, ["data.billingAddress must be an object, but 7 was given."]],
  ] as const) {
    const lines: string[] = [];
    expect(readSubmit(data, lines)).toBe(undefined);
    expect(lines).toEqual(expected);
  }
  const city = withGetter("city", throwing(new Error("no such city")));
  const message = refusal(() => readSubmit({ billingAddress: city }, []));
  expect(message).toBe("data.billingAddress.city could not be read: Error: no such city");
});

test("of the answer of onBeforeSubmit, the address and the process type are passed on, and nothing else", () => {
  const lines: string[] = [];
  const answer = readAnswer(
    {
      result: "CONTINUE",
      processType: "PAYMENT",
      submitRequestData: {
        billingAddress: { region: "MY" },
        paymentSessionData: SESSION,
        paymentFactors: { cardToken: "tok_2" },
        amount: 1,
      },
    },
    lines,
  );
  expect(answer).toEqual({ result: "CONTINUE", processType: "PAYMENT", billingAddress: { region: "MY" } });
  expect(lines).toEqual([
    "onBeforeSubmit.submitRequestData.paymentSessionData has no effect, but a string was given.",
    "onBeforeSubmit.submitRequestData.paymentFactors has no effect, but an object was given.",
    "onBeforeSubmit.submitRequestData.amount has no effect, but 1 was given.",
  ]);
  // The module decides over what is no object.
  for (const other of [undefined, null, false, true, "CONTINUE", [], 7]) expect(readAnswer(other, lines)).toBe(other);
  const hostile = withGetter("submitRequestData", throwing(new Error("no")));
  expect(refusal(() => readAnswer(hostile, []))).toBe("onBeforeSubmit.submitRequestData could not be read: Error: no");
});

test("the callbacks that can be called get the error of another option", () => {
  const onError = () => {};
  const { copy, wrong } = checkOptions({ environment: "prod", onClose: 7, onError, onLog: {} });
  expect(wrong).toBe("options.onClose must be a function, but 7 was given.");
  expect({ ...copy }).toEqual({ onError });
  expect(checkOptions({ onError }).wrong).toBe('options.environment must be "sandbox" or "prod", but undefined was given.');
});
