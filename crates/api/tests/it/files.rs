//! Attached files over HTTP.

use crate::story::Story;
use crate::{with_equipped, word};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use huiyin_app::App;
use huiyin_app::attachment::Files;
use huiyin_domain::people::Post;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::{Answer, Client};
use serde_json::json;
use std::path::Path;
use std::sync::Arc;

pub(crate) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR fictional";
const LIMIT: u64 = 100_000;

fn keeping(app: App, folder: &Path) -> App {
    app.with_files(Files::at(folder.join("files")).with_limit(LIMIT))
}

pub(crate) fn with_files<F: Future<Output = ()>>(test: impl Fn(Arc<TestApp>, Client) -> F) {
    with_equipped(keeping, test);
}

/// How many files lie under a folder.
fn lie_in(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries
        .flatten()
        .map(|entry| entry.path())
        .map(|path| if path.is_dir() { lie_in(&path) } else { 1 })
        .sum()
}

pub(crate) async fn upload(by: &Client, case: &str, name: &str, bytes: impl Into<Body>) -> Answer {
    let name: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let path = format!("/api/v1/cases/{case}/attachments?name={name}");
    by.send(Method::POST, &path, Some("application/octet-stream"), bytes.into()).await
}

/// PROP-67, issue 3 §3: a file comes back as it was, typed by its content
/// whatever its name says, always to be saved and never run in a page.
#[test]
fn a_file_comes_back_as_it_was_and_is_typed_by_its_content() {
    with_files(|app, _| async move {
        let mei = app.with_person("mei", &[Post::Agent]);
        let case = Story::begin(&mei, "停车场灯不亮").await.id;
        let page = "<!DOCTYPE html><html><script>alert(1)</script></html>".as_bytes();
        for (name, bytes, kind, sent) in [
            ("现场 1.jpg", PNG, "image/png", "image/png"),
            ("说明.png", "楼道里的纸条".as_bytes(), "text/plain", "application/octet-stream"),
            ("照片.png", page, "text/html", "application/octet-stream"),
        ] {
            let made = upload(&mei, &case, name, bytes).await.expect(StatusCode::CREATED).json();
            assert_eq!((word(&made["name"]), word(&made["media_type"])), (name, kind));
            assert_eq!(made["bytes"], bytes.len());
            let path = format!("/api/v1/cases/{case}/attachments/{}", word(&made["id"]));
            let file = mei.get(&path).await.expect(StatusCode::OK);
            assert_eq!(&file.body[..], bytes, "{name}");
            assert_eq!(file.header("content-type"), sent, "{name}");
            assert!(file.header("content-disposition").starts_with("attachment; filename*=UTF-8''"));
            assert_eq!(file.header("x-content-type-options"), "nosniff");
            assert!(file.header("content-security-policy").contains("sandbox"));
        }
        let form = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nby form\r\n--b--\r\n";
        let path = format!("/api/v1/cases/{case}/attachments");
        let media = Some("multipart/form-data; boundary=b");
        let made =
            mei.send(Method::POST, &path, media, Body::from(form)).await.expect(StatusCode::CREATED).json();
        assert_eq!((word(&made["name"]), &made["bytes"]), ("a.txt", &json!(7)));
        let list = mei.get(&path).await.expect(StatusCode::OK).json();
        assert_eq!(list["items"].as_array().map(Vec::len), Some(4), "{list}");
    });
}

/// Issue 3 §3: a file beyond the limit is refused whether it says its length or
/// not, and so is an empty one; nothing stays.
#[test]
fn a_file_beyond_the_limit_is_refused() {
    with_files(|app, _| async move {
        let mei = app.with_person("mei", &[Post::Agent]);
        let case = Story::begin(&mei, "停车场灯不亮").await.id;
        let large = vec![b'a'; usize::try_from(LIMIT).expect("a size") + 1];
        let refused = upload(&mei, &case, "a.txt", large.clone()).await.problem(413, "payload_too_large");
        assert_eq!(refused["params"]["limit"], LIMIT);
        let saying = mei.clone().with("content-length", &large.len().to_string());
        upload(&saying, &case, "a.txt", "short").await.problem(413, "payload_too_large");
        let saying = mei.clone().with("content-length", "50");
        upload(&saying, &case, "a.txt", "half of it").await.problem(422, "file_truncated");
        upload(&mei, &case, "a.txt", "").await.problem(422, "file_empty");
        let _ = upload(&mei, &case, "a.txt", large[1..].to_vec()).await.expect(StatusCode::CREATED);
        let list = mei.get(&format!("/api/v1/cases/{case}/attachments")).await.json();
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "{list}");
        assert_eq!(lie_in(&app.store().folder().join("files")), 1);
    });
}

