//! Password, one-time codes, throttling, sessions and tokens over HTTP.

use crate::{with_admin, with_password, word};
use axum::http::StatusCode;
use huiyin_domain::people::Post;
use huiyin_domain::time::Timestamp;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::PASSWORD;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

const OTHER: &str = "five tall quiet trees";

fn login(login: &str, password: &str) -> Value {
    json!({"login": login, "password": password})
}

/// Issue 3 §2: a new password needs the old one, ends the other sessions and
/// is the only one from then on.
#[test]
fn a_new_password_needs_the_old_one_and_ends_other_sessions() {
    with_admin(|app, _| async move {
        let here = app.anonymous().sign_in("admin", PASSWORD).await;
        let there = app.anonymous().sign_in("admin", PASSWORD).await;
        for (old, new, path, code) in [
            ("wrong password", OTHER, "old", "password_wrong"),
            (PASSWORD, "short", "new", "password_too_short"),
            (PASSWORD, "admin-2026-admin", "new", "password_like_login"),
        ] {
            let body = json!({"old": old, "new": new});
            let problem = here.post("/api/v1/password", &body).await.problem(422, "invalid_body");
            assert_eq!(
                (&problem["fields"][0]["path"], &problem["fields"][0]["code"]),
                (&json!(path), &json!(code))
            );
        }
        let _ = there.get("/api/v1/session").await.expect(StatusCode::OK);
        let body = json!({"old": PASSWORD, "new": OTHER});
        let _ = here.post("/api/v1/password", &body).await.expect(StatusCode::NO_CONTENT);
        let _ = here.get("/api/v1/session").await.expect(StatusCode::OK);
        there.get("/api/v1/session").await.problem(401, "unauthenticated");
        app.anonymous().post("/api/v1/session", &login("admin", PASSWORD)).await.problem(401, "login_failed");
        let _ = app.anonymous().sign_in("admin", OTHER).await;
    });
}

/// Issue 3 §2: the administrator's link lets a person choose a password, once,
/// within three days; a new link ends the old, and other posts make none.
#[test]
fn a_reset_link_is_the_administrators_and_serves_once() {
    with_admin(|app, admin| async move {
        let li = app.with_person("li", &[Post::Agent]);
        let path = format!("/api/v1/people/{}/reset_link", li.id.expect("a person"));
        app.with_person("hua", &[Post::Head]).post(&path, &json!({})).await.problem(403, "forbidden");
        let link = async || {
            let made = admin.post(&path, &json!({})).await.expect(StatusCode::CREATED).json();
            word(&made["path"]).trim_start_matches("/reset/").to_owned()
        };
        let choose = async |link: &str, password: &str| {
            app.anonymous().post("/api/v1/reset", &json!({"link": link, "password": password})).await
        };
        let (old, new) = (link().await, link().await);
        choose(&old, OTHER).await.problem(422, "link_invalid");
        let weak = choose(&new, "short").await.problem(422, "invalid_body");
        assert_eq!(weak["fields"][0]["path"], "password");
        let _ = choose(&new, OTHER).await.expect(StatusCode::NO_CONTENT);
        choose(&new, PASSWORD).await.problem(422, "link_invalid");
        let _ = app.anonymous().sign_in("li", OTHER).await;
        let late = link().await;
        app.clock.advance(3 * 86_400 + 1);
        choose(&late, PASSWORD).await.problem(422, "link_invalid");
        let setup = json!({"link": "x", "login": "second", "password": PASSWORD});
        app.anonymous().post("/api/v1/setup", &setup).await.problem(422, "link_invalid");
    });
}

/// Gives the code that an authenticator app shows now.
fn code(app: &TestApp, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret).expect("a secret");
    let seconds = u64::try_from(app.clock_now().micros() / 1_000_000).expect("after 1970");
    Builder::new().with_secret(secret).build_noncompliant().generate(seconds).to_string()
}

