//! The desk: forms of payment methods and codes to scan, for the merchant's page. It is a file of its
//! own that the SDK loads when a session needs one (`js/src/desk`), so that a buyer who is only sent
//! to a bank does not wait for it.
//!
//! * [`shape`], [`read`] and [`describe`] are `kassa_core::form` for JavaScript;
//! * [`qr_path`] and [`barcode`] draw codes, which [`qr`] and [`code128`] encode.
//!
//! Texts go in and texts come out. The DOM is TypeScript's, as in the SDK
//! (`docs/adr/0003-who-does-effects.md`).
//!
//! *Architecture invariant:* the rules about fields are in `kassa-core`; an `if` about values in here
//! is in the wrong room.

pub mod code128;
mod picture;
pub mod qr;

use kassa_core::card::{Change, Edited};
use kassa_core::form::{Fault, Kind, Rules};
use kassa_core::small::digits;
use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(all(target_family = "wasm", not(target_feature = "atomics")))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// What a field of this kind must show after an edit: the caret, a blank, and the text. Carets count
/// UTF-16 code units. `change` is 1 for a deletion towards the start, 2 towards the end, 0 else.
#[wasm_bindgen]
#[must_use]
pub fn shape(kind: &str, before: &str, text: &str, caret: u32, change: u32) -> String {
    let change = match change {
        1 => Change::DeletedBack,
        2 => Change::DeletedForward,
        _ => Change::Entered,
    };
    let edited = Edited { before, text, caret: caret as usize, change };
    let shown = Kind::of(kind).shape(&edited);
    let mut out = digits(shown.caret as u64);
    out.push(' ');
    out.push_str(&shown.text);
    out
}

/// Reads a value: `=` and its wire form, or `?` and what to say of nothing, or `!` and what to say of
/// a wrong value. `options` are values, one a line; `today` is `YYYY-MM-DD`; limits of 0 are none.
#[wasm_bindgen]
#[must_use]
#[allow(clippy::too_many_arguments, reason = "an object would have to be read member by member")]
pub fn read(
    kind: &str,
    mandatory: bool,
    country: &str,
    shortest: u32,
    longest: u32,
    options: &str,
    today: &str,
    text: &str,
) -> String {
    let rules = Rules {
        kind: Kind::of(kind),
        mandatory,
        country,
        shortest: shortest as usize,
        longest: longest as usize,
        options,
        today,
    };
    let (mark, said) = match rules.read(text) {
        Ok(value) => ("=", value),
        Err(fault) => (if fault == Fault::Missing { "?" } else { "!" }, rules.message(fault)),
    };
    let mut out = String::from(mark);
    out.push_str(&said);
    out
}

/// What the browser is told about a field, and its label, one a line: `type`, `inputmode`,
/// `autocomplete`, label.
#[wasm_bindgen]
#[must_use]
pub fn describe(kind: &str, key: &str) -> String {
    let kind = Kind::of(kind);
    let input = kind.input(key);
    let mut out = String::from(input.element);
    for line in [input.mode, input.autocomplete, kind.label()] {
        out.push('\n');
        out.push_str(line);
    }
    out
}

/// A QR code (ISO/IEC 18004) with its quiet zone: the length of its side, a blank, and the path of
/// its dark modules, which are units. Empty when the text is longer than any code takes.
#[wasm_bindgen(js_name = qr)]
#[must_use]
pub fn qr_path(text: &str) -> String {
    picture::qr(text).unwrap_or_default()
}

/// A barcode (Code 128) with its quiet zones: its width, a blank, and the path of its bars, which are
/// one unit high. Empty when it takes other characters than printable ASCII.
#[wasm_bindgen]
#[must_use]
pub fn barcode(text: &str) -> String {
    picture::barcode(text).unwrap_or_default()
}
