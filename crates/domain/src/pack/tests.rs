use super::*;
use crate::case::{Kind, Stage, Target};

/// Replaces text of the shipped property pack and loads what comes out.
fn changed(from: &str, to: &str) -> Result<Pack, Vec<PackFault>> {
    let (_, files) = shipped().remove(0);
    let main = files.get(PackFiles::MAIN).unwrap().to_owned();
    assert!(main.contains(from), "the pack says {from:?}");
    load(&files.with(PackFiles::MAIN, &main.replacen(from, to, 1)))
}

fn told(result: Result<Pack, Vec<PackFault>>) -> Vec<String> {
    result.unwrap_err().iter().map(ToString::to_string).collect()
}

/// PROP-14, PROP-50, PROP-64
#[test]
fn the_shipped_packs_load() {
    for (name, files) in shipped() {
        match load(&files) {
            Ok(pack) => assert_eq!(pack.name, name),
            Err(faults) => {
                panic!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
            }
        }
    }
    let stages = property().targets(Kind::Complaint);
    assert!(stages.contains(&Target::Stage(Stage::Settling)));
    assert!(!stages.contains(&Target::Stage(Stage::Assessing)), "the property pack has no assessing");
}

#[test]
fn a_misspelt_word_is_named_with_file_line_and_advice() {
    let found = told(changed("\"settled at once\", { promise", "\"setled at once\", { promise"));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].starts_with("pack.toml:20:12:"), "{found:#?}");
    assert!(found[0].contains("pack_unknown_word") && found[0].contains("settled at once"), "{found:#?}");
}
