//! Prompts and music on their way to one leg.

use crate::law::Law;
use crate::ring::FRAME;
use std::sync::Arc;

/// A sound that can be said: samples of 8 kHz.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt(pub Vec<i16>);

/// What a leg hears instead of a voice.
#[derive(Debug)]
pub(crate) struct Player {
    prompts: Arc<[Arc<Prompt>]>,
    at: (usize, usize),
    repeat: bool,
    /// Named in the notice when it ends.
    pub(crate) token: u64,
}

impl Player {
    /// Begins at the first prompt.
    pub(crate) fn new(prompts: Arc<[Arc<Prompt>]>, repeat: bool, token: u64) -> Self {
        let empty = prompts.iter().all(|prompt| prompt.0.is_empty());
        Self { prompts, at: (0, 0), repeat: repeat && !empty, token }
    }

    /// Gives the next 20 ms, the last one filled up; nothing when all is said.
    pub(crate) fn frame(&mut self) -> Option<[i16; FRAME]> {
        let mut frame = [0; FRAME];
        let mut filled = 0;
        while filled < FRAME {
            let (number, from) = self.at;
            let Some(prompt) = self.prompts.get(number) else {
                if self.repeat {
                    self.at = (0, 0);
                    continue;
                }
                return (filled > 0).then_some(frame);
            };
            let rest = prompt.0.get(from..).unwrap_or_default();
            let taken = rest.len().min(FRAME - filled);
            if let (Some(to), Some(sound)) = (frame.get_mut(filled..filled + taken), rest.get(..taken)) {
                to.copy_from_slice(sound);
            }
            filled += taken;
            self.at = if taken == rest.len() { (number + 1, 0) } else { (number, from + taken) };
        }
        Some(frame)
    }
}

/// Writes samples by a law.
pub(crate) fn coded(samples: &[i16; FRAME], law: Law) -> [u8; FRAME] {
    samples.map(|sample| law.byte(sample))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompts(lengths: &[usize]) -> Arc<[Arc<Prompt>]> {
        lengths.iter().map(|length| Arc::new(Prompt(vec![7; *length]))).collect()
    }

    /// Prompts follow each other without a gap, music goes round, nothing ends at once.
    #[test]
    fn prompts_follow_each_other() {
        let mut player = Player::new(prompts(&[100, 0, 100]), false, 1);
        assert_eq!(player.frame().map(|frame| frame.iter().filter(|one| **one == 7).count()), Some(160));
        assert_eq!(player.frame().map(|frame| frame.iter().filter(|one| **one == 7).count()), Some(40));
        assert_eq!(player.frame(), None);
        let mut music = Player::new(prompts(&[100]), true, 1);
        assert!((0..10).all(|_| music.frame() == Some([7; FRAME])));
        assert_eq!(Player::new(prompts(&[0, 0]), true, 1).frame(), None);
    }
}
