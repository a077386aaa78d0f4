//! The program that speaks prompts (`--tts`), run without a shell.

use huiyin_app::call::port::{Speaking, Voice, VoiceFailure};
use huiyin_domain::menu::prompt;
use huiyin_domain::menu::sound::MOST_BYTES;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use tokio::process::Command;
use tokio::sync::Semaphore;

/// How long one text may take.
const LONGEST: Duration = Duration::from_secs(20);

/// Texts that are spoken at once; more wait as long as one may take.
const AT_ONCE: usize = 2;

/// Bytes of what the program says of its trouble.
const TROUBLE: u64 = 1_000;

/// Speaks by a program.
pub struct Speaker {
    voice: prompt::Voice,
    places: Semaphore,
    longest: Duration,
}

impl Speaker {
    /// Takes the program with its arguments.
    pub fn of(voice: prompt::Voice) -> Self {
        Self { voice, places: Semaphore::new(AT_ONCE), longest: LONGEST }
    }

    async fn wav(&self, text: &str) -> Result<Vec<u8>, VoiceFailure> {
        let place = tokio::time::timeout(self.longest, self.places.acquire()).await;
        let _place = place.map_err(|_| VoiceFailure::Busy)?.map_err(|_| VoiceFailure::Busy)?;
        let folder = tempfile::tempdir().map_err(failed)?;
        let file = folder.path().join("speech.wav");
        // it is killed with the wait for it
        match tokio::time::timeout(self.longest, self.run(text, &file)).await {
            Ok(done) => done?,
            Err(_) => return Err(VoiceFailure::Failed("it takes too long".to_owned())),
        }
        let made = tokio::fs::File::open(&file).await.map_err(failed)?;
        let mut wav = Vec::new();
        made.take(MOST_BYTES as u64 + 1).read_to_end(&mut wav).await.map_err(failed)?;
        Ok(wav)
    }

    async fn run(&self, text: &str, file: &Path) -> Result<(), VoiceFailure> {
        let arguments = self.voice.call(text, &file.to_string_lossy()).map_err(failed)?;
        let mut child = Command::new(&self.voice.program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| failed(format!("{}: {error}", self.voice.program)))?;
        let mut trouble = Vec::new();
        if let Some(said) = child.stderr.take() {
            let mut said = said.take(TROUBLE);
            said.read_to_end(&mut trouble).await.map_err(failed)?;
            // whatever else it says is not wanted, and must not stop it
            tokio::io::copy(&mut said.into_inner(), &mut tokio::io::sink()).await.map_err(failed)?;
        }
        let ended = child.wait().await.map_err(failed)?;
        if ended.success() {
            return Ok(());
        }
        Err(failed(format!("{ended}: {}", String::from_utf8_lossy(&trouble).trim())))
    }
}

fn failed(why: impl ToString) -> VoiceFailure {
    VoiceFailure::Failed(why.to_string())
}

impl Voice for Speaker {
    fn speak<'a>(&'a self, text: &'a str) -> Speaking<'a> {
        Box::pin(self.wav(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use huiyin_domain::menu::prompt::shipped;
    use std::os::unix::fs::PermissionsExt as _;

    /// A program of the test: `$1` is the file, `$2` the text.
    fn program(folder: &Path, script: &str) -> Speaker {
        let path = folder.join("voice");
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        std::fs::write(folder.join("speech.wav"), shipped("welcome").unwrap()).unwrap();
        Speaker::of(prompt::Voice::parse(&format!("{} {{file}} {{text}}", path.display())).unwrap())
    }

    fn spoken(speaker: &Speaker, text: &str) -> Result<Vec<u8>, VoiceFailure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(speaker.speak(text))
    }

    /// CALL-8: a text is spoken by the program alone: no shell reads it, what fails is told,
    /// and one that never ends is ended.
    #[test]
    fn a_program_speaks_and_cannot_hang() {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().display().to_string();
        let copies = format!("printf %s \"$2\" > {here}/said; cp {here}/speech.wav \"$1\"");
        let good = program(folder.path(), &copies);
        let text = "您好; touch x && $(reboot) \"`'";
        assert_eq!(spoken(&good, text).unwrap(), shipped("welcome").unwrap());
        assert_eq!(std::fs::read_to_string(folder.path().join("said")).unwrap(), text);
        let bad = program(folder.path(), "echo no such voice >&2; exit 3");
        let VoiceFailure::Failed(why) = spoken(&bad, "好").unwrap_err() else { panic!("failed") };
        assert!(why.contains("no such voice"), "{why}");
        let silent = program(folder.path(), "exit 0");
        assert!(spoken(&silent, "好").is_err(), "it wrote no file");
        let endless =
            Speaker { longest: Duration::from_millis(200), ..program(folder.path(), "exec sleep 600") };
        assert_eq!(spoken(&endless, "好"), Err(failed("it takes too long")));
        let missing = Speaker::of(prompt::Voice::parse("/nowhere/voice {file} {text}").unwrap());
        let VoiceFailure::Failed(why) = spoken(&missing, "好").unwrap_err() else { panic!("failed") };
        assert!(why.contains("/nowhere/voice"), "{why}");
    }
}
