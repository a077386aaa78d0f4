//! One browser, several people; one person, several organisations.

use crate::{with_admin, with_password, word};
use axum::http::StatusCode;
use huiyin_app::people::membership::NewMembership;
use huiyin_app::people::organisation::{self, NewOrganisation};
use huiyin_app::people::person;
use huiyin_app::{Actor, Error};
use huiyin_domain::locale::Locale;
use huiyin_domain::people::Post;
use huiyin_testkit::app::PASSWORD;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn taking(login: &str, secret: &str) -> Value {
    json!({"login": login, "secret": secret})
}

/// SLM-1, issue 3 §2: a shared desk changes hands by password or by the PIN of
/// who signed in there before; each works under the own name, the old cookie
/// is dead.
#[test]
fn a_shared_desk_changes_hands() {
    with_admin(|app, admin| async move {
        let _ = with_password(&app, &admin, "lin", &[Post::Agent]).await;
        let chen = with_password(&app, &admin, "chen", &[Post::Lead]).await;
        for (password, pin, path, code) in [
            ("wrong password", "482913", "password", "password_wrong"),
            (PASSWORD, "123456", "pin", "pin_common"),
            (PASSWORD, "12", "pin", "pin_shape"),
        ] {
            let body = json!({"password": password, "pin": pin});
            let problem = chen.post("/api/v1/pin", &body).await.problem(422, "invalid_body");
            assert_eq!(
                (&problem["fields"][0]["path"], &problem["fields"][0]["code"]),
                (&json!(path), &json!(code))
            );
        }
        let pin = json!({"password": PASSWORD, "pin": "482913"});
        let _ = chen.post("/api/v1/pin", &pin).await.expect(StatusCode::NO_CONTENT);
        let by = "/api/v1/session/person";
        let desk = app.anonymous().sign_in("chen", PASSWORD).await;
        let other_desk = app.anonymous().sign_in("lin", PASSWORD).await;
        other_desk.post(by, &taking("chen", "482913")).await.problem(401, "login_failed");
        desk.post(by, &taking("lin", "wrong password")).await.problem(401, "login_failed");
        let _ = desk.get("/api/v1/session").await.expect(StatusCode::OK);
        let taken = desk.post(by, &taking("lin", PASSWORD)).await.expect(StatusCode::OK);
        assert_eq!(word(&taken.json()["login"]), "lin");
        desk.get("/api/v1/session").await.problem(401, "unauthenticated");
        let desk = app.anonymous().adopt(&taken);
        let matter = json!({"kind": "complaint", "channel": "phone", "text": "灯不亮"});
        let made = desk.post("/api/v1/cases", &matter).await.expect(StatusCode::CREATED).json();
        let lin = desk.get("/api/v1/session").await.expect(StatusCode::OK).json();
        assert_eq!(made["owner"], lin["person"], "each works under the own name");
        let back = desk.post(by, &taking("chen", "482913")).await.expect(StatusCode::OK);
        let desk = app.anonymous().adopt(&back);
        assert_eq!(word(&desk.get("/api/v1/session").await.json()["login"]), "chen");
        chen.post(by, &taking("lin", PASSWORD)).await.problem(422, "session_needed");
        let none = json!({"password": PASSWORD, "pin": null});
        let _ = chen.post("/api/v1/pin", &none).await.expect(StatusCode::NO_CONTENT);
        let taken = desk.post(by, &taking("lin", PASSWORD)).await.expect(StatusCode::OK);
        let desk = app.anonymous().adopt(&taken);
        desk.post(by, &taking("chen", "482913")).await.problem(401, "login_failed");
    });
}

