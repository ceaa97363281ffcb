//! What the shop sells, and orders of it.

use serde::{Deserialize, Serialize};

use super::notify::Manners;
use super::options::Options;
use super::outcomes::{Choice, Kind};
use crate::domain::method::{Method, Terminal};
use crate::domain::money::Money;

/// Something to buy. Prices are sen, a hundredth of a ringgit.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Product {
    /// Part of the form field's name.
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) price: u64,
}

/// The sticker costs the amount that the sandbox's risk control refuses.
pub(super) const PRODUCTS: [Product; 4] = [
    Product {
        id: "beans",
        name: "Coffee beans",
        about: "250 g, roasted in Ipoh this week",
        price: 4200,
    },
    Product { id: "mug", name: "Enamel mug", about: "350 ml, for desk and tent", price: 2850 },
    Product { id: "filter", name: "Paper filters", about: "100 pieces, size 02", price: 990 },
    Product { id: "sticker", name: "Sticker", about: "One, for the laptop", price: 11 },
];

/// The most of one product in an order.
pub(super) const MOST: u64 = 20;

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) quantity: u64,
    pub(super) total: String,
}

/// An order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) id: String,
    pub(super) request_id: String,
    pub(super) client_id: String,
    pub(super) session_data: String,
    pub(super) method: String,
    pub(super) total: String,
    pub(super) lines: Vec<Line>,
    #[serde(flatten)]
    pub(super) options: Options,
    /// What should happen.
    #[serde(default)]
    pub(super) choice: Choice,
    /// The form that it was made with.
    #[serde(default)]
    pub(super) form: Vec<(String, String)>,
    #[serde(default)]
    pub(super) notify: Manners,
}

/// The fields of a form.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a [(String, String)]);

impl<'a> Fields<'a> {
    /// The first field of this name, without blanks around it, unless it is empty.
    pub(super) fn filled(self, name: &str) -> Option<&'a str> {
        let found = self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.trim());
        found.filter(|value| !value.is_empty())
    }

    /// Whether a box of this name is ticked.
    pub(super) fn on(self, name: &str) -> bool {
        self.filled(name).is_some_and(|value| value != "false")
    }
}

/// What the form on the first page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wish {
    pub(super) lines: Vec<Line>,
    pub(super) total: Money,
    pub(super) method: Method,
    pub(super) options: Options,
    pub(super) choice: Choice,
}

impl Wish {
    /// Reads the form. Prices come from the shop, never from the form. `terminal` is the buyer's.
    ///
    /// # Errors
    /// With words for the buyer.
    pub(super) fn read(form: &[(String, String)], terminal: Terminal) -> Result<Self, String> {
        let fields = Fields(form);
        let mut basket = Vec::new();
        for product in &PRODUCTS {
            let quantity: u64 = match fields.filled(&format!("qty_{}", product.id)) {
                None => 0,
                Some(number) => {
                    number.parse().ok().filter(|quantity| *quantity <= MOST).ok_or_else(|| {
                        format!("{}: choose a quantity from 0 to {MOST}.", product.name)
                    })?
                }
            };
            if quantity > 0 {
                basket.push((product, quantity));
            }
        }
        if basket.is_empty() {
            return Err("Your basket is empty: choose at least one thing.".to_owned());
        }
        let method = fields.filled("method").unwrap_or("CARD");
        let method = Method::parse(method).ok_or("Choose a way to pay.")?;
        let choice = Choice::read(fields)?;
        let kind = Kind::of(method, terminal);
        if !choice.outcome().fits(kind) {
            return Err(format!(
                "“{}” cannot happen with {} ({}): choose something else that should happen, or \
                 another way to pay.",
                choice.outcome().title(),
                method.display_name(),
                kind.title().to_lowercase()
            ));
        }
        let (lines, total) = bill(&basket, method).ok_or("Choose another way to pay.")?;
        Ok(Self { lines, total, method, options: Options::read(fields)?, choice })
    }
}

