//! Attached files: limits, types, names, who may have them, what is cleaned away.

use huiyin_app::attachment::{self, Arrived, Attached, FileOut};
use huiyin_app::case;
use huiyin_app::{Class, Error};
use huiyin_domain::ids::{CaseId, PersonId};
use huiyin_domain::people::{Post, UnitLevel};
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
        use huiyin_app::Clock;
        desk.after(0);
        assert_eq!(files(&folder), 3, "what is young stays");
        desk.clock.set(huiyin_app::SystemClock.now());
        desk.after(2 * 24 * 3600);
        assert_eq!(files(&folder), 1, "only the one that a case needs");
    });
}
