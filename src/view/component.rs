//! The component's place in the page: a shadow root with the regions that all screens share.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::timers::callback::Interval;
use kassa_core::machine::{Button, Input, Millis, Screen, View};
use kassa_core::platform::Target;
use kassa_core::text::{Language, Text};
use kassa_core::text_tools::{digits, fill};
use kassa_dom::{
    Listener, SizeObserver, append, element, focused_element, set_attribute, set_hidden, set_text,
    tree_to_js,
};
use kassa_protocol::{ChallengeWindowSize, Json};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, HtmlIFrameElement, ShadowRoot, ShadowRootInit};

use super::codes::{CodeProblem, Codes};
use super::dialog::Dialog;
use super::focus::{Focus, focus, focused_in};
use super::numbers::{format_amount, format_days};
use super::screens::{Action, Press, Regions};
use super::stylesheet::add_stylesheet;
use crate::callbacks::Size;
use crate::effects::{document, frame_address, monotonic_millis};
use crate::host_functions::{HostFunctions, listen};
use crate::runtime::{Inbox, Queued};

/// The greatest height that a card form can give itself, in CSS pixels.
const TALLEST_FORM: u32 = 2_000;

/// Events of the keyboard, of text and of the clipboard. They end at the component: shortcuts of the
/// page would take letters away that the buyer types, and scripts that add a line to every copied
/// text would change a code.
const TYPING: [&str; 11] = [
    "beforeinput",
    "compositionend",
    "compositionstart",
    "compositionupdate",
    "copy",
    "cut",
    "input",
    "keydown",
    "keypress",
    "keyup",
    "paste",
];

/// Where a component goes.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// Over the page, as a dialog.
    OverPage,
    /// Into an element of the merchant's.
    In(Element),
}

/// The component in the page. Dropped, it leaves the page as it was.
pub(crate) struct Component {
    language: Rc<Language<Text>>,
    guard: HostFunctions,
    host: HtmlElement,
    panel: HtmlElement,
    merchant_name: HtmlElement,
    amount: HtmlElement,
    close: HtmlElement,
    alert: HtmlElement,
    status: HtmlElement,
    codes_slot: HtmlElement,
    codes: RefCell<Option<Codes>>,
    time_left: Rc<HtmlElement>,
    countdown: Cell<Option<Interval>>,
    challenge_slot: HtmlElement,
    form_slot: HtmlElement,
    card_form: RefCell<Option<HtmlIFrameElement>>,
    button: HtmlElement,
    second_button: HtmlElement,
    dialog: Option<Dialog>,
    /// The element that had the focus before a component in a container was there.
    focused: Option<Element>,
    presses: Rc<Presses>,
    has_focused_challenge: Cell<bool>,
    focus: Focus,
    was_connected: Cell<bool>,
    sources: Cell<Option<Sources>>,
}

/// Listeners and observers of the component's elements. Dropped, they stop.
struct Sources {
    _listeners: Vec<Listener>,
    _size_observer: Option<SizeObserver>,
}

/// What the buttons do now. Shared with their listeners.
#[derive(Default)]
struct Presses {
    button: Cell<Option<Press>>,
    second_button: Cell<Option<Press>>,
    is_closable: Cell<bool>,
}

