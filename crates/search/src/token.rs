//! Single characters and overlapping pairs.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Gives every character but white space, and every two that stand side by side.
pub(crate) fn each<'a>(text: &'a str, mut take: impl FnMut(&'a str)) {
    let mut before: Option<usize> = None;
    for (at, c) in text.char_indices() {
        if c == ' ' {
            before = None;
            continue;
        }
        let end = at + c.len_utf8();
        take(&text[at..end]);
        if let Some(start) = before {
            take(&text[start..end]);
        }
        before = Some(at);
    }
}

/// Gives what a text must hold to hold this one: its pairs, or its only character.
pub(crate) fn needed(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for run in text.split(' ').filter(|run| !run.is_empty()) {
        let first = run.chars().next().map_or(0, char::len_utf8);
        if first == run.len() {
            found.push(run);
        } else {
            each(run, |token| {
                if token.chars().nth(1).is_some() {
                    found.push(token);
                }
            });
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The same for the index; takes texts that are folded already.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pairs;

/// The tokens of one text.
#[derive(Debug)]
pub(crate) struct PairStream<'a> {
    text: &'a str,
    /// Where the next character begins.
    at: usize,
    /// Where the character before begins, when it stands beside.
    before: Option<usize>,
    /// A pair that comes next.
    pair: Option<(usize, usize)>,
    token: Token,
}

impl Tokenizer for Pairs {
    type TokenStream<'a> = PairStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PairStream<'a> {
        PairStream { text, at: 0, before: None, pair: None, token: Token::default() }
    }
}

impl PairStream<'_> {
    fn set(&mut self, from: usize, to: usize) -> bool {
        self.token.text.clear();
        self.token.text.push_str(&self.text[from..to]);
        self.token.offset_from = from;
        self.token.offset_to = to;
        self.token.position = self.token.position.wrapping_add(1);
        true
    }
}

impl TokenStream for PairStream<'_> {
    fn advance(&mut self) -> bool {
        if let Some((from, to)) = self.pair.take() {
            return self.set(from, to);
        }
        while let Some(c) = self.text[self.at..].chars().next() {
            let (from, to) = (self.at, self.at + c.len_utf8());
            self.at = to;
            if c == ' ' {
                self.before = None;
                continue;
            }
            self.pair = self.before.map(|start| (start, to));
            self.before = Some(from);
            return self.set(from, to);
        }
        false
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn streamed(text: &str) -> Vec<String> {
        let mut pairs = Pairs;
        let mut stream = pairs.token_stream(text);
        let mut found = Vec::new();
        while stream.advance() {
            found.push(stream.token().text.clone());
        }
        found
    }

    /// Issue 6 §1: characters and pairs in the index.
    #[test]
    fn characters_and_pairs_do_not_cross_white_space() {
        assert_eq!(streamed("电梯a 坏"), ["电", "梯", "电梯", "a", "梯a", "坏"]);
        assert_eq!(needed("电梯 坏"), ["坏", "电梯"]);
        assert!(needed("  ").is_empty());
    }

    proptest! {
        /// Issue 6 §1: what a text needs to hold is there wherever it stands.
        #[test]
        fn a_substring_needs_nothing_that_is_not_there(text in "[电梯坏ab ]{1,20}", from in 0usize..20, len in 1usize..7) {
            let part: String = text.chars().skip(from).take(len).collect();
            let there = streamed(&text);
            let mut own = Vec::new();
            each(&text, |token| own.push(token.to_owned()));
            prop_assert_eq!(&own, &there);
            for token in needed(&part) {
                prop_assert!(there.iter().any(|other| other == token), "{} in {}", token, text);
            }
        }
    }
}
