//! Any text as the rules of a desk.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    huiyin_domain::pack::fuzz_pack(text);
});
