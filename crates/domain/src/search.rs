//! The words that the search index and the use cases share: what is laid into
//! the index, what is asked of it, what it finds.
//!
//! *Where to start*: a [`Document`] is one thing as the index knows it, a
//! [`Question`] carries the reach of who asks, [`Finder`] is the index itself.

use crate::ids::{OrgId, PartyId, PersonId, UnitId};
use crate::time::Timestamp;
use crate::wire::wire_enum;
use std::collections::BTreeSet;
use uuid::Uuid;

wire_enum! {
    /// What can be found.
    Subject {
        /// A case, by everything that was written in it.
        Case = "case",
        /// A customer, by name, number, address.
        Customer = "customer",
        /// An article of the knowledge base.
        Article = "article",
        /// The fact sheet of an estate, by what its fields are called and hold.
        Fact = "fact",
    }
}

/// Names one thing that can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Its organisation.
    pub org: OrgId,
    /// What it is.
    pub subject: Subject,
    /// Which one.
    pub id: Uuid,
}

wire_enum! {
    /// A field by which what is found is narrowed down; a value is compared whole.
    Facet {
        /// Stage of a case.
        Stage = "stage",
        /// Phase of a case.
        Phase = "phase",
        /// Kind of a case.
        Kind = "kind",
        /// Final category, the intake category while there is none.
        Category = "category",
        /// Category as the customer put it.
        IntakeCategory = "intake_category",
        /// Cause leaf.
        Cause = "cause",
        /// How it reached us.
        Channel = "channel",
        /// Who owns it.
        Owner = "owner",
        /// Who handles it; `none` for nobody.
        Handler = "handler",
        /// The department that works on it.
        Department = "department",
        /// A customer in it.
        Party = "party",
    }
}

/// One thing as the index knows it; whoever changes the thing feeds it anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Which thing.
    pub key: Key,
    /// The moment by which it is ordered: of a case, its receipt.
    pub at: Timestamp,
    /// Earliest open limit.
    pub due: Option<Timestamp>,
    /// When it last changed.
    pub changed: Timestamp,
    /// What is searched by every substring.
    pub texts: Vec<String>,
    /// Names of people, searched by who may see names there, by sound too.
    pub names: Vec<String>,
    /// Where people live, searched by who may see addresses there.
    pub addresses: Vec<String>,
    /// Numbers, found whole or by a part between dashes.
    pub numbers: Vec<String>,
    /// Where it lies; without one it belongs to the whole house.
    pub unit: Option<UnitId>,
    /// Whose own it is, wherever it lies.
    pub own: Vec<PersonId>,
    /// Customers in it.
    pub parties: Vec<PartyId>,
    /// Fields by which it is narrowed down.
    pub facets: Vec<(Facet, String)>,
}

impl Document {
    /// Begins with what everything has; it says nothing yet.
    #[must_use]
    pub const fn new(key: Key, at: Timestamp) -> Self {
        Self {
            key,
            at,
            due: None,
            changed: at,
            texts: Vec::new(),
            names: Vec::new(),
            addresses: Vec::new(),
            numbers: Vec::new(),
            unit: None,
            own: Vec::new(),
            parties: Vec::new(),
            facets: Vec::new(),
        }
    }
}

/// Which things somebody may find: a [`Scope`](crate::people::Scope) with the
/// units below written out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Everything of the organisation.
    pub all: bool,
    /// What is this person's own.
    pub person: Option<PersonId>,
    /// What lies in these units.
    pub units: BTreeSet<UnitId>,
    /// What lies in no unit.
    pub unplaced: bool,
}

impl Reach {
    /// Says whether it reaches nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.all && self.person.is_none() && self.units.is_empty() && !self.unplaced
    }
}

/// In which order what is found comes; ties go by id, newest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// What holds the words as they were typed first, then by how well it fits.
    #[default]
    Relevance,
    /// Newest first, by [`Document::at`].
    Newest,
    /// What is due first comes first, what is not due at all last.
    Due,
    /// Newest change first.
    Changed,
}

/// The due time of what is not due, so that it stands last.
pub const NEVER: i64 = i64::MAX;

/// Where a list goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// After so many, in a list by relevance.
    Count(usize),
    /// After this moment (µs) and id, in a list by time.
    Moment(i64, Uuid),
}

/// Values of a facet of which one must fit.
pub type AnyOf = (Facet, Vec<String>);

