//! A frame of the 3DS method or of a 3DS challenge. Its page posts one message: that its part is
//! over.

use kassa_core::machine::{Input, ThreeDsFrameId};
use kassa_core::platform::Target;
use kassa_dom::Listener;
use kassa_protocol::frame::THREE_DS_DONE;
use web_sys::HtmlIFrameElement;

use super::page::window;
use super::{origin_of, sender_of};
use crate::host_functions::{HostFunctions, listen};
use crate::runtime::Inbox;

/// The frame. Dropped, it is removed.
pub(crate) struct ThreeDsFrame {
    frame: HtmlIFrameElement,
    _listener: Listener,
}

impl ThreeDsFrame {
    pub(crate) fn new(
        id: ThreeDsFrameId,
        frame: HtmlIFrameElement,
        target: &Target,
        host: &HostFunctions,
        inbox: Inbox,
    ) -> Self {
        let (origin, watched) = (origin_of(target), frame.clone());
        let listener = listen(host, &window(), "message", move |event| {
            if sender_of(event, &watched, &origin, THREE_DS_DONE).is_some() {
                inbox.input(Input::ThreeDsFrameDone { frame: id });
            }
        });
        Self { frame, _listener: listener }
    }
}

impl Drop for ThreeDsFrame {
    fn drop(&mut self) {
        self.frame.remove();
    }
}
