//! Fields of a payment method.

use crate::ElementType;
use crate::json::object;

object! {
    /// A field to collect, or the heading of a group of fields.
    Element {
        /// The member of `paymentFactors` for the value.
        payment_element_key: String = "paymentElementKey",
        /// Kind of the field. Absent: text.
        element_type: Option<ElementType> = "elementType",
        /// Whether the field may not stay empty; of a consent, whether it must be given.
        element_mandatory: bool = "elementMandatory",
        /// The label.
        title: Option<String> = "title",
        /// The placeholder of the empty field.
        default_text: Option<String> = "defaultText",
        /// The first value.
        default_value: Option<String> = "defaultValue",
        /// The message for a wrong value. Absent: the SDK has its own.
        param_illegal_text: Option<String> = "paramIllegalText",
        /// The options. Ours.
        options: Vec<Choice> = "options",
        /// The fewest characters. Ours.
        min_length: Option<u16> = "minLength",
        /// The most characters. Ours.
        max_length: Option<u16> = "maxLength",
        /// ISO 3166 alpha-2: the country of a national telephone number. Ours.
        country: Option<String> = "country",
        /// Elements of which this one is only the heading.
        sub_payment_element_view: Vec<Element> = "subPaymentElementView",
    }

    /// An option.
    Choice {
        /// The value that is sent.
        value: String = "value",
        /// The text that is shown.
        text: String = "text",
    }
}
