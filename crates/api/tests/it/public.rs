//! The public page of an estate, as a browser without script uses it.

use crate::story::{Desk, Story, to_negotiation};
use crate::{with_admin, with_equipped, word};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use huiyin_app::attachment::Files;
use huiyin_domain::people::Post;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::{Answer, Client};
use serde_json::{Value, json};

const BOUNDARY: &str = "hyform";

/// Writes a form as browsers do; a name with `@` is a file.
fn form(fields: &[(&str, &str)]) -> Body {
    let mut text = String::new();
    for (name, value) in fields {
        let head = match name.split_once('@') {
            Some((field, file)) => {
                format!("name=\"{field}\"; filename=\"{file}\"\r\nContent-Type: text/plain")
            }
            None => format!("name=\"{name}\""),
        };
        text.push_str(&format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n{value}\r\n"));
    }
    text.push_str(&format!("--{BOUNDARY}--\r\n"));
    Body::from(text)
}

async fn send(browser: &Client, path: &str, fields: &[(&str, &str)]) -> String {
    let media = format!("multipart/form-data; boundary={BOUNDARY}");
    page(browser.send(Method::POST, path, Some(&media), form(fields)).await)
}

/// A page under the strict policy of small pages.
fn page(answer: Answer) -> String {
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let html = String::from_utf8(answer.body.to_vec()).expect("a page is text");
    assert!(!html.contains("<script") && !html.contains(" style="), "no script, no inline style");
    let refused = answer.status.is_client_error();
    let told = if refused { "role=\"alert\"" } else { "<main>" };
    assert!(
        html.contains(told) && !(refused && html.contains("role=\"status\"")),
        "{}: {html}",
        answer.status
    );
    html
}

/// What stands between two texts of a page.
fn between<'a>(html: &'a str, from: &str, to: &str) -> &'a str {
    html.split_once(from)
        .and_then(|(_, rest)| rest.split_once(to))
        .map(|(found, _)| found)
        .unwrap_or_default()
}

async fn published(app: &TestApp, by: &Client) -> String {
    let channels = json!({"phone": "0755-99990000", "suggestion_box": "大堂", "note": "欢迎<b>来电"});
    let path = format!("/api/v1/public-pages/{}", app.unit);
    let made = by.put(&path, &channels).await.expect(StatusCode::OK).json();
    word(&made["path"]).to_owned()
}

/// Files a matter; gives its number and lookup code.
async fn filed(browser: &Client, path: &str, fields: &[(&str, &str)]) -> (String, String) {
    let html = send(browser, &format!("{path}/file?lang=en"), fields).await;
    let number = between(&html, "<dt>Number</dt><dd class=\"code\">", "</dd>").to_owned();
    let code = between(&html, "<dt>Lookup code</dt><dd class=\"code\">", "</dd>").to_owned();
    assert!(!number.is_empty() && code.len() == 11, "{html}");
    (number, code)
}

async fn case_of(by: &Client, number: &str) -> Value {
    let list = by.get(&format!("/api/v1/cases?q={number}")).await.expect(StatusCode::OK).json();
    let id = word(&list["items"][0]["id"]).to_owned();
    by.get(&format!("/api/v1/cases/{id}")).await.expect(StatusCode::OK).json()
}

