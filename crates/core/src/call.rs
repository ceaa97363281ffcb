//! What the page asks of the gateway. The only file that knows the gateway's names for what goes
//! out.

use serde::Serialize;

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallBody {
    /// The session's id.
    pub payment_session_data: String,
    /// Query only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_redirect_after_complete: Option<bool>,
    /// Submit only: what to pay with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<ChosenMethod>,
    /// Submit only: what the buyer filled in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_factors: Option<Factors>,
    /// The browser.
    pub env_info: EnvInfo,
    /// Extras.
    pub ext_params: ExtParams,
}

/// `paymentMethod` of a submit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChosenMethod {
    /// Name on the wire.
    pub payment_method_type: String,
}

/// `paymentFactors` of a submit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Factors {
    /// One-time token from the card frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_token: Option<String>,
    /// From the merchant's `submit()`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_address: Option<BillingAddress>,
}

/// The buyer's billing address, as `submit()` takes it. Absent members are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BillingAddress {
    /// ISO 3166 code of the country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// ISO 3166-2 part or name, at most 8 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// At most 32 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// At most 256 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address1: Option<String>,
    /// At most 256 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address2: Option<String>,
    /// At most 32 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zip_code: Option<String>,
}

/// `extParams`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExtParams {
    /// Origin and path of the merchant's page. Never its query: shops keep secrets there.
    pub ref_url: String,
    /// Ours, submit only: the same id gives the same answer and one payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt_id: Option<String>,
}

/// `envInfo`: facts of the browser that 3DS and payment methods ask for. No fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EnvInfo {
    /// `WEB` or `WAP`.
    pub terminal_type: &'static str,
    /// `IOS` or `ANDROID`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os_type: Option<&'static str>,
    /// What 3DS needs.
    pub browser_info: BrowserInfo,
    /// The browser's language.
    pub device_language: String,
    /// CSS pixels.
    pub screen_width: i32,
    /// CSS pixels.
    pub screen_height: i32,
    /// Minutes, with the sign that JavaScript gives it.
    pub time_zone_offset: i32,
    /// Locale of the component, spelled as the original spells it (`en_US`).
    pub locale: String,
}

/// `envInfo.browserInfo`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BrowserInfo {
    /// Always true, or nobody would be here.
    pub browser_java_script_enabled: bool,
    /// Always false in browsers of this century.
    pub browser_java_enabled: bool,
    /// The browser's language.
    pub browser_language: String,
    /// The user agent.
    pub browser_user_agent: String,
    /// Bits per pixel.
    pub browser_color_depth: i32,
}

/// The browser's own facts, as the shell reads them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Browser {
    /// `navigator.userAgent`.
    pub user_agent: String,
    /// `navigator.language`.
    pub language: String,
    /// `navigator.maxTouchPoints`.
    pub touch_points: u32,
    /// `screen.colorDepth`.
    pub color_depth: i32,
    /// `screen.width`.
    pub screen_width: i32,
    /// `screen.height`.
    pub screen_height: i32,
    /// `new Date().getTimezoneOffset()`.
    pub time_zone_offset: i32,
    /// `location.origin + location.pathname`.
    pub page: String,
}

impl EnvInfo {
    /// Arranges the browser's facts as the protocol wants them.
    #[must_use]
    pub fn new(browser: &Browser, locale: &str) -> Self {
        let (terminal_type, os_type) =
            Terminal::detect(&browser.user_agent, browser.touch_points).wire_names();
        Self {
            terminal_type,
            os_type,
            browser_info: BrowserInfo {
                browser_java_script_enabled: true,
                browser_java_enabled: false,
                browser_language: browser.language.clone(),
                browser_user_agent: browser.user_agent.clone(),
                browser_color_depth: browser.color_depth,
            },
            device_language: browser.language.clone(),
            screen_width: browser.screen_width,
            screen_height: browser.screen_height,
            time_zone_offset: browser.time_zone_offset,
            locale: locale.replace('-', "_"),
        }
    }
}
