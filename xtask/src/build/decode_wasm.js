// The end of the script that `embed_wasm.rs` writes. The beginning defines `module`. It calls no
// method of an array: libraries of the page may have replaced them.

/**
 * Returns a function that reads the next number of a text. Each character is a digit: printable
 * ASCII without quote and backslash, 93 of them. After a digit of `limit` or more comes another.
 */
function reader(numbers) {
  const text = numbers[0];
  const limit = numbers[1];
  let at = 0;
  return () => {
    let digit;
    let number = 0;
    let unit = 1;
    do {
      const code = text.charCodeAt(at++);
      digit = code - 32 - (code > 34) - (code > 92);
      number += digit * unit;
      unit *= 93 - limit;
    } while (digit >= limit);
    return number;
  };
}

/** Returns the bytes of the module. */
export default function bytes() {
  const parts = module();
  const { length, head, tail, functions, frequent } = parts;
  const out = new Uint8Array(length);
  let end = 0;

  const order = [];
  const isFrequent = [];
  for (let n = 0; n < frequent.length; n++) isFrequent[(order[n] = frequent[n])] = true;
  for (let byte = 0; byte < 256; byte++) if (!isFrequent[byte]) order[order.length] = byte;
  const index = reader(parts.bytes);
  const byte = () => order[index()];
  const copy = (count) => {
    for (; count > 0; count--) out[end++] = byte();
  };

  // As in every module: seven bits to a byte. In the last one, a sign is the bit of value 64.
  const write = (number, sign) => {
    for (; number < -sign || number > 127 - sign; number = (number - (number & 127)) / 128) {
      out[end++] = (number & 127) | 128;
    }
    out[end++] = number & 127;
  };

  const prefixes = [];
  for (let left = parts.prefixes; left > 0; left--) {
    const bytes = [];
    for (let left = byte(); left > 0; left--) bytes[bytes.length] = byte();
    prefixes[prefixes.length] = { bytes, kind: byte(), numbers: byte() };
  }
  const code = reader(parts.code);
  const next = [];
  for (let kind = 0; kind < parts.numbers.length; kind++) next[kind] = reader(parts.numbers[kind]);

  copy(head);
  for (let left = functions; left > 0; left--) {
    const start = end;
    for (let it = code(); it > 0; it = code()) {
      const { bytes, kind, numbers } = prefixes[it - 1];
      for (let n = 0; n < bytes.length; n++) out[end++] = bytes[n];
      for (let n = 0; n < numbers; n++) {
        const number = next[kind]();
        if (kind === 0) write(number | 0, 64);
        else write(number, 0);
      }
    }
    out[end++] = 0x0b;
    // The size of a function comes before it.
    const body = out.slice(start, end);
    end = start;
    write(body.length, 0);
    out.set(body, end);
    end += body.length;
  }
  copy(tail);
  return out;
}
