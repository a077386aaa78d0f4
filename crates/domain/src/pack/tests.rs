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

/// Issue 4 (1): who writes a pack finds every table of it in the how-to.
#[test]
fn every_table_is_in_the_how_to() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/how-to");
    let pages = ["write-a-pack.md", "write-approvals.md"];
    let page: String = pages.iter().map(|name| std::fs::read_to_string(folder.join(name)).unwrap()).collect();
    for table in read::PARTS {
        let found = ["[[", "["].iter().any(|open| page.contains(&format!("\n{open}{table}]")));
        assert!(found, "{table} is not explained");
    }
    for key in ["interim = ", "case_report = ", "no_insisting = ", "home_needs_plan = ", "valid_days = "] {
        assert!(page.contains(&format!("\n{key}")), "{key} is not explained");
    }
}

/// Issue 4 (1): what sources say differently is a pack's value, never an `if` on
/// its name: no source of the product but the list of what is shipped names one.
#[test]
fn no_pack_is_named_in_the_product() {
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut folders = vec![crates];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if path.is_dir() {
                folders.extend((name != "tests" && name != "target" && name != "testkit").then_some(path));
                continue;
            }
            if !name.ends_with(".rs") || name.contains("tests") || name == "shipped.rs" {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let product = text.split("#[cfg(test)]").next().unwrap_or_default();
            for (pack, _) in shipped() {
                assert!(
                    !product.contains(&format!("\"{pack}\"")),
                    "{} names the pack {pack}",
                    path.display()
                );
            }
            seen += 1;
        }
    }
    assert!(seen > 300, "the sources are where the test looks for them: {seen}");
}

#[test]
fn a_misspelt_word_is_named_with_file_line_and_advice() {
    let found = told(changed("\"settled at once\", { promise", "\"setled at once\", { promise"));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].starts_with("pack.toml:20:12:"), "{found:#?}");
    assert!(found[0].contains("pack_unknown_word") && found[0].contains("settled at once"), "{found:#?}");
}

/// PROP-26, PROP-27, PROP-28, PROP-29, PROP-30, PROP-31, PROP-32, PROP-33
#[test]
fn the_eight_categories_hold_their_boundary_rules() {
    let codes: Vec<&str> = property().categories.iter().map(|category| category.code.as_str()).collect();
    let eight = [
        "building",
        "equipment",
        "safety",
        "environment",
        "service",
        "resident_dispute",
        "developer",
        "other",
    ];
    assert_eq!(codes, eight);
    let says = |code: &str, words: &str| {
        let category = property().category(code).unwrap();
        assert!(category.includes.en.to_lowercase().contains(words), "{code} includes {words}");
    };
    says("building", "illegal structures");
    says("equipment", "outside firm");
    says("safety", "patrols");
    says("environment", "noise that fits no other category");
    says("service", "charges");
    says("resident_dispute", "leaks after decoration");
    says("developer", "sales management");
    says("other", "municipal supply");
}

/// What the shipped pack says about a public reply of wide impact.
const MANAGER: &str = "ladder = [\"head\", \"manager\"]";
const WIDE: &str = "when = [{ any = [\"wide impact\", { flag = \"group tendency\" }] }]";

