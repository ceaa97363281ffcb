//! What people are told of each event. It is here and not beside the codes because none of it
//! ships. The meanings are those of the contract, §4.

use kassa_core::events::EventCode;

/// Codes that the facade emits itself.
#[derive(Clone, Copy)]
pub(crate) enum Facade {
    /// The machine does not exist yet.
    InitParameterError,
    /// The machine is dead.
    InternalError,
}

impl Facade {
    pub(crate) const ALL: [Self; 2] = [Self::InitParameterError, Self::InternalError];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::InitParameterError => "SDK_INIT_PARAMETER_ERROR",
            Self::InternalError => "SDK_INTERNAL_ERROR",
        }
    }
}

/// What comes with the code.
pub(crate) enum Payload {
    Code,
    Message,
    Result,
}

/// Whether the same session may be paid after the event.
#[derive(PartialEq, Eq)]
pub(crate) enum Again {
    AsTheResultSays,
    No,
    /// The event does not decide it.
    Open,
    Yes,
}

/// Whether the component has nothing more to tell.
pub(crate) enum Last {
    Always,
    Never,
    UnlessRetryable,
    UnlessSecond,
    WhenClosed,
}

/// One row of the page.
pub(crate) struct Row {
    pub(crate) when: &'static str,
    pub(crate) payload: Payload,
    pub(crate) again: Again,
    pub(crate) last: Last,
    pub(crate) todo: &'static str,
}

