//! Fields with the names of the DOM's own members.

use js_sys::Function;
use kassa_protocol::frame::{FromForm, ToForm};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use super::{Page, document, get, press};

const NAMES: [&str; 40] = [
    "__proto__",
    "action",
    "addEventListener",
    "append",
    "appendChild",
    "attributes",
    "children",
    "classList",
    "constructor",
    "contains",
    "dispatchEvent",
    "elements",
    "firstChild",
    "focus",
    "getAttribute",
    "getRootNode",
    "hasAttribute",
    "hidden",
    "id",
    "innerHTML",
    "insertBefore",
    "isConnected",
    "length",
    "method",
    "name",
    "nodeName",
    "nodeType",
    "ownerDocument",
    "parentNode",
    "querySelector",
    "remove",
    "removeChild",
    "removeEventListener",
    "reset",
    "setAttribute",
    "submit",
    "textContent",
    "toString",
    "type",
    "valueOf",
];

/// A field of each name, the last of them under a heading.
fn elements() -> String {
    let one = |name: &&str| format!(r#"{{"paymentElementKey":"{name}","elementMandatory":true}}"#);
    let all: Vec<String> = NAMES.iter().map(one).collect();
    let (first, last) = all.split_at(20);
    let (first, last) = (first.join(","), last.join(","));
    format!(r#"[{first},{{"title":"More","subPaymentElementView":[{last}]}}]"#)
}

#[wasm_bindgen_test]
fn fields_work_and_go_whatever_their_names_are() {
    let mut page = Page::new(&elements());
    // Otherwise this would prove nothing.
    let form: HtmlElement = page.find("form");
    for name in ["remove", "parentNode", "addEventListener", "__proto__"] {
        assert_eq!(get(&form, name), JsValue::from(page.input(name)), "{name}");
    }

    assert_eq!(page.submit(), None);
    assert_eq!(page.focused(), "__proto__");
    for name in NAMES {
        assert_eq!(page.error(name), "Fill in this field.", "{name}");
        page.fill(name, name);
        page.leave(name);
        assert_eq!(page.error(name), "", "{name}");
        assert!(press(&page.input(name), "Enter"), "{name}");
        assert_eq!(page.sent(), [FromForm::SubmitPressed], "{name}");
    }
    // The form's own methods are hidden from this test as well.
    let submit = Function::new_with_args(
        "form",
        "const event = new Event('submit', { bubbles: true, cancelable: true });
         return EventTarget.prototype.dispatchEvent.call(form, event);",
    );
    assert_eq!(submit.call1(&JsValue::NULL, &form).unwrap(), JsValue::FALSE);
    page.send(&ToForm::Busy { busy: true });
    for name in NAMES {
        assert!(page.input(name).read_only(), "{name}");
    }
    page.send(&ToForm::Busy { busy: false });
    assert_eq!(page.submit().unwrap(), NAMES.map(|name| (name.to_owned(), name.to_owned())));

    page.input("remove").focus().unwrap();
    page.fields = None;
    assert!(page.slot.first_child().is_none());
    // The next form is no worse off.
    page.show(&elements());
    assert_eq!(page.slot.child_element_count(), 1);
}

#[wasm_bindgen_test]
fn a_form_outside_of_a_shadow_root_is_no_danger_either() {
    let slot: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    document().body().unwrap().append_child(&slot).unwrap();
    let mut page = Page::new("[]");
    page.fields = None;
    page.slot.remove();
    page.slot = slot;
    page.show(&elements());
    page.fill("nodeType", "");
    assert_eq!(page.submit(), None);
    page.fields = None;
    assert!(page.slot.first_child().is_none());
    page.slot.remove();
}
