//! The library of an organisation, held ready to be asked.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use huiyin_domain::ids::{OrgId, UnitId};
use huiyin_domain::knowledge::article::{Article, Live};
use huiyin_domain::knowledge::fact::{Field, Schema, Values};
use huiyin_domain::knowledge::{ArticleFile, Content};
use huiyin_domain::time::Timestamp;
use huiyin_store::knowledge as rows;
use huiyin_store::knowledge::fact as facts;
use huiyin_store::sql::Tx;
use huiyin_text::rank::{Document, Hit, Ranker};
use uuid::Uuid;

use super::fact::schema_of;
use crate::error::Error;

/// One article that is read.
#[derive(Clone, Debug)]
pub struct Shelved {
    /// The article.
    pub id: Uuid,
    /// A name of its own.
    pub key: Option<String>,
    /// For this unit and those below it.
    pub unit: Option<UnitId>,
    /// Which version.
    pub number: u32,
    /// What it says.
    pub content: Content,
    /// Since when it is read.
    pub since: Timestamp,
}

impl Shelved {
    /// Reads the state of an article; nothing where nothing of it is read.
    fn read((id, body): (Uuid, String)) -> Result<Option<Self>, Error> {
        let article: Article = serde_json::from_str(&body).map_err(Error::internal)?;
        let (key, unit) = (article.key, Some(article.unit));
        let shelved = |live: Live| Self {
            id,
            key,
            unit,
            number: live.number,
            content: live.content,
            since: live.approved.at,
        };
        Ok(article.live.map(shelved))
    }

    /// Reads those of some articles that are read.
    ///
    /// # Errors
    /// What the store gives.
    pub(crate) fn among(tx: &mut Tx<'_>, org: OrgId, ids: &[Uuid]) -> Result<Vec<Self>, Error> {
        let bodies = rows::live_among(tx, org, ids)?;
        bodies.into_iter().filter_map(|row| Self::read(row).transpose()).collect()
    }
}

/// What a hit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A field of the sheets, by its place in the schema.
    Field(usize),
    /// An article, by its place in the library.
    Article(usize),
}

/// All that is read in an organisation, at one version.
#[derive(Debug)]
pub struct Library {
    version: i64,
    /// Which fields the sheets have.
    pub schema: Arc<Schema>,
    /// The articles, oldest first.
    pub articles: Vec<Shelved>,
    /// What stands on the sheets.
    pub sheets: BTreeMap<UnitId, Values>,
    fields: Vec<Field>,
    ranker: Ranker,
}

impl Library {
    /// Puts a library together; fields come before articles.
    #[must_use]
    pub fn new(
        version: i64,
        schema: Arc<Schema>,
        articles: Vec<Shelved>,
        sheets: BTreeMap<UnitId, Values>,
    ) -> Self {
        let fields: Vec<Field> = schema.fields().cloned().collect();
        let asked: Vec<(String, Vec<String>, String)> = fields
            .iter()
            .map(|field| {
                let mut words = field.words.clone();
                words.push(field.label.en.clone());
                (field.label.zh.clone(), words, String::new())
            })
            .chain(articles.iter().map(|article| spoken(&article.content)))
            .collect();
        let documents = asked.iter().map(|(title, keys, body)| Document { title, keys, body });
        let ranker = Ranker::of(documents);
        Self { version, schema, articles, sheets, fields, ranker }
    }

    /// Makes the library of files alone, with the shipped fields.
    #[must_use]
    pub fn of_files(files: Vec<ArticleFile>) -> Self {
        let shelved = |file: ArticleFile| Shelved {
            id: Uuid::nil(),
            key: Some(file.key),
            unit: None,
            number: 1,
            content: file.content,
            since: Timestamp::from_micros(0),
        };
        let schema = Arc::new(Schema::shipped().clone());
        Self::new(0, schema, files.into_iter().map(shelved).collect(), BTreeMap::new())
    }

    /// Finds what answers, the best first.
    #[must_use]
    pub fn rank(&self, question: &str, most: usize) -> Vec<(Place, f32)> {
        let place = |hit: Hit| {
            let place = match hit.place.checked_sub(self.fields.len()) {
                None => Place::Field(hit.place),
                Some(at) => Place::Article(at),
            };
            (place, hit.score)
        };
        self.ranker.rank(question, most).into_iter().map(place).collect()
    }

    /// Names what answers, the best first: fields by name, articles by their key.
    #[must_use]
    pub fn names(&self, question: &str, most: usize) -> Vec<String> {
        let name = |(place, _): (Place, f32)| match place {
            Place::Field(at) => self.field(at).map(|field| field.name.clone()),
            Place::Article(at) => self.articles.get(at).and_then(|article| article.key.clone()),
        };
        self.rank(question, most).into_iter().filter_map(name).collect()
    }

    /// Gives a field by its place.
    #[must_use]
    pub fn field(&self, place: usize) -> Option<&Field> {
        self.fields.get(place)
    }
}

/// Gives title, key words and body of an article as they are looked for.
fn spoken(content: &Content) -> (String, Vec<String>, String) {
    let mut keys = content.keywords.clone();
    keys.extend(content.topic.clone());
    let mut body = content.body.as_str().to_owned();
    if let Some(english) = &content.english {
        keys.push(english.title.as_str().to_owned());
        body.push('\n');
        body.push_str(english.body.as_str());
    }
    (content.title.as_str().to_owned(), keys, body)
}

/// The libraries that a process holds, each as it was when it was asked last.
#[derive(Clone, Debug, Default)]
pub struct Libraries(Arc<Mutex<HashMap<OrgId, Arc<Library>>>>);

impl Libraries {
    /// Gives the library as it is committed; to be asked while reading only, because
    /// what a transaction wrote and took back must not stay here.
    ///
    /// # Errors
    /// What the store gives.
    pub(super) fn of(&self, tx: &mut Tx<'_>, org: OrgId) -> Result<Arc<Library>, Error> {
        let version = rows::version(tx, org)?;
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&org).cloned();
        if let Some(held) = held.filter(|held| held.version == version) {
            return Ok(held);
        }
        let bodies = rows::live(tx, org)?.into_iter();
        let articles: Result<Vec<Shelved>, Error> =
            bodies.filter_map(|row| Shelved::read(row).transpose()).collect();
        let articles = articles?;
        let schema = schema_of(tx, org)?;
        let sheets = facts::values_of_all(tx, org)?;
        let library = Arc::new(Library::new(version, schema, articles, sheets));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(org, Arc::clone(&library));
        Ok(library)
    }
}
