//! The shipped mappings: on rows of our own always, on the real ones where
//! they stand beside the repository.

use crate::support::{gzip, open, root};
use huiyin_tabular::{CellError, Field, MappedRow, Mapping};

fn shipped(name: &str) -> Mapping {
    Mapping::load(&root().join("packs/import").join(name)).unwrap()
}

/// Maps a file of the shared data; nothing when it is not there.
fn real(map: &str, file: &str) -> Option<Vec<MappedRow>> {
    if !root().join("../shared/data").is_dir() {
        return None;
    }
    let mapping = shipped(map);
    let mut rows = mapping.open(&root().join("../shared/data").join(file)).unwrap();
    let all = std::iter::from_fn(|| rows.next_row().unwrap());
    Some(all.collect::<Result<Vec<_>, Vec<CellError>>>().unwrap())
}

/// Issue 3, §7
#[test]
fn the_shipped_mappings_read_rows_of_the_same_shape() {
    let reply = concat!(
        "{\"id\":1,\"user\":\"U1\",\"time\":\"2026-03-05 09:07:08\",\"title\":\"t\",\"text\":\"x\",",
        "\"reply\":\"r\",\"reply_time\":\"2026-03-05 17:00:00\",\"label_complete\":1}\n",
        "{\"id\":2,\"user\":\"U1\",\"time\":\"2026-03-05\",\"title\":\"t\",\"text\":\"x\",",
        "\"reply\":\"r\",\"reply_time\":\"2026-03-05 17:00:00\"}\n"
    );
    let hot = "{\"id\":1,\"user\":\"U1\",\"time\":\"2026-03-05 09:07:08\",\"title\":\"t\",\"text\":\"x\",\"likes\":3,\
        \"dislikes\":0}\n{\"id\":2}\n";
    let classify =
        "{\"source_id\":1,\"title\":\"t\",\"text\":\"x\",\"time\":\"2026/3/5 9:07:08\"}\n{\"id\":2}\n";
    for (map, table) in
        [("taidi-reply.toml", reply), ("taidi-hot.toml", hot), ("taidi-classify.toml", classify)]
    {
        let mapping = shipped(map);
        let mut rows = mapping.rows(open(gzip(table.as_bytes()))).unwrap();
        let first = rows.next_row().unwrap().unwrap().unwrap();
        assert_eq!(first.text(Field::ExternalId), Some("1"), "{map}");
        assert_eq!(first.time(Field::ReceivedAt).unwrap().to_string(), "2026-03-05T01:07:08Z");
        assert!(rows.next_row().unwrap().unwrap().is_err(), "{map}");
    }
}

/// Issue 3, §7
#[test]
fn all_real_rows_map_without_error() {
    let Some(reply) = real("taidi-reply.toml", "taidi-reply/train.jsonl.gz") else { return };
    assert_eq!(reply.len(), 1985);
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    let day = |row: &MappedRow, field| {
        jiff::Timestamp::from(row.time(field).unwrap()).to_zoned(zone.clone()).date()
    };
    let same_day = reply.iter().filter(|row| day(row, Field::ReceivedAt) == day(row, Field::ReplyAt));
    assert_eq!(same_day.count(), 44);
    let hot = real("taidi-hot.toml", "taidi-hot/first_half.jsonl.gz").unwrap();
    assert_eq!(hot.len(), 2163);
    let classify = real("taidi-classify.toml", "taidi-classify/unlabelled.jsonl.gz").unwrap();
    assert_eq!(classify.len(), 2784);
}
