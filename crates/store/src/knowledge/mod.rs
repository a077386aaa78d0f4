//! Rows of the knowledge base: articles, facts, quizzes, what was not found.
//!
//! What knowledge there is belongs to the whole organisation; whoever works in it
//! may read it, so that lists here are bound by the organisation alone.

pub mod fact;
pub mod miss;
pub mod quiz;
pub mod reading;

use huiyin_domain::ids::{OrgId, PersonId, UnitId};
use huiyin_domain::search::Subject;
use huiyin_domain::time::Timestamp;
use uuid::Uuid;

use crate::search::feed;
use crate::sql::{MAX_IN, Query, Row, StoreError, Tx};
use crate::values;

/// What lists need of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleRow {
    /// The article, a paper.
    pub paper: Uuid,
    /// For this unit and those below it.
    pub unit: UnitId,
    /// A name of its own.
    pub key: Option<String>,
    /// What it is for.
    pub kind: String,
    /// Who may read it.
    pub audience: String,
    /// Its topic.
    pub topic: Option<String>,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub state: String,
    /// Whether something of it is read.
    pub live: bool,
    /// How many versions were published.
    pub number: u32,
    /// Whether everybody must have read it.
    pub must_read: bool,
    /// Who answers for it.
    pub owner: Option<PersonId>,
    /// When somebody must look at it.
    pub review_at: Option<Timestamp>,
    /// When something last happened to it.
    pub changed_at: Timestamp,
}

/// Which articles are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArticleFilter {
    /// Of this kind.
    pub kind: Option<String>,
    /// For these readers.
    pub audience: Option<String>,
    /// In this state.
    pub state: Option<String>,
    /// On this topic.
    pub topic: Option<String>,
    /// For this unit alone.
    pub unit: Option<UnitId>,
    /// Answered for by this person.
    pub owner: Option<PersonId>,
    /// Read now, or not.
    pub live: Option<bool>,
    /// To be looked at by then.
    pub review_by: Option<Timestamp>,
    /// That everybody must have read.
    pub must_read: Option<bool>,
    /// After this one in the list's order.
    pub after: Option<(Timestamp, Uuid)>,
    /// At most so many.
    pub limit: u32,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT a.paper, a.unit, a.key, a.kind, a.audience, a.topic, a.title, a.state, a.live, a.number,
               a.must_read, a.owner, a.review_at, a.changed_at FROM articles a WHERE ",
            $rest
        )
    };
}

pub(crate) fn uuid(row: &Row, index: usize) -> Result<Uuid, StoreError> {
    Uuid::parse_str(row.text(index)?)
        .map_err(|_| StoreError::Type { context: "an identity of the knowledge base is not readable".into() })
}

fn read(row: &Row) -> Result<ArticleRow, StoreError> {
    Ok(ArticleRow {
        paper: uuid(row, 0)?,
        unit: row.get(1)?,
        key: row.get(2)?,
        kind: row.get(3)?,
        audience: row.get(4)?,
        topic: row.get(5)?,
        title: row.get(6)?,
        state: row.get(7)?,
        live: row.get(8)?,
        number: row.get(9)?,
        must_read: row.get(10)?,
        owner: row.get(11)?,
        review_at: row.get(12)?,
        changed_at: row.get(13)?,
    })
}

/// Pieces of a list of what is open until it ends, the last first.
pub(crate) struct Latest {
    /// Only what is open.
    pub open: &'static str,
    /// Only what has ended.
    pub ended: &'static str,
    /// What comes after a moment and an identity.
    pub after: &'static str,
    /// The order, with the limit.
    pub order: &'static str,
}

impl Latest {
    /// Reads a page; the query names everything else.
    pub fn page<T>(
        &self,
        tx: &mut Tx<'_>,
        mut query: Query,
        (open, after, limit): (Option<bool>, Option<(Timestamp, Uuid)>, u32),
        read: fn(&Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        if let Some(open) = open {
            query.push(if open { self.open } else { self.ended });
        }
        if let Some((at, id)) = after {
            query.bind(self.after, values![at, id.to_string()]);
        }
        query.bind(self.order, values![limit]);
        tx.query(&query)?.iter().map(read).collect()
    }
}

/// Gives how often what the library holds has changed.
///
/// # Errors
/// Any [`StoreError`].
pub fn version(tx: &mut Tx<'_>, org: OrgId) -> Result<i64, StoreError> {
    let row = tx.one("SELECT version FROM knowledge_versions WHERE org = $1", &values![org])?;
    row.map_or(Ok(0), |row| row.get(0))
}

/// Counts a change of what the library holds.
///
/// # Errors
/// Any [`StoreError`].
pub fn changed(tx: &mut Tx<'_>, org: OrgId) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO knowledge_versions (org, version) VALUES ($1, 1)
         ON CONFLICT (org) DO UPDATE SET version = knowledge_versions.version + 1",
        &values![org],
    )?;
    Ok(())
}

