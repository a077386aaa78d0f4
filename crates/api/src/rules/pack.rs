//! Packs: which there are, whether one is sound, which is in force.

use crate::answer::done;
use crate::authed::{Authed, Change};
use crate::edge::Edge;
use crate::idempotency;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::case::{self, ActivatedPack, CheckedPack, PackLine};
use huiyin_app::{Ctx, Error};
use huiyin_domain::pack::{PackChange, PackFiles};
use huiyin_domain::time::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_packs, activate_pack))
        .routes(routes!(check_pack))
        .routes(routes!(compare_packs))
}

/// Pack versions, by name and version.
#[derive(Debug, Serialize, ToSchema)]
struct Packs {
    items: Vec<PackLine>,
}

/// A pack: one that is there, or the files of one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PackBody {
    /// `name@version` of a pack that is shipped or was activated.
    #[schema(example = "property@1")]
    pack: Option<String>,
    /// File name to text, `pack.toml` among them.
    files: Option<BTreeMap<String, String>>,
}

/// A pack, and from when.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ActivationBody {
    /// `name@version` of a pack that is shipped or was activated.
    #[schema(example = "property@1")]
    pack: Option<String>,
    /// File name to text, `pack.toml` among them.
    files: Option<BTreeMap<String, String>>,
    /// First day on which received cases are bound by it.
    from: Date,
}

/// Which two packs.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Two {
    /// `name@version`.
    one: String,
    /// `name@version`.
    other: String,
}

/// The rules in which two packs differ.
#[derive(Debug, Serialize, ToSchema)]
struct Changes {
    items: Vec<PackChange>,
}

impl PackBody {
    fn files(self, tx: &mut huiyin_app::Tx<'_>, ctx: &Ctx) -> Result<PackFiles, Error> {
        match (self.pack, self.files) {
            (Some(name), None) => case::pack_files(tx, ctx, &name),
            (None, Some(files)) => {
                let all = files.into_iter();
                Ok(all.fold(PackFiles::default(), |files, (name, text)| files.with(&name, &text)))
            }
            _ => Err(Error::field("pack", "pack_or_files")),
        }
    }
}

/// List pack versions, shipped and activated
#[utoipa::path(get, path = "/packs", operation_id = "list_packs", tag = "rules",
    responses((status = 200, description = "Pack versions", body = Packs), Reading))]
async fn list_packs(State(edge): State<Edge>, authed: Authed) -> Result<Json<Packs>, Problem> {
    let rules = edge.app.rules.clone();
    let items = edge.app.read(&authed.ctx, move |tx, ctx| case::packs(tx, ctx, &rules)).await?;
    Ok(Json(Packs { items }))
}

/// Check a pack without activating it
///
/// Every fault is a field of the problem, with file, line and column.
#[utoipa::path(post, path = "/packs/check", operation_id = "check_pack", tag = "rules",
    request_body = PackBody,
    responses((status = 200, description = "It is sound", body = CheckedPack), Writing))]
async fn check_pack(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<PackBody>,
) -> Result<Json<CheckedPack>, Problem> {
    let looked = move |tx: &mut huiyin_app::Tx<'_>, ctx: &Ctx| {
        let files = body.files(tx, ctx)?;
        case::check_pack(tx, ctx, &files)
    };
    Ok(Json(edge.app.read(&ctx, looked).await?))
}

/// Put a pack version into force from a day on
///
/// Cases that exist keep the version that binds them. A faulty pack changes
/// nothing. `warnings` names what the people of each desk cannot do by it, or
/// cannot keep apart.
#[utoipa::path(post, path = "/packs", operation_id = "activate_pack", tag = "rules",
    params(idempotency::KeyHeader), request_body = ActivationBody,
    responses((status = 201, description = "In force from that day on", body = ActivatedPack), Writing))]
async fn activate_pack(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<ActivationBody>,
) -> Result<Response, Problem> {
    let (org, rules) = (ctx.org(), edge.app.rules.clone());
    let ActivationBody { pack, files, from } = body;
    let answer = edge
        .app
        .once(ctx, 201, move |tx, ctx| {
            let files = PackBody { pack, files }.files(tx, ctx)?;
            case::activate_pack(tx, ctx, &rules, &files, from)
        })
        .await;
    Ok(done(edge.app.rules_changed(org, "pack", answer)?))
}

/// List the rules in which two packs differ
#[utoipa::path(get, path = "/packs/diff", operation_id = "compare_packs", tag = "rules", params(Two),
    responses((status = 200, description = "Rules that came, went or changed", body = Changes), Reading))]
async fn compare_packs(
    State(edge): State<Edge>,
    authed: Authed,
    Query(two): Query<Two>,
) -> Result<Json<Changes>, Problem> {
    let compare =
        move |tx: &mut huiyin_app::Tx<'_>, ctx: &Ctx| case::pack_changes(tx, ctx, (&two.one, &two.other));
    Ok(Json(Changes { items: edge.app.read(&authed.ctx, compare).await? }))
}
