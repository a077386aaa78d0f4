//! Any bytes as a table: CSV, XLSX, JSON Lines, plain or gzip.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = huiyin_tabular::fuzz_read(bytes);
});
