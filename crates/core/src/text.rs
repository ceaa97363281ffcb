//! The texts that the component shows to the buyer, by name, with their English version.
//!
//! The other languages are data, in `locales/`, one file per locale, with one member for each text.
//! A file that does not arrive, or that lacks a text, leaves English.

use std::cell::OnceCell;

use kassa_protocol::Json;

/// The longest translation, in bytes of UTF-8. The longest text of `locales/` has half of it.
const LONGEST: usize = 1_000;

/// An enum of texts.
pub trait TextId: Copy + PartialEq + 'static {
    /// All texts.
    const ALL: &'static [Self];

    /// The name in files of `locales/` and in the option `translations`.
    #[must_use]
    fn id(self) -> &'static str;

    /// The English text. `{}` stands for a parameter (`text_tools::fill`).
    #[must_use]
    fn english(self) -> &'static str;
}

/// Defines an enum of texts, each with its id and its English version.
macro_rules! texts {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $text:ident $id:literal = $english:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$doc])* $text,)* }

        impl $crate::text::TextId for $name {
            const ALL: &'static [Self] = &[$(Self::$text,)*];

            fn id(self) -> &'static str {
                match self { $(Self::$text => $id,)* }
            }

            fn english(self) -> &'static str {
                match self { $(Self::$text => $english,)* }
            }
        }
    };
}
pub(crate) use texts;

/// Translations of some texts.
#[derive(Debug)]
pub struct Translations<T>(Vec<(T, String)>);

impl<T> Default for Translations<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: TextId> Translations<T> {
    /// Reads an object with a member for each translated text. Calls `ignore` with the name of each
    /// member that is no text, or whose value cannot stand for the English text: it must be a
    /// string of 1 to 1,000 bytes with as many parameters.
    pub fn read(json: &Json, mut ignore: impl FnMut(&str)) -> Self {
        let mut translations = Vec::new();
        if let Json::Object(members) = json {
            for (name, value) in members {
                let text = T::ALL.iter().copied().find(|text| text.id() == name);
                match (text, value) {
                    (Some(text), Json::Text(value)) if can_replace(value, text.english()) => {
                        translations.push((text, value.clone()));
                    }
                    _ => ignore(name),
                }
            }
        }
        Self(translations)
    }

    /// Whether every text is translated.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        T::ALL.iter().all(|text| self.get(*text).is_some())
    }

    fn get(&self, text: T) -> Option<&str> {
        self.0.iter().find(|(translated, _)| *translated == text).map(|(_, value)| value.as_str())
    }
}

/// The buyer's language.
#[derive(Debug)]
pub struct Language<T> {
    /// The BCP 47 tag of the chosen language.
    pub locale: &'static str,
    /// The merchant's own texts.
    own: Translations<T>,
    /// The texts of `locales/`, once they have arrived.
    loaded: OnceCell<Translations<T>>,
}

impl<T: TextId> Language<T> {
    /// A language whose texts are English, except the merchant's own, until they are loaded.
    #[must_use]
    pub fn new(locale: &'static str, own: Translations<T>) -> Self {
        Self { locale, own, loaded: OnceCell::new() }
    }

    /// Whether there are texts to load: English is built in.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        !crate::locale::is_english(self.locale)
            && self.loaded.get().is_none()
            && !self.own.is_complete()
    }

    /// The texts have arrived. Later ones are ignored.
    pub fn load(&self, translations: Translations<T>) {
        let _ = self.loaded.set(translations);
    }

    /// The BCP 47 tag of the language that is shown now.
    #[must_use]
    pub fn shown(&self) -> &'static str {
        if self.is_incomplete() { "en-US" } else { self.locale }
    }

    /// A text in this language, or in English.
    #[must_use]
    pub fn text(&self, text: T) -> &str {
        let loaded = || self.loaded.get().and_then(|loaded| loaded.get(text));
        self.own.get(text).or_else(loaded).unwrap_or_else(|| text.english())
    }

    /// The direction of the script that is shown now, as the attribute `dir` has it.
    #[must_use]
    pub fn direction(&self) -> &'static str {
        if crate::locale::is_right_to_left(self.shown()) { "rtl" } else { "ltr" }
    }
}

