//! Trunks that change while the telephone works, and calls as the pages make and see them.

use super::*;
use huiyin_app::call::port;
use huiyin_domain::call::trunk::TrunkNow;
use huiyin_domain::ids::OrgId;
use std::sync::OnceLock;

/// The telephone of an application that was made before it.
#[derive(Default)]
struct Late(OnceLock<Board>);

impl port::Phone for Late {
    fn node(&self) -> String {
        "main".into()
    }
    fn order(&self, order: port::Order) -> Result<(), port::PhoneRefusal> {
        self.0.get().map_or(Err(port::PhoneRefusal::Unavailable), |board| board.order(order))
    }
    fn carry(&self, org: OrgId, effects: Vec<call::Effect>) {
        self.0.get().into_iter().for_each(|board| board.carry(org, effects.clone()));
    }
    fn renewed(&self, extension: &str) {
        self.0.get().into_iter().for_each(|board| board.renewed(extension));
    }
    fn trunks(&self, org: OrgId) -> Vec<TrunkNow> {
        self.0.get().map(|board| board.trunks(org)).unwrap_or_default()
    }
    fn trunks_kept(&self) {
        self.0.get().into_iter().for_each(|board| board.trunks_kept());
    }
}

/// A carrier on a port of its own that answers whatever it is asked.
async fn carrier(status: u16) -> SocketAddr {
    let socket = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let at = socket.local_addr().unwrap();
    tokio::runtime::Handle::current().spawn(async move {
        let mut bytes = vec![0; 65_536];
        while let Ok((length, from)) = socket.recv_from(&mut bytes).await {
            let asked = String::from_utf8_lossy(&bytes[..length]).into_owned();
            let kept = ["Via:", "From:", "To:", "Call-ID:", "CSeq:"];
            let headers = asked.lines().filter(|line| kept.iter().any(|name| line.starts_with(name)));
            let headers: String = headers.map(|line| format!("{line}\r\n")).collect();
            let answer = format!("SIP/2.0 {status} X\r\n{headers}Content-Length: 0\r\n\r\n");
            let _ = socket.send_to(answer.as_bytes(), from).await;
        }
    });
    at
}

