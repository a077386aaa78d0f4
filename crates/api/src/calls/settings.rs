//! Queues, lines, telephones and trunks.
//!
//! Size: four settings of one shape, each with what goes in and out.

use super::told::Kept;
use crate::answer::done;
use crate::authed::{Authed, Change};
use crate::edge::Edge;
use crate::json::within;
use crate::problem::Problem;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::call::{self, ExtensionRow, LineRow, NewExtension, QueueSeen, TrunkRow};
use huiyin_app::{Ctx, Error, Tx};
use huiyin_domain::call::queue::{Overflow, Queue, Strategy};
use huiyin_domain::call::rules::LINES;
use huiyin_domain::call::skill;
use huiyin_domain::call::trunk::{TrunkNow, TrunkWire, is_server};
use huiyin_domain::ids::{PersonId, QueueId, UnitId};
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_queues, keep_queue))
        .routes(routes!(list_lines, keep_line))
        .routes(routes!(list_extensions, keep_extension))
        .routes(routes!(list_trunks, keep_trunk))
}

fn name(path: &'static str, text: &str, most: usize) -> Result<(), Problem> {
    within(path, Some(text), most)?;
    if text.trim().is_empty() { Err(Error::field(path, "required").into()) } else { Ok(()) }
}

/// Who serves a queue, and how able they are.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QueueAgent)]
struct ServingBody {
    person: PersonId,
    /// Skills with their levels, 1 to 9; a dialect is one (TEL-32).
    #[serde(default)]
    skills: BTreeMap<String, i64>,
}

impl From<(PersonId, BTreeMap<String, u8>)> for ServingBody {
    fn from((person, skills): (PersonId, BTreeMap<String, u8>)) -> Self {
        Self { person, skills: skills.into_iter().map(|(skill, level)| (skill, level.into())).collect() }
    }
}

impl ServingBody {
    /// Gives it with levels that were looked at before.
    fn within(self) -> (PersonId, BTreeMap<String, u8>) {
        let level =
            |level: i64| u8::try_from(level.clamp(*skill::LEVELS.start(), *skill::LEVELS.end())).unwrap_or(1);
        (self.person, self.skills.into_iter().map(|(skill, of)| (skill, level(of))).collect())
    }
}

/// A queue with who serves it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CallQueue)]
struct QueueBody {
    /// A new one where none is said.
    id: Option<QueueId>,
    /// The name by which menus lead there.
    #[schema(min_length = 1, max_length = 40)]
    code: String,
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    strategy: Strategy,
    /// Seconds that a call rings at one agent.
    #[schema(minimum = 5, maximum = 120)]
    ring: u32,
    /// Seconds of work after a call.
    #[schema(minimum = 0, maximum = 3600)]
    wrap_up: u32,
    /// Seconds of waiting that one step of priority is worth.
    #[schema(minimum = 1, maximum = 3600)]
    step: u32,
    /// Seconds after which skills are asked for no longer.
    #[schema(minimum = 0, maximum = 3600)]
    relax: u32,
    /// Seconds after which a call is led on.
    #[schema(minimum = 10, maximum = 7200)]
    longest: u32,
    /// Calls that may wait.
    #[schema(minimum = 1, maximum = 10000)]
    most: u32,
    overflow: Overflow,
    closed_when_empty: bool,
    agents: Vec<ServingBody>,
}

impl From<QueueSeen> for QueueBody {
    fn from(seen: QueueSeen) -> Self {
        let queue = seen.queue;
        let agents = seen.agents.into_iter().map(ServingBody::from).collect();
        Self {
            id: Some(queue.id),
            code: queue.code,
            name: queue.name,
            strategy: queue.strategy,
            ring: queue.ring,
            wrap_up: queue.wrap_up,
            step: queue.step,
            relax: queue.relax,
            longest: queue.longest,
            most: queue.most,
            overflow: queue.overflow,
            closed_when_empty: queue.closed_when_empty,
            agents,
        }
    }
}

