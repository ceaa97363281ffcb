//! What is drawn for each kind of field, and what becomes of its value.

use js_sys::Object;
use kassa_protocol::frame::{FromForm, ToForm};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlInputElement};

use super::{Page, every_kind, fire, one, type_into};

#[wasm_bindgen_test]
fn each_kind_has_its_control() {
    let page = Page::new(&every_kind());
    for (key, label, attributes) in [
        (
            "firstName",
            "First name",
            [("type", "text"), ("inputmode", "text"), ("autocomplete", "given-name")].as_slice(),
        ),
        ("lastName", "Last name", &[("autocapitalize", "words"), ("autocomplete", "family-name")]),
        (
            "phone",
            "Phone number",
            &[("type", "tel"), ("inputmode", "tel"), ("autocomplete", "tel"), ("dir", "ltr")],
        ),
        (
            "email",
            "Email",
            &[("type", "text"), ("inputmode", "email"), ("autocomplete", "email"), ("dir", "ltr")],
        ),
        ("cpf", "CPF (optional)", &[("inputmode", "numeric"), ("dir", "ltr")]),
        (
            "blik",
            "BLIK code",
            &[("inputmode", "numeric"), ("autocapitalize", "off"), ("aria-required", "true")],
        ),
        ("account", "Number (optional)", &[("placeholder", "Digits"), ("spellcheck", "false")]),
        ("birthDate", "Date", &[("type", "date"), ("autocomplete", "bday")]),
        ("bank", "Bank", &[("role", "combobox"), ("placeholder", "Search your bank")]),
        ("smallBank", "Bank (optional)", &[]),
        ("brand", "Card", &[("aria-required", "true")]),
        ("note", "Details (optional)", &[("type", "text"), ("autocomplete", "on")]),
        ("terms", "I agree to the terms.", &[("type", "checkbox"), ("aria-required", "true")]),
        ("news", "I agree", &[("type", "checkbox")]),
    ] {
        let input = page.input(key);
        let id = input.id();
        let labels: HtmlElement = page.find(&format!("label[for={id}]"));
        assert_eq!(labels.text_content().unwrap(), label, "{key}");
        for (name, value) in attributes {
            assert_eq!(input.get_attribute(name).as_deref(), Some(*value), "{key} {name}");
        }
        assert_eq!(page.error(key), "");
    }
    for (key, name) in [("account", "aria-required"), ("terms", "inputmode"), ("note", "dir")] {
        assert_eq!(page.input(key).get_attribute(name), None, "{key} {name}");
    }
    // Nobody is born after today, by the gateway's clock.
    assert_eq!(page.input("birthDate").get_attribute("max").as_deref(), Some("2026-11-25"));
    let legend: HtmlElement = page.find("fieldset legend");
    assert_eq!(legend.text_content().unwrap(), "Your name");
    let parts = page.slot.query_selector_all("fieldset input").unwrap();
    assert_eq!(parts.length(), 2);
    let firsts: HtmlElement = page.find("[name=brand] option");
    assert_eq!(firsts.text_content().unwrap(), "Which one?");
    let ellipsis: HtmlElement = page.find("[name=smallBank] option");
    assert_eq!(ellipsis.text_content().unwrap(), "…");
    assert_eq!(page.select("smallBank").length(), 3);
    // A consent is read after its box.
    let consent: HtmlElement = page.find(".consent");
    assert_eq!(consent.first_element_child().unwrap(), **page.input("terms"));
}

#[wasm_bindgen_test]
fn errors_are_on_the_fields_and_the_first_has_the_focus() {
    let page = Page::new(&every_kind());
    page.send(&ToForm::Submit { id: 7 });
    assert_eq!(page.sent(), [FromForm::Invalid { id: 7 }]);
    assert_eq!(page.focused(), "firstName");
    for (key, error) in [
        ("firstName", "Enter the name."),
        ("phone", "Enter your phone number."),
        // The gateway's message is about wrong values only.
        ("email", "Enter your email address."),
        ("cpf", ""),
        ("blik", "Enter the code from your banking app."),
        ("account", ""),
        ("birthDate", "Enter the date."),
        ("bank", "Choose your bank."),
        ("smallBank", ""),
        ("brand", "Choose one."),
        ("terms", "Please agree to go on."),
        ("news", ""),
    ] {
        assert_eq!(page.error(key), error, "{key}");
    }

    // An error goes with the edit that mends it, and a new one waits until the buyer leaves.
    page.fill("firstName", "Mia");
    assert_eq!(page.error("firstName"), "");
    page.fill("email", "mia@");
    assert_eq!(page.error("email"), "Enter your email address.");
    page.leave("email");
    assert_eq!(page.error("email"), "That is no address.");
    page.fill("email", "mia@example.com");
    assert_eq!(page.error("email"), "");
    page.fill("email", "mia@");
    assert_eq!(page.error("email"), "");
    page.leave("email");
    assert_eq!(page.error("email"), "That is no address.");

    page.send(&ToForm::Validate { id: 8 });
    assert_eq!(page.sent(), [FromForm::Checked { id: 8, valid: false }]);
    assert_eq!(page.focused(), "lastName");
}