/// Issue 3 §2: whoever has a place in several organisations works in one at a
/// time; one without a place there is as unknown as one that is not.
#[test]
fn a_person_works_in_one_organisation_at_a_time() {
    with_admin(|app, _| async move {
        let (edge, ours) = (app.edge.clone(), app.org);
        let founded = tokio::task::spawn_blocking(move || {
            let founder = edge.app.ctx(Actor::command_line(ours), "test", Locale::ZhCn);
            edge.app.store.write_blocking(move |tx| {
                let new = NewOrganisation { code: "client".into(), ..NewOrganisation::default_one() };
                let made = organisation::create(tx, &founder, &new)?;
                let inside = organisation::within(&founder, made.org);
                let posts = BTreeSet::from([Post::Agent]);
                let place = NewMembership { unit: made.root_unit, posts, valid_from: None, valid_to: None };
                person::invite(tx, &inside, "admin", &place).map(|_| made.root_unit)
            })
        });
        let there: Result<_, Error> = founded.await.expect("a thread");
        let there = there.expect("a second organisation");
        let browser = app.anonymous().sign_in("admin", PASSWORD).await;
        let all = browser.get("/api/v1/session/organisations").await.expect(StatusCode::OK).json();
        let codes: BTreeSet<&str> =
            all["items"].as_array().into_iter().flatten().map(|one| word(&one["code"])).collect();
        assert_eq!(codes, BTreeSet::from(["client", "default"]));
        let to = |code: &str| json!({"organisation": code});
        let mut refusals = Vec::new();
        for code in ["twin", "nowhere"] {
            let refused =
                browser.post("/api/v1/session/organisation", &to(code)).await.problem(422, "invalid_body");
            refusals.push(refused["fields"].clone());
        }
        assert_eq!(refusals[0], refusals[1], "no word tells which codes there are");
        assert_eq!(refusals[0][0]["code"], "organisation_unknown");
        let moved =
            browser.post("/api/v1/session/organisation", &to("client")).await.expect(StatusCode::OK).json();
        assert_eq!(word(&moved["organisation"]["code"]), "client");
        let units = browser.get("/api/v1/units").await.expect(StatusCode::OK).json();
        let ids: Vec<&Value> =
            units["items"].as_array().into_iter().flatten().map(|unit| &unit["id"]).collect();
        assert_eq!(ids, [&json!(there)], "only what is there");
        browser.get("/api/v1/webhooks").await.problem(403, "forbidden");
        let _ = browser.post("/api/v1/session/organisation", &to("default")).await.expect(StatusCode::OK);
        let _ = browser.get("/api/v1/webhooks").await.expect(StatusCode::OK);
        let token = app.with_person("mei", &[Post::Agent]);
        token.post("/api/v1/session/organisation", &to("default")).await.problem(422, "session_needed");
    });
}

/// Issue 5 §2: who administers the first organisation founds another one in the
/// browser, sets it up, and it and the others see nothing of each other.
#[test]
fn a_second_organisation_is_founded_in_the_browser() {
    with_admin(|app, boss| async move {
        let _ = with_password(&app, &boss, "lin", &[Post::Agent]).await;
        let _ = with_password(&app, &boss, "chen", &[Post::Admin]).await;
        let new = json!({"code": "second", "name": "晴川物业"});
        boss.post("/api/v1/organisations", &new).await.problem(403, "forbidden");
        let agent = app.anonymous().sign_in("lin", PASSWORD).await;
        agent.post("/api/v1/organisations", &new).await.problem(403, "forbidden");
        assert_eq!(agent.get("/api/v1/organisation").await.json()["founds"], json!(false));
        let admin = app.anonymous().sign_in("chen", PASSWORD).await;
        assert_eq!(admin.get("/api/v1/organisation").await.json()["founds"], json!(true));
        let taken = json!({"code": "default", "name": "又一家"});
        admin.post("/api/v1/organisations", &taken).await.problem(409, "code_taken");
        let wrong = json!({"code": "no spaces", "name": "又一家"});
        let problem = admin.post("/api/v1/organisations", &wrong).await.problem(422, "invalid_body");
        assert_eq!(problem["fields"][0]["path"], "code");
        let made = admin.post("/api/v1/organisations", &new).await.expect(StatusCode::CREATED).json();
        assert_eq!((&made["code"], &made["pack"]), (&json!("second"), &json!("property")));
        let there = json!({"organisation": "second"});
        let _ = admin.post("/api/v1/session/organisation", &there).await.expect(StatusCode::OK);
        let own = admin.get("/api/v1/organisation").await.expect(StatusCode::OK).json();
        assert_eq!(
            (&own["name"], &own["founds"]),
            (&json!("晴川物业"), &json!(false)),
            "only the first one founds"
        );
        admin
            .post("/api/v1/organisations", &json!({"code": "third", "name": "第三家"}))
            .await
            .problem(403, "forbidden");
        let people = admin.get("/api/v1/people").await.expect(StatusCode::OK).json();
        assert_eq!(people["items"].as_array().map(Vec::len), Some(1), "{people}");
        // the first unit takes the new name of its organisation until it has one of its own
        let rename = json!({"name": "晴川物业集团"});
        let _ = admin.patch("/api/v1/organisation", &rename).await.expect(StatusCode::OK);
        let root = async || admin.get("/api/v1/units").await.json()["items"][0]["name"].clone();
        assert_eq!(root().await, "晴川物业集团");
        let path = format!("/api/v1/units/{}", word(&own["root_unit"]));
        let named = admin.patch(&path, &json!({"name": "总部"})).await;
        assert!(named.status.is_success(), "{}", named.json());
        let _ = admin.patch("/api/v1/organisation", &json!({"name": "晴川"})).await.expect(StatusCode::OK);
        assert_eq!(root().await, "总部");
        let matter = json!({"kind": "complaint", "channel": "phone", "text": "灯不亮"});
        let _ = admin.post("/api/v1/cases", &matter).await.expect(StatusCode::CREATED);
        let ours = agent.get("/api/v1/cases").await.expect(StatusCode::OK).json();
        assert_eq!(ours["items"], json!([]), "nothing of it shows elsewhere");
    });
}
