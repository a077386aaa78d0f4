use crate::with_admin;
use axum::http::StatusCode;
use huiyin_app::work::{self, Runner};
use huiyin_domain::pack::shipped;
use huiyin_domain::people::Post;
use huiyin_domain::time::Timestamp;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::Client;
use serde_json::{Value, json};

const NEW_YEAR: &str = "date,name,off\n2027-01-01,元旦,1\n2027-01-02,元旦,1\n2027-01-03,元旦,1\n";

/// The shipped pack as somebody's own, in another version.
pub(crate) fn own(version: u32) -> Value {
    let (_, files) = shipped().into_iter().find(|(name, _)| *name == "property").expect("shipped");
    let files: serde_json::Map<String, Value> = files
        .iter()
        .map(|(name, text)| {
            let text = text.replace("\nversion = 1\n", &format!("\nversion = {version}\n"));
            (name.to_owned(), text.into())
        })
        .collect();
    files.into()
}

async fn work(app: &TestApp) {
    let (handlers, ticks) = work::everything(&app.edge.app);
    let runner = Runner::new(app.edge.app.clone(), handlers, ticks);
    runner.run_due(app.clock_now()).await.expect("work");
}

/// When the reply is due, and whether that is provisional.
fn reply(case: &Value) -> (Timestamp, bool) {
    let clocks = case["clocks"].as_array().expect("clocks");
    let clock = clocks.iter().find(|clock| clock["kind"] == "reply").expect("a reply is due");
    (at(clock["due_at"].as_str().unwrap()), clock["provisional"] == true)
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// domain.md §4, contracts §1: a version binds what is received from its day
/// on, for life; a faulty one changes nothing; two never begin on one day.
#[test]
fn a_pack_version_is_checked_and_put_into_force() {
    with_admin(|app, admin| async move {
        let li = app.with_person("li", &[Post::Agent, Post::Lead]);
        li.get("/api/v1/packs").await.problem(403, "forbidden");
        li.post("/api/v1/packs", &json!({"pack": "property@1", "from": "2026-10-01"}))
            .await
            .problem(403, "forbidden");
        let matter = json!({"kind": "complaint", "channel": "phone", "text": "电梯"});
        let before = li.post("/api/v1/cases", &matter).await.expect(StatusCode::CREATED).json();

        let mut faulty = own(2);
        let main =
            faulty["pack.toml"].as_str().unwrap().replace("from = \"received\"", "from = \"recieved\"");
        faulty["pack.toml"] = main.into();
        for path in ["/api/v1/packs/check", "/api/v1/packs"] {
            let mut body = json!({"files": faulty});
            if path == "/api/v1/packs" {
                body["from"] = "2026-10-01".into();
            }
            let problem = admin.post(path, &body).await.problem(422, "pack_faulty");
            let field = &problem["fields"][0];
            assert!(field["path"].as_str().unwrap().starts_with("pack.toml:"), "{problem:#}");
            assert!(field["params"]["near"].as_str().unwrap().contains("received"), "{problem:#}");
        }
        let checked = admin.post("/api/v1/packs/check", &json!({"files": own(2)})).await;
        let checked = checked.expect(StatusCode::OK).json();
        assert_eq!((&checked["name"], &checked["version"]), (&json!("property"), &json!(2)));

        let body = json!({"files": own(2), "from": "2026-10-01"});
        let done = admin.clone().with("idempotency-key", "one").post("/api/v1/packs", &body).await;
        let done = done.expect(StatusCode::CREATED).json();
        assert_eq!((&done["effective"], &done["bound"]), (&json!("2026-10-01"), &json!(true)));
        // SUP-1: two people are there, and the only agent cannot verify his own work
        let warned: Vec<_> = done["warnings"].as_array().unwrap().iter().map(|w| &w["duty"]).collect();
        assert!(warned.contains(&&json!("verifier")), "{done:#}");
        let again = admin.clone().with("idempotency-key", "one").post("/api/v1/packs", &body).await;
        assert_eq!(again.expect(StatusCode::CREATED).header("idempotent-replayed"), "true");
        admin.post("/api/v1/packs", &body).await.problem(409, "pack_version_exists");
        let same_day = json!({"files": own(3), "from": "2026-10-01"});
        admin.post("/api/v1/packs", &same_day).await.problem(409, "pack_date_taken");
        admin.post("/api/v1/packs", &json!({"from": "2026-10-01"})).await.problem(422, "invalid_body");
        let unknown = json!({"pack": "nothing@1", "from": "2026-11-01"});
        admin.post("/api/v1/packs", &unknown).await.problem(422, "pack_unknown");

        let bound = async |case: &Value| {
            let path = format!("/api/v1/cases/{}", case["id"].as_str().unwrap());
            li.get(&path).await.expect(StatusCode::OK).json()["pack"].clone()
        };
        let today = li.post("/api/v1/cases", &matter).await.expect(StatusCode::CREATED).json();
        app.clock.advance(2 * 86_400);
        let later = li.post("/api/v1/cases", &matter).await.expect(StatusCode::CREATED).json();
        let packs = [bound(&before).await, bound(&today).await, bound(&later).await];
        assert_eq!(packs[0], packs[1], "not before its day");
        assert_ne!(packs[1], packs[2], "{packs:?}");
        let lines = admin.get("/api/v1/packs").await.expect(StatusCode::OK).json();
        let in_force: Vec<_> =
            lines["items"].as_array().unwrap().iter().filter(|line| line["in_force"] == true).collect();
        assert_eq!((in_force.len(), &in_force[0]["version"]), (1, &json!(2)), "{lines:#}");
        let none = admin.get("/api/v1/packs/diff?one=property@1&other=property@1").await;
        assert_eq!(none.expect(StatusCode::OK).json()["items"], json!([]));
    });
}

/// D5, X-5: a new year counts open limits again, tells each person once and
/// leaves alone what is closed; a region's days win and stay.
#[test]
fn a_new_year_moves_open_limits_and_tells_each_person_once() {
    with_admin(|app, admin| async move {
        let li = app.with_person("li", &[Post::Agent, Post::Lead]);
        app.clock.set(at("2026-12-30T10:00:00+08:00"));
        let matter = json!({"kind": "complaint", "channel": "web", "text": "电梯"});
        let mut cases = Vec::new();
        for _ in 0..3 {
            let made = li.post("/api/v1/cases", &matter).await.expect(StatusCode::CREATED).json();
            cases.push(format!("/api/v1/cases/{}", made["id"].as_str().unwrap()));
        }
        assert_eq!(reply(&li.get(&cases[0]).await.json()), (at("2027-01-02T00:00:00+08:00"), true));
        work(&app).await;

        let body = json!({"format": "csv", "text": NEW_YEAR});
        li.post("/api/v1/calendars", &body).await.problem(403, "forbidden");
        let wrong = json!({"format": "csv", "text": "date,name,off\n2027-01-01,元旦,9\n2027-13-01,元旦,1\n"});
        let problem = admin.post("/api/v1/calendars", &wrong).await.problem(422, "calendar_faulty");
        let paths: Vec<_> =
            problem["fields"].as_array().unwrap().iter().map(|field| &field["path"]).collect();
        assert_eq!(paths, [&json!("text:2"), &json!("text:3")]);
        let gap = json!({"format": "csv", "text": "date,name,off\n2029-01-01,元旦,1\n"});
        admin.post("/api/v1/calendars", &gap).await.problem(422, "calendar_gap");
        let done = admin.post("/api/v1/calendars", &body).await.expect(StatusCode::CREATED).json();
        assert_eq!((&done["years"]["last"], &done["in_force"]), (&json!(2027), &json!(true)));
        assert!(!done["doubts"].as_array().unwrap().is_empty(), "three days off are few: {done}");
        work(&app).await;

        for path in &cases {
            // Friday is off, Monday is the second working day
            assert_eq!(reply(&li.get(path).await.json()), (at("2027-01-05T00:00:00+08:00"), false));
        }
        let told = li.get("/api/v1/notifications").await.json();
        let moved = told["items"].as_array().unwrap().iter().filter(|item| item["why"] == "calendar_changed");
        assert_eq!(moved.count(), 1, "{told:#}");

        let region =
            json!({"format": "csv", "region": "CN-XJ", "text": "date,name,off\n2027-01-04,古尔邦节,1\n"});
        let done = admin.post("/api/v1/calendars", &region).await.expect(StatusCode::CREATED).json();
        assert_eq!((&done["name"], &done["regional"]), (&json!("CN-XJ"), &json!(1)));
        work(&app).await;
        assert_eq!(reply(&li.get(&cases[1]).await.json()).0, at("2027-01-06T00:00:00+08:00"));
        let own = admin.get("/api/v1/organisation").await.expect(StatusCode::OK).json();
        assert_eq!(own["calendar"], "CN-XJ");
        let national = admin.patch("/api/v1/organisation", &json!({"calendar": "CN"})).await;
        assert_eq!(national.expect(StatusCode::OK).json()["calendar"], "CN");
        work(&app).await;
        assert_eq!(reply(&li.get(&cases[1]).await.json()).0, at("2027-01-05T00:00:00+08:00"));
        let lines = admin.get("/api/v1/calendars").await.expect(StatusCode::OK).json();
        assert_eq!(lines["items"].as_array().unwrap().len(), 3, "{lines:#}");
    });
}

/// domain.md §4: an organisation cannot be pointed at rules that are not there.
#[test]
fn an_organisation_changes_only_to_what_is_there() {
    with_admin(|app, admin| async move {
        let lead = app.with_person("li", &[Post::Lead]);
        lead.patch("/api/v1/organisation", &json!({"name": "x"})).await.problem(403, "forbidden");
        let path = "/api/v1/organisation";
        admin.patch(path, &json!({"pack": "propery"})).await.problem(422, "invalid_body");
        admin.patch(path, &json!({"calendar": "CN-XJ"})).await.problem(422, "invalid_body");
        admin.patch(path, &json!({"zone": "Asia/Nowhere"})).await.problem(422, "invalid_body");
        let done = admin.patch(path, &json!({"name": "物业公司"})).await.expect(StatusCode::OK).json();
        assert_eq!((&done["name"], &done["pack"]), (&json!("物业公司"), &json!("property")));
    });
}

/// PROP-34, X-14: everybody in the house may read the rules: in words, with the
/// boundaries of categories and the limits of approval.
#[test]
fn everybody_may_read_a_pack_in_words() {
    with_admin(|app, _| async move {
        let agent = app.with_person("mei", &[Post::Agent]);
        let pack = agent.get("/api/v1/packs/property").await.expect(StatusCode::OK).json();
        assert_eq!(pack["name"], "property");
        assert!(
            pack["text"].as_str().is_some_and(|text| text.contains("PROP-50")),
            "rules with their sources"
        );
        let categories = pack["categories"].as_array().expect("categories");
        assert!(categories.iter().any(|one| one["excludes"].as_str().is_some_and(|text| !text.is_empty())));
        let limits = pack["approvals"].as_array().into_iter().flatten();
        let by_sum = |rule: &Value| !rule["from"].is_null() && rule["ladder"][0]["posts"] == json!(["head"]);
        assert!(limits.into_iter().any(by_sum), "{}", pack["approvals"]);
        assert!(pack["files"]["pack.toml"].as_str().is_some());
        agent.get("/api/v1/packs/nothing@9").await.problem(404, "not_found");
    });
}

/// X-5, D5: a year is drawn day by day as limits count it, make-up days too.
#[test]
fn a_year_of_the_calendar_is_drawn_as_limits_count_it() {
    with_admin(|app, _| async move {
        let agent = app.with_person("mei", &[Post::Agent]);
        let year = agent.get("/api/v1/calendar/2026").await.expect(StatusCode::OK).json();
        let days = year["days"].as_array().expect("days");
        assert_eq!((days.len(), &year["known"]), (365, &json!(true)));
        let working = days.iter().filter(|day| day["working"] == json!(true)).count();
        assert_eq!(year["working_days"], json!(working));
        let day = |date: &str| days.iter().find(|day| day["date"] == date).expect("a day").clone();
        assert_eq!(day("2026-10-01")["working"], json!(false));
        assert!(day("2026-10-01")["name"].is_string());
        let made_up = |day: &&Value| day["working"] == json!(true) && day["name"].is_string();
        assert!(days.iter().any(|day| made_up(&day)), "a weekend day worked in exchange");
        agent.get("/api/v1/calendar/1500").await.problem(404, "not_found");
    });
}

/// Issue 4, Show (bad input), SUP-1, X-39: when people change, who keeps them and who
/// leads the desk hear which duty is left to nobody, or to one person alone; who held
/// nothing of it says nothing.
#[test]
fn a_loss_of_posts_tells_which_duty_is_left_to_nobody() {
    with_admin(|app, admin| async move {
        app.with_person("li", &[Post::Agent, Post::Lead]);
        let head = app.with_person("zhu", &[Post::Head]);
        let verifier = app.with_person("yan", &[Post::Verifier]);
        let spare = app.with_person("bei", &[Post::Employee]);
        let leave = async |who: &Client| {
            let path = format!("/api/v1/people/{}/deactivate", who.id.expect("a person"));
            drop(admin.post(&path, &json!({})).await.expect(StatusCode::NO_CONTENT));
            work(&app).await;
        };
        let told = async |by: &Client| -> Vec<Value> {
            let list = by.get("/api/v1/notifications?limit=200").await.expect(StatusCode::OK).json();
            let ours = |one: &&Value| one["why"].as_str().is_some_and(|why| why.starts_with("duty_"));
            list["items"].as_array().into_iter().flatten().filter(ours).cloned().collect()
        };
        leave(&spare).await;
        assert_eq!(told(&head).await, Vec::<Value>::new(), "an employee holds no duty of the desk");
        leave(&verifier).await;
        for who in [&head, &admin] {
            let notices = told(who).await;
            let of = |one: &&Value| one["params"]["duty"] == "verifier" && one["why"] == "duty_unmanned";
            let notice =
                notices.iter().find(of).unwrap_or_else(|| panic!("the verifier is missed: {notices:?}"));
            assert_eq!(notice["params"]["posts"], json!(["verifier"]));
            assert!(
                notice["text"]
                    .as_str()
                    .is_some_and(|text| text.contains("nobody is left for a duty: verifier")),
                "{notice}"
            );
        }
        let before = told(&head).await.len();
        leave(&app.with_person("gong", &[Post::Verifier])).await;
        assert_eq!(told(&head).await.len(), before, "of each duty of a desk once a day");
    });
}
