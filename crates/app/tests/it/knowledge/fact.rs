//! Sheets of facts, and who knows them by heart.

use huiyin_app::knowledge;
use huiyin_app::notify;
use huiyin_domain::knowledge::quiz::Answer;
use huiyin_domain::knowledge::quiz::Question;
use huiyin_domain::knowledge::quiz::Quiz;
use huiyin_domain::people::Post;
use huiyin_domain::text::Text;
use huiyin_testkit::engines::both_engines_migrated;
use serde_json::json;

use super::{Desk, article, why};

/// PROP-6, PROP-8: what a sheet lacks is listed; a change is told to whom it concerns,
/// stands in the history, and is unread until somebody reads it.
#[test]
fn a_change_of_a_sheet_is_told_and_has_to_be_read() {
    both_engines_migrated(|store| {
        let desk = Desk::new(store);
        let guest = desk.errands.appoint("gu", desk.errands.root(), &[Post::Employee]);
        let north = desk.north;
        assert_eq!(why(desk.facts(guest, north, 0, &[("address", Some("x"))])), "forbidden");
        assert_eq!(why(desk.facts(desk.lead, north, 3, &[("address", Some("x"))])), "stale");
        let wrong = [("address", Some(" ")), ("fee_water", Some("三块")), ("nothing", Some("1"))];
        let refused = desk.facts(desk.lead, north, 0, &wrong).unwrap_err();
        let fields: Vec<(&str, &str)> =
            refused.fields().iter().map(|field| (&*field.path, &*field.code)).collect();
        assert_eq!(
            fields,
            [
                ("values.address", "text_length"),
                ("values.fee_water", "invalid_amount"),
                ("values.nothing", "unknown_field")
            ]
        );
        assert_eq!(
            why(desk.facts(desk.lead, desk.errands.root(), 0, &[])),
            "not_found",
            "a centre has no sheet"
        );
        assert_eq!(desk.facts(desk.lead, north, 0, &[]).unwrap(), 0, "nothing changed is no version");
        assert_eq!(desk.facts(desk.lead, north, 0, &[("address", Some("滨江路88号"))]).unwrap(), 1);
        let reader = desk.errands.ctx(desk.agent);
        let sheet =
            desk.errands.run_as(reader.clone(), move |tx, ctx| knowledge::sheet(tx, ctx, north)).unwrap();
        assert!(
            !sheet.missing.contains(&"address".to_owned())
                && sheet.missing.contains(&"households".to_owned())
        );
        assert_eq!((desk.unread(desk.agent), desk.unread(desk.lead), desk.unread(guest)), (1, 0, 0));
        desk.errands.after(1);
        let told = desk.errands.run_as(reader.clone(), notify::unread).unwrap();
        assert_eq!(told, 1, "the agent was told");
        desk.errands.run_as(reader, move |tx, ctx| knowledge::note_sheet_read(tx, ctx, north)).unwrap();
        assert_eq!(desk.unread(desk.agent), 0);
        desk.facts(desk.agent, north, 1, &[("address", Some("滨江路90号"))]).unwrap();
        assert_eq!((desk.unread(desk.agent), desk.unread(desk.lead)), (0, 1), "who changed it knows it");
        let by = desk.errands.ctx(desk.lead);
        let changes = desk
            .errands
            .run_as(by, move |tx, ctx| knowledge::fact_changes(tx, ctx, north, (None, 10)))
            .unwrap();
        assert_eq!(changes.iter().map(|change| change.version).collect::<Vec<_>>(), [2, 1]);
        assert!(changes[0].changes.contains("滨江路88号") && changes[0].changes.contains("滨江路90号"));
        assert!(desk.errands.audited().contains(&"facts_changed".to_owned()));
    });
}

