//! Sentences that are said as they stand, offered to who writes (PHRASE-10…12).

use std::sync::LazyLock;

use huiyin_domain::ids::CaseId;
use huiyin_domain::knowledge::{ArticleKind, Content, starter};
use huiyin_domain::locale::Locale;
use huiyin_store::people::unit as units;
use huiyin_store::sql::Tx;
use uuid::Uuid;

use super::ask::worded;
use super::library::{Library, Shelved};
use super::suggest::{Beside, reaches, situation};
use crate::App;
use crate::case::visible;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// What the binary carries, for houses that took no knowledge over.
static SHIPPED: LazyLock<Library> = LazyLock::new(|| Library::of_files(starter().unwrap_or_default()));

/// Sentences of one class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentenceClass {
    /// The article that holds them; none where they are those of the binary.
    pub article: Option<Uuid>,
    /// What the class is called.
    pub title: String,
    /// The sentences, as they are said.
    pub sentences: Vec<String>,
    /// Whether they fit how the case stands.
    pub fits: bool,
    /// Where they come from.
    pub sources: Vec<String>,
}

/// Lists the sentences of the house; those that fit how a case stands come first.
///
/// # Errors
/// `forbidden`, or `not_found` when the case is not for this person to know.
pub fn sentences(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    app: &App,
    case: Option<CaseId>,
) -> Result<Vec<SentenceClass>, Error> {
    policy::permit(&ctx.actor, action::ViewKnowledge, Target::Anywhere)?;
    let case = match case {
        Some(id) => Some(visible(tx, ctx, id)?.0.case),
        None => None,
    };
    let now = situation(tx, ctx, case.as_ref(), &Beside::default())?;
    let path = match &case {
        Some(case) => Some(units::path(tx, ctx.org(), case.unit, ctx.now)?),
        None => None,
    };
    let library = app.libraries.of(tx, ctx.org())?;
    let mut classes = classes(&library, ctx.locale, |article| {
        reaches(path.as_deref(), article).then(|| article.content.when.suits(&now))
    });
    if classes.is_empty() {
        classes = self::classes(&SHIPPED, ctx.locale, |article| Some(article.content.when.suits(&now)));
    }
    classes.sort_by_key(|class| !class.fits);
    Ok(classes)
}

/// Reads the classes of a library.
///
/// `fits` says of each whether it fits, or leaves it out.
fn classes(library: &Library, locale: Locale, fits: impl Fn(&Shelved) -> Option<bool>) -> Vec<SentenceClass> {
    let of_kind = library.articles.iter().filter(|article| article.content.kind == ArticleKind::Sentences);
    let class = |article: &Shelved| {
        let (title, body) = worded(&article.content, locale);
        Some(SentenceClass {
            article: (!article.id.is_nil()).then_some(article.id),
            title: title.to_owned(),
            sentences: Content::sentences(body).into_iter().map(str::to_owned).collect(),
            fits: fits(article)?,
            sources: article.content.sources.clone(),
        })
    };
    of_kind.filter_map(class).collect()
}
