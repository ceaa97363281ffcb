//! Effects as lines of a transcript.

use kassa_core::call::{Filled, Operation};
use kassa_core::frame::ToFrame;
use kassa_core::machine::{Effect, Verdict};
use kassa_core::outgoing::{Outgoing, Sink};

/// An effect as a line.
pub(crate) fn line(effect: &Effect) -> String {
    match effect {
        Effect::Emit(event) => format!("emit {}", json(event)),
        Effect::Call { call, .. } => {
            let name = call.operation.name().rsplit('.').next().unwrap_or_default();
            match &call.attempt {
                Some(attempt) => {
                    let filled = match &attempt.filled {
                        Filled::Nothing => "token=none".into(),
                        Filled::Token(token) => format!("token={token}"),
                        Filled::Values(values) => format!("values={values}"),
                    };
                    let stored = match attempt.stored.as_str() {
                        "" => String::new(),
                        stored => format!(" stored={stored}"),
                    };
                    format!(
                        "call {name} attempt={} {}{stored} {filled}",
                        attempt.id, attempt.method
                    )
                }
                None if call.operation == Operation::Inquire && !call.method_done.is_empty() => {
                    format!("call {name} threeDSCompInd={}", call.method_done)
                }
                None => format!("call {name}"),
            }
        }
        Effect::AbortCall(_) => "abort call".into(),
        Effect::StartTimer { after, .. } => format!("timer {after} ms"),
        Effect::CancelTimer(_) => "cancel timer".into(),
        Effect::CloseWindow => "close 3DS frame".into(),
        Effect::Guard { method, .. } => format!("onBeforeSubmit {method}"),
        Effect::OpenForm { elements, .. } => format!("form {elements}"),
        Effect::OpenWindow { target, size, .. } => {
            format!("3DS frame {size} {}", target.as_str())
        }
        Effect::Selected { method } => format!("onPaymentMethodSelected {method}"),
        Effect::Navigate { target, .. } => format!("navigate {}", target.as_str()),
        Effect::OpenFrame { target, .. } => format!("frame {}", target.as_str()),
        Effect::SendFrame(message) => format!("to frame: {}", tag(message)),
        Effect::Settle { verdict, .. } => match verdict {
            Verdict::Checked { valid } => format!("validateFields resolves isValid={valid}"),
            Verdict::Opened => "createComponent resolves".into(),
            Verdict::Refused { code, message } => format!("rejects {} {message}", code.name()),
            Verdict::Submitted { code, message } => {
                format!("submit resolves {} {message}", code.name())
            }
        },
        Effect::Log { code, message } => format!("log {code}: {message}"),
        Effect::Render => "render".into(),
        Effect::Closed => "onClose".into(),
        Effect::Teardown => "teardown".into(),
    }
}

/// The tag of a message to the frame.
pub(crate) fn tag(message: &ToFrame) -> &'static str {
    match message {
        ToFrame::Busy { .. } => "busy",
        ToFrame::Init(_) => "init",
        ToFrame::Submit { .. } => "submit",
        ToFrame::Validate { .. } => "validate",
    }
}

/// What leaves, as JSON text.
pub(crate) fn json(value: &impl Outgoing) -> String {
    let mut tree = Tree(vec![serde_json::Map::new()], vec![]);
    value.write(&mut tree);
    assert!(tree.1.is_empty(), "every object that was begun was ended");
    serde_json::to_string(&tree.0).expect("serialisable").trim_matches(['[', ']']).to_owned()
}

/// Objects under construction, and the names of all but the outermost.
struct Tree(Vec<serde_json::Map<String, serde_json::Value>>, Vec<String>);

impl Tree {
    fn put(&mut self, name: &str, value: serde_json::Value) {
        let object = self.0.last_mut().expect("an object is begun");
        assert!(object.insert(name.to_owned(), value).is_none(), "{name} was written twice");
    }
}

impl Sink for Tree {
    fn text(&mut self, name: &str, value: &str) {
        self.put(name, value.into());
    }

    fn flag(&mut self, name: &str, value: bool) {
        self.put(name, value.into());
    }

    fn json(&mut self, name: &str, json: &str) {
        self.put(name, serde_json::from_str(json).expect("what is passed on as JSON is JSON"));
    }

    fn whole(&mut self, name: &str, value: i32) {
        self.put(name, value.into());
    }

    fn open(&mut self, name: &str) {
        self.0.push(serde_json::Map::new());
        self.1.push(name.to_owned());
    }

    fn close(&mut self) {
        let object = self.0.pop().expect("an object is begun");
        let name = self.1.pop().expect("an object is begun");
        self.put(&name, object.into());
    }
}
