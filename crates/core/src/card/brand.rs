//! Card brands, and their detection by the first digits of a number.

/// A card scheme whose numbers can be recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brand {
    /// American Express.
    AmericanExpress,
    /// Diners Club.
    Diners,
    /// Discover.
    Discover,
    /// Elo, Brazil.
    Elo,
    /// Hiper, Brazil.
    Hiper,
    /// Hipercard, Brazil.
    Hipercard,
    /// JCB.
    Jcb,
    /// Maestro.
    Maestro,
    /// Mastercard.
    Mastercard,
    /// Mir.
    Mir,
    /// Naranja, Argentina.
    Naranja,
    /// Troy, Türkiye.
    Troy,
    /// UnionPay.
    UnionPay,
    /// Verve, Nigeria.
    Verve,
    /// Visa.
    Visa,
}

/// The rules of one brand.
struct BrandRules {
    brand: Brand,
    /// The brand's name for people.
    name: &'static str,
    /// `CardBrand` of the gateway's API; for the three brands it does not list, their own name.
    wire: &'static str,
    /// Leading digits, separated by blanks. `650846-50` is the range 650846 to 650850: the tail
    /// replaces as many last digits. Text, because it is both easier to review and smaller in
    /// wasm than pairs of numbers.
    prefixes: &'static str,
    /// Bit n is set when a number may have n digits.
    lengths: u32,
}

/// The brands, in the order of precedence between equally long prefixes: a brand with a few ranges
/// inside another brand's wide range comes first.
///
/// Source: the schemes' published issuer ranges, as collected in the project's rules on cards.
#[rustfmt::skip]
const BRANDS: [BrandRules; 15] = [
    BrandRules { brand: Brand::Visa, name: "Visa", wire: "VISA", prefixes: "4", lengths: 1 << 16 | 1 << 18 | 1 << 19 },
    BrandRules { brand: Brand::Mastercard, name: "Mastercard", wire: "MASTERCARD", prefixes: "51-5 2221-9 223-9 23-6 270-1 2720", lengths: 1 << 16 },
    BrandRules { brand: Brand::AmericanExpress, name: "American Express", wire: "AMEX", prefixes: "34 37", lengths: 1 << 15 },
    BrandRules { brand: Brand::Diners, name: "Diners Club", wire: "DINERS", prefixes: "300-5 36 38 39", lengths: 1 << 14 | 1 << 16 | 1 << 19 },
    BrandRules { brand: Brand::Discover, name: "Discover", wire: "DISCOVER", prefixes: "6011 644-9 65", lengths: 1 << 16 | 1 << 19 },
    BrandRules { brand: Brand::Jcb, name: "JCB", wire: "JCB", prefixes: "1800 2131 3528-89", lengths: 0b1111 << 16 },
    BrandRules { brand: Brand::UnionPay, name: "UnionPay", wire: "CUP", prefixes: UNION_PAY, lengths: 0b11_1111 << 14 },
    BrandRules { brand: Brand::Mir, name: "Mir", wire: "MIR", prefixes: "2200-4", lengths: 0b1111 << 16 },
    BrandRules { brand: Brand::Troy, name: "Troy", wire: "TROY", prefixes: TROY, lengths: 1 << 16 },
    BrandRules { brand: Brand::Verve, name: "Verve", wire: "VERVE", prefixes: VERVE, lengths: 1 << 16 | 1 << 18 | 1 << 19 },
    BrandRules { brand: Brand::Naranja, name: "Naranja", wire: "NARANJA", prefixes: "402918 527572 589562", lengths: 1 << 16 },
    BrandRules { brand: Brand::Hiper, name: "Hiper", wire: "HIPER", prefixes: "637095 637568 637599 637609 637612 63737423 63743358", lengths: 1 << 16 },
    BrandRules { brand: Brand::Hipercard, name: "Hipercard", wire: "HIPERCARD", prefixes: "606282", lengths: 1 << 16 },
    BrandRules { brand: Brand::Elo, name: "Elo", wire: "ELO", prefixes: ELO, lengths: 1 << 16 },
    BrandRules { brand: Brand::Maestro, name: "Maestro", wire: "MAESTRO", prefixes: "493698 500000-4174 504176-6698 506779-8999 56-9 63 67", lengths: 0b1111_1111 << 12 },
];

const UNION_PAY: &str = "620 62100-82 62184-97 62200-5 622010-999 62207-9 623-6 6270 6272 6276 \
    627700-79 627781-99 6282-9 6291 6292 810 8110-71";

const ELO: &str = "401178-9 431274 438935 451416 457393 457631-2 504175 506699-778 509000-999 627780 \
    636297 636368 650031-3 650035-51 650405-39 650485-538 650541-98 650700-18 650720-7 650901-78 \
    651652-79 655000-19 655021-58";

const VERVE: &str = "506099-127 506129 506133-50 506158-63 506166 506168 506170 506173 506176-80 \
    506184 506187-8 506191 506195 506197 507865-6 507868-77 507880-8 507900 507941";

const TROY: &str = "9792 650052 650082-3 650092 650161 650170 650173 650175 650268 650271 650273-4 \
    650456-7 650836 650846-50 650923 650987 650990 654997 657366 657998 658758 658767-8 65083700-4 \
    65085800-4 65085900-1 65086000 65086100-5 65086200-3 65875000-3 65875009 65875101-4 65875200 \
    65875501 65875601 65875900 65876000-2 65876100-3 65876110 65876115-6 65876200-1 65876500 \
    65876504-5 65876600-2 65877100-1 65877600-2 65877700 65877801-2 65878200-2 65878300-11 \
    65878400-5 65878500-5 65878600-1 65879800 65880800 65880900";

