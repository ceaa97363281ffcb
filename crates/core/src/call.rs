//! What the page asks of the gateway. The only file that knows the gateway's names for what goes
//! out.

use std::rc::Rc;

use crate::events::Facts;
use crate::fill;
use crate::outgoing::{Outgoing, Sink, maybe, object};
use crate::platform::{Environment, Terminal};
use crate::small::{cut, find};

/// Version that is told to the gateway.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Path of the client protocol on a gateway.
pub const PATH: &str = "/mgw.htm";

/// A call, ready to be sent as a JSON array with what it writes as its one element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Where to: an address that ends in [`PATH`].
    pub url: String,
    /// Value of the `Operation-Type` header.
    pub operation: Operation,
    /// Whether cookies travel along: with the region's own gateways, as the original does, and
    /// never with a gateway that the merchant named.
    pub credentials: bool,
    /// Whether the sandbox is meant.
    pub environment: Environment,
    /// The session's id.
    pub session: String,
    /// `notRedirectAfterComplete`. Only a query tells it.
    pub stay: bool,
    /// Submit only.
    pub attempt: Option<Attempt>,
    /// `threeDSCompInd`, once the 3DS method was called: `Y` when it said that it was done, `N` when
    /// it did not in time. Only an inquiry tells it.
    pub method_done: &'static str,
    /// What the session's metadata and the merchant say.
    pub terms: Rc<Terms>,
    /// The browser.
    pub browser: Rc<Browser>,
    /// Locale of the component, a BCP 47 tag.
    pub locale: &'static str,
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

/// Headers of every call. The last two mark calls to the sandbox.
const HEADERS: [(&str, &str); 8] = [
    ("appId", "ANTOM_PAYMENT_WEB"),
    ("workspaceId", "default"),
    ("version", "2.0"),
    ("tntInstId", "ALIPW3SG"),
    ("sdk-version", VERSION),
    ("x-cors-antom_payment_web-default", "1"),
    ("load-test", "true"),
    ("sofaPenAttrs", "instMock=O&loadMode=2"),
];

impl Call {
    /// The headers beside `Content-Type` and `Client-Time`, which only the shell can fill.
    #[must_use]
    pub fn headers(&self) -> Vec<(&'static str, &'static str)> {
        let count = match self.environment {
            Environment::Prod => HEADERS.len() - 2,
            Environment::Sandbox => HEADERS.len(),
        };
        let mut headers = vec![("Operation-Type", self.operation.name())];
        headers.extend(HEADERS.iter().take(count));
        headers
    }
}

/// What is passed on to the gateway as the JSON that it is; empty where there is nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// `paymentSessionConfig` of the session's metadata, for gateways that want it back.
    pub session_config: String,
    /// `merchantAppointParam`.
    pub appointed: String,
    /// `CARD` when the metadata says so, as the original tells it with a query.
    pub expected: &'static str,
}

/// An attempt to pay.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attempt {
    /// Ours: the same id gives the same answer and one payment.
    pub id: String,
    /// The payment method's name on the wire.
    pub method: String,
    /// Id of the stored card that is paid with, or empty.
    pub stored: String,
    /// What the form came to.
    pub filled: Filled,
    /// From the merchant's `submit()`: the members of [`BILLING_ADDRESS`] that it has.
    pub billing_address: Facts,
}

/// What a form comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Filled {
    /// There was no form.
    #[default]
    Nothing,
    /// One-time token from the card frame.
    Token(String),
    /// Values of the session's elements, a JSON object.
    Values(String),
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

/// Members that an operation does not use are left out.
impl Outgoing for Call {
    fn write(&self, sink: &mut dyn Sink) {
        sink.text("paymentSessionData", &self.session);
        if self.operation != Operation::Inquire {
            pass_on(sink, "paymentSessionConfig", &self.terms.session_config);
        }
        if self.operation == Operation::Query {
            sink.flag("notRedirectAfterComplete", self.stay);
            pass_on(sink, "merchantAppointParam", &self.terms.appointed);
            maybe(sink, "paymentMethodType", self.terms.expected);
        }
        let mut id = "";
        if let Some(attempt) = &self.attempt {
            id = &attempt.id;
            sink.open("paymentMethod");
            sink.text("paymentMethodType", &attempt.method);
            maybe(sink, "paymentMethodId", &attempt.stored);
            sink.close();
            if let Filled::Values(values) = &attempt.filled {
                sink.json("paymentFactors", values);
            } else {
                sink.open("paymentFactors");
                if let Filled::Token(token) = &attempt.filled {
                    sink.text("cardToken", token);
                }
                object(sink, "billingAddress", &attempt.billing_address);
                sink.close();
            }
        }
        sink.open("envInfo");
        self.write_browser(sink);
        sink.close();
        sink.open("extParams");
        sink.text("refUrl", &self.browser.page);
        maybe(sink, "attemptId", id);
        if self.operation == Operation::Inquire {
            maybe(sink, "threeDSCompInd", self.method_done);
        }
        sink.close();
    }
}

/// JSON, where there is any.
fn pass_on(sink: &mut dyn Sink, name: &str, json: &str) {
    if !json.is_empty() {
        sink.json(name, json);
    }
}

impl Call {
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
        let (language, region) = cut(self.locale, "-");
        sink.text("locale", &fill("{}_{}", &[language, region.unwrap_or_default()]));
        if find(&browser.user_agent, "miniProgram").is_some() {
            sink.open("extendInfo");
            sink.text("WAP_SUB_TYPE", "WECHAT_MINI_PROGRAM");
            sink.close();
        }
    }
}
