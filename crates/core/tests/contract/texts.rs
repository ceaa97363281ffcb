//! The texts of `docs/events.md` about each event. They are here and not beside the codes, because
//! the shipped module does not need them. The meanings are those of the contract, §4.

use kassa_core::events::EventCode;

/// Codes that the JavaScript class emits itself.
#[derive(Clone, Copy)]
pub(crate) enum ClassCode {
    /// The machine does not exist yet.
    InitParameterError,
    /// The module has trapped.
    InternalError,
}

impl ClassCode {
    pub(crate) const ALL: [Self; 2] = [Self::InitParameterError, Self::InternalError];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::InitParameterError => "SDK_INIT_PARAMETER_ERROR",
            Self::InternalError => "SDK_INTERNAL_ERROR",
        }
    }
}

/// The members beside the code.
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

/// Whether the component emits no further event.
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

pub(crate) fn event_row(code: EventCode) -> Row {
    let row = |when, payload, again, last, todo| Row { when, payload, again, last, todo };
    match code {
        EventCode::CallUrlError => row(
            "The next page could not be opened: the session has no `paymentRedirectUrl`, the \
             address is not one that is opened, or the browser refused.",
            Payload::Message,
            Again::Open,
            Last::Never,
            "Nothing at once. Where the buyer has paid, the result comes as an event instead; \
             otherwise the view stays and has a button to try once more. Correct the session's \
             addresses.",
        ),
        EventCode::CallUrlSuccess => row(
            "The page is leaving for the bank, for 3DS or for your `paymentRedirectUrl`, or an app \
             has opened. The message names the destination, never its address.",
            Payload::Message,
            Again::Open,
            Last::Never,
            "Nothing. On the page where the buyer arrives, query the payment from your server.",
        ),
        EventCode::CreateComponentError => row(
            "The component could not be opened: the gateway refused or did not answer for 15 s, the \
             page's policy refused the gateway or its card form, the card form did not answer for \
             15 s or could not start, or another component is open. When sandbox and production \
             look mixed up, the message contains a hint.",
            Payload::Message,
            Again::Yes,
            Last::UnlessSecond,
            "Read the message, which names the cause; a directive of a policy only when the browser has \
             reported it. Offer to try again, or another way to pay. The \
             promise rejects with the same code and message.",
        ),
        EventCode::CreatePaymentParameterError => row(
            "Arguments of `createComponent` or `mountComponent` are wrong, or `sessionData` cannot \
             be one. No request was made.",
            Payload::Message,
            Again::Yes,
            Last::UnlessSecond,
            "Correct the argument that the message names; hand `paymentSessionData` on unchanged.",
        ),
        EventCode::DuplicateSubmission => row(
            "Submit while a submit runs, once for each extra try. No second request is made.",
            Payload::Message,
            Again::Open,
            Last::Never,
            "Nothing; with a button of your own, disable it while `submit()` is pending.",
        ),
        EventCode::EndOfLoading => row(
            "The first view can be used, the page is leaving, or opening failed: once for each \
             `SDK_START_OF_LOADING`.",
            Payload::Code,
            Again::Open,
            Last::Never,
            "Hide your own loading indicator, if you show one.",
        ),
        EventCode::FormVerificationFailed => row(
            "Submit with a form that has mistakes. They are shown on the fields, and the first of \
             them has the focus.",
            Payload::Message,
            Again::Yes,
            Last::Never,
            "Nothing; with a button of your own, enable it again.",
        ),
        EventCode::LaunchPaymentAppError => row(
            "A payment app did not open in time, and there was no page to go to instead.",
            Payload::Message,
            Again::Open,
            Last::Never,
            "Show that the app may be missing, and offer another method. The view stays: the buyer \
             can press again.",
        ),
        EventCode::PaymentAuthorizationSuccessful => row(
            "The buyer's part is complete. That is not the result yet.",
            Payload::Code,
            Again::No,
            Last::Never,
            "Nothing: a redirect to your `paymentRedirectUrl` or a result event follows.",
        ),
        EventCode::PaymentCancel => row(
            "The buyer closed the component before submitting, or code of the page took it out of \
             the document; nothing was paid. `onClose` is called before.",
            Payload::Result,
            Again::Yes,
            Last::Always,
            "Show your checkout again. The same session can be opened while it is valid.",
        ),
        EventCode::PaymentChallenge => row(
            "The issuer requires 3DS, and the challenge is shown to the buyer.",
            Payload::Code,
            Again::No,
            Last::Never,
            "Nothing; leave the component open.",
        ),
        EventCode::PaymentError => row(
            "The payment's state is not known: the gateway did not answer in time.",
            Payload::Result,
            Again::No,
            Last::Always,
            "Call `inquiryPayment` on your server or wait for the notification. Do not request a \
             second payment.",
        ),
        EventCode::PaymentFail => row(
            "The payment failed; the reason is in `paymentResultCode`.",
            Payload::Result,
            Again::AsTheResultSays,
            Last::UnlessRetryable,
            "Follow `result.suggestion`. While `retryable` is true and there is a form, it stays \
             open with a line for the buyer; otherwise offer another method with a new session.",
        ),
        EventCode::PaymentPending => row(
            "A payment by code was started, and the money may take days.",
            Payload::Result,
            Again::No,
            Last::WhenClosed,
            "Keep the order as waiting, and deliver after the notification that it is paid. A result \
             event may still follow while the component is open.",
        ),
        EventCode::PaymentProcessing => row(
            "The payment is not decided, and the component no longer waits: time is up, the \
             buyer closed it, or code of the page took it out of the document (see \
             `result.reason`; `CHALLENGE_CLOSED` is a closed 3DS challenge).",
            Payload::Result,
            Again::No,
            Last::Always,
            "Call `inquiryPayment` on your server or wait for the notification. Do not request a \
             second payment.",
        ),
        EventCode::PaymentSuccessful => row(
            "Paid, as the gateway confirmed.",
            Payload::Result,
            Again::No,
            Last::Always,
            "Show your page of thanks. Deliver when your server has confirmed it.",
        ),
        EventCode::StartOfLoading => row(
            "`createComponent` or `mountComponent` accepted its arguments; nothing is shown yet. \
             Also emitted with `showLoading: false`.",
            Payload::Code,
            Again::Open,
            Last::Never,
            "Show your own loading indicator, if you have one.",
        ),
        EventCode::SubmitNetworkError => row(
            "A submit got no usable answer, or the card could not be exchanged for a token.",
            Payload::Message,
            Again::Open,
            Last::Never,
            "Nothing: when a payment may have been started, the SDK inquires about it \
             before the buyer can pay again, and a repeated attempt keeps its id.",
        ),
    }
}

pub(crate) fn class_row(code: ClassCode) -> Row {
    match code {
        ClassCode::InitParameterError => Row {
            when: "Options of the constructor are wrong. It throws the same.",
            payload: Payload::Message,
            again: Again::Yes,
            last: Last::Always,
            todo: "Correct the option that the message names.",
        },
        ClassCode::InternalError => Row {
            when: "A fault of the SDK, or it could not start in this browser or under this policy. \
                   The component is removed; your page goes on.",
            payload: Payload::Message,
            again: Again::Open,
            last: Last::Always,
            todo: "Query the payment from your server before you offer to pay again, and send us the \
                   message.",
        },
    }
}
