// A form that the desk draws: loading it, and speaking with it in the card frame's words.

import type { Link, Packet } from "../desk";
import { loadDesk } from "../engine";

export class FormLink {
  private _link: Link | undefined;
  private _waiting: Packet[] = [];
  private _closed = false;

  constructor(slot: HTMLElement, elements: string, nonce: string | undefined, heard: (packet: Packet) => void) {
    loadDesk()
      .then((desk) => desk.form(slot, elements, heard, nonce))
      .then(
        (link) => {
          this._link = link;
          if (this._closed) link.close();
          for (const packet of this._waiting) this._send(packet);
        },
        () => {
          if (!this._closed) heard({ t: "missing" });
        },
      );
  }

  _send(packet: Packet): void {
    if (!this._link) {
      this._waiting.push(packet);
      return;
    }
    try {
      this._link.send(packet);
    } catch {
      // A desk that broke says nothing; the machine knows how long to wait for an answer.
    }
  }

  _close(): void {
    this._closed = true;
    if (this._link) this._link.close();
  }
}