#[wasm_bindgen_test]
fn a_field_that_was_only_visited_has_no_error() {
    let page = Page::new(&every_kind());
    page.input("phone").focus().unwrap();
    page.leave("phone");
    assert_eq!(page.error("phone"), "");
}

#[wasm_bindgen_test]
fn values_are_sent_in_their_wire_form() {
    let page = Page::new(&every_kind());
    page.fill("firstName", " Mia  Li ");
    page.fill("lastName", "Chen");
    page.fill("phone", "600 112 233");
    page.fill("email", "mia@example.com");
    page.fill("blik", "777123");
    page.fill("account", "00 42");
    page.fill("bank", "mbank");
    let date = page.input("birthDate");
    date.set_value("1990-12-31");
    fire(&date, "input");
    page.select("brand").set_value("B1");
    fire(&page.input("brand"), "change");
    page.input("terms").click();
    let expected = [
        ("firstName", "Mia Li"),
        ("lastName", "Chen"),
        ("phone", "+34600112233"),
        ("email", "mia@example.com"),
        ("blik", "777123"),
        ("account", "0042"),
        ("birthDate", "1990-12-31"),
        ("bank", "B0"),
        ("brand", "B1"),
        ("terms", "true"),
        ("news", "false"),
    ];
    let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(page.submit().unwrap(), expected);
    page.send(&ToForm::Validate { id: 1 });
    assert_eq!(page.sent(), [FromForm::Checked { id: 1, valid: true }]);
}

#[wasm_bindgen_test]
fn first_values_are_shown_as_if_they_had_been_typed() {
    let page = Page::new(
        r#"[
        {"paymentElementKey":"cpf","elementType":"CPF","defaultValue":"52998224725"},
        {"paymentElementKey":"terms","elementType":"CONSENT","defaultValue":"true"},
        {"paymentElementKey":"news","elementType":"CONSENT","defaultValue":"yes"},
        {"paymentElementKey":"day","elementType":"DATE","defaultValue":"1990-12-31"},
        {"paymentElementKey":"size","elementType":"SELECT","defaultValue":"2",
         "options":[{"value":"1","text":"S"},{"value":"2","text":"M"}]}]"#,
    );
    assert_eq!(page.input("cpf").value(), "529.982.247-25");
    assert!(page.input("terms").checked());
    assert!(!page.input("news").checked());
    assert_eq!(page.input("day").value(), "1990-12-31");
    assert_eq!(page.select("size").value(), "2");
    let values = page.submit().unwrap();
    assert_eq!(values[0], ("cpf".to_owned(), "52998224725".to_owned()));
}

#[wasm_bindgen_test]
fn a_date_that_is_none_yet_is_malformed_and_not_missing() {
    let page = Page::new(&one("day", "DATE"));
    let day: HtmlInputElement = page.input("day");
    // Only a person can type half a date; a script can only make the browser say so.
    let validity = r#"{"configurable":true,"value":{"badInput":true}}"#;
    let validity: Object = js_sys::JSON::parse(validity).unwrap().unchecked_into();
    Object::define_property(&day, &"validity".into(), &validity);
    type_into(&day, "insertText");
    page.leave("day");
    assert_eq!(page.error("day"), "Enter year, month and day, like 1990-12-31.");
    assert_eq!(page.submit(), None);
    js_sys::Reflect::delete_property(&day, &"validity".into()).unwrap();
    assert_eq!(page.submit(), Some(Vec::new()));
}

#[wasm_bindgen_test]
fn a_day_after_today_is_refused() {
    let page = Page::new(&one("day", "DATE"));
    page.input("day").set_value("2026-11-26");
    assert_eq!(page.submit(), None);
    assert_eq!(page.error("day"), "This date has not come yet.");
}
