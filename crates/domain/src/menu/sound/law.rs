//! G.711: the two laws by which telephones write a sample in one byte.

/// Writes a sample by the A-law.
#[must_use]
pub const fn alaw(sample: i16) -> u8 {
    // the law knows 13 bits: the sign and twelve of the amount
    let (sign, amount) = if sample < 0 { (0x00, !(sample >> 3)) } else { (0x80, sample >> 3) };
    let segment = (16 - amount.leading_zeros()).saturating_sub(5);
    let step = if segment == 0 { 1 } else { segment };
    let [_, code] = (((segment as i16) << 4) | (amount >> step & 0x0f)).to_be_bytes();
    (code | sign) ^ 0x55
}

/// Reads a sample of the A-law.
#[must_use]
pub fn from_alaw(byte: u8) -> i16 {
    let byte = byte ^ 0x55;
    let mantissa = i16::from(byte & 0x0f) << 4;
    let amount = match byte >> 4 & 0x07 {
        0 => mantissa + 8,
        exponent => (mantissa + 0x108) << (exponent - 1),
    };
    if byte & 0x80 == 0 { -amount } else { amount }
}

/// Reads a sample of the µ-law.
#[must_use]
pub fn from_ulaw(byte: u8) -> i16 {
    let byte = !byte;
    let amount = ((i16::from(byte & 0x0f) << 3) + 0x84) << (byte >> 4 & 0x07);
    if byte & 0x80 == 0 { amount - 0x84 } else { 0x84 - amount }
}
