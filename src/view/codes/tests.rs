//! Codes in a browser's DOM.

use js_sys::{Function, Promise};
use kassa_dom::parse;
use kassa_protocol::client::CodeView;
use kassa_protocol::json::{FromJson, Json};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement, ShadowRoot, ShadowRootInit, ShadowRootMode};

use super::{CodeProblem, Codes};
use crate::host_functions::unguarded;
use crate::view::english;

wasm_bindgen_test_configure!(run_in_browser);

const THREE: &str = r#"[
    {"code":"https://qr.example/pay?id=0123456789","displayType":"QRCODE"},
    {"code":"12345678901234","displayType":"BARCODE"},
    {"code":"9876543210","displayType":"TEXT"}]"#;

/// Codes in a shadow root, as in a component. Taken out of the page when dropped.
struct Page {
    host: HtmlElement,
    slot: HtmlElement,
    codes: Option<Codes>,
}

impl Page {
    fn new() -> Self {
        let document = web_sys::window().unwrap().document().unwrap();
        let host: HtmlElement = document.create_element("div").unwrap().unchecked_into();
        document.body().unwrap().append_child(&host).unwrap();
        let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).unwrap();
        let slot: HtmlElement = document.create_element("div").unwrap().unchecked_into();
        root.append_child(&slot).unwrap();
        let codes = Some(Codes::new(&slot, &unguarded(), &english()));
        Self { host, slot, codes }
    }

    /// Shows `codeFormViews`, given as JSON text.
    fn show(&self, codes: &str) -> Vec<CodeProblem> {
        let Ok(Json::List(codes)) = parse(codes) else { panic!("no list: {codes}") };
        let codes: Vec<_> = codes.iter().filter_map(CodeView::from_json).collect();
        self.codes.as_ref().unwrap().show(&codes)
    }

    fn all(&self, selector: &str) -> Vec<HtmlElement> {
        let found = self.slot.query_selector_all(selector).unwrap();
        (0..found.length()).map(|at| found.item(at).unwrap().unchecked_into()).collect()
    }

    fn texts(&self, selector: &str) -> Vec<String> {
        self.all(selector).iter().map(|element| element.text_content().unwrap()).collect()
    }

    fn button(&self, index: usize) -> HtmlElement {
        self.all("button")[index].clone()
    }

    fn status(&self) -> String {
        self.texts("[role=status]").concat()
    }

    fn focused(&self) -> Option<Element> {
        self.slot.get_root_node().unchecked_into::<ShadowRoot>().active_element()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.host.remove();
    }
}

/// Runs a script in the page.
fn run(script: &str) -> JsValue {
    Function::new_no_args(script).call0(&JsValue::NULL).unwrap()
}

fn text(script: &str) -> String {
    run(script).as_string().unwrap_or_default()
}

/// Waits until a condition is true.
async fn until(mut condition: impl FnMut() -> bool) {
    for _ in 0..500 {
        if condition() {
            return;
        }
        let pause: Promise =
            run("return new Promise(done => setTimeout(done, 1))").unchecked_into();
        JsFuture::from(pause).await.unwrap();
    }
    panic!("the condition never became true");
}

/// What the browser offers for copying, until dropped.
struct Stubs;

impl Stubs {
    /// `clipboard` and `exec` are expressions for `navigator.clipboard` and `document.execCommand`.
    fn new(clipboard: &str, exec: &str) -> Self {
        run(&format!(
            "window.written = window.selected = undefined;
             Object.defineProperty(navigator, 'clipboard', {{ configurable: true, value: {clipboard} }});
             document.execCommand = {exec};"
        ));
        Self
    }
}

impl Drop for Stubs {
    fn drop(&mut self) {
        run("delete navigator.clipboard; delete document.execCommand;");
    }
}

/// Keeps the selected text of the focused text field, as the browser would copy it.
const COPIES: &str = "command => {
    let at = document.activeElement;
    while (at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
    window.selected = command + ' ' + at.value.slice(at.selectionStart, at.selectionEnd);
    return true;
}";
const REFUSES: &str = "() => false";
const THROWS: &str = "() => { throw new Error('no') }";

