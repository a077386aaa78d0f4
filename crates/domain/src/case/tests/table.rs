//! The tables that people agreed on, as snapshots.

use super::super::*;
use crate::people::Post;
use std::fmt::Write as _;

/// PROP-14, PROP-50, PROP-53, PROP-59, PROP-64, X-39
#[test]
fn stage_by_action_by_post_is_what_we_agreed_on() {
    let pack = crate::pack::property();
    let mut table = String::new();
    let mut pairs = 0;
    for stage in pack.stages(Kind::Complaint) {
        let _ = writeln!(table, "{stage}");
        for kind in CommandKind::FACTS {
            let posts: Vec<&str> = may(*kind).iter().map(|by| by.as_str()).collect();
            if stages(*kind).contains(&stage) {
                let _ = writeln!(table, "  {}: {}", kind.as_str(), posts.join(", "));
            }
            pairs += Post::ALL.len();
        }
        let rules = pack.moves.iter().filter(|rule| rule.of.contains(&Kind::Complaint));
        for rule in rules.filter(|rule| rule.from.contains(&stage)) {
            let by: Vec<&str> = rule.by.iter().map(|by| by.as_str()).collect();
            let gates: Vec<String> = rule.gates.iter().map(crate::pack::GateRule::to_words).collect();
            let name = CommandKind::Move(rule.to).as_str();
            let _ = writeln!(table, "  → {name}: {} | {}", by.join(", "), gates.join("; "));
        }
    }
    assert_eq!(pairs, 10 * CommandKind::FACTS.len() * Post::ALL.len(), "none is left out");
    insta::assert_snapshot!(table);
}

/// PROP-64
#[test]
fn the_page_of_the_machine_draws_every_kind() {
    let page = machine_markdown(crate::pack::property());
    for kind in Kind::ALL {
        assert!(page.contains(&format!("\n## {kind}\n")), "{kind}");
    }
    assert!(page.contains("settling --> closed_exempt_elapsed"), "{page}");
}

/// PROP-59, PROP-62: by number and code the customer speaks, adds files, answers
/// an option and the return visit, and does nothing else.
#[test]
fn the_customer_speaks_only_for_himself() {
    let all = CommandKind::FACTS.iter().filter(|kind| may(**kind).contains(&crate::pack::By::Customer));
    let open: std::collections::BTreeSet<&str> = all.map(|kind| kind.as_str()).collect();
    assert_eq!(open, ["answer_option", "attach", "contact", "visit"].into());
    let pack = crate::pack::property();
    assert!(pack.moves.iter().all(|rule| !rule.by.contains(&crate::pack::By::Customer)));
}
