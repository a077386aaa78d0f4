//! The fields of a Digest credential.

/// Value of one field of `Digest a=b, c="d"`, unquoted.
pub(crate) fn field(header: &str, name: &str) -> Option<String> {
    let rest = header.trim().strip_prefix("Digest").or_else(|| header.trim().strip_prefix("digest"))?;
    split(rest).into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn split(text: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let mut signs = text.chars().peekable();
    while fields.len() < 32 {
        let key: String = take_key(&mut signs);
        if key.is_empty() && signs.peek().is_none() {
            break;
        }
        fields.push((key, take_value(&mut signs)));
    }
    fields
}

fn take_key(signs: &mut std::iter::Peekable<std::str::Chars<'_>>) -> String {
    let mut key = String::new();
    for sign in signs.by_ref() {
        match sign {
            '=' => break,
            ',' => key.clear(),
            sign if sign.is_whitespace() => {}
            sign => key.push(sign),
        }
    }
    key
}

fn take_value(signs: &mut std::iter::Peekable<std::str::Chars<'_>>) -> String {
    let mut value = String::new();
    while signs.next_if(|sign| sign.is_whitespace()).is_some() {}
    let quoted = signs.next_if_eq(&'"').is_some();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' if quoted => value.extend(signs.next()),
            '"' if quoted => {
                // what stands between the quote and the comma means nothing
                for sign in signs.by_ref() {
                    if sign == ',' {
                        break;
                    }
                }
                break;
            }
            ',' if !quoted => break,
            sign => value.push(sign),
        }
    }
    if quoted { value } else { value.trim().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::field;

    /// Fields are read whatever their order, spaces and quotes.
    #[test]
    fn reads_fields() {
        let header = r#"Digest username="a\"b", realm = "x, y" , nc=0000000a, qop=auth,uri="sip:a@b;c=d""#;
        assert_eq!(field(header, "USERNAME").as_deref(), Some("a\"b"));
        assert_eq!(field(header, "realm").as_deref(), Some("x, y"));
        assert_eq!(field(header, "nc").as_deref(), Some("0000000a"));
        assert_eq!(field(header, "uri").as_deref(), Some("sip:a@b;c=d"));
        assert_eq!(field(header, "opaque"), None);
        assert_eq!(field("Basic a=b", "a"), None);
    }
}
