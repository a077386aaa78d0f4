//! Calls over HTTP: records, agents, settings, sound, and who may know of them.
//!
//! Size: one house, one line and one set of telephones for all of it.

use crate::{with_admin, with_equipped, word};
use axum::http::StatusCode;
use huiyin_app::App;
use huiyin_app::call::port::{Order, Phone, PhoneRefusal, RecordingFault, Recordings, Sound, What};
use huiyin_app::call::{Effect, Happening, RecordingRow, kept, take};
use huiyin_domain::call::agent::Ask;
use huiyin_domain::call::floor::By;
use huiyin_domain::call::queue::Wishes;
use huiyin_domain::ids::{CallId, OrgId, PersonId, QueueId, RecordingId};
use huiyin_domain::people::Post;
use huiyin_domain::time::Timestamp;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::Client;
use serde_json::{Value, json};
use std::ops::Range;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// Lines that only note what they were told.
#[derive(Default)]
struct Lines {
    orders: Mutex<Vec<What>>,
    effects: Mutex<Vec<Effect>>,
    renewed: Mutex<Vec<String>>,
}

impl Phone for Lines {
    fn node(&self) -> String {
        "one".into()
    }
    fn order(&self, order: Order) -> Result<(), PhoneRefusal> {
        if order.what == What::Conference {
            return Err(PhoneRefusal::NotPossible);
        }
        self.orders.lock().unwrap().push(order.what);
        Ok(())
    }
    fn carry(&self, _: OrgId, effects: Vec<Effect>) {
        self.effects.lock().unwrap().extend(effects);
    }
    fn renewed(&self, extension: &str) {
        self.renewed.lock().unwrap().push(extension.to_owned());
    }
}

/// A thousand known bytes for every recording.
pub(crate) struct Tapes;

struct Tape;

impl Recordings for Tapes {
    fn open(&self, _: RecordingId) -> Result<Box<dyn Sound>, RecordingFault> {
        Ok(Box::new(Tape))
    }
    fn erase(&self, _: RecordingId) -> Result<(), RecordingFault> {
        Ok(())
    }
}

impl Sound for Tape {
    fn len(&self) -> u64 {
        1000
    }
    fn read(&mut self, range: Range<u64>) -> Result<Vec<u8>, RecordingFault> {
        Ok(range.take(300).map(|at| u8::try_from(at % 251).unwrap()).collect())
    }
    fn waveform(&mut self, points: usize) -> Result<[Vec<(i16, i16)>; 2], RecordingFault> {
        Ok([vec![(-1, 1); points], vec![(-2, 2); points]])
    }
}

pub(crate) fn org(app: &TestApp) -> OrgId {
    app.org
}

fn queue(agents: &[PersonId]) -> Value {
    let agents: Vec<Value> =
        agents.iter().map(|one| json!({"person": one, "skills": {"sichuanese": 5}})).collect();
    json!({"code": "desk", "name": "客服", "strategy": "longest_idle", "ring": 15, "wrap_up": 30, "step": 120,
        "relax": 60, "longest": 600, "most": 200, "overflow": "voicemail", "closed_when_empty": false,
        "agents": agents})
}

pub(crate) async fn happens(app: &TestApp, happening: Happening) -> Vec<Effect> {
    take(&app.edge.app, org(app), happening).await.unwrap()
}

pub(crate) fn arrived(call: CallId) -> Happening {
    Happening::Arrived {
        call,
        node: "one".into(),
        caller: Some("13912345678".into()),
        called: "4001".into(),
        line: Some("4001".into()),
        service: Some("repair".into()),
        party: None,
        limit: Some(90),
        queue: None,
    }
}

/// Lets a call come in, ring at the agent and be answered.
pub(crate) async fn answered(app: &TestApp, call: CallId, queue: QueueId) {
    happens(app, arrived(call)).await;
    let effects = happens(app, Happening::Queued(call, queue, Wishes::default())).await;
    let rings = effects.iter().find_map(|effect| match effect {
        Effect::Ring { offer, .. } => Some(*offer),
        _ => None,
    });
    happens(app, Happening::Answered(call, rings.expect("it rings"))).await;
}

