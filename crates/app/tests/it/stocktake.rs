//! The desk takes stock every day, and its lines report.

use huiyin_app::paper::{self, PaperFilter, stocktake};
use huiyin_app::{Class, Error};
use huiyin_domain::ids::{CaseId, PersonId, UnitId};
use huiyin_domain::paper::PaperKind;
use huiyin_domain::paper::body::{Bare, Remark, Said, Why, Word};
use huiyin_domain::paper::line_report::{LineReport, LineReportState, LineReportStep};
use huiyin_domain::paper::rhythm::{DeskRhythm, LineRhythm, Rhythm};
use huiyin_domain::paper::stocktake::{NewStocktake, Stocktake, StocktakeState, StocktakeStep};
use huiyin_domain::people::{Post, UnitLevel};
use huiyin_domain::text::Text;
use huiyin_domain::time::Date;
use huiyin_testkit::engines::both_engines_migrated;
use uuid::Uuid;

use crate::errands::Errands;

const HOUR: i64 = 3600;

/// A desk that lists at 16:30; the tests begin on 2026-01-01 at 08:00 there.
pub(crate) fn desk(store: huiyin_testkit::engines::TestStore) -> (Errands, PersonId, PersonId) {
    let desk = Errands::new(store);
    let lin = desk.appoint("lin", desk.root(), &[Post::Agent]);
    let lead = desk.appoint("lead", desk.root(), &[Post::Lead]);
    let rhythm = Rhythm::standard(desk.root());
    set(&desk, rhythm).unwrap();
    (desk, lin, lead)
}

fn set(desk: &Errands, rhythm: Rhythm) -> Result<(), Error> {
    let app = desk.app.clone();
    desk.run(move |tx, ctx| paper::set_rhythm(tx, ctx, &app.rules, rhythm, 0)).map(drop)
}

fn filter(kind: PaperKind) -> PaperFilter {
    PaperFilter {
        kind,
        state: None,
        unit: None,
        case: None,
        period: None,
        open: None,
        after: None,
        limit: 50,
    }
}

/// Each list of the desk, oldest day first.
pub(crate) fn lists(desk: &Errands, by: PersonId) -> Vec<(Uuid, Stocktake)> {
    let found =
        desk.run_as(desk.ctx(by), |tx, ctx| paper::list::<Stocktake>(tx, ctx, &filter(PaperKind::Stocktake)));
    let mut found: Vec<_> = found.unwrap().into_iter().map(|line| (line.id, line.paper)).collect();
    found.sort_by_key(|(_, paper)| paper.day);
    found
}

pub(crate) fn lines(desk: &Errands, by: PersonId, id: Uuid) -> Vec<stocktake::LineRow> {
    desk.run_as(desk.ctx(by), move |tx, ctx| stocktake::lines(tx, ctx, id, None, 200)).unwrap()
}

pub(crate) fn step(desk: &Errands, by: PersonId, id: Uuid, step: StocktakeStep) -> Result<Stocktake, Error> {
    let app = desk.app.clone();
    desk.run_as(desk.ctx(by), move |tx, ctx| {
        paper::act::<Stocktake>(tx, ctx, &app, (id, None), &step).map(|changed| changed.paper)
    })
}

fn text(words: &str) -> Text {
    Text::new(words).unwrap()
}

