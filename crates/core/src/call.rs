//! Calls to the gateway.

use kassa_protocol::client::{BrowserInfo, EnvInfo, ExtendInfo, Operation, Request};

use crate::locale::Locale;
use crate::platform::{Environment, Terminal};
use crate::text_tools::contains;

/// Version that is sent to the gateway.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A call, sent as a JSON array with `request` as its one element.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The address, which ends in [`kassa_protocol::client::PATH`].
    pub url: String,
    /// Value of the `Operation-Type` header.
    pub operation: Operation,
    /// Whether cookies are sent: to a region's own gateway, as the original does, and never to a
    /// gateway that the merchant named.
    pub credentials: bool,
    /// Decides over the headers that mark a sandbox call.
    pub environment: Environment,
    /// The body.
    pub request: Request,
}

/// Headers of every call.
const HEADERS: [(&str, &str); 6] = [
    ("appId", "ANTOM_PAYMENT_WEB"),
    ("workspaceId", "default"),
    ("version", "2.0"),
    ("tntInstId", "ALIPW3SG"),
    ("sdk-version", VERSION),
    ("x-cors-antom_payment_web-default", "1"),
];

/// Headers that mark a sandbox call.
const SANDBOX_HEADERS: [(&str, &str); 2] =
    [("load-test", "true"), ("sofaPenAttrs", "instMock=O&loadMode=2")];

impl Call {
    /// The headers beside `Content-Type` and `Client-Time`, which need a browser.
    #[must_use]
    pub fn headers(&self) -> Vec<(&'static str, &'static str)> {
        let mut headers = vec![("Operation-Type", self.operation.name())];
        headers.extend(HEADERS);
        if self.environment == Environment::Sandbox {
            headers.extend(SANDBOX_HEADERS);
        }
        headers
    }
}

/// Facts of the browser that payment methods and 3DS require.
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
    /// `crossOriginIsolated`.
    pub is_isolated: bool,
    /// `location.origin + location.pathname`. Never the query, in which shops keep secrets.
    pub page: String,
}

impl Browser {
    /// The kind of device.
    #[must_use]
    pub fn terminal(&self) -> Terminal {
        Terminal::detect(&self.user_agent, self.touch_points)
    }

    /// The member `envInfo` of a request. The original names a mini program in the query of a card
    /// only.
    #[must_use]
    pub fn env_info(&self, locale: &Locale, is_card_query: bool) -> EnvInfo {
        let (terminal_type, os_type) = self.terminal().wire_names();
        let is_mini_program = is_card_query && contains(&self.user_agent, "miniProgram");
        EnvInfo {
            terminal_type: Some(terminal_type.to_owned()),
            os_type: os_type.map(str::to_owned),
            browser_info: Some(BrowserInfo {
                browser_java_script_enabled: true,
                browser_java_enabled: false,
                browser_language: self.language.clone(),
                browser_user_agent: self.user_agent.clone(),
                browser_color_depth: self.color_depth,
            }),
            device_language: Some(self.language.clone()),
            screen_width: self.screen_width,
            screen_height: self.screen_height,
            time_zone_offset: self.time_zone_offset,
            locale: Some(locale.on_wire.clone()),
            extend_info: is_mini_program
                .then(|| ExtendInfo { wap_sub_type: "WECHAT_MINI_PROGRAM".to_owned() }),
        }
    }
}
