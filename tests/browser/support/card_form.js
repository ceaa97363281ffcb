// The card form's side of the protocol, driven by a test in the page above.

window.cardForm = {
  /** How often the page has sent its port. */
  welcomes: 0,
  /** The messages over the port. */
  received: [],
  port: undefined,

  /** Posts from this window, so that it is the message's source. */
  post(message, origin) {
    parent.postMessage(message, origin);
  },

  /** Sends over the port. */
  send(message) {
    this.port.postMessage(message);
  },
};

addEventListener("message", ({ data, ports: [port] }) => {
  if (data.t !== "kassa:welcome") return;
  window.cardForm.welcomes += 1;
  window.cardForm.port = port;
  port.onmessage = (event) => window.cardForm.received.push(event.data);
});
