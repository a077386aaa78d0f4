//! Any text as a voice menu.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    huiyin_domain::menu::fuzz_menu(text);
});
