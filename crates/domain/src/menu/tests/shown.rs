//! What callers hear in the shipped menu.

use super::*;
use crate::locale::Locale;

const WHO: &str = "who is 13800000001";

/// CALL-8, CALL-9: who is unknown hears the menu, chooses and waits; the call
/// record has the way.
#[test]
fn a_caller_chooses_and_waits() {
    let mut phone = Phone::new(front_desk());
    assert_eq!(told(&phone.begin()), ["welcome recorded"]);
    assert_eq!(told(&phone.step(Input::Played)), [WHO]);
    assert_eq!(told(&phone.step(Input::Known(None))), ["main", "key within 5"]);
    assert_eq!(told(&phone.step(Input::Played)), [""; 0], "the key is waited for");
    assert_eq!(told(&phone.step(Input::Digit('9'))), ["wrong main", "key within 5"]);
    assert_eq!(told(&phone.step(Input::Timeout)), ["silent main", "key within 5"]);
    assert_eq!(told(&phone.step(Input::Digit('1'))), ["to_agent", "queue front_desk"]);
    assert!(phone.walk().is_waiting() && !phone.walk().is_over());
    let steps: Vec<(String, Option<char>)> =
        phone.walk().news().into_iter().map(|step| (step.text.zh, step.key)).collect();
    let way = [
        ("欢迎", None),
        ("识别来电", None),
        ("所拨号码", None),
        ("主菜单", None),
        ("报修", Some('1')),
        ("前台排队", None),
    ];
    assert_eq!(steps, way.map(|(text, key)| (text.to_owned(), key)));
    assert!(phone.walk().news().is_empty(), "each step is told once");
    assert_eq!(phone.walk().path().len(), 6);
    phone.step(Input::Over);
    assert!(phone.walk().is_over());
}

/// CALL-4: who says nothing, or presses what means nothing, comes to a person.
#[test]
fn who_presses_nothing_comes_to_a_person() {
    for input in [Input::Timeout, Input::Digit('*')] {
        let mut phone = Phone::new(front_desk());
        phone.begin();
        phone.step(Input::Played);
        phone.step(Input::Timeout);
        phone.step(input.clone());
        phone.step(input.clone());
        assert_eq!(told(&phone.step(input)), ["to_agent", "queue front_desk"]);
    }
}

/// CALL-4: a key that is held down for ever comes to a person too.
#[test]
fn a_stuck_key_comes_to_a_person() {
    let mut phone = Phone::new(front_desk());
    phone.begin();
    phone.step(Input::Digit('#'));
    phone.step(Input::Known(None));
    let mut pressed = 0;
    while !phone.walk().is_waiting() {
        phone.step(Input::Digit('#'));
        pressed += 1;
        assert!(pressed <= MOST_MOVES, "it ends");
    }
    assert_eq!(phone.walk().place(), "agents");
}

/// CALL-4: those who know the menu need not listen.
#[test]
fn keys_may_come_before_the_question() {
    let mut phone = Phone::new(front_desk());
    phone.begin();
    assert_eq!(told(&phone.step(Input::Digit('2'))), [WHO]);
    assert_eq!(told(&phone.step(Input::Known(None))), ["to_agent", "queue complaints"]);
}

/// CALL-18, CALL-20: the dialled number tells the service.
#[test]
fn the_complaint_line_leads_to_complaints() {
    let mut phone = Phone::new(front_desk());
    phone.service = Some("complaint");
    phone.begin();
    phone.step(Input::Played);
    let acts = phone.step(Input::Timeout);
    assert_eq!(told(&acts), ["to_agent", "queue complaints"]);
    let Some(Act::Queue { wishes, .. }) = acts.last() else { panic!("{acts:?}") };
    assert_eq!(wishes.priority, 5);
}

/// CALL-19: before a purchase a person guides it, and the machine tells what follows it.
#[test]
fn before_a_purchase_the_choice_is_guidance_or_the_service_after_it() {
    let mut phone = Phone::new(front_desk());
    phone.begin();
    phone.step(Input::Played);
    phone.step(Input::Known(None));
    assert_eq!(told(&phone.step(Input::Digit('3'))), ["enquiry", "key within 5"]);
    assert_eq!(told(&phone.step(Input::Digit('2'))), ["after_sale"]);
    assert_eq!(told(&phone.step(Input::Played)), ["enquiry", "key within 5"], "then the choice again");
    assert_eq!(told(&phone.step(Input::Digit('1'))), ["to_agent", "queue front_desk"]);
}