impl Component {
    /// Puts an empty component into the page. `None` when the page has no body yet.
    pub(crate) fn mount(
        place: &Place,
        language: &Rc<Language<Text>>,
        nonce: Option<&str>,
        guard: &HostFunctions,
        inbox: &Inbox,
    ) -> Option<Self> {
        let document = document();
        let (parent, tag): (Element, _) = match place {
            Place::OverPage => (document.body()?.into(), "dialog"),
            Place::In(container) => (container.clone(), "section"),
        };
        // A container may be in a frame's document, which refuses the style sheets of this one.
        let document = parent.owner_document().unwrap_or(document);
        let make = |tag, attributes: &[(&str, &str)]| element(&document, tag, attributes);
        let host = make("div", &[("data-kassa", "")]);
        let panel = make(tag, &[("class", "panel"), ("tabindex", "-1")]);
        let merchant_name = make("h2", &[("class", "merchant")]);
        let amount = make("p", &[("class", "amount")]);
        let close = make("button", &[("type", "button"), ("class", "close")]);
        // Both live regions are permanent: screen readers often do not announce a region that is
        // added together with its text.
        let alert = make("p", &[("class", "alert"), ("role", "alert")]);
        let status = make("p", &[("class", "status"), ("role", "status")]);
        let spinner = make("div", &[("class", "spinner"), ("aria-hidden", "true")]);
        let codes_slot = make("div", &[("class", "codes-slot")]);
        // Not a live region: it changes each second.
        let time_left = make("p", &[("class", "left"), ("role", "timer")]);
        let challenge_slot = make("div", &[("class", "window")]);
        let form_slot = make("div", &[("class", "frame")]);
        let button = make("button", &[("type", "button"), ("class", "action")]);
        let second_button = make("button", &[("type", "button"), ("class", "action second")]);
        let header = make("header", &[]);
        let body = make("div", &[("class", "body")]);
        set_text(&close, "\u{d7}");
        append(&header, &[&merchant_name, &amount, &close]);
        append(
            &body,
            &[
                &alert,
                &spinner,
                &status,
                &codes_slot,
                &time_left,
                &challenge_slot,
                &form_slot,
                &button,
                &second_button,
            ],
        );
        append(&panel, &[&header, &body]);
        let mode: ShadowRootInit =
            tree_to_js(&Json::object().with("mode", &"open")).unchecked_into();
        let root = host.attach_shadow(&mode).ok()?;
        add_stylesheet(&document, &root, nonce);
        append(&root, &[&panel]);
        let focused = focused_in(&document);
        append(&parent, &[&host]);

        let presses = Rc::new(Presses::default());
        let buttons = [&close, &button, &second_button];
        let listeners = listeners(&root, &panel, buttons, &presses, guard, inbox);
        let dialog =
            matches!(place, Place::OverPage).then(|| Dialog::new(&document, &panel, nonce));
        let size_observer = observe_size(&panel, guard.clone(), inbox.clone());
        let sources = Sources { _listeners: listeners, _size_observer: size_observer };
        Some(Self {
            language: Rc::clone(language),
            guard: guard.clone(),
            host,
            panel,
            merchant_name,
            amount,
            close,
            alert,
            status,
            codes_slot,
            codes: RefCell::default(),
            time_left: Rc::new(time_left),
            countdown: Cell::default(),
            challenge_slot,
            form_slot,
            card_form: RefCell::default(),
            button,
            second_button,
            dialog,
            focused,
            presses,
            has_focused_challenge: Cell::default(),
            focus: Focus::default(),
            was_connected: Cell::default(),
            sources: Cell::new(Some(sources)),
        })
    }

    /// What has to go after a trap: the element that the SDK put into the page, and the style sheet
    /// that keeps the page from scrolling, or `undefined`.
    pub(crate) fn traces(&self) -> (Element, JsValue) {
        let lock = self.dialog.as_ref().map(|dialog| dialog.scroll_lock().clone());
        (self.host.clone().into(), lock.unwrap_or_default())
    }

    /// Whether the page's own code has taken the component out of the document. A container may
    /// enter the document after its component.
    pub(crate) fn is_gone(&self) -> bool {
        let is_connected = self.host.is_connected();
        let was_connected = self.was_connected.replace(is_connected || self.was_connected.get());
        was_connected && !is_connected
    }

    /// The place of the form.
    pub(crate) fn form_slot(&self) -> &HtmlElement {
        &self.form_slot
    }

