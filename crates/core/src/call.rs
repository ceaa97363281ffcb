//! What the page asks of the gateway. The only file that knows the gateway's names for what goes
//! out.

use crate::events::Facts;
use crate::outgoing::{Outgoing, Sink, maybe};
use crate::platform::{Environment, Terminal};

/// Version that is told to the gateway.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Path of the client protocol on a gateway.
pub const PATH: &str = "/mgw.htm";

/// A call, ready to be sent as a JSON array with [`Call::body`] as its one element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Where to: an address that ends in [`PATH`].
    pub url: String,
    /// Value of the `Operation-Type` header.
    pub operation: Operation,
    /// The body.
    pub body: Box<CallBody>,
    /// Whether cookies travel along: with the region's own gateways, as the original does, and
    /// never with a gateway that the merchant named.
    pub credentials: bool,
    /// Whether the sandbox is meant.
    pub environment: Environment,
}

/// The operations of the client protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// How the payment stands. Ours.
    Inquire,
    /// What is to be paid and how it can be.
    Query,
    /// Pay.
    Submit,
}

impl Operation {
    /// Its name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Inquire => "kassa.payment.inquire",
            Self::Query => "com.ipay.iexpcashier.sdkAction.query",
            Self::Submit => "com.ipay.iexpcashier.cashier.submitPayByPaymentSession",
        }
    }
}

impl Call {
    /// The headers beside `Content-Type` and `Client-Time`, which only the shell can fill.
    #[must_use]
    pub fn headers(&self) -> Vec<(&'static str, &'static str)> {
        let mut headers = vec![
            ("Operation-Type", self.operation.name()),
            ("appId", "ANTOM_PAYMENT_WEB"),
            ("workspaceId", "default"),
            ("version", "2.0"),
            ("tntInstId", "ALIPW3SG"),
            ("sdk-version", VERSION),
            ("x-cors-antom_payment_web-default", "1"),
        ];
        if self.environment == Environment::Sandbox {
            headers.push(("load-test", "true"));
            headers.push(("sofaPenAttrs", "instMock=O&loadMode=2"));
        }
        headers
    }
}

/// The one object in a call's array. Members that an operation does not use are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallBody {
    /// The session's id.
    pub session: String,
    /// Query only: `notRedirectAfterComplete`.
    pub stay: Option<bool>,
    /// Submit only.
    pub attempt: Option<Attempt>,
    /// The browser.
    pub browser: Browser,
    /// Locale of the component, a BCP 47 tag.
    pub locale: &'static str,
}

/// An attempt to pay.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attempt {
    /// Ours: the same id gives the same answer and one payment.
    pub id: String,
    /// The payment method's name on the wire.
    pub method: String,
    /// One-time token from the card frame.
    pub card_token: Option<String>,
    /// From the merchant's `submit()`: the members of [`BILLING_ADDRESS`] that it has.
    pub billing_address: Option<Facts>,
}

/// The members of a billing address: ISO 3166 code of the country; ISO 3166-2 part or name, at most
/// 8 characters; 32; 256; 256; 32.
pub const BILLING_ADDRESS: [&str; 6] =
    ["region", "state", "city", "address1", "address2", "zipCode"];

/// The browser's own facts, as the shell reads them. What 3DS and payment methods ask for; no
/// fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Browser {
    /// `navigator.userAgent`.
    pub user_agent: String,
    /// `navigator.language`.
    pub language: String,
    /// `navigator.maxTouchPoints`.
    pub touch_points: i32,
    /// `screen.colorDepth`, bits per pixel.
    pub color_depth: i32,
    /// `screen.width`, CSS pixels.
    pub screen_width: i32,
    /// `screen.height`, CSS pixels.
    pub screen_height: i32,
    /// `new Date().getTimezoneOffset()`, minutes with the sign that JavaScript gives them.
    pub time_zone_offset: i32,
    /// `location.origin + location.pathname`. Never the query: shops keep secrets there.
    pub page: String,
}

impl Outgoing for CallBody {
    fn write(&self, sink: &mut dyn Sink) {
        sink.text("paymentSessionData", &self.session);
        if let Some(stay) = self.stay {
            sink.flag("notRedirectAfterComplete", stay);
        }
        if let Some(attempt) = &self.attempt {
            sink.open("paymentMethod");
            sink.text("paymentMethodType", &attempt.method);
            sink.close();
            sink.open("paymentFactors");
            maybe(sink, "cardToken", attempt.card_token.as_deref());
            if let Some(address) = &attempt.billing_address {
                sink.open("billingAddress");
                address.write(sink);
                sink.close();
            }
            sink.close();
        }
        sink.open("envInfo");
        self.write_browser(sink);
        sink.close();
        sink.open("extParams");
        sink.text("refUrl", &self.browser.page);
        maybe(sink, "attemptId", self.attempt.as_ref().map(|attempt| attempt.id.as_str()));
        sink.close();
    }
}

impl CallBody {
    fn write_browser(&self, sink: &mut dyn Sink) {
        let browser = &self.browser;
        let terminal = Terminal::detect(&browser.user_agent, browser.touch_points);
        let (terminal_type, os_type) = terminal.wire_names();
        sink.text("terminalType", terminal_type);
        maybe(sink, "osType", os_type);
        sink.open("browserInfo");
        // Without the first nobody would be here; the second died with the browsers that had it.
        sink.flag("browserJavaScriptEnabled", true);
        sink.flag("browserJavaEnabled", false);
        sink.text("browserLanguage", &browser.language);
        sink.text("browserUserAgent", &browser.user_agent);
        sink.whole("browserColorDepth", browser.color_depth);
        sink.close();
        sink.text("deviceLanguage", &browser.language);
        sink.whole("screenWidth", browser.screen_width);
        sink.whole("screenHeight", browser.screen_height);
        sink.whole("timeZoneOffset", browser.time_zone_offset);
        // As the original spells it.
        let locale: String = self.locale.chars().map(|c| if c == '-' { '_' } else { c }).collect();
        sink.text("locale", &locale);
    }
}
