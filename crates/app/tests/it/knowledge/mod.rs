//! Knowledge of a house: asked, kept, approved, known by heart.

mod article;
mod ask;
mod fact;
mod search;

use huiyin_app::Error;
use huiyin_app::knowledge;
use huiyin_app::knowledge::Asked;
use huiyin_app::knowledge::Beside;
use huiyin_app::knowledge::Found;
use huiyin_app::knowledge::Suggested;
use huiyin_app::paper;
use huiyin_app::paper::Changed;
use huiyin_domain::ids::PersonId;
use huiyin_domain::ids::UnitId;
use huiyin_domain::knowledge::ArticleFile;
use huiyin_domain::knowledge::article::Article;
use huiyin_domain::knowledge::article::ArticleStep;
use huiyin_domain::knowledge::starter;
use huiyin_domain::paper::Step;
use huiyin_domain::people::Post;
use huiyin_domain::people::UnitLevel;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

use crate::errands::Errands;

/// A house with two estates and people of each kind.
struct Desk {
    errands: Errands,
    north: UnitId,
    south: UnitId,
    agent: PersonId,
    lead: PersonId,
    head: PersonId,
}

impl Desk {
    fn new(store: huiyin_testkit::engines::TestStore) -> Self {
        let errands = Errands::new(store);
        let root = errands.root();
        let north = errands.unit("north", UnitLevel::Estate, root);
        let south = errands.unit("south", UnitLevel::Estate, root);
        let agent = errands.appoint("mei", root, &[Post::Agent]);
        let lead = errands.appoint("lei", root, &[Post::Lead]);
        let head = errands.appoint("hua", root, &[Post::Head]);
        Self { errands, north, south, agent, lead, head }
    }

    fn starter(&self) -> knowledge::Imported {
        self.bring(starter().unwrap()).unwrap()
    }

    fn bring(&self, files: Vec<ArticleFile>) -> Result<knowledge::Imported, Error> {
        let app = self.errands.app.clone();
        let ctx = app.ctx(huiyin_app::Actor::command_line(self.errands.org.org), "test", Default::default());
        self.errands.run_as(ctx, move |tx, ctx| knowledge::import_articles(tx, ctx, &app, (files, None)))
    }

    fn open(&self, by: PersonId, content: Value) -> Result<Changed<Article>, Error> {
        let app = self.errands.app.clone();
        let new = serde_json::from_value(json!({"unit": self.errands.root(), "content": content})).unwrap();
        self.errands.run_as(self.errands.ctx(by), move |tx, ctx| paper::open::<Article>(tx, ctx, &app, new))
    }

    fn act(&self, by: PersonId, id: Uuid, step: &str, body: Value) -> Result<Article, Error> {
        let app = self.errands.app.clone();
        let step = ArticleStep::read(step, body).unwrap().unwrap();
        let done = self.errands.run_as(self.errands.ctx(by), move |tx, ctx| {
            paper::act::<Article>(tx, ctx, &app, (id, None), &step)
        });
        done.map(|changed| changed.paper)
    }

    /// Has it submitted by the agent and approved by the head.
    fn published(&self, id: Uuid) -> Result<Article, Error> {
        let article = self.act(self.agent, id, "submit", json!({}))?;
        self.act(self.head, id, "approve", json!({"digest": article.draft.unwrap().digest}))
    }

    fn ask(&self, text: &str, unit: Option<UnitId>) -> Vec<Found> {
        let (app, asked) = (self.errands.app.clone(), Asked { text: text.into(), unit, most: 5 });
        let ctx = self.errands.ctx(self.agent);
        let asked = app.store.clone().read_blocking(move |tx| knowledge::ask(tx, &ctx, &app, &asked));
        asked.unwrap()
    }

    fn beside(&self, beside: Beside) -> Suggested {
        let app = self.errands.app.clone();
        let ctx = self.errands.ctx(self.agent);
        app.store.clone().read_blocking(move |tx| knowledge::suggest(tx, &ctx, &app, &beside)).unwrap()
    }

    fn facts(
        &self,
        by: PersonId,
        unit: UnitId,
        seen: i64,
        values: &[(&str, Option<&str>)],
    ) -> Result<i64, Error> {
        let values: BTreeMap<String, Option<String>> =
            values.iter().map(|(field, value)| ((*field).to_owned(), value.map(str::to_owned))).collect();
        let changed = self.errands.run_as(self.errands.ctx(by), move |tx, ctx| {
            knowledge::change_facts(tx, ctx, unit, (seen, &values))
        });
        changed.map(|sheet| sheet.version)
    }

    fn unread(&self, by: PersonId) -> usize {
        self.errands.run_as(self.errands.ctx(by), knowledge::unread).unwrap().len()
    }
}

fn article(title: &str, more: Value) -> Value {
    let mut content = json!({"kind": "article", "audience": "agents", "title": title, "body": "说明"});
    for (name, value) in more.as_object().into_iter().flatten() {
        content[name] = value.clone();
    }
    content
}

/// The values that the first fact of an answer has, by estate.
fn values(found: &[Found]) -> Vec<(String, String)> {
    let Some(Found::Fact(fact)) = found.first() else { panic!("{found:?}") };
    fact.values.iter().map(|value| (value.name.clone(), value.said.clone())).collect()
}

/// The first reason of a refusal, or the code of its first field.
fn why<T: std::fmt::Debug>(refused: Result<T, Error>) -> String {
    let error = refused.unwrap_err();
    let reason = error.params().get("reasons").and_then(|reasons| reasons[0]["code"].as_str());
    let field = error.fields().first().map(|field| field.code.clone());
    reason.map(str::to_owned).or(field).unwrap_or_else(|| error.code().to_owned())
}
