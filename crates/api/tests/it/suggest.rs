//! What a message says by itself: category, warnings, points, what is alike.

use crate::story::Story;
use crate::{with_admin, word};
use axum::http::StatusCode;
use huiyin_app::case::{ImportedCase, import};
use huiyin_app::work::{Runner, everything};
use huiyin_app::{Actor, Error};
use huiyin_domain::case::{Channel, ClosureKind, External, Kind};
use huiyin_domain::locale::Locale;
use huiyin_domain::people::Post;
use huiyin_domain::text::Text;
use huiyin_domain::time::Timestamp;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::Client;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const MODELS: &str = "/api/v1/text/models";

async fn suggested(by: &Client, text: &str) -> Value {
    by.post("/api/v1/text/suggest", &json!({"text": text})).await.expect(StatusCode::OK).json()
}

/// Takes over closed cases whose final category is known.
async fn closed(app: &TestApp, owner: &Client, cases: usize) {
    const KNOWN: [(&str, &str); 2] =
        [("equipment", "电梯停运困人，维修师傅一直没来修理"), ("service", "保安态度恶劣，说话难听，还骂人")];
    let (edge, org, unit) = (app.edge.clone(), app.org, app.unit);
    let owner = owner.id.expect("a person");
    let now = app.clock_now();
    let taken = tokio::task::spawn_blocking(move || {
        let ctx = edge.app.ctx(Actor::command_line(org), "test", Locale::ZhCn);
        let rules = edge.app.rules.clone();
        edge.app.store.write_blocking(move |tx| {
            for number in 0..cases {
                let (category, text) = KNOWN[number % 2];
                let at = |hours: i64| Timestamp::from_micros(now.micros() - hours * 3_600_000_000);
                let new = ImportedCase {
                    external: External { source: "test".to_owned(), id: number.to_string() },
                    number: None,
                    kind: Kind::Complaint,
                    channel: Channel::Phone,
                    unit,
                    owner,
                    received_at: at(3_000),
                    title: None,
                    text: Text::new(&format!("{}栋{text}，第{number}次", number % 9 + 1)).expect("a text"),
                    anonymous: true,
                    no_usable_contact: true,
                    category: Some(category.to_owned()),
                    final_category: Some(category.to_owned()),
                    fields: BTreeMap::new(),
                    parties: Vec::new(),
                    follows: None,
                    reply: None,
                    closed: Some((ClosureKind::Satisfied, at(2_900))),
                    note: None,
                };
                import(tx, &ctx, &rules, new)?;
            }
            Ok::<_, Error>(())
        })
    });
    taken.await.expect("a thread").expect("cases are taken over");
}

async fn work(app: &TestApp) {
    let (handlers, ticks) = everything(&app.edge.app);
    let runner = Runner::new(app.edge.app.clone(), handlers, ticks);
    for _ in 0..4 {
        runner.run_due(app.clock_now()).await.expect("machine work");
    }
}

/// Issue 6 §4, PROP-42, PROP-76: while nothing was learned only a category that the
/// text names is told, without a confidence; warnings and points come with words.
#[test]
fn a_message_is_read_before_anything_was_learned() {
    with_admin(|app, admin| async move {
        let mei = app.with_person("mei", &[Post::Agent]);
        let read =
            suggested(&mei, "电梯困人，老人摔伤送医。另外，保安打人，业主们要拉横幅，请尽快处理！").await;
        assert_eq!((&read["categories"], &read["no_category"]), (&json!([]), &json!("nothing_learned")));
        let risks: Vec<&str> =
            read["warnings"].as_array().into_iter().flatten().map(|one| word(&one["risk"])).collect();
        for risk in ["danger", "violence", "injury", "group"] {
            assert!(risks.contains(&risk), "{risk}: {read}");
        }
        assert!(read["warnings"].as_array().into_iter().flatten().all(|one| !word(&one["word"]).is_empty()));
        let points = read["points"].as_array().cloned().unwrap_or_default();
        assert!(points.len() >= 2 && points.iter().any(|one| one["is_request"] == json!(true)), "{read}");
        let named = suggested(&mei, "我要投诉设备管理").await;
        let first = &named["categories"][0];
        assert_eq!(
            (&first["basis"], &first["confidence"], &first["model"]),
            (&json!("name"), &Value::Null, &json!(0)),
            "{named}"
        );
        for odd in ["。", "😀", "<div>", &"啊".repeat(20_000), ".*+?^${}()|[]\\", "a"] {
            let read = suggested(&mei, odd).await;
            assert_eq!(read["categories"], json!([]), "{odd}");
        }
        mei.post("/api/v1/text/suggest", &json!({"text": " "})).await.problem(422, "invalid_body");
        let elsewhere = json!({"text": "停水", "unit": "0199c82c-0000-7000-8000-000000000001"});
        mei.post("/api/v1/text/suggest", &elsewhere).await.problem(422, "invalid_body");
        mei.get(MODELS).await.problem(403, "forbidden");
        mei.post(MODELS, &json!({})).await.problem(403, "forbidden");
        let list = admin.get(MODELS).await.expect(StatusCode::OK).json();
        assert_eq!((&list["items"], &list["closed_cases"]), (&json!([]), &json!(0)));
    });
}