/// CALL-9, SKILL-6, TEL-32: a known customer brings level, mood and dialect along.
#[test]
fn a_known_customer_brings_wishes() {
    let mut phone = Phone::new(front_desk());
    phone.begin();
    phone.step(Input::Played);
    let customer = Customer {
        level: Some("vip".into()),
        priority: 3,
        angry: true,
        skills: vec!["cantonese".into()],
        ..Customer::default()
    };
    let acts = phone.step(Input::Known(Some(customer)));
    let Some(Act::Queue { queue, wishes, treatment }) = acts.last() else { panic!("{acts:?}") };
    assert_eq!(queue, "front_desk", "no questions asked");
    assert_eq!((wishes.priority, wishes.angry), (3, true));
    assert_eq!(wishes.skills, [("cantonese".to_owned(), 1)].into());
    assert_eq!((wishes.longest, treatment.longest), (Some(600), Some(600)));
    assert_eq!(treatment.position(3, Some(4)).len(), 6);
    assert_eq!(phone.walk().customer().unwrap().level.as_deref(), Some("vip"));
}

/// CALL-8: who lives where something is known to be out of order hears of it first,
/// with the time by which it is to be over, and may still ask for a person.
#[test]
fn a_known_incident_is_told_first() {
    let mut phone = Phone::new(front_desk());
    let tell = |phone: &mut Phone, until: Option<Timestamp>| {
        phone.begin();
        phone.step(Input::Played);
        let incident = Some(KnownIncident { category: Some("water".into()), until });
        told(&phone.step(Input::Known(Some(Customer { incident, ..Customer::default() }))))
    };
    let said = tell(&mut phone, Some(at("2026-11-25T15:05")));
    let until = "incident incident_water incident_until ten digit_5 clock_hour digit_0 digit_5 clock_minute";
    assert_eq!(said, [&*format!("{until} incident_more"), "key within 8"]);
    assert_eq!(told(&phone.step(Input::Digit('0'))), ["to_agent", "queue front_desk"]);
    for other in [None, Some(at("2026-11-26T15:05")), Some(at("2026-11-25T09:00"))] {
        assert_eq!(tell(&mut phone, other)[0], "incident incident_water incident_more", "{other:?}");
    }
    assert_eq!(told(&phone.step(Input::Timeout)), ["goodbye"]);
    assert_eq!(told(&phone.step(Input::Played)), ["release"]);
    assert!(phone.walk().is_over());
}

