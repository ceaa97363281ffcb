// What `import("./kassa-desk.js")` gives: the desk, a file beside the one that imports it.

export { codes, form, type Codes, type Link, type Packet } from "./desk";
