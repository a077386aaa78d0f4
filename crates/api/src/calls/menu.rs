//! Voice menus as settings: written as text, checked, every version kept.

use crate::answer::done;
use crate::authed::{Authed, Change};
use crate::edge::Edge;
use crate::json::within;
use crate::path::{Id, Id2};
use crate::problem::Problem;
use crate::responses::{Reading, Writing};
use crate::version::seen;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::call::{self, MenuSeen, NewMenu, VersionSeen};
use huiyin_app::{Ctx, Error, Tx};
use huiyin_domain::ids::PersonId;
use huiyin_domain::pack::PackFault;
use huiyin_domain::time::Timestamp;
use huiyin_i18n::{Locale, text};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The longest text of a menu, in bytes; a JSON body holds no longer one.
const LONGEST: usize = crate::json::MAX_TEXT;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_menus))
        .routes(routes!(get_menu, keep_menu))
        .routes(routes!(check_menu))
        .routes(routes!(list_menu_versions))
        .routes(routes!(get_menu_version))
        .routes(routes!(restore_menu))
}

/// What people call something, in both languages.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MenuTitle)]
struct TitleOut {
    zh: String,
    en: String,
}

/// A menu without its text.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallMenuHead)]
struct HeadOut {
    /// As lines name it.
    name: String,
    title: TitleOut,
    /// `shipped` or `own`.
    origin: &'static str,
    /// Counts up from 1; 0 for a shipped one.
    version: i64,
    /// When this version was kept.
    at: Option<Timestamp>,
    /// By whom; nobody where it was the command line.
    by: Option<PersonId>,
    /// Numbers that it answers.
    lines: Vec<String>,
}

/// A menu with its text.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallMenu)]
struct MenuOut {
    #[serde(flatten)]
    head: HeadOut,
    /// What its author said of this version.
    note: Option<String>,
    /// As it was written (TOML).
    text: String,
    /// The tree of its branches with what callers hear, in the reader's language.
    explained: String,
}

impl From<&MenuSeen> for HeadOut {
    fn from(seen: &MenuSeen) -> Self {
        Self {
            name: seen.menu.name.clone(),
            title: TitleOut { zh: seen.menu.title.zh.clone(), en: seen.menu.title.en.clone() },
            origin: if seen.version == 0 { "shipped" } else { "own" },
            version: seen.version,
            at: seen.at,
            by: seen.by,
            lines: seen.lines.clone(),
        }
    }
}

impl From<MenuSeen> for MenuOut {
    fn from(seen: MenuSeen) -> Self {
        let head = HeadOut::from(&seen);
        Self { head, note: seen.note, text: seen.text, explained: seen.explained }
    }
}

/// All menus.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallMenus)]
struct MenusOut {
    /// Own and shipped ones, by name.
    items: Vec<HeadOut>,
}

/// List the voice menus
#[utoipa::path(get, path = "/menus", operation_id = "list_menus", tag = "calls",
    responses((status = 200, description = "Own and shipped ones", body = MenusOut), Reading))]
async fn list_menus(State(edge): State<Edge>, authed: Authed) -> Result<Json<MenusOut>, Problem> {
    let all = edge.app.read(&authed.ctx, call::menus).await?;
    Ok(Json(MenusOut { items: all.iter().map(HeadOut::from).collect() }))
}

/// Read a voice menu
#[utoipa::path(get, path = "/menus/{name}", operation_id = "get_menu", tag = "calls",
    params(("name" = String, Path, description = "As lines name it")),
    responses((status = 200, description = "Its newest version", body = MenuOut), Reading))]
async fn get_menu(
    State(edge): State<Edge>,
    authed: Authed,
    Id(name): Id<String>,
) -> Result<Json<MenuOut>, Problem> {
    let found = edge.app.read(&authed.ctx, move |tx, ctx| call::menu(tx, ctx, &name, None)).await?;
    Ok(Json(found.into()))
}

/// A new version of a menu.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCallMenu)]
struct NewBody {
    /// The text (TOML).
    #[schema(min_length = 1, max_length = 65536)]
    text: String,
    /// What is new in it.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: Option<String>,
    /// The version that was seen, 0 for a shipped one; nothing for a menu that is new.
    #[serde(default)]
    #[schema(minimum = 0)]
    version: Option<i64>,
}

/// Keep a new version of a voice menu
///
/// The text is checked first: a faulty one changes nothing, and each fault is told as one of
/// the field `text` with line and column. Calls that come in from now on hear the new version.
#[utoipa::path(put, path = "/menus/{name}", operation_id = "keep_menu", tag = "calls",
    params(("name" = String, Path, description = "As lines name it")), request_body = NewBody,
    responses((status = 200, description = "Kept", body = MenuOut), Writing))]
async fn keep_menu(
    State(edge): State<Edge>,
    Id(name): Id<String>,
    Change { ctx, body, headers }: Change<NewBody>,
) -> Result<Response, Problem> {
    within("text", Some(&body.text), LONGEST)?;
    within("note", body.note.as_deref(), 500)?;
    let new = NewMenu { seen: seen(&headers, body.version)?, text: body.text, note: body.note };
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| call::keep_menu(tx, ctx, &name, new).map(MenuOut::from);
    Ok(done(edge.app.once(ctx, 200, write).await?))
}

