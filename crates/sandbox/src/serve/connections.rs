//! The open connections of a listener, and their number.

use std::collections::VecDeque;

use tokio::task::{AbortHandle, JoinSet};

use super::body::Working;

/// The open connections of a listener, at most a set number. A client that opens many and sends no
/// request keeps nobody out: its oldest one makes room for the next.
pub(super) struct Connections {
    most: usize,
    tasks: JoinSet<()>,
    /// In order of their opening.
    open: VecDeque<(AbortHandle, Working)>,
}

impl Connections {
    pub(super) fn new(most: usize) -> Self {
        Self { most, tasks: JoinSet::new(), open: VecDeque::new() }
    }

    /// Serves one more connection. When there are as many as there may be, the one that has waited
    /// longest for its request is closed; when all are working, this waits for one to end.
    pub(super) async fn add(
        &mut self,
        serve: impl Future<Output = ()> + Send + 'static,
        working: Working,
    ) {
        self.forget_ended();
        while self.open.len() >= self.most {
            let waiting = self.open.iter().position(|(_, working)| !working.get());
            match waiting.and_then(|at| self.open.remove(at)) {
                Some((task, _)) => {
                    tracing::debug!("too many connections: one without a request is closed");
                    task.abort();
                }
                None => {
                    let _ended = self.tasks.join_next().await;
                    self.forget_ended();
                }
            }
        }
        self.open.push_back((self.tasks.spawn(serve), working));
    }

    fn forget_ended(&mut self) {
        while self.tasks.try_join_next().is_some() {}
        self.open.retain(|(task, _)| !task.is_finished());
    }
}