    /// Renders a view over the one before. Returns lines for `onLog`.
    pub(crate) fn render(&self, view: &View<'_>, now: Millis) -> Vec<&'static str> {
        let amount = view.amount.map(|amount| format_amount(self.language.shown(), amount));
        let amount = amount.unwrap_or_default();
        let regions = Regions::of(&view.screen);
        let is_new = self.panel.get_attribute("data-screen").as_deref() != Some(regions.name);
        let has_focus = self.dialog.is_some() || self.focus.is_here_or_lost(&self.panel);
        set_attribute(&self.panel, "data-screen", regions.name);
        set_attribute(&self.panel, "data-theme", view.theme.map_or("", |theme| theme.name()));
        let text = |text| self.language.text(text);
        // The texts may have arrived after the rendering before.
        set_attribute(&self.panel, "lang", self.language.shown());
        set_attribute(&self.panel, "dir", self.language.direction());
        set_attribute(&self.panel, "aria-label", text(Text::Payment));
        set_attribute(&self.close, "aria-label", text(Text::Close));
        set_text(&self.merchant_name, view.merchant_name.unwrap_or_default());
        set_text(&self.amount, &amount);
        set_text(&self.alert, regions.alert.map_or("", text));
        set_text(&self.status, regions.status.map_or("", text));
        set_hidden(&self.close, !view.is_closable);
        self.presses.is_closable.set(view.is_closable);
        self.render_button(&self.button, &self.presses.button, regions.button, &amount);
        let press = &self.presses.second_button;
        self.render_button(&self.second_button, press, regions.second_button, "");
        let log = self.render_codes(&view.screen);
        self.count_down(regions.until.map_or(0, |until| until.since(now)));
        set_hidden(&self.challenge_slot, !matches!(view.screen, Screen::Challenge { .. }));
        if matches!(view.screen, Screen::Ended { button: Button::Close, .. }) {
            // The form holds what the buyer typed. It may be a frame, which has no text to compare.
            // Where a button still leads on, the form may be needed again.
            self.form_slot.set_text_content(None);
        }
        let is_visible = !matches!(view.screen, Screen::Hidden);
        match &self.dialog {
            Some(dialog) => dialog.set_shown(is_visible),
            None => set_hidden(&self.panel, !is_visible),
        }
        self.focus_challenge(&view.screen);
        self.focus.settle(&self.panel, is_visible && is_new && has_focus);
        log
    }

    /// Stops listeners, timers and the observer. The elements stay in the page, except codes.
    pub(crate) fn stop(&self) {
        self.countdown.take();
        self.sources.take();
        // Codes that were being drawn are still borrowed.
        let _ = self.codes.try_borrow_mut().map(|mut codes| codes.take());
    }

    /// Loads the card form. A frame must not be moved in the DOM: it would load again.
    pub(crate) fn open_card_form(&self, target: &Target) -> HtmlIFrameElement {
        let frame = self.add_frame(
            &self.form_slot,
            target,
            &[
                ("title", self.language.text(Text::CardForm)),
                ("sandbox", "allow-scripts allow-same-origin allow-forms"),
                ("allow", "payment; autofill"),
            ],
        );
        self.card_form.replace(Some(frame.clone()));
        frame
    }

    /// Gives the card form the height that it asks for, in CSS pixels.
    pub(crate) fn resize_card_form(&self, height: u32) {
        if let Some(frame) = &*self.card_form.borrow() {
            let height = fill("{}px", &[&digits(height.min(TALLEST_FORM))]);
            let _ = frame.style().set_property("height", &height);
        }
    }

    /// Loads a page of 3DS. It is visible while the screen is [`Screen::Challenge`].
    pub(crate) fn open_three_ds_frame(
        &self,
        target: &Target,
        size: &ChallengeWindowSize,
    ) -> HtmlIFrameElement {
        set_attribute(&self.panel, "data-size", size.as_str());
        self.add_frame(
            &self.challenge_slot,
            target,
            &[
                ("title", self.language.text(Text::BankChecks)),
                // What the pages of issuers use: dialogs, and windows of their own, such as a
                // bank's login, which must not be restricted as the frame is.
                (
                    "sandbox",
                    "allow-scripts allow-same-origin allow-forms allow-modals allow-popups \
                     allow-popups-to-escape-sandbox",
                ),
                ("allow", "publickey-credentials-get; payment; otp-credentials"),
            ],
        )
    }

    fn add_frame(
        &self,
        slot: &HtmlElement,
        target: &Target,
        attributes: &[(&str, &str)],
    ) -> HtmlIFrameElement {
        let frame = element(&document(), "iframe", attributes);
        set_attribute(&frame, "referrerpolicy", "origin");
        set_attribute(&frame, "src", &frame_address(target));
        append(slot, &[&frame]);
        frame.unchecked_into()
    }

    fn render_codes(&self, screen: &Screen<'_>) -> Vec<&'static str> {
        let Screen::Codes { codes, .. } = screen else {
            set_hidden(&self.codes_slot, true);
            return Vec::new();
        };
        set_hidden(&self.codes_slot, false);
        let mut drawn = self.codes.borrow_mut();
        let new = || Codes::new(&self.codes_slot, &self.guard, &self.language);
        let problems = drawn.get_or_insert_with(new).show(codes);
        problems.into_iter().map(CodeProblem::message).collect()
    }

    fn count_down(&self, left: u32) {
        self.countdown.take();
        set_hidden(&self.time_left, left == 0);
        if left == 0 {
            return;
        }
        let end = monotonic_millis() + f64::from(left);
        let (line, language) = (Rc::clone(&self.time_left), Rc::clone(&self.language));
        let tick = move || {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "saturates"
            )]
            let seconds = ((end - monotonic_millis()) / 1000.0).ceil() as u32;
            let label = language.text(Text::TimeLeft);
            set_text(&line, &fill("{} {}", &[label, &clock(seconds, &language)]));
            set_hidden(&line, seconds == 0);
        };
        tick();
        let guard = self.guard.clone();
        self.countdown.set(Some(Interval::new(1_000, move || guard.run(&mut || tick()))));
    }

