//! What can happen to a machine.

use kassa_protocol::Json;
use kassa_protocol::client::BillingAddress;
use kassa_protocol::frame::{FromForm, Theme};

use super::effect::{
    BeforeSubmitId, CallId, FormId, NavigationId, PromiseId, ThreeDsFrameId, TimerId,
};
use crate::call::Browser;
use crate::reply::HttpReply;
use crate::session::Metadata;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// The buyer pressed the button that opens the app.
    AppPressed,
    /// `onBeforeSubmit` answered.
    BeforeSubmitAnswered {
        /// Which call of it.
        id: BeforeSubmitId,
        /// The merchant's answer.
        answer: BeforeSubmitAnswer,
    },
    /// A call was answered.
    CallAnswered {
        /// Which call.
        call: CallId,
        /// With what.
        reply: HttpReply,
        /// Whether the page has the buyer's activation, with which browsers open apps; `None` on
        /// engines that do not report it.
        activation: Option<bool>,
    },
    /// A call broke: no connection, or one that closed without an answer.
    CallFailed {
        /// Which call.
        call: CallId,
        /// The browser's reason; empty where it gave none.
        reason: String,
    },
    /// The buyer pressed the button that checks whether the payment has arrived.
    CheckPressed,
    /// The buyer pressed the closing button or Escape.
    ClosePressed,
    /// The buyer pressed the button that goes on to another page.
    ContinuePressed,
    /// A form sent a message.
    FormMessage {
        /// Which form.
        form: FormId,
        /// The message.
        message: FromForm,
    },
    /// The browser accepted or refused a navigation.
    NavigationDone {
        /// Which one.
        navigation: NavigationId,
        /// Whether the browser accepted it.
        accepted: bool,
    },
    /// The browser is connected again.
    Online,
    /// `createComponent` or `mountComponent`.
    Open(Box<OpenRequest>),
    /// The page went to the background.
    PageHidden,
    /// The page came to the foreground.
    PageShown {
        /// Whether it came out of the back/forward cache.
        restored: bool,
    },
    /// The buyer pressed the pay button.
    PayPressed,
    /// The page's content security policy refused something.
    PolicyViolated {
        /// Which part of the policy.
        directive: Directive,
        /// The origin of the address that was refused.
        origin: String,
    },
    /// The page's own code took the component out of the document.
    Removed,
    /// The merchant called `submit()`.
    Submit {
        /// Its promise.
        promise: PromiseId,
        /// `billingAddress` of the argument.
        billing_address: Option<BillingAddress>,
    },
    /// The page in a frame of 3DS reported that its part is over.
    ThreeDsFrameDone {
        /// Which frame.
        frame: ThreeDsFrameId,
    },
    /// A timer fired.
    TimerFired(TimerId),
    /// The merchant called `unmount()`.
    Unmount,
    /// The merchant called `validateFields()`.
    Validate {
        /// Its promise.
        promise: PromiseId,
    },
}

/// The parts of a content security policy on which an opening depends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Directive {
    /// `connect-src`: calls.
    Connect,
    /// `frame-src`: frames.
    Frame,
}

impl Directive {
    /// The directive of a name, as browsers report the one that took effect: also where a policy has
    /// only `default-src`.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "connect-src" => Some(Self::Connect),
            // As WebKit reports a policy without `frame-src`.
            "frame-src" | "child-src" => Some(Self::Frame),
            _ => None,
        }
    }
}

/// The parameters of `createComponent` and `mountComponent`, and facts of the browser.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OpenRequest {
    /// The promise of `createComponent` or `mountComponent`.
    pub promise: PromiseId,
    /// `sessionData`.
    pub session_data: String,
    /// The fourth part of `sessionData`; `None` when it is there and cannot be decoded.
    pub metadata: Option<Metadata>,
    /// `notRedirectAfterComplete`.
    pub stays_on_page: bool,
    /// Whether the component is in a container of the page, and not over the page.
    pub is_inline: bool,
    /// Whether the opening was called by a handler of the buyer's click.
    pub is_from_click: bool,
    /// `appearance`.
    pub appearance: Appearance,
    /// `isAppWebview`.
    pub is_app_webview: bool,
    /// `merchantAppointParam.storedCard.needCVV`.
    pub needs_cvc: bool,
    /// `merchantAppointParam`, for the gateway.
    pub merchant_appoint_param: Option<Json>,
    /// Facts of the browser.
    pub browser: Browser,
    /// Random text of at most 48 characters, new for each opening: attempt ids begin with it.
    pub attempt_seed: String,
}

/// The part of `appearance` that the machine decides over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Appearance {
    /// `appearance.showLoading`.
    pub show_loading: bool,
    /// `appearance.showSubmitButton`.
    pub show_submit_button: bool,
    /// `appearance.theme`; `None` follows the system.
    pub theme: Option<Theme>,
}

/// The merchant's answer in `onBeforeSubmit`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BeforeSubmitAnswer {
    /// `result`.
    pub decision: BeforeSubmit,
    /// `submitRequestData.billingAddress`; it takes the place of that of `submit()`.
    pub billing_address: Option<BillingAddress>,
    /// `processType`, for the gateway.
    pub process_type: Option<String>,
}

impl From<BeforeSubmit> for BeforeSubmitAnswer {
    fn from(decision: BeforeSubmit) -> Self {
        Self { decision, billing_address: None, process_type: None }
    }
}

/// The merchant's decision in `onBeforeSubmit`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BeforeSubmit {
    /// The payment goes on.
    Continue,
    /// The payment goes on.
    Ignore,
    /// The payment does not go on, by the buyer's or the merchant's will.
    Cancel,
    /// The payment does not go on: the callback reported an error, or threw.
    Error,
    /// The payment does not go on: the callback did not answer within
    /// [`super::BEFORE_SUBMIT_LIMIT`], or reported that something of its own did not.
    Timeout,
    /// The payment does not go on: the callback answered with something else.
    Other(String),
}

impl From<&str> for BeforeSubmit {
    fn from(result: &str) -> Self {
        match result {
            "CONTINUE" => Self::Continue,
            "IGNORE" => Self::Ignore,
            "CANCEL" => Self::Cancel,
            "ERROR" => Self::Error,
            "TIMEOUT" => Self::Timeout,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl BeforeSubmit {
    /// The `result` of the callback's answer.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Continue => "CONTINUE",
            Self::Ignore => "IGNORE",
            Self::Cancel => "CANCEL",
            Self::Error => "ERROR",
            Self::Timeout => "TIMEOUT",
            Self::Other(result) => result,
        }
    }
}
