//! An urgent notice that nobody reads goes to the post above.

use huiyin_domain::ids::{OrgId, UnitId};
use huiyin_domain::people::Post;
use huiyin_store::notify as rows;
use huiyin_store::people::organisation;
use huiyin_store::sql::Tx;
use serde_json::json;

use super::{Notice, Notification, OfNotice, holders, tell};
use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::{Error, Params};
use crate::policy::{self, Target, action};
use crate::work::{Effects, Failure, Inside, Job, kinds};

/// Setting: after how many minutes an unread urgent notice goes up.
const SETTING: &str = "notice_escalation_minutes";

/// What holds while nobody set it.
const DEFAULT_MINUTES: u32 = 30;

/// The most minutes that make sense: a week.
const MOST_MINUTES: u32 = 7 * 24 * 60;

/// Gives after how many minutes an unread urgent notice goes up.
///
/// # Errors
/// What the store gives.
pub fn escalation_minutes(tx: &mut Tx<'_>, org: OrgId) -> Result<u32, Error> {
    let kept = organisation::setting(tx, org, SETTING)?;
    Ok(kept.and_then(|text| text.parse().ok()).unwrap_or(DEFAULT_MINUTES))
}

/// Sets after how many minutes an unread urgent notice goes up.
///
/// # Errors
/// `forbidden`, or `number_range` beyond 1 minute to a week.
pub fn set_escalation_minutes(tx: &mut Tx<'_>, ctx: &Ctx, minutes: u32) -> Result<(), Error> {
    policy::permit(&ctx.actor, action::ManageOrganisation, Target::Anywhere)?;
    if !(1..=MOST_MINUTES).contains(&minutes) {
        return Err(Error::field("minutes", "number_range"));
    }
    organisation::set_setting(tx, ctx.org(), SETTING, &minutes.to_string(), ctx.now)?;
    let object = Object::new("setting", SETTING);
    audit::record(tx, ctx, "setting_changed", object, json!({"minutes": minutes}))
}

/// Does the jobs of [`kinds::NOTICE_ESCALATE`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Escalate;

impl Inside for Escalate {
    fn kind(&self) -> &'static str {
        kinds::NOTICE_ESCALATE
    }

    fn run(&self, tx: &mut Tx<'_>, ctx: &Ctx, job: &Job) -> Result<Effects, Failure> {
        let about: OfNotice = job.read()?;
        let Some(notice) = rows::get(tx, ctx.org(), about.notification)? else {
            return Ok(Effects::default());
        };
        // of several holders of one post, one who read it is enough
        if rows::anybody_read(tx, ctx.org(), &notice.source)?
            || !rows::escalate(tx, ctx.org(), notice.id, ctx.now)?
        {
            return Ok(Effects::default());
        }
        Ok(Effects { hints: pass_up(tx, ctx, &notice)? })
    }
}

/// Tells the next post above that somebody holds.
fn pass_up(tx: &mut Tx<'_>, ctx: &Ctx, notice: &Notification) -> Result<Vec<crate::hints::Hint>, Error> {
    let mut params: Params = serde_json::from_str(&notice.params).map_err(Error::internal)?;
    let unit = unit_of(tx, ctx, notice)?;
    let Some(mut below) = told_as(tx, ctx, notice, &params)? else { return Ok(Vec::new()) };
    while let Some(post) = below.superior() {
        let people = holders(tx, ctx.org(), unit, post, ctx.now)?;
        if !people.is_empty() {
            let first = params.remove("why").unwrap_or_else(|| notice.why.clone().into());
            params.insert("why".into(), first);
            params.insert("unread_by".into(), below.name().into());
            let origin = notice.source.split('^').next().unwrap_or_default();
            let up = Notice {
                source: format!("{origin}^{post}"),
                case: notice.case,
                why: "unread_escalated".into(),
                params,
                urgent: true,
            };
            return tell(tx, ctx, &up, &people, Some(post));
        }
        below = post;
    }
    Ok(Vec::new())
}

/// Gives the unit from which to look up: the case's, else the reader's own.
fn unit_of(tx: &mut Tx<'_>, ctx: &Ctx, notice: &Notification) -> Result<UnitId, Error> {
    if let Some(case) = notice.case
        && let Some(loaded) = huiyin_store::case::read::case(tx, ctx.org(), case)?
    {
        return Ok(loaded.case.unit);
    }
    let places = huiyin_store::people::membership::of_person(tx, ctx.org(), notice.person)?;
    if let Some(place) = places.iter().find(|place| place.membership.valid.holds(ctx.now)) {
        return Ok(place.membership.unit);
    }
    let organisation = organisation::get(tx, ctx.org())?.ok_or_else(Error::not_found)?;
    Ok(organisation.root_unit)
}

/// Gives the post as which the reader was told, else the highest one held.
fn told_as(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    notice: &Notification,
    params: &Params,
) -> Result<Option<Post>, Error> {
    let named = params.get("post").and_then(|name| name.as_str()).and_then(|name| name.parse().ok());
    if named.is_some() {
        return Ok(named);
    }
    let places = huiyin_store::people::membership::of_person(tx, ctx.org(), notice.person)?;
    let held = places
        .iter()
        .filter(|place| place.membership.valid.holds(ctx.now))
        .flat_map(|place| place.membership.posts.iter().copied());
    Ok(held
        .filter(|post| *post != Post::Admin)
        .min_by_key(|post| post.height_below_top())
        .or(Some(Post::Employee)))
}
