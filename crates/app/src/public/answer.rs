//! The customer's own word in a case that number and code opened.

use huiyin_domain::case::body::{ContactMade, OptionAnswered, Visited};
use huiyin_domain::case::{Channel, Command, Direction, OptionAnswer, VisitForm, VisitResult};
use huiyin_domain::ids::CaseId;
use huiyin_domain::text::Text;
use huiyin_store::sql::Tx;

use crate::case::{self, Acted, Rules};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::hints::Hint;

/// What a customer says.
#[derive(Clone, Debug)]
pub enum Word {
    /// More about the matter, or how far it is (MOB-15).
    More {
        /// The words.
        text: Text,
        /// True when the customer had to ask.
        asks: bool,
    },
    /// Yes or no to an option (PROP-55).
    Option {
        /// Its number.
        option: u32,
        /// Whether it is accepted.
        accepted: bool,
        /// What is said with it.
        text: Option<Text>,
    },
    /// The three questions of the return visit (PROP-62).
    Visit {
        /// Satisfied with the result (PROP-64).
        satisfied: bool,
        /// On the acceptance.
        acceptance: Option<Text>,
        /// On the measures.
        measures: Option<Text>,
        /// On the result.
        result: Option<Text>,
    },
}

/// What a word led to.
#[derive(Debug)]
pub struct Said {
    /// What listeners hear, after the commit.
    pub hint: Hint,
}

/// Takes the customer's word into the case.
///
/// A yes beyond the house's authority is kept as a provisional one and starts
/// the approval (TXT-15).
///
/// # Errors
/// `not_found` unless the actor opened the case, `action_closed`, or a field.
pub fn say(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules, id: CaseId, word: Word) -> Result<Said, Error> {
    let acted = match word {
        Word::More { text, asks } => {
            let contact = ContactMade {
                text,
                person: None,
                direction: Direction::Inbound,
                channel: Channel::Web,
                party: None,
                asks_progress: asks,
                confirms_facts: false,
            };
            case::act(tx, ctx, rules, (id, None), Command::Contact(contact))?
        }
        Word::Option { option, accepted, text } => answer(tx, ctx, rules, id, (option, accepted, text))?,
        Word::Visit { satisfied, acceptance, measures, result } => {
            let visited = Visited {
                acceptance,
                measures,
                result_opinion: result,
                result: if satisfied { VisitResult::Satisfied } else { VisitResult::Dissatisfied },
                form: VisitForm::Online,
            };
            let version = seen(tx, ctx, id)?;
            case::act(tx, ctx, rules, (id, Some(version)), Command::Visit(visited))?
        }
    };
    let Acted { case, sight } = acted;
    let hint = Hint::case(ctx.org(), (case.id, case.version), sight);
    hint.tell(tx, ctx)?;
    Ok(Said { hint })
}

fn answer(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    id: CaseId,
    (option, accepted, text): (u32, bool, Option<Text>),
) -> Result<Acted, Error> {
    let version = Some(seen(tx, ctx, id)?);
    let command = |answer| Command::AnswerOption(OptionAnswered { text: text.clone(), option, answer });
    if !accepted {
        return case::act(tx, ctx, rules, (id, version), command(OptionAnswer::Declined));
    }
    match case::act(tx, ctx, rules, (id, version), command(OptionAnswer::Accepted)) {
        Err(error) if error.fields().iter().any(|field| field.code == "beyond_authority") => {
            case::act(tx, ctx, rules, (id, version), command(OptionAnswer::Provisional))
        }
        other => other,
    }
}

/// The customer sees the case in the same transaction as it answers.
fn seen(tx: &mut Tx<'_>, ctx: &Ctx, id: CaseId) -> Result<u64, Error> {
    Ok(case::visible(tx, ctx, id)?.0.case.version)
}
