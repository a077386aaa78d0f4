//! People of an organisation.

use super::membership::NewMembershipBody;
use crate::answer::{Page, PageQuery, done, stale, versioned};
use crate::authed::{Act, Authed, Change};
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::{Reading, Writing};
use crate::version;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::people::person::{self, NewPerson, PersonChange, PersonView};
use huiyin_app::{Class, PostHeld};
use huiyin_domain::ids::{PersonId, UnitId};
use huiyin_domain::locale::Locale;
use huiyin_domain::people::Post;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_people, create_person))
        .routes(routes!(get_person, change_person))
        .routes(routes!(deactivate_person))
        .routes(routes!(reactivate_person))
}

/// A post held at a unit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PostHeld)]
pub struct PostOut {
    /// What.
    pub post: Post,
    /// Where.
    pub unit: UnitId,
}

impl From<&PostHeld> for PostOut {
    fn from(held: &PostHeld) -> Self {
        Self { post: held.post, unit: held.unit }
    }
}

/// A member of staff.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Person)]
pub struct PersonOut {
    id: PersonId,
    /// Login name, unique in the installation.
    login: String,
    /// The name that people see.
    name: String,
    /// Own telephone number; null also for readers who may not see it.
    phone: Option<String>,
    /// Own mail address; null also for readers who may not see it.
    email: Option<String>,
    /// Language of texts for this person.
    locale: String,
    /// Whether the person may sign in.
    active: bool,
    /// Whether a one-time code is asked for.
    totp_enabled: bool,
    /// Whether a password is set.
    has_password: bool,
    /// Grows with each change.
    version: i64,
    /// Posts held now in this organisation.
    posts: Vec<PostOut>,
}

impl From<PersonView> for PersonOut {
    fn from(view: PersonView) -> Self {
        let PersonView { person, posts } = view;
        Self {
            id: person.id,
            login: person.login,
            name: person.name,
            phone: person.phone,
            email: person.email,
            locale: person.locale,
            active: person.active,
            totp_enabled: person.totp_enabled,
            has_password: person.has_password,
            version: person.version,
            posts: posts.iter().map(PostOut::from).collect(),
        }
    }
}

/// Somebody to appoint.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPerson)]
struct NewPersonBody {
    /// 2 to 64 letters, digits, dot, dash or underscore.
    #[schema(min_length = 2, max_length = 64, pattern = r"^[\p{L}\p{N}._-]+$")]
    login: String,
    /// 1 to 100 letters.
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    name: String,
    #[schema(max_length = 30)]
    phone: Option<String>,
    #[schema(max_length = 200)]
    email: Option<String>,
    #[serde(default)]
    locale: Locale,
    /// The first place.
    membership: NewMembershipBody,
}

/// What to change; what is not named stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PersonChange)]
struct PersonChangeBody {
    /// The version seen, unless `If-Match` names it.
    version: Option<i64>,
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    name: Option<String>,
    /// An empty text removes it.
    #[schema(max_length = 30)]
    phone: Option<String>,
    /// An empty text removes it.
    #[schema(max_length = 200)]
    email: Option<String>,
    locale: Option<Locale>,
}

/// List people
///
/// Ordered by login.
#[utoipa::path(get, path = "/people", operation_id = "list_people", tag = "people", params(PageQuery),
    responses((status = 200, description = "A page of people", body = Page<PersonOut>), Reading))]
async fn list_people(
    State(edge): State<Edge>,
    authed: Authed,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<PersonOut>>, Problem> {
    let (limit, after) = (page.limit()?, page.cursor()?);
    let people =
        edge.app.read(&authed.ctx, move |tx, ctx| person::list(tx, ctx, after.as_deref(), limit + 1)).await?;
    let people: Vec<_> = people.into_iter().map(PersonOut::from).collect();
    Ok(Json(Page::of(people, limit, |person| person.login.clone())))
}

/// Appoint a person
///
/// Without a password: send a one-time link by `create_reset_link`.
#[utoipa::path(post, path = "/people", operation_id = "create_person", tag = "people",
    request_body = NewPersonBody,
    responses((status = 201, description = "Appointed", body = PersonOut), Writing))]
async fn create_person(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<NewPersonBody>,
) -> Result<Response, Problem> {
    let new = NewPerson {
        login: body.login,
        name: body.name,
        phone: body.phone,
        email: body.email,
        locale: body.locale,
        membership: body.membership.into(),
    };
    let answer =
        edge.app.once(ctx, 201, move |tx, ctx| person::create(tx, ctx, &new).map(PersonOut::from)).await?;
    Ok(done(answer))
}

/// Show a person
#[utoipa::path(get, path = "/people/{id}", operation_id = "get_person", tag = "people",
    params(("id" = PersonId, Path)),
    responses((status = 200, description = "The person, with ETag", body = PersonOut), Reading))]
async fn get_person(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<PersonId>,
) -> Result<Response, Problem> {
    let view = edge.app.read(&authed.ctx, move |tx, ctx| person::get(tx, ctx, id)).await?;
    Ok(versioned(view.person.version, PersonOut::from(view)))
}

/// Change a person
#[utoipa::path(patch, path = "/people/{id}", operation_id = "change_person", tag = "people",
    params(("id" = PersonId, Path), version::IfMatch),
    request_body = PersonChangeBody,
    responses((status = 200, description = "Changed", body = PersonOut), Writing))]
async fn change_person(
    State(edge): State<Edge>,
    Id(id): Id<PersonId>,
    Change { ctx, body, headers }: Change<PersonChangeBody>,
) -> Result<Response, Problem> {
    let seen = version::required(&headers, body.version)?;
    let PersonChangeBody { name, phone, email, locale, .. } = body;
    let change = PersonChange { name, phone, email, locale };
    let asked = edge
        .app
        .once(ctx.clone(), 200, move |tx, ctx| {
            person::change(tx, ctx, id, Some(seen), &change).map(PersonOut::from)
        })
        .await;
    match asked {
        Ok(answer) => Ok(done(answer)),
        Err(error) if error.class() == Class::Stale => {
            let newer = edge.app.read(&ctx, move |tx, ctx| person::get(tx, ctx, id)).await?;
            Err(stale(error, newer.person.version, PersonOut::from(newer)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Dismiss a person
///
/// Refused while cases, tasks or promises are still owned.
#[utoipa::path(post, path = "/people/{id}/deactivate", operation_id = "deactivate_person", tag = "people",
    params(("id" = PersonId, Path)),
    responses((status = 204, description = "Dismissed"), Writing))]
async fn deactivate_person(
    State(edge): State<Edge>,
    Id(id): Id<PersonId>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    let app = edge.app.clone();
    let answer = edge.app.once(ctx, 204, move |tx, ctx| person::deactivate(&app, tx, ctx, id)).await?;
    Ok(done(answer))
}

/// Take a dismissed person back
#[utoipa::path(post, path = "/people/{id}/reactivate", operation_id = "reactivate_person", tag = "people",
    params(("id" = PersonId, Path)), request_body = NewMembershipBody,
    responses((status = 200, description = "Back, with a new place", body = PersonOut), Writing))]
async fn reactivate_person(
    State(edge): State<Edge>,
    Id(id): Id<PersonId>,
    Change { ctx, body, .. }: Change<NewMembershipBody>,
) -> Result<Response, Problem> {
    let place = body.into();
    let answer = edge
        .app
        .once(ctx, 200, move |tx, ctx| person::reactivate(tx, ctx, id, &place).map(PersonOut::from))
        .await?;
    Ok(done(answer))
}
