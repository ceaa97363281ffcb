//! Draws what the machine wants to be seen, in a shadow root: over the page or in the merchant's
//! container. Text goes in as text, and styles come from one style sheet.

mod dom;
mod modal;
mod picture;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo::events::{EventListener, EventListenerOptions};
use kassa_core::machine::{Button, Input, Screen, Tone};
use kassa_core::small::{digits, join};
use kassa_core::text::Text;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Document, Element, HtmlElement, HtmlIFrameElement, ResizeObserver};

use crate::effects::page::on;
use crate::hooks::Hooks;
use crate::shell::Shell;
use dom::{element, put_text, show};
use modal::Modal;
pub(crate) use picture::Picture;

/// The component's place in the page. Dropping it leaves the page as it was.
pub(crate) struct Canvas {
    document: Document,
    host: HtmlElement,
    panel: HtmlElement,
    merchant: Element,
    amount: Element,
    close: HtmlElement,
    frame_slot: HtmlElement,
    frame: RefCell<Option<HtmlIFrameElement>>,
    /// Bad news interrupt a screen reader, other news wait. Both regions are permanent: one that is
    /// added together with its text is often not announced.
    alert: Element,
    status: Element,
    button: Element,
    pressed: Rc<Cell<Option<Button>>>,
    closable: Rc<Cell<bool>>,
    /// Over the page rather than in it.
    modal: Option<Modal>,
    _listeners: Vec<EventListener>,
    _observer: Option<Observer>,
}

impl Canvas {
    /// Puts an empty component into the container, or at the end of the page.
    pub(crate) fn attach(
        shell: &Weak<Shell>,
        hooks: &Hooks,
        container: Option<Element>,
    ) -> Option<Rc<Self>> {
        let document = web_sys::window()?.document()?;
        let inline = container.is_some();
        let parent = match container {
            Some(container) => container,
            None => document.body()?.into(),
        };
        let host: HtmlElement = element(&document, "div", &[("data-kassa", "")])?;
        let root = host.attach_shadow(&shadow_options()).ok()?;
        hooks.style(&root);
        let kind = if inline { "section" } else { "dialog" };
        let label = Text::Payment.english();
        let attributes =
            [("class", "panel"), ("lang", "en"), ("aria-label", label), ("tabindex", "-1")];
        let panel: HtmlElement = element(&document, kind, &attributes)?;
        let merchant: Element = element(&document, "h2", &[("class", "merchant")])?;
        let amount: Element = element(&document, "p", &[("class", "amount")])?;
        let close: HtmlElement = element(
            &document,
            "button",
            &[("type", "button"), ("class", "close"), ("aria-label", Text::Close.english())],
        )?;
        close.set_text_content(Some("\u{d7}"));
        let spinner: Element =
            element(&document, "div", &[("class", "spinner"), ("aria-hidden", "true")])?;
        let frame_slot: HtmlElement = element(&document, "div", &[("class", "frame")])?;
        let alert: Element = element(&document, "p", &[("class", "alert"), ("role", "alert")])?;
        let status: Element = element(&document, "p", &[("class", "status"), ("role", "status")])?;
        let button: Element =
            element(&document, "button", &[("type", "button"), ("class", "action")])?;
        let head: Element = element(&document, "header", &[])?;
        let body: Element = element(&document, "div", &[("class", "body")])?;
        for (parent, children) in [
            (&head, [&merchant, &amount, close.as_ref()].as_slice()),
            (&body, &[&alert, &spinner, &status, frame_slot.as_ref(), &button]),
            (panel.as_ref(), &[&head, &body]),
        ] {
            for child in children {
                parent.append_child(child).ok()?;
            }
        }
        root.append_child(&panel).ok()?;
        parent.append_child(&host).ok()?;

        let pressed = Rc::new(Cell::new(None));
        let closable = Rc::new(Cell::new(false));
        let listeners = listen(shell, &panel, &button, &close, &pressed, &closable);
        Some(Rc::new(Self {
            modal: (!inline).then(|| Modal::new(&document, &panel)),
            _observer: Observer::watch(shell, &panel),
            document,
            host,
            panel,
            merchant,
            amount,
            close,
            frame_slot,
            frame: RefCell::default(),
            alert,
            status,
            button,
            pressed,
            closable,
            _listeners: listeners,
        }))
    }

    /// Draws a picture over the one before.
    pub(crate) fn draw(&self, picture: &Picture, hooks: &Hooks) {
        let amount = picture.amount.as_ref().map(|amount| hooks.print(amount)).unwrap_or_default();
        let _ = self.panel.set_attribute("data-screen", screen_name(picture.screen));
        let _ = self.panel.set_attribute("data-theme", &picture.theme);
        put_text(&self.merchant, &picture.merchant);
        put_text(&self.amount, &amount);

        let (bad, other) = match picture.message {
            Some(message) if message.tone == Tone::Bad => (message.text.english(), ""),
            Some(message) => ("", message.text.english()),
            None => ("", ""),
        };
        put_text(&self.alert, bad);
        put_text(&self.status, other);

        self.pressed.set(picture.button);
        self.closable.set(picture.closable);
        show(&self.close, picture.closable && self.modal.is_some());
        show(&self.button, picture.button.is_some());
        if let Some(button) = picture.button {
            self.label_button(button, &amount);
        }
        if picture.screen == Screen::Ended
            && let Some(frame) = self.frame.take()
        {
            // What was typed goes with it.
            frame.remove();
        }
        let visible = picture.screen != Screen::Hidden;
        match &self.modal {
            Some(modal) => modal.show(visible),
            None => show(&self.panel, visible),
        }
    }

