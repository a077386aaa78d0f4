//! Canonical JSON: sorted keys, no white space; what the hash chain covers.

use serde::Serialize;
use serde_json::Value;
use std::ops::Range;

/// Writes a value as JSON with sorted keys and no white space.
#[must_use]
pub fn canonical_json(value: &impl Serialize) -> String {
    let plain = serde_json::to_string(value).ok();
    plain.and_then(|plain| sorted(&plain)).unwrap_or_else(|| by_tree(value))
}

/// The same by way of a tree: slower, but whatever the keys are.
fn by_tree(value: &impl Serialize) -> String {
    // `serde_json::Value` keeps its objects sorted by key; a type of ours that
    // cannot become JSON does not exist, so null never stands for one.
    serde_json::to_value(value).unwrap_or(Value::Null).to_string()
}

/// Writes compact JSON again with the keys of every object in order.
///
/// Nothing for keys with escapes, whose order is not that of their bytes, and
/// for an object that has a key twice.
fn sorted(text: &str) -> Option<String> {
    let mut sorter = Sorter {
        text: text.as_bytes(),
        at: 0,
        out: Vec::with_capacity(text.len()),
        members: Vec::new(),
        spare: Vec::new(),
    };
    sorter.value()?;
    (sorter.at == text.len()).then_some(())?;
    String::from_utf8(sorter.out).ok()
}

/// Reads compact JSON from front to back and writes it in order.
struct Sorter<'a> {
    text: &'a [u8],
    at: usize,
    out: Vec<u8>,
    /// Members of the objects that are open, as places in `out`.
    members: Vec<Member>,
    /// An object's members while they are put in order.
    spare: Vec<u8>,
}

/// A member of an object: its key with quotes, and key and value together.
struct Member {
    key: Range<usize>,
    whole: Range<usize>,
}

impl Sorter<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then_some(())?;
        self.copy(self.at + 1)
    }

    /// Takes the text up to a place as it is.
    fn copy(&mut self, to: usize) -> Option<()> {
        self.out.extend_from_slice(self.text.get(self.at..to)?);
        self.at = to;
        Some(())
    }

    fn value(&mut self) -> Option<()> {
        match self.peek()? {
            b'{' => self.object(),
            b'[' => self.array(),
            b'"' => self.string().map(drop),
            _ => {
                let rest = self.text.get(self.at..)?;
                let end = rest.iter().position(|byte| matches!(byte, b',' | b'}' | b']'));
                self.copy(self.at + end.unwrap_or(rest.len()))
            }
        }
    }

    /// Takes a string; tells whether it has escapes.
    fn string(&mut self) -> Option<bool> {
        let (mut end, mut escaped) = (self.at + 1, false);
        loop {
            let rest = self.text.get(end..)?;
            end += rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
            if self.text.get(end) == Some(&b'"') {
                break;
            }
            escaped = true;
            end += 2;
        }
        self.copy(end + 1)?;
        Some(escaped)
    }

    fn array(&mut self) -> Option<()> {
        self.take(b'[')?;
        while self.peek()? != b']' {
            self.value()?;
            if self.peek()? == b',' {
                self.take(b',')?;
            }
        }
        self.take(b']')
    }

    fn object(&mut self) -> Option<()> {
        self.take(b'{')?;
        let (start, first) = (self.out.len(), self.members.len());
        while self.peek()? != b'}' {
            if self.members.len() > first {
                self.take(b',')?;
            }
            let from = self.out.len();
            if self.string()? {
                return None;
            }
            let key = from..self.out.len();
            self.take(b':')?;
            self.value()?;
            self.members.push(Member { key, whole: from..self.out.len() });
        }
        self.order(start, first)?;
        self.take(b'}')
    }

    /// Puts the members of one object, written from `start` on, in order.
    fn order(&mut self, start: usize, first: usize) -> Option<()> {
        let Self { out, members, spare, .. } = self;
        let own = members.get_mut(first..)?;
        // without its quotes: `"` sorts behind a blank and `!`
        let bare = |member: &Member| member.key.start + 1..member.key.end - 1;
        if !own.is_sorted_by(|a, b| out.get(bare(a)) < out.get(bare(b))) {
            spare.clear();
            spare.extend_from_slice(out.get(start..)?);
            own.sort_unstable_by(|a, b| out.get(bare(a)).cmp(&out.get(bare(b))));
            if own.windows(2).any(|pair| matches!(pair, [a, b] if out.get(bare(a)) == out.get(bare(b)))) {
                return None;
            }
            out.truncate(start);
            for (place, member) in own.iter().enumerate() {
                if place > 0 {
                    out.push(b',');
                }
                out.extend_from_slice(spare.get(member.whole.start - start..member.whole.end - start)?);
            }
        }
        members.truncate(first);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// An object that keeps the order in which its members were made.
    #[derive(Clone, Debug)]
    enum Json {
        Leaf(Value),
        List(Vec<Json>),
        Object(Vec<(String, Json)>),
    }

    impl Serialize for Json {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self {
                Self::Leaf(value) => value.serialize(serializer),
                Self::List(items) => serializer.collect_seq(items),
                Self::Object(members) => {
                    serializer.collect_map(members.iter().map(|(key, item)| (key, item)))
                }
            }
        }
    }

    fn json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            "[\"\\\\{}\\[\\],:a]{0,8}".prop_map(Value::from),
        ];
        leaf.prop_map(Json::Leaf).prop_recursive(5, 64, 8, |inner| {
            let key = prop_oneof!["[a-c_ !]{0,3}", any::<String>()];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Json::List),
                prop::collection::vec((key, inner), 0..8).prop_map(Json::Object),
            ]
        })
    }

    proptest! {
        /// PROP-67: the short way gives byte for byte what old chains were made of.
        #[test]
        fn the_short_way_writes_what_the_tree_writes(value in json()) {
            prop_assert_eq!(canonical_json(&value), by_tree(&value));
        }
    }

    /// PROP-67: the short way is taken where keys are plain, and only there.
    #[test]
    fn keys_with_escapes_and_double_keys_take_the_long_way() {
        assert_eq!(
            sorted(r#"{"b":[{"d":1,"c":"}"}],"a ":{},"a":"x\\\""}"#).as_deref(),
            Some(r#"{"a":"x\\\"","a ":{},"b":[{"c":"}","d":1}]}"#)
        );
        assert_eq!(sorted(r#"{"b\n":1,"a":2}"#), None);
        assert_eq!(sorted(r#"{"b":1,"a":2,"b":3}"#), None);
    }
}
