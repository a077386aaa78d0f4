//! The case file, checked by what lies in it and nothing of ours.

use crate::files::{PNG, upload, with_files};
use crate::incident::incident;
use crate::metrics::{Chance, live};
use crate::story::{Desk, Story};
use crate::with_admin;
use axum::http::StatusCode;
use huiyin_domain::people::Post;
use huiyin_testkit::app::Answer;
use serde_json::json;
use std::path::Path;
use std::process::Command;

/// Unpacks with Python and runs the script that lies in the file.
pub(crate) fn verified(folder: &Path) -> (bool, String) {
    let run = Command::new("python3").arg("verify.py").current_dir(folder).output().expect("python3");
    (run.status.success(), String::from_utf8_lossy(&run.stdout).into_owned())
}

pub(crate) fn unpacked(answer: &Answer) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let zip = folder.path().join("case.zip");
    std::fs::write(&zip, &answer.body).expect("a zip");
    let mut unpack = Command::new("python3");
    unpack.args(["-m", "zipfile", "-e", "case.zip", "."]).current_dir(folder.path());
    let done = unpack.status().expect("python3");
    assert!(done.success(), "the zip unpacks");
    folder
}

fn change(folder: &Path, name: &str, edit: impl Fn(String) -> String) {
    let path = folder.join(name);
    let text = std::fs::read_to_string(&path).expect("a part");
    std::fs::write(&path, edit(text)).expect("a part");
}

/// How somebody changes a file of the zip.
type Edit = fn(String) -> String;

/// PROP-67, PROP-68: a court can read and check the file without us; any
/// change of an entry, a text or their order shows.
#[test]
#[expect(clippy::too_many_lines, reason = "one story, told in one go")]
fn a_case_file_verifies_itself_and_shows_every_change() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let people = [
            (desk.agent.clone(), Post::Agent),
            (desk.lead.clone(), Post::Lead),
            (desk.handler.clone(), Post::Agent),
            (desk.verifier.clone(), Post::Verifier),
        ];
        let mut chance = Chance(5);
        let id = live(&app, &people, &mut chance, 0).await;
        let path = format!("/api/v1/cases/{id}/file");
        let answer = desk.lead.get(&path).await.expect(StatusCode::OK);
        assert_eq!(answer.header("content-type"), "application/zip");
        let folder = unpacked(&answer);
        let (good, said) = verified(folder.path());
        assert!(good && said.contains("IN ORDER"), "{said}");
        for part in [
            "index.zh.html",
            "index.en.html",
            "timeline.zh.html",
            "timeline.en.html",
            "VERIFY.txt",
            "SHA256SUMS",
        ] {
            assert!(folder.path().join(part).is_file(), "{part} is there");
        }
        let timeline = std::fs::read_to_string(folder.path().join("timeline.zh.html")).expect("a history");
        assert!(timeline.contains("楼道灯不亮") && !timeline.contains("<script"));
        let sums = Command::new("sha256sum").args(["-c", "SHA256SUMS"]).current_dir(folder.path()).output();
        assert!(sums.expect("sha256sum").status.success(), "sha256sum agrees");
        // every kind of change shows
        let edits: [(&str, Edit); 4] = [
            ("chain/events.jsonl", |text| text.replacen("phone", "visit", 1)),
            ("chain/events.jsonl", |text| text.lines().skip(1).map(|line| format!("{line}\n")).collect()),
            ("chain/events.jsonl", |text| {
                let mut lines: Vec<&str> = text.lines().collect();
                lines.pop();
                lines.join("\n")
            }),
            ("chain/texts.jsonl", |text| text.replacen("楼道", "走廊", 1)),
        ];
        for (part, edit) in edits {
            let folder = unpacked(&answer);
            change(folder.path(), part, edit);
            let (good, said) = verified(folder.path());
            assert!(!good && said.contains("FAULT"), "{part}: {said}");
        }
        // one who may see the case may not take it out of the house
        desk.verifier.get(&path).await.problem(403, "forbidden");
        let elsewhere = format!("/api/v1/cases/{}/file", app.edge.app.ids.uuid(app.clock_now()));
        desk.lead.get(&elsewhere).await.problem(404, "not_found");
        let supervision = app.with_person("jian", &[Post::Supervision]);
        let log = supervision.get("/api/v1/access_log?limit=200").await;
        let audit = supervision.get("/api/v1/audit?limit=200").await.expect(StatusCode::OK).json();
        let written = audit["items"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|line| line["action"] == "case_file_written");
        assert_eq!(written.count(), 1, "that it went out is on record");
        assert!(log.status == StatusCode::OK, "{:?}", log.status);
        // who sees masks gets masks
        let masked = unpacked(&supervision.get(&path).await.expect(StatusCode::OK));
        let index = std::fs::read_to_string(masked.path().join("index.zh.html")).expect("an index");
        assert!(!index.contains("19900000000"), "the number stays covered");
        let clear = std::fs::read_to_string(folder.path().join("index.zh.html")).expect("an index");
        assert!(clear.contains("19900000000"), "the lead sees the number: {clear}");
    });
}

