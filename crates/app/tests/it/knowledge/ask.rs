//! What a question is answered with, in the box and beside a case.

use huiyin_app::Error;
use huiyin_app::case;
use huiyin_app::case::NewCase;
use huiyin_app::knowledge;
use huiyin_app::knowledge::Beside;
use huiyin_app::knowledge::Found;
use huiyin_app::knowledge::Library;
use huiyin_app::party;
use huiyin_app::party::PartyChange;
use huiyin_app::party::Reporter;
use huiyin_domain::knowledge::Manner;
use huiyin_domain::knowledge::Mood;
use huiyin_domain::knowledge::Style;
use huiyin_domain::knowledge::starter;
use huiyin_domain::text::Text;
use huiyin_testkit::engines::both_engines_migrated;
use serde::Deserialize;
use serde_json::json;

use super::{Desk, article, values};
use crate::errands::new_case;

#[derive(Deserialize)]
struct Questions {
    questions: Vec<(String, String)>,
}

/// PROP-7 and issue 6: of 180 questions as agents type them, each finds its article
/// or field among the first three.
#[test]
fn every_question_finds_its_answer_among_the_first_three() {
    let questions: Questions = toml::from_str(include_str!("questions.toml")).unwrap();
    let library = Library::of_files(starter().unwrap());
    assert!(questions.questions.len() >= 180, "{}", questions.questions.len());
    let mut missed = Vec::new();
    for (answer, question) in &questions.questions {
        let found = library.names(question, 3);
        if !found.contains(answer) {
            missed.push(format!("{question}: {answer} is not among {found:?}"));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// PROP-1, PROP-7: a question such as 停车费 gives the value itself: of the estate that
/// it names, of the unit where the caller is, else of every estate; at once after a change.
#[test]
fn a_question_gives_the_value_itself() {
    both_engines_migrated(|store| {
        let desk = Desk::new(store);
        let pair = |name: &str, said: &str| (name.to_owned(), said.to_owned());
        assert_eq!(values(&desk.ask("停车费", None)), [], "no sheet has it yet");
        desk.facts(
            desk.lead,
            desk.north,
            0,
            &[("fee_parking_month", Some("320")), ("address", Some("滨江路88号"))],
        )
        .unwrap();
        desk.facts(desk.lead, desk.south, 0, &[("fee_parking_month", Some("450.5"))]).unwrap();
        let all = [pair("unit north", "320.00元/月"), pair("unit south", "450.50元/月")];
        assert_eq!(values(&desk.ask("停车费", None)), all);
        assert_eq!(
            values(&desk.ask("停车费", Some(desk.errands.root()))),
            all,
            "a centre answers for its estates"
        );
        assert_eq!(values(&desk.ask("停车费", Some(desk.south))), all[1..]);
        assert_eq!(values(&desk.ask("unit north停车费多少", Some(desk.south))), all[..1], "the words decide");
        desk.facts(desk.lead, desk.north, 1, &[("fee_parking_month", Some("300"))]).unwrap();
        assert_eq!(values(&desk.ask("停车费", Some(desk.north))), [pair("unit north", "300.00元/月")]);
        desk.facts(desk.lead, desk.north, 2, &[("fee_parking_month", None)]).unwrap();
        assert_eq!(values(&desk.ask("停车费", Some(desk.north))), []);
    });
}

/// SKILL-12, MOB-4, X-30: beside a case stand the tips for what is known of the person
/// and the matter, and answers to its own words or to what is typed.
#[test]
fn tips_and_answers_stand_beside_a_case() {
    both_engines_migrated(|store| {
        let desk = Desk::new(store);
        assert_eq!(desk.starter().opened, starter().unwrap().len() as u32);
        let reporter = Reporter {
            name: Some(Text::new("钱女士").unwrap()),
            phone: Some("13800007788".into()),
            address: None,
            household: None,
        };
        let new = NewCase { reporter: Some(reporter), ..new_case(desk.north) };
        let (app, ctx) = (desk.errands.app.clone(), desk.errands.ctx(desk.agent));
        let made =
            desk.errands.run_as(ctx, move |tx, ctx| case::create(tx, ctx, &app.rules, &app.numbers, new));
        let case = made.unwrap().0.id;
        let plain = desk.beside(Beside { case: Some(case), most: 5, ..Beside::default() });
        assert!(!plain.tips.is_empty() && plain.mood.is_none());
        let topic =
            |found: &Found| if let Found::Article(found) = found { found.topic.clone() } else { None };
        assert!(plain.items.iter().filter_map(topic).any(|topic| topic == "噪音扰民"), "{:?}", plain.items);
        let angry = Beside { case: Some(case), mood: Some(Mood::Angry), most: 5, ..Beside::default() };
        let angry = desk.beside(angry);
        assert!(angry.tips.iter().any(|tip| tip.sources.contains(&"SKILL-4".to_owned())), "{:?}", angry.tips);
        let typed =
            Beside {
                case: Some(case), text: Some("电梯停了有人被困".into()), most: 3, ..Beside::default()
            };
        assert!(desk.beside(typed).items.iter().filter_map(topic).any(|topic| topic == "电梯故障"));
        let style = |desk: &Desk| {
            let shown = desk.beside(Beside { case: Some(case), most: 1, ..Beside::default() });
            shown.tips.iter().any(|tip| tip.sources.contains(&"SKILL-11".to_owned()))
        };
        assert!(!style(&desk));
        let (app, ctx) = (desk.errands.app.clone(), desk.errands.ctx(desk.agent));
        let party = app.store.read_blocking(move |tx| {
            let (loaded, _) = case::visible(tx, &ctx, case)?;
            Ok::<_, Error>(loaded.case.parties.first().map(|party| party.party))
        });
        let party = party.unwrap().expect("somebody complained");
        let manner = Manner { style: Some(Style::Dominant), ..Manner::default() };
        let change = PartyChange { version: 1, manner: Some(manner), ..PartyChange::default() };
        let kept = desk
            .errands
            .run_as(desk.errands.ctx(desk.agent), move |tx, ctx| party::change(tx, ctx, party, &change));
        assert_eq!(kept.unwrap().manner, manner);
        assert!(style(&desk), "the tip of the style is shown at the next contact");
    });
}

/// PHRASE-10, PHRASE-11, PHRASE-12: sentences are offered to who writes, those that fit
/// the case first; a house's own take the place of those of the binary.
#[test]
fn sentences_that_fit_come_first() {
    both_engines_migrated(|store| {
        let desk = Desk::new(store);
        let (app, id) = (desk.errands.app.clone(), desk.errands.complaint(desk.agent, desk.north));
        let listed = |case| {
            let app = app.clone();
            let by = desk.errands.ctx(desk.agent);
            desk.errands.run_as(by, move |tx, ctx| knowledge::sentences(tx, ctx, &app, case)).unwrap()
        };
        let shipped = listed(None);
        assert_eq!(shipped.iter().filter(|class| class.sources == ["PHRASE-11"]).count(), 8);
        assert!(shipped.iter().all(|class| class.article.is_none() && !class.sentences.is_empty()));
        desk.starter();
        let beside = listed(Some(id));
        assert!(beside.iter().all(|class| class.article.is_some()));
        assert!(beside.is_sorted_by_key(|class| !class.fits));
        let fits = |title: &str| beside.iter().find(|class| class.title == title).map(|class| class.fits);
        assert_eq!(fits("澄清用语"), Some(true), "at the beginning something is to be cleared up");
        assert_eq!(fits("挽留用语"), Some(false), "and nobody is to be kept yet");
        let clearing = beside.iter().find(|class| class.title == "澄清用语").unwrap();
        assert!(clearing.sentences.contains(&"请您再详细讲一次。".to_owned()), "{clearing:?}");
        let own = json!({"kind": "sentences", "body": "- 欢迎回家\n\n- 雨天路滑"});
        let made = desk.open(desk.lead, article("本园问候", own)).unwrap();
        desk.published(made.id).unwrap();
        let own = listed(None).into_iter().find(|class| class.article == Some(made.id)).unwrap();
        assert_eq!((own.sentences, own.fits), (vec!["欢迎回家".to_owned(), "雨天路滑".to_owned()], true));
    });
}
