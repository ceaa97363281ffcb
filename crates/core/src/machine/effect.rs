//! What the runtime must do.

use kassa_protocol::client::Element;
use kassa_protocol::frame::{CardFormInit, ToForm};
use kassa_protocol::{ChallengeWindowSize, PaymentMethodType};

use crate::call::Call;
use crate::events::{Event, EventCode, LogLine};
use crate::platform::Target;

/// Milliseconds since a moment that the runtime chooses and keeps, by a monotonic clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Millis(pub u32);

impl Millis {
    /// This moment and so many milliseconds.
    #[must_use]
    pub fn plus(self, duration: u32) -> Self {
        Self(self.0.saturating_add(duration))
    }

    /// Milliseconds from `earlier` to this moment; 0 when `earlier` is the later one.
    #[must_use]
    pub fn since(self, earlier: Self) -> u32 {
        self.0.saturating_sub(earlier.0)
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        pub struct $name(pub u32);
    )*};
}

ids! {
    /// A call of the merchant's `onBeforeSubmit`. Never reused.
    BeforeSubmitId,
    /// A call to the gateway. Never reused, so a reply to an older call matches nothing.
    CallId,
    /// A card form, or the fields of another payment method. Never reused.
    FormId,
    /// A navigation. Never reused.
    NavigationId,
    /// A promise that the merchant holds. Chosen by the runtime.
    PromiseId,
    /// A frame of the 3DS method or of a 3DS challenge. Never reused.
    ThreeDsFrameId,
    /// A timer. Never reused, so a timer that fires late matches nothing.
    TimerId,
}

/// One thing for the runtime to do. Effects are executed in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Abort a call.
    AbortCall(CallId),
    /// Call the merchant's `onBeforeSubmit` and report its decision.
    AskBeforeSubmit {
        /// Echoed with the decision.
        id: BeforeSubmitId,
        /// The method that is about to be paid with.
        method: PaymentMethodType,
    },
    /// Send a call.
    Call {
        /// Echoed with the reply.
        id: CallId,
        /// What to send.
        call: Box<Call>,
    },
    /// Cancel a timer.
    CancelTimer(TimerId),
    /// Remove the frame of 3DS.
    CloseThreeDsFrame,
    /// Call `onEventCallback`, and `onError` for errors.
    Emit(Event),
    /// Call `onLog`.
    Log(LogLine),
    /// Send the page elsewhere, and report whether the browser accepted.
    Navigate {
        /// Echoed with the report.
        id: NavigationId,
        /// The address.
        target: Target,
    },
    /// Call `onClose`.
    NotifyClosed,
    /// Call `onPaymentMethodSelected`.
    NotifyMethodSelected {
        /// The session's method.
        method: PaymentMethodType,
    },
    /// Load the card form in a frame, connect to it, and send it `init`.
    OpenCardForm {
        /// Echoed with the form's messages.
        id: FormId,
        /// The address.
        target: Target,
        /// The first message after the handshake.
        init: Box<CardFormInit>,
    },
    /// Draw the fields of a payment method. They send the messages of a card form.
    OpenFields {
        /// Echoed with the form's messages.
        id: FormId,
        /// The fields.
        elements: Vec<Element>,
        /// The latest day that it already is somewhere by the gateway's clock, `YYYY-MM-DD`: later
        /// days are in the future. Empty when the gateway gives no time.
        today: String,
    },
    /// Load a page of 3DS in a frame, hidden until the view is [`super::Screen::Challenge`].
    OpenThreeDsFrame {
        /// Echoed when the page reports that its part is over.
        id: ThreeDsFrameId,
        /// The address.
        target: Target,
        /// The size of the frame.
        size: ChallengeWindowSize,
    },
    /// Remove everything that the component put into the page.
    RemoveComponent,
    /// Render [`super::Machine::view`].
    Render,
    /// Send a message to the form.
    SendToForm(ToForm),
    /// Settle a promise.
    Settle {
        /// Which one.
        promise: PromiseId,
        /// How.
        settlement: Settlement,
    },
    /// Start a timer.
    StartTimer {
        /// Echoed when it fires.
        id: TimerId,
        /// Milliseconds from now.
        after: u32,
    },
}

/// How a promise settles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// `createComponent` or `mountComponent` resolves with `undefined`.
    Opened,
    /// The promise rejects with an `Error` that carries the code.
    Rejected {
        /// The code.
        code: EventCode,
        /// The error's message.
        message: String,
    },
    /// `submit()` resolves.
    Submitted {
        /// The event that ended the attempt.
        code: EventCode,
        /// What happened, for the log.
        message: String,
    },
    /// `validateFields()` resolves.
    Validated {
        /// Whether every field is valid.
        is_valid: bool,
    },
}
