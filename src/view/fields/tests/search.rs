//! A bank with a search.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use super::{Page, bank, fire, mouse_down, press, press_with};

impl Page {
    fn bank() -> Self {
        Self::new(&bank())
    }

    fn list(&self) -> HtmlElement {
        self.find("[role=listbox]")
    }

    /// The texts that the list shows; `None` when it is closed.
    fn listed(&self) -> Option<Vec<String>> {
        let is_expanded = self.input("bank").get_attribute("aria-expanded").unwrap() == "true";
        assert_eq!(is_expanded, !self.list().hidden());
        is_expanded.then(|| self.texts("[role=option]:not([hidden])"))
    }

    fn texts(&self, selector: &str) -> Vec<String> {
        let found = self.slot.query_selector_all(selector).unwrap();
        (0..found.length()).map(|at| found.item(at).unwrap().text_content().unwrap()).collect()
    }

    fn status(&self) -> String {
        self.find::<HtmlElement>("[role=status]").text_content().unwrap()
    }

    /// The option that Enter chooses: the one that the input names as active.
    fn active(&self) -> Option<String> {
        let id = self.input("bank").get_attribute("aria-activedescendant")?;
        let active: HtmlElement = self.find(&format!("#{id}"));
        assert!(active.class_list().contains("active"));
        assert_eq!(self.texts("li.active").len(), 1);
        active.text_content()
    }

    fn chosen(&self) -> Vec<String> {
        self.texts("[aria-selected=true]")
    }
}

#[wasm_bindgen_test]
fn it_is_a_combobox_with_a_list() {
    let page = Page::bank();
    let input = page.input("bank");
    let list = page.list();
    assert_eq!(input.get_attribute("role").unwrap(), "combobox");
    assert_eq!(input.get_attribute("aria-autocomplete").unwrap(), "list");
    assert_eq!(input.get_attribute("aria-controls").unwrap(), list.id());
    assert_eq!(list.get_attribute("aria-label").unwrap(), "Bank");
    assert_eq!(input.get_attribute("autocomplete").unwrap(), "off");
    assert_eq!(page.listed(), None);
    assert_eq!(page.status(), "");
}

#[wasm_bindgen_test]
fn the_keyboard_opens_moves_chooses_and_closes() {
    let page = Page::bank();
    let input = page.input("bank");
    input.focus().unwrap();
    assert!(press(&input, "ArrowDown"));
    assert_eq!(page.listed().unwrap().len(), 12);
    assert_eq!(page.status(), "12 to choose from");
    assert_eq!(page.active().as_deref(), Some("mBank"));
    // From the first to the last, and back.
    press(&input, "ArrowUp");
    assert_eq!(page.active().as_deref(), Some("Bank Spółdzielczy"));
    let last: HtmlElement = page.find("li.active");
    assert!(
        last.offset_top() + last.offset_height()
            <= page.list().scroll_top() + page.list().client_height()
    );
    press(&input, "ArrowDown");
    assert_eq!(page.active().as_deref(), Some("mBank"));
    press(&input, "ArrowDown");
    assert!(press(&input, "Enter"));
    assert_eq!(input.value(), BANK_1);
    assert_eq!(page.listed(), None);
    assert_eq!(page.active(), None);
    assert_eq!(page.chosen(), [BANK_1]);
    // Enter was for the list.
    assert_eq!(page.sent(), []);
    assert_eq!(page.submit().unwrap(), [("bank".to_owned(), "B1".to_owned())]);

    // With the Alt key the list opens at the chosen option and nothing moves.
    press_with(&input, "ArrowDown", |init| {
        init.set_alt_key(true);
    });
    assert_eq!(page.active().as_deref(), Some(BANK_1));
    press(&input, "ArrowUp");
    assert_eq!(page.active().as_deref(), Some("mBank"));
}

const BANK_1: &str = "ING Bank Śląski";

