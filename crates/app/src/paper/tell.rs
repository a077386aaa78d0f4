//! Tells people what happened to a paper, after its commit.

use huiyin_domain::case::Recipient;
use huiyin_domain::ids::{CaseId, PersonId, UnitId};
use huiyin_domain::paper::{Card, Paper, Telling};
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ctx::Ctx;
use crate::error::{Error, Params};
use crate::notify::{Notice, holders, resolve, tell};
use crate::work::{Effects, Failure, Inside, Job, kinds};

/// The payload of [`kinds::PAPER_TOLD`]: who must hear what; no personal text.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ToTell {
    /// What causes it; nobody is told of the same twice.
    pub source: String,
    pub unit: UnitId,
    pub case: Option<CaseId>,
    #[serde(default)]
    pub confidential: bool,
    pub params: Params,
    pub tellings: Vec<Telling>,
}

/// Gives what may be said of a paper outside it.
pub(super) fn params<P: Paper>(id: Uuid, paper: &P, card: &Card) -> Params {
    let mut params = Params::new();
    params.insert("paper_id".into(), id.to_string().into());
    params.insert("paper".into(), P::KIND.as_str().into());
    params.insert("state".into(), paper.state().into());
    if let Some(period) = &card.period {
        params.insert("period".into(), period.clone().into());
    }
    if let Some(due) = card.due_at {
        params.insert("due".into(), due.to_string().into());
    }
    params
}

/// Does the jobs of [`kinds::PAPER_TOLD`].
#[derive(Clone, Copy, Debug, Default)]
pub struct PaperTold;

impl Inside for PaperTold {
    fn kind(&self) -> &'static str {
        kinds::PAPER_TOLD
    }

    fn run(&self, tx: &mut Tx<'_>, ctx: &Ctx, job: &Job) -> Result<Effects, Failure> {
        let about: ToTell = job.read()?;
        let mut hints = Vec::new();
        for (place, telling) in about.tellings.iter().enumerate() {
            let params = about.params.clone();
            let notice = Notice {
                source: format!("{}:{place}", about.source),
                case: about.case,
                why: telling.why.clone(),
                params,
                urgent: telling.urgent,
            };
            let people = who(tx, ctx, &about, telling)?;
            let post = if let Recipient::Post(post) = telling.to { Some(post) } else { None };
            hints.extend(tell(tx, ctx, &notice, &people, post)?);
        }
        Ok(Effects { hints })
    }
}

/// Finds who is told.
///
/// ASM-18: of a confidential paper only the one whom it names, and whoever
/// holds the post or the next one above; nobody hears of it in their stead.
fn who(tx: &mut Tx<'_>, ctx: &Ctx, about: &ToTell, telling: &Telling) -> Result<Vec<PersonId>, Error> {
    let unit = telling.at.unwrap_or(about.unit);
    if !about.confidential {
        return resolve(tx, ctx.org(), unit, telling.to, ctx.now);
    }
    let mut post = match telling.to {
        Recipient::Person(person) => return Ok(vec![person]),
        Recipient::Post(post) => Some(post),
        // a whole unit never hears of what is confidential
        Recipient::Unit(_) => None,
    };
    while let Some(held) = post {
        let people = holders(tx, ctx.org(), unit, held, ctx.now)?;
        if !people.is_empty() {
            return Ok(people);
        }
        post = held.superior();
    }
    Ok(Vec::new())
}