/// PROP-44, issue 5 §8: an estate publishes its channels at an address with a
/// QR code; whoever may not publish is refused, and a closed page is nowhere.
#[test]
fn an_estate_publishes_its_channels() {
    with_admin(|app, _| async move {
        let (lead, agent) = (app.with_person("lan", &[Post::Lead]), app.with_person("mei", &[Post::Agent]));
        let path = format!("/api/v1/public-pages/{}", app.unit);
        agent.put(&path, &json!({})).await.problem(403, "forbidden");
        let address = published(&app, &lead).await;
        let browser = app.anonymous();
        let html = page(browser.get(&address).await);
        for shown in ["0755-99990000", "大堂", "欢迎&lt;b&gt;来电"] {
            assert!(html.contains(shown), "{shown} is not in {html}");
        }
        let qr = browser.get(&format!("{address}/qr.svg")).await.expect(StatusCode::OK);
        assert_eq!(qr.header("content-type"), "image/svg+xml");
        assert!(qr.body.starts_with(b"<?xml") || qr.body.starts_with(b"<svg"), "{:?}", &qr.body[..20]);
        let again = lead.put(&path, &json!({"phone": "1"})).await.expect(StatusCode::OK).json();
        assert_eq!(word(&again["path"]), address, "the address on the posters stays");
        let listed = agent.get("/api/v1/public-pages").await.expect(StatusCode::OK).json();
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
        agent.delete(&path).await.problem(403, "forbidden");
        let _ = lead.delete(&path).await.expect(StatusCode::NO_CONTENT);
        lead.delete(&path).await.problem(404, "not_found");
        let (closed, never) = (browser.get(&address).await, browser.get("/p/nowhere2").await);
        assert_eq!((closed.status, never.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
        assert_eq!(closed.body, never.body, "a closed page is as unknown as one that never was");
        assert!(closed.header("content-type").starts_with("text/html"), "a page, no problem for programs");
    });
}

/// PROP-46, 47, X-38, issue 5 §8: text alone is enough; a file comes along, one
/// that runs is refused by name; sending twice files once; the desk owns it.
#[test]
fn a_customer_files_with_text_alone_and_may_add_files() {
    let keeping =
        |app: huiyin_app::App, folder: &std::path::Path| app.with_files(Files::at(folder.join("files")));
    with_equipped(keeping, |app, _| async move {
        let lead = app.with_person("lan", &[Post::Lead]);
        let (address, browser) = (published(&app, &lead).await, app.anonymous());
        let shown = page(browser.get(&format!("{address}/file?lang=en")).await);
        let once = between(&shown, "name=\"once\" value=\"", "\"");
        let fields = [
            ("once", once),
            ("kind", "complaint"),
            ("text", "楼下\r\n噪声"),
            ("name", "何先生"),
            ("files@现场.txt", "记录"),
            ("files@run.sh", "#!/bin/sh\necho"),
        ];
        let html = send(&browser, &format!("{address}/file?lang=en"), &fields).await;
        assert!(html.contains("run.sh") && !html.contains("现场.txt"), "{html}");
        let number = between(&html, "<dt>Number</dt><dd class=\"code\">", "</dd>").to_owned();
        let (again, _) = filed(&browser, &address, &fields[..4]).await;
        assert_eq!(again, number, "the same sending is the same matter");
        let case = case_of(&lead, &number).await;
        assert_eq!((&case["channel"], &case["text"]), (&json!("web"), &json!("楼下\n噪声")));
        assert!(case["owner"].is_string() && case["receiver"].is_null(), "somebody answers, nobody received");
        let files = lead.get(&format!("/api/v1/cases/{}/attachments", word(&case["id"]))).await.json();
        assert_eq!(files["items"].as_array().map(Vec::len), Some(1));
        let (unnamed, _) = filed(&browser, &address, &[("text", "路灯不亮"), ("anonymous", "yes")]).await;
        let case = case_of(&lead, &unnamed).await;
        assert!(case["flags"]["anonymous"].is_string() && case["parties"] == json!([]));
        let refused =
            send(&browser, &format!("{address}/file?lang=en"), &[("text", " "), ("name", "何")]).await;
        assert!(
            refused.contains("role=\"alert\"") && refused.contains("value=\"何\""),
            "what was typed is kept"
        );
        let wrong = send(&browser, &format!("{address}/file"), &[("text", "x"), ("kind", "media")]).await;
        assert!(wrong.contains("role=\"alert\""));
    });
}

/// Issue 5 §8: number and code open a matter; a wrong code, an unknown number
/// and another estate's number look alike, and guessing is slowed down.
#[test]
fn a_lookup_tells_nothing_to_who_guesses() {
    with_admin(|app, _| async move {
        let lead = app.with_person("zhugong", &[Post::Lead]);
        let (address, browser) = (published(&app, &lead).await, app.anonymous());
        let (number, code) = filed(&browser, &address, &[("text", "门禁失灵")]).await;
        let look = format!("{address}/follow?lang=en");
        let lower = code.to_lowercase().replace('-', " ");
        let html = send(&browser, &look, &[("number", &number), ("code", &lower)]).await;
        assert!(html.contains("being taken up") && !html.contains("门禁失灵"), "{html}");
        assert!(!html.contains("zhugong"), "no name of the house");
        let wrong = send(&browser, &look, &[("number", &number), ("code", "AAAAA-AAAAA")]).await;
        let unknown = send(&browser, &look, &[("number", "TS-19990101-0001"), ("code", &code)]).await;
        let alert = |html: &str| between(html, "role=\"alert\">", "</div>").to_owned();
        assert_eq!(alert(&wrong), alert(&unknown));
        assert!(alert(&wrong).contains("do not match"));
        for _ in 0..5 {
            let _ = send(&browser, &look, &[("number", &number), ("code", "BBBBB-BBBBB")]).await;
        }
        let slowed = send(&browser, &look, &[("number", &number), ("code", &code)]).await;
        assert!(!slowed.contains("being taken up"), "after too many guesses even the right code waits");
        app.clock.advance(3_600);
        let html = send(&browser, &look, &[("number", &number), ("code", &code)]).await;
        assert!(html.contains("being taken up"));
    });
}

/// PROP-55, 62, 64, TXT-15: the customer answers an option and the three
/// questions alone; whoever works on it is told, and the visit counts.
#[test]
#[expect(clippy::too_many_lines, reason = "one story, told in one go")]
fn the_customer_answers_the_option_and_the_return_visit() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let (address, browser) = (published(&app, &desk.lead).await, app.anonymous());
        let handler = desk.handler.id.expect("a person").to_string();
        let mut story = Story::begin(&desk.agent, "楼上漏水").await;
        to_negotiation(&app, &desk, &mut story, None).await;
        let code = format!("/api/v1/cases/{}/lookup-code", story.id);
        desk.handler.post(&code, &json!({})).await.problem(403, "code_not_for_handler");
        let given = desk.lead.post(&code, &json!({})).await.expect(StatusCode::OK).json();
        let (number, code) = (word(&given["number"]), word(&given["code"]));
        let shown =
            send(&browser, &format!("{address}/follow?lang=en"), &[("number", number), ("code", code)]).await;
        assert!(shown.contains("三日内更换落水管") && !shown.contains("落水管失修"), "{shown}");
        let say = format!("{address}/say?lang=en");
        let open = [("number", number), ("code", code)];
        let with = |more: &[(&'static str, &'static str)]| {
            let mut all: Vec<(&str, &str)> = open.to_vec();
            all.extend_from_slice(more);
            all
        };
        let said = send(
            &browser,
            &say,
            &with(&[("what", "option"), ("option", "1"), ("answer", "accepted"), ("words", "可以")]),
        )
        .await;
        assert!(said.contains("whoever works on it was told"), "{said}");
        let case = story.read(&desk.lead).await;
        assert_eq!(case["round"]["options"][0]["answer"], "accepted");
        let path = format!("/api/v1/cases/{}/timeline?limit=200", story.id);
        let history = desk.lead.get(&path).await.expect(StatusCode::OK).json();
        let told = |entry: &Value| {
            entry["data"]["why"] == "customer_spoke" && entry["data"]["to"].to_string().contains(&handler)
        };
        assert!(history["items"].as_array().into_iter().flatten().any(told), "{history}");
        story.version = case["version"].as_u64().unwrap_or_default();
        let early = send(&browser, &say, &with(&[("what", "visit"), ("satisfied", "yes")])).await;
        assert!(early.contains("role=\"alert\""), "no visit before the work is done");
        to_visit(&desk, &mut story).await;
        let asked = send(&browser, &format!("{address}/follow?lang=en"), &open).await;
        assert!(asked.contains("name=\"satisfied\""));
        let answers =
            with(&[("what", "visit"), ("satisfied", "yes"), ("acceptance", "很快"), ("result", "不漏了")]);
        let _ = send(&browser, &say, &answers).await;
        let visit = story.read(&desk.lead).await["round"]["visits"][0].clone();
        assert_eq!((&visit["by"], &visit["visit"]["form"]), (&Value::Null, &json!("online")));
        assert_eq!(
            (&visit["visit"]["result"], &visit["visit"]["acceptance"]),
            (&json!("satisfied"), &json!("很快"))
        );
        let more = send(&browser, &say, &with(&[("what", "more"), ("words", "谢谢"), ("asks", "yes")])).await;
        assert!(more.contains("whoever works on it was told"), "{more}");
        let contacts = story.read(&desk.lead).await["contacts"].clone();
        assert!(
            contacts
                .as_array()
                .into_iter()
                .flatten()
                .any(|one| one["contact"]["asks_progress"] == json!(true))
        );
    });
}