pub(crate) async fn set_up(app: &TestApp, admin: &Client, agent: &Client) -> QueueId {
    let me = agent.id.expect("a person");
    let made = admin.put("/api/v1/queues", &queue(&[me])).await;
    let made = made.expect(StatusCode::OK).json();
    let _ = agent.post("/api/v1/agent", &json!({"do": "sign_in"})).await.expect(StatusCode::OK);
    happens(app, Happening::Agent(me, Ask::DeviceUp)).await;
    QueueId(Uuid::parse_str(word(&made["id"])).unwrap())
}

/// Issue 7 §3…§7: a call rings at the agent who is free, is seen with its times by whom
/// their posts let, is ordered by whose it is, linked, written up, counted and heard;
/// each listening is noted (CALL-7, CALL-11).
#[test]
#[expect(clippy::too_many_lines, reason = "one story from the call to who heard it")]
fn a_call_is_seen_ordered_and_heard_by_whom_it_concerns() {
    let lines = Arc::new(Lines::default());
    let given = Arc::clone(&lines);
    let equip = move |app: App, _: &std::path::Path| {
        app.with_phone(Arc::<Lines>::clone(&given)).with_recordings(Arc::new(Tapes))
    };
    with_equipped(equip, |app, admin| {
        let lines = Arc::clone(&lines);
        async move {
            let agent = app.with_person("an", &[Post::Agent]);
            let other = app.with_person("bo", &[Post::Agent]);
            let watcher = app.with_person("ban", &[Post::Supervisor]);
            let queue = set_up(&app, &admin, &agent).await;
            let call = CallId(app.edge.app.ids.uuid(app.clock_now()));
            let path = format!("/api/v1/calls/{call}");
            answered(&app, call, queue).await;
            let desk = agent.get("/api/v1/agent").await.expect(StatusCode::OK).json();
            assert_eq!((&desk["agent"]["state"], &desk["agent"]["call"]), (&json!("talking"), &json!(call)));
            assert_eq!(desk["call"]["caller"], "13912345678", "the agent sees whom they speak with");
            assert!(word(&desk["greeting"]["first"]).contains("an"));
            // who may know of it
            let unknown = CallId(app.edge.app.ids.uuid(app.clock_now()));
            agent.get(&format!("/api/v1/calls/{unknown}")).await.problem(404, "not_found");
            let theirs = format!("/api/v1/calls?agent={}", other.id.expect("a person"));
            let none = watcher.get(&theirs).await.expect(StatusCode::OK).json();
            assert_eq!(none["items"], json!([]));
            let seen =
                watcher.get("/api/v1/calls?open=true&state=talking").await.expect(StatusCode::OK).json();
            assert_eq!(seen["items"][0]["agent"]["name"], "an");
            assert_eq!(seen["items"][0]["queue_code"], "desk");
            app.with_person("gong", &[Post::Employee]).get("/api/v1/calls").await.problem(403, "forbidden");
            // what may be wanted of it
            let orders = format!("/api/v1/calls/{call}/orders");
            let _ = agent.post(&orders, &json!({"do": "hold"})).await.expect(StatusCode::ACCEPTED);
            let barge = json!({"do": "monitor", "mode": "barge"});
            agent.post(&orders, &barge).await.problem(403, "forbidden");
            let _ = watcher.post(&orders, &barge).await.expect(StatusCode::ACCEPTED);
            agent.post(&orders, &json!({"do": "conference"})).await.problem(409, "call_not_connected");
            agent.post(&orders, &json!({"do": "consult", "with": "x y"})).await.problem(422, "invalid_body");
            other.post(&orders, &json!({"do": "hang_up"})).await.problem(403, "forbidden");
            assert_eq!(lines.orders.lock().unwrap().drain(..).count(), 2);
            // it ends
            app.clock.advance(65);
            happens(&app, Happening::HungUp(call, By::Customer)).await;
            let ended = agent.get(&path).await.expect(StatusCode::OK).json();
            assert_eq!((&ended["result"], &ended["cause"]), (&json!("answered"), &json!("customer")));
            assert_eq!((&ended["talk_s"], &ended["ring"]), (&json!(65.0), &json!(1)));
            agent.post(&orders, &json!({"do": "hold"})).await.problem(403, "forbidden");
            let prolonged = agent.post("/api/v1/agent", &json!({"do": "prolong", "seconds": 60})).await;
            assert_eq!(prolonged.expect(StatusCode::OK).json()["agent"]["state"], "wrap_up");
            let _ = agent
                .post(
                    &format!("/api/v1/calls/{call}/write-up"),
                    &json!({"note": "水管漏水", "code": "case_made"}),
                )
                .await
                .expect(StatusCode::OK);
            let done = agent.post("/api/v1/agent", &json!({"do": "wrap_done"})).await;
            assert_eq!(done.expect(StatusCode::OK).json()["agent"]["state"], "ready");
            agent.post("/api/v1/agent", &json!({"do": "wrap_done"})).await.problem(409, "no_wrap_up");
            heard(&app, &agent, &watcher, call).await;
            refused_ones_are_logged(&other, &watcher, call).await;
            let figures = "/api/v1/call-figures?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z&by=queue";
            let empty = watcher.get(figures).await.expect(StatusCode::OK).json();
            assert_eq!(empty["whole"]["figures"]["answered"]["value"], 0);
            let (from, to) = (app.clock_now().micros() - 3_600_000_000, app.clock_now().micros() + 1);
            let at = |micros| Timestamp::from_micros(micros).to_string();
            let figures = format!("/api/v1/call-figures?from={}&to={}&by=line", at(from), at(to));
            let counted = watcher.get(&figures).await.expect(StatusCode::OK).json();
            assert_eq!(counted["items"][0]["group"], "4001");
            assert_eq!(counted["whole"]["figures"]["answered"]["value"], 1);
            let export = figures.replace("call-figures?", "call-figures/export?");
            let book = watcher.get(&export).await.expect(StatusCode::OK);
            assert!(book.body.starts_with(b"PK") && book.header("content-disposition").contains(".xlsx"));
            let csv = watcher.get(&format!("{export}&format=csv")).await.expect(StatusCode::OK);
            let lines: Vec<String> = String::from_utf8_lossy(&csv.body).lines().map(str::to_owned).collect();
            assert!(lines[1].starts_with("4001,") && lines.len() == 3, "a line and the whole: {lines:?}");
            agent
                .get("/api/v1/call-figures/export?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z&by=queue")
                .await
                .problem(403, "forbidden");
            let board = watcher.get("/api/v1/wallboard").await.expect(StatusCode::OK).json();
            assert_eq!(board["now"]["agents"]["ready"], 1, "{board}");
            let line = &board["queues"][0];
            assert_eq!(
                (&line["code"], &line["waiting"], &line["ready"]),
                (&json!("desk"), &json!(0), &json!(1))
            );
            agent.get("/api/v1/wallboard").await.problem(403, "forbidden");
            let floor = watcher.get("/api/v1/agents").await.expect(StatusCode::OK).json();
            assert_eq!(floor["items"][0]["skills"]["sichuanese"], 5);
            agent.get("/api/v1/agents").await.problem(403, "forbidden");
        }
    });
}