    fn label_button(&self, button: Button, amount: &str) {
        let words = match button {
            Button::Close => Text::Close,
            Button::Continue => Text::Continue,
            Button::Pay => Text::Pay,
            Button::Paying => Text::Paying,
        }
        .english();
        let amount = if button == Button::Pay { amount } else { "" };
        put_text(&self.button, join(&[words, " ", amount]).trim_ascii_end());
        // Not `disabled`: that would throw a keyboard's focus away. The machine knows better than
        // the button what a second press means.
        let busy = if button == Button::Paying { "true" } else { "false" };
        let _ = self.button.set_attribute("aria-disabled", busy);
    }

    /// Loads the card form. Once loaded it must not move: a frame that moves loads again.
    pub(crate) fn put_frame(&self, address: &str, page: &str) -> Option<HtmlIFrameElement> {
        let src = join(&[address, "#", &String::from(js_sys::encode_uri_component(page))]);
        let frame: HtmlIFrameElement = element(
            &self.document,
            "iframe",
            &[
                ("title", Text::CardForm.english()),
                ("sandbox", "allow-scripts allow-same-origin allow-forms"),
                ("allow", "payment"),
                ("referrerpolicy", "origin"),
                ("src", &src),
            ],
        )?;
        self.frame_slot.append_child(&frame).ok()?;
        self.frame.replace(Some(frame.clone()));
        Some(frame)
    }

    /// Gives the card form the height that it asks for, in CSS pixels.
    pub(crate) fn resize_frame(&self, height: u32) {
        if let Some(frame) = &*self.frame.borrow() {
            let value = join(&[&digits(height.min(2_000).into()), "px"]);
            let _ = frame.style().set_property("height", &value);
        }
    }
}

impl Drop for Canvas {
    fn drop(&mut self) {
        if let Some(modal) = &self.modal {
            modal.show(false);
        }
        self.host.remove();
    }
}

fn shadow_options() -> web_sys::ShadowRootInit {
    web_sys::ShadowRootInit::new(web_sys::ShadowRootMode::Open)
}

fn screen_name(screen: Screen) -> &'static str {
    match screen {
        Screen::Card => "card",
        Screen::Ended => "ended",
        Screen::Hidden => "hidden",
        Screen::Loading => "loading",
        Screen::Waiting => "waiting",
    }
}

fn listen(
    shell: &Weak<Shell>,
    panel: &HtmlElement,
    button: &Element,
    close: &HtmlElement,
    pressed: &Rc<Cell<Option<Button>>>,
    closable: &Rc<Cell<bool>>,
) -> Vec<EventListener> {
    let kind = pressed.clone();
    let press = on(shell, button, "click", move |_| match kind.get() {
        Some(Button::Continue) => Input::ContinuePressed,
        Some(Button::Close) => Input::ClosePressed,
        Some(Button::Pay | Button::Paying) | None => Input::PayPressed,
    });
    let press_close = on(shell, close, "click", |_| Input::ClosePressed);
    // Escape, and the back gesture of phones. The dialog must not close on its own: whether it may
    // is the machine's to say.
    let (shell, closable) = (shell.clone(), closable.clone());
    let options = EventListenerOptions::enable_prevent_default();
    let cancel = EventListener::new_with_options(panel, "cancel", options, move |event| {
        event.prevent_default();
        if closable.get()
            && let Some(shell) = shell.upgrade()
        {
            shell.dispatch(Input::ClosePressed);
        }
    });
    vec![press, press_close, cancel]
}

/// Tells the merchant how large the component is.
struct Observer {
    observer: ResizeObserver,
    _report: Closure<dyn Fn()>,
}

impl Observer {
    fn watch(shell: &Weak<Shell>, panel: &HtmlElement) -> Option<Self> {
        if !js_sys::Reflect::has(&js_sys::global(), &"ResizeObserver".into()).unwrap_or(false) {
            return None;
        }
        let (shell, watched) = (shell.clone(), panel.clone());
        let report = Closure::<dyn Fn()>::new(move || {
            if let Some(shell) = shell.upgrade() {
                let size = watched.get_bounding_client_rect();
                shell.hooks.resized(size.width(), size.height());
            }
        });
        let observer = ResizeObserver::new(report.as_ref().unchecked_ref()).ok()?;
        observer.observe(panel);
        Some(Self { observer, _report: report })
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