#[wasm_bindgen_test]
fn escape_closes_the_list_and_nothing_else() {
    let page = Page::bank();
    let input = page.input("bank");
    page.fill("bank", "santander");
    let opened = press_with(&input, "ArrowDown", |_| {});
    assert!(opened.default_prevented());
    input.set_value("san");
    let reached = std::rc::Rc::new(std::cell::Cell::new(0));
    let count = std::rc::Rc::clone(&reached);
    let _listener = kassa_dom::listen(&page.slot, "keydown", move |_| count.set(count.get() + 1));
    assert!(press(&input, "Escape"));
    assert_eq!(page.listed(), None);
    // Back to the chosen option.
    assert_eq!(input.value(), "Santander");
    assert_eq!(reached.get(), 0);
    // The next one is for the component.
    assert!(!press(&input, "Escape"));
    assert_eq!(reached.get(), 1);
}

#[wasm_bindgen_test]
fn options_are_found_without_case_and_accents() {
    let page = Page::bank();
    let input = page.input("bank");
    page.fill("bank", "SLAS");
    assert_eq!(page.listed().unwrap(), [BANK_1]);
    assert_eq!(page.status(), "1 to choose from");
    // The only one needs no arrow.
    assert!(press(&input, "Enter"));
    assert_eq!(input.value(), BANK_1);
    page.fill("bank", "spoldz");
    assert_eq!(page.listed().unwrap(), ["Bank Spółdzielczy"]);
    page.fill("bank", " bank ");
    assert_eq!(page.listed().unwrap().len(), 8);
    page.fill("bank", "nowhere");
    assert_eq!(page.listed(), None);
    assert_eq!(page.status(), "Nothing found");
    // Nothing to choose: Enter is for the form.
    press(&input, "ArrowDown");
    assert_eq!(page.active(), None);
    assert!(press(&input, "Enter"));
    assert_eq!(page.sent().len(), 1);
    assert_eq!(page.submit(), None);
    assert_eq!(page.error("bank"), "Choose one from the list.");
}

#[wasm_bindgen_test]
fn a_click_opens_and_chooses_and_the_focus_stays() {
    let page = Page::bank();
    let input = page.input("bank");
    assert_eq!(page.submit(), None);
    assert_eq!(page.error("bank"), "Choose your bank.");
    input.click();
    assert_eq!(page.listed().unwrap().len(), 12);
    let third: HtmlElement = page.find("li:nth-child(3)");
    assert!(mouse_down(&third));
    assert!(!mouse_down(&input));
    third.click();
    assert_eq!(page.focused(), "bank");
    assert_eq!(input.value(), "PKO Bank Polski");
    assert_eq!(page.listed(), None);
    assert_eq!(page.error("bank"), "");
    // Between the options, and on the label.
    input.click();
    page.list().click();
    assert_eq!(page.listed().unwrap().len(), 12);
    // The buyer goes elsewhere.
    fire(&input, "focusout");
    assert_eq!(page.listed(), None);
    assert_eq!(page.submit().unwrap()[0].1, "B2");
}

#[wasm_bindgen_test]
fn of_two_options_with_one_text_the_chosen_one_stays() {
    let page =
        Page::new(&bank().replace("Nest Bank", "mBank").replace(r#""elementMandatory":true,"#, ""));
    let input = page.input("bank");
    input.click();
    page.find::<HtmlElement>("li:nth-child(11)").click();
    assert_eq!(input.value(), "mBank");
    // The browser's event for the text that was written.
    fire(&input, "change");
    assert_eq!(page.submit().unwrap()[0].1, "B10");
    page.fill("bank", "");
    assert_eq!(page.submit().unwrap(), []);
}

#[wasm_bindgen_test]
fn a_first_value_is_chosen() {
    let page = Page::new(&bank().replace(r#""elementMandatory":true"#, r#""defaultValue":"B3""#));
    assert_eq!(page.input("bank").value(), "Santander");
    assert_eq!(page.chosen(), ["Santander"]);
    assert_eq!(page.submit().unwrap()[0].1, "B3");
}