/// Lets a call have a recording of 65 seconds.
pub(crate) async fn recorded(app: &TestApp, call: CallId) {
    let now = app.clock_now();
    let row = RecordingRow {
        id: RecordingId(app.edge.app.ids.uuid(now)),
        call,
        began_at: now,
        ended_at: Some(now),
        millis: 65_000,
        bytes: 1_000,
        key_id: None,
        keep_until: Timestamp::from_micros(now.micros() + 1_000_000_000),
        erased_at: None,
    };
    kept(&app.edge.app, org(app), row).await.unwrap();
}

async fn heard(app: &TestApp, agent: &Client, watcher: &Client, call: CallId) {
    let path = format!("/api/v1/calls/{call}/recording");
    agent.get(&path).await.problem(404, "not_found");
    recorded(app, call).await;
    let whole = watcher.get(&path).await.expect(StatusCode::OK);
    assert_eq!((whole.body.len(), &*whole.header("accept-ranges")), (1000, "bytes"));
    let part = watcher.clone().with("range", "bytes=500-599").get(&path).await;
    let part = part.expect(StatusCode::PARTIAL_CONTENT);
    assert_eq!(&*part.header("content-range"), "bytes 500-599/1000");
    assert_eq!(part.body[..], whole.body[500..600]);
    let beyond = watcher.clone().with("range", "bytes=2000-").get(&path).await;
    let _ = beyond.expect(StatusCode::RANGE_NOT_SATISFIABLE);
    let wave = agent
        .get(&format!("/api/v1/calls/{call}/recording/waveform?points=3"))
        .await
        .expect(StatusCode::OK)
        .json();
    assert_eq!(wave["agent"], json!([[-2, 2], [-2, 2], [-2, 2]]));
    let log = watcher.get(&format!("/api/v1/calls/{call}/recording/log")).await.expect(StatusCode::OK).json();
    let people: Vec<&Value> =
        log["items"].as_array().into_iter().flatten().map(|line| &line["person"]).collect();
    assert_eq!(people.len(), 2, "one line for each listening, whatever its ranges: {log}");
    agent.get(&format!("/api/v1/calls/{call}/recording/log")).await.problem(403, "forbidden");
}