/// How the only trunk stands, once it does so.
async fn trunk_stands(admin: &Client, state: &str) -> Value {
    let deadline = std::time::Instant::now() + Duration::from_secs(15);
    loop {
        let trunks = admin.get("/api/v1/trunks").await.expect(StatusCode::OK).json();
        // it is written down a moment after it is so
        if trunks["now"][0]["state"] == state && !trunks["now"][0]["since"].is_null() {
            return trunks["now"][0].clone();
        }
        assert!(std::time::Instant::now() < deadline, "not {state}: {trunks}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// CALL-5, issue 7 §1: a trunk that is set or changed is used at once, without a restart; how
/// it stands, since when and why is listed, and a wallboard alarms while it is down. Another
/// organisation sees nothing of it.
#[test]
fn a_trunk_is_used_as_it_is_set_and_seen_as_it_stands() {
    both_engines_async(|store| async {
        let late = Arc::new(Late::default());
        let given = Arc::clone(&late);
        let app = TestApp::with(store, |app, _| app.with_phone(given));
        let admin = app.with_person("boss", &[Post::Admin]);
        let watcher = app.with_person("leader", &[Post::ShiftLeader]);
        let folder = tempfile::tempdir().unwrap();
        let listen = "127.0.0.1:0".parse().unwrap();
        let own = Phone {
            carrier: Some(Carrier::Own { listen, movable: false, tls: None }),
            ..phone(folder.path())
        };
        let place = Place { data: Some(folder.path().join("data")), ..Place::default() };
        let settled = place.settle().unwrap();
        let start = Start { phone: &own, settled: &settled, tls: None, demo: None };
        let telephone = Telephone::start(&app.edge.app, start).await.unwrap();
        assert!(late.0.set(telephone.board.clone().unwrap()).is_ok());
        let (takes, refuses) = (carrier(200).await, carrier(403).await);
        let keep = async |server: SocketAddr, register: bool, active: bool| {
            let trunk = json!({"name": "电信", "server": server.to_string(), "transport": "udp", "user": "huiyin",
                "register": register, "most": 30, "order": 1, "active": active, "secret": "geheim"});
            let _ = admin.put("/api/v1/trunks", &trunk).await.expect(StatusCode::OK);
        };
        let alarms = async || {
            let board = watcher.get("/api/v1/wallboard").await.expect(StatusCode::OK).json();
            let all = board["now"]["alarms"].as_array().unwrap().clone();
            all.into_iter().find(|alarm| alarm["kind"] == "trunks")
        };
        keep(takes, false, true).await;
        let up = trunk_stands(&admin, "up").await;
        assert_eq!((&up["name"], &up["since"]), (&json!("电信"), &json!(app.clock_now())), "{up}");
        assert_eq!(alarms().await, None);
        keep(refuses, true, true).await;
        let down = trunk_stands(&admin, "down").await;
        assert_eq!((&down["fault"], &down["status"]), (&json!("refused"), &json!(403)), "{down}");
        let alarm = alarms().await.expect("an alarm");
        assert_eq!(
            (&alarm["about"], &alarm["is"], &alarm["limit"]),
            (&json!(["电信"]), &json!(0), &json!(1))
        );
        let twin = app.of_twin().get("/api/v1/trunks").await.expect(StatusCode::OK).json();
        assert!(!twin.to_string().contains("电信"), "of another house: {twin}");
        keep(takes, true, true).await;
        let again = trunk_stands(&admin, "up").await;
        assert_eq!((&again["fault"], &again["status"]), (&Value::Null, &Value::Null));
        keep(takes, true, false).await;
        let deadline = std::time::Instant::now() + Duration::from_secs(10);
        while !telephone.line.as_ref().unwrap().control().standing().trunks.is_empty() {
            assert!(std::time::Instant::now() < deadline, "it is still used");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(alarms().await, None, "one that is not in use alarms nobody");
        telephone.stop().await;
    });
}

impl FakeAri {
    /// The channel of the n-th call to a telephone, counted from 0.
    async fn dialled_nth(&self, endpoint: &str, nth: usize) -> String {
        let part = format!("endpoint={endpoint}");
        for _ in 0..1_000 {
            let log = self.log();
            if let Some(line) = log.iter().filter(|line| line.contains(&part)).nth(nth) {
                return line.split(['/', '?']).nth(1).unwrap().to_owned();
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("nobody called {endpoint}: {:#?}", self.log());
    }

    /// A telephone of the PBX dials.
    fn dials(&self, id: &str, (from, to): (&str, &str)) {
        self.put(id, true);
        let channel = json!({"id": id, "name": format!("PJSIP/{from}-00000001"), "state": "Ring",
            "caller": {"name": "", "number": from}, "connected": {"name": "", "number": ""},
            "dialplan": {"context": "c", "exten": to, "priority": 1, "app_name": "Stasis", "app_data": "huiyin,phone"}});
        let event = json!({"type": "StasisStart", "application": "huiyin", "asterisk_id": "x",
            "args": ["phone", from], "channel": channel});
        self.raw(&event.to_string());
    }
}

/// TEL-3, CALL-10: a call to a telephone of the house, dialled on a desk phone or on the screen,
/// is internal: no calling window holds it, no figure of customers counts it. A desk phone that
/// dials a customer then is refused.
#[test]
fn a_call_to_a_colleague_is_internal() {
    both_engines_async(|store| async {
        let late = Arc::new(Late::default());
        let given = Arc::clone(&late);
        let app = TestApp::with(store, |app, _| app.with_phone(given));
        let admin = app.with_person("boss", &[Post::Admin]);
        let (agent, colleague) =
            (app.with_person("mei", &[Post::Agent]), app.with_person("lan", &[Post::Agent]));
        let folder = tempfile::tempdir().unwrap();
        let fake = FakeAri::start().await;
        set_up(&admin, &agent).await;
        let telephone = start(&app, folder.path(), &settings(folder.path(), &fake.settings())).await.unwrap();
        assert!(late.0.set(telephone.board.clone().unwrap()).is_ok());
        for name in ["1002", "1003"] {
            let phone = json!({"name": name, "person": colleague.id, "active": true});
            let _ = admin.put("/api/v1/extensions", &phone).await.expect(StatusCode::OK);
        }
        let path = "/api/v1/telephone-settings";
        let mut rules = admin.get(path).await.expect(StatusCode::OK).json();
        rules["windows"] = json!({"day": "13:00-24:00", "meals": [], "first_minutes": 0});
        let _ = admin.put(path, &rules).await.expect(StatusCode::OK);
        fake.dials("out", ("1001", "13912345678"));
        let _ = fake.asked("DELETE channels/out").await;
        fake.dials("desk", ("1001", "1002"));
        let channel = fake.dialled("PJSIP/1002").await;
        fake.pick_up(&channel);
        let _ = fake.asked("POST channels/desk/answer").await;
        let call = only_call(&admin).await;
        assert_eq!((&call["direction"], &call["called"]), (&json!("internal"), &json!("1002")), "{call}");
        fake.gone("desk", 16);
        let _ = fake.asked(&format!("DELETE channels/{channel}")).await;
        let dial = json!({"number": "1003"});
        let made = agent.post("/api/v1/dial", &dial).await.expect(StatusCode::CREATED).json();
        assert_eq!((&made["direction"], &made["party"]), (&json!("internal"), &Value::Null), "{made}");
        let own = fake.dialled("PJSIP/1001").await;
        fake.pick_up(&own);
        let there = fake.dialled("PJSIP/1003").await;
        // answered and hung up in one moment: nobody is left in a call with nobody
        fake.pick_up(&there);
        fake.gone(&there, 16);
        let _ = fake.asked(&format!("DELETE channels/{own}")).await;
        let call = only_call(&admin).await;
        assert_eq!((&call["state"], &call["direction"]), (&json!("ended"), &json!("internal")), "{call}");
        let day = "/api/v1/call-figures?from=2026-09-29T16:00:00Z&to=2026-09-30T16:00:00Z&by=agent";
        let leader = app.with_person("leader", &[Post::ShiftLeader]);
        let figures = leader.get(day).await.expect(StatusCode::OK).json();
        let value = |name: &str| figures["whole"]["figures"][name]["value"].clone();
        assert_eq!((value("internal"), value("outbound"), value("talk")), (json!(2), json!(0), Value::Null));
        telephone.stop().await;
    });
}

/// A menu in which callers may refuse to be recorded.
const CONSENT: &str = r#"menu = "consent"
version = 1
title = { zh = "录音告知", en = "Consent" }
start = "ask"
person = "agents"
[[node]]
name = "ask"
kind = "choose"
prompts = ["recorded"]
otherwise = "agents"
[[node.option]]
key = "9"
to = "refused"
[[node.option]]
key = "0"
to = "agents"
[[node]]
name = "refused"
kind = "no_recording"
to = "agents"
[[node]]
name = "agents"
kind = "queue"
queue = "desk"
full = "bye"
[[node]]
name = "bye"
kind = "hang_up"
prompts = ["goodbye"]
"#;

/// CALL-11: who refuses by a key of the menu to be recorded is not, and the record says so; who
/// presses another key is recorded.
#[test]
fn who_refuses_the_recording_is_not_recorded() {
    both_engines_async(|store| async {
        let late = Arc::new(Late::default());
        let given = Arc::clone(&late);
        let app = TestApp::with(store, |app, _| app.with_phone(given));
        let (admin, agent) =
            (app.with_person("boss", &[Post::Admin]), app.with_person("mei", &[Post::Agent]));
        let folder = tempfile::tempdir().unwrap();
        let fake = FakeAri::start().await;
        set_up(&admin, &agent).await;
        let telephone = start(&app, folder.path(), &settings(folder.path(), &fake.settings())).await.unwrap();
        assert!(late.0.set(telephone.board.clone().unwrap()).is_ok());
        let text = json!({"text": CONSENT, "version": null});
        let _ = admin.put("/api/v1/menus/consent", &text).await.expect(StatusCode::OK);
        let line = json!({"number": "4001", "name": "热线", "menu": "consent", "active": true});
        let _ = admin.put("/api/v1/lines", &line).await.expect(StatusCode::OK);
        for (nth, (id, key)) in [("refuses", '9'), ("agrees", '0')].into_iter().enumerate() {
            fake.arrive(id);
            let _ = fake.asked(&format!("POST channels/{id}/play")).await;
            fake.digit(id, key);
            let channel = fake.dialled_nth("PJSIP/1001", nth).await;
            fake.pick_up(&channel);
            let _ = fake.asked("/addChannel").await;
            if key == '0' {
                let _ = fake.asked("/record?").await;
            } else {
                // time enough for a recording to begin
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
            fake.gone(id, 16);
            let _ = fake.asked(&format!("DELETE channels/{channel}")).await;
            let recorded = fake.log().iter().any(|line| line.contains("/record?"));
            let call = only_call(&admin).await;
            assert_eq!((&call["result"], recorded), (&json!("answered"), key == '0'), "{call}");
            assert_eq!(call["recording_refused_at"].is_null(), recorded, "{call}");
            assert_eq!(call["recordings"].as_array().map(|all| all.is_empty()), Some(!recorded), "{call}");
            let _ = agent.post("/api/v1/agent", &json!({"do": "ready"})).await.expect(StatusCode::OK);
            app.clock.advance(1);
        }
        telephone.stop().await;
    });
}
