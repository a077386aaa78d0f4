//! Every figure on a thousand random histories, joined at random: figure, list,
//! workbook and page against a slow count over events alone.

use crate::incident::incident;
use crate::lives::{HOUR, Life, World};
use crate::metrics::{Chance, sum};
use crate::with_admin;
use axum::http::StatusCode;
use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use huiyin_domain::case::slow::Slow;
use huiyin_domain::case::{Case, ChainHead, ClosureKind, Recorded};
use huiyin_domain::count::{Formula, METRICS, Metric, MetricUnit, Subject};
use huiyin_domain::ids::{CaseId, IncidentId};
use huiyin_domain::incident;
use huiyin_domain::people::Post;
use huiyin_domain::text::SealedText;
use huiyin_domain::time::{Timestamp, WorkingCalendar};
use huiyin_testkit::TestApp;
use huiyin_testkit::app::Client;
use huiyin_testkit::store::case::{Change, read, write};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use uuid::Uuid;

/// The report month in which everything happens.
const MONTH: &str = "period=2026-10&cut=28";

/// How many lives are lived.
const LIVES: usize = 1_000;

/// Days over which messages come in.
const DAYS: i64 = 20;

/// Stores the lives as they came to be.
fn keep(app: &TestApp, lives: &[Life]) {
    for some in lives.chunks(100) {
        let org = app.org;
        let made: Vec<(Case, Vec<Recorded>, Vec<SealedText>)> =
            some.iter().map(|life| (life.case.clone(), life.history.clone(), life.sealed.clone())).collect();
        let kept = app.store().write_blocking(move |tx| {
            for (case, events, sealed) in &made {
                let head = ChainHead::empty();
                write::save(tx, org, &Change { before: None, after: case, head: &head, events, sealed })?;
            }
            Ok::<_, huiyin_testkit::store::sql::StoreError>(())
        });
        kept.expect("the lives are kept");
    }
}

/// Whether an incident is hot, by its events alone.
fn hot(app: &TestApp, id: &str) -> bool {
    let (org, id) = (app.org, id.parse::<IncidentId>().expect("an id"));
    let history = app
        .store()
        .read_blocking(move |tx| read::history::<incident::Event>(tx, org, id, 0, 10_000))
        .expect("a history");
    history.iter().fold(false, |hot, entry| match entry.recorded.event {
        incident::Event::BecameHot(_) => true,
        incident::Event::HotWithdrawn(_) => false,
        _ => hot,
    })
}

/// What each case brings, told from events alone.
struct Told {
    slow: Slow,
    /// Its place among all, and that of the first case of its incident; by itself
    /// it is its own (PROP-90).
    item: usize,
    hot: bool,
}

/// How the cases of an incident make one item, told apart from the first account.
enum Joins {
    /// It has what one of them has.
    Any,
    /// It is so far when all of them are.
    All,
    /// It is filed as the first that counts.
    First,
    /// Closed when all are, and in this way when one is.
    ClosedAnd,
}

fn joins(metric: &str) -> Joins {
    match metric {
        "closed" | "closing_rate" | "handling_rate" | "closed_satisfied" => Joins::All,
        "provisional" | "cause_found" => Joins::First,
        "closed_exempt" | "closed_not_established" | "closed_withdrawn" | "agreed_but_dissatisfied" => {
            Joins::ClosedAnd
        }
        _ => Joins::Any,
    }
}

/// What the cases of one item bring to the part and the whole of a figure.
fn item_brings(metric: &str, cases: &[&Told]) -> (i64, i64) {
    let counted: Vec<&&Told> = cases.iter().filter(|one| one.slow.counts()).collect();
    let Some(first) = counted.first() else { return (0, 0) };
    let brings = |one: &Told| match metric {
        "hot" => (i64::from(one.hot), 0),
        name => one.slow.brings(name),
    };
    let all = |metric: &str| counted.iter().all(|one| one.slow.brings(metric).0 > 0);
    let any = counted.iter().any(|one| brings(one).0 > 0);
    let part = match joins(metric) {
        Joins::Any => any,
        Joins::All => all(metric),
        Joins::First => brings(first).0 > 0,
        Joins::ClosedAnd => any && all("closed"),
    };
    (i64::from(part), i64::from(counted.iter().any(|one| brings(one).1 > 0)))
}

