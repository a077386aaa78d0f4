//! Tips, and the situations that they fit.

use super::content;
use crate::case::{Channel, Stage};
use crate::knowledge::{
    ArticleKind, CallMoment, Conditions, Content, Listening, Mood, Personality, Situation, Style, starter,
};
use std::collections::BTreeSet;

/// SKILL-12: what is asked for must be known and among what is asked; what says more
/// about the person comes first. X-30: style and personality are two things.
#[test]
fn a_tip_fits_what_is_known_of_the_person_and_the_matter() {
    let angry = Conditions { moods: vec![Mood::Angry], ..Conditions::default() };
    let stage = Conditions { stages: vec![Stage::Received], ..Conditions::default() };
    let both =
        Conditions { moods: vec![Mood::Angry], channels: vec![Channel::Phone], ..Conditions::default() };
    let now = Situation {
        mood: Some(Mood::Angry),
        stage: Some(Stage::Received),
        channel: Some(Channel::Visit),
        style: Some(Style::Analytical),
        ..Situation::default()
    };
    assert!(angry.fit(&now) > stage.fit(&now) && stage.fit(&now).is_some());
    assert_eq!(both.fit(&now), None, "another channel");
    assert_eq!(angry.fit(&Situation::default()), None, "the mood is not known");
    assert_eq!(Conditions::default().fit(&now), None, "no condition is no tip");
    let personality = Conditions { personalities: vec![Personality::Analytical], ..Conditions::default() };
    assert_eq!(personality.fit(&now), None, "a style is no personality");
}

/// SKILL-10, SKILL-11, MOB-3, TXT-19: each of the kinds that the sources name has a
/// tip of its own in what is shipped.
#[test]
fn every_kind_of_person_has_a_tip() {
    let tips: Vec<Content> = starter().unwrap().into_iter().map(|file| file.content).collect();
    let has = |now: Situation| {
        tips.iter().filter(|tip| tip.kind == ArticleKind::Tip).any(|tip| tip.when.fit(&now).is_some())
    };
    for mood in Mood::ALL {
        assert!(has(Situation { mood: Some(*mood), ..Situation::default() }), "{mood}");
    }
    for listening in Listening::ALL {
        assert!(has(Situation { listening: Some(*listening), ..Situation::default() }), "{listening}");
    }
    for style in Style::ALL {
        assert!(has(Situation { style: Some(*style), ..Situation::default() }), "{style}");
    }
    for personality in Personality::ALL {
        assert!(has(Situation { personality: Some(*personality), ..Situation::default() }), "{personality}");
    }
}

/// TEL-19, TEL-25, TEL-31, issue 7: each moment of a call has a tip of its own, an angry caller one
/// more, and a moment says nothing where none is known.
#[test]
fn every_moment_of_a_call_has_a_tip() {
    let tips: Vec<Content> = starter().unwrap().into_iter().map(|file| file.content).collect();
    let fitting = |now: &Situation| -> BTreeSet<String> {
        let fits = |tip: &&Content| tip.kind == ArticleKind::Tip && tip.when.fit(now).is_some();
        tips.iter().filter(fits).flat_map(|tip| tip.sources.clone()).collect()
    };
    for moment in CallMoment::ALL {
        let found = fitting(&Situation { moment: Some(*moment), ..Situation::default() });
        assert!(found.iter().any(|source| source.starts_with("TEL-")), "{moment}");
    }
    let talking = Situation { moment: Some(CallMoment::Talking), ..Situation::default() };
    assert!(!fitting(&talking).contains("TEL-31"));
    let angry = Situation { mood: Some(Mood::Angry), ..talking };
    assert!(fitting(&angry).contains("TEL-31"));
    let dialling = Situation { moment: Some(CallMoment::Dialling), ..Situation::default() };
    assert!(fitting(&dialling).is_superset(&["TEL-1", "TEL-2", "TEL-7", "TEL-34"].map(str::to_owned).into()));
    assert!(fitting(&Situation::default()).is_empty());
}

/// PROP-43: what was approved before moments were known keeps its digest.
#[test]
fn a_content_without_moments_keeps_its_digest() {
    assert!(!serde_json::to_string(&content("一")).unwrap().contains("moments"));
}
