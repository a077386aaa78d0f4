//! Customers: entered, found, changed, erased.

use super::shape::{
    ConsentBody, ConsentOut, Consents, ErasureBody, NewPartyBody, PartyChangeBody, PartyOut, PartyPageOut,
    PartyQuery,
};
use crate::answer::{done, invalid_cursor, seal_cursor, versioned};
use crate::authed::{Authed, Change};
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::{Reading, Writing};
use crate::version;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::party::{self, ConsentChange, NewParty, PartyChange, PartySearch};
use huiyin_app::{Ctx, Tx};
use huiyin_domain::ids::PartyId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_parties, create_party))
        .routes(routes!(get_party, change_party))
        .routes(routes!(change_consent))
        .routes(routes!(erase_party))
}

/// List customers, in the order of entry
///
/// Identity is covered as your posts demand; what is shown uncovered is logged.
#[utoipa::path(get, path = "/parties", operation_id = "list_parties", tag = "parties", params(PartyQuery),
    responses((status = 200, description = "A page", body = PartyPageOut), Reading))]
async fn list_parties(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<PartyQuery>,
) -> Result<Json<PartyPageOut>, Problem> {
    let limit = crate::answer::limit(query.limit)?;
    let after = query.cursor.as_deref().map(place).transpose()?;
    let PartyQuery { phone, name, household, unit, do_not_visit, .. } = query;
    let search = PartySearch { phone, name, household, unit, do_not_visit, after, limit };
    let page = edge.app.write(&authed.ctx, move |tx, ctx| party::list(tx, ctx, &search)).await?;
    let next_cursor = page.next.map(|id| seal_cursor(&id.to_string()));
    Ok(Json(PartyPageOut { items: page.items.into_iter().map(PartyOut::from).collect(), next_cursor }))
}

fn place(cursor: &str) -> Result<PartyId, Problem> {
    crate::answer::open_cursor(cursor)?.parse().map_err(|_| invalid_cursor())
}

/// Enter a customer
///
/// A repeat with the same `Idempotency-Key` gives the customer as they are
/// then: what was erased meanwhile is gone from it.
#[utoipa::path(post, path = "/parties", operation_id = "create_party", tag = "parties",
    request_body = NewPartyBody,
    responses((status = 201, description = "Entered", body = PartyOut), Writing))]
async fn create_party(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<NewPartyBody>,
) -> Result<Response, Problem> {
    let NewPartyBody { kind, name, phones, addresses, households, note, unit } = body;
    let new = NewParty { kind, name, phones, addresses, households, note, unit };
    let create = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        party::create(tx, ctx, &new).map(|view| (view.id, PartyOut::from(view)))
    };
    let again = |tx: &mut Tx<'_>, ctx: &Ctx, id| party::get(tx, ctx, id).map(PartyOut::from);
    Ok(done(edge.app.once_made(ctx, 201, create, again).await?))
}

/// Read a customer; what is shown uncovered is logged
#[utoipa::path(get, path = "/parties/{id}", operation_id = "get_party", tag = "parties",
    params(("id" = PartyId, Path)),
    responses((status = 200, description = "The customer; the version is the ETag", body = PartyOut), Reading))]
async fn get_party(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<PartyId>,
) -> Result<Response, Problem> {
    let view = edge.app.write(&authed.ctx, move |tx, ctx| party::get(tx, ctx, id)).await?;
    Ok(versioned(view.version, PartyOut::from(view)))
}

/// Change a customer
#[utoipa::path(patch, path = "/parties/{id}", operation_id = "change_party", tag = "parties",
    params(("id" = PartyId, Path), version::IfMatch), request_body = PartyChangeBody,
    responses((status = 200, description = "Changed", body = PartyOut), Writing))]
async fn change_party(
    State(edge): State<Edge>,
    Id(id): Id<PartyId>,
    Change { ctx, body, headers }: Change<PartyChangeBody>,
) -> Result<Response, Problem> {
    let version = version::required(&headers, body.version)?;
    let change = PartyChange {
        version,
        kind: body.kind,
        name: body.name,
        phones: body.phones,
        addresses: body.addresses,
        households: body.households,
        note: body.note,
        unit: body.unit,
        do_not_visit: body.do_not_visit,
        do_not_visit_why: body.do_not_visit_why,
        duplicate_of: body.duplicate_of,
        manner: body.manner,
    };
    let view = edge.app.write(&ctx, move |tx, ctx| party::change(tx, ctx, id, &change)).await?;
    Ok(versioned(view.version, PartyOut::from(view)))
}

/// Record that a customer gave or withdrew consent
#[utoipa::path(post, path = "/parties/{id}/consents", operation_id = "change_consent", tag = "parties",
    params(("id" = PartyId, Path)), request_body = ConsentBody,
    responses((status = 200, description = "All consents", body = Consents), Writing))]
async fn change_consent(
    State(edge): State<Edge>,
    Id(id): Id<PartyId>,
    Change { ctx, body, .. }: Change<ConsentBody>,
) -> Result<Response, Problem> {
    let ConsentBody { purpose, given, how } = body;
    let change = ConsentChange { purpose, given, how };
    let answer = edge
        .app
        .once(ctx, 200, move |tx, ctx| {
            let all = party::set_consent(tx, ctx, id, &change)?;
            Ok(Consents { items: all.into_iter().map(ConsentOut::from).collect() })
        })
        .await?;
    Ok(done(answer))
}

/// Erase who a customer is, on lawful request
///
/// The cases stay, with a customer who has no name, number or address.
#[utoipa::path(post, path = "/parties/{id}/erase", operation_id = "erase_party", tag = "parties",
    params(("id" = PartyId, Path)), request_body = ErasureBody,
    responses((status = 204, description = "Erased"), Writing))]
async fn erase_party(
    State(edge): State<Edge>,
    Id(id): Id<PartyId>,
    Change { ctx, body, .. }: Change<ErasureBody>,
) -> Result<Response, Problem> {
    Ok(done(edge.app.once(ctx, 204, move |tx, ctx| party::erase(tx, ctx, id, &body.basis)).await?))
}