/// The slow count of a metric: part, and whole where it has one.
fn slow_count(
    metric: &Metric,
    told: &BTreeMap<CaseId, Told>,
    calendar: &WorkingCalendar,
) -> (i64, Option<i64>) {
    if metric.formula.list().of == Subject::Complainant {
        let counted = told.iter().filter(|(_, one)| one.slow.counts());
        let people: BTreeSet<Uuid> = counted
            .flat_map(|(id, one)| {
                let named: Vec<Uuid> = one.slow.complainants().iter().map(|party| party.0).collect();
                if named.is_empty() { vec![id.0] } else { named }
            })
            .collect();
        return (people.len() as i64, None);
    }
    let mut total = (0, 0);
    if metric.formula.list().of == Subject::Item {
        let mut items: BTreeMap<usize, Vec<&Told>> = BTreeMap::new();
        // cases come in the order of their ids, which is that of their receipt
        told.values().for_each(|one| items.entry(one.item).or_default().push(one));
        for cases in items.values() {
            let brings = item_brings(metric.name, cases);
            total = (total.0 + brings.0, total.1 + brings.1);
        }
        return (total.0, metric.formula.is_share().then_some(total.1));
    }
    for one in told.values() {
        let brings = match metric.name {
            "hot_cases" => (i64::from(one.hot && one.slow.counts()), 0),
            "first_reply_days" => {
                let (rows, _) = one.slow.brings(metric.name);
                let day =
                    |at: Option<Timestamp>| calendar.zone().date(at.unwrap_or(Timestamp::from_micros(0)));
                let days =
                    calendar.working_days_between(day(one.slow.received_at()), day(one.slow.replied_at()));
                (i64::from(days) * rows, rows)
            }
            name => one.slow.brings(name),
        };
        total = (total.0 + brings.0, total.1 + brings.1);
    }
    let has_whole = metric.formula.is_share() || matches!(metric.formula, Formula::MeanReplyDays(_));
    (total.0, has_whole.then_some(total.1))
}

/// Reads the whole list behind a figure.
async fn all_rows(by: &Client, metric: &str) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/metrics/{metric}/rows?limit=200&{MONTH}{cursor}");
        let page = by.get(&path).await.expect(StatusCode::OK).json();
        rows.extend(page["items"].as_array().cloned().unwrap_or_default());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
    }
}

/// PROP-83, PROP-87…95, MOB-15, DEPT-8, X-3, X-5, X-9, X-13, X-21, X-27; issue 4,
/// Show: for each metric figure = rows of its list = XLSX cell = HTML text = a slow
/// count over events alone, on a thousand random histories, some joined into
/// incidents that become hot.
#[test]
#[expect(clippy::too_many_lines, reason = "one story, told in one go")]
fn every_figure_is_its_list_its_cell_its_text_and_what_events_say() {
    with_admin(|app, _| async move {
        let mei = app.with_person("mei", &[Post::Agent]);
        let boss = app.with_person("zong", &[Post::Head]);
        let posts = [
            Post::Agent,
            Post::Lead,
            Post::Agent,
            Post::Verifier,
            Post::Visitor,
            Post::Statistics,
            Post::Head,
        ];
        let people = posts.iter().enumerate().map(|(place, post)| {
            let client =
                if place == 0 { mei.clone() } else { app.with_person(&format!("p{place}"), &[*post]) };
            (client.id.expect("a person"), *post)
        });
        let calendar = WorkingCalendar::china();
        let world = World::of(&app, people.collect(), &calendar);
        let mut chance = Chance(41);
        let mut lives = Vec::new();
        let begin = app.clock_now().micros();
        for place in 0..LIVES {
            let day = i64::try_from(place).unwrap_or(0) * DAYS / LIVES as i64;
            lives.push(world.live(&mut chance, place, Timestamp::from_micros(begin + day * 24 * HOUR)));
        }
        keep(&app, &lives);
        let mut told: BTreeMap<CaseId, Told> = lives
            .iter()
            .enumerate()
            .map(|(item, life)| (life.case.id, Told { slow: Slow::of(&life.history), item, hot: false }))
            .collect();
        app.clock.set(Timestamp::from_micros(begin + 27 * 24 * HOUR - 10 * HOUR));
        let mut hot_ones = 0;
        let mut place = 0;
        while place < LIVES {
            let many = 1 + chance.below(6);
            let some = &lives[place..(place + many).min(LIVES)];
            // what is void or a duplicate joins nothing
            let joins = |life: &&Life| !life.case.closure.is_some_and(ClosureKind::is_final);
            let members: Vec<CaseId> = some.iter().filter(joins).map(|life| life.case.id).collect();
            place += many;
            // and some stay by themselves
            if members.len() < 2 || chance.below(3) == 0 {
                continue;
            }
            let names: Vec<String> = members.iter().map(ToString::to_string).collect();
            let made = incident(&mei, &names.iter().collect::<Vec<_>>()).await;
            let is_hot = hot(&app, &made);
            hot_ones += usize::from(is_hot);
            let item = told[&members[0]].item;
            for id in &members {
                if let Some(one) = told.get_mut(id) {
                    (one.item, one.hot) = (item, is_hot);
                }
            }
        }
        assert!(hot_ones > 20, "enough are hot: {hot_ones}");
        let sheet = Sheet::of(&boss).await;
        let mut reached = 0;
        for metric in METRICS {
            let name = metric.name;
            let found =
                boss.get(&format!("/api/v1/metrics/{name}?{MONTH}")).await.expect(StatusCode::OK).json();
            let figure = (found["total"]["part"].as_i64().unwrap_or(-1), found["total"]["whole"].as_i64());
            assert_eq!(figure, slow_count(metric, &told, &calendar), "{name}: what events say");
            reached += usize::from(figure.0 > 0);
            let rows = all_rows(&boss, name).await;
            if matches!(metric.formula, Formula::MeanReplyDays(_)) {
                assert_eq!(figure.1, Some(rows.len() as i64), "{name}: its rows");
            } else {
                assert_eq!(figure.0, sum(&rows), "{name}: its rows");
            }
            if matches!(metric.formula, Formula::Count(_)) {
                assert_eq!(figure.0, rows.len() as i64, "{name}: the number of its rows");
            }
            sheet.shows(metric, &found["total"]);
        }
        // whom the random lives meet depends on the ids of the people: 49 of 61, or a few less
        assert!(reached >= 42, "the random lives reach {reached} metrics: too few to prove anything");
    });
}

