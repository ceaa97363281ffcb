//! What the buyer reads, by name. English is linked; other languages will be loaded by these names.

/// A piece of text on a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Text {
    /// Name of the card form, for screen readers.
    CardForm,
    /// Something in the card form seems mistyped.
    CheckCard,
    /// Label of the closing button.
    Close,
    /// Label of a button that goes on to the bank or back to the shop.
    Continue,
    /// Refused, with no use in trying again the same way.
    Declined,
    /// The session or the order is over.
    Expired,
    /// On the way to another page.
    Leaving,
    /// The first view is being prepared.
    Loading,
    /// The bank or wallet did not verify the buyer.
    NotVerified,
    /// The result is not known yet and the page stops waiting for it.
    OutcomeUnknown,
    /// Paid.
    Paid,
    /// Label of the pay button; the amount follows.
    Pay,
    /// The pay button while a payment is under way.
    Paying,
    /// Heading of the window.
    Payment,
    /// The next page could not be opened.
    PageNotOpened,
    /// The merchant has to solve something.
    ShopProblem,
    /// The payment's state is being asked for.
    StillChecking,
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
    /// The English words.
    #[must_use]
    pub fn english(self) -> &'static str {
        match self {
            Self::CardForm => "Card details",
            Self::CheckCard => "Please check your card details. You have not been charged.",
            Self::Close => "Close",
            Self::Continue => "Continue",
            Self::Declined => "The payment was declined.",
            Self::Expired => {
                "This checkout has expired. Please go back to the shop and start again."
            }
            Self::Leaving => "Taking you to the next step…",
            Self::Loading => "Preparing secure payment…",
            Self::NotVerified => "The payment could not be verified. You have not been charged.",
            Self::OutcomeUnknown => {
                "We could not find out yet whether the payment went through. The shop will check; \
                 please do not pay again."
            }
            Self::Paid => "Payment complete. Thank you!",
            Self::Pay => "Pay",
            Self::Paying => "Paying…",
            Self::Payment => "Payment",
            Self::PageNotOpened => "The next page could not be opened.",
            Self::ShopProblem => "The shop cannot take this payment at the moment.",
            Self::StillChecking => "Checking your payment. Please keep this page open…",
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
