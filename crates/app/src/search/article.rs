//! Articles of the knowledge base, as they are read: approved, not ended.

use huiyin_domain::ids::OrgId;
use huiyin_domain::locale::Locale;
use huiyin_domain::search::{Document, Key, Reach, Subject};
use huiyin_store::knowledge::{self as rows, ArticleFilter};
use huiyin_store::sql::Tx;
use uuid::Uuid;

use super::reach::knowing;
use super::source::{Line, Shown, Source};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::knowledge::{Shelved, worded};

/// Articles by title, body and key words, in both languages.
#[derive(Clone, Copy, Debug)]
pub struct Articles;

impl Source for Articles {
    fn subject(&self) -> Subject {
        Subject::Article
    }

    fn documents(&self, tx: &mut Tx<'_>, org: OrgId, ids: &[Uuid]) -> Result<Vec<Document>, Error> {
        let document = |article: Shelved| Document {
            unit: article.unit,
            texts: texts(&article),
            ..Document::new(Key { org, subject: Subject::Article, id: article.id }, article.since)
        };
        Ok(Shelved::among(tx, org, ids)?.into_iter().map(document).collect())
    }

    fn page(&self, tx: &mut Tx<'_>, org: OrgId, after: Option<Line>, limit: u32) -> Result<Vec<Line>, Error> {
        let filter = ArticleFilter { live: Some(true), after, limit, ..ArticleFilter::default() };
        let found = rows::list(tx, org, &filter)?;
        Ok(found.into_iter().map(|row| (row.changed_at, row.paper)).collect())
    }

    fn reach(&self, _tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Option<Reach>, Error> {
        Ok(knowing(ctx))
    }

    fn shown(&self, tx: &mut Tx<'_>, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Shown>, Error> {
        let mut articles = Shelved::among(tx, ctx.org(), ids)?;
        // the clock takes down what is over, a moment after
        articles.retain(|article| article.content.expires_at.is_none_or(|end| end > ctx.now));
        let shown = |article: Shelved| Shown {
            title: Some(worded(&article.content, ctx.locale).0.to_owned()),
            unit: article.unit,
            texts: read_first(texts(&article), &article, ctx.locale),
            ..Shown::new(article.id, article.since)
        };
        Ok(articles.into_iter().map(shown).collect())
    }
}

/// Everything by which an article is found.
fn texts(article: &Shelved) -> Vec<String> {
    let content = &article.content;
    let mut texts = vec![content.title.as_str().to_owned(), content.body.as_str().to_owned()];
    if let Some(english) = &content.english {
        texts.extend([english.title.as_str().to_owned(), english.body.as_str().to_owned()]);
    }
    texts.extend(content.topic.clone());
    texts.extend(content.keywords.iter().cloned());
    texts
}

/// Puts the body in the reader's language before what says the same.
fn read_first(mut texts: Vec<String>, article: &Shelved, locale: Locale) -> Vec<String> {
    let body = worded(&article.content, locale).1;
    texts.sort_by_key(|text| text != body);
    texts
}
