//! The gateway, the buyer and the browser of a plan, around the machine.

use kassa_core::call::Operation;
use kassa_core::events::Facts;
use kassa_core::frame::FromFrame;
use kassa_core::machine::{Input, Screen};

use crate::plan::{App, Challenge, End, Method, Mistake, Plan, Start, Then};
use crate::support::Driver;
use crate::support::action::stale;

/// Drives the machine through a plan and returns the events, without `SDK_`.
pub(crate) fn play(plan: &Plan, noise: u64) -> Vec<&'static str> {
    let mut world = World {
        plan,
        driver: Driver::with(plan.guarded),
        noise: noise | 1,
        undecided: plan.undecided,
        method_called: false,
        challenged: false,
        gone: false,
    };
    world.run();
    let told = world.driver.codes();
    let names = told.into_iter().map(|code| code.name().trim_start_matches("SDK_")).collect();
    // Whatever happened, removing the component is silent, and every promise is settled.
    world.driver.input(Input::Unmount);
    assert!(world.driver.tickets.is_empty());
    names
}

struct World<'a> {
    plan: &'a Plan,
    driver: Driver,
    noise: u64,
    /// How often the gateway will still say that it does not know.
    undecided: u8,
    method_called: bool,
    challenged: bool,
    /// Another page is in the buyer's window.
    gone: bool,
}

const PAID: &str = r#"{"success":true,"paymentStatus":"SUCCESS"}"#;
const PROCESSING: &str = r#"{"success":true,"paymentStatus":"PROCESSING"}"#;