/// Keeps what lists need of an article; the search takes the change up.
///
/// # Errors
/// [`StoreError::Unique`] `articles_key` when another has its key.
pub fn keep(tx: &mut Tx<'_>, org: OrgId, row: &ArticleRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO articles (org, paper, unit, key, kind, audience, topic, title, state, live, number,
           must_read, owner, review_at, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         ON CONFLICT (org, paper) DO UPDATE SET kind = excluded.kind, audience = excluded.audience,
           topic = excluded.topic, title = excluded.title, state = excluded.state, live = excluded.live,
           number = excluded.number, must_read = excluded.must_read, owner = excluded.owner,
           review_at = excluded.review_at, changed_at = excluded.changed_at",
        &values![
            org,
            row.paper.to_string(),
            row.unit,
            row.key.clone(),
            &row.kind,
            &row.audience,
            row.topic.clone(),
            &row.title,
            &row.state,
            row.live,
            row.number,
            row.must_read,
            row.owner,
            row.review_at,
            row.changed_at
        ],
    )?;
    feed::changed(tx, org, Subject::Article, row.paper)
}

/// Gives one article.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, org: OrgId, paper: Uuid) -> Result<Option<ArticleRow>, StoreError> {
    let row = tx.one(select!("a.org = $1 AND a.paper = $2"), &values![org, paper.to_string()])?;
    row.as_ref().map(read).transpose()
}

/// Finds an article by its key.
///
/// # Errors
/// Any [`StoreError`].
pub fn by_key(tx: &mut Tx<'_>, org: OrgId, key: &str) -> Result<Option<ArticleRow>, StoreError> {
    let row = tx.one(select!("a.org = $1 AND a.key = $2"), &values![org, key])?;
    row.as_ref().map(read).transpose()
}

/// Tells whether another live answer of the unit has the topic (PROP-43).
///
/// # Errors
/// Any [`StoreError`].
pub fn answered(
    tx: &mut Tx<'_>,
    org: OrgId,
    (unit, topic): (UnitId, &str),
    but: Uuid,
) -> Result<bool, StoreError> {
    let row = tx.one(
        "SELECT COUNT(*) FROM articles a WHERE a.org = $1 AND a.topic = $2 AND a.unit = $3 AND a.live = 1
           AND a.kind = 'standard_answer' AND a.paper <> $4",
        &values![org, topic, unit, but.to_string()],
    )?;
    let count: i64 = row.map_or(Ok(0), |row| row.get(0))?;
    Ok(count > 0)
}

/// Lists articles, the last changed first.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(tx: &mut Tx<'_>, org: OrgId, filter: &ArticleFilter) -> Result<Vec<ArticleRow>, StoreError> {
    let mut query = Query::new(select!("a.org = $1"), values![org]);
    if let Some(kind) = &filter.kind {
        query.bind(" AND a.kind = $1", values![kind]);
    }
    if let Some(audience) = &filter.audience {
        query.bind(" AND a.audience = $1", values![audience]);
    }
    if let Some(state) = &filter.state {
        query.bind(" AND a.state = $1", values![state]);
    }
    if let Some(topic) = &filter.topic {
        query.bind(" AND a.topic = $1", values![topic]);
    }
    if let Some(unit) = filter.unit {
        query.bind(" AND a.unit = $1", values![unit]);
    }
    if let Some(owner) = filter.owner {
        query.bind(" AND a.owner = $1", values![owner]);
    }
    if let Some(live) = filter.live {
        query.bind(" AND a.live = $1", values![live]);
    }
    if let Some(by) = filter.review_by {
        query.bind(" AND a.live = 1 AND a.review_at <= $1", values![by]);
    }
    if let Some(must) = filter.must_read {
        query.bind(" AND a.must_read = $1", values![must]);
    }
    if let Some((at, paper)) = filter.after {
        query.bind(" AND (a.changed_at, a.paper) < ($1, $2)", values![at, paper.to_string()]);
    }
    query.bind(" ORDER BY a.changed_at DESC, a.paper DESC LIMIT $1", values![filter.limit]);
    tx.query(&query)?.iter().map(read).collect()
}

/// Gives the states of all articles that are read, JSON, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn live(tx: &mut Tx<'_>, org: OrgId) -> Result<Vec<(Uuid, String)>, StoreError> {
    let rows = tx.all(
        "SELECT p.id, p.body FROM articles a JOIN papers p ON p.org = a.org AND p.id = a.paper
         WHERE a.org = $1 AND a.live = 1 ORDER BY p.id",
        &values![org],
    )?;
    rows.iter().map(|row| Ok((uuid(row, 0)?, row.get(1)?))).collect()
}

/// Gives the states of those of some articles that are read, JSON.
///
/// # Errors
/// Any [`StoreError`].
pub fn live_among(tx: &mut Tx<'_>, org: OrgId, ids: &[Uuid]) -> Result<Vec<(Uuid, String)>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(MAX_IN) {
        let mut query = Query::new(
            "SELECT p.id, p.body FROM articles a JOIN papers p ON p.org = a.org AND p.id = a.paper
             WHERE a.org = $1 AND a.live = 1",
            values![org],
        );
        query.bind_in(" AND a.paper IN ", ids.iter().map(|id| id.to_string().into()).collect::<Vec<_>>());
        for row in tx.query(&query)? {
            found.push((uuid(&row, 0)?, row.get(1)?));
        }
    }
    Ok(found)
}
