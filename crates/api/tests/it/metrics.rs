//! Figures over HTTP: each is its list, and what the histories say.

use crate::story::Desk;
use crate::with_admin;
use axum::http::StatusCode;
use huiyin_domain::approval::House;
use huiyin_domain::case::sample::sample_body;
use huiyin_domain::case::{CaseActor, CommandKind, Facts, Named, evaluate, project, replay};
use huiyin_domain::count::{Amount, Figure, Formula, Heap, METRICS, Metric, Subject};
use huiyin_domain::ids::{CaseId, PersonId};
use huiyin_domain::people::Post;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::Client;
use huiyin_testkit::store::case::read;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The same numbers in every run.
pub(crate) struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound.max(1)
    }
}

/// Records a complaint and lets people do what is open to them, at random.
pub(crate) async fn live(
    app: &TestApp,
    people: &[(Client, Post)],
    chance: &mut Chance,
    place: usize,
) -> CaseId {
    let agent = &people[0].0;
    let channel = ["phone", "letter", "online", "visit"][place % 4];
    let phone = format!("1990000{:04}", place % 5);
    let category = ["equipment", "safety", "service"][place % 3];
    let mut new = json!({"kind": if place % 6 == 5 { "repair" } else { "complaint" }, "channel": channel, "text": "楼道灯不亮"});
    if place % 6 != 5 && place.is_multiple_of(2) {
        new["category"] = json!(category);
    }
    if place % 4 != 3 {
        new["reporter"] = json!({"name": "何先生", "phone": phone});
    }
    let made = agent.post("/api/v1/cases", &new).await.expect(StatusCode::CREATED).json();
    let id: CaseId = made["id"].as_str().unwrap_or_default().parse().expect("an id");
    let promise = json!({"kind": "feedback", "text": "回电", "due": "2026-12-01T10:00:00+08:00"});
    for (action, body) in [("promise", promise), ("accept", json!({}))] {
        act(app, agent, id, action, body).await;
    }
    for _ in 0..chance.below(16) {
        let (client, post) = &people[chance.below(people.len())];
        let Some((action, body)) = open_to(app, people, (client, *post), id, chance) else { continue };
        act(app, client, id, &action, body).await;
        app.clock.advance(i64::try_from(chance.below(40_000)).unwrap_or(0));
    }
    id
}

async fn act(app: &TestApp, by: &Client, id: CaseId, action: &str, mut body: Value) {
    let (org, case) = (app.org, id);
    let version = app.store().read_blocking(move |tx| read::case(tx, org, case)).expect("a case");
    body["version"] = json!(version.expect("a case").case.version);
    // what a rule refuses is no part of the history
    let _ = by.post(&format!("/api/v1/cases/{id}/actions/{action}"), &body).await;
}

/// Picks one of the actions that are open, with a body that fits.
fn open_to(
    app: &TestApp,
    people: &[(Client, Post)],
    (client, post): (&Client, Post),
    id: CaseId,
    chance: &mut Chance,
) -> Option<(String, Value)> {
    let (org, rules) = (app.org, app.edge.app.rules.clone());
    let read = app.edge.app.store.read_blocking(move |tx| {
        let loaded = read::case(tx, org, id)?.expect("a case");
        Ok::<_, huiyin_app::Error>((loaded.case, rules.of(tx, org)?))
    });
    let (case, held) = read.expect("a case with its rules");
    let named: BTreeMap<PersonId, Named> = people
        .iter()
        .filter_map(|(client, post)| {
            Some((client.id?, Named { active: true, posts: BTreeSet::from([*post]), sees: true }))
        })
        .collect();
    let mut house = House::default();
    for (person, known) in &named {
        for post in &known.posts {
            house.holders.entry(*post).or_default().insert(*person);
        }
    }
    let me = CaseActor { person: client.id, posts: BTreeSet::from([post]), customer: false };
    let pack = held.pack(&case.pack).expect("its pack");
    let facts = Facts {
        pack,
        rebound: None,
        calendar: held.calendar(),
        actor: &me,
        people: &named,
        do_not_visit: false,
        house: &house,
        now: app.clock_now(),
    };
    let targets = pack.targets(case.kind).into_iter().map(CommandKind::Move);
    let open: Vec<CommandKind> = CommandKind::FACTS
        .iter()
        .copied()
        .chain(targets)
        .filter(|kind| {
            !matches!(kind, CommandKind::CorrectUnit | CommandKind::CorrectParty | CommandKind::Link)
        })
        .filter(|kind| evaluate(*kind, &case, &facts).is_ok())
        .collect();
    let moves: Vec<CommandKind> =
        open.iter().copied().filter(|kind| matches!(kind, CommandKind::Move(_))).collect();
    let from = if moves.is_empty() || chance.below(2) == 0 { &open } else { &moves };
    let kind = *from.get(chance.below(from.len()))?;
    let body = sample_body(kind, &case, &facts, chance.below(8))?;
    Some((kind.as_str().to_owned(), body))
}