impl QueueBody {
    fn seen(self, new: QueueId) -> QueueSeen {
        QueueSeen {
            queue: Queue {
                id: self.id.unwrap_or(new),
                code: self.code,
                name: self.name,
                strategy: self.strategy,
                ring: self.ring,
                wrap_up: self.wrap_up,
                step: self.step,
                relax: self.relax,
                longest: self.longest,
                most: self.most,
                overflow: self.overflow,
                closed_when_empty: self.closed_when_empty,
            },
            agents: self.agents.into_iter().map(ServingBody::within).collect(),
        }
    }
}

/// All queues.
#[derive(Debug, Serialize, ToSchema)]
struct CallQueues {
    items: Vec<QueueBody>,
}

/// List the queues with who serves them
#[utoipa::path(get, path = "/queues", operation_id = "list_queues", tag = "calls",
    responses((status = 200, description = "All of them", body = CallQueues), Reading))]
async fn list_queues(State(edge): State<Edge>, authed: Authed) -> Result<Json<CallQueues>, Problem> {
    let all = edge.app.read(&authed.ctx, call::queues).await?;
    Ok(Json(CallQueues { items: all.into_iter().map(QueueBody::from).collect() }))
}

/// Make or change a queue, with who serves it
#[utoipa::path(put, path = "/queues", operation_id = "keep_queue", tag = "calls", request_body = QueueBody,
    responses((status = 200, description = "Kept", body = QueueBody), Writing))]
async fn keep_queue(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<QueueBody>,
) -> Result<Response, Problem> {
    name("code", &body.code, 40)?;
    name("name", &body.name, 100)?;
    let level = |one: &ServingBody| {
        one.skills.iter().all(|(name, level)| skill::LEVELS.contains(level) && skill::is_name(name))
    };
    if body.agents.len() > 500 || !body.agents.iter().all(level) {
        return Err(Error::field("agents", "not_acceptable").into());
    }
    let (org, told) = (ctx.org(), Kept::default());
    let keep = told.clone();
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        let seen = body.seen(QueueId(ctx.uuid()));
        keep.put(call::keep_queue(tx, ctx, &seen)?);
        Ok(QueueBody::from(seen))
    };
    let answer = edge.app.once(ctx, 200, write).await?;
    told.carry(&edge.app, org);
    Ok(done(answer))
}

/// A dialled number.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CallLine)]
struct LineBody {
    /// The number, as dialled.
    #[schema(min_length = 1, max_length = 30)]
    number: String,
    /// Where its calls belong; the whole house where none is said.
    unit: Option<UnitId>,
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// The service that it stands for (CALL-18).
    #[schema(max_length = 60)]
    service: Option<String>,
    /// The menu that answers.
    #[schema(max_length = 60)]
    menu: Option<String>,
    /// Or the queue to which it goes straight.
    queue: Option<QueueId>,
    /// Calls at once (CALL-2): 90 when not said, any number when null; more are led on.
    #[serde(default = "lines")]
    #[schema(minimum = 1, maximum = 10000, default = 90)]
    most: Option<u32>,
    active: bool,
}

#[expect(clippy::unnecessary_wraps, reason = "a default has the type of its field")]
const fn lines() -> Option<u32> {
    Some(LINES)
}

impl From<LineRow> for LineBody {
    fn from(row: LineRow) -> Self {
        Self {
            number: row.number,
            unit: Some(row.unit),
            name: row.name,
            service: row.service,
            menu: row.menu,
            queue: row.queue,
            most: row.most,
            active: row.active,
        }
    }
}

/// All lines.
#[derive(Debug, Serialize, ToSchema)]
struct CallLines {
    items: Vec<LineBody>,
}

/// List the lines
#[utoipa::path(get, path = "/lines", operation_id = "list_lines", tag = "calls",
    responses((status = 200, description = "All of them", body = CallLines), Reading))]
async fn list_lines(State(edge): State<Edge>, authed: Authed) -> Result<Json<CallLines>, Problem> {
    let all = edge.app.read(&authed.ctx, call::lines).await?;
    Ok(Json(CallLines { items: all.into_iter().map(LineBody::from).collect() }))
}

