//! Prompts (提示音): what is said, by name, with its text; those that are shipped.

use super::number;
use super::sound::{Sound, SoundFault};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The longest text that a voice is made of, in characters.
pub const LONGEST_TEXT: usize = 300;

/// One shipped prompt.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    /// Its name, as menus write it.
    pub name: &'static str,
    /// A WAV file at 8 kHz, A-law.
    pub wav: &'static [u8],
}

macro_rules! prompts {
    ($($name:literal),+ $(,)?) => {
        /// The prompts that the binary carries, in Mandarin.
        pub static SHIPPED: &[Shipped] = &[$(Shipped {
            name: $name,
            wav: include_bytes!(concat!("../../../../packs/prompts/zh-CN/", $name, ".wav")),
        }),+];
    };
}

prompts! {
    "after_sale", "beep", "call_back_ask", "call_back_done", "call_back_offer", "clock_hour",
    "clock_minute", "closed", "digit_0", "digit_1", "digit_2", "digit_3", "digit_4", "digit_5", "digit_6",
    "digit_7", "digit_8", "digit_9", "duty", "enquiry", "full", "goodbye", "hold", "hundred", "incident",
    "incident_lift", "incident_more", "incident_power", "incident_until", "incident_water", "main",
    "queue_ahead", "queue_callers", "queue_long", "queue_minutes", "queue_next", "queue_wait", "recorded",
    "silent", "ten", "to_agent", "two", "voicemail", "voicemail_done", "welcome", "wrong",
}

/// The texts of the shipped prompts; what is no speech is said in brackets.
const TEXTS: &str = include_str!("../../../../packs/prompts/zh-CN/prompts.toml");

/// Gives the text of each shipped prompt by name.
///
/// Nothing when the table cannot be read; a test holds that it can.
#[must_use]
pub fn texts() -> &'static BTreeMap<String, String> {
    static READ: LazyLock<BTreeMap<String, String>> =
        LazyLock::new(|| toml::from_str(TEXTS).unwrap_or_default());
    &READ
}

/// Finds the file of a shipped prompt.
#[must_use]
pub fn shipped(name: &str) -> Option<&'static [u8]> {
    SHIPPED.iter().find(|prompt| prompt.name == name).map(|prompt| prompt.wav)
}

/// Lists what the machine itself says: numbers, and words around them.
pub fn needed() -> impl Iterator<Item = &'static str> {
    number::PARTS.into_iter().chain(number::WORDS)
}

/// Writes what is said as a text, for those who read it instead.
///
/// Prompts without a text are left out.
#[must_use]
pub fn written(prompts: &[String]) -> String {
    prompts.iter().filter_map(|name| texts().get(name)).map(String::as_str).collect()
}

/// Why a prompt is not taken; the text begins with its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PromptFault {
    /// The name is none that menus can write.
    #[error("prompt_name: a prompt's name has 1 to 64 small letters, digits and _, a letter first")]
    Name,
    /// There is no text, or too much.
    #[error("prompt_text: write what is said, 1 to 300 characters")]
    Text,
    /// The file is no sound that can be said.
    #[error(transparent)]
    Sound(#[from] SoundFault),
}

/// Says whether menus can write it as the name of a prompt.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let named = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(fits);
    named && name.len() <= 64
}

/// Says whether it can be said: one line of a fair length.
#[must_use]
pub fn is_text(text: &str) -> bool {
    let text = text.trim();
    (1..=LONGEST_TEXT).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

/// A prompt of a house's own, ready for the telephone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its name, as menus write it.
    pub name: String,
    /// What is said, for those who read it.
    pub text: String,
    /// What is heard.
    pub sound: Sound,
}

impl Recorded {
    /// Takes what somebody uploaded or a voice made: name, text and WAV file.
    ///
    /// # Errors
    /// [`PromptFault`] names the first thing that is wrong; nothing is taken then.
    pub fn take(name: &str, text: &str, wav: &[u8]) -> Result<Self, PromptFault> {
        if !is_name(name) {
            return Err(PromptFault::Name);
        }
        let text = text.trim();
        if !is_text(text) {
            return Err(PromptFault::Text);
        }
        Ok(Self { name: name.to_owned(), text: text.to_owned(), sound: Sound::read(wav)? })
    }
}

/// A program that makes speech: it takes the text and writes a WAV file.
///
/// `{text}` and `{file}` stand for both within its arguments; nothing of it goes
/// through a shell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Voice {
    /// The program.
    pub program: String,
    /// Its arguments.
    pub arguments: Vec<String>,
}

/// Why a command cannot make speech; the text begins with its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VoiceFault {
    /// It names no program.
    #[error("voice_program: name the program that speaks, such as espeak-ng")]
    Program,
    /// It does not say where text and file stand.
    #[error("voice_places: the arguments must have {{text}} and {{file}} once each")]
    Places,
    /// Nothing to say, or too much.
    #[error("voice_text: a text to be said has 1 to 300 characters in one line")]
    Text,
}

