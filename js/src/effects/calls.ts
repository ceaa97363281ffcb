// Calls to the gateway. What an answer means is the module's to say; here it only becomes an object.

/** What came back from a call; `body` is whatever the text says, if it is JSON. */
export interface Reply {
  http: number;
  resultStatus: string | null;
  trace: string | null;
  body: unknown;
}

export class Calls {
  private _running = new Map<number, AbortController | undefined>();

  /** `answered` hears of each call once, without a reply when it broke; of an aborted one never. */
  constructor(private _answered: (id: number, reply?: Reply) => void) {}

  _send(id: number, url: string, headers: object, body: string, credentials: boolean): void {
    // Browsers that cannot abort let the call run into nothing.
    const abort = typeof AbortController === "function" ? new AbortController() : undefined;
    this._running.set(id, abort);
    const answered = (reply?: Reply) => {
      if (this._running.delete(id)) this._answered(id, reply);
    };
    // Inside a promise, because a page may have put a `fetch` of its own there that throws.
    new Promise<Response>((resolve) => {
      const init: RequestInit = {
        method: "POST",
        headers: Object.assign(
          { "Content-Type": "application/json", "Client-Time": String(Date.now()) },
          headers,
        ),
        // The protocol takes an array of one.
        body: "[" + body + "]",
        cache: "no-store",
        referrerPolicy: "origin",
        credentials: credentials ? "include" : "omit",
      };
      if (abort) init.signal = abort.signal;
      resolve(fetch(url, init));
    })
      .then((response) => response.text().then((text) => read(response, text)))
      // Two arguments rather than `catch`: what breaks in `answered` is not the call's failure.
      .then(answered, () => answered());
  }

  _abort(id: number): void {
    const abort = this._running.get(id);
    this._running.delete(id);
    if (abort) abort.abort();
  }

  _abortAll(): void {
    this._running.forEach((_, id) => this._abort(id));
  }
}

function read({ status, headers }: Response, text: string): Reply {
  return {
    http: status,
    resultStatus: headers.get("Result-Status"),
    trace: headers.get("Mgw-TraceId"),
    body: parse(text),
  };
}

/** What a text means as JSON; nothing when it is none. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