/// Issue 6 §4: learned from closed cases with a final category once there are
/// enough, versioned; the words that decided are told, what the person chose stays,
/// and how often people agreed is counted.
#[test]
fn categories_are_learned_from_closed_cases_and_agreement_is_counted() {
    with_admin(|app, admin| async move {
        let mei = app.with_person("mei", &[Post::Agent]);
        closed(&app, &mei, 30).await;
        let ask = async || {
            let _ = admin.post(MODELS, &json!({})).await.expect(StatusCode::ACCEPTED);
            work(&app).await;
            admin.get(MODELS).await.expect(StatusCode::OK).json()
        };
        let few = ask().await;
        assert_eq!((&few["items"], &few["closed_cases"]), (&json!([]), &json!(30)), "too few");
        assert_eq!(suggested(&mei, "电梯又停了").await["no_category"], "nothing_learned");
        closed(&app, &mei, 80).await;
        let list = ask().await;
        let model = &list["items"][0];
        assert_eq!(
            (&model["version"], &model["learned_from"], &model["labels"]),
            (&json!(1), &json!(80), &json!(2)),
            "{list}"
        );
        assert!(model["accuracy"].as_f64().is_some_and(|share| share > 0.9), "{list}");
        let read = suggested(&mei, "五栋电梯停运，没人来修理").await;
        let first = &read["categories"][0];
        assert_eq!(
            (&first["code"], &first["basis"], &first["model"]),
            (&json!("equipment"), &json!("model"), &json!(1)),
            "{read}"
        );
        assert!(first["confidence"].as_f64().is_some_and(|share| (0.5..=1.0).contains(&share)), "{read}");
        let words = first["words"].as_array().cloned().unwrap_or_default();
        assert!(words.iter().any(|one| word(one).contains("电梯")), "the words that decided: {read}");
        assert_eq!(suggested(&mei, "😀😀").await["no_category"], "nothing_known");
        let suggestion = json!({"category": "equipment", "confidence": 0.9, "model": 1});
        for chosen in ["equipment", "service"] {
            let new = json!({"kind": "complaint", "channel": "phone", "text": "电梯停运", "category": chosen,
                "suggested": suggestion});
            let made = mei.post("/api/v1/cases", &new).await.expect(StatusCode::CREATED).json();
            let case = mei.get(&format!("/api/v1/cases/{}", word(&made["id"]))).await.json();
            assert_eq!(case["category"], chosen, "what a person chose stays");
        }
        let odd = json!({"kind": "complaint", "channel": "phone", "text": "电梯",
            "suggested": {"category": "no_such", "model": 1}});
        let refused = mei.post("/api/v1/cases", &odd).await.problem(422, "invalid_body");
        assert_eq!(refused["fields"][0]["path"], "suggested.category");
        let counted = admin.get(MODELS).await.json()["items"][0].clone();
        assert_eq!(
            (&counted["shown"], &counted["accepted"], &counted["settled"]),
            (&json!(2), &json!(1), &json!(0)),
            "{counted}"
        );
        let next = ask().await;
        assert_eq!(next["items"][0]["version"], 2, "asked for, it is learned again");
        assert_eq!(suggested(&mei, "电梯停运").await["categories"][0]["model"], 2);
    });
}