/// CALL-7, CALL-11: the access log names who listened, and who was not let.
async fn refused_ones_are_logged(other: &Client, watcher: &Client, call: CallId) {
    let path = format!("/api/v1/calls/{call}/recording");
    other.get(&path).await.problem(403, "forbidden");
    other.get(&format!("{path}/waveform")).await.problem(403, "forbidden");
    let log = watcher.get(&format!("{path}/log")).await.expect(StatusCode::OK).json();
    let mut lines: Vec<(&str, &str)> = log["items"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|line| (word(&line["name"]), word(&line["how"])))
        .collect();
    lines.sort_unstable();
    assert_eq!(lines, [("an", "waveform"), ("ban", "listened"), ("bo", "refused")]);
}

/// a call typed in by hand is a record like any other, belongs to its case and is
/// counted; what cannot be is refused.
#[test]
fn a_call_typed_in_is_a_record_like_any_other() {
    with_admin(|app, _| async move {
        let agent = app.with_person("an", &[Post::Agent]);
        let (from, to) = (app.clock_now().micros() - 120_000_000, app.clock_now().micros() - 60_000_000);
        let at = |micros| Timestamp::from_micros(micros).to_string();
        let body = json!({"direction": "in", "number": "13912345678", "line": "4002", "arrived_at": at(from),
            "ended_at": at(to), "note": "问停车费"});
        let made = agent.post("/api/v1/calls", &body).await.expect(StatusCode::CREATED).json();
        assert_eq!((&made["origin"], &made["talk_s"]), (&json!("typed"), &json!(60.0)));
        assert_eq!((&made["note"], &made["state"]), (&json!("问停车费"), &json!("ended")));
        let found = agent.get("/api/v1/calls?number=13912345678&limit=1").await.expect(StatusCode::OK).json();
        assert_eq!(found["items"][0]["id"], made["id"]);
        let late = json!({"direction": "in", "arrived_at": at(to), "ended_at": at(from)});
        let refused = agent.post("/api/v1/calls", &late).await.problem(422, "invalid_body");
        let field = &refused["fields"][0];
        assert_eq!((&field["path"], &field["code"]), (&json!("ended_at"), &json!("call_times_unordered")));
        for wrong in ["state=foo", "result=foo", "limit=0"] {
            let problem = agent.get(&format!("/api/v1/calls?{wrong}")).await;
            assert_eq!(problem.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        }
        let id = word(&made["id"]);
        let path = format!("/api/v1/calls/{id}/link");
        let lost = json!({"case": "00000000-0000-7000-8000-000000000001"});
        agent.post(&path, &lost).await.problem(404, "not_found");
        agent.get("/api/v1/calls?cursor=eHg").await.problem(422, "invalid_cursor");
        agent.post("/api/v1/dial", &json!({"number": "13912345678"})).await.problem(409, "phone_unavailable");
        agent.post("/api/v1/agent/phone", &json!({})).await.problem(409, "phone_unavailable");
    });
}

/// Issue 7 §1, CALL-18: lines, telephones and trunks are set by who may; passwords are
/// shown once, secrets never.
#[test]
fn settings_are_kept_and_secrets_are_not_shown() {
    with_admin(|app, admin| async move {
        let agent = app.with_person("an", &[Post::Agent]);
        let put = async |path: &str, body: Value| admin.put(path, &body).await;
        let phone = json!({"name": "8001", "person": agent.id, "active": true});
        let made = put("/api/v1/extensions", phone).await.expect(StatusCode::OK).json();
        assert!(made["password"].is_string(), "shown this once");
        let listed = admin.get("/api/v1/extensions").await.expect(StatusCode::OK).json();
        assert!(listed["items"][0]["password"].is_null());
        let line = json!({"number": "4001", "name": "报修", "service": "repair", "most": 90, "active": true});
        let _ = put("/api/v1/lines", line.clone()).await.expect(StatusCode::OK);
        let lines = admin.get("/api/v1/lines").await.expect(StatusCode::OK).json();
        assert_eq!((&lines["items"][0]["number"], &lines["items"][0]["most"]), (&json!("4001"), &json!(90)));
        let trunk = json!({"name": "carrier", "server": "sip.example.cn:5060", "transport": "udp",
            "user": "huiyin", "register": true, "from": ["192.0.2.1"], "most": 90, "order": 1, "active": true,
            "secret": "geheim"});
        for (path, said, code) in
            [("server", json!("sip:example.cn"), "no_server"), ("order", json!(1_001), "not_acceptable")]
        {
            let mut wrong = trunk.clone();
            wrong[path] = said;
            let refused = put("/api/v1/trunks", wrong).await.problem(422, "invalid_body");
            let fault = &refused["fields"][0];
            assert_eq!((&fault["path"], &fault["code"]), (&json!(path), &json!(code)));
        }
        let kept = put("/api/v1/trunks", trunk).await.expect(StatusCode::OK);
        assert!(!String::from_utf8_lossy(&kept.body).contains("geheim"));
        let trunks = admin.get("/api/v1/trunks").await.expect(StatusCode::OK);
        assert!(!String::from_utf8_lossy(&trunks.body).contains("geheim"));
        // CALL-5: without telephony nobody knows how it stands, and that is said
        let now = trunks.json()["now"].clone();
        assert_eq!((&now[0]["name"], &now[0]["state"]), (&json!("carrier"), &json!("unknown")), "{now}");
        assert_eq!((&now[0]["since"], &now[0]["fault"]), (&Value::Null, &Value::Null));
        let mut wrong = queue(&[]);
        wrong["ring"] = json!(1);
        put("/api/v1/queues", wrong).await.problem(422, "invalid_body");
        put("/api/v1/queues", queue(&[PersonId(Uuid::from_u128(9))])).await.problem(422, "invalid_body");
        let _ = put("/api/v1/queues", queue(&[])).await.expect(StatusCode::OK);
        put("/api/v1/queues", queue(&[])).await.problem(422, "invalid_body");
        let queues = agent.get("/api/v1/queues").await.expect(StatusCode::OK).json();
        assert_eq!(queues["items"][0]["code"], "desk");
        for path in ["/api/v1/lines", "/api/v1/extensions", "/api/v1/trunks"] {
            agent.get(path).await.problem(403, "forbidden");
        }
        agent.put("/api/v1/lines", &line).await.problem(403, "forbidden");
    });
}

/// stack.md (softphone), issue 7 §6: an agent opens a telephone in the browser without an
/// administrator; each opening ends the one before, the lines forget it at once, and
/// whoever sets up the telephones can take it away.
#[test]
fn an_agent_opens_a_telephone_in_the_browser() {
    let lines = Arc::new(Lines::default());
    let given = Arc::clone(&lines);
    with_equipped(
        move |app: App, _: &std::path::Path| app.with_phone(Arc::<Lines>::clone(&given)),
        |app, admin| {
            let lines = Arc::clone(&lines);
            async move {
                let agent = app.with_person("an", &[Post::Agent]);
                let open = async || agent.post("/api/v1/agent/phone", &json!({})).await;
                let first = open().await.expect(StatusCode::OK).json();
                let again = open().await.expect(StatusCode::OK).json();
                assert_eq!((&first["user"], &first["path"]), (&again["user"], &json!("/sip")));
                assert!(first["password"].is_string() && first["password"] != again["password"]);
                let renewed = std::mem::take(&mut *lines.renewed.lock().unwrap());
                assert_eq!(renewed, [word(&first["user"]), word(&first["user"])]);
                let desk = agent.get("/api/v1/agent").await.expect(StatusCode::OK).json();
                assert_eq!(desk["extensions"], json!([first["user"]]));
                let barred = json!({"name": first["user"], "person": agent.id, "active": false});
                let _ = admin.put("/api/v1/extensions", &barred).await.expect(StatusCode::OK);
                let forgotten = std::mem::take(&mut *lines.renewed.lock().unwrap());
                assert_eq!(forgotten, [word(&first["user"])], "barred at once");
                open().await.problem(409, "telephone_barred");
                let worker = app.with_person("gong", &[Post::Employee]);
                worker.post("/api/v1/agent/phone", &json!({})).await.problem(403, "forbidden");
            }
        },
    );
}

/// TEL-23: a colleague can be asked during a call, where a telephone of theirs can ring.
#[test]
fn a_colleague_is_asked_where_they_can_be_reached() {
    let lines = Arc::new(Lines::default());
    let given = Arc::clone(&lines);
    with_equipped(
        move |app: App, _: &std::path::Path| app.with_phone(Arc::<Lines>::clone(&given)),
        |app, admin| {
            let lines = Arc::clone(&lines);
            async move {
                let agent = app.with_person("an", &[Post::Agent]);
                let other = app.with_person("bo", &[Post::Agent]);
                let queue = set_up(&app, &admin, &agent).await;
                let call = CallId(app.edge.app.ids.uuid(app.clock_now()));
                answered(&app, call, queue).await;
                let theirs = other.id.expect("a person");
                let path = format!("/api/v1/calls/{call}/orders");
                let wish = json!({"do": "consult", "agent": theirs});
                agent.post(&path, &wish).await.problem(409, "agent_unreachable");
                let _ = other.post("/api/v1/agent", &json!({"do": "sign_in"})).await.expect(StatusCode::OK);
                happens(&app, Happening::Agent(theirs, Ask::DeviceUp)).await;
                let _ = agent.post(&path, &wish).await.expect(StatusCode::ACCEPTED);
                let orders = std::mem::take(&mut *lines.orders.lock().unwrap());
                assert_eq!(orders, [What::ConsultAgent(theirs)]);
                agent.post(&path, &json!({"do": "consult"})).await.problem(422, "invalid_body");
            }
        },
    );
}
