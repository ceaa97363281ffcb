//! Enumerations that keep values which are not in today's documentation.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::json::{FromJson, Json, ToJson};

macro_rules! open_enum {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $wire:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
            /// A value that is unknown to this version, as it came.
            Other(String),
        }

        impl $name {
            /// The value on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)+
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($wire => Self::$variant,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl FromJson for $name {
            fn from_json(json: &Json) -> Option<Self> {
                Some(Self::from(String::from_json(json)?.as_str()))
            }
        }

        impl ToJson for $name {
            fn to_json(&self) -> Option<Json> {
                self.as_str().to_json()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = crate::Text::deserialize(deserializer)?;
                Ok(Self::from(text.as_str()))
            }
        }
    };
}

open_enum! {
    /// State of a payment (`inquiryPayment`, and the client protocol's answers).
    PaymentStatus {
        /// The money is paid or authorised.
        Success = "SUCCESS",
        /// Over without money.
        Fail = "FAIL",
        /// Under way: inquire again.
        Processing = "PROCESSING",
        /// Taken back before it was paid.
        Cancelled = "CANCELLED",
        /// A code was paid, the funds are not final.
        Pending = "PENDING",
    }
}

open_enum! {
    /// Result of a call.
    ResultStatus {
        /// Done.
        Success = "S",
        /// Refused; the same call will be refused again.
        Fail = "F",
        /// Not known: inquire, or repeat the same call.
        Unknown = "U",
    }
}

open_enum! {
    /// Kind of a movement of money (`inquiryPayment`).
    TransactionType {
        /// Money that is taken at once.
        Payment = "PAYMENT",
        /// Money that is held until it is captured.
        Authorization = "AUTHORIZATION",
        /// Held money that is taken.
        Capture = "CAPTURE",
        /// Money that goes back.
        Refund = "REFUND",
        /// A payment that is taken back as a whole.
        Cancel = "CANCEL",
        /// Held money that is released.
        Void = "VOID",
    }
}

open_enum! {
    /// Subject of a notification.
    NotifyType {
        /// A payment came to its end.
        PaymentResult = "PAYMENT_RESULT",
        /// A payment was begun whose money comes later.
        PaymentPending = "PAYMENT_PENDING",
        /// Authorised money was captured, or not.
        CaptureResult = "CAPTURE_RESULT",
        /// Money went back, or not.
        RefundResult = "REFUND_RESULT",
    }
}

open_enum! {
    /// Name of a payment method on the wire. The core branches on `CARD` only: all other differences
    /// between methods are in the gateway's answers.
    PaymentMethodType {
        /// A card, typed into the hosted card form or stored.
        Card = "CARD",
    }
}

open_enum! {
    /// What a buyer does with a code (`codeFormViews[].displayType`).
    DisplayType {
        /// Scans a QR code (ISO/IEC 18004).
        QrCode = "QRCODE",
        /// Has a Code 128 barcode scanned (ISO/IEC 15417).
        Barcode = "BARCODE",
        /// Copies or types the text.
        Text = "TEXT",
    }
}

open_enum! {
    /// What a payment waits for outside of the page (`waitsFor`). Ours.
    WaitsFor {
        /// The buyer approves the payment on their phone.
        Approval = "APPROVAL",
    }
}

open_enum! {
    /// `errorStatus` of a refusal.
    ErrorStatus {
        /// The outcome of the call is not known: money may have moved.
        Unknown = "U",
    }
}

open_enum! {
    /// Kind of a field (`paymentElements[].elementType`). A reader treats an unknown kind as text.
    ElementType {
        /// One of the options, of which there may be many.
        Bank = "BANK",
        /// The six digits that a Polish banking app shows for two minutes.
        Blik = "BLIK",
        /// An agreement.
        Consent = "CONSENT",
        /// A Brazilian taxpayer's number.
        Cpf = "CPF",
        /// A day that is not after today.
        Date = "DATE",
        /// An e-mail address.
        Email = "EMAIL",
        /// A person's name, or a part of one.
        Name = "NAME",
        /// Digits, of which leading zeros count.
        Number = "NUMBER",
        /// A telephone number.
        Phone = "PHONE",
        /// One of the options.
        Select = "SELECT",
        /// Any text of one line.
        Text = "TEXT",
    }
}

open_enum! {
    /// EMVCo's size of a 3DS challenge window, in CSS pixels (EMV 3-D Secure,
    /// `challengeWindowSize`).
    ChallengeWindowSize {
        /// 250 × 400.
        W250H400 = "01",
        /// 390 × 400.
        W390H400 = "02",
        /// 500 × 600.
        W500H600 = "03",
        /// 600 × 400.
        W600H400 = "04",
        /// All the room that there is.
        FullScreen = "05",
    }
}

open_enum! {
    /// Whether the 3DS method completed before the authentication request (EMV 3-D Secure,
    /// `threeDSCompInd`).
    ThreeDsCompInd {
        /// The 3DS method completed in time.
        Completed = "Y",
        /// It did not complete within ten seconds.
        NotCompleted = "N",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_survive_known_or_not() {
        for json in ["\"SUCCESS\"", "\"PROCESSING\"", "\"ON_THE_MOON\""] {
            let status: PaymentStatus = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&status).unwrap(), json);
        }
        assert_eq!(PaymentStatus::from("FAIL"), PaymentStatus::Fail);
    }
}
