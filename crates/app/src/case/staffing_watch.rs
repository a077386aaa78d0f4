//! Telling at once what a desk can no longer do after people changed (SUP-1, X-39).

use std::collections::BTreeSet;

use huiyin_domain::case::Kind;
use huiyin_domain::pack::staffing_warnings;
use huiyin_domain::people::Post;
use huiyin_store::people::organisation;
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};

use super::activate::desks;
use super::rules::Rules;
use crate::ctx::Ctx;
use crate::error::{Error, Params};
use crate::notify::{self, Notice};
use crate::work::{self, Effects, Failure, Inside, Job, kinds};

/// The posts that somebody lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Lost {
    posts: BTreeSet<Post>,
}

/// Queues a look at every desk after somebody lost posts.
///
/// # Errors
/// What the store gives.
pub(crate) fn after_loss(tx: &mut Tx<'_>, ctx: &Ctx, posts: &BTreeSet<Post>) -> Result<(), Error> {
    let lost = Lost { posts: posts.clone() };
    work::enqueue(tx, ctx, kinds::STAFFING_WATCH, &lost, (ctx.now, None)).map(drop)
}

/// The job: who keeps the people and who leads the desk hear for which duty nobody,
/// or nobody else, is left; of each duty of a desk once a day.
pub struct StaffingWatch {
    /// Packs in force.
    pub rules: Rules,
}

impl Inside for StaffingWatch {
    fn kind(&self) -> &'static str {
        kinds::STAFFING_WATCH
    }

    fn run(&self, tx: &mut Tx<'_>, ctx: &Ctx, job: &Job) -> Result<Effects, Failure> {
        let lost: Lost = serde_json::from_str(&job.payload).map_err(Error::internal)?;
        let held = self.rules.of(tx, ctx.org())?;
        let today = held.calendar().zone().date(ctx.now);
        let root = organisation::get(tx, ctx.org())?.ok_or_else(Error::not_found)?.root_unit;
        let mut effects = Effects::default();
        for desk in desks(tx, ctx)? {
            let mut missing = BTreeSet::new();
            for kind in Kind::ALL {
                let pack = held.in_force(tx, ctx, (desk.unit.id, *kind), ctx.now)?;
                let of_kind =
                    staffing_warnings(pack, &desk.people).into_iter().filter(|one| one.kind == *kind);
                let by_the_loss =
                    of_kind.filter(|one| one.posts.iter().any(|post| lost.posts.contains(post)));
                missing.extend(by_the_loss.map(|one| (one.duty, one.posts, one.taken_by)));
            }
            for (duty, posts, taken_by) in missing {
                let names: Vec<&str> = posts.iter().map(|post| post.name()).collect();
                let params: Params = [
                    ("unit".to_owned(), desk.unit.name.as_str().into()),
                    ("duty".to_owned(), duty.as_str().into()),
                    ("posts".to_owned(), names.into()),
                    ("taken_by".to_owned(), taken_by.map(|duty| duty.as_str()).into()),
                ]
                .into_iter()
                .collect();
                let apart = taken_by.map_or("", |duty| duty.as_str());
                let notice = Notice {
                    source: format!("staffing:{}:{duty}:{apart}:{today}", desk.unit.id),
                    case: None,
                    why: if taken_by.is_some() { "duty_not_apart" } else { "duty_unmanned" }.into(),
                    params,
                    urgent: false,
                };
                for (unit, post) in [(root, Post::Admin), (desk.unit.id, Post::Head)] {
                    let people = notify::holders(tx, ctx.org(), unit, post, ctx.now)?;
                    effects.hints.extend(notify::tell(tx, ctx, &notice, &people, Some(post))?);
                }
            }
        }
        Ok(effects)
    }
}