pub(crate) fn word(case: CaseId) -> StocktakeStep {
    StocktakeStep::Word(Word {
        case,
        text: text("已派工"),
        next: text("周五复查"),
        by: Some(day("2026-01-09")),
    })
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn withdraw(desk: &Errands, by: PersonId, case: CaseId) {
    use huiyin_domain::case::{Command, CommandKind};
    for (kind, body) in [
        ("record_customer_word", serde_json::json!({"meaning": "withdraws", "text": "不投诉了"})),
        ("close_withdrawn", serde_json::json!({})),
    ] {
        let app = desk.app.clone();
        let command = Command::read(CommandKind::parse(kind).unwrap(), body).unwrap();
        desk.run_as(desk.ctx(by), move |tx, ctx| {
            let version = huiyin_store::case::read::case(tx, ctx.org(), case)?.unwrap().case.version;
            huiyin_app::case::act(tx, ctx, &app.rules, (case, Some(version)), command).map(drop)
        })
        .unwrap();
    }
}

/// PROP-16, PROP-52: an open case appears in each day's list from creation to
/// closure, whatever the hour, carried over from the second day on; a day on
/// which the machine stood still has its list too.
#[test]
fn an_open_case_stands_on_each_days_list_from_creation_to_closure() {
    both_engines_migrated(|store| {
        let (desk, lin, lead) = desk(store);
        let first = desk.complaint(lin, desk.root());
        desk.after(10 * HOUR); // 18:00 of day 1, after the list opened
        let second = desk.complaint(lin, desk.root());
        desk.after(7 * HOUR); // 01:00 of day 2
        let on = |index: usize| -> Vec<(CaseId, bool, bool)> {
            let (id, _) = lists(&desk, lead)[index];
            lines(&desk, lead, id)
                .iter()
                .map(|line| (line.case, line.carried, line.closed_at.is_some()))
                .collect()
        };
        assert_eq!(on(0), [(first, false, false), (second, false, false)], "what came after the opening too");
        let (_, paper) = &lists(&desk, lead)[0];
        let totals = paper.totals.unwrap();
        assert_eq!((totals.lines, totals.carried, totals.complaints, totals.unworded), (2, 0, 2, 2));
        desk.clock.advance(48 * HOUR); // the machine stands still until 01:00 of day 4
        withdraw(&desk, lin, first);
        desk.after(16 * HOUR); // 17:00 of day 4
        let days: Vec<String> = lists(&desk, lead).iter().map(|(_, paper)| paper.day.to_string()).collect();
        assert_eq!(days, ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"]);
        assert_eq!(on(1), [(first, true, true), (second, true, false)], "closed later: on the list of day 2");
        assert_eq!(on(2), on(1));
        assert_eq!(on(3), [(first, true, true), (second, true, false)], "closed in the course of day 4");
        desk.after(24 * HOUR);
        assert_eq!(on(4), [(second, true, false)]);
    });
}

/// PROP-16, PROP-52, DESK-16: a word on each case, then the signature, then the
/// review by another; the list is frozen when the day ends.
#[test]
fn the_list_is_spoken_to_signed_and_reviewed_by_another() {
    both_engines_migrated(|store| {
        let (desk, lin, lead) = desk(store);
        let head = desk.appoint("head", desk.root(), &[Post::Head]);
        let case = desk.complaint(lin, desk.root());
        desk.after(9 * HOUR); // 17:00
        let (id, _) = lists(&desk, lead)[0];
        let early = step(&desk, lin, id, StocktakeStep::Sign(Remark { text: None })).unwrap_err();
        assert_eq!((early.class(), early.code()), (Class::Conflict, "action_closed"));
        assert_eq!(early.params()["reasons"][0]["code"], "words_missing");
        assert_eq!(early.params()["reasons"][0]["params"]["missing"], "1");
        let unknown = step(&desk, lin, id, word(CaseId(Uuid::from_u128(5)))).unwrap_err();
        assert_eq!(unknown.fields()[0].code, "not_on_the_list");
        step(&desk, lin, id, word(case)).unwrap();
        let later = desk.complaint(lin, desk.root());
        let again = step(&desk, lead, id, StocktakeStep::Sign(Remark { text: None })).unwrap_err();
        assert_eq!(again.code(), "action_closed", "what came in since stands on the list");
        assert_eq!(lines(&desk, lead, id).len(), 1, "a refusal leaves nothing");
        step(&desk, lead, id, StocktakeStep::Update(Bare {})).unwrap();
        assert_eq!(lines(&desk, lead, id).len(), 2);
        step(&desk, lin, id, word(later)).unwrap();
        let signed = step(&desk, lead, id, StocktakeStep::Sign(Remark { text: None })).unwrap();
        assert_eq!(signed.state, StocktakeState::Signed);
        assert!(!signed.signed.unwrap().late);
        let own = step(&desk, lead, id, StocktakeStep::Review(Remark { text: None })).unwrap_err();
        assert_eq!(own.params()["reasons"][0]["code"], "own_signature");
        step(&desk, head, id, StocktakeStep::Return(Why { reason: text("下一步写得太笼统") })).unwrap();
        step(&desk, lead, id, StocktakeStep::Sign(Remark { text: None })).unwrap();
        let agent = step(&desk, lin, id, StocktakeStep::Review(Remark { text: None })).unwrap_err();
        assert_eq!((agent.class(), agent.code()), (Class::Denied, "not_permitted"));
        let done = step(&desk, head, id, StocktakeStep::Review(Remark { text: Some(text("同意")) })).unwrap();
        assert_eq!(done.state, StocktakeState::Reviewed);
        desk.after(8 * HOUR); // past midnight
        let (_, frozen) = &lists(&desk, lead)[0];
        assert_eq!(frozen.totals.unwrap().unworded, 0);
        let stored = lines(&desk, lead, id);
        assert_eq!(stored[0].said.as_deref(), Some("已派工"));
        let late = step(&desk, lin, id, word(case)).unwrap_err();
        assert_eq!(late.params()["reasons"][0]["code"], "paper_state");
    });
}

/// PROP-16: who does not sign is reminded, then the head hears of it.
#[test]
fn an_unsigned_list_reminds_and_goes_up() {
    both_engines_migrated(|store| {
        let (desk, lin, lead) = desk(store);
        let head = desk.appoint("head", desk.root(), &[Post::Head]);
        desk.complaint(lin, desk.root());
        let whys = |person: PersonId| -> Vec<String> {
            let page =
                desk.run_as(desk.ctx(person), |tx, ctx| huiyin_app::notify::list(tx, ctx, false, None, 50));
            page.unwrap()
                .items
                .into_iter()
                .rev()
                .map(|item| item.why)
                .filter(|why| why.starts_with("stock"))
                .collect()
        };
        desk.after(8 * HOUR + 1800); // 16:30
        assert_eq!(whys(lead), ["stocktake_opened"]);
        desk.after(HOUR); // 17:30
        assert_eq!(whys(lin), ["stocktake_unsigned"]);
        assert_eq!(whys(head), Vec::<String>::new());
        desk.after(1800); // 18:00
        assert_eq!(whys(head), ["stocktake_overdue"]);
        desk.after(1800);
        assert_eq!(whys(lin), ["stocktake_unsigned"], "each once");
    });
}

/// PROP-12: what was registered on a later day than collected is marked on the list.
#[test]
fn late_information_is_marked_on_the_list() {
    both_engines_migrated(|store| {
        let (desk, lin, lead) = desk(store);
        let app = desk.app.clone();
        let mut new = crate::errands::new_case(desk.root());
        new.collected_at =
            Some(huiyin_domain::time::Timestamp::from_micros(desk.app.clock.now().micros() - 86_400_000_000));
        desk.run_as(desk.ctx(lin), move |tx, ctx| {
            huiyin_app::case::create(tx, ctx, &app.rules, &app.numbers, new).map(drop)
        })
        .unwrap();
        desk.complaint(lin, desk.root());
        desk.after(9 * HOUR);
        let (id, _) = lists(&desk, lead)[0];
        let mut late: Vec<bool> = lines(&desk, lead, id).iter().map(|line| line.late).collect();
        late.sort_unstable();
        assert_eq!(late, [false, true]);
    });
}

/// PROP-15: a line reports at set times; a missing report is seen and told.
#[test]
fn a_line_that_does_not_report_is_seen() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let lead = desk.appoint("lead", desk.root(), &[Post::Lead]);
        let line = desk.unit("repairs", UnitLevel::Department, desk.root());
        let fitter = desk.appoint("fitter", line, &[Post::Department]);
        let times = vec!["10:00".to_owned(), "16:00".to_owned()];
        set(&desk, Rhythm { lines: vec![LineRhythm { unit: line, times }], ..Rhythm::default() }).unwrap();
        // the first working day after New Year is Sunday the 4th, worked for the holiday
        desk.after(3 * 24 * HOUR);
        let reports = |desk: &Errands| {
            let found = desk.run_as(desk.ctx(lead), |tx, ctx| {
                paper::list::<LineReport>(tx, ctx, &filter(PaperKind::LineReport))
            });
            let mut found = found.unwrap();
            found.sort_by_key(|line| line.paper.due_at);
            found
        };
        let open = reports(&desk);
        assert_eq!(open.len(), 2, "both of the day");
        let submit = |by: PersonId, id: Uuid| {
            let app = desk.app.clone();
            let step = LineReportStep::Submit(Said { text: text("今日派工 6 件，完成 5 件") });
            desk.run_as(desk.ctx(by), move |tx, ctx| {
                paper::act::<LineReport>(tx, ctx, &app, (id, None), &step).map(|changed| changed.paper)
            })
        };
        assert!(!submit(fitter, open[0].id).unwrap().late);
        desk.after(9 * HOUR); // 17:00
        let now = reports(&desk);
        assert_eq!(now[1].paper.state, LineReportState::Missing);
        let page = desk.run_as(desk.ctx(lead), |tx, ctx| huiyin_app::notify::list(tx, ctx, false, None, 50));
        let whys: Vec<String> = page.unwrap().items.into_iter().map(|item| item.why).collect();
        assert!(whys.contains(&"line_report_missing".to_owned()), "{whys:?}");
        assert!(submit(fitter, now[1].id).unwrap().late);
        let app = desk.app.clone();
        let (id, step) = (now[1].id, LineReportStep::Summarise(Said { text: text("均为水管") }));
        desk.run_as(desk.ctx(lead), move |tx, ctx| {
            paper::act::<LineReport>(tx, ctx, &app, (id, None), &step).map(drop)
        })
        .unwrap();
    });
}