/// Issue 3 §2: one-time codes are begun, confirmed, asked for at sign-in, serve
/// once each, and are switched off by oneself or, for a lost telephone, by the
/// administrator.
#[test]
fn one_time_codes_are_asked_for_once_confirmed() {
    with_admin(|app, admin| async move {
        let mei = with_password(&app, &admin, "mei", &[Post::Agent]).await;
        mei.post("/api/v1/totp/confirm", &json!({"code": "000000"})).await.problem(409, "code_not_begun");
        let begun = mei.post("/api/v1/totp", &json!({})).await.expect(StatusCode::OK).json();
        let secret = word(&begun["secret"]);
        assert!(word(&begun["url"]).starts_with("otpauth://totp/"), "{begun}");
        let _ = app.anonymous().sign_in("mei", PASSWORD).await;
        let wrong =
            mei.post("/api/v1/totp/confirm", &json!({"code": "12345x"})).await.problem(422, "invalid_body");
        assert_eq!(wrong["fields"][0]["code"], "code_wrong");
        let first = json!({"code": code(&app, secret)});
        let _ = mei.post("/api/v1/totp/confirm", &first).await.expect(StatusCode::NO_CONTENT);
        mei.post("/api/v1/totp", &json!({})).await.problem(409, "code_already_on");
        let with_code = |code: &str| json!({"login": "mei", "password": PASSWORD, "code": code});
        let nobody = app.anonymous();
        nobody.post("/api/v1/session", &login("mei", PASSWORD)).await.problem(401, "code_required");
        let used = nobody.post("/api/v1/session", &with_code(word(&first["code"]))).await;
        assert_eq!(used.status, StatusCode::UNAUTHORIZED, "a code serves once: {used:?}");
        app.clock.advance(60);
        let signed =
            nobody.post("/api/v1/session", &with_code(&code(&app, secret))).await.expect(StatusCode::OK);
        let browser = app.anonymous().adopt(&signed);
        let off = browser
            .post("/api/v1/totp/disable", &json!({"code": "000000"}))
            .await
            .problem(422, "invalid_body");
        assert_eq!(off["fields"][0]["code"], "code_wrong");
        app.clock.advance(60);
        let now = json!({"code": code(&app, secret)});
        let _ = browser.post("/api/v1/totp/disable", &now).await.expect(StatusCode::NO_CONTENT);
        let _ = nobody.clone().sign_in("mei", PASSWORD).await;
        // once more, and the telephone is lost
        let begun = mei.post("/api/v1/totp", &json!({})).await.expect(StatusCode::OK).json();
        let now = json!({"code": code(&app, word(&begun["secret"]))});
        app.clock.advance(60);
        mei.post("/api/v1/totp/confirm", &now).await.problem(422, "invalid_body");
        let now = json!({"code": code(&app, word(&begun["secret"]))});
        let _ = mei.post("/api/v1/totp/confirm", &now).await.expect(StatusCode::NO_CONTENT);
        let lost = format!("/api/v1/people/{}/totp/disable", mei.id.expect("a person"));
        app.with_person("lan", &[Post::Lead]).post(&lost, &json!({})).await.problem(403, "forbidden");
        let _ = admin.post(&lost, &json!({})).await.expect(StatusCode::NO_CONTENT);
        let _ = nobody.sign_in("mei", PASSWORD).await;
    });
}

/// Issue 3 §2: guessing is slowed, the answer says how long to wait, and the
/// administrator unlocks.
#[test]
fn guessing_is_slowed_and_the_administrator_unlocks() {
    with_admin(|app, admin| async move {
        let mei = with_password(&app, &admin, "mei", &[Post::Agent]).await;
        let nobody = app.anonymous();
        for _ in 0..6 {
            nobody
                .post("/api/v1/session", &login("mei", "wrong password"))
                .await
                .problem(401, "login_failed");
        }
        let refused = nobody.post("/api/v1/session", &login("mei", PASSWORD)).await;
        assert_eq!(refused.header("retry-after"), "30");
        refused.problem(429, "too_many_attempts");
        let unlock = format!("/api/v1/people/{}/unlock", mei.id.expect("a person"));
        mei.post(&unlock, &json!({})).await.problem(403, "forbidden");
        for was in [true, false] {
            let answer = admin.post(&unlock, &json!({})).await.expect(StatusCode::OK).json();
            assert_eq!(answer["was_locked"], was);
        }
        let _ = nobody.sign_in("mei", PASSWORD).await;
    });
}