/// Lengths of a number whose brand is not known, 12 to 19 digits.
const ANY_LENGTH: u32 = 0b1111_1111 << 12;

/// Number of digits from which on a number that begins with 6 and matches no prefix is taken for
/// Maestro: the length of the longest prefix, so that the brand shown does not change to and fro
/// while the buyer types.
const ENOUGH_FOR_A_GUESS: usize = 8;

impl Brand {
    /// The brand of a number, or of the beginning of one, in ASCII digits: that of the longest
    /// matching prefix. `None` is no error: many cards are in no public table.
    #[must_use]
    pub fn of(digits: &str) -> Option<Self> {
        let digits = digits.as_bytes();
        let mut found = None;
        let mut longest = 0;
        for rules in &BRANDS {
            for prefix in rules.prefixes.as_bytes().split(|b| *b == b' ') {
                let length = matched(prefix, digits);
                if length > longest {
                    longest = length;
                    found = Some(rules.brand);
                }
            }
        }
        // Maestro has every other number that begins with 6.
        let guess = digits.first() == Some(&b'6') && digits.len() >= ENOUGH_FOR_A_GUESS;
        found.or(guess.then_some(Self::Maestro))
    }

    /// The brand's name for people, such as `American Express`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.rules().map_or("", |rules| rules.name)
    }

    /// The brand's name in the gateway's API (`CardBrand`), such as `AMEX`.
    #[must_use]
    pub fn wire(self) -> &'static str {
        self.rules().map_or("", |rules| rules.wire)
    }

    /// The brand with this name in the gateway's API.
    #[must_use]
    pub fn from_wire(wire: &str) -> Option<Self> {
        BRANDS.iter().find(|rules| rules.wire == wire).map(|rules| rules.brand)
    }

    /// How many digits the security code has: 4 on the front of an American Express card, else 3.
    #[must_use]
    pub fn cvc_length(self) -> usize {
        if self == Self::AmericanExpress { 4 } else { 3 }
    }

    /// Whether every number of the brand carries the check digit of ISO/IEC 7812-1. UnionPay has
    /// issued cards without.
    #[must_use]
    pub fn has_check_digit(self) -> bool {
        self != Self::UnionPay
    }

    /// After how many digits a printed number has a gap.
    pub(super) fn gaps(brand: Option<Self>) -> &'static [usize] {
        match brand {
            Some(Self::AmericanExpress | Self::Diners) => &[4, 10],
            _ => &[4, 8, 12],
        }
    }

    /// The allowed lengths as bits.
    pub(super) fn lengths(brand: Option<Self>) -> u32 {
        brand.and_then(Self::rules).map_or(ANY_LENGTH, |rules| rules.lengths)
    }

    fn rules(self) -> Option<&'static BrandRules> {
        BRANDS.iter().find(|rules| rules.brand == self)
    }
}

/// How many leading digits match the prefix or range: all of its digits, or 0.
fn matched(prefix: &[u8], digits: &[u8]) -> usize {
    let dash = prefix.iter().position(|b| *b == b'-').unwrap_or(prefix.len());
    let (low, tail) = prefix.split_at(dash);
    let tail = tail.get(1..).unwrap_or_default();
    let Some(head) = digits.get(..dash) else { return 0 };
    // Digits of one length compare as text in the order of their numbers.
    let (stem, end) = head.split_at(dash.saturating_sub(tail.len()));
    let inside = if tail.is_empty() {
        head == low
    } else {
        low.starts_with(stem) && head >= low && end <= tail
    };
    if inside { dash } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_well_formed() {
        for rules in &BRANDS {
            assert_eq!(rules.brand.rules().unwrap().name, rules.name);
            assert_eq!(Brand::from_wire(rules.wire), Some(rules.brand));
            for prefix in rules.prefixes.split(' ') {
                let (low, tail) = prefix.split_once('-').unwrap_or((prefix, ""));
                assert!((1..=ENOUGH_FOR_A_GUESS).contains(&low.len()), "{prefix}");
                assert!(low.bytes().chain(tail.bytes()).all(|b| b.is_ascii_digit()), "{prefix}");
                assert!(
                    tail.is_empty() || low.split_at(low.len() - tail.len()).1 < tail,
                    "{prefix}"
                );
            }
        }
    }

    #[test]
    fn range_ends_are_inside_and_their_neighbours_are_not() {
        let inside = |prefix: &str, digits: &str| matched(prefix.as_bytes(), digits.as_bytes());
        for (prefix, digits, length) in [
            ("4", "4", 1),
            ("4", "", 0),
            ("51-5", "51", 2),
            ("51-5", "559", 2),
            ("51-5", "50", 0),
            ("51-5", "56", 0),
            ("51-5", "41", 0),
            ("51-5", "5", 0),
            ("2221-720", "2220", 0),
            ("2221-720", "2221", 4),
            ("2221-720", "27209", 4),
            ("2221-720", "2721", 0),
            ("506099-127", "506098", 0),
            ("506099-127", "506127", 6),
            ("506099-127", "506128", 0),
        ] {
            assert_eq!(inside(prefix, digits), length, "{prefix} {digits}");
        }
    }
}
