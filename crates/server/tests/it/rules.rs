//! Packs, calendars and organisations by the command line.

use crate::site::Site;
use huiyin_store::Engine;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

const NEW_YEAR: &str = "date,name,off\n2027-01-01,元旦,1\n2027-01-02,元旦,1\n2027-01-03,元旦,1\n";

/// Writes the shipped pack as somebody's own, in another version.
fn own_pack(folder: &Path, version: u32) -> PathBuf {
    let (source, own) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs"), folder.join("own"));
    let main = fs::read_to_string(source.join("property/pack.toml")).unwrap();
    fs::create_dir_all(&own).unwrap();
    fs::write(own.join("pack.toml"), main.replace("\nversion = 1\n", &format!("\nversion = {version}\n")))
        .unwrap();
    fs::copy(source.join("common.toml"), folder.join("common.toml")).unwrap();
    fs::copy(source.join("property/tips.toml"), own.join("tips.toml")).unwrap();
    for language in ["zh-CN", "en"] {
        let (from, to) = (source.join("property/texts").join(language), own.join("texts").join(language));
        fs::create_dir_all(&to).unwrap();
        for text in fs::read_dir(from).unwrap() {
            let text = text.unwrap();
            fs::copy(text.path(), to.join(text.file_name())).unwrap();
        }
    }
    own
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| panic!("{text}"))
}

/// domain.md §4, contracts §1: an own folder is checked, stored and activated;
/// a faulty one leaves the old version running; one day has one version.
#[test]
fn packs_are_activated_by_the_command_line() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let site = Site::founded(engine);
        let own = own_pack(site.folder(), 2);
        let own = own.to_str().unwrap();
        let activate =
            |pack: &str, from: &str| site.said(&["pack", "activate", pack, "--from", from, "--json"]);
        let (code, out, why) = activate(own, "2026-01-01");
        assert_eq!(code, 0, "{why}");
        let done = json_of(&out);
        assert_eq!((&done["name"], &done["version"]), (&json!("property"), &json!(2)));
        assert!(done["warnings"].as_array().unwrap().iter().any(|w| w["duty"] == "verifier"), "{done:#}");
        let (code, out, why) = site.said(&["pack", "show", "property@2", "--json"]);
        assert_eq!((code, &json_of(&out)["version"]), (0, &json!(2)), "what was activated is shown: {why}");
        let (code, out, why) = site.said(&["pack", "show", "property", "--language", "en"]);
        assert!(code == 0 && out.contains("PROP-64"), "the newest there: {why}");
        assert_eq!(site.said(&["pack", "show", "property@9"]).0, 1, "neither shipped nor activated");
        let (code, _, why) = activate(own, "2026-02-01");
        assert!(code == 1 && why.contains("active already"), "{code} {why}");
        own_pack(site.folder(), 3);
        let (code, _, why) = activate(own, "2026-01-01");
        assert!(code == 1 && why.contains("another version begins on 2026-01-01"), "{code} {why}");
        assert_eq!(activate(own, "2026-13-01").0, 2);
        assert_eq!(activate("nowhere@4", "2026-03-01").0, 1);
        fs::write(site.folder().join("own/pack.toml"), "pack = \"property\"\nversion = 4\n").unwrap();
        let (code, _, why) = activate(own, "2026-03-01");
        assert!(code == 1 && why.contains("pack.toml:"), "{code} {why}");

        let running = site.serve();
        let (code, out, why) = site.said(&["pack", "list", "--json"]);
        assert_eq!(code, 0, "beside the server: {why}");
        let listed = json_of(&out);
        assert_eq!(listed, running.client().get("packs"), "the server knows the same");
        let in_force = listed["items"].as_array().unwrap().iter().find(|line| line["in_force"] == true);
        assert_eq!(in_force.unwrap()["version"], 2);
        let id = running.client().record("a matter");
        let case = running.client().get(&format!("cases/{id}"));
        assert!(case["pack"].to_string().contains('2'), "{case:#}");

        own_pack(site.folder(), 5);
        let (code, _, why) = activate(own, "2026-04-01");
        match engine {
            Engine::Sqlite => assert!(code == 1 && why.contains(&running.address), "{why}"),
            // one database, several processes: the server hears of it
            Engine::Postgres => {
                assert_eq!(code, 0, "{why}");
                let client = running.client();
                let five = || {
                    let listed = client.get("packs");
                    let lines = listed["items"].as_array().unwrap().clone();
                    lines.iter().any(|line| line["version"] == 5 && line["in_force"] == true)
                };
                assert!(crate::site::soon(five), "{:#}", client.get("packs"));
            }
        }
        running.end();
    }
}

