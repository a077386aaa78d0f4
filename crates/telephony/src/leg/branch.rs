//! One INVITE that we sent: while it rings, and what became of it.

use crate::core::Core;
use crate::{Cause, LegId};
use rsipstack::dialog::dialog::{DialogState, DialogStateReceiver};
use rsipstack::dialog::invitation::InviteOption;
use rsipstack::dialog::invite_dialog::InviteDialog;
use rsipstack::sip::Response;
use std::sync::Arc;
use tokio::sync::mpsc;

/// An INVITE under way.
pub(crate) struct Branch {
    pub(crate) voice: LegId,
    pub(crate) dialog: InviteDialog,
    pub(crate) over: bool,
}

/// What a branch tells.
pub(crate) enum News {
    /// Somebody is there (100).
    Trying,
    /// It rings.
    Ringing,
    /// It sends sound.
    Early(String),
    /// It is decided.
    Done(Outcome),
}

/// The final answer, and what the dialog tells from then on.
pub(crate) struct Outcome {
    pub(crate) states: DialogStateReceiver,
    pub(crate) result: Result<Response, Cause>,
}

/// Sends the INVITE; its news come with `index`.
pub(crate) fn start(
    core: &Arc<Core>,
    option: InviteOption,
    voice: LegId,
    index: usize,
    news: mpsc::Sender<(usize, News)>,
) -> Option<Branch> {
    let (sender, states) = core.dialogs.new_dialog_state_channel();
    let (dialog, decided) = match core.dialogs.do_invite_async(option, sender) {
        Ok(started) => started,
        Err(fault) => {
            tracing::info!(%fault, "an INVITE could not be made");
            return None;
        }
    };
    let (this, watched) = (core.clone(), dialog.clone());
    core.spawn(async move {
        let outcome = follow(states, decided, index, &news).await;
        this.withdrawn.forget(&watched.id().call_id);
        let answered = outcome.result.is_ok();
        if news.send((index, News::Done(outcome))).await.is_err() && answered {
            // It answered after we had stopped to wait.
            hang_up(&this, &watched).await;
        }
    });
    Some(Branch { voice, dialog, over: false })
}

type Decided = tokio::task::JoinHandle<rsipstack::Result<(rsipstack::dialog::DialogId, Option<Response>)>>;

async fn follow(
    mut states: DialogStateReceiver,
    mut decided: Decided,
    index: usize,
    news: &mpsc::Sender<(usize, News)>,
) -> Outcome {
    loop {
        let state = tokio::select! {
            biased;
            result = &mut decided => {
                let result = match result {
                    Ok(Ok((_, Some(response)))) => Ok(response),
                    Ok(Ok((_, None))) => Err(Cause::Unreachable),
                    Ok(Err(fault)) => {
                        tracing::info!(%fault, "an INVITE could not be sent");
                        Err(Cause::Unreachable)
                    }
                    Err(_) => Err(Cause::Failure),
                };
                return Outcome { states, result };
            }
            state = states.recv(), if !states.is_closed() || !states.is_empty() => state,
        };
        let said = match state {
            Some(DialogState::Trying(_)) => News::Trying,
            Some(DialogState::Early(_, response)) if response.body.is_empty() => News::Ringing,
            Some(DialogState::Early(_, response)) => {
                News::Early(String::from_utf8_lossy(&response.body).into_owned())
            }
            Some(_) | None => continue,
        };
        // Nobody waits any more after a CANCEL; the end is still followed.
        let _ = news.send((index, said)).await;
    }
}

/// Ends a dialog that was answered.
pub(crate) async fn hang_up(core: &Core, dialog: &InviteDialog) {
    if let Err(fault) = dialog.bye().await {
        tracing::debug!(%fault, "a BYE was not answered");
    }
    core.dialogs.remove_dialog(&dialog.id());
}
