//! Attached files: limits, types, names, who may have them, what is cleaned away.

use huiyin_app::attachment::{self, Arrived, Attached, FileOut, Files};
use huiyin_app::case::{self, NewErasure};
use huiyin_app::doctor::{self, Asked, Told};
use huiyin_app::{Class, Clock as _, Error};
use huiyin_domain::ids::{CaseId, PersonId};
use huiyin_domain::people::{Post, UnitLevel};
use huiyin_store::case::read;
use huiyin_testkit::engines::both_engines_migrated;
use std::path::Path;

use crate::errands::Errands;
use crate::house::wait;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR fictional";

fn attach(
    desk: &Errands,
    by: PersonId,
    case: CaseId,
    (name, bytes, announced): (&str, &[u8], Option<u64>),
) -> Result<Attached, Error> {
    let ctx = desk.ctx(by);
    wait(async {
        let mut upload = attachment::begin(&desk.app, &ctx, case, name).await?;
        for chunk in bytes.chunks(1000) {
            upload.write(chunk).await?;
        }
        attachment::attach(&desk.app, &ctx, case, Arrived { upload, announced, name: name.into() }).await
    })
}

fn give(desk: &Errands, by: PersonId, case: CaseId, attached: &Attached) -> Result<FileOut, Error> {
    wait(attachment::give(&desk.app, &desk.ctx(by), case, attached.attachment.id))
}

/// How many files lie under a folder.
fn files(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries.map(|entry| entry.unwrap().path()).map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

/// PROP-67: a file belongs to the case's file and comes back as it was.
#[test]
fn a_file_comes_back_as_it_was_to_who_sees_the_case() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let centre = desk.unit("c", UnitLevel::Centre, desk.root());
        let agent = desk.appoint("agent", centre, &[Post::Agent]);
        let case = desk.complaint(agent, centre);
        let attached = attach(&desk, agent, case, ("现场.jpg", PNG, Some(PNG.len() as u64))).unwrap();
        assert_eq!(
            (attached.attachment.media_type.as_str(), attached.attachment.bytes),
            ("image/png", PNG.len() as u64)
        );
        let out = give(&desk, agent, case, &attached).unwrap();
        assert_eq!(std::fs::read(&out.place).unwrap(), PNG);
        assert!(!out.place.to_string_lossy().contains("现场"), "the name is no path");
        let stranger =
            desk.appoint("stranger", desk.unit("d", UnitLevel::Centre, desk.root()), &[Post::Agent]);
        assert_eq!(give(&desk, stranger, case, &attached).unwrap_err().class(), Class::NotFound);
        assert_eq!(attach(&desk, stranger, case, ("a.png", PNG, None)).unwrap_err().class(), Class::NotFound);
        let other = desk.complaint(agent, centre);
        assert_eq!(give(&desk, agent, other, &attached).unwrap_err().class(), Class::NotFound);
        let again = attach(&desk, agent, other, ("同一张.png", PNG, None)).unwrap();
        assert_eq!(again.attachment.digest, attached.attachment.digest, "kept once");
        assert_eq!(files(&desk.store.folder().join("files")), 1);
    });
}

/// Bad input (issue 3): empty, cut, too large, or named like a path; nothing stays.
#[test]
fn broken_uploads_are_refused_and_leave_nothing() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let agent = desk.appoint("agent", desk.root(), &[Post::Agent]);
        let case = desk.complaint(agent, desk.root());
        let code = |name: &str, bytes: &[u8], announced| {
            attach(&desk, agent, case, (name, bytes, announced)).unwrap_err().code()
        };
        assert_eq!(code("a.txt", b"", Some(0)), "file_empty");
        assert_eq!(code("a.txt", b"half", Some(8)), "file_truncated");
        assert_eq!(code("a.txt", &vec![b'a'; 100_001], None), "payload_too_large");
        let path = attach(&desk, agent, case, ("../../etc/passwd", b"x", None)).unwrap_err();
        assert_eq!(path.fields()[0].code, "file_name_invalid");
        assert_eq!(files(&desk.store.folder().join("files")), 0);
        let listed = desk.run_as(desk.ctx(agent), move |tx, ctx| attachment::list(tx, ctx, case)).unwrap();
        assert!(listed.is_empty());
    });
}

