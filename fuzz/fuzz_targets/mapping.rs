//! Any text as a mapping file, with a small table behind it.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    huiyin_tabular::fuzz_mapping(text);
});
