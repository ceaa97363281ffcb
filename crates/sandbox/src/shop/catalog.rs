//! The shop's products, and what the form orders of them.

use serde::Serialize;

use super::form::{Fields, FormError};
use super::options::Options;
use super::order::Line;
use super::presets::{Flow, Selection};
use crate::domain::method::{Method, Terminal};
use crate::domain::money::{Currency, Money};

/// A product. Prices are in sen, a hundredth of a ringgit.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Product {
    /// The form field is `qty_<id>`.
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) price: u64,
}

/// The sticker costs the amount that risk control refuses.
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

/// The highest quantity of one product in an order.
pub(super) const MOST: u64 = 20;

/// The order of the first page's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OrderRequest {
    pub(super) lines: Vec<Line>,
    pub(super) total: Money,
    pub(super) method: Method,
    pub(super) options: Options,
    pub(super) selection: Selection,
}

impl OrderRequest {
    /// Reads the form. Prices come from the shop, never from the form. `terminal` is the buyer's.
    ///
    /// # Errors
    /// The field that is wrong.
    pub(super) fn read(form: &[(String, String)], terminal: Terminal) -> Result<Self, FormError> {
        let fields = Fields(form);
        let mut basket = Vec::new();
        for product in &PRODUCTS {
            let wrong = FormError::Quantity { product: product.name, most: MOST };
            let quantity: u64 = match fields.filled(&format!("qty_{}", product.id)) {
                None => 0,
                Some(number) => {
                    number.parse().ok().filter(|quantity| *quantity <= MOST).ok_or(wrong)?
                }
            };
            if quantity > 0 {
                basket.push((product, quantity));
            }
        }
        if basket.is_empty() {
            return Err(FormError::EmptyBasket);
        }
        let method = fields.filled("method").unwrap_or("CARD");
        let method: Method = method.parse().map_err(|_| FormError::Method)?;
        let selection = Selection::read(fields)?;
        let (preset, flow) = (selection.preset(), Flow::of(method, terminal));
        if !preset.fits(flow) {
            return Err(FormError::Combination {
                preset: preset.title(),
                method: method.display_name(),
                flow: flow.title().to_lowercase(),
            });
        }
        let (lines, total) = bill(&basket, method).ok_or(FormError::Amount)?;
        Ok(Self { lines, total, method, options: Options::read(fields)?, selection })
    }

    /// The order in words, for the session's `orderDescription`.
    pub(super) fn description(&self) -> String {
        let lines = self.lines.iter().map(|line| format!("{} × {}", line.quantity, line.name));
        lines.collect::<Vec<_>>().join(", ")
    }
}

/// The prices of the basket in the currency of the method. Where that is not the shop's own, one pack
/// of beans costs the method's sample, and everything else is in proportion. The total is then moved
/// into the method's limits, and the lines with it.
fn bill(basket: &[(&Product, u64)], method: Method) -> Option<(Vec<Line>, Money)> {
    let currency = method.usual_currency();
    let [measure, ..] = &PRODUCTS;
    let sample =
        if currency == Currency::MYR { measure.price } else { method.sample(currency)?.minor };
    let sen = |(product, quantity): &(&Product, u64)| product.price.saturating_mul(*quantity);
    let whole: u64 = basket.iter().map(sen).sum();
    let total = method.nearest(currency, share(whole, sample, measure.price)?)?;
    let mut left = total.minor;
    let mut lines = Vec::new();
    for (index, entry) in basket.iter().enumerate() {
        let (product, quantity) = entry;
        // The last line takes what rounding left over.
        let last = index + 1 == basket.len();
        let part = if last { left } else { share(total.minor, sen(entry), whole)? };
        left = left.saturating_sub(part);
        lines.push(Line {
            id: product.id.to_owned(),
            name: product.name.to_owned(),
            quantity: *quantity,
            total: total.of_same(part).to_string(),
        });
    }
    Some((lines, total))
}

/// `amount * part / whole`, rounded down.
fn share(amount: u64, part: u64, whole: u64) -> Option<u64> {
    let product = u128::from(amount) * u128::from(part);
    product.checked_div(u128::from(whole)).and_then(|share| u64::try_from(share).ok())
}

/// An amount in the shop's currency.
pub(super) fn ringgit(sen: u64) -> Money {
    Money { currency: Currency::MYR, minor: sen }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::method;
    use crate::shop::options::{Display, Integration};

    fn read(form: &[(&str, &str)]) -> Result<OrderRequest, FormError> {
        let form: Vec<_> = form.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        OrderRequest::read(&form, Terminal::Web)
    }

    #[test]
    fn a_form_becomes_an_order() {
        let request = read(&[
            ("qty_beans", "2"),
            ("qty_sticker", "1"),
            ("price_beans", "1"),
            ("method", "ONLINEBANKING_FPX"),
            ("integration", "cdn"),
            ("stay", "on"),
        ])
        .unwrap();
        assert_eq!(request.total.minor, 8411);
        let lines: Vec<_> = request.lines.iter().map(|line| &*line.total).collect();
        assert_eq!(lines, ["MYR 84.00", "MYR 0.11"]);
        let options = request.options;
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
                let request = read(&form).unwrap();
                assert!(method.check(&request.total).is_ok(), "{basket:?} {:?}", request.total);
            }
        }
        let form = [("qty_beans", "1"), ("method", "KAKAOPAY")];
        assert_eq!(read(&form).unwrap().total.to_string(), "KRW 50");
    }
}
