//! What a machine wants done.

use crate::call::Call;
use crate::events::{Code, Event};
use crate::frame::ToFrame;
use crate::platform::Target;

/// Milliseconds since a moment that the shell chooses and keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Millis(pub u32);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        pub struct $name(pub u32);
    )*};
}

ids! {
    /// A call to the gateway. Never given twice, so a reply to an older call is known as stale.
    CallId,
    /// A card frame.
    FrameId,
    /// A navigation.
    NavigationId,
    /// A promise that the merchant holds. Given by the facade.
    Ticket,
    /// A timer. Never given twice, so a timer that fires late is known as stale.
    TimerId,
}

/// One thing for the shell to do. Effects are done in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Stop waiting for a call.
    AbortCall(CallId),
    /// Send a call.
    Call {
        /// Its id, for the reply.
        id: CallId,
        /// What to send.
        call: Box<Call>,
    },
    /// Stop a timer.
    CancelTimer(TimerId),
    /// Remove the frame of 3DS.
    CloseWindow,
    /// Tell the merchant that the component closed: `onClose`.
    Closed,
    /// Tell the merchant an event.
    Emit(Event),
    /// Ask `onBeforeSubmit` whether to go on.
    Guard {
        /// Echoed with the answer.
        question: u32,
        /// The method that is about to be paid with.
        method: String,
    },
    /// Tell `onLog`.
    Log {
        /// Short and stable, for filters.
        code: &'static str,
        /// For the support engineer who reads it.
        message: String,
    },
    /// Send the page elsewhere, and tell whether the browser took it.
    Navigate {
        /// Its id.
        id: NavigationId,
        /// Where to.
        target: Target,
    },
    /// Load the part of the SDK that draws forms, and have it draw one. It speaks as the card form
    /// does.
    OpenForm {
        /// Its id.
        id: FrameId,
        /// The session's elements, JSON.
        elements: String,
    },
    /// Load the card form, shake hands with it, and say `first` to it.
    OpenFrame {
        /// Its id.
        id: FrameId,
        /// Its address.
        target: Target,
        /// The first message, after the handshake.
        first: ToFrame,
    },
    /// Load a page of 3DS in a frame, unseen until the view is [`super::Screen::Challenge`].
    OpenWindow {
        /// Its id.
        id: FrameId,
        /// Its address.
        target: Target,
        /// One of EMVCo's codes of window sizes, `01` to `05`.
        size: &'static str,
    },
    /// Draw [`super::Machine::view`].
    Render,
    /// Tell `onPaymentMethodSelected`.
    Selected {
        /// The session's method.
        method: String,
    },
    /// Say something to the form, which may be a card frame.
    SendFrame(ToFrame),
    /// Settle a promise.
    Settle {
        /// Which one.
        ticket: Ticket,
        /// With what.
        verdict: Verdict,
    },
    /// Start a timer.
    StartTimer {
        /// Its id.
        id: TimerId,
        /// Milliseconds from now.
        after: u32,
    },
    /// Remove all that the component put into the page.
    Teardown,
}

/// What a promise settles with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// `validateFields()` resolves.
    Checked {
        /// Whether every field is valid.
        valid: bool,
    },
    /// `createComponent` or `mountComponent` resolves.
    Opened,
    /// Rejects with an `Error` that carries the code.
    Refused {
        /// The code.
        code: Code,
        /// The error's message.
        message: String,
    },
    /// `submit()` resolves.
    Submitted {
        /// The event that ended the attempt.
        code: Code,
        /// What happened, in words.
        message: String,
    },
}