impl World<'_> {
    fn run(&mut self) {
        let plan = self.plan;
        let phone = matches!(plan.method, Method::App(app) if app != App::Desktop);
        self.driver.open(|opening| {
            opening.stay = plan.stay;
            if phone {
                let browser = std::rc::Rc::make_mut(&mut opening.browser);
                browser.user_agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0)".into();
            }
        });
        self.disturb();
        match plan.start {
            Start::Silence => {
                self.driver.fire_next();
                return;
            }
            Start::Refused => {
                self.driver
                    .answer(r#"{"success":false,"errorCode":"INQUIRY_PAYMENT_SESSION_FAILED"}"#);
                return;
            }
            Start::Cancelled => {
                self.driver.answer(&self.offer(r#""paymentStatus":"CANCELLED","#));
                return;
            }
            Start::Paid => {
                self.driver.answer(&self.offer(r#""paymentStatus":"SUCCESS","#));
                return;
            }
            Start::Fresh => {
                self.driver.answer(&self.offer(""));
            }
        }
        self.disturb();
        if !self.plan.has_form() {
            self.allow();
            return self.submitted();
        }
        self.form_says(FromFrame::Ready);
        for mistake in &plan.mistakes {
            self.disturb();
            self.press(true);
            let id = self.driver.talk.unwrap();
            match mistake {
                Mistake::Invalid => self.form_says(FromFrame::Invalid { id }),
                Mistake::Unreachable => self.form_says(FromFrame::Unreachable { id }),
                Mistake::Guard("TIMEOUT") => {
                    self.fill();
                    self.driver.fire_next();
                }
                Mistake::Guard(answer) => {
                    self.fill();
                    self.guard(answer);
                }
            }
        }
        if plan.end == End::Left {
            self.driver.input(Input::ClosePressed);
            return;
        }
        for _ in 0..plan.declines {
            self.pay();
            self.driver.answer(
                r#"{"success":true,"paymentStatus":"FAIL","paymentResultCode":"DO_NOT_HONOR"}"#,
            );
        }
        self.pay();
        self.submitted();
    }

    /// What the gateway offers; `more` is set before everything else.
    fn offer(&self, more: &str) -> String {
        let back = if self.plan.return_page {
            r#""paymentRedirectUrl":"https://shop.example/result","#
        } else {
            ""
        };
        let method = match self.plan.method {
            Method::Card | Method::Card3ds { .. } => {
                r#"{"paymentMethodType":"CARD"}],"frameUrl":"/frame/card""#
            }
            Method::Fields(_) => {
                r#"{"paymentMethodType":"BLIK","paymentElements":[{"elementType":"BLIK"}]}]"#
            }
            Method::Redirect | Method::Code | Method::Wait | Method::App(_) => {
                r#"{"paymentMethodType":"PAYNOW"}]"#
            }
        };
        format!(r#"{{"success":true,{more}{back}"paymentMethods":[{method}}}"#)
    }

    /// The pay button or the merchant's own.
    fn press(&mut self, ours: bool) {
        let input = if ours {
            Input::PayPressed
        } else {
            Input::Submit { ticket: self.driver.ticket(), billing_address: Facts::default() }
        };
        self.driver.input(input);
    }

    fn form_says(&mut self, message: FromFrame) {
        let frame = self.driver.frame.unwrap();
        self.driver.input(Input::Frame { frame, message });
    }

    fn fill(&mut self) {
        let id = self.driver.talk.unwrap();
        self.form_says(if matches!(self.plan.method, Method::Fields(_)) {
            FromFrame::Values { id, values: r#"{"blikCode":"123456"}"#.into() }
        } else {
            FromFrame::Token {
                id,
                token: "token".into(),
                brand: "VISA".into(),
                last_four: "0768".into(),
            }
        });
    }

    fn guard(&mut self, answer: &str) {
        let question = self.driver.question.unwrap();
        self.driver.input(Input::Guarded { question, answer: answer.into() });
    }

    fn allow(&mut self) {
        if self.plan.guarded {
            self.disturb();
            self.guard("CONTINUE");
        }
    }

    fn pay(&mut self) {
        let ours = self.chance(2);
        self.press(ours);
        self.disturb();
        self.fill();
        self.allow();
    }

    /// The submit is out: until the end of the plan.
    fn submitted(&mut self) {
        self.disturb();
        if self.plan.lost {
            let call = self.driver.last_call();
            self.driver.input(Input::CallFailed { call });
        }
        if let Method::App(app) = self.plan.method {
            return self.app(app);
        }
        let mut repeated = self.plan.repeated;
        if self.plan.lost && self.plan.waits_in_silence() {
            // The first answer may end it.
            self.repeat(&mut repeated);
        }
        // The first answer to what a submit has not told, or has.
        let first = self.first();
        self.driver.answer(&first);
        self.follow();
        loop {
            if self.is_over() {
                return;
            }
            self.repeat(&mut repeated);
            self.disturb();
            if !self.ask_again() {
                return;
            }
        }
    }

    /// Presses the pay button again and again.
    fn repeat(&mut self, times: &mut u8) {
        for _ in 0..std::mem::take(times) {
            let ours = self.chance(2);
            self.press(ours);
        }
    }

    /// What was started goes on in the page: 3DS frames, other pages.
    fn follow(&mut self) {
        if let Method::Card3ds { method: true, done, .. } = self.plan.method
            && !self.method_called
        {
            self.method_called = true;
            if done {
                self.window_says();
            } else {
                self.driver.fire_next();
            }
            let next = self.after_method();
            self.driver.answer(&next);
            return self.follow();
        }
        self.leave();
    }

    fn window_says(&mut self) {
        let frame = self.driver.window.unwrap();
        self.driver.input(Input::Frame { frame, message: FromFrame::Done });
    }

    fn first(&mut self) -> String {
        let waits = self.undecided > 0 || self.plan.end == End::Closed;
        match self.plan.method {
            Method::Card if waits => {
                self.undecided = self.undecided.saturating_sub(1);
                PROCESSING.into()
            }
            Method::Card => self.last(),
            Method::Card3ds { method: true, .. } => {
                r#"{"success":true,"paymentStatus":"PROCESSING","threeDSMethodUrl":"/3ds/1"}"#.into()
            }
            Method::Card3ds { .. } => self.after_method(),
            Method::Redirect | Method::Fields(Then::Redirect) => {
                r#"{"success":true,"paymentStatus":"PROCESSING","normalUrl":"https://bank.example/"}"#
                    .into()
            }
            Method::Code | Method::Fields(Then::Code) | Method::Wait | Method::Fields(Then::Wait) => {
                self.still()
            }
            Method::App(_) => unreachable!("apps have a way of their own"),
        }
    }

    fn after_method(&self) -> String {
        match self.plan.method {
            Method::Card3ds { challenge: Challenge::Frame { .. }, .. } => {
                r#"{"success":true,"paymentStatus":"PROCESSING","challenge":true,"challengeUrl":"/3ds/2"}"#
                    .into()
            }
            Method::Card3ds { challenge: Challenge::Page, .. } => {
                r#"{"success":true,"paymentStatus":"PROCESSING","challenge":true,"actionForm":{"redirectUrl":"https://acs.example/"}}"#
                    .into()
            }
            _ => PROCESSING.into(),
        }
    }

    /// The gateway does not know yet; the buyer still has what they had.
    fn still(&self) -> String {
        let status = if self.plan.end == End::Pending { "PENDING" } else { "PROCESSING" };
        let task = match self.plan.method {
            Method::Code | Method::Fields(Then::Code) => {
                r#","serverTime":"1000","codeFormViews":[{"code":"1","codeExpireTime":"900000"}]"#
            }
            Method::Wait | Method::Fields(Then::Wait) => {
                r#","serverTime":"1000","expireTime":"900000","waitsFor":"APPROVAL""#
            }
            Method::Card
            | Method::Card3ds { .. }
            | Method::Redirect
            | Method::Fields(Then::Redirect)
            | Method::App(_) => "",
        };
        format!(r#"{{"success":true,"paymentStatus":"{status}"{task}}}"#)
    }

    fn last(&self) -> String {
        if self.plan.end != End::Failed {
            return PAID.into();
        }
        // Of which attempt, so that nobody takes it for an earlier one's.
        let attempt = self.plan.declines + 1;
        format!(
            r#"{{"success":true,"attemptId":"seed1-{attempt}","paymentStatus":"FAIL","paymentResultCode":"FRAUD_REJECT"}}"#
        )
    }

    fn is_over(&mut self) -> bool {
        self.leave();
        // Gone, ended, or on the way to another page.
        let screen = self.driver.machine.view().screen;
        self.gone || matches!(screen, Screen::Hidden | Screen::Ended)
    }

    /// The browser goes where the page was sent.
    fn leave(&mut self) {
        if let Some(navigation) = self.driver.navigation {
            self.driver.input(Input::Navigated { navigation, taken: true });
            self.gone = true;
        }
    }

    /// The next question to the gateway, and its answer; or the buyer closes. False when closed.
    fn ask_again(&mut self) -> bool {
        let closes = matches!(self.plan.end, End::Closed | End::Pending | End::Left);
        if let Method::Card3ds { challenge: Challenge::Frame { says: true }, .. } = self.plan.method
            && !self.challenged
            && self.undecided == 0
            && !closes
        {
            self.challenged = true;
            self.window_says();
        }
        if self.undecided == 0 && closes {
            self.driver.input(Input::ClosePressed);
            if !self.driver.calls.is_empty() {
                // A challenge that is closed is asked about first.
                self.driver.answer(PROCESSING);
            }
            return false;
        }
        if self.driver.calls.is_empty() {
            if self.driver.hidden {
                self.driver.input(Input::PageShown { restored: false });
                return true;
            }
            assert!(self.driver.fire_next().is_some(), "nothing goes on, and nothing is over");
            return true;
        }
        assert_eq!(self.driver.calls[0].1, Operation::Inquire, "one submit for each attempt");
        let answer = if self.undecided > 0 {
            self.undecided -= 1;
            match self.plan.method {
                Method::Card3ds { challenge: Challenge::Frame { .. }, .. } => self.after_method(),
                _ => self.still(),
            }
        } else {
            self.last()
        };
        self.driver.answer(&answer);
        true
    }

    fn app(&mut self, app: App) {
        let page = r#","normalUrl":"https://pay.example/""#;
        let links = match app {
            App::Desktop | App::Opens | App::Missing => page,
            App::SecondTry => "",
        };
        self.driver.answer(&format!(
            r#"{{"success":true,"paymentStatus":"PROCESSING","schemeUrl":"wallet://pay"{links}}}"#
        ));
        if app == App::Desktop {
            return self.follow();
        }
        if self.plan.end == End::Left {
            self.driver.input(Input::ClosePressed);
            return;
        }
        self.driver.input(Input::AppPressed);
        match app {
            App::Desktop | App::Opens => {}
            App::Missing => {
                self.driver.fire_next();
                return self.follow();
            }
            App::SecondTry => {
                self.driver.fire_next();
                self.driver.input(Input::AppPressed);
            }
        }
        self.driver.input(Input::PageHidden);
        self.driver.input(Input::PageShown { restored: false });
        let mut repeated = self.plan.repeated;
        while !self.is_over() {
            self.repeat(&mut repeated);
            self.disturb();
            if !self.ask_again() {
                return;
            }
        }
    }

    /// Things that happen at any time and must change nothing.
    fn disturb(&mut self) {
        for _ in 0..2 {
            match self.chance_of(6) {
                0 => {
                    self.driver.input(Input::PageHidden);
                    self.driver.input(Input::PageShown { restored: false });
                }
                1 => {
                    self.driver.input(Input::Online);
                }
                2 => {
                    let late = stale(&self.driver);
                    let which = self.chance_of(late.len() as u64) as usize;
                    self.driver.input(late[which].clone());
                }
                3 => {
                    let ticket = self.driver.ticket();
                    self.driver.input(Input::Validate { ticket });
                    if let Some((id, _)) = self.driver.checks.first().copied() {
                        self.form_says(FromFrame::Checked { id, valid: true });
                    }
                }
                4 => {
                    self.driver.input(Input::CheckPressed);
                }
                _ => {}
            }
        }
    }

    fn chance(&mut self, of: u64) -> bool {
        self.chance_of(of) == 0
    }

    /// A small number that the noise decides.
    fn chance_of(&mut self, below: u64) -> u64 {
        self.noise ^= self.noise << 13;
        self.noise ^= self.noise >> 7;
        self.noise ^= self.noise << 17;
        self.noise % below
    }
}
