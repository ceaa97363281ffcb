//! Codes as paths of SVG.

use kassa_core::small::digits;

use crate::{code128, qr};

/// Modules that must stay light around a QR code (ISO/IEC 18004, section 5.3.8).
const QUIET_QR: usize = 4;
/// Modules that must stay light at both ends of a barcode (ISO/IEC 15417, section 4.4).
const QUIET_BARCODE: usize = 10;

pub(crate) fn qr(text: &str) -> Option<String> {
    let symbol = qr::encode(text.as_bytes())?;
    let mut path = headed(symbol.size + 2 * QUIET_QR);
    for y in 0..symbol.size {
        let mut run = 0;
        // One past the edge is light and ends the last run.
        for x in 0..=symbol.size {
            if symbol.is_dark(x, y) {
                run += 1;
            } else if run > 0 {
                push_run(&mut path, QUIET_QR + x - run, QUIET_QR + y, run);
                run = 0;
            }
        }
    }
    Some(path)
}

pub(crate) fn barcode(text: &str) -> Option<String> {
    let widths = code128::widths(text)?;
    let total = widths.iter().map(|width| usize::from(*width)).sum::<usize>();
    let mut path = headed(total + 2 * QUIET_BARCODE);
    let mut x = QUIET_BARCODE;
    for (index, width) in widths.iter().enumerate() {
        let width = usize::from(*width);
        // Bars and spaces take turns, beginning with a bar.
        if index % 2 == 0 {
            push_run(&mut path, x, 0, width);
        }
        x += width;
    }
    Some(path)
}

fn headed(size: usize) -> String {
    let mut path = digits(size as u64);
    path.push(' ');
    path
}

/// Modules side by side.
fn push_run(path: &mut String, x: usize, y: usize, width: usize) {
    let width = digits(width as u64);
    for part in ["M", &digits(x as u64), " ", &digits(y as u64), "h", &width, "v1h-", &width, "z"] {
        path.push_str(part);
    }
}