fn can_replace(text: &str, english: &str) -> bool {
    let is_sized = !text.trim_ascii().is_empty() && text.len() <= LONGEST;
    is_sized && parameters(text) == parameters(english)
}

fn parameters(mut text: &str) -> usize {
    let mut count = 0;
    while let (_, Some(rest)) = crate::text_tools::cut(text, "{}") {
        text = rest;
        count += 1;
    }
    count
}

texts! {
/// A text for the buyer.
Text {
    /// An app did not open.
    AppNotOpened "appNotOpened" = "The app did not open. Is it on this phone?",
    /// The buyer has to approve on their phone.
    ApproveOnPhone "approveOnPhone" =
        "Please approve the payment on your phone: open the message from your bank or wallet, or \
         its app.",
    /// The buyer's bank verifies the buyer (3DS).
    BankChecks "bankChecks" = "Your bank checks that it is you.",
    /// Name of the card form, for screen readers.
    CardForm "cardForm" = "Card details",
    /// Something in the card form seems mistyped.
    CheckCard "checkCard" = "Please check your card details. You have not been charged.",
    /// The check digits of a number are wrong.
    CheckDigits "checkDigits" = "Check the number: a digit seems wrong.",
    /// A text does not have the form that it needs.
    CheckField "checkField" = "Check this field.",
    /// A phone number is not one.
    CheckPhone "checkPhone" = "Check the phone number.",
    /// What was typed is no option of the list.
    ChooseFromList "chooseFromList" = "Choose one from the list.",
    /// Label of the closing button.
    Close "close" = "Close",
    /// A code has expired.
    CodeExpired "codeExpired" =
        "This code is no longer valid. If you have paid, please wait: we are checking.",
    /// Label of a button that goes on to the bank or back to the shop.
    Continue "continue" = "Continue",
    /// Label of a button that pays in the browser instead of an app.
    ContinueInBrowser "continueInBrowser" = "Continue in the browser",
    /// A code was copied.
    Copied "copied" = "Copied",
    /// Label of a button that copies a code.
    Copy "copy" = "Copy",
    /// The browser did not copy a code. It is selected as text.
    CopyRefused "copyRefused" =
        "Your browser did not copy it. The text is selected: copy it from there.",
    /// A date of the past is needed.
    DateInFuture "dateInFuture" = "This date has not come yet.",
    /// For example 31 April.
    DateUnknown "dateUnknown" = "There is no such date.",
    /// Unit of a time between one day and two; the number precedes.
    Day "day" = "day",
    /// Unit of a time of two days or more; the number precedes.
    Days "days" = "days",
    /// Refused; the same card or method will be refused again.
    Declined "declined" = "The payment was declined.",
    /// A number contains something else.
    DigitsOnly "digitsOnly" = "Use digits only.",
    /// No bank is chosen.
    EnterBank "enterBank" = "Choose your bank.",
    /// The BLIK code is missing.
    EnterBlik "enterBlik" = "Enter the code from your banking app.",
    /// The box is not ticked.
    EnterConsent "enterConsent" = "Please agree to go on.",
    /// The CPF is missing.
    EnterCpf "enterCpf" = "Enter your CPF.",
    /// The date is missing.
    EnterDate "enterDate" = "Enter the date.",
    /// The email address is missing.
    EnterEmail "enterEmail" = "Enter your email address.",
    /// The name is missing.
    EnterName "enterName" = "Enter the name.",
    /// The number is missing.
    EnterNumber "enterNumber" = "Enter the number.",
    /// No option is chosen.
    EnterOption "enterOption" = "Choose one.",
    /// The phone number is missing.
    EnterPhone "enterPhone" = "Enter your phone number.",
    /// The field is empty.
    EnterText "enterText" = "Fill in this field.",
    /// A BLIK code has another length. Parameter: a number.
    ExactDigitsBlik "exactDigitsBlik" = "The code has {} digits.",
    /// A CPF has another length. Parameter: a number.
    ExactDigitsCpf "exactDigitsCpf" = "A CPF has {} digits.",
    /// The session or the order is over.
    Expired "expired" = "This checkout has expired. Please go back to the shop and start again.",
    /// The payment goes on in an app.
    FinishInApp "finishInApp" = "Please finish the payment in the app, then come back here.",
    /// A date is not written as year, month and day.
    FormOfDate "formOfDate" = "Enter year, month and day, like 1990-12-31.",
    /// A text is no email address.
    FormOfEmail "formOfEmail" = "Enter an address like name@example.com.",
    /// A phone number has no country code.
    FormOfPhone "formOfPhone" = "Start with + and the country code, like +34 600 112 233.",
    /// Label of the button that checks whether the payment has arrived.
    HavePaid "havePaid" = "I have paid",
    /// Label of a field for a bank.
    LabelBank "labelBank" = "Bank",
    /// Label of a field for a BLIK code, which a Polish banking app shows.
    LabelBlik "labelBlik" = "BLIK code",
    /// Label of a checkbox.
    LabelConsent "labelConsent" = "I agree",
    /// Label of a field for a CPF, the taxpayer's number in Brazil.
    LabelCpf "labelCpf" = "CPF",
    /// Label of a field for a date.
    LabelDate "labelDate" = "Date",
    /// Label of a field for an email address.
    LabelEmail "labelEmail" = "Email",
    /// Label of a field for a person's name.
    LabelName "labelName" = "Name",
    /// Label of a field for a number.
    LabelNumber "labelNumber" = "Number",
    /// Label of a field for a phone number.
    LabelPhone "labelPhone" = "Phone number",
    /// Label of a list of options.
    LabelSelect "labelSelect" = "Choose one",
    /// Label of a field for any text.
    LabelText "labelText" = "Details",
    /// On the way to another page.
    Leaving "leaving" = "Taking you to the next step…",
    /// The first view is being prepared.
    Loading "loading" = "Preparing secure payment…",
    /// A text is too long. Parameter: a number.
    MaxCharacters "maxCharacters" = "Use at most {} characters.",
    /// A number is too long. Parameter: a number.
    MaxDigits "maxDigits" = "Use at most {} digits.",
    /// A text is too short. Parameter: a number.
    MinCharacters "minCharacters" = "Use at least {} characters.",
    /// A number is too short. Parameter: a number.
    MinDigits "minDigits" = "Use at least {} digits.",
    /// A name contains digits only.
    NameIsNumber "nameIsNumber" = "Enter a name, not a number.",
    /// The bank or wallet did not verify the buyer.
    NotVerified "notVerified" = "The payment could not be verified. You have not been charged.",
    /// The buyer checked, and no payment has arrived.
    NotYet "notYet" = "Your payment has not arrived yet. That can take a moment.",
    /// A search among options found none.
    NothingFound "nothingFound" = "Nothing found",
    /// Label of a button that opens an app.
    OpenApp "openApp" = "Open the app",
    /// Follows the label of a field that may stay empty.
    Optional "optional" = "(optional)",
    /// How many options a search found. Parameter: a number from 1.
    OptionsFound "optionsFound" = "{} to choose from",
    /// The result is not known yet and the page stops waiting for it.
    OutcomeUnknown "outcomeUnknown" =
        "We could not find out yet whether the payment went through. The shop will check; please \
         do not pay again.",
    /// The next page could not be opened.
    PageNotOpened "pageNotOpened" = "The next page could not be opened.",
    /// Paid.
    Paid "paid" = "Payment complete. Thank you!",
    /// Label of the pay button where the amount is not known.
    Pay "pay" = "Pay",
    /// Label of the pay button. Parameter: the amount.
    PayAmount "payAmount" = "Pay {}",
    /// The buyer pays in an app, which has to be opened first.
    PayInApp "payInApp" = "You pay in the app of your wallet or bank.",
    /// Codes that the buyer pays with.
    PayWithCode "payWithCode" =
        "Pay with this code in your app or at your bank. This page will show when it is done.",
    /// The pay button while a payment is under way.
    Paying "paying" = "Paying…",
    /// Heading of the component.
    Payment "payment" = "Payment",
    /// Label of a number that the buyer pays with.
    PaymentNumber "paymentNumber" = "Payment number",
    /// The money may take days.
    Pending "pending" = "The shop will tell you when your payment has arrived.",
    /// A phone number is too long.
    PhoneTooLong "phoneTooLong" = "The phone number is too long.",
    /// A phone number is too short.
    PhoneTooShort "phoneTooShort" = "The phone number is too short.",
    /// Name of a QR code, for screen readers.
    ScanCode "scanCode" = "Code to scan with your payment app",
    /// The merchant has to solve something.
    ShopProblem "shopProblem" = "The shop cannot take this payment at the moment.",
    /// An inquiry about the payment is running.
    StillChecking "stillChecking" = "Checking your payment. Please keep this page open…",
    /// Label of the time for which a code is valid; days, hours, minutes and seconds follow.
    TimeLeft "timeLeft" = "Time left",
    /// No answer, and nothing was paid.
    TryAgain "tryAgain" = "The connection was interrupted and nothing was paid. Please try again.",
    /// A fault that may be over soon.
    TryLater "tryLater" = "Something went wrong. You have not been charged; please try again.",
    /// Another card may work.
    TryOtherCard "tryOtherCard" =
        "Your bank did not accept this card. You have not been charged; please try another card.",
    /// Another method may work.
    TryOtherMethod "tryOtherMethod" =
        "The payment did not go through. You have not been charged; please try another way to \
         pay.",
}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json {
        kassa_protocol::json::read(&serde_json::from_str::<serde_json::Value>(text).unwrap())
            .unwrap()
    }

    #[test]
    fn the_merchants_texts_come_before_the_files_and_english_comes_last() {
        let mut ignored = Vec::new();
        let own = r#"{"pay": "Jetzt zahlen", "expired": 3, "constructor": "x", "close": " "}"#;
        let own = Translations::read(&json(own), |name| ignored.push(name.to_owned()));
        ignored.sort();
        assert_eq!(ignored, ["close", "constructor", "expired"]);
        let german: Language<Text> = Language::new("de-DE", own);
        assert!(german.is_incomplete());
        assert_eq!(german.text(Text::Close), "Close");
        let file = json(r#"{"pay": "Bezahlen", "close": "Schließen"}"#);
        german.load(Translations::read(&file, |_| {}));
        assert_eq!(german.text(Text::Pay), "Jetzt zahlen");
        assert_eq!(german.text(Text::Close), "Schließen");
        assert_eq!(german.text(Text::Copy), "Copy");
        assert!(!german.is_incomplete());
    }

    #[test]
    fn a_translation_without_the_parameter_is_ignored() {
        for (text, is_used) in [("{} Ziffern", true), ("Ziffern", false), ("{} von {}", false)] {
            let file = Json::object().with("maxDigits", &text);
            let language: Language<Text> = Language::new("de-DE", Translations::default());
            language.load(Translations::read(&file, |_| {}));
            assert_eq!(language.text(Text::MaxDigits) == text, is_used, "{text}");
        }
    }

    #[test]
    fn english_is_built_in() {
        let english: Language<Text> = Language::new("en-US", Translations::default());
        assert!(!english.is_incomplete());
    }
}
