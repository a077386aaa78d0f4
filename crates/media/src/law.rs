//! G.711 as tables: a byte to a sample and back, as fast as a look.

use huiyin_domain::menu::sound;
use std::sync::LazyLock;

/// By which law a telephone writes a sample in one byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Law {
    /// A-law, payload type 8: Europe, China.
    Pcma,
    /// µ-law, payload type 0: America, Japan.
    Pcmu,
}

struct Tables {
    from_alaw: [i16; 256],
    from_ulaw: [i16; 256],
    alaw: Vec<u8>,
    ulaw: Vec<u8>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let all = || i16::MIN..=i16::MAX;
    Tables {
        from_alaw: std::array::from_fn(|byte| sound::from_alaw(byte as u8)),
        from_ulaw: std::array::from_fn(|byte| sound::from_ulaw(byte as u8)),
        alaw: all().map(sound::alaw).collect(),
        ulaw: all().map(ulaw).collect(),
    }
});

impl Law {
    /// Gives the static payload type of RFC 3551.
    #[must_use]
    pub const fn payload_type(self) -> u8 {
        match self {
            Self::Pcma => 8,
            Self::Pcmu => 0,
        }
    }

    /// Finds the law of a static payload type.
    #[must_use]
    pub const fn of_payload_type(number: u8) -> Option<Self> {
        match number {
            8 => Some(Self::Pcma),
            0 => Some(Self::Pcmu),
            _ => None,
        }
    }

    /// Reads one byte as a sample.
    #[must_use]
    pub fn sample(self, byte: u8) -> i16 {
        let tables = &*TABLES;
        let table = if self == Self::Pcma { &tables.from_alaw } else { &tables.from_ulaw };
        table[usize::from(byte)]
    }

    /// Writes one sample as a byte.
    #[must_use]
    pub fn byte(self, sample: i16) -> u8 {
        let tables = &*TABLES;
        let table = if self == Self::Pcma { &tables.alaw } else { &tables.ulaw };
        let place = usize::from(sample.wrapping_sub(i16::MIN) as u16);
        table.get(place).copied().unwrap_or_default()
    }

    /// Gives the byte of silence.
    #[must_use]
    pub fn silence(self) -> u8 {
        self.byte(0)
    }
}

/// Writes a sample by the µ-law (G.711).
const fn ulaw(sample: i16) -> u8 {
    const BIAS: i32 = 0x84;
    let (sign, amount) = if sample < 0 { (0x80_u8, -(sample as i32)) } else { (0, sample as i32) };
    let amount = if amount > 32_635 { 32_635 } else { amount } + BIAS;
    let exponent = 31 - (amount as u32).leading_zeros() - 7;
    let mantissa = (amount >> (exponent + 3)) as u8 & 0x0f;
    !(sign | (exponent as u8) << 4 | mantissa)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// G.711: writing what was read gives the byte back, silence is 0xD5 and 0xFF.
    #[test]
    fn each_byte_comes_back() {
        for law in [Law::Pcma, Law::Pcmu] {
            for byte in 0..=255_u8 {
                let back = law.byte(law.sample(byte));
                assert_eq!(law.sample(back), law.sample(byte), "{law:?} {byte:#x}");
            }
        }
        assert_eq!((Law::Pcma.silence(), Law::Pcmu.silence()), (0xd5, 0xff));
    }
}
