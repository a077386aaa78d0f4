//! Any menu, any caller, any text.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet as Set;

/// A node of a menu made by chance: its kind, and numbers that choose its ways.
type Chance = (u8, [u8; 6]);

/// Writes a menu whose ways of themselves lead forward, and keys anywhere.
fn written(chances: &[Chance]) -> String {
    let forward = |at: usize, number: u8| match at + 1 + usize::from(number % 4) {
        next if next < chances.len() => format!("n{next}"),
        _ => "desk".to_owned(),
    };
    let after = |number: u8| ["bye", "mail"][usize::from(number % 2)].to_owned();
    let anywhere = |number: u8| match usize::from(number) % (chances.len() + 3) {
        to if to < chances.len() => format!("n{to}"),
        rest => ["desk", "bye", "mail"][(rest - chances.len()).min(2)].to_owned(),
    };
    let mut nodes: Vec<(String, String, Vec<String>)> = Vec::new();
    for (at, (kind, by)) in chances.iter().enumerate() {
        let (one, two) = (forward(at, by[0]), forward(at, by[1]));
        let (text, ways) = match kind % 9 {
            0 => (
                format!("kind = \"say\"\nprompts = [\"a\"]\nskip = {}\nto = \"{one}\"", by[2] % 2 == 0),
                vec![one],
            ),
            1 => choice(&one, by, &anywhere),
            2 => (format!("kind = \"hours\"\nopen = \"{one}\"\nclosed = \"{two}\""), vec![one, two]),
            3 => (
                format!(
                    "kind = \"customer\"\nlevels = {{ vip = \"{two}\" }}\nknown = \"{one}\"\nunknown = \"{two}\""
                ),
                vec![one, two],
            ),
            4 => (
                format!("kind = \"incident\"\nprompts = [\"a\"]\ntold = \"{one}\"\nto = \"{two}\""),
                vec![one, two],
            ),
            5 => {
                let to = anywhere(by[2]);
                let offer = format!("call_back = {{ key = \"1\", prompts = [\"a\"], to = \"{to}\" }}");
                (format!("kind = \"queue\"\nqueue = \"q\"\n{offer}\nfull = \"{one}\""), vec![one, to])
            }
            7 => (format!("kind = \"no_recording\"\nprompts = [\"a\"]\nto = \"{one}\""), vec![one]),
            6 => (format!("kind = \"duty\"\nfailed = \"{one}\""), vec![one]),
            _ => (
                format!(
                    "kind = \"call_back\"\nprompts = [\"a\"]\nqueue = \"q\"\nask = true\nfailed = \"{one}\""
                ),
                vec![one],
            ),
        };
        nodes.push((format!("n{at}"), text, ways));
    }
    let full = after(chances.first().map_or(0, |(kind, _)| *kind));
    nodes.push(("desk".into(), format!("kind = \"queue\"\nqueue = \"q\"\nfull = \"{full}\""), vec![full]));
    nodes.push(("bye".into(), "kind = \"hang_up\"\nprompts = [\"a\"]".into(), Vec::new()));
    nodes.push(("mail".into(), "kind = \"voicemail\"\nqueue = \"q\"\nprompts = [\"a\"]".into(), Vec::new()));
    let (mut seen, mut open) = (Set::<String>::new(), vec!["n0".to_owned(), "desk".to_owned()]);
    while let Some(name) = open.pop() {
        if seen.insert(name.clone()) {
            open.extend(nodes.iter().filter(|node| node.0 == name).flat_map(|node| node.2.clone()));
        }
    }
    let head =
        "menu = \"m\"\nversion = 1\ntitle = { zh = \"a\", en = \"a\" }\nstart = \"n0\"\nperson = \"desk\"\n";
    let reached = nodes.iter().filter(|node| seen.contains(&node.0));
    let body = reached.map(|(name, text, _)| format!("[[node]]\nname = \"{name}\"\n{text}\n"));
    std::iter::once(head.to_owned()).chain(body).collect()
}

fn choice(one: &str, by: &[u8; 6], anywhere: &dyn Fn(u8) -> String) -> (String, Vec<String>) {
    let mut text = format!("kind = \"choose\"\nprompts = [\"a\"]\nagain = \"*\"\notherwise = \"{one}\"");
    let mut ways = vec![one.to_owned()];
    for (key, number) in by[1..].iter().enumerate() {
        let to = anywhere(*number);
        text += &format!("\n[[node.option]]\nkey = \"{key}\"\nto = \"{to}\"");
        ways.push(to);
    }
    (text, ways)
}

