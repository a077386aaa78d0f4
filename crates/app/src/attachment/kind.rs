//! What a file is, by its content; and which ones are refused.

/// How many bytes from the beginning are looked at.
pub(super) const HEAD: usize = 8192;

/// Endings of names that machines run when they are opened.
const RUN: [&str; 22] = [
    "apk", "app", "bat", "cmd", "com", "cpl", "dll", "exe", "hta", "jar", "js", "jse", "lnk", "msi", "pif",
    "ps1", "reg", "scr", "sh", "vbe", "vbs", "wsf",
];

/// Recognises a file by its first bytes.
#[must_use]
pub fn media_type(head: &[u8]) -> &'static str {
    if let Some(kind) = infer::get(head) {
        return kind.mime_type();
    }
    if is_text(head) { "text/plain" } else { "application/octet-stream" }
}

/// Says whether a file is one that runs, by its content or its name.
#[must_use]
pub fn is_refused(head: &[u8], name: &str) -> bool {
    let ending =
        name.trim_end_matches([' ', '.']).rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    infer::is_app(head)
        || head.starts_with(b"#!")
        || ending.is_some_and(|ending| RUN.contains(&ending.as_str()))
}

/// Says whether the bytes are UTF-8 text, perhaps cut within a letter.
fn is_text(head: &[u8]) -> bool {
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() && head.len() >= HEAD => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !valid.is_empty() && valid.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 3 §3: the type comes from the content, whatever the name says.
    #[test]
    fn content_decides_the_type() {
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n0000"), "image/png");
        assert_eq!(media_type("现场很吵".as_bytes()), "text/plain");
        assert_eq!(media_type(b"\x00\x01\x02"), "application/octet-stream");
        let mut cut = vec![b'a'; HEAD - 1];
        cut.push(0xe5);
        assert_eq!(media_type(&cut), "text/plain");
    }

    /// Issue 3 §3: what runs is refused by content and by name.
    #[test]
    fn what_runs_is_refused() {
        assert!(is_refused(b"MZ\x90\x00\x03", "photo.jpg"));
        assert!(is_refused(b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x3e\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", "a"));
        assert!(is_refused(b"#!/bin/sh\n", "notes.txt"));
        assert!(is_refused(b"plain text", "setup.EXE. "));
        assert!(!is_refused(b"\x89PNG\r\n\x1a\n0000", "photo.png"));
    }
}
