//! What will happen.

use proptest::prelude::*;

/// One opening of a component, from beginning to end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    pub(crate) start: Start,
    pub(crate) method: Method,
    /// `notRedirectAfterComplete`.
    pub(crate) stay: bool,
    /// Whether the session has a page for afterwards.
    pub(crate) return_page: bool,
    /// Whether the merchant has an `onBeforeSubmit`.
    pub(crate) guarded: bool,
    /// What the buyer does with a form before the attempt that is sent.
    pub(crate) mistakes: Vec<Mistake>,
    /// Attempts that the gateway fails and that may be tried again, before the last one.
    pub(crate) declines: u8,
    /// How the last attempt ends.
    pub(crate) end: End,
    /// How often the gateway says that it is not decided before it says how it ended.
    pub(crate) undecided: u8,
    /// How often the pay button is pressed while a payment is under way.
    pub(crate) repeated: u8,
    /// Whether the last submit's answer is lost on its way.
    pub(crate) lost: bool,
}

/// What the gateway says to the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Start {
    /// A session that can be paid.
    #[default]
    Fresh,
    /// One that is paid already.
    Paid,
    /// One that was cancelled.
    Cancelled,
    /// One that it does not know.
    Refused,
    /// Nothing, for fifteen seconds.
    Silence,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Method {
    #[default]
    Card,
    /// 3DS: the method page first or not, then a challenge or none.
    Card3ds {
        method: bool,
        done: bool,
        challenge: Challenge,
    },
    /// A bank's page.
    Redirect,
    /// A form, and then this.
    Fields(Then),
    /// A code at once.
    Code,
    /// An approval at once.
    Wait,
    App(App),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Challenge {
    None,
    /// In a frame, which says when it is done, or does not.
    Frame {
        says: bool,
    },
    /// With the whole page, which is then gone.
    Page,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    Code,
    Redirect,
    Wait,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum App {
    /// A desktop, where apps are not spoken of.
    Desktop,
    /// It opens, and the buyer comes back.
    Opens,
    /// It does not, and there is a page.
    Missing,
    /// It does not, and there is none; at the second try it does.
    SecondTry,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mistake {
    /// The form is not valid.
    Invalid,
    /// The form gets no answer.
    Unreachable,
    /// `onBeforeSubmit` says this.
    Guard(&'static str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum End {
    #[default]
    Paid,
    /// For good.
    Failed,
    /// The money takes days.
    Pending,
    /// The buyer closes before there is a result.
    Closed,
    /// The buyer closes the form, or what else stands there, before doing anything.
    Left,
}

fn methods() -> impl Strategy<Value = Method> {
    let challenge = prop_oneof![
        Just(Challenge::None),
        any::<bool>().prop_map(|says| Challenge::Frame { says }),
        Just(Challenge::Page),
    ];
    let then = prop_oneof![Just(Then::Code), Just(Then::Redirect), Just(Then::Wait)];
    let app =
        prop_oneof![Just(App::Desktop), Just(App::Opens), Just(App::Missing), Just(App::SecondTry)];
    prop_oneof![
        3 => Just(Method::Card),
        3 => (any::<bool>(), any::<bool>(), challenge)
            .prop_map(|(method, done, challenge)| Method::Card3ds { method, done, challenge }),
        1 => Just(Method::Redirect),
        3 => then.prop_map(Method::Fields),
        2 => Just(Method::Code),
        2 => Just(Method::Wait),
        3 => app.prop_map(Method::App),
    ]
}

pub(crate) fn plans() -> impl Strategy<Value = Plan> {
    let start = prop_oneof![
        12 => Just(Start::Fresh),
        1 => Just(Start::Paid),
        1 => Just(Start::Cancelled),
        1 => Just(Start::Refused),
        1 => Just(Start::Silence),
    ];
    let mistake = prop_oneof![
        Just(Mistake::Invalid),
        Just(Mistake::Unreachable),
        Just(Mistake::Guard("CANCEL")),
        Just(Mistake::Guard("ERROR")),
        Just(Mistake::Guard("TIMEOUT")),
    ];
    let end = prop_oneof![
        4 => Just(End::Paid),
        2 => Just(End::Failed),
        1 => Just(End::Pending),
        2 => Just(End::Closed),
        1 => Just(End::Left),
    ];
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let counts = (0_u8..3, 0_u8..4, 0_u8..3);
    (start, methods(), flags, prop::collection::vec(mistake, 0..3), counts, end).prop_map(
        |(start, method, (stay, return_page, guarded, lost), mistakes, counts, end)| {
            let (declines, undecided, repeated) = counts;
            let mut plan = Plan {
                start,
                method,
                stay,
                return_page,
                guarded,
                mistakes,
                declines,
                end,
                undecided,
                repeated,
                lost,
            };
            plan.make_legal();
            plan
        },
    )
}

impl Plan {
    pub(crate) fn has_form(&self) -> bool {
        matches!(self.method, Method::Card | Method::Card3ds { .. } | Method::Fields(_))
    }

    /// Whether the page is gone before the gateway is asked again.
    pub(crate) fn leaves_to_pay(&self) -> bool {
        matches!(
            self.method,
            Method::Redirect
                | Method::Fields(Then::Redirect)
                | Method::App(App::Desktop | App::Missing)
                | Method::Card3ds { challenge: Challenge::Page, .. }
        )
    }

    /// Whether a submit whose answer was lost leaves nothing to do but to wait.
    pub(crate) fn waits_in_silence(&self) -> bool {
        matches!(
            self.method,
            Method::Card | Method::Card3ds { method: false, challenge: Challenge::None, .. }
        )
    }

    /// Takes out what cannot happen together.
    fn make_legal(&mut self) {
        let is_card = matches!(self.method, Method::Card | Method::Card3ds { .. });
        let guarded = self.guarded;
        self.mistakes.retain(|mistake| match mistake {
            Mistake::Invalid | Mistake::Unreachable => true,
            Mistake::Guard(_) => guarded,
        });
        if !self.has_form() {
            self.mistakes.clear();
            self.declines = 0;
        }
        if !is_card {
            self.mistakes.retain(|mistake| *mistake != Mistake::Unreachable);
        }
        // An answer is lost before anything that it would have led to; and what is lost of a method
        // without a form ends the opening.
        if !self.has_form() || self.leaves_to_pay() {
            self.lost = false;
        }
        // A card's money is decided at once or soon.
        if is_card && self.end == End::Pending {
            self.end = End::Paid;
        }
        // The gateway says that money takes days before anybody can know it.
        if matches!(self.method, Method::App(_)) && self.end == End::Pending {
            self.undecided = self.undecided.max(1);
        }
        if self.end == End::Left && self.declines > 0 {
            self.declines = 0;
        }
    }
}
