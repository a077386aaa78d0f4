//! The real files, where they stand beside the repository.

use super::{Told, exported, import_from, source};
use crate::house::House;
use huiyin_app::Actor;
use huiyin_app::import::{ImportRun, run};
use huiyin_store::Engine;
use huiyin_store::case::CaseFilter;
use huiyin_tabular::Mapping;
use huiyin_testkit::engines::{TestStore, both_engines_migrated};
use serde_json::Value;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn shipped(name: &str) -> Mapping {
    Mapping::load(&root().join("packs/import").join(format!("{name}.toml"))).unwrap()
}

/// Counts rows answered on the same day, and within two working days.
fn answered(rows: &[Value]) -> (usize, usize) {
    let day = |row: &Value, key: &str| row[key].as_str().map(|time| time[..10].to_owned());
    let same = |row: &&Value| day(row, "received_at") == day(row, "first_reply_at");
    let soon = |row: &&Value| row["reply_working_days"].as_i64().is_some_and(|days| days <= 2);
    (rows.iter().filter(same).count(), rows.iter().filter(soon).count())
}

/// Issue 3 §7, X-5, PROP-79: the shipped mapping on rows of the same shape.
#[test]
fn rows_of_the_same_shape_show_their_reply_time() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let row = |id: u32, time: &str, replied: &str| {
            format!(
                "{{\"id\":{id},\"user\":\"U{id}\",\"time\":\"{time}\",\"title\":\"标题\",\"text\":\"内容\",\
                 \"reply\":\"已答复\",\"reply_time\":\"{replied}\"}}\n"
            )
        };
        let table = [
            row(1, "2019-09-30 10:00:00", "2019-09-30 16:00:00"),
            row(2, "2019-09-30 10:00:00", "2019-10-09 16:00:00"),
            row(3, "2019-09-30 10:00:00", "2019-10-11 08:00:00"),
            row(4, "2019-10-05 10:00:00", "2019-10-06 08:00:00"),
        ]
        .concat();
        let (done, told) =
            import_from(&house, &shipped("taidi-reply"), source(table.as_bytes()), false).unwrap();
        assert_eq!((done.imported, told.wrong), (4, Vec::new()));
        let mut rows = exported(&house, CaseFilter::default(), false);
        rows.sort_by_key(|row| row["external_id"].as_str().map(str::to_owned));
        let days: Vec<_> = rows.iter().map(|row| row["reply_working_days"].as_i64()).collect();
        assert_eq!(days, [Some(0), Some(2), Some(4), Some(0)], "the holiday week does not count");
        assert_eq!(answered(&rows), (1, 3));
    });
}

/// Issue 3 §7: all three files import completely; 44 of 1,985 were answered
/// the same day, 338 within two working days.
#[test]
fn the_real_files_import_completely() {
    let data = root().join("../shared/data");
    if !data.is_dir() {
        return;
    }
    let house = House::new(TestStore::migrated(Engine::Sqlite));
    let actor = Actor::command_line(house.org.org);
    let files = [
        ("taidi-reply", "train.jsonl.gz", 1_985),
        ("taidi-hot", "first_half.jsonl.gz", 2_163),
        ("taidi-classify", "unlabelled.jsonl.gz", 2_784),
    ];
    for (name, file, rows) in files {
        let mapping = shipped(name);
        let mut source = mapping.open(&data.join(name).join(file)).unwrap();
        let mut told = Told::default();
        let done = run(
            &ImportRun { app: &house.app, actor: &actor, mapping: &mapping, dry_run: false },
            &mut source,
            &mut told,
        )
        .unwrap();
        assert_eq!((done.imported, told.wrong), (rows, Vec::new()), "{name}");
    }
    let mut rows = exported(&house, CaseFilter::default(), false);
    assert_eq!(rows.len(), 6_932);
    rows.retain(|row| row["external_source"] == "taidi-reply");
    assert_eq!(answered(&rows), (44, 338));
}