/// A text to look at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CallMenuText)]
struct TextBody {
    #[schema(max_length = 65536)]
    text: String,
}

/// What is wrong at one place of a text.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallMenuFault)]
struct FaultOut {
    /// From 1.
    line: u32,
    /// In characters, from 1.
    column: u32,
    /// The fault as a stable word.
    code: &'static str,
    /// The fault in the reader's language.
    detail: String,
    /// What was probably meant, best first.
    near: Vec<String>,
}

impl FaultOut {
    fn of(fault: PackFault, locale: Locale) -> Self {
        let params: Map<String, Value> =
            fault.params.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect();
        Self {
            line: fault.place.line,
            column: fault.place.column,
            code: fault.code,
            detail: text(locale, fault.code, &params),
            near: fault.near,
        }
    }
}

/// How a text is found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallMenuCheck)]
struct CheckOut {
    good: bool,
    /// In the order of the text, at most 100.
    faults: Vec<FaultOut>,
    /// The tree of its branches, where it is in order.
    explained: Option<String>,
}

/// Check the text of a voice menu; nothing is kept
#[utoipa::path(post, path = "/menus/{name}/check", operation_id = "check_menu", tag = "calls",
    params(("name" = String, Path, description = "As lines name it")), request_body = TextBody,
    responses((status = 200, description = "Looked at", body = CheckOut), Writing))]
async fn check_menu(
    State(edge): State<Edge>,
    Id(name): Id<String>,
    Change { ctx, body, .. }: Change<TextBody>,
) -> Result<Json<CheckOut>, Problem> {
    within("text", Some(&body.text), LONGEST)?;
    let locale = ctx.locale;
    let looked = edge.app.read(&ctx, move |tx, ctx| call::check_menu(tx, ctx, (&name, &body.text))).await?;
    Ok(Json(match looked {
        Ok(explained) => CheckOut { good: true, faults: Vec::new(), explained: Some(explained) },
        Err(faults) => {
            let faults = faults.into_iter().map(|fault| FaultOut::of(fault, locale)).collect();
            CheckOut { good: false, faults, explained: None }
        }
    }))
}

/// One version.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallMenuVersion)]
struct VersionOut {
    /// 0 for the shipped one.
    version: i64,
    at: Option<Timestamp>,
    by: Option<PersonId>,
    note: Option<String>,
}

impl From<VersionSeen> for VersionOut {
    fn from(seen: VersionSeen) -> Self {
        Self { version: seen.version, at: seen.at, by: seen.by, note: seen.note }
    }
}

/// The versions of a menu.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallMenuVersions)]
struct VersionsOut {
    /// Newest first, at most 200; the shipped one last.
    items: Vec<VersionOut>,
}

/// List the versions of a voice menu
#[utoipa::path(get, path = "/menus/{name}/versions", operation_id = "list_menu_versions", tag = "calls",
    params(("name" = String, Path, description = "As lines name it")),
    responses((status = 200, description = "Newest first", body = VersionsOut), Reading))]
async fn list_menu_versions(
    State(edge): State<Edge>,
    authed: Authed,
    Id(name): Id<String>,
) -> Result<Json<VersionsOut>, Problem> {
    let all = edge.app.read(&authed.ctx, move |tx, ctx| call::menu_versions(tx, ctx, &name)).await?;
    Ok(Json(VersionsOut { items: all.into_iter().map(VersionOut::from).collect() }))
}

/// Read a version of a voice menu
#[utoipa::path(get, path = "/menus/{name}/versions/{version}", operation_id = "get_menu_version", tag = "calls",
    params(("name" = String, Path, description = "As lines name it"),
        ("version" = i64, Path, description = "0 for the shipped one")),
    responses((status = 200, description = "As it was then", body = MenuOut), Reading))]
async fn get_menu_version(
    State(edge): State<Edge>,
    authed: Authed,
    Id2(name, version): Id2<String, i64>,
) -> Result<Json<MenuOut>, Problem> {
    let then = edge.app.read(&authed.ctx, move |tx, ctx| call::menu(tx, ctx, &name, Some(version))).await?;
    Ok(Json(then.into()))
}

/// Which version.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ToVersion)]
pub(super) struct ToVersion {
    /// 0 for the shipped one.
    #[schema(minimum = 0)]
    pub(super) version: i64,
}

impl ToVersion {
    pub(super) fn checked(&self) -> Result<i64, Problem> {
        if self.version < 0 {
            Err(Error::field("version", "not_acceptable").into())
        } else {
            Ok(self.version)
        }
    }
}

/// Make an earlier version of a voice menu the newest again
#[utoipa::path(post, path = "/menus/{name}/restore", operation_id = "restore_menu", tag = "calls",
    params(("name" = String, Path, description = "As lines name it")), request_body = ToVersion,
    responses((status = 200, description = "Kept as a new version", body = MenuOut), Writing))]
async fn restore_menu(
    State(edge): State<Edge>,
    Id(name): Id<String>,
    Change { ctx, body, .. }: Change<ToVersion>,
) -> Result<Response, Problem> {
    let version = body.checked()?;
    let write =
        move |tx: &mut Tx<'_>, ctx: &Ctx| call::restore_menu(tx, ctx, &name, version).map(MenuOut::from);
    Ok(done(edge.app.once(ctx, 200, write).await?))
}