#[wasm_bindgen_test]
fn codes_are_images_with_names_and_numbers_in_groups() {
    let page = Page::new();
    assert_eq!(page.show(THREE), []);
    let names: Vec<_> =
        page.all("svg").iter().map(|svg| svg.get_attribute("aria-label").unwrap()).collect();
    assert_eq!(names, ["Code to scan with your payment app"; 2]);
    assert_eq!(page.texts("figcaption"), names);
    assert_eq!(page.texts(".number span"), ["1234", "5678", "9012", "34", "9876", "5432", "10"]);
    // A selected number has no blanks.
    assert_eq!(page.texts(".number"), ["12345678901234", "9876543210"]);
    assert_eq!(page.texts("figure .hint"), ["Payment number"; 2]);
    assert_eq!(page.texts("button"), ["Copy"; 3]);
    assert_eq!(page.button(0).get_attribute("aria-describedby"), None);
    let described = page.button(2).get_attribute("aria-describedby").unwrap();
    assert_eq!(page.texts(&format!("#{described}")), ["9876543210"]);

    // Black on white whatever the theme is, with whole pixels for each module.
    for (selector, size) in [(".qr", [37, 37, 259]), (".bars", [132, 1, 264])] {
        let svg = &page.all(selector)[0];
        assert_eq!(svg.namespace_uri().as_deref(), Some("http://www.w3.org/2000/svg"));
        assert_eq!(svg.get_attribute("role").unwrap(), "img");
        let [width, height, pixels] = size;
        assert_eq!(svg.get_attribute("viewBox").unwrap(), format!("0 0 {width} {height}"));
        assert_eq!(svg.get_attribute("width").unwrap(), pixels.to_string());
        let fills: Vec<_> = page
            .all(&format!("{selector} *"))
            .iter()
            .map(|part| part.get_attribute("fill").unwrap())
            .collect();
        assert_eq!(fills, ["#fff", "#000"]);
    }
}