/// What the basket costs in the currency of the method. Where that is not the shop's own, one pack
/// of beans costs the method's sample and everything else in proportion. The total is then moved
/// into the method's limits, and the lines with it.
fn bill(basket: &[(&Product, u64)], method: Method) -> Option<(Vec<Line>, Money)> {
    let currency = method.usual_currency();
    let [measure, ..] = &PRODUCTS;
    let sample = match currency {
        HOME => measure.price,
        foreign => method.sample(foreign)?.units(),
    };
    let sen = |(product, quantity): &(&Product, u64)| product.price.saturating_mul(*quantity);
    let whole: u64 = basket.iter().map(sen).sum();
    let total = method.nearest(currency, share(whole, sample, measure.price)?)?;
    let mut left = total.units();
    let mut lines = Vec::new();
    for (index, entry) in basket.iter().enumerate() {
        let (product, quantity) = entry;
        // The last line takes what rounding left over.
        let last = index + 1 == basket.len();
        let part = if last { left } else { share(total.units(), sen(entry), whole)? };
        left = left.saturating_sub(part);
        lines.push(Line {
            id: product.id.to_owned(),
            name: product.name.to_owned(),
            quantity: *quantity,
            total: total.of_same(part).with_code(),
        });
    }
    Some((lines, total))
}

/// `amount * part / whole`, rounded down.
fn share(amount: u64, part: u64, whole: u64) -> Option<u64> {
    let product = u128::from(amount) * u128::from(part);
    product.checked_div(u128::from(whole)).and_then(|share| u64::try_from(share).ok())
}

/// The shop's own currency.
const HOME: &str = "MYR";

/// An amount in the shop's currency.
pub(super) fn ringgit(sen: u64) -> Money {
    Money { currency: HOME.to_owned(), value: sen.to_string() }
}

#[cfg(test)]
mod tests {
    use super::super::options::{Display, Integration};
    use super::*;
    use crate::domain::method;

    fn read(form: &[(&str, &str)]) -> Result<Wish, String> {
        let form: Vec<_> = form.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Wish::read(&form, Terminal::Web)
    }

    #[test]
    fn a_form_becomes_an_order() {
        let wish = read(&[
            ("qty_beans", "2"),
            ("qty_sticker", "1"),
            ("price_beans", "1"),
            ("method", "ONLINEBANKING_FPX"),
            ("integration", "cdn"),
            ("stay", "on"),
        ])
        .unwrap();
        assert_eq!(wish.total.value, "8411");
        let lines: Vec<_> = wish.lines.iter().map(|line| &*line.total).collect();
        assert_eq!(lines, ["MYR 84.00", "MYR 0.11"]);
        let options = wish.options;
        assert_eq!((options.integration, options.stay), (Integration::Cdn, true));
        assert_eq!((options.display, options.own_button), (Display::Popup, false));
    }

    #[test]
    fn bad_forms_are_refused() {
        for form in [
            &[][..],
            &[("qty_beans", "0")],
            &[("qty_beans", "-1")],
            &[("qty_beans", "21")],
            &[("qty_beans", "1.5")],
            &[("qty_beans", "99999999999999999999")],
            &[("qty_beans", "1"), ("method", "CASH")],
            &[("qty_beans", "1"), ("theme", "pink")],
            &[("qty_beans", "1"), ("outcome", "code-expires")],
        ] {
            assert!(read(form).is_err(), "{form:?}");
        }
    }

    #[test]
    fn every_basket_fits_every_method() {
        let baskets: [&[(&str, &str)]; 4] = [
            &[("qty_beans", "1")],
            &[("qty_sticker", "1")],
            &[("qty_filter", "3"), ("qty_mug", "2")],
            &[("qty_beans", "20"), ("qty_mug", "20"), ("qty_filter", "20"), ("qty_sticker", "20")],
        ];
        for method in method::all().unwrap() {
            for basket in baskets {
                let form = [basket, &[("method", method.as_str())]].concat();
                let wish = read(&form).unwrap();
                assert!(method.check(&wish.total).is_ok(), "{basket:?} {:?}", wish.total);
            }
        }
        let form = [("qty_beans", "1"), ("method", "KAKAOPAY")];
        assert_eq!(read(&form).unwrap().total.with_code(), "KRW 50");
    }
}
