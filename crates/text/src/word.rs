//! Words: the segmenter, loaded once for the process.

use jieba_rs::Jieba;
use std::sync::OnceLock;

/// Gives the segmenter with the dictionary that it carries.
pub(crate) fn segmenter() -> &'static Jieba {
    static SEGMENTER: OnceLock<Jieba> = OnceLock::new();
    SEGMENTER.get_or_init(Jieba::new)
}

/// Cuts a text into words, as far as they are known.
#[must_use]
pub fn cut(text: &str) -> Vec<&str> {
    segmenter().cut(text, false).into_iter().map(|token| token.word).collect()
}

/// Loads the segmenter, so that the first text does not wait for it.
pub fn warm() {
    segmenter();
}
