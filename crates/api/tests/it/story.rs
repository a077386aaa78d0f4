use crate::with_admin;
use axum::http::StatusCode;
use huiyin_domain::people::Post;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::Client;
use serde_json::{Value, json};

/// One case, on which people act one after the other.
pub(crate) struct Story {
    pub id: String,
    pub version: u64,
}

impl Story {
    /// Begins with a telephone complaint.
    pub async fn begin(by: &Client, text: &str) -> Self {
        let new = json!({"kind": "complaint", "channel": "phone", "text": text,
            "reporter": {"name": "何先生", "phone": "19900001234"}});
        let made = by.post("/api/v1/cases", &new).await.expect(StatusCode::CREATED).json();
        Self { id: word(&made["id"]), version: made["version"].as_u64().unwrap_or_default() }
    }

    /// Takes an action that must succeed; gives the stage after it.
    pub async fn act(&mut self, by: &Client, action: &str, mut body: Value) -> String {
        body["version"] = json!(self.version);
        let path = format!("/api/v1/cases/{}/actions/{action}", self.id);
        let acted = by.post(&path, &body).await.expect(StatusCode::OK).json();
        self.version = acted["version"].as_u64().unwrap_or_default();
        word(&acted["stage"])
    }

    /// Takes an action that must be refused, and gives the reasons' codes.
    pub async fn refused(
        &self,
        by: &Client,
        action: &str,
        mut body: Value,
        (status, code): (u16, &str),
    ) -> Vec<String> {
        body["version"] = json!(self.version);
        let path = format!("/api/v1/cases/{}/actions/{action}", self.id);
        let problem = by.post(&path, &body).await.problem(status, code);
        let reasons = problem["params"]["reasons"].as_array().cloned().unwrap_or_default();
        reasons.iter().map(|reason| word(&reason["code"])).collect()
    }

    pub async fn read(&self, by: &Client) -> Value {
        by.get(&format!("/api/v1/cases/{}", self.id)).await.expect(StatusCode::OK).json()
    }
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Five people, each with one post.
pub(crate) struct Desk {
    pub agent: Client,
    pub lead: Client,
    pub handler: Client,
    pub verifier: Client,
    pub head: Client,
}

impl Desk {
    pub fn of(app: &TestApp) -> Self {
        Self {
            agent: app.with_person("mei", &[Post::Agent]),
            lead: app.with_person("lan", &[Post::Lead]),
            handler: app.with_person("niu", &[Post::Agent]),
            verifier: app.with_person("ping", &[Post::Verifier]),
            head: app.with_person("hua", &[Post::Head]),
        }
    }
}

pub(crate) fn later(app: &TestApp, hours: i64) -> String {
    huiyin_domain::time::Timestamp::from_micros(app.clock_now().micros() + hours * 3_600_000_000).to_string()
}

/// Leads a case from the call to negotiations about one option.
pub(crate) async fn to_negotiation(app: &TestApp, desk: &Desk, story: &mut Story, amount: Option<&str>) {
    story
        .act(
            &desk.agent,
            "promise",
            json!({"kind": "feedback", "text": "下午四点前回电", "due": later(app, 6)}),
        )
        .await;
    assert_eq!(story.act(&desk.agent, "accept", json!({})).await, "accepted");
    story.act(&desk.agent, "transfer", json!({"to": desk.handler.id})).await;
    story.act(&desk.handler, "accept_transfer", json!({})).await;
    assert_eq!(story.act(&desk.lead, "investigate", json!({})).await, "investigating");
    story.act(&desk.handler, "record_finding", json!({"text": "落水管失修"})).await;
    story
        .act(
            &desk.handler,
            "state_basis",
            json!({"kind": "contract", "text": "物业合同第六条", "responsibility": "ours"}),
        )
        .await;
    let mut option = json!({"text": "三日内更换落水管"});
    if let Some(amount) = amount {
        option["amount"] = json!({"amount": amount, "currency": "CNY"});
    }
    story.act(&desk.handler, "offer_option", option).await;
    assert_eq!(story.act(&desk.handler, "negotiate", json!({})).await, "negotiating");
}

/// PROP-14, PROP-22, PROP-50, PROP-53, PROP-55, PROP-59, PROP-64, X-15, X-39
#[test]
fn a_complaint_goes_from_the_call_to_the_customers_word_by_five_people() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let mut story = Story::begin(&desk.agent, "楼上漏水，客厅天花板湿了").await;
        let reasons = story
            .refused(&desk.agent, "transfer", json!({"to": desk.handler.id}), (409, "action_closed"))
            .await;
        assert!(reasons.contains(&"promise_missing".to_owned()), "{reasons:?}");
        to_negotiation(&app, &desk, &mut story, None).await;
        story.act(&desk.handler, "answer_option", json!({"option": 1, "answer": "provisional"})).await;
        story.refused(&desk.handler, "execute", json!({}), (409, "action_closed")).await;
        let accepts = json!({"option": 1, "answer": "accepted"});
        story.act(&desk.handler, "answer_option", accepts).await;
        assert_eq!(story.act(&desk.handler, "execute", json!({})).await, "executing");
        story
            .act(
                &desk.handler,
                "reply",
                json!({"kind": "measures", "carrier": "spoken", "text": "周五前换好"}),
            )
            .await;
        assert_eq!(story.act(&desk.handler, "submit_for_verification", json!({})).await, "verifying");
        story.refused(&desk.verifier, "send_to_visit", json!({}), (409, "action_closed")).await;
        story.act(&desk.verifier, "verify", json!({"in_order": true})).await;
        assert_eq!(story.act(&desk.verifier, "send_to_visit", json!({})).await, "visiting");
        let visit = json!({"result": "satisfied", "form": "phone", "acceptance": "很快", "measures": "可以", "result_opinion": "满意"});
        story.refused(&desk.handler, "visit", visit.clone(), (403, "not_permitted")).await;
        story.act(&desk.lead, "visit", visit).await;
        assert_eq!(story.act(&desk.lead, "close_satisfied", json!({})).await, "closed");
        let case = story.read(&desk.lead).await;
        assert_eq!(
            (&case["closure"], &case["phase"], &case["text"]),
            (&json!("satisfied"), &json!("done"), &json!("楼上漏水，客厅天花板湿了"))
        );
        let open = case["clocks"]
            .as_array()
            .map(|all| all.iter().filter(|c| c["met_at"].is_null() && c["cancelled_at"].is_null()).count());
        assert_eq!(open, Some(0), "no clock runs on in a closed case");
    });
}

