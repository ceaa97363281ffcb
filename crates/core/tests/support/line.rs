//! Effects as lines of a transcript.

use kassa_core::call::Call;
use kassa_core::machine::{Effect, Settlement};
use kassa_protocol::client::{Operation, PaymentFactors};
use kassa_protocol::frame::ToForm;
use kassa_protocol::json::ToJson;

/// An effect as a line.
pub(crate) fn line(effect: &Effect) -> String {
    match effect {
        Effect::Emit(event) => format!("emit {}", json(event)),
        Effect::Call { call, .. } => call_line(call),
        Effect::AbortCall(_) => "abort call".into(),
        Effect::StartTimer { after, .. } => format!("timer {after} ms"),
        Effect::CancelTimer(_) => "cancel timer".into(),
        Effect::CloseThreeDsFrame => "close 3DS frame".into(),
        Effect::AskBeforeSubmit { method, .. } => format!("onBeforeSubmit {method}"),
        Effect::OpenFields { elements, .. } => format!("fields {}", json(elements)),
        Effect::OpenThreeDsFrame { target, size, .. } => {
            format!("3DS frame {size} {}", target.as_str())
        }
        Effect::NotifyMethodSelected { method } => format!("onPaymentMethodSelected {method}"),
        Effect::Navigate { target, .. } => format!("navigate {}", target.as_str()),
        Effect::OpenCardForm { target, .. } => format!("card form {}", target.as_str()),
        Effect::SendToForm(message) => format!("to form: {}", tag(message)),
        Effect::Settle { settlement, .. } => match settlement {
            Settlement::Validated { is_valid } => {
                format!("validateFields resolves isValid={is_valid}")
            }
            Settlement::Opened => "createComponent resolves".into(),
            Settlement::Rejected { code, message } => format!("rejects {} {message}", code.name()),
            Settlement::Submitted { code, message } => {
                format!("submit resolves {} {message}", code.name())
            }
        },
        Effect::Log(line) => format!("log {}: {}", line.code.name(), line.message),
        Effect::Render => "render".into(),
        Effect::NotifyClosed => "onClose".into(),
        Effect::RemoveComponent => "remove component".into(),
    }
}

fn call_line(call: &Call) -> String {
    let name = operation(call.operation);
    let request = &call.request;
    let extras = request.ext_params.as_ref().expect("every call has extParams");
    match call.operation {
        Operation::Query => format!("call {name}"),
        Operation::Inquire => match &extras.three_ds_comp_ind {
            Some(result) => format!("call {name} threeDSCompInd={result}"),
            None => format!("call {name}"),
        },
        Operation::Submit => {
            let method = request.payment_method.as_ref().expect("a submit names its method");
            let kind = method.payment_method_type.as_ref().expect("a method has a name");
            let id = method.payment_method_id.as_ref();
            let stored = id.map(|id| format!(" stored={id}")).unwrap_or_default();
            let attempt = extras.attempt_id.as_deref().expect("a submit has an attempt");
            let given = given(call);
            format!("call {name} attempt={attempt} {kind}{stored} {given}")
        }
    }
}

/// The `paymentFactors` of a submit.
pub(crate) fn given(call: &Call) -> String {
    let factors = call.request.payment_factors.as_ref().expect("a submit has paymentFactors");
    match factors {
        PaymentFactors { card_token: Some(token), .. } => format!("token={token}"),
        PaymentFactors { values, .. } if !values.0.is_empty() => format!("values={}", json(values)),
        PaymentFactors { .. } => "token=none".into(),
    }
}

/// The last part of an operation's name.
pub(crate) fn operation(operation: Operation) -> &'static str {
    operation.name().rsplit('.').next().unwrap_or_default()
}

/// The tag of a message to the form.
pub(crate) fn tag(message: &ToForm) -> &'static str {
    match message {
        ToForm::Busy { .. } => "busy",
        ToForm::Init(_) => "init",
        ToForm::Submit { .. } => "submit",
        ToForm::Validate { .. } => "validate",
    }
}

/// A value as JSON text, the members of objects in alphabetical order.
pub(crate) fn json(value: &impl ToJson) -> String {
    serde_json::to_value(value.to_json()).expect("serialisable").to_string()
}
