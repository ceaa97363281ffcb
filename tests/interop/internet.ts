// The part of the internet that a payment needs, on this machine: a proxy that has the merchant's page,
// the gateways of all regions (each is the sandbox) and the place of the original's checkout app. The
// browser reaches every other host through the proxy too, and there is none: no request leaves the
// machine. Browsers reach the sandbox itself directly, because it listens on loopback addresses.

import { readFileSync } from "node:fs";
import { createServer, request as send, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

/** The merchant's origin. */
export const MERCHANT = "https://merchant.example";
/** The SDKs: `/<name>/` is the merchant's page with that one. */
export type Sdk = "original" | "kassa";

/** Hosts of the original's gateways in its file `config/request.js`, which are also those of Kassa. */
const GATEWAYS = ["imgs-sea-global", "imgs-na-global", "imgs-de-global", "imgs-qk", "imgs-id", "imgs-sa"];
/** Folder of the original's checkout app, which its package frames and does not contain. */
const CHECKOUT_APP = "https://ac.alipay.com/page/antom-web-checkout/src/component-app/CASHIER_PAYMENT_";

const file = (path: string) => readFileSync(new URL(path, import.meta.url));

const SDKS: Record<Sdk, string> = {
  original: "node_modules/@alipay/ams-checkout/dist/umd/ams-checkout.min.js",
  kassa: "../../dist/kassa.js",
};

/** A call of the client protocol. */
export interface Call {
  /** `com.ipay.…`: the header `Operation-Type`. */
  operation: string;
  origin: string | undefined;
  /** The object of the request's array. */
  request: any;
  answer: any;
}

/** A line of the merchant's page: an event, an error, or how the promise settled. */
export interface Note {
  at: number;
  text: string;
}

export interface Internet {
  /** Address of the proxy. */
  proxy: string;
  calls: Call[];
  /** Origins of the preflights for a gateway. */
  preflights: string[];
  /** The lines of the merchant's page so far, in order. */
  notes: () => string[];
  close: () => Promise<void>;
}

/** Starts the internet. `gateway` is the address of the sandbox's gateway. */
export async function start(gateway: string): Promise<Internet> {
  const calls: Call[] = [];
  const preflights: string[] = [];
  const notes: Note[] = [];

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", `https://${request.headers.host}`);
    const respond = (type: string, body: string | Buffer) =>
      response.writeHead(200, { "content-type": `${type}; charset=utf-8`, "cache-control": "no-store" }).end(body);
    const [, folder, name] = url.pathname.split("/");
    if (url.origin === MERCHANT && url.pathname === "/notes") {
      notes.push(JSON.parse(await text(request)));
      response.writeHead(204).end();
    } else if (url.origin === MERCHANT && folder !== undefined && folder in SDKS) {
      if (name === "sdk.js") respond("text/javascript", file(SDKS[folder as Sdk]));
      else respond("text/html", file("pages/merchant.html"));
    } else if (GATEWAYS.some((host) => url.href === `https://${host}.alipay.com/mgw.htm`)) {
      await forward(request, response);
    } else if (url.href.startsWith(CHECKOUT_APP)) {
      respond("text/html", file("pages/checkout-app.html"));
    } else {
      response.destroy();
    }
  };

  // The original's bytes reach the sandbox, and the sandbox's headers the browser.
  const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const headers = { ...request.headers, host: new URL(gateway).host };
    const sent = send(`${gateway}/mgw.htm`, { method: request.method, headers });
    sent.on("error", () => response.destroy());
    sent.on("response", async (received) => {
      const answer = await text(received);
      response.writeHead(received.statusCode ?? 502, received.headers).end(answer);
      if (request.method === "OPTIONS") {
        preflights.push(String(request.headers.origin));
      } else {
        calls.push({
          operation: String(request.headers["operation-type"]),
          origin: request.headers.origin,
          request: JSON.parse(body)[0],
          answer: JSON.parse(answer),
        });
      }
    });
    sent.end(body);
  };

  // Made for the sandbox's tests; nobody trusts it.
  const certificate = file("../../crates/sandbox/tests/data/tls-localhost.pem");
  const server = createTlsServer({ cert: certificate, key: certificate }, answer);
  const proxy = createServer((_, response) => response.destroy());
  const tunnels = new Set<Duplex>();
  proxy.on("connect", (request, socket) => {
    tunnels.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => tunnels.delete(socket));
    if (!request.url?.endsWith(":443")) {
      socket.destroy();
      return;
    }
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    server.emit("connection", socket);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));

  return {
    proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    calls,
    preflights,
    notes: () => notes.sort((one, other) => one.at - other.at).map((note) => note.text),
    close: async () => {
      proxy.closeAllConnections();
      tunnels.forEach((tunnel) => tunnel.destroy());
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

async function text(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
