//! An instance of the SDK and what it asks of its bridge.

use js_sys::{JSON, Object, Reflect};
use kassa::Kassa;
use wasm_bindgen::prelude::*;
use web_sys::Element;

pub(crate) const SESSION: &str = "c2Vzc2lvbg==&&SG&&188";

/// What a gateway answers to the first question.
pub(crate) const CARD: &str = r#"{"success":true,"merchantName":"Tea House",
    "paymentAmountView":{"currency":"MYR","value":"4200"},
    "paymentMethods":[{"paymentMethodType":"CARD"}],"frameUrl":"/frame/card"}"#;

#[wasm_bindgen(module = "/tests/browser/stage.js")]
extern "C" {
    type Hooks;

    #[wasm_bindgen(constructor, js_class = "Stage")]
    fn new() -> Hooks;

    #[wasm_bindgen(method)]
    fn take(this: &Hooks) -> String;

    #[wasm_bindgen(method)]
    fn last(this: &Hooks, name: &str, argument: u32, member: &str) -> JsValue;

    #[wasm_bindgen(method)]
    fn when(this: &Hooks, trigger: &str, script: &str, scope: &JsValue);
}

/// One instance of the SDK.
pub(crate) struct Stage {
    pub(crate) kassa: Kassa,
    hooks: Hooks,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::with(r#"{"prod":false,"gateway":"https://gw.example","locale":"","languages":"en"}"#)
    }

    /// With an `onBeforeSubmit`.
    pub(crate) fn guarded() -> Self {
        Self::with(r#"{"gateway":"https://gw.example","guarded":true}"#)
    }

    fn with(config: &str) -> Self {
        let hooks = Hooks::new();
        let kassa = Kassa::new(json(config), hooks.clone().unchecked_into());
        Self { kassa, hooks }
    }

    /// A component over the page that waits for its gateway.
    pub(crate) fn opening() -> Self {
        let stage = Self::new();
        stage.kassa.open(1, arguments(SESSION), None);
        stage
    }

    /// A component whose card form can be used.
    pub(crate) fn ready() -> Self {
        let stage = Self::opening();
        stage.answer(CARD);
        stage.kassa.heard(stage.id("open_frame"), json(r#"{"t":"ready"}"#));
        stage
    }

    /// The gateway answers the call that is out.
    pub(crate) fn answer(&self, body: &str) {
        self.kassa.answered(self.id("call"), reply(&json(body)));
    }

    /// The card form answers what was said to it last.
    pub(crate) fn form_answers(&self, packet: &str) {
        let packet: Object = json(packet).unchecked_into();
        set(&packet, "id", &self.member("send", 0, "id"));
        self.kassa.heard(self.id("open_frame"), packet.into());
    }

    /// What was asked for since the last time: the hooks' names, and the codes of events.
    pub(crate) fn heard(&self) -> String {
        self.hooks.take()
    }

    /// The id that came with the last use of a hook.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "ids are small whole numbers"
    )]
    pub(crate) fn id(&self, hook: &str) -> u32 {
        self.hooks.last(hook, 0, "").as_f64().unwrap() as u32
    }

    /// An argument of the last use of a hook.
    pub(crate) fn given(&self, hook: &str, argument: u32) -> JsValue {
        self.hooks.last(hook, argument, "")
    }

    /// A member of an argument that is JSON.
    pub(crate) fn member(&self, hook: &str, argument: u32, member: &str) -> JsValue {
        self.hooks.last(hook, argument, member)
    }

    /// Lets a script run when the event or the hook is heard. It knows the instance as `kassa`.
    pub(crate) fn when(self, trigger: &str, script: &str, others: &[(&str, JsValue)]) -> Scripted {
        let kassa = JsValue::from(self.kassa);
        let scope = Object::new();
        set(&scope, "kassa", &kassa);
        for (name, value) in others {
            set(&scope, name, value);
        }
        self.hooks.when(trigger, script, &scope);
        Scripted { kassa, hooks: self.hooks }
    }
}

/// An instance that JavaScript owns, as in a page.
pub(crate) struct Scripted {
    kassa: JsValue,
    hooks: Hooks,
}

impl Scripted {
    /// Calls a method of the instance.
    pub(crate) fn call(&self, script: &str, others: &[(&str, JsValue)]) {
        let scope = Object::new();
        set(&scope, "kassa", &self.kassa);
        for (name, value) in others {
            set(&scope, name, value);
        }
        let run = js_sys::Function::new_with_args("scope", &format!("with (scope) {{ {script} }}"));
        run.call1(&JsValue::UNDEFINED, &scope).unwrap();
    }

    pub(crate) fn heard(&self) -> String {
        self.hooks.take()
    }

    pub(crate) fn given(&self, hook: &str, argument: u32) -> JsValue {
        self.hooks.last(hook, argument, "")
    }
}

pub(crate) fn json(text: &str) -> JsValue {
    JSON::parse(text).unwrap()
}

/// What the bridge makes of an answer.
pub(crate) fn reply(body: &JsValue) -> JsValue {
    let reply = Object::new();
    set(&reply, "http", &200.into());
    set(&reply, "resultStatus", &JsValue::NULL);
    set(&reply, "trace", &JsValue::NULL);
    set(&reply, "body", body);
    reply.into()
}

/// What the facade passes to `open`.
pub(crate) fn arguments(session: &str) -> JsValue {
    let arguments: Object = json(
        r#"{"showLoading":true,"showSubmitButton":true,"theme":"night","stay":true,"seed":"5eed",
            "userAgent":"A \"quoted\" \\ \u2028 \ud83d\udcb3\nbrowser","language":"en-MY",
            "maxTouchPoints":0,"colorDepth":24,"width":1280,"height":720,"timeZoneOffset":-480,
            "page":"https://shop.example/pay",
            "appointed":"{\"storedCard\":{\"needCVV\":true}}","needsCode":true}"#,
    )
    .unchecked_into();
    set(&arguments, "session", &session.into());
    arguments.into()
}

pub(crate) fn container() -> Element {
    web_sys::window().unwrap().document().unwrap().create_element("div").unwrap()
}

pub(crate) fn set(object: &Object, name: &str, value: &JsValue) {
    Reflect::set(object, &name.into(), value).unwrap();
}