    fn render_button(
        &self,
        element: &HtmlElement,
        press: &Cell<Option<Press>>,
        action: Option<Action>,
        amount: &str,
    ) {
        press.set(action.map(|action| action.press));
        set_hidden(element, action.is_none());
        let Some(action) = action else { return set_text(element, "") };
        if action.shows_amount && !amount.is_empty() {
            set_text(element, &fill(self.language.text(Text::PayAmount), &[amount]));
        } else {
            set_text(element, self.language.text(action.label));
        }
        // Not `disabled`, which would take the focus away from a keyboard.
        set_attribute(element, "aria-disabled", if action.is_busy { "true" } else { "false" });
    }

    /// A keyboard goes on where the buyer has to do something.
    fn focus_challenge(&self, screen: &Screen<'_>) {
        // The screen is rendered before its frame is there, and again with it.
        let is_challenge = matches!(screen, Screen::Challenge { .. });
        let frame = self.challenge_slot.first_element_child().filter(|_| is_challenge);
        let has_frame = frame.is_some();
        if let Some(frame) = frame.filter(|_| !self.has_focused_challenge.get()) {
            focus(&frame);
        }
        self.has_focused_challenge.set(has_frame);
    }
}

impl Drop for Component {
    fn drop(&mut self) {
        self.stop();
        if let Some(dialog) = &self.dialog {
            dialog.set_shown(false);
        }
        let has_focus = focused_element(&self.panel).is_some();
        self.host.remove();
        if let (true, Some(focused)) = (has_focus, &self.focused) {
            focus(focused);
        }
    }
}

fn listeners(
    root: &ShadowRoot,
    panel: &HtmlElement,
    [close, button, second_button]: [&HtmlElement; 3],
    presses: &Rc<Presses>,
    guard: &HostFunctions,
    inbox: &Inbox,
) -> Vec<Listener> {
    let mut listeners: Vec<_> = TYPING
        .into_iter()
        .map(|name| kassa_dom::listen(root, name, |event| event.stop_propagation()))
        .collect();
    let to_close = inbox.clone();
    let (first, first_inbox) = (Rc::clone(presses), inbox.clone());
    let (second, second_inbox) = (Rc::clone(presses), inbox.clone());
    let (escape, escape_inbox) = (Rc::clone(presses), inbox.clone());
    listeners.extend([
        listen(guard, close, "click", move |_| to_close.input(Input::ClosePressed)),
        listen(guard, button, "click", move |_| {
            if let Some(press) = first.button.get() {
                first_inbox.input(press.input());
            }
        }),
        listen(guard, second_button, "click", move |_| {
            if let Some(press) = second.second_button.get() {
                second_inbox.input(press.input());
            }
        }),
        // Escape, and the back gesture of phones. The dialog must not close on its own: the machine
        // decides whether it may.
        listen(guard, panel, "cancel", move |event| {
            event.prevent_default();
            if escape.is_closable.get() {
                escape_inbox.input(Input::ClosePressed);
            }
        }),
    ]);
    listeners
}

/// `2:03`, `1:02:03`, `40 days 1:02:03`.
fn clock(seconds: u32, language: &Language<Text>) -> String {
    let two = |number: u32| digits(number % 60 + 100).split_off(1);
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    let minutes = match (days, hours) {
        (0, 0) => digits(minutes),
        _ => fill("{}:{}", &[&digits(hours), &two(minutes)]),
    };
    let time = fill("{}:{}", &[&minutes, &two(seconds)]);
    if days == 0 {
        return time;
    }
    let number = digits(days);
    let unit = if days == 1 { Text::Day } else { Text::Days };
    let days = format_days(language.shown(), &number)
        .unwrap_or_else(|| fill("{} {}", &[&number, language.text(unit)]));
    fill("{} {}", &[&days, &time])
}

/// Reports the size of the panel. `None` on engines without `ResizeObserver`.
fn observe_size(panel: &HtmlElement, guard: HostFunctions, inbox: Inbox) -> Option<SizeObserver> {
    let observed = panel.clone();
    let report = move || {
        let rect = observed.get_bounding_client_rect();
        let size = Size { width: rect.width(), height: rect.height() };
        inbox.queue(Queued::Resized(size));
    };
    SizeObserver::new(panel, move || guard.run(&mut || report()))
}
