//! Any bytes as an uploaded sound.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    drop(huiyin_domain::menu::sound::Sound::read(bytes));
});
