//! Which calls of a house a person sees and hears, and at which telephone they are reached.

use crate::calls::{Tapes, answered, recorded, set_up};
use crate::{with_admin, with_equipped, word};
use axum::http::StatusCode;
use huiyin_app::{App, call};
use huiyin_domain::ids::{CallId, UnitId};
use huiyin_domain::people::Post;
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

/// CALL-7, CALL-9, CALL-11, SLM-1: agents see the calls of the units that their posts reach, because
/// whoever calls again speaks with somebody else; to hear one that was not theirs takes another
/// post. Of a unit beside theirs they see nothing, but for calls in which they spoke.
#[test]
fn agents_see_the_calls_of_their_units_and_hear_their_own() {
    let equip = |app: App, _: &std::path::Path| app.with_recordings(Arc::new(Tapes));
    with_equipped(equip, |app, admin| async move {
        let (agent, colleague) =
            (app.with_person("an", &[Post::Agent]), app.with_person("bo", &[Post::Agent]));
        let unit = async |code: &str| {
            let new = json!({"code": code, "name": code, "level": "estate", "parent": app.unit});
            let made = admin.post("/api/v1/units", &new).await.expect(StatusCode::CREATED).json();
            UnitId(Uuid::parse_str(word(&made["id"])).unwrap())
        };
        let (north, south) = (unit("north").await, unit("south").await);
        let line = json!({"number": "4001", "name": "报修", "unit": north, "active": true});
        let _ = admin.put("/api/v1/lines", &line).await.expect(StatusCode::OK);
        let near = app.with_person_at(north, "lin", &[Post::Agent]);
        let beside = app.with_person_at(south, "nan", &[Post::Agent]);
        let spoke = app.with_person_at(south, "shuo", &[Post::Agent]);
        let queue = set_up(&app, &admin, &spoke).await;
        let call = CallId(app.edge.app.ids.uuid(app.clock_now()));
        answered(&app, call, queue).await;
        recorded(&app, call).await;
        let (path, list) = (format!("/api/v1/calls/{call}"), "/api/v1/calls");
        for reader in [&agent, &colleague, &near, &spoke] {
            let all = reader.get(list).await.expect(StatusCode::OK).json();
            assert_eq!(all["items"][0]["id"], json!(call), "{all}");
            let _ = reader.get(&path).await.expect(StatusCode::OK);
        }
        for reader in [&agent, &colleague, &near] {
            reader.get(&format!("{path}/recording")).await.problem(403, "forbidden");
        }
        let _ = spoke.get(&format!("{path}/recording")).await.expect(StatusCode::OK);
        let none = beside.get(list).await.expect(StatusCode::OK).json();
        assert_eq!(none["items"], json!([]));
        for place in [path.clone(), format!("{path}/recording")] {
            beside.get(&place).await.problem(404, "not_found");
        }
    });
}

/// Issue 7 §1: a telephone on a desk keeps its password whatever else is changed about it, and
/// gets another one only when that is asked for.
#[test]
fn a_telephone_keeps_its_password_unless_asked() {
    with_admin(|app, admin| async move {
        let agent = app.with_person("an", &[Post::Agent]);
        let keep =
            async |phone: Value| admin.put("/api/v1/extensions", &phone).await.expect(StatusCode::OK).json();
        let secret = async || call::extension(&app.edge.app, "8001").await.unwrap().unwrap().ha1_md5;
        let made = keep(json!({"name": "8001", "person": agent.id, "active": true})).await;
        assert!(made["password"].is_string(), "one that is new gets one");
        let before = secret().await;
        let moved =
            keep(json!({"name": "8001", "person": null, "active": true, "new_password": false})).await;
        assert_eq!((&moved["person"], &moved["password"]), (&Value::Null, &Value::Null));
        assert_eq!((&moved["made_at"], &secret().await), (&made["made_at"], &before));
        let again = keep(json!({"name": "8001", "person": null, "active": true, "new_password": true})).await;
        assert!(again["password"].is_string() && made["password"] != again["password"]);
        assert_ne!(secret().await, before);
    });
}
