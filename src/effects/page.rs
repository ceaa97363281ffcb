//! What happens to the page as a whole while a component is open.

use std::rc::Weak;

use gloo::events::EventListener;
use kassa_core::machine::Input;
use wasm_bindgen::JsCast;
use web_sys::{Event, PageTransitionEvent, VisibilityState};

use crate::shell::Shell;

/// Listeners that go when the component goes.
pub(crate) struct PageListeners {
    _listeners: [EventListener; 3],
}

impl PageListeners {
    pub(crate) fn listen(shell: &Weak<Shell>) -> Option<Self> {
        let window = web_sys::window()?;
        let document = window.document()?;
        let watched = document.clone();
        let visibility = on(shell, &document, "visibilitychange", move |_| {
            if watched.visibility_state() == VisibilityState::Hidden {
                Input::PageHidden
            } else {
                Input::PageShown { restored: false }
            }
        });
        let shown = on(shell, &window, "pageshow", |event| {
            let event = event.dyn_ref::<PageTransitionEvent>();
            Input::PageShown { restored: event.is_some_and(PageTransitionEvent::persisted) }
        });
        let online = on(shell, &window, "online", |_| Input::Online);
        Some(Self { _listeners: [visibility, shown, online] })
    }
}

/// Turns an event of the browser into an input, for as long as the listener lives.
pub(crate) fn on(
    shell: &Weak<Shell>,
    target: &web_sys::EventTarget,
    kind: &'static str,
    read: impl Fn(&Event) -> Input + 'static,
) -> EventListener {
    let shell = shell.clone();
    EventListener::new(target, kind, move |event| {
        if let Some(shell) = shell.upgrade() {
            shell.dispatch(read(event));
        }
    })
}