/// D5, contracts §1: a new year and a region's days for one organisation, not
/// for the other; several organisations must be named.
#[test]
#[expect(clippy::too_many_lines, reason = "one story of two organisations, told in one go")]
fn organisations_and_their_calendars_are_made_by_the_command_line() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let site = Site::founded(engine);
        let (code, out, why) = site.said(&["org", "create", "second", "--name", "第二家", "--json"]);
        assert_eq!(code, 0, "{why}");
        assert_eq!(json_of(&out)["code"], "second");
        assert_eq!(site.said(&["org", "create", "second"]).0, 1, "the code is taken");
        assert_eq!(site.said(&["org", "create", "third", "--pack", "nothing"]).0, 1);
        assert_eq!(site.said(&["org", "create", "third", "--level", "nothing"]).0, 2);
        site.administrator("second-admin", "second");
        let (_, out, _) = site.said(&["org", "list", "--json"]);
        let codes: Vec<_> =
            json_of(&out)["items"].as_array().unwrap().iter().map(|org| org["code"].clone()).collect();
        assert_eq!(codes, ["default", "second"]);

        let file = site.folder().join("2027.csv");
        fs::write(&file, NEW_YEAR).unwrap();
        let file = file.to_str().unwrap();
        let zip = site.folder().join("file.zip").to_str().unwrap().to_owned();
        let due = ["calendar", "due", "--from", "2026-12-30T17:30", "--working-days", "2", "--json"];
        for words in [
            &["calendar", "import", file] as &[&str],
            &["calendar", "list"],
            &["calendar", "show", "2027"],
            &due,
            &["pack", "list"],
            &["pack", "activate", "property@1", "--from", "2027-01-01"],
            &["report", "list"],
            &["report", "month", "--period", "2026-10", "--output", "-"],
            &["report", "freeze", "--kind", "monthly_analysis", "--period", "2026-10"],
            &["export", "cases", "--format", "csv", "--output", "-"],
            &["casefile", "TS-1", "--output", &zip],
            &["admin", "create", "--login", "third", "--password-stdin"],
        ] {
            let (code, out, why) = site.said(words);
            assert!(code == 2 && out.is_empty() && why.contains("--org: default, second"), "{words:?} {why}");
            let (code, _, why) = site.said(&[words, &["--org", "third"]].concat());
            assert!(
                code == 2 && why.contains("no organisation third, but: default, second"),
                "{words:?} {why}"
            );
        }
        let (code, out, why) = site.said(&["calendar", "import", file, "--org", "second", "--json"]);
        assert_eq!(code, 0, "{why}");
        assert!(why.contains("days off"), "{why}");
        assert_eq!(json_of(&out)["years"]["last"], 2027);
        let provisional = |org: &str| {
            let (code, out, why) = site.said(&[&due[..], &["--org", org]].concat());
            assert_eq!(code, 0, "{why}");
            json_of(&out)["provisional"].clone()
        };
        assert_eq!((provisional("default"), provisional("second")), (json!(true), json!(false)));
        let region = site.folder().join("region.csv");
        fs::write(&region, "date,name,off\n2027-05-17,古尔邦节,1\n").unwrap();
        let words = [
            "calendar",
            "import",
            region.to_str().unwrap(),
            "--region",
            "CN-XJ",
            "--org",
            "second",
            "--json",
        ];
        let (code, out, why) = site.said(&words);
        assert_eq!((code, json_of(&out)["name"].as_str()), (0, Some("CN-XJ")), "{why}");
        let list = |org: &str| {
            let (code, out, why) = site.said(&["calendar", "list", "--org", org, "--json"]);
            assert_eq!(code, 0, "{why}");
            json_of(&out)["items"].as_array().unwrap().clone()
        };
        assert_eq!((list("default").len(), list("second").len()), (1, 3));
        fs::write(file, "date,name,off\n2027-99-01,元旦,1\n").unwrap();
        let (code, _, why) = site.said(&["calendar", "import", file, "--org", "second"]);
        assert!(code == 1 && why.contains("line 2"), "{code} {why}");
    }
}
