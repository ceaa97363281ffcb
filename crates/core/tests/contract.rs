//! The published types and the machine may not drift apart.
#![allow(clippy::expect_used, reason = "in a test, dying with a message is the report")]

use std::collections::BTreeSet;

use kassa_core::events::Code;

/// Codes that the facade emits itself: the machine does not exist yet, or no longer.
const FACADE: [&str; 2] = ["SDK_INIT_PARAMETER_ERROR", "SDK_INTERNAL_ERROR"];

#[test]
fn the_published_event_codes_are_those_that_can_be_emitted() {
    let types = include_str!("../../../js/src/kassa.d.ts");
    let union = types.split("export type EventCode =").nth(1).expect("the type is there");
    let union = union.split(';').next().expect("the type ends");
    let published: BTreeSet<&str> =
        union.split('"').filter(|piece| piece.starts_with("SDK_")).collect();
    let emitted: BTreeSet<&str> = Code::ALL.into_iter().map(Code::name).chain(FACADE).collect();
    assert_eq!(published, emitted);
    assert!(emitted.iter().all(|code| code.to_ascii_uppercase() == *code), "upper case always");
}