/// PROP-83, PROP-90: a new message finds the open cases that are about the same,
/// with the reason, whoever changed them meanwhile; what may not be seen is not told.
#[test]
fn a_message_finds_open_cases_about_the_same() {
    with_admin(|app, _| async move {
        let (mei, lan) = (app.with_person("mei", &[Post::Agent]), app.with_person("lan", &[Post::Lead]));
        let (stranger, hua) =
            (app.with_person("tom", &[Post::Employee]), app.with_person("hua", &[Post::Head]));
        let record = async |text: &str| {
            let new = json!({"kind": "complaint", "channel": "phone", "text": text});
            let made = mei.post("/api/v1/cases", &new).await.expect(StatusCode::CREATED).json();
            word(&made["id"]).to_owned()
        };
        let lift = record("3期5栋2单元电梯从昨晚起停运，没人来修").await;
        let _ = record("3期6栋1单元楼下商铺半夜装修，电钻声太吵").await;
        let again = "5栋2单元的电梯又停运了，老人上不了楼";
        let read = suggested(&mei, again).await;
        let first = &read["alike"][0];
        assert_eq!(first["id"], lift, "{read}");
        assert!(first["probability"].as_f64().is_some_and(|p| p >= 0.5), "{read}");
        let reasons = first["reasons"].as_array().cloned().unwrap_or_default();
        assert!(reasons.contains(&json!("number")) && reasons.contains(&json!("matter")), "{read}");
        assert_eq!(read["alike"].as_array().map(Vec::len), Some(1), "another matter is none: {read}");
        assert_eq!(suggested(&stranger, again).await["alike"], json!([]), "who may not see it hears nothing");
        let second = record(again).await;
        let alike = mei.get(&format!("/api/v1/cases/{second}/alike")).await.expect(StatusCode::OK).json();
        assert_eq!(alike["items"][0]["id"], lift, "a case finds its like, not itself: {alike}");
        stranger.get(&format!("/api/v1/cases/{second}/alike")).await.problem(404, "not_found");
        let third = record("5栋2单元电梯又停运了，没人来修").await;
        let all = |read: &Value| read["alike"].as_array().map_or(0, Vec::len);
        assert_eq!(all(&suggested(&mei, again).await), 3);
        let mut third = Story { id: third, version: 1 };
        third.act(&mei, "request_approval", json!({"of": "void", "text": "误登"})).await;
        third.act(&hua, "decide_approval", json!({"approval": 1, "decision": "granted"})).await;
        third.act(&lan, "void", json!({"reason": "误登"})).await;
        app.clock.advance(1);
        assert_eq!(all(&suggested(&mei, again).await), 2, "what was void is told no more");
        let open = json!({"title": "5栋2单元电梯停运", "reason": "同一台电梯", "members": [{"case": lift}]});
        let made = lan.post("/api/v1/incidents", &open).await.expect(StatusCode::CREATED).json();
        let known = mei.get("/api/v1/incidents/known?text=5%E6%A0%8B2%E5%8D%95%E5%85%83%E7%94%B5%E6%A2%AF%E5%81%9C%E8%BF%90").await;
        let known = known.expect(StatusCode::OK).json();
        assert_eq!(known["items"][0]["id"], made["id"], "{known}");
        assert!(known["items"][0]["probability"].as_f64().is_some_and(|p| p >= 0.5), "{known}");
        let read = suggested(&mei, again).await;
        let of_lift = read["alike"].as_array().into_iter().flatten().find(|one| one["id"] == lift);
        assert_eq!(of_lift.map(|one| &one["incident"]), Some(&made["id"]), "{read}");
        let join = json!({"kind": "join", "reason": "同一台电梯", "members": [{"case": second}]});
        let at = format!("/api/v1/incidents/{}/operations", word(&made["id"]));
        let _ = lan.post(&at, &join).await;
        let heat = lan.get(&format!("/api/v1/incidents/{}/heat", word(&made["id"]))).await;
        let heat = heat.expect(StatusCode::OK).json();
        let days = heat["items"].as_array().cloned().unwrap_or_default();
        assert_eq!(days.len(), 1, "{heat}");
        assert_eq!(days[0]["contacts"], 2, "both cases reached us today: {heat}");
    });
}