/// X-51; issue 4, Show (bad input): circles of approvals, limits below zero, unknown
/// posts and steps that nobody can take are refused with file and line.
#[test]
fn what_does_not_fit_together_is_named() {
    let wrong = [
        ("kind = \"reply\"", "pausable = true\nkind = \"reply\"", codes::NEVER_PAUSABLE),
        ("from = \"0.01\"", "from = \"-5\"", codes::AMOUNT_WRONG),
        ("by = [\"owner\"]\ngates = [\"settled", "by = [\"ownr\"]\ngates = [\"settled", codes::UNKNOWN_WORD),
        ("name = \"feeling\"", "name = \"truth\"", codes::DUPLICATE),
        ("parent = \"man\"", "parent = \"woman\"", codes::UNDEFINED),
        ("to = \"visiting\"", "to = \"settling\"", codes::UNREACHABLE),
        ("gates = [\"opinion\"]", "gates = [{ different = [\"handler\", \"handler\"] }]", codes::GATE_SHUT),
        ("start = \"settling\"\n", "", codes::NO_CLOCK),
        ("due = \"7 days\"", "due = \"7 dayz\"", codes::LIMIT_UNKNOWN),
        ("version = 1", "version = 0", codes::NUMBER_RANGE),
        ("include = [\"common\"", "include = [\"comon\"", codes::FILE_MISSING),
        ("[reopen]\ncomplaint", "[reopen]\nrepairs", codes::UNKNOWN_WORD),
        ("gives = \"money\"", "gives = \"gold\"", codes::UNKNOWN_WORD),
        ("name = \"fee_reduction\"", "name = \"compensation\"", codes::DUPLICATE),
        ("grade = \"shared\"\n", "grade = \"shared\"\nfrom = \"6000\"\n", codes::GUIDE_RANGE),
        ("grade = \"shared\"", "grade = \"ours\"", codes::DUPLICATE),
        (MANAGER, "ladder = [\"head\", \"manger\"]", codes::UNKNOWN_WORD),
        (MANAGER, "ladder = [\"head\", \"head\"]", codes::LADDER_CIRCLE),
        (MANAGER, "ladder = [\"manager\", \"head\"]", codes::LADDER_CIRCLE),
        (MANAGER, "ladder = [\"agent\", \"manager\"]", codes::STEP_NOBODY),
        (MANAGER, "ladder = [\"office\"]", codes::STEP_NOBODY),
        (MANAGER, "ladder = [{ post = \"gm\", up_to = \"5\" }]", codes::STEP_NOBODY),
        (MANAGER, "ladder = [{ post = \"head\", up_to = \"-1\" }, \"manager\"]", codes::AMOUNT_WRONG),
        (MANAGER, "ladder = []", codes::WRONG_TYPE),
        (MANAGER, "ladder = [{ any = [\"head\"], all = [\"gm\"] }]", codes::WRONG_TYPE),
        (
            MANAGER,
            "ladder = [{ post = \"lead\", up_to = \"5\" }, { post = \"head\", up_to = \"5\" }, \"manager\"]",
            codes::STEP_IDLE,
        ),
        (WIDE, "when = [{ approved = \"public reply\" }]", codes::APPROVAL_CIRCLE),
    ];
    for (from, to, code) in wrong {
        let found = told(changed(from, to));
        assert!(found.iter().any(|fault| fault.contains(code)), "{to:?} gives {code}: {found:#?}");
        assert!(found.iter().all(|fault| fault.contains(".toml:") || fault.contains(".txt:")), "{found:#?}");
    }
}

/// Issue 4, Show (bad input): two versions on one date, with file and line.
#[test]
fn two_versions_never_begin_on_one_day() {
    let one = property().clone();
    let mut other = one.clone();
    other.version = 2;
    let fault = &together(&[&one, &other])[0];
    assert_eq!(fault.code, codes::VERSION_ORDER);
    assert!(fault.to_string().starts_with("pack.toml:1:1"), "file and line: {fault}");
    other.effective = crate::time::Date::parse("2026-10-01").unwrap();
    assert_eq!(together(&[&one, &other]), []);
    assert_eq!(diff(&one, &other)[0].section, "pack");
    assert_eq!(diff(&one, &one), []);
}

/// SUP-1, X-39
#[test]
fn a_desk_of_two_hears_what_it_cannot_keep_apart() {
    use crate::ids::PersonId;
    use crate::people::Post;
    use std::collections::{BTreeMap, BTreeSet};
    let person = |number: u128| PersonId(uuid::Uuid::from_u128(number));
    let two = BTreeMap::from([
        (person(1), BTreeSet::from([Post::Agent, Post::Verifier])),
        (person(2), BTreeSet::from([Post::Lead, Post::Head])),
    ]);
    let warnings = staffing_warnings(property(), &two);
    let verifier = warnings
        .iter()
        .any(|warning| warning.duty == "verifier" && warning.taken_by == Some(crate::case::Duty::Handler));
    assert!(verifier, "{warnings:#?}");
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_loader_panic(text in "(\\[\\[(move|clock|field|form)\\]\\]\n|of|from|to|=|\"[a-z ]{0,9}\"|\\[|\\]|\\{|\\}|\n|[0-9]|,){0,60}") {
        fuzz_pack(&text);
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Issue 3, Show (bad input): a damaged pack is refused, never a panic.
    #[test]
    fn a_damaged_shipped_pack_never_panics_the_loader(
        text in "\\PC{0,8}",
        at in proptest::prelude::any::<proptest::sample::Index>(),
        cut in 0_usize..40,
    ) {
        let (_, files) = shipped().remove(0);
        let mut main: Vec<char> = files.get(PackFiles::MAIN).unwrap_or_default().chars().collect();
        let place = at.index(main.len());
        let end = (place + cut).min(main.len());
        main.splice(place..end, text.chars());
        fuzz_pack(&main.into_iter().collect::<String>());
    }
}
