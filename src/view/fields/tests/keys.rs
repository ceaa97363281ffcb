//! Enter, the busy form, and the end.

use kassa_protocol::frame::{FromForm, ToForm};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlFormElement};

use super::{Page, bank, every_kind, fire, press, run};

#[wasm_bindgen_test]
fn enter_submits_once() {
    let page = Page::new(&every_kind());
    for key in ["firstName", "email", "birthDate", "bank", "terms"] {
        let input = page.input(key);
        // The browser does not send the form as well.
        assert!(press(&input, "Enter"), "{key}");
        assert_eq!(page.sent(), [FromForm::SubmitPressed], "{key}");
    }
    // Of a list it is the list's own.
    assert!(!press(&page.input("brand"), "Enter"));
    assert!(!press(&page.input("email"), "a"));
    // A browser that wants to send the form all the same.
    let form: HtmlFormElement = page.find("form");
    assert!(fire(&form, "submit").default_prevented());
    assert_eq!(page.sent(), []);
}

#[wasm_bindgen_test]
fn a_busy_form_changes_nothing_and_sends_nothing() {
    let page = Page::new(&every_kind());
    let form: HtmlElement = page.find(".fields");
    let date = page.input("birthDate");
    date.set_value("1990-12-31");
    fire(&date, "input");
    page.input("bank").click();
    page.send(&ToForm::Busy { busy: true });
    assert_eq!(form.get_attribute("aria-busy").unwrap(), "true");
    for key in ["firstName", "phone", "email", "bank", "note"] {
        assert!(page.input(key).read_only(), "{key}");
        assert!(press(&page.input(key), "Enter"), "{key}");
    }
    // An open list is closed, and does not open.
    let bank = page.input("bank");
    assert_eq!(bank.get_attribute("aria-expanded").unwrap(), "false");
    assert!(!press(&bank, "ArrowDown"));
    bank.click();
    page.find::<HtmlElement>("li").click();
    assert_eq!(bank.get_attribute("aria-expanded").unwrap(), "false");
    assert_eq!(bank.value(), "");

    for key in ["birthDate", "brand", "terms"] {
        let control = page.input(key);
        assert_eq!(control.get_attribute("aria-disabled").unwrap(), "true", "{key}");
        assert!(!control.disabled(), "{key}");
        for name in [" ", "ArrowDown", "Enter", "a"] {
            assert!(press(&control, name), "{key} {name}");
        }
        // The focus can move on.
        assert!(!press(&control, "Tab"), "{key}");
    }
    // Changes that no key made.
    page.input("terms").click();
    page.select("brand").set_value("B1");
    fire(&page.input("brand"), "change");
    date.set_value("2000-01-01");
    fire(&date, "change");
    assert!(!page.input("terms").checked());
    assert_eq!(page.select("brand").value(), "");
    assert_eq!(date.value(), "1990-12-31");
    assert_eq!(page.sent(), []);

    page.send(&ToForm::Busy { busy: false });
    assert_eq!(form.get_attribute("aria-busy").unwrap(), "false");
    assert!(!page.input("email").read_only());
    page.input("terms").click();
    assert!(page.input("terms").checked());
    assert!(!press(&page.input("terms"), " "));
    press(&page.input("email"), "Enter");
    assert_eq!(page.sent(), [FromForm::SubmitPressed]);
}

#[wasm_bindgen_test]
fn the_focus_stays_on_a_busy_field() {
    let page = Page::new(&every_kind());
    for key in ["email", "terms", "brand"] {
        page.input(key).focus().unwrap();
        page.send(&ToForm::Busy { busy: true });
        assert_eq!(page.focused(), key);
        page.send(&ToForm::Busy { busy: false });
    }
}

#[wasm_bindgen_test]
fn what_is_dropped_is_gone_and_silent() {
    run("const count = (name, by) => {
             const own = EventTarget.prototype[name];
             EventTarget.prototype[name] = function (...rest) {
                 window.listening = (window.listening || 0) + by;
                 return own.apply(this, rest);
             };
             EventTarget.prototype[name].own = own;
         };
         count('addEventListener', 1);
         count('removeEventListener', -1);");
    let mut page = Page::new(&every_kind());
    let listening = || run("return window.listening").as_f64().unwrap();
    assert!(listening() >= 1.0);
    // With the focus in it and something typed, so that its removal makes events.
    page.fill("email", "mia@");
    let email: HtmlElement = page.input("email").unchecked_into();
    let error: HtmlElement = page.find(&format!("#{}-error", email.id()));
    page.fields = None;
    assert_eq!(listening(), 0.0);
    run("for (const name of ['addEventListener', 'removeEventListener'])
             EventTarget.prototype[name] = EventTarget.prototype[name].own;");
    assert!(page.slot.first_child().is_none());
    press(&email, "Enter");
    fire(&email, "focusout");
    assert_eq!(error.text_content().unwrap(), "");
    assert_eq!(page.sent(), []);
}

#[wasm_bindgen_test]
fn ids_are_unique_where_two_forms_share_a_tree() {
    let mut page = Page::new(&bank());
    let first = page.fields.take();
    page.show(&bank());
    let ids = page.slot.query_selector_all("[id]").unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for at in 0..ids.length() {
        let element: HtmlElement = ids.item(at).unwrap().unchecked_into();
        assert!(seen.insert(element.id()), "{}", element.id());
    }
    // Twice an input, an error, a list and twelve options.
    assert_eq!(seen.len(), 2 * 15);
    drop(first);
    assert_eq!(page.slot.child_element_count(), 1);
}