/// Bad input: times that are none, a unit named twice or unknown, an old version,
/// a list of tomorrow, a second list of one day.
#[test]
fn a_rhythm_and_a_list_that_cannot_be_are_refused() {
    both_engines_migrated(|store| {
        let (desk, lin, lead) = desk(store);
        let root = desk.root();
        let one = |opens: &str, remind: &str| DeskRhythm {
            unit: root,
            opens: opens.into(),
            remind: remind.into(),
            sign_by: "18:00".into(),
        };
        let field = |rhythm: Rhythm| {
            let error = set(&desk, rhythm).unwrap_err();
            (error.fields()[0].path.clone(), error.fields()[0].code.clone())
        };
        let desks = |desks: Vec<DeskRhythm>| Rhythm { desks, ..Rhythm::default() };
        assert_eq!(
            field(desks(vec![one("25:00", "17:00")])),
            ("desks[0].opens".into(), "time_of_day".into())
        );
        assert_eq!(
            field(desks(vec![one("17:00", "16:00")])),
            ("desks[0].remind".into(), "time_order".into())
        );
        let twice = vec![one("16:00", "17:00"), one("16:00", "17:00")];
        assert_eq!(field(desks(twice)), ("desks[1].unit".into(), "named_twice".into()));
        let mut nowhere = one("16:00", "17:00");
        nowhere.unit = UnitId(Uuid::from_u128(1));
        assert_eq!(field(desks(vec![nowhere])), ("desks[0].unit".into(), "unknown_unit".into()));
        assert_eq!(set(&desk, Rhythm::standard(root)).unwrap_err().code(), "stale");
        let app = desk.app.clone();
        let by_agent = Rhythm::standard(root);
        let denied = desk.run_as(desk.ctx(lin), move |tx, ctx| {
            paper::set_rhythm(tx, ctx, &app.rules, by_agent, 1).map(drop)
        });
        assert_eq!(denied.unwrap_err().class(), Class::Denied);
        let open = |day: &str| {
            let app = desk.app.clone();
            let new = NewStocktake { unit: root, day: day.parse().unwrap(), remind_at: None, due_at: None };
            desk.run_as(desk.ctx(lead), move |tx, ctx| paper::open::<Stocktake>(tx, ctx, &app, new).map(drop))
        };
        assert_eq!(open("2026-01-02").unwrap_err().fields()[0].code, "in_the_future");
        open("2026-01-01").unwrap();
        assert_eq!(open("2026-01-01").unwrap_err().code(), "paper_exists");
    });
}

/// SUP-1: a list of another unit is not there for who does not see that unit.
#[test]
fn a_list_is_seen_where_its_unit_is_seen() {
    both_engines_migrated(|store| {
        let (desk, _, lead) = desk(store);
        let side = desk.unit("side", UnitLevel::Centre, desk.root());
        let stranger = desk.appoint("stranger", side, &[Post::Lead]);
        desk.after(9 * HOUR);
        let (id, _) = lists(&desk, lead)[0];
        assert!(lists(&desk, stranger).is_empty());
        let read = desk.run_as(desk.ctx(stranger), move |tx, ctx| stocktake::lines(tx, ctx, id, None, 9));
        assert_eq!(read.unwrap_err().class(), Class::NotFound);
        let signed = step(&desk, stranger, id, StocktakeStep::Sign(Remark { text: None })).unwrap_err();
        assert_eq!(signed.class(), Class::NotFound);
    });
}
