// The desk: forms of payment methods and codes to scan. A file of its own with a module of its own,
// `dist/kassa-desk.js`, which the SDK loads when a session needs it.
//
// What crosses between the two files has no name that begins with an underscore: those are shortened
// in each file by itself.

export { codes, type Codes } from "./codes";
export { form, type Link, type Packet } from "./form";