/// Make or change a line
#[utoipa::path(put, path = "/lines", operation_id = "keep_line", tag = "calls", request_body = LineBody,
    responses((status = 200, description = "Kept", body = LineBody), Writing))]
async fn keep_line(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<LineBody>,
) -> Result<Response, Problem> {
    name("number", &body.number, 30)?;
    name("name", &body.name, 100)?;
    within("service", body.service.as_deref(), 60)?;
    within("menu", body.menu.as_deref(), 60)?;
    if body.most.is_some_and(|most| !(1..=10_000).contains(&most)) {
        return Err(Error::field("most", "not_acceptable").into());
    }
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        let top = match body.unit {
            Some(unit) => Some(unit),
            None => call::top(tx, ctx)?,
        };
        let row = LineRow {
            number: body.number,
            org: ctx.org(),
            unit: top.ok_or_else(Error::not_found)?,
            name: body.name,
            service: body.service,
            menu: body.menu,
            queue: body.queue,
            most: body.most,
            active: body.active,
        };
        call::keep_line(tx, ctx, &row)?;
        Ok(LineBody::from(row))
    };
    Ok(done(edge.app.once(ctx, 200, write).await?))
}

/// A telephone, without its password.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PhoneExtension)]
struct ExtensionOut {
    name: String,
    person: Option<PersonId>,
    realm: String,
    active: bool,
    /// When its password was made.
    made_at: Timestamp,
    /// Its password where one was made, shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

fn extension_out(row: ExtensionRow, password: Option<String>) -> ExtensionOut {
    let ExtensionRow { name, person, realm, active, made_at, .. } = row;
    ExtensionOut { name, person, realm, active, made_at, password }
}

/// All telephones.
#[derive(Debug, Serialize, ToSchema)]
struct Extensions {
    items: Vec<ExtensionOut>,
}

/// List the telephones
#[utoipa::path(get, path = "/extensions", operation_id = "list_extensions", tag = "calls",
    responses((status = 200, description = "All of them", body = Extensions), Reading))]
async fn list_extensions(State(edge): State<Edge>, authed: Authed) -> Result<Json<Extensions>, Problem> {
    let all = edge.app.read(&authed.ctx, call::extensions).await?;
    Ok(Json(Extensions { items: all.into_iter().map(|row| extension_out(row, None)).collect() }))
}

/// A telephone to make or to change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewExtension)]
struct ExtensionBody {
    /// Its user name: digits, or letters and digits.
    #[schema(min_length = 1, max_length = 30, pattern = "^[a-z0-9]+$")]
    name: String,
    person: Option<PersonId>,
    active: bool,
    /// Whether a new password is made; a new telephone gets one anyway.
    #[serde(default)]
    new_password: bool,
}

/// Make or change a telephone; a password that is made is shown this once
///
/// What registers with the password of before goes on unless `new_password` is asked for.
#[utoipa::path(put, path = "/extensions", operation_id = "keep_extension", tag = "calls",
    request_body = ExtensionBody,
    responses((status = 200, description = "Kept", body = ExtensionOut), Writing))]
async fn keep_extension(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<ExtensionBody>,
) -> Result<Response, Problem> {
    name("name", &body.name, 30)?;
    if !body.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()) {
        return Err(Error::field("name", "not_acceptable").into());
    }
    let ExtensionBody { name, person, active, new_password } = body;
    let (new, changed) = (NewExtension { name: name.clone(), person, active, new_password }, name);
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        let (row, password) = call::keep_extension(tx, ctx, &new)?;
        Ok((row.name.clone(), extension_out(row, password)))
    };
    let again = |tx: &mut Tx<'_>, ctx: &Ctx, name: String| {
        let all = call::extensions(tx, ctx)?;
        let row = all.into_iter().find(|row| row.name == name).ok_or_else(Error::not_found)?;
        Ok(extension_out(row, None))
    };
    let answer = edge.app.once_made(ctx, 200, write, again).await?;
    if let Some(phone) = &edge.app.phone {
        phone.renewed(&changed);
    }
    Ok(done(answer))
}

