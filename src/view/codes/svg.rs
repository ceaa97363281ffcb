//! Codes as SVG.

use kassa_core::text_tools::{digits, fill};
use kassa_dom::{append, set_attribute, set_attributes};
use wasm_bindgen::UnwrapThrowExt;
use web_sys::{Document, Element};

const NAMESPACE: &str = "http://www.w3.org/2000/svg";
/// About how wide a QR code is, in CSS pixels: whole pixels for each module keep its edges sharp.
const QR_WIDTH: u32 = 240;
/// Width of a barcode's module where there is room, in CSS pixels.
const BAR_WIDTH: u32 = 2;
/// Attributes of every image.
const COMMON: [(&str, &str); 2] = [("shape-rendering", "crispEdges"), ("role", "img")];
/// Attributes of a barcode, which fills its height and keeps its width.
const BARS: [(&str, &str); 2] = [("class", "bars"), ("preserveAspectRatio", "none")];
/// Attributes of a QR code, which stays square.
const QR: [(&str, &str); 2] = [("class", "qr"), ("preserveAspectRatio", "xMidYMid")];

/// What is drawn. Lengths are modules of the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbol {
    /// A barcode with its quiet zones.
    Barcode {
        /// Length of the symbol; it is one module high.
        width: u32,
    },
    /// A QR code with its quiet zone.
    Qr {
        /// Length of a side.
        side: u32,
    },
}

/// A code to be scanned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Drawing {
    pub(super) symbol: Symbol,
    pub(super) path: Path,
}

/// The dark modules, as the path of an SVG.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Path(String);

impl Drawing {
    /// The drawing as an image with a name. It is black on white in every theme, as scanners
    /// expect.
    pub(super) fn render(&self, document: &Document, name: &str) -> Element {
        let (width, height, scale, looks) = match self.symbol {
            Symbol::Barcode { width } => (width, 1, BAR_WIDTH, BARS),
            Symbol::Qr { side } => (side, side, QR_WIDTH.div_ceil(side), QR),
        };
        let svg = element(document, "svg", &COMMON);
        set_attributes(&svg, &looks);
        let (pixels, width, height) = (digits(width * scale), digits(width), digits(height));
        set_attribute(&svg, "viewBox", &fill("0 0 {} {}", &[&width, &height]));
        set_attribute(&svg, "width", &pixels);
        set_attribute(&svg, "aria-label", name);
        let ground = element(document, "rect", &[("fill", "#fff")]);
        set_attribute(&ground, "width", &width);
        set_attribute(&ground, "height", &height);
        let dark = element(document, "path", &[("fill", "#000")]);
        set_attribute(&dark, "d", &self.path.0);
        append(&svg, &[&ground, &dark]);
        svg
    }
}

impl Path {
    /// Adds dark modules side by side.
    pub(super) fn push_run(&mut self, x: u32, y: u32, width: u32) {
        let width = digits(width);
        for part in ["M", &digits(x), " ", &digits(y), "h", &width, "v1h-", &width, "z"] {
            self.0.push_str(part);
        }
    }

    /// Dark modules side by side: x, y and how many.
    #[cfg(test)]
    #[cfg(not(target_arch = "wasm32"))]
    pub(super) fn runs(&self) -> Vec<(u32, u32, u32)> {
        let run = |run: &str| {
            let (x, rest) = run.split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (width, rest) = rest.split_once("v1h-").unwrap();
            assert_eq!(rest, format!("{width}z"));
            (x.parse().unwrap(), y.parse().unwrap(), width.parse().unwrap())
        };
        self.0.split('M').skip(1).map(run).collect()
    }
}

fn element(document: &Document, tag: &str, attributes: &[(&str, &str)]) -> Element {
    let element = document.create_element_ns(Some(NAMESPACE), tag).unwrap_throw();
    set_attributes(&element, attributes);
    element
}
