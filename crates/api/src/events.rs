//! Hints as server-sent events, resumed where the listener stopped.

use crate::authed::Authed;
use crate::edge::Edge;
use crate::problem::Problem;
use crate::responses::Reading;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use huiyin_app::After;
use huiyin_app::hints::{Place, Placed, Subscription};
use huiyin_app::{Actor, Hint};
use serde_json::json;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// How long one stream lives; the browser comes back and is asked again who
/// it is, so that a revoked session hears nothing more.
const LIFE: Duration = Duration::from_secs(300);

/// Events waiting for a slow reader.
const WAITING: usize = 64;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(stream_events))
}

/// Streams hints of what changed, without content.
///
/// Each event is named by its topic and carries `{"topic","id","version"}`;
/// `reset` says that hints were lost and everything shown should be fetched
/// again. With `Last-Event-ID` the stream goes on where it stopped, at another
/// process of the installation too.
#[utoipa::path(
    get, path = "/events", operation_id = "stream_events", tag = "events",
    params(("Last-Event-ID" = Option<String>, Header, description = "Id of the last event seen")),
    responses((status = 200, description = "A stream without end", content_type = "text/event-stream", body = String), Reading)
)]
async fn stream_events(
    State(edge): State<Edge>,
    headers: HeaderMap,
    authed: Authed,
) -> Result<Response, Problem> {
    let asked = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let ctx = edge.app.confirm(authed.ctx).await?;
    let epoch = edge.epoch();
    let subscription = match asked.map(|id| resume(id, epoch)) {
        None => edge.app.hints.subscribe(None),
        Some(Some(after)) => edge.app.hints.subscribe(Some(after)),
        Some(None) => Subscription { missed: None, ..edge.app.hints.subscribe(None) },
    };
    let (sender, receiver) = mpsc::channel(WAITING);
    let feed = Feed { sender, epoch, actor: ctx.actor };
    let gone = feed.sender.clone();
    let streaming = async move {
        tokio::select! {
            () = gone.closed() => {}
            () = edge.closed() => {}
            () = tokio::time::sleep(LIFE) => {}
            () = feed.run(subscription) => {}
        }
    };
    begin(streaming);
    let quiet = KeepAlive::new().interval(Duration::from_secs(15));
    Ok(Sse::new(ReceiverStream::new(receiver)).keep_alive(quiet).into_response())
}

/// Starts the task that feeds one stream.
#[expect(clippy::disallowed_methods, reason = "it ends with its reader, its time or the server")]
fn begin(streaming: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(streaming);
}

/// Reads a place out of an id: a mark that every process knows, or
/// `<epoch>-<number>`; `None` from another life of the server, or nonsense.
fn resume(id: &str, epoch: Uuid) -> Option<After> {
    let Some((of, number)) = id.rsplit_once('-') else {
        return Uuid::try_parse(id).ok().map(After::Mark);
    };
    (of == epoch.simple().to_string()).then(|| number.parse().ok().map(After::Number))?
}

struct Feed {
    sender: mpsc::Sender<Result<Event, Infallible>>,
    epoch: Uuid,
    actor: Actor,
}

impl Feed {
    async fn run(self, subscription: Subscription) {
        let Subscription { missed, last, mut receiver } = subscription;
        let begun = match missed {
            None => self.reset(last).await,
            Some(missed) => self.pass_all(missed, last).await,
        };
        let mut open = begun;
        while open {
            open = match receiver.recv().await {
                Ok((place, None)) => self.reset(place).await,
                Ok((place, Some(hint))) => self.pass(place, &hint).await,
                Err(RecvError::Lagged(_)) => self.reset(last).await,
                Err(RecvError::Closed) => false,
            };
        }
    }

    /// Sends what was missed; a first event tells the reader where it stands.
    async fn pass_all(&self, missed: Vec<Placed>, last: Place) -> bool {
        for (place, hint) in missed {
            let Some(hint) = hint else { continue };
            if !self.pass(place, &hint).await {
                return false;
            }
        }
        let hello = Event::default().event("hello").id(self.id(last)).data("{}");
        self.sender.send(Ok(hello)).await.is_ok()
    }

    async fn pass(&self, place: Place, hint: &Hint) -> bool {
        if !hint.is_for(&self.actor.scope()) {
            return !self.sender.is_closed();
        }
        let data = json!({"topic": hint.topic, "id": hint.id, "version": hint.version});
        let event = Event::default().event(&*hint.topic).id(self.id(place)).data(data.to_string());
        self.sender.send(Ok(event)).await.is_ok()
    }

    async fn reset(&self, last: Place) -> bool {
        let event = Event::default().event("reset").id(self.id(last)).data("{}");
        self.sender.send(Ok(event)).await.is_ok()
    }

    fn id(&self, place: Place) -> String {
        match place.mark {
            Some(mark) => mark.simple().to_string(),
            None => format!("{}-{}", self.epoch.simple(), place.number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 3 §6: resume is by number within one life of the server.
    #[test]
    fn only_ids_of_this_life_are_resumed() {
        let epoch = Uuid::from_u128(7);
        assert_eq!(resume(&format!("{}-12", epoch.simple()), epoch), Some(After::Number(12)));
        let mark = Uuid::from_u128(9);
        assert_eq!(resume(&mark.simple().to_string(), epoch), Some(After::Mark(mark)));
        assert_eq!(resume(&format!("{}-12", Uuid::from_u128(8).simple()), epoch), None);
        for nonsense in ["", "12", "-", "x-y"] {
            assert_eq!(resume(nonsense, epoch), None);
        }
    }
}
