//! Request bodies with a time limit.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use thiserror::Error;
use tokio::time::Sleep;

/// Whether a whole request has come and its answer is being made. A connection that waits for a
/// request may be closed for the sake of another one.
#[derive(Debug, Clone, Default)]
pub(super) struct Working(Arc<AtomicBool>);

impl Working {
    pub(super) fn set(&self, is_working: bool) {
        self.0.store(is_working, Ordering::Release);
    }

    pub(super) fn get(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Why a body ends early.
#[derive(Debug, Error)]
pub(super) enum BodyError {
    #[error("the body did not come in time")]
    TooSlow,
    #[error(transparent)]
    Connection(#[from] hyper::Error),
}

/// A request's body. It ends with an error when it has not come whole in time, however many pieces
/// came.
pub(super) struct LimitedBody {
    incoming: Incoming,
    deadline: Pin<Box<Sleep>>,
    working: Working,
}

impl LimitedBody {
    pub(super) fn new(incoming: Incoming, limit: Duration, working: Working) -> Self {
        working.set(incoming.is_end_stream());
        Self { incoming, deadline: Box::pin(tokio::time::sleep(limit)), working }
    }
}

impl Body for LimitedBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.incoming).poll_frame(context) {
            self.working.set(self.incoming.is_end_stream());
            return Poll::Ready(frame.map(|frame| frame.map_err(BodyError::Connection)));
        }
        self.deadline.as_mut().poll(context).map(|()| Some(Err(BodyError::TooSlow)))
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}
