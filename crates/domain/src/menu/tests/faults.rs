//! What is wrong is told with line and advice (CALL-4).

use super::*;

/// Replaces text of the shipped menu and gives what is wrong with it.
fn wrong(from: &str, to: &str) -> Vec<String> {
    let (file, text) = shipped().remove(0);
    assert!(text.contains(from), "the menu says {from:?}");
    match load(file, &text.replacen(from, to, 1), &around()) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.iter().map(ToString::to_string).collect(),
    }
}

fn codes_of(from: &str, to: &str) -> Vec<String> {
    let code = |fault: &String| fault.split_whitespace().nth(1).unwrap_or_default().to_owned();
    wrong(from, to).iter().map(code).collect()
}

/// CALL-4, CALL-8: the shipped menu loads, and so does its name.
#[test]
fn the_shipped_menu_is_in_order() {
    let menu = front_desk();
    assert_eq!((&*menu.name, menu.version, &*menu.start), ("front-desk", 1, "hello"));
    assert!(menu.nodes.values().all(|node| node.title.is_some()), "each step can be read");
    assert!(serde_json::to_string(&menu).unwrap().contains(r#""kind":"choose""#));
}

/// CALL-4: a misspelt name is told with its place and what was meant.
#[test]
fn a_misspelt_name_is_told_with_place_and_advice() {
    let found = wrong("closed = \"night\"", "closed = \"nigth\"");
    assert_eq!(found, [r#"front-desk.toml:126:10: menu_node_unknown name="nigth" near=["night"]"#]);
    let found = wrong("queue = \"front_desk\"\nmusic", "queue = \"frontdesk\"\nmusic");
    assert!(
        found[0].contains("menu_queue_unknown") && found[0].contains("near=[\"front_desk\"]"),
        "{found:?}"
    );
    let found = wrong("prompts = [\"welcome\"", "prompts = [\"welcom\"");
    assert!(found[0].contains("menu_prompt_unknown") && found[0].contains("welcome"), "{found:?}");
    let found = wrong("otherwise = \"bye\"", "otherwize = \"bye\"");
    assert!(found.iter().any(|fault| fault.contains("pack_unknown_key") && fault.contains("otherwise")));
}

/// CALL-4: at most five options, each key once, and only keys that telephones have.
#[test]
fn a_level_has_five_options() {
    let option =
        |key: &str| format!("otherwise = \"agents\"\n[[node.option]]\nkey = \"{key}\"\nto = \"hours\"");
    let from = "otherwise = \"agents\"";
    assert_eq!(codes_of(from, &option("5")), ["menu_too_many_options"]);
    assert_eq!(codes_of(from, &option("4")), ["menu_key_twice"]);
    assert!(codes_of(from, &option("#")).contains(&"menu_key_twice".to_owned()), "taken for saying again");
    assert_eq!(codes_of(from, &option("12")), ["menu_key_wrong"]);
    assert_eq!(codes_of("prompts = [\"main\"]\n", ""), ["menu_no_prompt"]);
}

/// CALL-4: always a way to a person: where it is cut, the choice is named.
#[test]
fn a_person_can_always_be_reached() {
    // the only option of the announcement leads to the end
    assert_eq!(
        codes_of("en = \"Agent\" }\nto = \"agents\"", "en = \"Agent\" }\nto = \"bye\""),
        ["menu_no_person", "menu_no_person"],
        "the choice, and the start that may lead there"
    );
    assert_eq!(
        codes_of("unknown = \"line\"", "unknown = \"bye\""),
        ["menu_no_person"],
        "a caller nobody knows"
    );
    assert_eq!(codes_of("person = \"agents\"", "person = \"bye\""), ["menu_person_no_queue"]);
}

/// CALL-4, CALL-17: outside the hours a message that somebody answers is enough, but
/// not nothing.
#[test]
fn outside_the_hours_a_message_is_enough() {
    let (file, text) = ("night.toml", NIGHT.replace("closed = \"mail\"", "closed = \"bye\""));
    let bye = format!("{text}[[node]]\nname = \"bye\"\nkind = \"hang_up\"\nprompts = [\"goodbye\"]\n");
    let faults = load(file, &bye, &Surroundings::default()).unwrap_err();
    assert_eq!(faults.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["menu_no_person"]);
    assert!(load(file, NIGHT, &Surroundings::default()).is_ok());
}

/// CALL-4: nothing goes round without the caller doing anything.
#[test]
fn nothing_goes_round_by_itself() {
    assert_eq!(
        codes_of("prompts = [\"full\"]\nto = \"message\"", "prompts = [\"full\"]\nto = \"agents\""),
        ["menu_loop", "menu_loop"]
    );
    assert_eq!(codes_of("otherwise = \"agents\"", "otherwise = \"main\""), ["menu_loop"]);
    // a key that leads back is the caller's will
    assert!(
        codes_of("en = \"Progress\" }\nto = \"hours\"", "en = \"Progress\" }\nto = \"hello\"").is_empty()
    );
}

/// CALL-18: a line or service that the organisation does not have is told.
#[test]
fn lines_and_services_are_known() {
    assert_eq!(codes_of("services = { complaint =", "services = { complain ="), ["menu_service_unknown"]);
    let lines =
        |number: &str| format!("lines = {{ \"{number}\" = \"complaints\" }}\nservices = {{ complaint =");
    assert!(codes_of("services = { complaint =", &lines("400-000-0001")).is_empty());
    assert_eq!(codes_of("services = { complaint =", &lines("400-000-0002")), ["menu_line_unknown"]);
    assert_eq!(codes_of("services = { complaint =", &lines("hotline")), ["menu_number_wrong"]);
    assert_eq!(codes_of("periods = [\"08:00-21:00\"]", "periods = [\"8-21\"]"), ["menu_period_wrong"]);
    let twice = codes_of("[[node]]\nname = \"bye\"", "[[node]]\nname = \"busy\"");
    assert!(twice.contains(&"menu_node_twice".to_owned()), "{twice:?}");
}

/// CALL-4: who writes a menu finds every kind and key of it in the how-to.
#[test]
fn every_kind_is_in_the_how_to() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/how-to/write-a-voice-menu.md");
    let page = std::fs::read_to_string(path).unwrap();
    for kind in read::NodeKind::ALL {
        let row = page.lines().find(|line| line.starts_with(&format!("| `{kind}` |")));
        let row = row.unwrap_or_else(|| panic!("{kind} is not explained"));
        for key in read::keys(*kind) {
            let found = row.contains(&format!("`{key}")) || *key == "option" && row.contains("node.option");
            assert!(found, "{key} of {kind} is not explained");
        }
    }
}