/// The monthly statistics as a workbook and as a page, every figure by its name.
struct Sheet {
    cells: BTreeMap<String, Data>,
    page: String,
}

impl Sheet {
    async fn of(by: &Client) -> Self {
        let new = json!({"kind": "monthly_statistics", "period": "2026-10"});
        let made = by.post("/api/v1/reports", &new).await.expect(StatusCode::CREATED).json();
        let path = format!("/api/v1/reports/{}/file", made["id"].as_str().unwrap_or_default());
        let book = by.get(&format!("{path}?format=xlsx")).await.expect(StatusCode::OK);
        let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(book.body.to_vec())).expect("a workbook");
        let name =
            book.sheet_names().into_iter().find(|name| name.ends_with("Every figure")).expect("the sheet");
        let range = book.worksheet_range(&name).expect("the sheet");
        let cells = range.rows().filter_map(|row| Some((row.first()?.to_string(), row.get(1)?.clone())));
        let page = by.get(&format!("{path}?format=html")).await.expect(StatusCode::OK);
        let page = String::from_utf8_lossy(&page.body).into_owned();
        assert!(page.contains("Complaints counted are provisional: of "), "PROP-88: not all are verified");
        let table =
            page.split("<table id=\"t-dictionary\">").nth(1).and_then(|rest| rest.split("</table>").next());
        Self { cells: cells.collect(), page: table.expect("the table").to_owned() }
    }

    /// Asserts that cell and text are the figure.
    fn shows(&self, metric: &Metric, total: &Value) {
        let over = match metric.unit {
            MetricUnit::Share => 1e6,
            MetricUnit::Fen | MetricUnit::WorkingDays => 100.0,
            _ => 1.0,
        };
        let cell = self.cells.get(metric.en).unwrap_or_else(|| panic!("{} has no cell", metric.name));
        let shown = match cell {
            Data::Float(number) => Some((number * over).round() as i64),
            Data::Int(number) => Some(*number),
            _ => None,
        };
        assert_eq!(shown, total["value"].as_i64(), "{}: the cell", metric.name);
        let row = self.page.split("<tr>").find(|row| row.contains(&format!(">{}<", metric.en)));
        let text = format!(">{}<", total["shown"].as_str().unwrap_or_default());
        assert!(
            row.is_some_and(|row| row.contains(&text)),
            "{}: the page shows {text}: {row:?}",
            metric.name
        );
    }
}
