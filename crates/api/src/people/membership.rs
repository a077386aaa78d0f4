//! Who belongs where, as what, from when to when.

use crate::answer::done;
use crate::authed::{Act, Authed, Change};
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::people::membership::{self, MembershipRow, NewMembership};
use huiyin_domain::ids::{PersonId, UnitId};
use huiyin_domain::people::Post;
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_memberships, create_membership))
        .routes(routes!(change_membership_posts))
        .routes(routes!(end_membership))
}

/// A place for a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewMembership)]
pub(super) struct NewMembershipBody {
    /// Where.
    unit: UnitId,
    /// As what.
    #[schema(min_items = 1)]
    posts: BTreeSet<Post>,
    /// From when; now when not said.
    valid_from: Option<Timestamp>,
    /// Up to when; open when not said.
    valid_to: Option<Timestamp>,
}

impl From<NewMembershipBody> for NewMembership {
    fn from(body: NewMembershipBody) -> Self {
        let NewMembershipBody { unit, posts, valid_from, valid_to } = body;
        Self { unit, posts, valid_from, valid_to }
    }
}

/// A place of a person, past, present or future.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Membership)]
struct MembershipOut {
    id: Uuid,
    person: PersonId,
    unit: UnitId,
    posts: BTreeSet<Post>,
    valid_from: Timestamp,
    /// The first instant after it; null while it is open.
    valid_to: Option<Timestamp>,
}

impl From<MembershipRow> for MembershipOut {
    fn from(row: MembershipRow) -> Self {
        let membership = row.membership;
        Self {
            id: row.id,
            person: membership.person,
            unit: membership.unit,
            posts: membership.posts,
            valid_from: membership.valid.from,
            valid_to: membership.valid.to,
        }
    }
}

/// All memberships of a person.
#[derive(Debug, Serialize, ToSchema)]
struct Memberships {
    items: Vec<MembershipOut>,
}

/// Posts from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PostsBody {
    #[schema(min_items = 1)]
    posts: BTreeSet<Post>,
}

/// List a person's memberships, past ones too
#[utoipa::path(get, path = "/people/{id}/memberships", operation_id = "list_memberships", tag = "people",
    params(("id" = PersonId, Path)),
    responses((status = 200, description = "All of them", body = Memberships), Reading))]
async fn list_memberships(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<PersonId>,
) -> Result<Json<Memberships>, Problem> {
    let rows = edge.app.read(&authed.ctx, move |tx, ctx| membership::list(tx, ctx, id)).await?;
    Ok(Json(Memberships { items: rows.into_iter().map(MembershipOut::from).collect() }))
}

/// Give a person a further place
#[utoipa::path(post, path = "/people/{id}/memberships", operation_id = "create_membership", tag = "people",
    params(("id" = PersonId, Path)), request_body = NewMembershipBody,
    responses((status = 201, description = "Given", body = MembershipOut), Writing))]
async fn create_membership(
    State(edge): State<Edge>,
    Id(id): Id<PersonId>,
    Change { ctx, body, .. }: Change<NewMembershipBody>,
) -> Result<Response, Problem> {
    let new = body.into();
    let answer = edge
        .app
        .once(ctx, 201, move |tx, ctx| membership::add(tx, ctx, id, &new).map(MembershipOut::from))
        .await?;
    Ok(done(answer))
}

/// Change the posts of a membership from now on
///
/// The past stays as it was: the old membership ends and a new one begins.
#[utoipa::path(post, path = "/memberships/{id}/posts", operation_id = "change_membership_posts", tag = "people",
    params(("id" = Uuid, Path)), request_body = PostsBody,
    responses((status = 200, description = "The new membership", body = MembershipOut), Writing))]
async fn change_membership_posts(
    State(edge): State<Edge>,
    Id(id): Id<Uuid>,
    Change { ctx, body, .. }: Change<PostsBody>,
) -> Result<Response, Problem> {
    let app = edge.app.clone();
    let answer = edge
        .app
        .once(ctx, 200, move |tx, ctx| {
            membership::change_posts(&app, tx, ctx, id, body.posts).map(MembershipOut::from)
        })
        .await?;
    Ok(done(answer))
}

/// End a membership now
#[utoipa::path(post, path = "/memberships/{id}/end", operation_id = "end_membership", tag = "people",
    params(("id" = Uuid, Path)),
    responses((status = 204, description = "Ended"), Writing))]
async fn end_membership(
    State(edge): State<Edge>,
    Id(id): Id<Uuid>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    let app = edge.app.clone();
    let answer = edge.app.once(ctx, 204, move |tx, ctx| membership::end(&app, tx, ctx, id)).await?;
    Ok(done(answer))
}