/// CALL-17: at night an agent answers what cannot wait; whoever is on duty the rest,
/// else a message is taken.
#[test]
fn at_night_the_duty_table_answers() {
    let mut phone = Phone::new(front_desk());
    phone.now = at("2026-11-25T23:30");
    phone.duty = Some("13900000009");
    phone.begin();
    phone.step(Input::Played);
    phone.step(Input::Known(None));
    assert_eq!(told(&phone.step(Input::Digit('4'))), ["closed duty"]);
    assert_eq!(told(&phone.step(Input::Played)), [r#"OnDuty("13900000009")"#]);
    assert_eq!(told(&phone.step(Input::Failed)), ["voicemail"]);
    assert_eq!(told(&phone.step(Input::Played)), ["message for front_desk"]);
    assert_eq!(told(&phone.step(Input::Taken)), ["voicemail_done goodbye"]);
    assert_eq!(told(&phone.step(Input::Played)), ["release"]);
    phone.duty = None;
    assert!(phone.walk().is_over());
    phone.begin();
    phone.step(Input::Played);
    phone.step(Input::Known(None));
    assert_eq!(told(&phone.step(Input::Digit('4'))), ["voicemail"], "nobody is on duty");
    for key in ['0', '1', '2'] {
        phone.begin();
        phone.step(Input::Played);
        phone.step(Input::Known(None));
        phone.step(Input::Digit(key));
        assert!(phone.walk().is_waiting(), "a person is there all day and night: {key}");
    }
}

/// TEL-33, TEL-18: who does not want to wait is called back at a number of theirs.
#[test]
fn a_waiting_caller_asks_to_be_called_back() {
    let mut phone = Phone::new(front_desk());
    let wait = |phone: &mut Phone| {
        phone.begin();
        phone.step(Input::Played);
        phone.step(Input::Known(None));
        phone.step(Input::Digit('1'));
        assert_eq!(told(&phone.step(Input::Digit('7'))), [""; 0], "no offer has this key");
        assert_eq!(told(&phone.step(Input::Digit('1'))), ["call_back_ask"]);
    };
    wait(&mut phone);
    phone.step(Input::Played);
    for key in "13*0551234".chars() {
        assert_eq!(told(&phone.step(Input::Digit(key))), ["key within 8"]);
    }
    let said = told(&phone.step(Input::Digit('#')));
    assert_eq!(said[0], "front_desk calls 0551234");
    assert!(said[1].starts_with("call_back_done digit_0 digit_5"), "the number is repeated: {}", said[1]);
    wait(&mut phone);
    phone.step(Input::Played);
    assert_eq!(told(&phone.step(Input::Timeout))[0], "front_desk calls 13800000001", "the one that calls");
    phone.caller = None;
    wait_withheld(&mut phone);
}

fn wait_withheld(phone: &mut Phone) {
    phone.begin();
    assert_eq!(told(&phone.step(Input::Played)), ["main", "key within 5"], "nobody to look up");
    phone.step(Input::Digit('1'));
    phone.step(Input::Digit('1'));
    phone.step(Input::Played);
    assert_eq!(told(&phone.step(Input::Timeout)), ["voicemail"], "no number was given");
}

/// CALL-2: the call that the queue does not take is led on, not dropped.
#[test]
fn a_full_queue_leads_on() {
    let mut phone = Phone::new(front_desk());
    phone.begin();
    phone.step(Input::Played);
    phone.step(Input::Known(None));
    phone.step(Input::Digit('0'));
    assert_eq!(told(&phone.step(Input::Full)), ["full"]);
    assert_eq!(told(&phone.step(Input::Played)), ["voicemail"]);
}

/// CALL-14, X-34: hours over midnight belong to the day on which they start.
#[test]
fn hours_may_pass_midnight() {
    let menu = load("night.toml", NIGHT, &Surroundings::default()).unwrap();
    for (time, open) in [
        ("2026-11-25T19:59", false),
        ("2026-11-25T20:00", true),
        ("2026-11-26T07:59", true),
        ("2026-11-26T08:00", false),
        // Saturday morning belongs to Friday night, Saturday night to nobody
        ("2026-11-28T07:00", true),
        ("2026-11-28T21:00", false),
    ] {
        let mut phone = Phone::new(menu.clone());
        phone.now = at(time);
        phone.begin();
        assert_eq!(phone.walk().is_waiting(), open, "{time}");
    }
}

/// CALL-4: a menu is explained in words, each node once, with what callers hear.
#[test]
fn a_menu_is_explained() {
    let menu = front_desk();
    let text = explain(&menu, crate::locale::Locale::ZhCn, &|_| None);
    assert!(text.starts_with("# 客服前台 front-desk@1\n\n## hello 欢迎\n  “您好，客户服务中心。"), "{text}");
    assert!(text.contains("  2 投诉 → complaints\n") && text.contains("  1 回电 → number\n"), "{text}");
    for name in menu.nodes.keys() {
        assert_eq!(text.matches(&format!("\n## {name} ")).count(), 1, "{name}");
    }
    assert!(explain(&menu, crate::locale::Locale::En, &|_| None).contains("  nobody answers → message\n"));
}

/// CALL-11: whoever refuses by a key to be recorded is not, from there on, and hears so on the
/// way to where they wanted; whoever presses another key is.
#[test]
fn a_key_refuses_the_recording() {
    let menu = NIGHT.replace("start = \"hours\"", "start = \"ask\"")
        + r#"
[[node]]
name = "ask"
kind = "choose"
prompts = ["recorded"]
otherwise = "hours"
[[node.option]]
key = "9"
to = "refused"
[[node.option]]
key = "0"
to = "hours"
[[node]]
name = "refused"
kind = "no_recording"
title = { zh = "免录音", en = "No recording" }
prompts = ["beep"]
to = "hours"
"#;
    for (key, refused) in [('9', true), ('0', false)] {
        let mut phone = Phone::new(load("night", &menu, &Surroundings::default()).unwrap());
        phone.now = at("2026-11-25T21:00");
        phone.begin();
        let acts = told(&phone.step(Input::Digit(key)));
        assert_eq!(acts.last().map(String::as_str), Some("queue night"));
        assert_eq!((phone.walk().is_unrecorded(), acts.contains(&"beep".to_owned())), (refused, refused));
    }
    let shown = explain(&load("night", &menu, &Surroundings::default()).unwrap(), Locale::En, &|_| None);
    assert!(shown.contains("unrecorded, then → hours"), "{shown}");
    let faulty = menu.replace("prompts = [\"beep\"]\nto = \"hours\"", "prompts = [\"beep\"]");
    assert!(load("night", &faulty, &Surroundings::default()).is_err(), "it has to lead somewhere");
}