/// Folds the history of a case, as events say it, into what figures are made of.
fn heap(app: &TestApp, id: CaseId) -> Heap {
    let org = app.org;
    let history =
        app.store().read_blocking(move |tx| read::history(tx, org, id, 0, 10_000)).expect("a history");
    let events: Vec<_> = history.into_iter().map(|entry| entry.recorded).collect();
    let case = replay(id, &events).expect("a history that replays");
    let facts = project::facts(&case);
    let mut sums = [0; Amount::ALL.len()];
    for amount in Amount::ALL {
        sums[*amount as usize] = facts.amount(*amount);
    }
    Heap { marks: facts.marks, rows: 1, sums }
}

/// Reads the whole list behind a figure, three rows a page.
async fn all_rows(by: &Client, metric: &str, query: &str) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/metrics/{metric}/rows?limit=3&{query}{cursor}");
        let page = by.get(&path).await.expect(StatusCode::OK).json();
        rows.extend(page["items"].as_array().cloned().unwrap_or_default());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
    }
}

pub(crate) fn sum(rows: &[Value]) -> i64 {
    rows.iter().map(|row| row["value"].as_i64().unwrap_or_default()).sum()
}

/// PROP-87…93, PROP-95, X-9, X-27: a figure is the number of rows of its list,
/// whole and by group, and what replaying the histories gives; on both engines.
#[test]
fn a_figure_is_its_list_and_what_the_histories_say() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let boss = app.with_person("zong", &[Post::Manager]);
        let people = [
            (desk.agent.clone(), Post::Agent),
            (desk.lead.clone(), Post::Lead),
            (desk.handler.clone(), Post::Agent),
            (desk.verifier.clone(), Post::Verifier),
        ];
        let mut chance = Chance(7);
        let mut heaps = Vec::new();
        let mut ids = Vec::new();
        for place in 0..24 {
            ids.push(live(&app, &people, &mut chance, place).await);
        }
        ids.iter().for_each(|id| heaps.push(heap(&app, *id)));
        let year = "period=2026-07..2027-06";
        for metric in METRICS {
            let name = metric.name;
            let found =
                boss.get(&format!("/api/v1/metrics/{name}?{year}")).await.expect(StatusCode::OK).json();
            let (part, whole) = (found["total"]["part"].as_i64(), found["total"]["whole"].as_i64());
            let rows = all_rows(&boss, name, year).await;
            if matches!(metric.formula, Formula::MeanReplyDays(_)) {
                assert_eq!(whole, Some(rows.len() as i64), "{name}");
                continue;
            }
            assert_eq!(part, Some(sum(&rows)), "{name}: the figure is the sum of its rows");
            if matches!(metric.formula, Formula::Count(_)) && metric.formula.list().of != Subject::Complainant
            {
                assert_eq!(part, Some(rows.len() as i64), "{name}: the figure is the number of its rows");
            }
            if metric.formula.is_share() {
                let among = all_rows(&boss, name, &format!("{year}&whole=true")).await;
                assert_eq!(whole, Some(sum(&among)), "{name}");
            }
            if metric.formula.list().of != Subject::Complainant {
                let slow: Figure = metric.figure(heaps.iter());
                assert_eq!((part, whole), (Some(slow.part), slow.whole), "{name}: replayed");
                groups_add_up(&boss, metric, year, part).await;
            }
        }
        let people = all_rows(&boss, "complainants", year).await;
        let found = boss.get(&format!("/api/v1/metrics/complainants?{year}")).await.json();
        assert_eq!(found["total"]["value"], people.len() as i64);
        let own: BTreeSet<&str> = people.iter().filter_map(|row| row["id"].as_str()).collect();
        assert_eq!(own.len(), people.len(), "each complainant once");
    });
}

