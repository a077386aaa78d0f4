//! What a process that died left behind: calls, recordings, telephones.

use std::sync::Arc;

use huiyin_app::App;
use huiyin_app::call::{self, Happening};
use huiyin_domain::call::agent::Ask;
use huiyin_domain::time::Timestamp;
use huiyin_store::call::list as rows;
use huiyin_store::people::organisation;

use crate::board::Settings;

/// Ends its calls and recordings, and counts no telephone as there.
///
/// # Errors
/// What the store gives.
pub(crate) async fn cleared(app: &App, settings: &Settings) -> Result<(), huiyin_app::Error> {
    // how long they were recorded tells when the calls ended
    end_recordings(app, settings).await?;
    call::node_lost(app, &settings.node).await?;
    no_device_yet(app).await
}

/// Gives the recordings of a process that died the length that their files have.
async fn end_recordings(app: &App, settings: &Settings) -> Result<(), huiyin_app::Error> {
    for (org, row) in call::unfinished(app, &settings.node).await? {
        let (tapes, id) = (Arc::clone(&settings.tapes), row.id);
        let looked = tokio::task::spawn_blocking(move || (tapes.millis(id), tapes.bytes(id))).await;
        let (millis, bytes) = looked.unwrap_or_default();
        if millis.is_none() {
            tracing::error!(recording = %id, call = %row.call, "of a recording no file can be read");
        }
        let millis = millis.unwrap_or_default();
        let micros = i64::try_from(millis).unwrap_or(i64::MAX).saturating_mul(1_000);
        let ended_at = Some(Timestamp::from_micros(row.began_at.micros().saturating_add(micros)));
        call::kept(app, org, call::RecordingRow { ended_at, millis, bytes, ..row }).await?;
    }
    Ok(())
}

/// No telephone has registered at this process yet, whatever an earlier one noted.
async fn no_device_yet(app: &App) -> Result<(), huiyin_app::Error> {
    let known = app.store.read(|tx| {
        let mut known = Vec::new();
        for organisation in organisation::all(tx)? {
            let agents = rows::agents(tx, organisation.org)?;
            known.extend(
                agents.into_iter().filter(|agent| agent.device).map(|agent| (organisation.org, agent.person)),
            );
        }
        Ok::<_, huiyin_app::Error>(known)
    });
    for (org, person) in known.await? {
        call::take(app, org, Happening::Agent(person, Ask::DeviceDown)).await?;
    }
    Ok(())
}