/// A way to a carrier, without its secret.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Trunk)]
struct TrunkBody {
    #[schema(min_length = 1, max_length = 40)]
    name: String,
    /// Host or address, with a port where needed: `sip.example.cn:5060`.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"^([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$"
    )]
    server: String,
    transport: TrunkWire,
    /// Who we are there.
    #[schema(max_length = 100)]
    user: Option<String>,
    /// Whether we register there.
    register: bool,
    /// Addresses from which its calls come.
    #[serde(default)]
    #[schema(max_items = 50)]
    from: Vec<String>,
    /// Calls at once.
    #[schema(minimum = 1, maximum = 10000)]
    most: u32,
    /// Lower ones are tried first (CALL-5).
    #[schema(maximum = 1000)]
    order: u32,
    active: bool,
    /// Its password; what is kept stays where none is said, and is never shown.
    #[serde(default, skip_serializing)]
    #[schema(max_length = 200)]
    secret: Option<String>,
}

fn trunk_out(row: TrunkRow) -> TrunkBody {
    let TrunkRow { name, server, transport, user, register, from, most, order, active } = row;
    TrunkBody { name, server, transport, user, register, from, most, order, active, secret: None }
}

/// All trunks.
#[derive(Debug, Serialize, ToSchema)]
struct Trunks {
    /// In the order in which they are tried.
    items: Vec<TrunkBody>,
    /// How those stand that are in use, and the lines of a PBX (CALL-5).
    now: Vec<TrunkNow>,
}

/// List the trunks, and how each of them stands
#[utoipa::path(get, path = "/trunks", operation_id = "list_trunks", tag = "calls",
    responses((status = 200, description = "All of them", body = Trunks), Reading))]
async fn list_trunks(State(edge): State<Edge>, authed: Authed) -> Result<Json<Trunks>, Problem> {
    let known = call::trunks_now(&edge.app, authed.ctx.org());
    let read = move |tx: &mut Tx<'_>, ctx: &Ctx| call::trunks(tx, ctx, known);
    let (all, now) = edge.app.read(&authed.ctx, read).await?;
    Ok(Json(Trunks { items: all.into_iter().map(trunk_out).collect(), now }))
}

/// Make or change a trunk
#[utoipa::path(put, path = "/trunks", operation_id = "keep_trunk", tag = "calls", request_body = TrunkBody,
    responses((status = 200, description = "Kept", body = TrunkBody), Writing))]
async fn keep_trunk(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<TrunkBody>,
) -> Result<Response, Problem> {
    name("name", &body.name, 40)?;
    name("server", &body.server, 200)?;
    if !is_server(&body.server) {
        return Err(Error::field("server", "no_server").into());
    }
    within("user", body.user.as_deref(), 100)?;
    within("secret", body.secret.as_deref(), 200)?;
    let addresses =
        body.from.len() <= 50 && body.from.iter().all(|one| one.parse::<std::net::IpAddr>().is_ok());
    let (most, order) = ((1..=10_000).contains(&body.most), body.order <= 1_000);
    for (path, holds) in [("from", addresses), ("most", most), ("order", order)] {
        if !holds {
            return Err(Error::field(path, "not_acceptable").into());
        }
    }
    let TrunkBody { name, server, transport, user, register, from, most, order, active, secret } = body;
    let row = TrunkRow { name, server, transport, user, register, from, most, order, active };
    let secret = secret.map(|secret| call::seal_trunk(&edge.app, ctx.org(), (&row.name, &secret)));
    let secret = secret.transpose()?;
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        call::keep_trunk(tx, ctx, &row, secret.as_ref())?;
        Ok(trunk_out(row))
    };
    let answer = edge.app.once(ctx, 200, write).await?;
    if let Some(phone) = &edge.app.phone {
        phone.trunks_kept();
    }
    Ok(done(answer))
}
