//! One moment of a story: the case as it stands, and the words for it.

use super::cast::Cast;
use super::chance::Chance;
use super::homes::Resident;
use super::words::{Centre, Matter, Team, Words};
use huiyin_app::{Actor, Error};
use huiyin_domain::case::Case;
use huiyin_domain::ids::{CaseId, PersonId};
use huiyin_domain::text::Text;
use huiyin_domain::time::Timestamp;

/// Who of the cast does a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// 首问责任人, whoever owns the case now.
    Owner,
    /// 承办人, asked or accepted.
    Handler,
    /// The department that got it by mistake.
    Wrong,
    /// 客服主管.
    Lead,
    /// 负责人.
    Head,
    /// 核查人.
    Verifier,
    /// 回访人.
    Visitor,
    /// 集团.
    Group,
    /// 业务监督.
    Supervision,
    /// 发言人.
    Spokesperson,
    /// 统计核定人.
    Statistics,
}

/// Everything that a step may look at.
pub struct Scene<'a> {
    /// The company.
    pub cast: &'a Cast,
    /// The words.
    pub words: &'a Words,
    /// The centre that looks after the customer.
    pub centre: &'a Centre,
    /// What it is about.
    pub matter: &'a Matter,
    /// Who came with it.
    pub resident: &'a Resident,
    /// The case as it stands.
    pub case: &'a Case,
    /// Another case of the same customer, where the story has one.
    pub other: Option<CaseId>,
    /// When it happens.
    pub now: Timestamp,
    /// Chance of the day.
    pub chance: &'a mut Chance,
}

impl Scene<'_> {
    /// Gives a sentence for an occasion.
    ///
    /// # Errors
    /// When there is none for it.
    pub fn say(&mut self, occasion: &str) -> Result<Text, Error> {
        let known = self.words.sentences.get(occasion).filter(|list| !list.is_empty());
        let list =
            known.ok_or_else(|| Error::internal(format!("the demo has no sentence for {occasion}")))?;
        let sentence = list[self.chance.index(list.len())].clone();
        self.fill(&sentence)
    }

    /// Puts the customer's own names into a sentence.
    ///
    /// # Errors
    /// When nothing is left to say.
    pub fn fill(&mut self, sentence: &str) -> Result<Text, Error> {
        filled(sentence, self.resident, self.matter, self.chance)
    }

    /// Gives who handles the matter.
    ///
    /// # Errors
    /// When the words name somebody who is not there.
    pub fn handler(&self) -> Result<PersonId, Error> {
        Ok(self.cast.person(team(self.centre, self.matter.team))?.person)
    }

    /// Gives who gets the matter by mistake.
    ///
    /// # Errors
    /// As [`Self::handler`].
    pub fn wrong_handler(&self) -> Result<PersonId, Error> {
        Ok(self.cast.person(wrong(self.centre, self.matter))?.person)
    }

    /// Gives a moment so many hours from now.
    pub fn hours(&self, hours: u32) -> Timestamp {
        Timestamp::from_micros(self.now.micros() + i64::from(hours) * 3_600_000_000)
    }

    /// Finds who takes a part.
    ///
    /// # Errors
    /// When the words name somebody who is not there.
    pub fn actor(&self, role: Role) -> Result<Actor, Error> {
        let login = match role {
            Role::Owner => {
                let owner = self.cast.by_id(self.case.owner);
                return owner.cloned().ok_or_else(|| Error::internal("a demo case has a strange owner"));
            }
            Role::Handler => team(self.centre, self.matter.team),
            Role::Wrong => wrong(self.centre, self.matter),
            Role::Lead => &self.centre.lead,
            Role::Head => &self.centre.head,
            Role::Verifier => &self.centre.verifier,
            Role::Visitor => &self.centre.visitor,
            Role::Group => &self.words.company.group,
            Role::Supervision => &self.words.company.supervision,
            Role::Spokesperson => &self.words.company.spokesperson,
            Role::Statistics => &self.words.company.statistics,
        };
        self.cast.person(login).cloned()
    }
}

/// Puts names and numbers into a sentence.
///
/// # Errors
/// When nothing is left to say.
pub fn filled(
    sentence: &str,
    resident: &Resident,
    matter: &Matter,
    chance: &mut Chance,
) -> Result<Text, Error> {
    let place = format!("{}{}", resident.building, resident.room);
    let text = sentence
        .replace("{title}", &matter.title)
        .replace("{name}", &resident.called)
        .replace("{place}", &place)
        .replace("{estate}", &resident.estate)
        .replace("{b}", &resident.building)
        .replace("{r}", &resident.room)
        .replace("{n}", &chance.between(2, 6).to_string());
    Text::new(&text).map_err(Error::internal)
}

fn team(centre: &Centre, team: Team) -> &str {
    match team {
        Team::Engineering => &centre.engineering,
        Team::Order => &centre.order,
        Team::Grounds => &centre.grounds,
    }
}

fn wrong<'a>(centre: &'a Centre, matter: &Matter) -> &'a str {
    if matter.team == Team::Engineering { &centre.order } else { &centre.engineering }
}