fn input() -> impl Strategy<Value = Input> {
    let key = prop::sample::select("0123456789*#".chars().collect::<Vec<_>>());
    let level = prop::option::of(Just("vip".to_owned()));
    let customer = (level, any::<bool>()).prop_map(|(level, told)| {
        let incident = told.then(KnownIncident::default);
        Customer { level, incident, ..Customer::default() }
    });
    prop_oneof![
        6 => key.prop_map(Input::Digit),
        4 => Just(Input::Played),
        2 => Just(Input::Timeout),
        2 => prop::option::of(customer).prop_map(Input::Known),
        1 => Just(Input::Full),
        1 => Just(Input::Failed),
        1 => Just(Input::Taken),
    ]
}

/// What a caller gets who does nothing more, and for whom nobody is there.
const SILENCE: [Input; 5] = [Input::Played, Input::Timeout, Input::Full, Input::Failed, Input::Taken];

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, ..ProptestConfig::default() })]

    /// CALL-4: in any valid menu any caller ends or comes to a queue, whatever is
    /// pressed; and who then does nothing comes to an end.
    #[test]
    fn every_walk_ends(
        chances in prop::collection::vec(any::<(u8, [u8; 6])>(), 1..12),
        inputs in prop::collection::vec(input(), 0..400),
        withheld in any::<bool>(),
        duty in any::<bool>(),
    ) {
        let text = written(&chances);
        let menu = match load("m.toml", &text, &Surroundings::default()) {
            Ok(menu) => menu,
            Err(faults) => return Err(TestCaseError::fail(format!("{faults:?}\n{text}"))),
        };
        let most = (MOST_MOVES as usize + menu.nodes.len()) * 25;
        let mut phone = Phone::new(menu);
        phone.caller = (!withheld).then_some("13800000001");
        phone.duty = duty.then_some("13900000009");
        let mut answers = usize::from(!phone.begin().is_empty());
        for input in inputs {
            answers += usize::from(!phone.step(input).is_empty());
        }
        prop_assert!(answers <= most, "{answers} answers");
        prop_assert!(phone.walk().path().len() <= (MOST_MOVES as usize + phone.menu.nodes.len() + 1) * 2);
        for _ in 0..=most {
            for input in SILENCE {
                phone.step(input);
            }
            if phone.walk().is_over() {
                break;
            }
        }
        prop_assert!(phone.walk().is_over(), "stands at {}\n{text}", phone.walk().place());
        prop_assert!(phone.step(Input::Digit('0')).is_empty(), "what is over stays over");
    }

    /// CALL-4: a walk that is written down goes on where it stood.
    #[test]
    fn a_walk_survives_being_written_down(inputs in prop::collection::vec(input(), 0..12)) {
        let mut phone = Phone::new(front_desk());
        phone.begin();
        for input in inputs {
            phone.step(input);
        }
        let text = serde_json::to_string(phone.walk()).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Walk>(&text).unwrap(), phone.walk());
    }

    /// CALL-4: no text brings the reading down, and what is wrong is told.
    #[test]
    fn no_text_is_too_strange(text in "\\PC{0,200}") {
        fuzz_menu(&text);
        prop_assert!(load("m.toml", &text, &Surroundings::default()).is_err_and(|faults| !faults.is_empty()));
    }

    /// CALL-4: a menu that somebody damaged loads or says what is wrong, never both
    /// nor neither.
    #[test]
    fn a_damaged_menu_says_what_is_wrong(
        cut in any::<prop::sample::Index>(),
        long in 0_usize..60,
        put in "[a-z0-9_\"=\\[\\]{}\n., #]{0,12}",
    ) {
        let (file, text) = shipped().remove(0);
        let place = |at: usize| (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
        let from = place(cut.index(text.len()));
        let to = place((from + long).min(text.len()));
        let damaged = format!("{}{put}{}", &text[..from], &text[to..]);
        match load(file, &damaged, &around()) {
            Ok(menu) => prop_assert!(menu.node(&menu.start).is_some() && menu.node(&menu.person).is_some()),
            Err(faults) => {
                prop_assert!(!faults.is_empty());
                for fault in faults {
                    prop_assert!(fault.place.line > 0 && fault.place.file == file, "{fault}");
                }
            }
        }
    }
}
