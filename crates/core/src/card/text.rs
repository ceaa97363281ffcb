//! The texts of the card form, by name, with their English version.

use crate::text::texts;

texts! {
/// A text of the card form.
CardText {
    /// Placeholder of the expiry date: two letters for the month, two for the year.
    ExpiryFormat "expiryFormat" = "MM/YY",
    /// Label of the button that shows the fields of another card than the stored one.
    OtherCard "otherCard" = "Use another card",
    /// Label of the button that goes back to the stored card.
    StoredCard "storedCard" = "Use the saved card",
    /// A stored card, for screen readers. Parameters: brand, last four digits.
    StoredSpoken "storedSpoken" = "{}, ending in {}",
    /// Label of the PAN.
    LabelNumber "labelNumber" = "Card number",
    /// Label of the expiry date.
    LabelExpiry "labelExpiry" = "Expiry date",
    /// Label of the CVC.
    LabelCvc "labelCvc" = "Security code",
    /// Label of the holder's name.
    LabelHolder "labelHolder" = "Name on card",
    /// Where the CVC of American Express is.
    CvcOnFront "cvcOnFront" = "4 digits on the front",
    /// Where the CVC of other brands is.
    CvcOnBack "cvcOnBack" = "3 digits on the back",
    /// The length of the CVC while the brand is not known.
    CvcAnywhere "cvcAnywhere" = "3 or 4 digits",
    /// The check digit of the PAN is wrong.
    NumberCheckDigit "numberCheckDigit" = "Check the card number: a digit seems wrong.",
    /// The PAN is too short.
    NumberTooShort "numberTooShort" = "The card number is too short.",
    /// The PAN is missing.
    NumberMissing "numberMissing" = "Enter the card number.",
    /// The PAN is too long.
    NumberTooLong "numberTooLong" = "The card number is too long.",
    /// The gateway refused the PAN.
    NumberRefused "numberRefused" = "This card number was not accepted.",
    /// The expiry date is not complete.
    ExpiryIncomplete "expiryIncomplete" = "Enter month and year, like 04/29.",
    /// The expiry date is missing.
    ExpiryMissing "expiryMissing" = "Enter the expiry date.",
    /// The month of the expiry date is not one.
    ExpiryNoSuchMonth "expiryNoSuchMonth" = "The month must be 01 to 12.",
    /// The card has expired.
    ExpiryPast "expiryPast" = "This card has expired.",
    /// The year of the expiry date is too far ahead.
    ExpiryTooFar "expiryTooFar" = "Check the year.",
    /// The gateway refused the expiry date.
    ExpiryRefused "expiryRefused" = "This expiry date was not accepted.",
    /// The CVC is missing.
    CvcMissing "cvcMissing" = "Enter the security code.",
    /// The CVC of American Express has another length.
    CvcFour "cvcFour" = "The code has 4 digits.",
    /// The CVC of another brand has another length.
    CvcThree "cvcThree" = "The code has 3 digits.",
    /// The CVC has another length, and the brand is not known.
    CvcThreeOrFour "cvcThreeOrFour" = "The code has 3 or 4 digits.",
    /// The gateway refused the CVC.
    CvcRefused "cvcRefused" = "This security code was not accepted.",
    /// The holder's name is missing.
    HolderMissing "holderMissing" = "Enter the name on the card.",
    /// The holder's name contains digits only.
    HolderIsNumber "holderIsNumber" = "Enter a name, not a number.",
    /// The holder's name is too long.
    HolderTooLong "holderTooLong" = "Use at most 64 characters.",
}
}