/// Issue 3 §3: a refused file leaves a visible note on the case.
#[test]
fn a_refused_program_is_noted_on_the_case() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let agent = desk.appoint("agent", desk.root(), &[Post::Agent]);
        let case = desk.complaint(agent, desk.root());
        let refused =
            attach(&desk, agent, case, ("照片.jpg", b"MZ\x90\0 not a photograph", None)).unwrap_err();
        assert_eq!(refused.code(), "file_type_refused");
        let history =
            desk.run_as(desk.ctx(agent), move |tx, ctx| case::timeline(tx, ctx, case, 0, 50)).unwrap();
        let told = serde_json::to_string(&history).unwrap();
        assert!(told.contains("附件被拒收：照片.jpg"), "{told}");
        assert_eq!(files(&desk.store.folder().join("files")), 0);
    });
}

/// contracts §4, domain.md §2: equal files of two organisations tell nothing.
#[test]
fn equal_files_have_other_digests_in_another_organisation() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let keys: Vec<Vec<u8>> = [1, 2]
            .map(|org| {
                desk.store
                    .write_blocking(move |tx| {
                        let fresh = vec![u8::try_from(org).unwrap(); 32];
                        let org = huiyin_domain::ids::OrgId(org);
                        huiyin_store::attachment::key(
                            tx,
                            org,
                            "twin",
                            fresh,
                            huiyin_testkit::engines::MADE_AT,
                        )
                    })
                    .unwrap()
            })
            .into();
        assert_ne!(keys[0], keys[1]);
        let kept = desk
            .store
            .write_blocking(|tx| {
                let org = huiyin_domain::ids::OrgId(1);
                huiyin_store::attachment::key(tx, org, "twin", vec![9; 32], huiyin_testkit::engines::MADE_AT)
            })
            .unwrap();
        assert_eq!(kept, keys[0], "a key once made stays");
    });
}

/// Issue 3 §3: files that nothing needs go after a day, those of cases stay.
#[test]
fn orphans_are_cleaned_away() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let agent = desk.appoint("agent", desk.root(), &[Post::Agent]);
        let case = desk.complaint(agent, desk.root());
        attach(&desk, agent, case, ("a.png", PNG, None)).unwrap();
        let folder = desk.store.folder().join("files");
        let stray = folder.join("1").join("ab");
        std::fs::create_dir_all(&stray).unwrap();
        std::fs::write(stray.join("ab".repeat(32)), b"left by a crash").unwrap();
        std::fs::write(folder.join("1").join("left.part"), b"half").unwrap();
        // real files carry real time: the clock of the test goes far beyond it
        desk.after(0);
        assert_eq!(files(&folder), 3, "what is young stays");
        desk.clock.set(huiyin_app::SystemClock.now());
        desk.after(2 * 24 * 3600);
        assert_eq!(files(&folder), 1, "only the one that a case needs");
    });
}

/// What doctor says: findings, texts and files that were erased.
pub(crate) fn examined(desk: &Errands) -> (Vec<String>, u64, u64) {
    let folder = Files::at(desk.store.folder().join("files"));
    let asked = Asked { sample: None, since: None, now: desk.clock.now() };
    desk.store
        .read_blocking(move |tx| {
            let mut found = Vec::new();
            let seen = doctor::examine(tx, &asked, Box::new(std::iter::empty()), &mut |told| {
                if let Told::Finding(finding) = told {
                    found.push(finding.code.to_owned());
                }
            })?;
            doctor::files(tx, &folder, &mut |finding| {
                found.extend(finding.map(|finding| finding.code.to_owned()));
            })?;
            Ok::<_, Error>((found, seen.erased, seen.erased_files))
        })
        .unwrap()
}

