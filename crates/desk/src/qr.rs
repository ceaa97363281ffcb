//! QR codes (ISO/IEC 18004) of bytes, in levels M and L.
//!
//! An encoder of our own: the crate `qrcodegen`, which tests compare with it, is 7.9 KB of what a
//! buyer downloads (brotli), this one a third of that. It leaves out what codes of payment methods do not use:
//! modes other than bytes, and levels Q and H.

/// A module is dark.
const DARK: u8 = 1;
/// A module is no data: patterns, and what says how to read.
const FIXED: u8 = 2;

/// Error correction codewords per block, and blocks, of versions 1 to 40 (table 9 of the standard).
const MEDIUM: (&[u8; 40], &[u8; 40]) = (
    &[
        10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28,
        28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
    ],
    &[
        1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23,
        25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
    ],
);
const LOW: (&[u8; 40], &[u8; 40]) = (
    &[
        7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30,
        30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
    &[
        1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13,
        14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25,
    ],
);

/// A symbol without its quiet zone.
pub struct Symbol {
    /// Modules of a side.
    pub size: usize,
    /// 1 to 40.
    pub version: usize,
    /// Level L rather than M.
    pub low: bool,
    /// Which of the eight masks.
    pub mask: usize,
    cells: Vec<u8>,
}

/// The smallest symbol of a text: with medium correction, which withstands a reflection on a screen,
/// or with low where there is none. `None` when no symbol takes so much.
#[must_use]
pub fn encode(text: &[u8]) -> Option<Symbol> {
    for low in [false, true] {
        let (lengths, counts) = if low { LOW } else { MEDIUM };
        for (index, (length, count)) in lengths.iter().zip(counts).enumerate() {
            let version = index + 1;
            let (length, count) = (usize::from(*length), usize::from(*count));
            let room = codewords(version) - length * count;
            // Half a byte of mode and as much of an end are around count and text.
            let counted = if version < 10 { 1 } else { 2 };
            if text.len() + counted < room {
                let data = data(text, counted, room);
                let mut symbol = Symbol::blank(version, low);
                symbol.fill(&interleave(&data, codewords(version), length, count));
                symbol.choose_mask();
                return Some(symbol);
            }
        }
    }
    None
}

/// How many codewords of both kinds a version has.
fn codewords(version: usize) -> usize {
    let mut modules = (16 * version + 128) * version + 64;
    if version > 1 {
        let patterns = version / 7 + 2;
        modules -= (25 * patterns - 10) * patterns - 55;
        if version > 6 {
            modules -= 36;
        }
    }
    modules / 8
}

/// Mode, count, text, end, and what fills the rest.
fn data(text: &[u8], counted: usize, room: usize) -> Vec<u8> {
    let count = text.len();
    // Mode "bytes" is half a byte, so everything after it is shifted by that.
    let mut half = 0b0100;
    let mut data = Vec::new();
    let mut push = |byte: u8| {
        data.push(half << 4 | byte >> 4);
        half = byte & 15;
    };
    if counted > 1 {
        push((count >> 8) as u8);
    }
    push((count & 255) as u8);
    for byte in text {
        push(*byte);
    }
    data.push(half << 4);
    let mut filler = 0xec;
    while data.len() < room {
        data.push(filler);
        filler ^= 0xec ^ 0x11;
    }
    data
}

/// Splits data into blocks, gives each its correction, and takes from the blocks in turn.
fn interleave(data: &[u8], total: usize, length: usize, count: usize) -> Vec<u8> {
    let generator = generator(length);
    let short = total / count - length;
    // The last blocks are one longer, so that the last turn is theirs alone.
    let even = count - total % count;
    let mut out = vec![0; total];
    let mut put = |at: usize, byte: &u8| {
        if let Some(place) = out.get_mut(at) {
            *place = *byte;
        }
    };
    let mut rest = data;
    for block in 0..count {
        let Some((head, tail)) = rest.split_at_checked(short + usize::from(block >= even)) else {
            break;
        };
        for (turn, byte) in head.iter().enumerate() {
            put(turn * count + block - if turn == short { even } else { 0 }, byte);
        }
        for (turn, byte) in correction(head, &generator).iter().enumerate() {
            put(data.len() + turn * count + block, byte);
        }
        rest = tail;
    }
    out
}

/// Product in the field of 256 elements, modulo x⁸ + x⁴ + x³ + x² + 1.
fn product(a: u8, b: u8) -> u8 {
    let mut out = 0;
    for bit in (0..8).rev() {
        let carry = (out >> 7) * 0x1d;
        let term = (a >> bit & 1) * b;
        out = (out << 1) ^ carry ^ term;
    }
    out
}

/// The polynomial with the roots 1, 2, 4 … without its first coefficient, which is 1.
fn generator(length: usize) -> Vec<u8> {
    let mut generator = Vec::new();
    let mut root = 1;
    for _ in 0..length {
        // Times (x - root): from each coefficient goes what the next higher one is times the root.
        generator.push(0);
        let mut higher = 1;
        for coefficient in &mut generator {
            let own = *coefficient;
            *coefficient ^= product(higher, root);
            higher = own;
        }
        root = product(root, 2);
    }
    generator
}

/// The remainder of data divided by the generator.
fn correction(data: &[u8], generator: &[u8]) -> Vec<u8> {
    let mut rest = vec![0; generator.len()];
    for byte in data {
        let factor = byte ^ rest.first().copied().unwrap_or_default();
        // All move up by one, from the end.
        let mut next = 0;
        for (cell, coefficient) in rest.iter_mut().zip(generator).rev() {
            let own = *cell;
            *cell = next ^ product(*coefficient, factor);
            next = own;
        }
    }
    rest
}

impl Symbol {
    /// Everything that is no data, with places for the format.
    fn blank(version: usize, low: bool) -> Self {
        let size = version * 4 + 17;
        let mut symbol = Self { size, version, low, mask: 0, cells: vec![0; size * size] };
        for at in 0..size {
            symbol.fix(at, 6, at % 2 == 0);
            symbol.fix(6, at, at % 2 == 0);
        }
        for (x, y) in [(3, 3), (size - 4, 3), (3, size - 4)] {
            symbol.square(x, y, 4, 0b01_0100);
        }
        symbol.align();
        if version > 6 {
            let bits = version << 12 | remainder(version, 12, 0x1f25);
            for bit in 0..18 {
                let (a, b) = (size - 11 + bit % 3, bit / 3);
                symbol.fix(a, b, bits >> bit & 1 == 1);
                symbol.fix(b, a, bits >> bit & 1 == 1);
            }
        }
        symbol.format();
        symbol
    }

    /// Whether a module is dark. Outside of the symbol all are light.
    #[must_use]
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.size && self.cells.get(y * self.size + x).is_some_and(|cell| cell & DARK > 0)
    }

    /// Sets a module that is no data. Outside of the symbol nothing happens.
    fn fix(&mut self, x: usize, y: usize, dark: bool) {
        if x < self.size
            && y < self.size
            && let Some(cell) = self.cells.get_mut(y * self.size + x)
        {
            *cell = FIXED | u8::from(dark);
        }
    }

    /// Squares inside of squares; those at the distances of `light` are light.
    fn square(&mut self, x: usize, y: usize, reach: usize, light: u32) {
        for dy in 0..=2 * reach {
            for dx in 0..=2 * reach {
                let distance = dx.abs_diff(reach).max(dy.abs_diff(reach));
                // Beyond the left or upper edge the place is a very large one.
                let (x, y) = ((x + dx).wrapping_sub(reach), (y + dy).wrapping_sub(reach));
                self.fix(x, y, light >> distance & 1 == 0);
            }
        }
    }

    /// Alignment patterns (annex E of the standard): as even as whole modules allow, from the end.
    fn align(&mut self) {
        if self.version < 2 {
            return;
        }
        let gaps = self.version / 7 + 1;
        // The one version that the rule does not give.
        let step = if self.version == 32 { 26 } else { (self.size - 13).div_ceil(2 * gaps) * 2 };
        let end = self.size - 7;
        let place = |index: usize| if index == 0 { 6 } else { end - (gaps - index) * step };
        for column in 0..=gaps {
            for row in 0..=gaps {
                let (x, y) = (place(column), place(row));
                // Not over the patterns of the corners.
                let corner = (x == 6 && (y == 6 || y == end)) || (x == end && y == 6);
                if !corner {
                    self.square(x, y, 2, 0b010);
                }
            }
        }
    }

    /// Level and mask, twice, and the module that is always dark.
    fn format(&mut self) {
        let data = usize::from(self.low) << 3 | self.mask;
        let bits = (data << 10 | remainder(data, 10, 0x537)) ^ 0x5412;
        let size = self.size;
        for bit in 0..15 {
            let dark = bits >> bit & 1 == 1;
            // Around the corner, leaving out the lines that take turns.
            let (x, y) = match bit {
                0..6 => (8, bit),
                6 | 7 => (8, bit + 1),
                8 => (7, 8),
                _ => (14 - bit, 8),
            };
            self.fix(x, y, dark);
            let (x, y) = if bit < 8 { (size - 1 - bit, 8) } else { (8, size + bit - 15) };
            self.fix(x, y, dark);
        }
        self.fix(8, size - 8, true);
    }

    /// Writes codewords in columns of two, up and down, from the right.
    fn fill(&mut self, codewords: &[u8]) {
        let mut bit = 0;
        let mut up = true;
        let mut right = self.size - 1;
        loop {
            if right == 6 {
                right = 5;
            }
            for line in 0..self.size {
                let y = if up { self.size - 1 - line } else { line };
                for x in [right, right - 1] {
                    let Some(cell) = self.cells.get_mut(y * self.size + x) else { continue };
                    if *cell & FIXED == 0 {
                        // A few modules at the end are left over, and light.
                        let byte = codewords.get(bit / 8).copied().unwrap_or_default();
                        *cell = byte >> (7 - bit % 8) & DARK;
                        bit += 1;
                    }
                }
            }
            if right < 3 {
                return;
            }
            up = !up;
            right -= 2;
        }
    }

    /// Takes the mask after which the symbol is easiest to read.
    fn choose_mask(&mut self) {
        let (mut least, mut best) = (usize::MAX, 0);
        for mask in 0..8 {
            self.toggle(mask);
            let penalty = self.penalty();
            if penalty < least {
                (least, best) = (penalty, mask);
            }
            self.toggle(mask);
        }
        self.toggle(best);
    }

    /// Puts a mask on, or takes it off.
    fn toggle(&mut self, mask: usize) {
        self.mask = mask;
        self.format();
        for (at, cell) in self.cells.iter_mut().enumerate() {
            let (x, y) = (at % self.size, at / self.size);
            let value = match mask {
                0 => (x + y) % 2,
                1 => y % 2,
                2 => x % 3,
                3 => (x + y) % 3,
                4 => (x / 3 + y / 2) % 2,
                5 => x * y % 2 + x * y % 3,
                6 => (x * y % 2 + x * y % 3) % 2,
                _ => ((x + y) % 2 + x * y % 3) % 2,
            };
            if *cell & FIXED == 0 && value == 0 {
                *cell ^= DARK;
            }
        }
    }

    /// How hard the symbol is to read (section 7.8.3 of the standard): long runs, blocks, what looks
    /// like a corner, and imbalance.
    fn penalty(&self) -> usize {
        let size = self.size;
        let mut penalty = 0;
        let mut dark = 0;
        for line in 0..size {
            for across in [false, true] {
                let at = |place| {
                    if across { self.is_dark(place, line) } else { self.is_dark(line, place) }
                };
                let mut run = 0;
                let mut last = 0_u32;
                // Four light modules of the quiet zone count at both ends.
                for place in 0..size + 4 {
                    let now = at(place);
                    if place < size {
                        run = if place > 0 && (last & 1 == 1) == now { run + 1 } else { 1 };
                        penalty += match run {
                            5 => 3,
                            6.. => 1,
                            _ => 0,
                        };
                        let beside =
                            |line| if across { self.is_dark(place + 1, line) } else { false };
                        if across
                            && place + 1 < size
                            && line + 1 < size
                            && [beside(line), self.is_dark(place, line + 1), beside(line + 1)]
                                == [now; 3]
                        {
                            penalty += 3;
                        }
                        dark += usize::from(now && across);
                    }
                    last = (last << 1 | u32::from(now)) & 0xfff;
                    if last == 0b0000_1011_1010 || last == 0b0101_1101_0000 {
                        penalty += 40;
                    }
                }
            }
        }
        // Ten for each whole twentieth away from a half.
        let all = size * size;
        penalty + (dark * 20).abs_diff(all * 10).saturating_sub(1) / all * 10
    }
}

/// What a number's polynomial, shifted by `length`, leaves when it is divided by another.
fn remainder(number: usize, length: usize, divisor: usize) -> usize {
    let mut rest = number;
    for _ in 0..length {
        rest <<= 1;
        if rest >> length & 1 == 1 {
            rest ^= divisor;
        }
    }
    rest
}
