// The card frame: meeting it once, and speaking with it over a port of our own from then on.

// The words of the handshake, and the one message that is for the screen alone. As in
// `crates/core/src/frame.rs`, where all the others are.
const HELLO = "kassa:hello";
const WELCOME = "kassa:welcome";
const RESIZED = "resized";

// What a frame of 3DS says once its part is over.
const DONE = "kassa:3ds";

/** What both sides say: a tag and members that are text. */
export interface Packet {
  t: string;
  [member: string]: string;
}

/** A frame's address: it is told whom it may speak to. */
export function frameAddress(address: string): string {
  return address + "#" + encodeURIComponent(location.origin);
}

export class FrameLink {
  private _port: MessagePort | undefined;
  private _waiting: Packet[] = [];
  private _gateway: string;

  constructor(
    private _frame: HTMLIFrameElement,
    private _heard: (packet: unknown) => void,
  ) {
    this._gateway = new URL(_frame.src).origin;
    addEventListener("message", this._greeted);
  }

  _send(packet: Packet): void {
    if (this._port) this._port.postMessage(packet);
    else this._waiting.push(packet);
  }

  _close(): void {
    removeEventListener("message", this._greeted);
    if (this._port) this._port.close();
  }

  /** Only our own frame's window, on the gateway's origin, with the right word; and only once. */
  private _greeted = ({ source, origin, data }: MessageEvent): void => {
    const other = this._frame.contentWindow;
    if (this._port || !other || source !== other || origin !== this._gateway) return;
    if (!data || data.t !== HELLO) return;
    const { port1, port2 } = new MessageChannel();
    other.postMessage({ t: WELCOME }, this._gateway, [port2]);
    this._port = port1;
    port1.addEventListener("message", ({ data }) => {
      // The form's height is nobody's decision: it goes straight to the screen.
      if (data && data.t === RESIZED) this._frame.style.height = Math.min(+data.height, 2000) + "px";
      else this._heard(data);
    });
    port1.start();
    for (const packet of this._waiting) port1.postMessage(packet);
  };
}

/** A frame of 3DS has one thing to say. */
export class WindowLink {
  private _gateway: string;

  constructor(
    private _frame: HTMLIFrameElement,
    private _heard: (packet: Packet) => void,
  ) {
    this._gateway = new URL(_frame.src).origin;
    addEventListener("message", this._said);
  }

  _close(): void {
    removeEventListener("message", this._said);
    this._frame.remove();
  }

  /** Only our own frame's window, on the gateway's origin. */
  private _said = ({ source, origin, data }: MessageEvent): void => {
    const other = this._frame.contentWindow;
    if (!other || source !== other || origin !== this._gateway) return;
    if (data && data.t === DONE) this._heard({ t: DONE });
  };
}