/// an approval holds for exactly the content it was given for (D1).
#[test]
fn an_approval_is_stale_once_the_customer_accepts_something_else() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let mut story = Story::begin(&desk.agent, "墙面渗水").await;
        to_negotiation(&app, &desk, &mut story, Some("6000")).await;
        let maybe = json!({"option": 1, "answer": "provisional"});
        story.act(&desk.handler, "answer_option", maybe).await;
        let grants = json!({"approval": 1, "decision": "granted"});
        story.refused(&desk.lead, "decide_approval", grants.clone(), (409, "action_closed")).await;
        story.act(&desk.head, "decide_approval", grants).await;
        let more = json!({"amount": "6500", "currency": "CNY"});
        story.act(&desk.handler, "offer_option", json!({"text": "三日内更换落水管", "amount": more})).await;
        let again = json!({"option": 2, "answer": "provisional"});
        story.act(&desk.handler, "answer_option", again).await;
        let reasons = story.refused(&desk.handler, "execute", json!({}), (409, "approval_stale")).await;
        assert!(reasons.contains(&"approval_stale".to_owned()), "{reasons:?}");
    });
}

/// contracts §2: two people at once; the later one gets the newer state.
#[test]
fn whoever_is_late_gets_the_newer_state() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let mut story = Story::begin(&desk.agent, "电梯异响").await;
        let seen = story.version;
        story.act(&desk.agent, "set_fields", json!({"fields": {"wish": "尽快修好"}})).await;
        let path = format!("/api/v1/cases/{}/actions/set_fields", story.id);
        let late = json!({"fields": {"wish": "赔偿"}, "version": seen});
        let problem = desk.lead.post(&path, &late).await.problem(409, "stale");
        assert_eq!(problem["params"]["current"]["fields"]["wish"], "尽快修好");
        desk.lead.post(&path, &json!({"fields": {"wish": "赔偿"}})).await.problem(428, "version_required");
    });
}

/// PROP-21: no visit time before somebody who will come confirmed it.
#[test]
fn a_visit_is_promised_only_on_a_confirmed_slot() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let mut story = Story::begin(&desk.agent, "水管爆裂").await;
        let promise = json!({"kind": "visit", "text": "下午三点上门", "due": later(&app, 5)});
        story.refused(&desk.agent, "promise", promise.clone(), (422, "invalid_body")).await;
        let slot = json!({"person": desk.handler.id, "from": later(&app, 4), "to": later(&app, 6)});
        story.act(&desk.lead, "confirm_slot", slot).await;
        story.act(&desk.agent, "promise", promise).await;
    });
}