/// X-37, D4: an attached file goes with its case's texts: name and content are
/// gone, the commitment stays, doctor says "erased"; a file that another case
/// has too stays there.
#[test]
fn erasing_a_case_erases_its_files() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let agent = desk.appoint("agent", desk.root(), &[Post::Agent]);
        let (case, other) = (desk.complaint(agent, desk.root()), desk.complaint(agent, desk.root()));
        let alone = attach(&desk, agent, case, ("李某某的录音.png", PNG, None)).unwrap();
        let text = "楼道里的纸条".as_bytes();
        attach(&desk, agent, case, ("纸条.txt", text, None)).unwrap();
        let shared = attach(&desk, agent, other, ("同一张纸条.txt", text, None)).unwrap();
        let folder = desk.store.folder().join("files");
        let erase = |texts| {
            let new = NewErasure { texts, basis: "request of 2026-11-20".into() };
            desk.run_as(desk.ctx(desk.admin), move |tx, ctx| case::erase(tx, ctx, case, &new))
                .map(|(out, _)| out)
        };
        let erased = erase(None).unwrap();
        assert_eq!(erased.files, 2);
        assert_eq!(erase(None).unwrap_err().code(), "erased_already");
        assert_eq!(give(&desk, agent, case, &alone).unwrap_err().code(), "file_erased");
        let listed = desk.run_as(desk.ctx(agent), move |tx, ctx| attachment::list(tx, ctx, case)).unwrap();
        assert!(listed.iter().all(|file| file.name.is_empty() && file.erased_at.is_some()), "{listed:?}");
        assert_eq!(listed[0].digest, alone.attachment.digest, "the keyed digest stays");
        assert_eq!(files(&folder), 2, "a file written just now waits a little");
        assert!(examined(&desk).0.contains(&"file_waits".to_owned()));
        desk.clock.set(huiyin_app::SystemClock.now());
        desk.after(3600);
        assert_eq!(files(&folder), 1, "the other case keeps its own");
        assert_eq!(std::fs::read(give(&desk, agent, other, &shared).unwrap().place).unwrap(), text);
        let (found, texts, gone) = examined(&desk);
        assert_eq!((texts, gone), (erased.texts, 2));
        assert!(found.iter().all(|code| code == "calendar_ends"), "{found:?}");
    });
}

/// chosen texts take along the file that bears one of them as its name,
/// and no other.
#[test]
fn a_file_goes_with_its_name_alone() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let agent = desk.appoint("agent", desk.root(), &[Post::Agent]);
        let case = desk.complaint(agent, desk.root());
        let goes = attach(&desk, agent, case, ("李某某.png", PNG, None)).unwrap();
        let stays = attach(&desk, agent, case, ("楼道.txt", b"corridor", None)).unwrap();
        let org = desk.org.org;
        let names = desk.store.read_blocking(move |tx| read::attached(tx, org, case)).unwrap();
        let chosen = names[&goes.attachment.id].clone();
        let new = NewErasure { texts: Some(vec![chosen]), basis: "request".into() };
        let erased =
            desk.run_as(desk.ctx(desk.admin), move |tx, ctx| case::erase(tx, ctx, case, &new)).unwrap().0;
        assert_eq!((erased.texts, erased.files), (1, 1));
        assert_eq!(give(&desk, agent, case, &goes).unwrap_err().code(), "file_erased");
        assert!(give(&desk, agent, case, &stays).is_ok());
        assert_eq!(examined(&desk).2, 1);
    });
}

/// X-37, PROP-67: doctor names a file whose row says other than the history.
#[test]
fn a_row_of_a_file_that_lies_is_named() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let agent = desk.appoint("agent", desk.root(), &[Post::Agent]);
        let case = desk.complaint(agent, desk.root());
        attach(&desk, agent, case, ("a.png", PNG, None)).unwrap();
        attach(&desk, agent, case, ("b.txt", b"b", None)).unwrap();
        let spoil = |sql| desk.store.write_blocking(move |tx| tx.execute(sql, &[]).map(drop)).unwrap();
        spoil("UPDATE attachments SET erased_at = 1 WHERE name = 'a.png'");
        spoil("DELETE FROM attachments WHERE name = 'b.txt'");
        let found = examined(&desk).0;
        for code in ["file_gone", "attachment_missing"] {
            assert!(found.contains(&code.to_owned()), "{code}: {found:?}");
        }
    });
}
