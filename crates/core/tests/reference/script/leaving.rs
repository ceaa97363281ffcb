//! Other pages and apps.

use kassa_core::events::EventCode;
use serde_json::Value;

use super::answers::{may_open, page, text};
use super::{APP, After, Busy, Flow, HELD_UP, Occurrence, Purpose, RESULT, Script, Stop, Way};

impl Script {
    /// Goes to the merchant's page; where that is not possible, the result comes as an event.
    pub(super) fn leave_for_merchant(&mut self) -> Flow<After> {
        let address = self.session.return_page.clone();
        self.leave(&Way { address, merchant: true, three_ds: false })
    }

    pub(super) fn leave(&mut self, way: &Way) -> Flow<After> {
        let (address, merchant) = (way.address.as_str(), way.merchant);
        loop {
            let mut is_closable = true;
            self.session.three_ds = way.three_ds;
            if may_open(address) {
                self.effect(format!("navigate {address}"));
                is_closable = false;
            } else {
                self.emit(EventCode::CallUrlError);
                if merchant {
                    // A buyer who has paid is not sent to a payment page.
                    self.session.way_on = None;
                    return self.watch(Purpose::Result, RESULT);
                }
                self.settle_submit(EventCode::CallUrlError);
            }
            loop {
                let next = self.next(Busy::Yes, None);
                // The browser may leave all the same.
                self.session.may_have_paid |= !is_closable && matches!(next, Err(Stop::Removed));
                match next? {
                    Occurrence::Navigated(true) => {
                        is_closable = true;
                        self.session.may_have_paid = true;
                        self.emit(EventCode::CallUrlSuccess);
                        self.settle_submit(EventCode::CallUrlSuccess);
                    }
                    Occurrence::Navigated(false) => {
                        is_closable = true;
                        self.emit(EventCode::CallUrlError);
                        if merchant {
                            self.session.way_on = Some(way.clone());
                            return self.watch(Purpose::Result, RESULT);
                        }
                        self.settle_submit(EventCode::CallUrlError);
                    }
                    Occurrence::Shown { restored: true } => {
                        self.session.elsewhere = true;
                        self.session.three_ds = false;
                        // The page was left, whether or not the browser had reported it.
                        self.session.may_have_paid = true;
                        self.session.way_on = may_open(address).then(|| way.clone());
                        return self.watch(Purpose::Result, RESULT);
                    }
                    Occurrence::Close | Occurrence::Escape if is_closable => {
                        return Ok(self.close());
                    }
                    Occurrence::Continue if is_closable => break,
                    _ => {}
                }
            }
        }
    }

    /// An app is offered. One press is one try; the page takes the place of an app that does not
    /// open. Which link a press takes is left open: here the first, and the next after a failed one.
    pub(super) fn switch_app(&mut self, body: &Value) -> Flow<After> {
        let mut links = vec![text(body, "applinkUrl"), text(body, "schemeUrl")];
        if !self.session.is_phone {
            // A desktop opens no app by its scheme.
            links.pop();
        }
        if self.session.in_app {
            links.reverse();
        }
        links.retain(|link| !link.is_empty());
        if links.is_empty() {
            return self.leave(&Way::default());
        }
        self.session.links = links.into();
        self.session.way_on = page(body).map(|address| Way { address, ..Way::default() });
        // While the page has the activation of a press, the app opens at once.
        if self.session.is_phone
            && self.session.from_click
            && !self.is_hidden
            && let Some(after) = self.launch_app()?
        {
            return Ok(after);
        }
        self.offer_app()
    }

    pub(super) fn offer_app(&mut self) -> Flow<After> {
        loop {
            match self.next(Busy::Offer, None)? {
                Occurrence::App | Occurrence::Pay | Occurrence::Enter => {}
                Occurrence::Submit(promise) => self.submit = Some(promise),
                Occurrence::Continue => {
                    if let Some(page) = self.session.way_on.clone() {
                        return self.leave(&page);
                    }
                    continue;
                }
                Occurrence::Close | Occurrence::Escape => return Ok(self.close()),
                _ => continue,
            }
            if let Some(after) = self.launch_app()? {
                return Ok(after);
            }
        }
    }

    /// One try; nothing when the buyer can try again.
    pub(super) fn launch_app(&mut self) -> Flow<Option<After>> {
        self.effect(format!("navigate {}", self.session.links[0]));
        let end = self.now + APP;
        let opened = loop {
            match self.next(Busy::Yes, Some(end))? {
                Occurrence::Hidden | Occurrence::Shown { restored: true } => break true,
                Occurrence::Time => break self.now - end > HELD_UP,
                Occurrence::Navigated(false) => break false,
                Occurrence::Continue => {
                    if let Some(page) = self.session.way_on.clone() {
                        return self.leave(&page).map(Some);
                    }
                }
                Occurrence::Close | Occurrence::Escape => {
                    return Ok(Some(self.close()));
                }
                _ => {}
            }
        };
        if opened {
            self.session.may_have_paid = true;
            self.emit(EventCode::CallUrlSuccess);
            self.settle_submit(EventCode::CallUrlSuccess);
            return self.watch(Purpose::App, RESULT).map(Some);
        }
        if let Some(page) = self.session.way_on.clone() {
            return self.leave(&page).map(Some);
        }
        self.session.links.rotate_left(1);
        self.emit(EventCode::LaunchPaymentAppError);
        self.settle_submit(EventCode::LaunchPaymentAppError);
        Ok(None)
    }
}
