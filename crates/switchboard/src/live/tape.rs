//! The recording of a call (CALL-7).

use huiyin_app::call::{self, Happening, RecordingRow};
use huiyin_domain::call::rules::RecordingRule;
use huiyin_domain::ids::RecordingId;
use huiyin_domain::time::Timestamp;
use huiyin_telephony::Command;

use super::Live;

/// Microseconds of one day.
const DAY: i64 = 86_400_000_000;

impl Live {
    /// The caller refuses to be recorded: noted once, what is recorded ends.
    pub(super) async fn tape_refused(&mut self) {
        if std::mem::replace(&mut self.unrecorded, true) {
            return;
        }
        if self.recording.is_some() {
            self.send(Command::EndRecording { room: self.room });
        }
        self.happens(Happening::RecordingRefused(self.id)).await;
    }

    /// Records a conversation from now on, where house and caller let it.
    pub(super) async fn talk_recorded(&mut self) {
        if !self.unrecorded && self.rule().await.on {
            self.tape_begins().await;
        }
    }

    /// Records from now on, unless it does already.
    pub(super) async fn tape_begins(&mut self) {
        if self.recording.is_some() {
            return;
        }
        let now = self.board.0.app.clock.now();
        let id = RecordingId(self.board.0.app.ids.uuid(now));
        let tapes = std::sync::Arc::clone(&self.board.0.settings.tapes);
        let begun = tokio::task::spawn_blocking(move || tapes.begin(id)).await;
        let tape = match begun {
            Ok(Ok(tape)) => tape,
            Ok(Err(error)) => return tracing::error!(call = %self.id, %error, "cannot record"),
            Err(error) => return tracing::error!(call = %self.id, %error, "cannot record"),
        };
        self.recording = Some((id, now));
        self.send(Command::Record { room: self.room, token: 1, tape });
        self.keeps(None).await;
        self.happens(Happening::Recorded(self.id, id)).await;
    }

    /// Notes the end of the recording with its length, as told or by its file.
    pub(super) async fn tape_ends(&mut self, told: Option<(u64, bool)>) {
        if self.recording.is_none() {
            return;
        }
        if told.is_some_and(|(_, whole)| !whole) {
            tracing::error!(call = %self.id, "a recording could not be kept to its end");
        }
        self.keeps(Some(told.map(|(millis, _)| millis))).await;
        self.recording = None;
    }

    async fn rule(&self) -> RecordingRule {
        let rules = call::rules_of(&self.board.0.app, self.org).await;
        rules
            .inspect_err(|error| tracing::error!(%error, "settings cannot be read"))
            .unwrap_or_default()
            .recording
    }

    async fn keeps(&self, ended: Option<Option<u64>>) {
        let Some((id, began_at)) = self.recording else { return };
        let kept = i64::from(self.rule().await.keep_days) * DAY;
        let app = &self.board.0.app;
        let tapes = std::sync::Arc::clone(&self.board.0.settings.tapes);
        let key = tapes.key();
        let looked = tokio::task::spawn_blocking(move || {
            let millis = match ended {
                None => 0,
                Some(Some(millis)) => millis,
                Some(None) => tapes.millis(id).unwrap_or(0),
            };
            (millis, tapes.bytes(id))
        });
        let (millis, bytes) = looked.await.unwrap_or((0, 0));
        let row = RecordingRow {
            id,
            call: self.id,
            began_at,
            ended_at: ended.map(|_| app.clock.now()),
            millis,
            bytes,
            key_id: Some(key),
            keep_until: Timestamp::from_micros(began_at.micros() + kept),
            erased_at: None,
        };
        if let Err(error) = call::kept(app, self.org, row).await {
            tracing::error!(call = %self.id, %error, "a recording could not be noted");
        }
    }
}