/// What is asked of the index.
#[derive(Clone, Debug)]
pub struct Question {
    /// In which organisation.
    pub org: OrgId,
    /// What is wanted.
    pub subject: Subject,
    /// The words as they were typed.
    pub words: String,
    /// What the person may find.
    pub reach: Reach,
    /// Where names may be searched.
    pub names: Reach,
    /// Where addresses may be searched.
    pub addresses: Reach,
    /// For each of the [words](Finder::parts), the units that are called so, with
    /// those below.
    pub places: Vec<Vec<UnitId>>,
    /// Customers known by the number that was typed.
    pub parties: Vec<PartyId>,
    /// Narrowed down to these values.
    pub filter: Vec<AnyOf>,
    /// Narrowed down to these units.
    pub units: Option<BTreeSet<UnitId>>,
    /// Narrowed down to these units, or these departments.
    pub team: Option<(BTreeSet<UnitId>, BTreeSet<UnitId>)>,
    /// From this moment.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub before: Option<Timestamp>,
    /// With an open limit from.
    pub due_from: Option<Timestamp>,
    /// With an open limit before.
    pub due_before: Option<Timestamp>,
    /// In which order.
    pub order: Order,
    /// After which place.
    pub after: Option<Place>,
    /// At most so many.
    pub limit: usize,
}

impl Question {
    /// Asks for everything of one subject that holds the words.
    #[must_use]
    pub fn new(org: OrgId, subject: Subject, words: impl Into<String>) -> Self {
        Self {
            org,
            subject,
            words: words.into(),
            reach: Reach { all: true, ..Reach::default() },
            names: Reach::default(),
            addresses: Reach::default(),
            places: Vec::new(),
            parties: Vec::new(),
            filter: Vec::new(),
            units: None,
            team: None,
            from: None,
            before: None,
            due_from: None,
            due_before: None,
            order: Order::default(),
            after: None,
            limit: 50,
        }
    }
}

/// What the index found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// In the order asked for.
    pub ids: Vec<Uuid>,
    /// Where the list goes on; nothing at its end.
    pub next: Option<Place>,
    /// False while the index is being made and may miss something.
    pub complete: bool,
}

/// How far an index follows what happens.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Mark {
    /// Which database it follows.
    pub epoch: String,
    /// Everything before this place of the feed is in the index.
    pub horizon: i64,
}

/// What is changed in the index together.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Things as they are now.
    pub put: Vec<Document>,
    /// Things that are there no more.
    pub gone: Vec<Key>,
    /// Whether something was erased on lawful request, so that its words must
    /// leave the files too.
    pub erased: bool,
}

/// Where the index stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Standing {
    /// How far it follows; nothing before the first one is made.
    pub mark: Option<Mark>,
    /// Documents that can be found.
    pub documents: u64,
    /// Bytes of its files.
    pub bytes: u64,
    /// Parts that it consists of.
    pub segments: usize,
    /// Documents laid into the one that is being made, while one is.
    pub building: Option<u64>,
}

/// A piece of a text with what was found in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// The piece, as it was written.
    pub text: String,
    /// Where the words stand in it: from, to, in characters.
    pub marks: Vec<(usize, usize)>,
    /// Whether the text goes on before and after.
    pub cut: (bool, bool),
}

/// Why the index failed; for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("search index: {0}")]
pub struct Failure(pub String);

/// A search index that belongs to one process; everything in it is derived.
pub trait Finder: Send + Sync {
    /// Takes a query apart as [`Question::places`] wants it; empty when it holds
    /// nothing that can be found.
    fn parts(&self, words: &str) -> Vec<String>;

    /// Says whether a name is meant by one of the parts, as written or by sound.
    fn is_called(&self, part: &str, name: &str) -> bool;

    /// Finds a page.
    ///
    /// # Errors
    /// When the files cannot be read.
    fn find(&self, question: &Question) -> Result<Found, Failure>;

    /// Counts what a question finds, up to a bound.
    ///
    /// # Errors
    /// When the files cannot be read.
    fn count(&self, question: &Question, bound: usize) -> Result<usize, Failure>;

    /// Shows where the words stand in a text; nothing where they do not.
    fn fragment(&self, words: &str, text: &str) -> Option<Fragment>;

    /// Says how far it follows what happens; nothing when it has to be made.
    fn mark(&self) -> Option<Mark>;

    /// Changes the index and shows the change.
    ///
    /// # Errors
    /// When the files cannot be written.
    fn apply(&self, changes: Changes, mark: &Mark) -> Result<(), Failure>;

    /// Begins a new index beside the one that serves.
    ///
    /// # Errors
    /// When the files cannot be written.
    fn begin(&self) -> Result<(), Failure>;

    /// Lays documents into the new index.
    ///
    /// # Errors
    /// When the files cannot be written, or none was begun.
    fn lay(&self, documents: Vec<Document>) -> Result<(), Failure>;

    /// Lets the new index serve in place of the old one.
    ///
    /// # Errors
    /// When the files cannot be written, or none was begun.
    fn finish(&self, mark: &Mark) -> Result<(), Failure>;

    /// Says where it stands.
    fn standing(&self) -> Standing;
}
