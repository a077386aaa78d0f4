//! A guide through any pack: opens the gates of each move as they stand there.

use super::super::*;
use super::desk::{ANN, Desk, EVERYBODY, LEE, NAN, VERA, VIC, person};
use crate::pack::{FieldKind, GateRule, MoveRule, Pack};
use serde_json::{Value, json};

/// A complaint in every stage on its way to the satisfied end.
pub(super) fn along(pack: &'static Pack, channel: Channel) -> Vec<Desk> {
    let mut desk = Desk::receives_by(pack, Kind::Complaint, channel);
    let mut all = vec![desk.clone()];
    for _ in 0..12 {
        let Some(rule) = forward(&desk) else { return all };
        rule.gates.iter().for_each(|gate| open(&mut desk, gate));
        go(&mut desk, rule);
        all.push(desk.clone());
    }
    panic!("{} leads nowhere", pack.name);
}

/// The full way on: of the moves that lead to a stage not seen yet, or to the
/// satisfied end, the one before which most is asked.
fn forward(desk: &Desk) -> Option<&'static MoveRule> {
    let seen = |stage: Stage| {
        let changes = desk.history.iter().filter_map(|recorded| match &recorded.event {
            Event::Ruled(Ruled::StageChanged(change)) => Some(change.to),
            _ => None,
        });
        stage == Stage::Received || changes.into_iter().any(|to| to == stage)
    };
    let ways = desk.pack.moves.iter().filter(|rule| {
        rule.of.contains(&Kind::Complaint) && rule.from.contains(&desk.case.stage) && !rule.reason
    });
    let fits = |rule: &&MoveRule| match rule.to {
        Target::Stage(stage) => !seen(stage) && stage != Stage::Settling && usual(rule),
        Target::Closed(closure) => closure == ClosureKind::Satisfied,
    };
    ways.into_iter().filter(fits).max_by_key(|rule| rule.gates.len())
}

/// Emergencies are no usual way.
fn usual(rule: &MoveRule) -> bool {
    !rule.gates.contains(&GateRule::One(Gate::Flag(Flag::Emergency)))
}

fn go(desk: &mut Desk, rule: &MoveRule) {
    let action = CommandKind::Move(rule.to).as_str();
    let who = EVERYBODY.into_iter().find(|who| desk.open(*who, action).is_ok());
    let Some(who) = who else {
        let told: Vec<_> = EVERYBODY.into_iter().map(|who| desk.open(who, action)).collect();
        panic!("{action} is shut in {}: {told:?}", desk.case.stage);
    };
    desk.did(who, action, json!({}));
}

/// Opens a gate by the action that opens it, of an `any` the first that is no flag.
pub(super) fn open(desk: &mut Desk, rule: &GateRule) {
    if desk.with_facts(Some(LEE), |facts| rule.reasons(&desk.case, facts).is_empty()) {
        return;
    }
    match rule {
        GateRule::One(gate) => open_one(desk, gate),
        GateRule::All(rules) => rules.iter().for_each(|rule| open(desk, rule)),
        GateRule::Any(rules) => {
            let marked = |rule: &&GateRule| matches!(rule, GateRule::One(Gate::Flag(_)));
            open(desk, rules.iter().find(|rule| !marked(rule)).unwrap_or(&rules[0]));
        }
        GateRule::When(_, rule) => open(desk, rule),
    }
}

/// Takes an action once what the pack asks for before it is open.
fn take(desk: &mut Desk, who: u128, action: &str, body: Value) {
    let kind = CommandKind::parse(action).unwrap();
    let pack = desk.pack;
    let of = desk.case.kind;
    for rule in pack.before.iter().filter(|rule| rule.action == kind && rule.of.contains(&of)) {
        rule.gates.iter().for_each(|gate| open(desk, gate));
    }
    desk.did(who, action, body);
}