pub(crate) fn row(code: EventCode) -> Row {
    let told = |when, payload, again, last, todo| Row { when, payload, again, last, todo };
    match code {
        EventCode::CallUrlError => told(
            "The next page could not be opened: the session has no `paymentRedirectUrl`, the \
             address is not one that is opened, or the browser refused.",
            Payload::Message,
            Again::Open,
            Last::Never,
            "Nothing at once. Where the buyer has paid, the result comes as an event instead; \
             otherwise the view stays and has a button to try once more. Correct the session's \
             addresses.",
        ),
        EventCode::CallUrlSuccess => told(
            "The page is leaving for the bank, for 3DS or for your `paymentRedirectUrl`, or an app \
             has opened. The message names which, never the address.",
            Payload::Message,
            Again::Open,
            Last::Never,
            "Nothing. On the page where the buyer arrives, ask your server how the payment stands.",
        ),
        EventCode::CreateComponentError => told(
            "The component could not be opened: the gateway refused or was silent for 15 s, the \
             card form did not load, or another component is open. When sandbox and production \
             look mixed up, the message says so.",
            Payload::Message,
            Again::Yes,
            Last::UnlessSecond,
            "Read the message, which names what to mend. Offer to try again, or another way to \
             pay. The promise rejects with the same.",
        ),
        EventCode::CreatePaymentParameterError => told(
            "Arguments of `createComponent` or `mountComponent` are wrong, or `sessionData` cannot \
             be one. No request was made.",
            Payload::Message,
            Again::Yes,
            Last::UnlessSecond,
            "Correct the argument that the message names; hand `paymentSessionData` on unchanged.",
        ),
        EventCode::DuplicateSubmission => told(
            "Submit while a submit runs, once for each extra try. No second request is made.",
            Payload::Message,
            Again::Open,
            Last::Never,
            "Nothing; with a button of your own, disable it while `submit()` is pending.",
        ),
        EventCode::EndOfLoading => told(
            "The first view can be used, the page is leaving, or opening failed: once for each \
             `SDK_START_OF_LOADING`.",
            Payload::Code,
            Again::Open,
            Last::Never,
            "Hide your own loading indicator, if you show one.",
        ),
        EventCode::FormVerificationFailed => told(
            "Submit with a form that has mistakes. They are shown on the fields, and the first of \
             them has the focus.",
            Payload::Message,
            Again::Yes,
            Last::Never,
            "Nothing; with a button of your own, enable it again.",
        ),
        EventCode::LaunchPaymentAppError => told(
            "A payment app did not open in time, and there was no page to go to instead.",
            Payload::Message,
            Again::Open,
            Last::Never,
            "Say that the app may be missing and offer another method. The view stays: the buyer \
             can press again.",
        ),
        EventCode::PaymentAuthorizationSuccessful => told(
            "The buyer's part is complete. That is not the result yet.",
            Payload::Code,
            Again::No,
            Last::Never,
            "Nothing: the way to your `paymentRedirectUrl` or a result event follows.",
        ),
        EventCode::PaymentCancel => told(
            "The buyer left before submitting; nothing was paid. `onClose` is called too.",
            Payload::Code,
            Again::Yes,
            Last::Always,
            "Show your checkout again. The same session can be opened while it is valid.",
        ),
        EventCode::PaymentChallenge => told(
            "The issuer wants 3DS, and the buyer is taken through it.",
            Payload::Code,
            Again::No,
            Last::Never,
            "Nothing; leave the component open.",
        ),
        EventCode::PaymentError => told(
            "How the payment stands could not be learnt in time: the gateway did not say.",
            Payload::Result,
            Again::No,
            Last::Always,
            "Ask `inquiryPayment` on your server or wait for the notification. Do not ask for a \
             second payment.",
        ),
        EventCode::PaymentFail => told(
            "The gateway says that the payment failed, and `paymentResultCode` why.",
            Payload::Result,
            Again::AsTheResultSays,
            Last::UnlessRetryable,
            "Follow `result.suggestion`. While `retryable` is true and there is a form, it stays \
             open with a line for the buyer; otherwise offer another method with a new session.",
        ),
        EventCode::PaymentPending => told(
            "A payment by code was started, and the money may take days.",
            Payload::Result,
            Again::No,
            Last::WhenClosed,
            "Keep the order as waiting and deliver when the notification says that it is paid. A \
             result event may still follow while the component is open.",
        ),
        EventCode::PaymentProcessing => told(
            "The payment is not decided, and the component no longer waits: time is up, or the \
             buyer closed it (`result.reason` says which; `CHALLENGE_CLOSED` is a closed 3DS).",
            Payload::Result,
            Again::No,
            Last::Always,
            "Ask `inquiryPayment` on your server or wait for the notification. Do not ask for a \
             second payment.",
        ),
        EventCode::PaymentSuccessful => told(
            "Paid, as the gateway confirmed.",
            Payload::Result,
            Again::No,
            Last::Always,
            "Show your page of thanks. Deliver when your server has confirmed it.",
        ),
        EventCode::StartOfLoading => told(
            "`createComponent` or `mountComponent` accepted its arguments; nothing is shown yet. \
             Also told with `showLoading: false`.",
            Payload::Code,
            Again::Open,
            Last::Never,
            "Show your own loading indicator, if you have one.",
        ),
        EventCode::SubmitNetworkError => told(
            "A submit got no answer that says what became of it, or the card could not be \
             exchanged for a token.",
            Payload::Message,
            Again::Open,
            Last::Never,
            "Nothing: when a payment may have been started, the SDK asks the gateway how it stands \
             before the buyer can pay again, and a repeated attempt keeps its id.",
        ),
    }
}

pub(crate) fn facade_row(code: Facade) -> Row {
    match code {
        Facade::InitParameterError => Row {
            when: "Options of the constructor are wrong. It throws the same.",
            payload: Payload::Message,
            again: Again::Yes,
            last: Last::Always,
            todo: "Correct the option that the message names.",
        },
        Facade::InternalError => Row {
            when: "A fault of ours, or the SDK could not start in this browser or under this \
                   policy. The component is removed; your page lives on.",
            payload: Payload::Message,
            again: Again::Open,
            last: Last::Always,
            todo: "Ask your server how the payment stands before you offer to pay again, and send \
                   us the message.",
        },
    }
}
