//! What a refused request still wants to send is read and thrown away.
//!
//! A server that answers and closes while the other side is still writing is
//! seen there as a broken connection: the answer, with its reason, is lost.

use axum::body::{Body, Bytes, HttpBody};
use http_body::{Frame, SizeHint};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::timeout;

/// Most that is thrown away after a refusal, in bytes.
const MOST: usize = 64 * 1024 * 1024;

/// Longest time that throwing away takes.
const LONGEST: Duration = Duration::from_secs(10);

type Slot = Arc<Mutex<Option<Body>>>;

/// The rest of a request's body, once its handler is done with it.
pub(super) struct Rest(Slot);

/// A body that leaves what nobody read to its [`Rest`].
struct Kept {
    body: Option<Body>,
    slot: Slot,
}

impl Rest {
    /// Parts a body into the one to read and what will be left of it.
    pub(super) fn of(body: Body) -> (Body, Self) {
        let slot = Slot::default();
        (Body::new(Kept { body: Some(body), slot: slot.clone() }), Self(slot))
    }

    /// Reads what is left, within bounds of size and time.
    pub(super) async fn discard(self) {
        let left = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut body) = left else { return };
        let read = async {
            let mut bytes = 0;
            while bytes < MOST {
                let next = std::future::poll_fn(|task| Pin::new(&mut body).poll_frame(task)).await;
                let Some(Ok(frame)) = next else { return };
                bytes += frame.data_ref().map_or(0, Bytes::len);
            }
        };
        // whoever sends more or more slowly has to do without an answer
        let _ = timeout(LONGEST, read).await;
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let left = self.body.take().filter(|body| !body.is_end_stream());
        *self.slot.lock().unwrap_or_else(PoisonError::into_inner) = left;
    }
}

impl HttpBody for Kept {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let polled = Pin::new(body).poll_frame(task);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            self.body = None;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), HttpBody::size_hint)
    }
}
