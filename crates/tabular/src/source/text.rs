//! Encodings: which one a file has, and one cell of bytes as text.

use super::{Encoding, SourceCell};
use crate::failure::CellCode;

/// Guesses the encoding of bytes; none while they are plain ASCII.
///
/// Chinese text in GB18030 hardly ever forms valid UTF-8 sequences, so a text
/// whose sequences are nine in ten valid is UTF-8 with damage, not GB18030.
pub(super) fn guess(bytes: &[u8]) -> Option<Encoding> {
    let (mut valid, mut broken) = (0_usize, 0_usize);
    let mut chunks = bytes.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        valid += chunk.valid().chars().filter(|char| !char.is_ascii()).count();
        let is_cut_off = chunks.peek().is_none() && chunk.invalid().len() < 4;
        let may_continue = is_cut_off && bytes.len() >= super::sniff::SAMPLE;
        if !chunk.invalid().is_empty() && !may_continue {
            broken += 1;
        }
    }
    match (valid, broken) {
        (0, 0) => None,
        (_, 0) => Some(Encoding::Utf8),
        _ if valid >= broken * 9 => Some(Encoding::Utf8),
        _ => Some(Encoding::Gb18030),
    }
}

/// Decodes the bytes of one cell.
pub(super) fn decode(bytes: &[u8], encoding: Option<Encoding>) -> SourceCell {
    let decoded = match encoding {
        Some(Encoding::Gb18030) => {
            encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes)
        }
        Some(Encoding::Utf8) | None => std::str::from_utf8(bytes).ok().map(Into::into),
    };
    decoded.map_or(SourceCell::Bad(CellCode::BrokenText), |text| plain(&text))
}

/// Makes a cell of text: trimmed, empty or refused for control characters.
pub(super) fn plain(text: &str) -> SourceCell {
    let trimmed = text.trim_matches(|char: char| char.is_whitespace() || char == '\u{feff}');
    if trimmed.is_empty() {
        return SourceCell::Empty;
    }
    let is_refused = |byte: u8| (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0x7f;
    if trimmed.bytes().any(is_refused) {
        return SourceCell::Bad(CellCode::ControlCharacter);
    }
    SourceCell::Text(trimmed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 3, §7
    #[test]
    fn chinese_is_told_apart_and_one_broken_byte_does_not_turn_utf8_into_gb18030() {
        assert_eq!(guess(b"plain"), None);
        assert_eq!(guess("楼道灯不亮".as_bytes()), Some(Encoding::Utf8));
        let (gb, _, _) = encoding_rs::GB18030.encode("楼道灯不亮，电梯停运已经三天");
        assert_eq!(guess(&gb), Some(Encoding::Gb18030));
        let mut broken = "楼道灯不亮，电梯停运已经三天".as_bytes().to_vec();
        broken.push(0xff);
        assert_eq!(guess(&broken), Some(Encoding::Utf8));
    }
}
