// What the build puts in the place of these names. Declared here, so that the facade can be checked
// without a build.

declare module "kassa-wasm" {
  export default function init(input: { module_or_path: BufferSource }): Promise<unknown>;
  export class Kassa {
    constructor(config: object, hooks: object);
    open(ticket: number, opening: object, container?: Element): void;
    submit(ticket: number, billingAddress: unknown): void;
    validate(ticket: number): void;
    unmount(): void;
    answered(call: number, reply: unknown): void;
    fired(timer: number): void;
    happened(what: string): void;
    heard(frame: number, packet: unknown): void;
  }
}

declare module "kassa-wasm-bytes" {
  export default function bytes(): Uint8Array<ArrayBuffer>;
}

declare module "kassa-desk-wasm" {
  export default function init(input: { module_or_path: BufferSource }): Promise<unknown>;
  export function shape(kind: string, before: string, text: string, caret: number, change: number): string;
  export function read(
    kind: string,
    mandatory: boolean,
    country: string,
    shortest: number,
    longest: number,
    options: string,
    today: string,
    text: string,
  ): string;
  export function describe(kind: string, key: string): string;
  export function qr(text: string): string;
  export function barcode(text: string): string;
}

declare module "kassa-desk-wasm-bytes" {
  export default function bytes(): Uint8Array<ArrayBuffer>;
}

declare module "kassa-desk-style" {
  const css: string;
  export default css;
}

declare module "kassa-style" {
  const css: string;
  export default css;
}