#[expect(clippy::too_many_lines, reason = "one arm for each case")]
fn open_one(desk: &mut Desk, gate: &Gate) {
    let text = sample::MARKER;
    match gate {
        Gate::Fields(names) => names.iter().for_each(|name| set(desk, name)),
        Gate::HandlerSet => {
            take(desk, ANN, "transfer", json!({ "to": person(NAN) }));
            take(desk, NAN, "accept_transfer", json!({}));
        }
        Gate::Promise(kind) => {
            let due = crate::time::Timestamp::from_micros(desk.now.micros() + 3_600_000_000);
            take(desk, ANN, "promise", json!({ "kind": kind, "text": text, "due": due }));
        }
        Gate::Notified(_) => take(desk, ANN, "transfer", json!({ "to": person(NAN) })),
        Gate::FactsConfirmed => {
            let contact =
                json!({ "text": text, "direction": "outbound", "channel": "phone", "confirms_facts": true });
            take(desk, NAN, "contact", contact);
        }
        Gate::Validity(validity) => {
            take(desk, LEE, "decide_validity", json!({ "validity": validity, "reason": text }));
        }
        Gate::LiabilityGraded => {
            take(desk, LEE, "grade_liability", json!({ "grade": "ours", "reason": text }))
        }
        Gate::ResponsibleNamed => {
            take(desk, LEE, "name_responsible", json!({ "person": person(NAN), "reason": text }));
        }
        Gate::Finding => take(desk, NAN, "record_finding", json!({ "text": text })),
        Gate::AgreementSigned => {
            let amount = desk.case.accepted_option().and_then(|option| option.amount);
            let mut item = json!({ "what": text });
            if let Some(amount) = amount {
                item["amount"] = json!(amount);
            }
            take(desk, NAN, "draw_up_agreement", json!({ "items": [item] }));
            let file = "01890000-0000-7000-8000-000000000601";
            let scan = json!({ "name": text, "attachment": file, "bytes": 9, "media_type": "image/png", "digest": "d" });
            take(desk, NAN, "attach", scan);
            let agreement = desk.case.round.agreements.last().map(|agreement| agreement.id);
            take(desk, NAN, "sign_agreement", json!({ "agreement": agreement, "attachment": file }));
        }
        Gate::TasksDone => {
            let open =
                desk.case.tasks.iter().filter(|task| task.is_open() && task.blocking).map(|task| task.id);
            for id in open.collect::<Vec<_>>() {
                take(desk, NAN, "complete_task", json!({ "task": id, "result": text }));
            }
        }
        Gate::RemedyChosen => {
            let listed = desk.pack.remedies_of(Kind::Complaint).next().map(|def| &def.name);
            let body = json!({ "remedy": listed, "what": text, "reason": text });
            take(desk, NAN, "propose_remedy", body);
        }
        Gate::RemediesGiven => {
            let open = desk.case.remedies.iter().filter(|remedy| remedy.is_open()).map(|remedy| remedy.id);
            for id in open.collect::<Vec<_>>() {
                take(desk, NAN, "give_remedy", json!({ "remedy": id }));
            }
        }
        Gate::Opinion => take(desk, NAN, "record_opinion", json!({ "text": text })),
        Gate::Basis => {
            take(
                desk,
                NAN,
                "state_basis",
                json!({ "kind": "contract", "responsibility": "ours", "text": text }),
            );
        }
        Gate::Options(least) => {
            (0..*least).for_each(|_| take(desk, NAN, "offer_option", json!({ "text": text })));
        }
        Gate::OptionAccepted => {
            if desk.case.round.options.is_empty() {
                take(desk, NAN, "offer_option", json!({ "text": text }));
            }
            let option = desk.case.round.options.last().map(|option| option.id);
            take(desk, NAN, "answer_option", json!({ "option": option, "answer": "accepted" }));
        }
        Gate::Approved(of) => {
            take(desk, NAN, "request_approval", json!({ "of": of, "text": text }));
            let id = desk.case.round.approvals.last().map(|approval| approval.id);
            let grants = json!({ "approval": id, "decision": "granted" });
            let who = EVERYBODY.into_iter().find(|who| desk.open(*who, "decide_approval").is_ok());
            take(desk, who.expect("somebody decides it"), "decide_approval", grants);
        }
        Gate::Form(name) => file(desk, name),
        Gate::HandlingRecord => file(desk, HANDLING_RECORD),
        Gate::FormTaken(name) => {
            take(desk, ANN, "hand_over_form", json!({ "form": name, "to": person(NAN) }));
            take(desk, NAN, "take_form", json!({ "form": name }));
        }
        Gate::Summary => take(desk, NAN, "summarise", json!({ "text": text })),
        Gate::Verified => take(desk, VERA, "verify", json!({ "in_order": true })),
        Gate::Visit(result) => take(desk, VIC, "visit", json!({ "result": result, "form": "phone" })),
        Gate::Notice(kind) => reply(desk, kind.as_str()),
        Gate::WrittenReply => reply(desk, "final"),
        other => panic!("the guide knows no way to open {other:?}"),
    }
}

fn reply(desk: &mut Desk, kind: &str) {
    let who = desk.case.handler.map_or(ANN, |_| NAN);
    let body = json!({ "kind": kind, "carrier": "letter", "text": sample::MARKER, "proof": "挂号" });
    take(desk, who, "reply", body);
}

fn set(desk: &mut Desk, name: &str) {
    if name == "party" {
        let party = "01890000-0000-7000-8000-000000000801";
        let body = json!({ "to": party, "role": "complainant", "reason": sample::MARKER });
        return take(desk, ANN, "correct_party", body);
    }
    let Some(field) = desk.pack.field(Kind::Complaint, name) else { return };
    let value = match &field.kind {
        FieldKind::Choice(choices) => choices[0].clone(),
        _ => sample::MARKER.to_owned(),
    };
    take(desk, ANN, "set_fields", json!({ "fields": { name: value } }));
}

/// Files a form with what each of its fields takes.
fn file(desk: &mut Desk, name: &str) {
    let form = desk.pack.form(Kind::Complaint, name).unwrap();
    let value = |kind: &FieldKind| match kind {
        FieldKind::Date => "2026-03-02".to_owned(),
        FieldKind::Choice(choices) => choices[0].clone(),
        _ => sample::MARKER.to_owned(),
    };
    let plain = |kind: &FieldKind| matches!(kind, FieldKind::Text | FieldKind::Date | FieldKind::Choice(_));
    let fields: serde_json::Map<String, Value> = form
        .fields
        .iter()
        .filter(|(field, _)| plain(&field.kind))
        .map(|(field, _)| (field.name.clone(), json!(value(&field.kind))))
        .collect();
    take(desk, ANN, "file_form", json!({ "form": name, "fields": fields }));
}