/// Leads a negotiated case on to its return visit.
async fn to_visit(desk: &Desk, story: &mut Story) {
    story.act(&desk.handler, "execute", json!({})).await;
    let told = json!({"kind": "measures", "carrier": "spoken", "text": "周五前换好"});
    story.act(&desk.handler, "reply", told).await;
    story.act(&desk.handler, "submit_for_verification", json!({})).await;
    story.act(&desk.verifier, "verify", json!({"in_order": true})).await;
    assert_eq!(story.act(&desk.verifier, "send_to_visit", json!({})).await, "visiting");
}

/// PROP-59, issue 5 §5: the desk prints number and code with the way to the page; each
/// showing is in the trail, who handles the case gets none; a member of staff who
/// is signed in does not answer in the customer's place.
#[test]
fn a_receipt_is_the_customers_and_staff_do_not_speak_for_him() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let (address, browser) = (published(&app, &desk.lead).await, app.anonymous());
        let mut story = Story::begin(&desk.agent, "楼上漏水").await;
        to_negotiation(&app, &desk, &mut story, None).await;
        let path = format!("/api/v1/cases/{}/receipt", story.id);
        desk.handler.get(&path).await.problem(403, "code_not_for_handler");
        let paper = desk.lead.get(&path).await.expect(StatusCode::OK);
        assert_eq!(paper.header("cache-control"), "no-store");
        let paper = String::from_utf8_lossy(&paper.body).into_owned();
        let code = format!("/api/v1/cases/{}/lookup-code", story.id);
        let given = desk.lead.post(&code, &json!({})).await.expect(StatusCode::OK).json();
        let (number, code) = (word(&given["number"]), word(&given["code"]));
        assert!(paper.contains(number) && paper.contains(code), "{paper}");
        assert!(paper.contains(&format!("{address}/follow")) && paper.contains("<svg"), "{paper}");
        let supervision = app.with_person("jian", &[Post::Supervision]);
        let trail = supervision.get("/api/v1/audit?limit=200").await.expect(StatusCode::OK).json();
        let shown = trail["items"].as_array().into_iter().flatten();
        assert_eq!(shown.filter(|line| line["action"] == "lookup_code_given").count(), 2);
        // the lead holds the code now, and may work on the case
        let say = format!("{address}/say?lang=en");
        let words = [
            ("number", number),
            ("code", code),
            ("what", "option"),
            ("option", "1"),
            ("answer", "accepted"),
            ("words", "可以"),
        ];
        let refused = send(&desk.lead, &say, &words).await;
        assert!(refused.contains("cannot answer in its customer"), "{refused}");
        assert_eq!(story.read(&desk.lead).await["round"]["options"][0]["answer"], Value::Null);
        let said = send(&browser, &say, &words).await;
        assert!(said.contains("whoever works on it was told"), "{said}");
        assert_eq!(story.read(&desk.lead).await["round"]["options"][0]["answer"], "accepted");
    });
}
