//! The other papers of the house: posts, letters, visits, faults, discipline.
//!
//! One story for each kind of paper, told from its opening to its end.

mod discipline;
mod duties;
mod posts;
mod score;

use huiyin_app::Error;
use huiyin_app::paper::{self, Around, Changed, PaperFilter};
use huiyin_domain::ids::PersonId;
use huiyin_domain::paper::{Paper, Step};
use huiyin_domain::time::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::errands::Errands;

const HOUR: i64 = 3600;

fn open<P: Around>(desk: &Errands, by: PersonId, new: Value) -> Result<Changed<P>, Error> {
    let app = desk.app.clone();
    let new: P::New = serde_json::from_value(new).unwrap();
    desk.run_as(desk.ctx(by), move |tx, ctx| paper::open::<P>(tx, ctx, &app, new))
}

fn act<P: Around>(desk: &Errands, by: PersonId, id: Uuid, step: &str, body: Value) -> Result<P, Error> {
    let app = desk.app.clone();
    let step = P::Step::read(step, body).unwrap().unwrap();
    let done = desk.run_as(desk.ctx(by), move |tx, ctx| paper::act::<P>(tx, ctx, &app, (id, None), &step));
    done.map(|changed| changed.paper)
}

/// The first reason of a refusal, or the code of its first field.
fn why<T: std::fmt::Debug>(refused: Result<T, Error>) -> String {
    let error = refused.unwrap_err();
    let reason = error.params().get("reasons").and_then(|reasons| reasons[0]["code"].as_str());
    let field = error.fields().first().map(|field| field.code.clone());
    reason.map(str::to_owned).or(field).unwrap_or_else(|| error.code().to_owned())
}

fn seen<P: Paper>(desk: &Errands, by: PersonId) -> usize {
    let filter = PaperFilter {
        kind: P::KIND,
        state: None,
        unit: None,
        case: None,
        period: None,
        open: None,
        after: None,
        limit: 50,
    };
    desk.run_as(desk.ctx(by), move |tx, ctx| paper::list::<P>(tx, ctx, &filter)).unwrap().len()
}

fn visible<P: Around>(desk: &Errands, by: PersonId, id: Uuid) -> Result<P, Error> {
    let app = desk.app.clone();
    desk.run_as(desk.ctx(by), move |tx, ctx| paper::get::<P>(tx, ctx, &app, id)).map(|view| view.paper)
}

fn told(desk: &Errands, person: PersonId) -> Vec<String> {
    let page = desk.run_as(desk.ctx(person), |tx, ctx| huiyin_app::notify::list(tx, ctx, false, None, 100));
    page.unwrap().items.into_iter().rev().map(|item| item.why).collect()
}

fn at(desk: &Errands, hours: i64) -> Timestamp {
    Timestamp::from_micros(desk.app.clock.now().micros() + hours * HOUR * 1_000_000)
}
