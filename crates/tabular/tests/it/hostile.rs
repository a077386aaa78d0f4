//! Input made to break things; the corpus of the fuzz targets always runs.

use crate::support::{gzip, root};
use huiyin_tabular::{fuzz_mapping, fuzz_read};
use proptest::prelude::*;

/// Reads every file of a folder of the corpus.
fn corpus(folder: &str) -> Vec<Vec<u8>> {
    let folder = root().join("crates/tabular/tests/corpus").join(folder);
    let files = std::fs::read_dir(folder).unwrap();
    files.map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
}

/// Issue 3, §7
#[test]
fn the_corpus_is_read_to_its_end() {
    let tables = corpus("read");
    assert!(tables.len() >= 10);
    for table in &tables {
        let (taken, refused) = fuzz_read(table);
        assert!(taken + refused <= 10_000);
    }
    let mappings = corpus("mapping");
    let accepted = mappings.iter().filter(|text| fuzz_mapping(&String::from_utf8_lossy(text)));
    assert!(accepted.count() >= 1);
}

/// Issue 3, §7
#[test]
fn a_gzip_bomb_costs_time_for_a_bounded_number_of_rows_only() {
    let bomb = gzip(&b"a\n".repeat(10_000_000));
    assert!(bomb.len() < 200_000);
    assert_eq!(fuzz_read(&bomb), (10_000, 0));
    assert_eq!(fuzz_read(&gzip(&[b'a'; 20_000_000])), (0, 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Issue 3, §7
    #[test]
    fn no_bytes_break_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let (taken, refused) = fuzz_read(&bytes);
        prop_assert!(taken + refused <= bytes.len());
    }

    /// Issue 3, §7
    #[test]
    fn no_damage_to_a_table_breaks_the_reader(
        at in any::<prop::sample::Index>(),
        seed in any::<prop::sample::Index>(),
        patch in prop::collection::vec(any::<u8>(), 0..20),
    ) {
        let tables = corpus("read");
        let mut table = seed.get(&tables).clone();
        let at = at.index(table.len());
        let end = (at + patch.len()).min(table.len());
        table.splice(at..end, patch);
        let (taken, refused) = fuzz_read(&table);
        prop_assert!(taken + refused <= 10_000);
    }

    /// Issue 3, §7
    #[test]
    fn every_csv_row_is_taken_or_refused_and_texts_come_back_whole(
        cells in prop::collection::vec("[a-z,;\"\n\t中文]{1,12}", 1..20),
    ) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["x", "y"]).unwrap();
        for cell in &cells {
            writer.write_record([format!("<{cell}>"), "end".into()]).unwrap();
        }
        let rows = crate::support::rows(writer.into_inner().unwrap());
        prop_assert_eq!(rows.len(), cells.len());
        for (row, cell) in rows.iter().zip(&cells) {
            let expected = crate::support::text(&format!("<{cell}>"));
            prop_assert_eq!(&row.as_ref().unwrap().cells[0], &expected);
        }
    }

    /// Issue 3, §7
    #[test]
    fn no_text_breaks_the_mapping(text in "\\PC{0,300}", at in any::<prop::sample::Index>()) {
        prop_assert!(!fuzz_mapping(&text));
        let maps = corpus("mapping");
        let chosen: &Vec<u8> = at.get(&maps);
        let mut map = String::from_utf8_lossy(chosen).into_owned();
        let place = (0..=at.index(map.len())).rev().find(|place| map.is_char_boundary(*place));
        map.insert_str(place.unwrap_or(0), &text.chars().take(8).collect::<String>());
        fuzz_mapping(&map);
    }
}