#[wasm_bindgen_test]
fn what_cannot_be_drawn_is_text() {
    let page = Page::new();
    // The protocol's reader leaves out what is no object.
    assert_eq!(page.show("[null]"), []);
    assert_eq!(page.all("figure").len(), 0);
    assert_eq!(page.show(r#"[{"displayType":"QRCODE"},{"code":"1"}]"#), [CodeProblem::Empty]);
    assert_eq!(page.texts(".number"), ["1"]);
    assert_eq!(
        page.show(
            r#"[{"code":"平安","displayType":"BARCODE"},{"code":"p","displayType":"HOLOGRAM"}]"#
        ),
        [CodeProblem::NotForBarcode]
    );
    assert_eq!(page.texts(".number"), ["平安", "p"]);
    let long = "a".repeat(2954);
    let code = format!(r#"[{{"code":"{long}","displayType":"QRCODE"}}]"#);
    assert_eq!(page.show(&code), [CodeProblem::TooLongForQrCode]);
    assert_eq!(page.texts(".number"), [long]);
    assert_eq!(page.all("svg").len(), 0);
    // The next one is drawn again.
    assert_eq!(page.show(r#"[{"code":"a","displayType":"QRCODE"}]"#), []);
    assert_eq!(page.all("svg").len(), 1);
}

#[wasm_bindgen_test]
fn a_code_that_is_shown_both_ways_is_copied_from_where_it_can_be_read() {
    let page = Page::new();
    let both = r#"[{"code":"pix","displayType":"QRCODE"},{"code":"pix"}]"#;
    assert_eq!(page.show(both), []);
    assert_eq!(page.all("button").len(), 1);
    assert!(page.button(0).has_attribute("aria-describedby"));
}

#[wasm_bindgen_test]
fn the_same_codes_are_not_drawn_again_and_others_keep_the_focus() {
    let page = Page::new();
    let _ = page.show(THREE);
    let button = page.button(1);
    button.focus().unwrap();
    // Only a time that is not shown has changed.
    let later = THREE.replace("\"TEXT\"", "\"TEXT\",\"codeExpireTime\":\"2026-11-24T10:00:00Z\"");
    let _ = page.show(&later);
    assert_eq!(page.button(1), button);

    let other = r#"[{"code":"https://qr.example/2","displayType":"QRCODE"},{"code":"9876543210"}]"#;
    let _ = page.show(other);
    assert_ne!(page.button(1), button);
    assert_eq!(page.focused().unwrap(), *page.button(1));
    // Fewer buttons than before.
    let _ = page.show(r#"[{"code":"1"}]"#);
    assert!(page.focused().is_none());
    // A focus elsewhere stays there.
    let _ = page.show(THREE);
    assert!(page.focused().is_none());
    let _ = page.show("[]");
    assert_eq!(page.all("figure").len(), 0);
}

#[wasm_bindgen_test]
async fn a_copy_is_confirmed_for_a_while() {
    let _stubs = Stubs::new("{ writeText: async text => { window.written = text } }", REFUSES);
    run("window.own = window.setTimeout;
         window.setTimeout = (then, after, ...rest) => {
             if (after !== 4000) return window.own(then, after, ...rest);
             window.over = then;
         };");
    let page = Page::new();
    let _ = page.show(THREE);
    page.button(0).click();
    until(|| !page.status().is_empty()).await;
    run("window.setTimeout = window.own");
    assert_eq!(page.status(), "Copied");
    assert_eq!(text("return window.written"), "https://qr.example/pay?id=0123456789");
    assert_eq!(page.focused().unwrap(), *page.button(0));
    run("window.over()");
    assert_eq!(page.status(), "");
}

#[wasm_bindgen_test]
async fn without_a_clipboard_a_text_field_is_copied() {
    for clipboard in [
        "undefined",
        "{ writeText: () => Promise.reject(new Error('no')) }",
        "{ writeText() { throw 1 } }",
    ] {
        let _stubs = Stubs::new(clipboard, COPIES);
        let page = Page::new();
        let _ = page.show(THREE);
        page.button(1).click();
        until(|| !page.status().is_empty()).await;
        assert_eq!(text("return window.selected"), "copy 12345678901234", "{clipboard}");
        assert_eq!(page.all("textarea").len(), 0);
        assert_eq!(page.focused().unwrap(), *page.button(1));
    }
}

#[wasm_bindgen_test]
fn copying_without_a_clipboard_is_over_when_the_click_is() {
    // Engines allow it nowhere else.
    let _stubs = Stubs::new("undefined", COPIES);
    let page = Page::new();
    let _ = page.show(THREE);
    page.button(2).click();
    assert_eq!(page.status(), "Copied");
}

#[wasm_bindgen_test]
fn what_could_not_be_copied_is_selected() {
    for exec in [REFUSES, THROWS] {
        let _stubs = Stubs::new("undefined", exec);
        let page = Page::new();
        let _ = page.show(THREE);
        run("getSelection().removeAllRanges(); window.choices = [];
             window.own = Selection.prototype.selectAllChildren;
             Selection.prototype.selectAllChildren = function (node) {
                 window.choice = node.textContent;
             };");
        page.button(2).click();
        assert_eq!(text("return window.choice"), "9876543210");
        // Nobody has to read the contents of a QR code, unless they cannot be copied.
        assert_eq!(page.texts(".number").len(), 2);
        for _ in 0..2 {
            page.button(0).click();
            assert_eq!(text("return window.choice"), "https://qr.example/pay?id=0123456789");
            assert_eq!(page.texts(".number").len(), 3);
        }
        run("Selection.prototype.selectAllChildren = window.own;");
        assert!(page.status().contains("did not copy it"), "{}", page.status());
        assert_eq!(page.focused().unwrap(), *page.button(0));
        assert_eq!(page.all("textarea").len(), 0);
    }
}

#[wasm_bindgen_test]
async fn nothing_is_left_of_dropped_codes() {
    let _stubs =
        Stubs::new("{ writeText: () => new Promise(done => { window.answer = done }) }", COPIES);
    run("const timers = window.timers = new Set();
         window.own = [window.setTimeout, window.clearTimeout];
         window.setTimeout = function (then, after) {
             const id = window.own[0].call(window, () => { timers.delete(id); then() }, after);
             timers.add(id);
             return id;
         };
         window.clearTimeout = id => { timers.delete(id); window.own[1].call(window, id) };
         window.listening = 0;
         window.owns = {};
         for (const [name, by] of [['addEventListener', 1], ['removeEventListener', -1]]) {
             const own = window.owns[name] = EventTarget.prototype[name];
             EventTarget.prototype[name] = function (...rest) {
                 window.listening += by;
                 return own.apply(this, rest);
             };
         }");
    let mut page = Page::new();
    let _ = page.show(THREE);
    // A copy that is confirmed, and one that is still under way.
    page.button(0).click();
    run("window.answer()");
    let count = |name: &str| run(&format!("return window.{name}")).as_f64().unwrap();
    for _ in 0..20 {
        JsFuture::from(Promise::resolve(&JsValue::NULL)).await.unwrap();
    }
    assert_eq!(page.status(), "Copied");
    assert_eq!(count("timers.size"), 1.0);
    page.button(1).click();
    assert_eq!(count("listening"), 1.0);
    page.codes = None;
    assert_eq!(count("timers.size"), 0.0);
    assert_eq!(count("listening"), 0.0);
    run("[window.setTimeout, window.clearTimeout] = window.own;
         Object.assign(EventTarget.prototype, window.owns);");
    assert!(page.slot.first_child().is_none());
    run("window.answer()");
    // Refused after the end, the code is not copied in another way.
    for _ in 0..20 {
        JsFuture::from(Promise::resolve(&JsValue::NULL)).await.unwrap();
    }
    assert_eq!(count("timers.size"), 0.0);
    assert!(page.slot.first_child().is_none());
}