/// PROP-67, PROP-68, PROP-90: the file of an incident holds history, forms and
/// attachments of each member in a folder of its own, and its script checks them
/// all.
#[test]
fn the_file_of_an_incident_holds_the_files_of_its_members() {
    with_files(|app, _| async move {
        let desk = Desk::of(&app);
        let mut first = Story::begin(&desk.agent, "五号楼漏水").await;
        let second = Story::begin(&desk.agent, "五号楼又漏了").await;
        let form = json!({"form": "acceptance", "fields": {"event": "天花板滴水"}});
        first.act(&desk.agent, "file_form", form).await;
        drop(upload(&desk.agent, &second.id, "现场.png", PNG).await.expect(StatusCode::CREATED));
        let id = incident(&desk.agent, &[&first.id, &second.id]).await;
        let answer = desk.lead.get(&format!("/api/v1/incidents/{id}/file")).await.expect(StatusCode::OK);
        let folder = unpacked(&answer);
        let (good, said) = verified(folder.path());
        assert!(good && said.contains("2 members"), "{said}");
        let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap_or_default();
        let members = folder.path().join("members");
        let mut names: Vec<String> = std::fs::read_dir(&members)
            .expect("members")
            .map(|entry| entry.expect("a member").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        assert_eq!(names.len(), 2, "{names:?}");
        let index = read("index.zh.html");
        for name in &names {
            assert!(index.contains(&format!("members/{name}/index.zh.html")), "{index}");
            assert!(read(&format!("members/{name}/index.zh.html")).contains("../../VERIFY.txt"));
        }
        let has_form = |name: &&String| members.join(name).join("forms/acceptance.zh.html").is_file();
        let filled = names.iter().find(has_form).expect("a member with a form");
        let pictured = names.iter().find(|name| !has_form(name)).expect("a member without");
        assert!(read(&format!("members/{filled}/timeline.zh.html")).contains("五号楼漏水"));
        assert!(read(&format!("members/{filled}/forms/acceptance.zh.html")).contains("天花板滴水"));
        let picture = folder.path().join(format!("members/{pictured}/attachments/001-现场.png"));
        assert_eq!(std::fs::read(&picture).expect("a picture"), PNG);
        // what is changed in a member shows as what is changed in the incident
        change(folder.path(), &format!("members/{filled}/chain/events.jsonl"), |text| {
            text.replacen("phone", "visit", 1)
        });
        std::fs::remove_file(&picture).expect("a picture");
        let (good, said) = verified(folder.path());
        assert!(!good && said.contains(&format!("FAULT: {filled}: entry 1")), "{said}");
        assert!(said.contains("001-现场.png: missing or changed"), "{said}");
    });
}
