//! Prompts by name, ready to be played.

use huiyin_app::call::OwnSounds;
use huiyin_domain::ids::OrgId;
use huiyin_domain::menu::prompt;
use huiyin_domain::menu::sound::Sound;
use huiyin_telephony::Prompt;
use std::collections::HashMap;
use std::sync::Arc;

/// The prompts that this process can say.
#[derive(Debug, Default)]
pub(crate) struct Sounds(HashMap<&'static str, Prompt>);

impl Sounds {
    /// Reads the prompts that the binary carries.
    pub(crate) fn shipped() -> Self {
        let read = |shipped: &'static prompt::Shipped| match Sound::read(shipped.wav) {
            Ok(sound) => {
                Some((shipped.name, Prompt { name: shipped.name.into(), samples: sound.samples.into() }))
            }
            Err(fault) => {
                tracing::error!(name = shipped.name, %fault, "a shipped prompt cannot be read");
                None
            }
        };
        Self(prompt::SHIPPED.iter().filter_map(read).collect())
    }

    /// Gives prompts by their names, an organisation's own ones first; one that nobody
    /// knows is a moment of silence.
    pub(crate) fn named<'a>(
        &self,
        (org, own): (OrgId, &OwnSounds),
        names: impl IntoIterator<Item = &'a str>,
    ) -> Vec<Prompt> {
        let one = |name: &str| match own.get(name) {
            // a PBX keeps prompts as files: each version of each organisation is one
            Some((version, samples)) => {
                Prompt { name: format!("{name}-{org}-{version}").into(), samples: Arc::clone(samples) }
            }
            None => self.0.get(name).cloned().unwrap_or_else(|| silence(name)),
        };
        names.into_iter().map(one).collect()
    }
}

fn silence(name: &str) -> Prompt {
    tracing::warn!(name, "no such prompt");
    Prompt { name: name.into(), samples: Arc::from(vec![0; 1_600]) }
}
