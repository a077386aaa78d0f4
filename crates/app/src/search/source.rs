//! What can be found: one implementation for each kind of thing.

use huiyin_domain::case::{Kind, Stage};
use huiyin_domain::ids::{OrgId, UnitId};
use huiyin_domain::people::Sensitive;
use huiyin_domain::search::{Document, Reach, Subject};
use huiyin_domain::time::Timestamp;
use huiyin_store::sql::Tx;
use uuid::Uuid;

use crate::ctx::Ctx;
use crate::error::Error;

/// A fact that answers where the words ask for it (PROP-7).
#[derive(Clone, Debug)]
pub struct Answer {
    /// The field of the sheet.
    pub field: String,
    /// What people call it, in the reader's language.
    pub label: String,
    /// The value as it is kept.
    pub value: String,
    /// The value as it is said.
    pub said: String,
    /// Everything by which it is asked for, a line for each.
    pub asked: String,
}

/// A thing that was found, as the actor may see it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its id.
    pub id: Uuid,
    /// Its number, where it has one.
    pub number: Option<String>,
    /// Its title or name, covered where the actor may not see it; none once erased.
    pub title: Option<String>,
    /// What else tells it apart, such as a covered telephone number.
    pub detail: Option<String>,
    /// The moment by which it is ordered.
    pub at: Timestamp,
    /// Where it lies.
    pub unit: Option<UnitId>,
    /// Kind of a case.
    pub kind: Option<Kind>,
    /// Where a case stands.
    pub stage: Option<Stage>,
    /// What the words may have been found in, beside the title.
    pub texts: Vec<String>,
    /// What tells who somebody is, as far as the actor sees it uncovered.
    pub identity: Vec<(Sensitive, String)>,
    /// Identity that is shown uncovered, found or not; it is logged.
    pub uncovered: Vec<Sensitive>,
    /// What it can answer with.
    pub answers: Vec<Answer>,
}

impl Shown {
    /// Begins with what everything has.
    #[must_use]
    pub const fn new(id: Uuid, at: Timestamp) -> Self {
        Self {
            id,
            number: None,
            title: None,
            detail: None,
            at,
            unit: None,
            kind: None,
            stage: None,
            texts: Vec::new(),
            identity: Vec::new(),
            uncovered: Vec::new(),
            answers: Vec::new(),
        }
    }
}

/// A line of everything there is: its moment and id.
pub type Line = (Timestamp, Uuid);

/// A kind of thing that can be found.
pub trait Source: Send + Sync {
    /// Names it.
    fn subject(&self) -> Subject;

    /// Reads things as documents; what is not there any more is left out.
    ///
    /// # Errors
    /// What the store gives.
    fn documents(&self, tx: &mut Tx<'_>, org: OrgId, ids: &[Uuid]) -> Result<Vec<Document>, Error>;

    /// Gives the ids of everything there is, a page after the place that the last
    /// line of the page before had; what is looked for most comes first.
    ///
    /// # Errors
    /// What the store gives.
    fn page(&self, tx: &mut Tx<'_>, org: OrgId, after: Option<Line>, limit: u32) -> Result<Vec<Line>, Error>;

    /// Says which of them the actor may find; nothing where none.
    ///
    /// # Errors
    /// What the store gives.
    fn reach(&self, tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Option<Reach>, Error>;

    /// Loads what was found, within what the actor may see; in any order.
    ///
    /// # Errors
    /// What the store gives.
    fn shown(&self, tx: &mut Tx<'_>, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Shown>, Error>;

    /// Gives other things whose documents hold words of this one, a page at a time.
    ///
    /// # Errors
    /// What the store gives.
    fn holding(
        &self,
        _tx: &mut Tx<'_>,
        _org: OrgId,
        _id: Uuid,
        _part: (Option<Uuid>, u32),
    ) -> Result<Option<(Subject, Vec<Uuid>)>, Error> {
        Ok(None)
    }
}
