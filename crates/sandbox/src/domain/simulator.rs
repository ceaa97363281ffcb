//! The simulators: pages where buyers decide about their payments.

use super::method::{Category, Method};
use super::payment::{NextAction, Payment};

/// A simulator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Simulator {
    /// The bank's page.
    Bank,
    /// The wallet's page in the browser.
    Wallet,
    /// The wallet's app on the buyer's phone.
    App,
    /// The phone on which the buyer approves.
    Push,
    /// The scanner, after it read a code.
    Scan,
    /// The issuer's challenge.
    Challenge,
    /// The plain form, which decides any payment.
    Any,
}

impl Simulator {
    /// Every simulator.
    pub const ALL: [Self; 7] =
        [Self::Bank, Self::Wallet, Self::App, Self::Push, Self::Scan, Self::Challenge, Self::Any];

    /// The simulator that a payment with this next action sends its buyer to.
    #[must_use]
    pub fn of(method: Method, next: NextAction) -> Self {
        match next {
            NextAction::Redirect | NextAction::App => match method.category() {
                Category::Wallet | Category::AlipayPlus => Self::Wallet,
                Category::Atm
                | Category::BankTransfer
                | Category::Bnpl
                | Category::Card
                | Category::CarrierBilling
                | Category::DirectDebit
                | Category::MobileBankingApp
                | Category::OnlineBanking
                | Category::Otc
                | Category::RealTime
                | Category::Va => Self::Bank,
            },
            NextAction::ThreeDsMethod | NextAction::Challenge | NextAction::ChallengePage => {
                Self::Challenge
            }
            NextAction::Wait => Self::Push,
            NextAction::Code => Self::Scan,
            NextAction::Nothing => Self::Any,
        }
    }

    /// The part of its path before the payment's key, without slashes at the ends.
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Self::Bank => "bank",
            Self::Wallet => "wallet",
            Self::App => "app",
            Self::Push => "push",
            Self::Scan => "scan",
            Self::Challenge => "3ds/challenge",
            Self::Any => "sim",
        }
    }

    /// Its path for a payment.
    #[must_use]
    pub fn path(self, key: &str) -> String {
        format!("/{}/{key}", self.folder())
    }

    /// Whether it has a page for this payment. The issuer's pages can be shown in frames, so they
    /// show card payments with 3DS only.
    #[must_use]
    pub fn shows(self, payment: &Payment) -> bool {
        match payment.next {
            NextAction::ThreeDsMethod | NextAction::Challenge | NextAction::ChallengePage => true,
            NextAction::Redirect
            | NextAction::App
            | NextAction::Code
            | NextAction::Wait
            | NextAction::Nothing => self != Self::Challenge,
        }
    }

    /// Whether the buyer came here from the merchant's page and goes back to it.
    #[must_use]
    pub fn returns(self, payment: &Payment) -> bool {
        match self {
            Self::Bank | Self::Wallet | Self::App => true,
            Self::Push | Self::Scan | Self::Any => false,
            Self::Challenge => payment.next == NextAction::ChallengePage,
        }
    }
}

/// Path of the page of the issuer's 3DS method.
#[must_use]
pub fn three_ds_method_path(key: &str) -> String {
    format!("/3ds/method/{key}")
}

impl Payment {
    /// The key of its simulators while the buyer can still decide.
    #[must_use]
    pub fn open_key(&self) -> Option<&str> {
        self.simulator_key.as_deref().filter(|_| self.waits_for_buyer())
    }

    /// Path of the simulator that decides it, while one can.
    #[must_use]
    pub fn simulator_path(&self, method: Method) -> Option<String> {
        // On a desktop the list links to the app's simulator, not to the page in place of the app.
        let is_app = self.next == NextAction::App;
        let simulator = if is_app { Simulator::App } else { Simulator::of(method, self.next) };
        self.open_key().map(|key| simulator.path(key))
    }

    /// Path of the page that the buyer goes to, when there is one.
    #[must_use]
    pub fn redirect_path(&self, method: Method) -> Option<String> {
        match self.next {
            NextAction::Redirect | NextAction::App | NextAction::ChallengePage => {
                self.open_key().map(|key| Simulator::of(method, self.next).path(key))
            }
            NextAction::Code
            | NextAction::Wait
            | NextAction::ThreeDsMethod
            | NextAction::Challenge
            | NextAction::Nothing => None,
        }
    }
}