/// Issue 3 §3: a program is refused by content and by name, and a note on the
/// case says so to whoever waits for the file.
#[test]
fn a_refused_program_leaves_a_visible_note() {
    with_files(|app, _| async move {
        let (mei, lan) = (app.with_person("mei", &[Post::Agent]), app.with_person("lan", &[Post::Lead]));
        let case = Story::begin(&mei, "停车场灯不亮").await.id;
        for (name, bytes) in [
            ("照片.jpg", &b"MZ\x90\0 not a photograph"[..]),
            ("说明.txt", b"#!/bin/sh\nrm -rf /"),
            ("setup.EXE. ", b"plain text"),
        ] {
            let refused = upload(&mei, &case, name, bytes).await.problem(422, "file_type_refused");
            assert_eq!(refused["params"]["name"], name.trim(), "{refused}");
            let timeline = lan.get(&format!("/api/v1/cases/{case}/timeline")).await.expect(StatusCode::OK);
            let told = String::from_utf8_lossy(&timeline.body).into_owned();
            assert!(told.contains(&format!("附件被拒收：{}", name.trim())), "{name}: {told}");
        }
        let list = mei.get(&format!("/api/v1/cases/{case}/attachments")).await.json();
        assert_eq!(list["items"], json!([]));
        assert_eq!(lie_in(&app.store().folder().join("files")), 0);
    });
}

/// Bad input (issue 3): path tricks in names are refused with their field, in
/// the address and in a form alike; nothing is stored.
#[test]
fn path_tricks_in_names_are_refused() {
    with_files(|app, _| async move {
        let mei = app.with_person("mei", &[Post::Agent]);
        let case = Story::begin(&mei, "停车场灯不亮").await.id;
        let long = "长".repeat(201);
        for name in [
            "",
            ".",
            "..",
            "../../etc/passwd",
            "a/b.txt",
            "..\\x",
            "C:\\x",
            "a\0b",
            "a\r\nb",
            "\u{202e}gpj.exe",
            &long,
        ] {
            let refused = upload(&mei, &case, name, PNG).await.problem(422, "invalid_body");
            assert_eq!(refused["fields"][0]["path"], "name", "{name:?}");
            assert_eq!(refused["fields"][0]["code"], "file_name_invalid", "{name:?}");
        }
        let form =
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../x\"\r\n\r\nx\r\n--b--\r\n";
        let path = format!("/api/v1/cases/{case}/attachments");
        let media = Some("multipart/form-data; boundary=b");
        let refused =
            mei.send(Method::POST, &path, media, Body::from(form)).await.problem(422, "invalid_body");
        assert_eq!(refused["fields"][0]["code"], "file_name_invalid");
        mei.send(Method::POST, &path, media, Body::from("no form")).await.problem(400, "malformed_request");
        let broken = format!("{path}?name=%FF%FE");
        mei.send(Method::POST, &broken, None, Body::from(PNG)).await.problem(400, "invalid_encoding");
        assert_eq!(mei.get(&path).await.json()["items"], json!([]));
        assert_eq!(lie_in(&app.store().folder().join("files")), 0);
    });
}

/// domain.md §5, issue 3 §2: who does not see the case does not see its files;
/// who sees it without working on it attaches none.
#[test]
fn files_are_for_those_who_see_the_case() {
    with_files(|app, admin| async move {
        let mei = app.with_person("mei", &[Post::Agent]);
        let case = Story::begin(&mei, "停车场灯不亮").await.id;
        let made = upload(&mei, &case, "a.png", PNG).await.expect(StatusCode::CREATED).json();
        let one = format!("/api/v1/cases/{case}/attachments/{}", word(&made["id"]));
        let stranger = app.with_person("stranger", &[Post::Employee]);
        stranger.get(&one).await.problem(404, "not_found");
        upload(&stranger, &case, "a.png", PNG).await.problem(404, "not_found");
        upload(&admin, &case, "a.png", PNG).await.problem(403, "forbidden");
        let _ = admin.get(&one).await.expect(StatusCode::OK);
        let other = Story::begin(&mei, "另一件").await.id;
        let elsewhere = format!("/api/v1/cases/{other}/attachments/{}", word(&made["id"]));
        mei.get(&elsewhere).await.problem(404, "not_found");
        let twin = format!("/api/v1/cases/{case}/attachments/{}", app.twin.row("attachments"));
        mei.get(&twin).await.problem(404, "not_found");
        app.anonymous().get(&one).await.problem(401, "unauthenticated");
    });
}
