//! The texts that the view shows to the buyer, by name, with their English version.

/// A text for the buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Text {
    /// An app did not open.
    AppNotOpened,
    /// The buyer has to approve on their phone.
    ApproveOnPhone,
    /// The buyer's bank verifies the buyer (3DS).
    BankChecks,
    /// Name of the card form, for screen readers.
    CardForm,
    /// Something in the card form seems mistyped.
    CheckCard,
    /// Label of the closing button.
    Close,
    /// A code has expired.
    CodeExpired,
    /// Label of a button that pays in the browser instead of an app.
    ContinueInBrowser,
    /// Label of a button that copies a code.
    Copy,
    /// A code was copied.
    Copied,
    /// The browser did not copy a code. It is selected as text.
    CopyRefused,
    /// Label of a button that goes on to the bank or back to the shop.
    Continue,
    /// Unit of a time between one day and two; the number precedes.
    Day,
    /// Unit of a time of two days or more; the number precedes.
    Days,
    /// Refused; the same card or method will be refused again.
    Declined,
    /// The session or the order is over.
    Expired,
    /// The payment goes on in an app.
    FinishInApp,
    /// Label of the button that checks whether the payment has arrived.
    HavePaid,
    /// On the way to another page.
    Leaving,
    /// The first view is being prepared.
    Loading,
    /// The buyer checked, and no payment has arrived.
    NotYet,
    /// A search among options found none.
    NothingFound,
    /// The bank or wallet did not verify the buyer.
    NotVerified,
    /// Label of a button that opens an app.
    OpenApp,
    /// Follows the label of a field that may stay empty.
    Optional,
    /// How many options a search found. Parameter: a number from 1.
    OptionsFound,
    /// The result is not known yet and the page stops waiting for it.
    OutcomeUnknown,
    /// Paid.
    Paid,
    /// Label of the pay button; the amount follows.
    Pay,
    /// The pay button while a payment is under way.
    Paying,
    /// Heading of the component.
    Payment,
    /// The money may take days.
    Pending,
    /// The next page could not be opened.
    PageNotOpened,
    /// Label of a number that the buyer pays with.
    PaymentNumber,
    /// The buyer pays in an app, which has to be opened first.
    PayInApp,
    /// Codes that the buyer pays with.
    PayWithCode,
    /// Name of a QR code, for screen readers.
    ScanCode,
    /// The merchant has to solve something.
    ShopProblem,
    /// An inquiry about the payment is running.
    StillChecking,
    /// Label of the time for which a code is valid; days, hours, minutes and seconds follow.
    TimeLeft,
    /// No answer, and nothing was paid.
    TryAgain,
    /// A fault that may be over soon.
    TryLater,
    /// Another card may work.
    TryOtherCard,
    /// Another method may work.
    TryOtherMethod,
}

impl Text {
    /// The English text. `{}` stands for a parameter (`text_tools::fill`).
    #[must_use]
    pub fn english(self) -> &'static str {
        match self {
            Self::AppNotOpened => "The app did not open. Is it on this phone?",
            Self::ApproveOnPhone => {
                "Please approve the payment on your phone: open the message from your bank or \
                 wallet, or its app."
            }
            Self::BankChecks => "Your bank checks that it is you.",
            Self::CardForm => "Card details",
            Self::CheckCard => "Please check your card details. You have not been charged.",
            Self::Close => "Close",
            Self::CodeExpired => {
                "This code is no longer valid. If you have paid, please wait: we are checking."
            }
            Self::ContinueInBrowser => "Continue in the browser",
            Self::Copy => "Copy",
            Self::Copied => "Copied",
            Self::CopyRefused => {
                "Your browser did not copy it. The text is selected: copy it from there."
            }
            Self::Continue => "Continue",
            Self::Day => "day",
            Self::Days => "days",
            Self::Declined => "The payment was declined.",
            Self::Expired => {
                "This checkout has expired. Please go back to the shop and start again."
            }
            Self::FinishInApp => "Please finish the payment in the app, then come back here.",
            Self::HavePaid => "I have paid",
            Self::Leaving => "Taking you to the next step…",
            Self::Loading => "Preparing secure payment…",
            Self::NotYet => "Your payment has not arrived yet. That can take a moment.",
            Self::NothingFound => "Nothing found",
            Self::OpenApp => "Open the app",
            Self::Optional => "(optional)",
            Self::OptionsFound => "{} to choose from",
            Self::NotVerified => "The payment could not be verified. You have not been charged.",
            Self::OutcomeUnknown => {
                "We could not find out yet whether the payment went through. The shop will check; \
                 please do not pay again."
            }
            Self::Paid => "Payment complete. Thank you!",
            Self::Pay => "Pay",
            Self::Paying => "Paying…",
            Self::Payment => "Payment",
            Self::Pending => "The shop will tell you when your payment has arrived.",
            Self::PayInApp => "You pay in the app of your wallet or bank.",
            Self::PayWithCode => {
                "Pay with this code in your app or at your bank. This page will show when it is \
                 done."
            }
            Self::ScanCode => "Code to scan with your payment app",
            Self::PageNotOpened => "The next page could not be opened.",
            Self::PaymentNumber => "Payment number",
            Self::ShopProblem => "The shop cannot take this payment at the moment.",
            Self::StillChecking => "Checking your payment. Please keep this page open…",
            Self::TimeLeft => "Time left",
            Self::TryAgain => {
                "The connection was interrupted and nothing was paid. Please try again."
            }
            Self::TryLater => "Something went wrong. You have not been charged; please try again.",
            Self::TryOtherCard => {
                "Your bank did not accept this card. You have not been charged; please try another \
                 card."
            }
            Self::TryOtherMethod => {
                "The payment did not go through. You have not been charged; please try another way \
                 to pay."
            }
        }
    }
}
