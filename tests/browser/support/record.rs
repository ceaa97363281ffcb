//! The merchant's callbacks.

use std::cell::RefCell;
use std::rc::Rc;

use serde_json::Value;
use wasm_bindgen::prelude::*;

use super::sdk::JsCheckout;
use super::values::{from_js, function, set};

/// The calls of the merchant's callbacks, in order, and the reactions to them.
#[derive(Clone, Default)]
pub(crate) struct Record(Rc<State>);

#[derive(Default)]
struct State {
    checkout: RefCell<Option<JsCheckout>>,
    calls: RefCell<Vec<(&'static str, Value)>>,
    reactions: RefCell<Vec<(String, Reaction)>>,
}

/// Takes the instance and the callback's argument.
type Reaction = Rc<dyn Fn(&JsCheckout, &JsValue) -> Result<JsValue, JsValue>>;

impl Record {
    /// The callback options. `onBeforeSubmit` changes what the SDK does and is not among them.
    pub(super) const CALLBACKS: [&'static str; 6] = [
        "onClose",
        "onError",
        "onEventCallback",
        "onLog",
        "onPaymentMethodSelected",
        "onSizeChanged",
    ];

    pub(super) fn connect(&self, checkout: &JsCheckout) {
        self.0.checkout.replace(Some(checkout.clone()));
    }

    /// Puts a callback into the options.
    pub(super) fn add_to(&self, options: &JsValue, name: &'static str) {
        let state = Rc::clone(&self.0);
        let callback = function(move |argument| {
            let given = from_js(&argument);
            let label = label(name, &given);
            state.calls.borrow_mut().push((name, given));
            let reaction = {
                let mut reactions = state.reactions.borrow_mut();
                let at = reactions.iter().position(|(trigger, _)| *trigger == label);
                at.map(|at| reactions.remove(at).1)
            };
            let checkout = state.checkout.borrow().clone().unwrap();
            reaction.map_or(Ok(JsValue::UNDEFINED), |react| react(&checkout, &argument))
        });
        set(options, name, &callback);
    }

    /// Has a callback return or throw something, once. The trigger is written as
    /// [`Record::order`] writes it.
    pub(crate) fn returns(
        &self,
        trigger: &str,
        result: impl Fn() -> Result<JsValue, JsValue> + 'static,
    ) {
        self.react(trigger, move |_, _| result());
    }

    /// Has a callback call the SDK, once.
    pub(crate) fn calls(&self, trigger: &str, call: impl Fn(&JsCheckout) + 'static) {
        self.react(trigger, move |checkout, _| {
            call(checkout);
            Ok(JsValue::UNDEFINED)
        });
    }

    /// Runs a function with a callback's argument, once.
    pub(crate) fn react(
        &self,
        trigger: &str,
        react: impl Fn(&JsCheckout, &JsValue) -> Result<JsValue, JsValue> + 'static,
    ) {
        self.0.reactions.borrow_mut().push((trigger.to_owned(), Rc::new(react)));
    }

    /// The callbacks in the order in which they were called: the code of an event without `SDK_`,
    /// otherwise the callback's name with the code or method that it received. `onSizeChanged`,
    /// which depends on the layout, is left out.
    pub(crate) fn order(&self) -> Vec<String> {
        let calls = self.0.calls.borrow();
        let calls = calls.iter().filter(|(name, _)| *name != "onSizeChanged");
        calls.map(|(name, given)| label(name, given)).collect()
    }

    /// The same, and forgets them.
    pub(crate) fn take(&self) -> Vec<String> {
        let order = self.order();
        self.0.calls.borrow_mut().clear();
        order
    }

    pub(crate) fn has(&self, label: &str) -> bool {
        self.order().iter().any(|other| other == label)
    }

    /// The arguments of a callback, one for each call.
    pub(crate) fn of(&self, callback: &str) -> Vec<Value> {
        let calls = self.0.calls.borrow();
        let calls = calls.iter().filter(|(name, _)| *name == callback);
        calls.map(|(_, given)| given.clone()).collect()
    }

    /// The last event or log line with a label of [`Record::order`].
    pub(crate) fn last(&self, wanted: &str) -> Value {
        let calls = self.0.calls.borrow();
        let found = calls.iter().rev().find(|(name, given)| label(name, given) == wanted);
        found.map(|(_, given)| given.clone()).unwrap_or_else(|| panic!("no {wanted}"))
    }
}

fn label(callback: &str, given: &Value) -> String {
    let text = |member: &str| given[member].as_str().unwrap_or_default();
    let code = text("code").trim_start_matches("SDK_");
    match callback {
        "onEventCallback" => code.to_owned(),
        "onError" | "onLog" => format!("{callback} {code}"),
        "onPaymentMethodSelected" | "onBeforeSubmit" => {
            format!("{callback} {}", text("paymentMethodType"))
        }
        _ => callback.to_owned(),
    }
}