/// PROP-8: score and day of an attempt are recorded, against the sheet as it stands;
/// leads see who knows what, others see their own.
#[test]
#[expect(clippy::too_many_lines, reason = "one story, told in one go")]
fn mastery_is_recorded_with_score_and_day() {
    both_engines_migrated(|store| {
        let desk = Desk::new(store);
        desk.facts(desk.lead, desk.north, 0, &[("phone_desk", Some("0999-6001088"))]).unwrap();
        let must = desk.open(desk.agent, article("口径", json!({"must_read": true}))).unwrap();
        desk.published(must.id).unwrap();
        let quiz = Quiz {
            unit: desk.errands.root(),
            title: Text::new("应知应会").unwrap(),
            pass_percent: 100,
            questions: vec![
                Question::Fact { unit: desk.north, field: "phone_desk".into() },
                Question::Choice {
                    text: Text::new("几条？").unwrap(),
                    options: vec![Text::new("一").unwrap(), Text::new("二").unwrap()],
                    right: vec![0],
                    article: must.id,
                },
            ],
        };
        let write = |by, quiz: Quiz| {
            desk.errands
                .run_as(desk.errands.ctx(by), move |tx, ctx| knowledge::write_quiz(tx, ctx, None, &quiz))
        };
        assert_eq!(why(write(desk.agent, quiz.clone())), "forbidden");
        let mut faulty = quiz.clone();
        faulty.questions[0] = Question::Fact { unit: desk.errands.root(), field: "phone_desk".into() };
        assert_eq!(why(write(desk.lead, faulty)), "unknown_unit");
        let id = write(desk.lead, quiz).unwrap().row.id;
        let seen = desk
            .errands
            .run_as(desk.errands.ctx(desk.agent), move |tx, ctx| knowledge::quiz(tx, ctx, id))
            .unwrap();
        let Question::Choice { right, .. } = &seen.quiz.questions[1] else { panic!("a choice") };
        assert!(right.is_empty() && !seen.mine, "who takes it does not see what is right");
        let take = |by, answers: Vec<Answer>| {
            desk.errands
                .run_as(desk.errands.ctx(by), move |tx, ctx| knowledge::take_quiz(tx, ctx, id, &answers))
        };
        let said = |words: &str| Answer::Said(words.into());
        assert!(!take(desk.agent, vec![said("110"), Answer::Chosen(vec![0])]).unwrap().score.passed);
        assert!(take(desk.agent, vec![said("0999 6001088"), Answer::Chosen(vec![0])]).unwrap().score.passed);
        assert_eq!(why(take(desk.agent, vec![said("1")])), "answers_needed");
        let root = desk.errands.root();
        let mastery =
            |by| desk.errands.run_as(desk.errands.ctx(by), move |tx, ctx| knowledge::mastery(tx, ctx, root));
        assert_eq!(why(mastery(desk.agent)), "forbidden");
        let people = mastery(desk.lead).unwrap().people;
        let mine = people.iter().find(|one| one.person == desk.agent).unwrap();
        assert_eq!((mine.unread, mine.attempts.len(), mine.attempts[0].percent), (2, 1, 100));
        let attempts = |by| {
            let list = move |tx: &mut huiyin_app::Tx<'_>, ctx: &huiyin_app::Ctx| {
                knowledge::attempts(tx, ctx, id, (None, 10))
            };
            desk.errands.run_as(desk.errands.ctx(by), list).unwrap().len()
        };
        assert_eq!((attempts(desk.agent), attempts(desk.lead), attempts(desk.head)), (2, 2, 2));
        let other = desk.errands.appoint("an", desk.errands.root(), &[Post::Agent]);
        assert_eq!(attempts(other), 0, "another sees their own");
        let close = desk
            .errands
            .run_as(desk.errands.ctx(desk.lead), move |tx, ctx| knowledge::close_quiz(tx, ctx, id, 1));
        assert!(close.unwrap().row.closed_at.is_some());
        assert_eq!(why(take(desk.agent, vec![said("1"), said("2")])), "quiz_closed");
    });
}
