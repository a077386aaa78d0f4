//! What is done on an incident for all of its members: measures, one reply to
//! many, closing, reports; and the incident's own stages.

use super::act::{act, stamped};
use crate::authed::Change;
use crate::edge::Edge;
use crate::idempotency;
use crate::path::Id;
use crate::problem::Problem;
use crate::reasons::detail;
use crate::responses::Writing;
use crate::version::{IfMatch, seen};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use huiyin_app::incident::{
    self, IncidentReason, ManyDone, MeasureResult, MembersClosing, MembersReply, NewMeasure,
};
use huiyin_app::policy::CaseSight;
use huiyin_app::{App, Ctx, Error, Hint, Told, Tx};
use huiyin_domain::ids::{CaseId, IncidentId};
use huiyin_domain::incident::Command;
use huiyin_domain::locale::Locale;
use huiyin_domain::special::SpecialFiled;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::act::IncidentActed;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(add_incident_measure))
        .routes(routes!(end_incident_measure))
        .routes(routes!(reply_to_members))
        .routes(routes!(close_members))
        .routes(routes!(close_incident))
        .routes(routes!(reopen_incident))
        .routes(routes!(withdraw_hot))
        .routes(routes!(file_incident_report))
}

macro_rules! action {
    ($(#[$doc:meta])* $name:ident $path:literal $id:literal $body:ident => $make:expr) => {
        $(#[$doc])*
        #[utoipa::path(post, path = $path, operation_id = $id, tag = "incidents",
            params(("id" = IncidentId, Path), IfMatch, idempotency::KeyHeader), request_body = $body,
            responses((status = 200, description = "Done", body = IncidentActed), Writing))]
        async fn $name(
            State(edge): State<Edge>,
            Id(id): Id<IncidentId>,
            Change { ctx, body, headers }: Change<$body>,
        ) -> Result<Response, Problem> {
            act(edge, ctx, &headers, id, $make(body)).await
        }
    };
}

action! {
    /// Fix a measure for all members
    ///
    /// It lies on the incident, with who answers for it and by when; the cases
    /// stay as they are. The incident moves to `measures`.
    add_incident_measure "/incidents/{id}/actions/add_measure" "add_incident_measure" NewMeasure => Command::AddMeasure
}

action! {
    /// End a measure: done, or given up
    end_incident_measure "/incidents/{id}/actions/end_measure" "end_incident_measure" MeasureResult => Command::EndMeasure
}

action! {
    /// Close an incident
    ///
    /// Refused while a member case or a measure is open, or the first report on
    /// a hot one is owed. Closed hot, it owes its case report (PROP-85).
    close_incident "/incidents/{id}/actions/close" "close_incident" IncidentReason => Command::Close
}

action! {
    /// Open a closed incident again
    reopen_incident "/incidents/{id}/actions/reopen" "reopen_incident" IncidentReason => Command::Reopen
}

action! {
    /// Take the hot flag back, with a reason
    ///
    /// By lead, head or manager. Only contacts that come afterwards can make it
    /// hot again. A split that takes the ground away withdraws it by itself.
    withdraw_hot "/incidents/{id}/actions/withdraw_hot" "withdraw_hot" IncidentReason => Command::WithdrawHot
}

action! {
    /// Give a report about a hot incident to company and leader (PROP-84, 85)
    ///
    /// Every prescribed section must be there; a draft filled from the file is at
    /// `/incidents/{id}/special_reports/{kind}`. Meets the clock that watches it.
    file_incident_report "/incidents/{id}/actions/file_report" "file_incident_report" SpecialFiled => Command::FileReport
}

/// Give one reply to every open member, or to those named
///
/// Prepared once, recorded in each case by its own rules: gates, clocks and
/// approvals stay the case's. What a case refuses is listed with its reason;
/// `members_refused` when none takes it.
#[utoipa::path(post, path = "/incidents/{id}/actions/reply_members", operation_id = "reply_to_members",
    tag = "incidents", params(("id" = IncidentId, Path), IfMatch, idempotency::KeyHeader),
    request_body = MembersReply,
    responses((status = 200, description = "Done, as far as listed", body = ManyOut), Writing))]
async fn reply_to_members(
    State(edge): State<Edge>,
    Id(id): Id<IncidentId>,
    Change { ctx, body, headers }: Change<MembersReply>,
) -> Result<Response, Problem> {
    many(edge, ctx, &headers, id, move |tx, ctx, app, at| {
        incident::reply_members(tx, ctx, &app.rules, at, body)
    })
    .await
}

/// Close every member that may be closed now, or those named
///
/// Each case by its own gates: nobody loses a visit or exemption of their own.
/// What a case refuses is listed with its reason.
#[utoipa::path(post, path = "/incidents/{id}/actions/close_members", operation_id = "close_members",
    tag = "incidents", params(("id" = IncidentId, Path), IfMatch, idempotency::KeyHeader),
    request_body = MembersClosing,
    responses((status = 200, description = "Done, as far as listed", body = ManyOut), Writing))]
async fn close_members(
    State(edge): State<Edge>,
    Id(id): Id<IncidentId>,
    Change { ctx, body, headers }: Change<MembersClosing>,
) -> Result<Response, Problem> {
    many(edge, ctx, &headers, id, move |tx, ctx, app, at| {
        incident::close_members(tx, ctx, &app.rules, at, body)
    })
    .await
}

/// What one command did to the members of an incident.
#[derive(Debug, Serialize, ToSchema)]
struct ManyOut {
    /// Id of the incident.
    id: IncidentId,
    /// Its version now.
    #[schema(minimum = 1)]
    version: u64,
    /// Where the incident stands now.
    stage: &'static str,
    /// Cases in which it was done.
    done: Vec<CaseId>,
    /// Cases that refused it, with the first reason of each.
    refused: Vec<RefusedOut>,
}

/// A case that did not take part, and why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MemberRefused)]
struct RefusedOut {
    /// The case.
    case: CaseId,
    /// Stable code of the first reason.
    code: String,
    /// The reason in the reader's language.
    detail: String,
}

fn out(locale: Locale, done: ManyDone) -> ManyOut {
    let refused = done.refused.into_iter().map(|one| {
        let params = one.params.iter().map(|(name, value)| (name, value.as_str()));
        let detail = detail(locale, &one.code, params);
        RefusedOut { case: one.case, code: one.code, detail }
    });
    let refused = refused.collect();
    ManyOut { id: done.id, version: done.version, stage: done.stage, done: done.done, refused }
}

async fn many(
    edge: Edge,
    ctx: Ctx,
    headers: &HeaderMap,
    id: IncidentId,
    run: impl FnOnce(&mut Tx<'_>, &Ctx, &App, (IncidentId, Option<u64>)) -> Result<(ManyDone, CaseSight), Error>
    + Send
    + 'static,
) -> Result<Response, Problem> {
    let version = seen(headers, None)?.map(|version| u64::try_from(version).unwrap_or(0));
    let app = edge.app.clone();
    let told = Told::default();
    let telling = told.clone();
    let answer = edge
        .app
        .once(ctx, 200, move |tx, ctx| {
            let (done, sight) = run(tx, ctx, &app, (id, version))?;
            telling.keep(tx, ctx, Hint::incident(ctx.org(), (id, done.version), sight))?;
            Ok(out(ctx.locale, done))
        })
        .await?;
    told.publish(&edge.app.hints);
    Ok(stamped(answer))
}
