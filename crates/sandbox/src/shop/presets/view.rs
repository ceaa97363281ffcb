//! The presets as pages and tools show them.

use serde_json::{Value, json};

use super::events::EventContext;
use super::flow::Flow;
use super::selection::{FAULTS, MOST_REFUSALS, Selection, failure_codes};
use super::table::TABLE;
use super::{Detail, Group, Preset};
use crate::domain::scenario::ChallengeWindow;
use crate::shop::options::BeforeSubmit;

/// The table, by group, with the settings of each preset for this choice of details.
pub(in crate::shop) fn list(selection: &Selection) -> Vec<Value> {
    let groups = Group::ALL.iter().map(|group| {
        let presets = TABLE.iter().filter(|preset| preset.group == *group);
        json!({
            "title": group.title(),
            "outcomes": presets.map(|preset| shown(preset, selection)).collect::<Vec<_>>(),
        })
    });
    groups.collect()
}

fn shown(preset: &Preset, selection: &Selection) -> Value {
    let setup = (preset.setup)(selection);
    let details = preset.details.iter().map(|detail| detail.field());
    json!({
        "id": preset.id,
        "title": preset.title,
        "description": preset.description,
        "flows": preset.flows,
        "details": details.collect::<Vec<_>>(),
        "scenario": setup.scenario,
        "settings": setup.settings(),
        "plans": preset.flows.iter().flat_map(|flow| plans(preset, *flow)).collect::<Vec<_>>(),
    })
}

/// The expected events in a flow: two plans where a form makes a difference, otherwise one.
fn plans(preset: &Preset, flow: Flow) -> Vec<Value> {
    let events = |form: bool, stay: bool| {
        let before_submit = BeforeSubmit::None;
        preset.events(EventContext { flow, form, stay, before_submit })
    };
    let plan = |form: bool, member: Option<bool>, suffix: &str| {
        json!({
            "flow": flow,
            // Null where a form makes no difference.
            "form": member,
            "title": format!("{}{suffix}", flow.title()),
            "leaving": events(form, false),
            "staying": events(form, true),
        })
    };
    let is_same = [false, true].iter().all(|stay| events(true, *stay) == events(false, *stay));
    if flow == Flow::Card || is_same {
        return vec![plan(true, None, "")];
    }
    vec![plan(true, Some(true), ", with a form"), plan(false, Some(false), ", without a form")]
}

/// The choices of the details.
pub(in crate::shop) fn details() -> Value {
    let choice = |value: &str, text: &str| json!({ "value": value, "text": text });
    let windows = ChallengeWindow::ALL.map(|size| {
        let text = match size {
            ChallengeWindow::W250H400 => "250 × 400",
            ChallengeWindow::W390H400 => "390 × 400",
            ChallengeWindow::W500H600 => "500 × 600",
            ChallengeWindow::W600H400 => "600 × 400",
            ChallengeWindow::FullScreen => "the whole window",
        };
        json!({ "value": size, "text": text })
    });
    let codes = failure_codes().map(|(code, meaning)| choice(code, meaning));
    json!({
        Detail::ResultCode.field(): codes.collect::<Vec<_>>(),
        Detail::ChallengeWindow.field(): windows,
        Detail::Fault.field(): FAULTS.map(|(fault, text)| choice(&fault.to_string(), text)),
        "most_refusals": MOST_REFUSALS,
    })
}

/// The selection as the checkout page shows it.
pub(in crate::shop) fn reminder(selection: &Selection, context: EventContext) -> Value {
    let preset = selection.preset();
    json!({
        "title": preset.title,
        "description": preset.description,
        "settings": selection.setup().settings(),
        "events": preset.events(context),
    })
}