async fn groups_add_up(by: &Client, metric: &Metric, year: &str, part: Option<i64>) {
    for group in
        ["category", "channel", "closure", "unit", "company", "kind", "pack", "exemption", "cause", "month"]
    {
        let path = format!("/api/v1/metrics/{}?{year}&by={group}", metric.name);
        let found = by.get(&path).await.expect(StatusCode::OK).json();
        let items = found["items"].as_array().cloned().unwrap_or_default();
        let together: i64 = items.iter().map(|item| item["part"].as_i64().unwrap_or_default()).sum();
        assert_eq!(Some(together), part, "{} by {group}", metric.name);
        if let Some(first) = items.first().filter(|_| matches!(metric.formula, Formula::Count(_))) {
            let key = first["group"].as_str().map(|key| format!("&group={key}")).unwrap_or_default();
            let rows = all_rows(by, metric.name, &format!("{year}&by={group}{key}")).await;
            assert_eq!(first["part"].as_i64(), Some(rows.len() as i64), "{} by {group} {key}", metric.name);
        }
    }
}

/// SUP-1, X-6: who may not see figures sees none; wrong parameters are named.
#[test]
fn figures_are_for_those_who_may_see_them_and_parameters_are_checked() {
    with_admin(|app, admin| async move {
        let agent = app.with_person("xiaoli", &[Post::Agent]);
        let boss = app.with_person("zong", &[Post::Head]);
        for nobody in [&agent, &admin] {
            nobody.get("/api/v1/metrics/counted").await.problem(403, "forbidden");
            nobody.get("/api/v1/metrics/counted/rows").await.problem(403, "forbidden");
        }
        boss.get("/api/v1/metrics/guesswork").await.problem(404, "not_found");
        for (query, path) in [
            ("period=2026-13", "period"),
            ("period=yesterday", "period"),
            ("period=2026-10&cut=29", "cut"),
            ("period=2026-10-05&cut=28", "cut"),
            ("by=colour", "by"),
            ("unit=x", "unit"),
        ] {
            let problem =
                boss.get(&format!("/api/v1/metrics/counted?{query}")).await.problem(422, "invalid_query");
            assert_eq!(problem["fields"][0]["path"], path, "{query}");
        }
        let cut =
            boss.get("/api/v1/metrics/counted?period=2026-10&cut=28").await.expect(StatusCode::OK).json();
        assert_eq!(cut["total"]["period"], "2026-09-28..2026-10-27");
        let all = boss.get("/api/v1/metrics").await.expect(StatusCode::OK).json();
        assert_eq!(all["items"].as_array().map(Vec::len), Some(METRICS.len()));
    });
}

/// CP8-4, DESK-8, DESK-11, DESK-12: a choice of a field is spread over the cases, rates of visits
/// have their denominators; for people of the house, never for everyone.
#[test]
fn spreads_and_rates_are_for_the_house() {
    with_admin(|app, _| async move {
        let agent = app.with_person("xiaoli", &[Post::Agent]);
        let boss = app.with_person("zong", &[Post::Head]);
        let rates = boss.get("/api/v1/visit-rates?period=2026-h2").await.expect(StatusCode::OK).json();
        assert!(rates["items"].is_array(), "{rates}");
        agent.get("/api/v1/visit-rates").await.problem(403, "forbidden");
        boss.get("/api/v1/spreads/nonsense?period=2026-09").await.problem(404, "not_found");
        let refused = boss.get("/api/v1/spreads/nonsense?period=2026-h3").await.problem(422, "invalid_query");
        assert_eq!(refused["fields"][0]["path"], "period");
    });
}
