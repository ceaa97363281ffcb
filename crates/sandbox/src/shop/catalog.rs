//! What the shop sells, and orders of it.

use serde::{Deserialize, Serialize};

use super::notify::Manners;
use crate::methods::Method;
use crate::money::Money;

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) id: String,
    pub(super) request_id: String,
    pub(super) client_id: String,
    pub(super) session_data: String,
    pub(super) method: String,
    pub(super) total: String,
    pub(super) lines: Vec<Line>,
    pub(super) integration: Integration,
    pub(super) display: Display,
    pub(super) stay: bool,
    pub(super) own_button: bool,
    pub(super) three_ds: bool,
    #[serde(default)]
    pub(super) notify: Manners,
}

/// How the SDK comes into the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Integration {
    /// As a module from the package.
    #[default]
    Package,
    /// As one script tag.
    Cdn,
}

/// Where the payment is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Display {
    /// Over the page.
    #[default]
    Popup,
    /// In the page.
    Inline,
}

/// What the form on the first page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wish {
    pub(super) lines: Vec<Line>,
    pub(super) total: Money,
    pub(super) method: String,
    pub(super) integration: Integration,
    pub(super) display: Display,
    pub(super) stay: bool,
    pub(super) own_button: bool,
    pub(super) three_ds: bool,
}

impl Wish {
    /// Reads the form. Prices come from the shop, never from the form.
    ///
    /// # Errors
    /// With words for the buyer.
    pub(super) fn read(form: &[(String, String)]) -> Result<Self, String> {
        let field = |name: &str| {
            form.iter().find(|(field, _)| field == name).map(|(_, value)| value.trim())
        };
        let mut lines = Vec::new();
        let mut total = 0_u64;
        for product in &PRODUCTS {
            let text = field(&format!("qty_{}", product.id)).unwrap_or_default();
            let quantity: u64 =
                match text {
                    "" => 0,
                    number => number.parse().ok().filter(|quantity| *quantity <= MOST).ok_or_else(
                        || format!("{}: choose a quantity from 0 to {MOST}.", product.name),
                    )?,
                };
            if quantity > 0 {
                let price = product.price.saturating_mul(quantity);
                total = total.saturating_add(price);
                lines.push(Line {
                    id: product.id.to_owned(),
                    name: product.name.to_owned(),
                    quantity,
                    total: ringgit(price).with_code(),
                });
            }
        }
        if lines.is_empty() {
            return Err("Your basket is empty: choose at least one thing.".to_owned());
        }
        let method = field("method").unwrap_or("CARD");
        if !Method::parse(method).is_some_and(|method| method.takes("MYR")) {
            return Err("Choose a way to pay.".to_owned());
        }
        let on = |name: &str| field(name).is_some_and(|value| value != "false");
        Ok(Self {
            lines,
            total: ringgit(total),
            method: method.to_owned(),
            integration: match field("integration") {
                Some("cdn") => Integration::Cdn,
                Some(_) | None => Integration::Package,
            },
            display: match field("display") {
                Some("inline") => Display::Inline,
                Some(_) | None => Display::Popup,
            },
            stay: on("stay"),
            own_button: on("own_button"),
            three_ds: on("three_ds"),
        })
    }
}

/// An amount in the shop's currency.
pub(super) fn ringgit(sen: u64) -> Money {
    Money { currency: "MYR".to_owned(), value: sen.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: &[(&str, &str)]) -> Result<Wish, String> {
        let form: Vec<_> = form.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Wish::read(&form)
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
        assert_eq!((wish.integration, wish.stay), (Integration::Cdn, true));
        assert_eq!((wish.display, wish.own_button), (Display::Popup, false));
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
        ] {
            assert!(read(form).is_err(), "{form:?}");
        }
    }
}