impl Voice {
    /// Reads a command such as `espeak-ng -v cmn -w {file} {text}`: words between
    /// blanks, nothing quoted.
    ///
    /// # Errors
    /// [`VoiceFault`] when it names no program or not both places.
    pub fn parse(command: &str) -> Result<Self, VoiceFault> {
        let mut words = command.split_whitespace().map(str::to_owned);
        let program = words.next().filter(|program| !program.contains('{')).ok_or(VoiceFault::Program)?;
        let arguments: Vec<String> = words.collect();
        let once = |place| arguments.iter().filter(|word| *word == place).count() == 1;
        if !once("{text}") || !once("{file}") {
            return Err(VoiceFault::Places);
        }
        Ok(Self { program, arguments })
    }

    /// Gives the arguments for a text; one that begins with a hyphen is no option.
    ///
    /// # Errors
    /// [`VoiceFault::Text`] when there is nothing to say, or too much.
    pub fn call(&self, text: &str, file: &str) -> Result<Vec<String>, VoiceFault> {
        let text = text.trim();
        if !is_text(text) {
            return Err(VoiceFault::Text);
        }
        let text = if text.starts_with('-') { format!(" {text}") } else { text.to_owned() };
        let word = |word: &String| match word.as_str() {
            "{text}" => text.clone(),
            "{file}" => file.to_owned(),
            _ => word.clone(),
        };
        Ok(self.arguments.iter().map(word).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::sound::{LONGEST, RATE};
    use super::*;

    /// CALL-8: each prompt that is shipped has a text and can be said; together
    /// they are small, and the folder holds no other.
    #[test]
    fn every_shipped_prompt_has_text_and_sound() {
        let mut bytes = 0;
        for prompt in SHIPPED {
            let sound = Sound::read(prompt.wav).unwrap_or_else(|fault| panic!("{}: {fault}", prompt.name));
            assert!(sound.samples.len() < (LONGEST * RATE) as usize);
            let loudest = sound.samples.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
            assert!(
                (1_000..32_000).contains(&loudest),
                "{} is neither silent nor torn: {loudest}",
                prompt.name
            );
            assert!(texts().get(prompt.name).is_some_and(|text| !text.is_empty()), "{}", prompt.name);
            bytes += prompt.wav.len();
        }
        assert!(bytes < 800_000, "{bytes} bytes");
        assert_eq!(texts().len(), SHIPPED.len(), "texts without a sound");
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/prompts/zh-CN");
        let files = std::fs::read_dir(folder).unwrap().flatten();
        let waves = files.filter(|file| file.path().extension().is_some_and(|ending| ending == "wav"));
        assert_eq!(waves.count(), SHIPPED.len(), "sounds that nobody ships");
        for name in needed() {
            assert!(shipped(name).is_some(), "{name} is said by the machine itself");
        }
    }

    /// TEL-27: the last sentence thanks for the call.
    #[test]
    fn the_last_sentence_thanks() {
        assert!(written(&["goodbye".into()]).starts_with("谢谢您的来电"));
        assert!(texts()["welcome"].starts_with("您好，"), "TEL-36: 您好 comes first");
    }

    /// CALL-8: an uploaded prompt has a name, its text, and can be heard.
    #[test]
    fn an_uploaded_prompt_has_name_text_and_sound() {
        let wav = shipped("welcome").unwrap();
        let taken = Recorded::take("our_welcome", " 您好，康桥物业。 ", wav).unwrap();
        assert_eq!((&*taken.name, &*taken.text), ("our_welcome", "您好，康桥物业。"));
        assert!(taken.sound.millis() > 500);
        for name in ["", "Our", "../etc", "9a", &"a".repeat(65)] {
            assert_eq!(Recorded::take(name, "好", wav), Err(PromptFault::Name), "{name:?}");
        }
        assert_eq!(Recorded::take("a", " ", wav), Err(PromptFault::Text));
        assert_eq!(Recorded::take("a", "好", b"x"), Err(PromptFault::Sound(SoundFault::NotWav)));
    }

    /// CALL-8: a voice is a program with two places, and no text becomes a command.
    #[test]
    fn a_voice_is_a_program_and_no_shell() {
        let voice = Voice::parse("espeak-ng -v cmn -w {file} {text}").unwrap();
        let call = voice.call("-x; rm -rf /", "out.wav").unwrap();
        assert_eq!(call, ["-v", "cmn", "-w", "out.wav", " -x; rm -rf /"]);
        assert_eq!(Voice::parse(""), Err(VoiceFault::Program));
        assert_eq!(Voice::parse("{text} {file}"), Err(VoiceFault::Program));
        assert_eq!(Voice::parse("say {text}"), Err(VoiceFault::Places));
        for text in ["", "  ", "a\nb", &"长".repeat(301)] {
            assert_eq!(voice.call(text, "out.wav"), Err(VoiceFault::Text));
        }
    }
}