/// Issue 3 §2: people see and end their own sessions, the administrator anybody's.
#[test]
fn sessions_are_listed_and_ended() {
    with_admin(|app, admin| async move {
        let mei = with_password(&app, &admin, "mei", &[Post::Agent]).await;
        let desk = app.anonymous().with("user-agent", "Firefox at the desk").sign_in("mei", PASSWORD).await;
        app.clock.advance(60);
        let home = app.anonymous().with("user-agent", "Telephone").sign_in("mei", PASSWORD).await;
        let list = home.get("/api/v1/sessions").await.expect(StatusCode::OK).json();
        let items = list["items"].as_array().expect("sessions");
        let seen: Vec<_> = items.iter().map(|one| (word(&one["device"]), &one["current"])).collect();
        assert_eq!(seen, [("Telephone", &json!(true)), ("Firefox at the desk", &json!(false))]);
        let first = format!("/api/v1/sessions/{}", word(&items[1]["id"]));
        let boss = app.anonymous().sign_in("admin", PASSWORD).await;
        boss.delete(&first).await.problem(404, "not_found");
        let _ = home.delete(&first).await.expect(StatusCode::NO_CONTENT);
        home.delete(&first).await.problem(404, "not_found");
        desk.get("/api/v1/session").await.problem(401, "unauthenticated");
        let of_mei = format!("/api/v1/people/{}/sessions", mei.id.expect("a person"));
        app.with_person("lan", &[Post::Lead]).get(&of_mei).await.problem(403, "forbidden");
        let list = boss.get(&of_mei).await.expect(StatusCode::OK).json();
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "{list}");
        let last = format!("{of_mei}/{}", word(&list["items"][0]["id"]));
        let _ = boss.delete(&last).await.expect(StatusCode::NO_CONTENT);
        home.get("/api/v1/session").await.problem(401, "unauthenticated");
    });
}

/// Issue 3 §2: a token ends when it says, is seen and ended by its holder or the
/// administrator, and bears no post that its holder lacks.
#[test]
fn tokens_end_and_bear_no_more_than_their_holder() {
    with_admin(|app, admin| async move {
        let mei = app.with_person("mei", &[Post::Agent, Post::Visitor]);
        let more = json!({"name": "x", "posts": ["admin"]});
        let refused = mei.post("/api/v1/tokens", &more).await.problem(422, "invalid_body");
        assert_eq!(refused["fields"][0]["path"], "posts");
        let end = Timestamp::from_micros(app.clock_now().micros() + 3_600_000_000);
        let narrow = json!({"name": "desk", "posts": ["visitor"], "expires_at": end});
        let made = mei.post("/api/v1/tokens", &narrow).await.expect(StatusCode::CREATED).json();
        let bearer = format!("Bearer {}", word(&made["token"]));
        let program = app.anonymous().with("authorization", &bearer);
        let who = program.get("/api/v1/session").await.expect(StatusCode::OK).json();
        assert_eq!((&who["via"], who["posts"].as_array().map(Vec::len)), (&json!("token"), Some(1)), "{who}");
        let list = mei.get("/api/v1/tokens").await.expect(StatusCode::OK).json();
        assert!(!list.to_string().contains(word(&made["token"])), "the secret is shown once");
        app.clock.advance(3601);
        program.get("/api/v1/session").await.problem(401, "unauthenticated");
        let of_mei = format!("/api/v1/people/{}/tokens", mei.id.expect("a person"));
        app.with_person("lan", &[Post::Lead]).get(&of_mei).await.problem(403, "forbidden");
        let list = admin.get(&of_mei).await.expect(StatusCode::OK).json();
        let kept = list["items"].as_array().into_iter().flatten().find(|one| one["name"] == "test");
        let one = format!("{of_mei}/{}", word(&kept.expect("the token that mei asks with")["id"]));
        let _ = admin.delete(&one).await.expect(StatusCode::NO_CONTENT);
        mei.get("/api/v1/session").await.problem(401, "unauthenticated");
    });
}
