//! What a password and a PIN must be, and how fast they may be tried.

/// Fewest characters of a password.
pub const SHORTEST_PASSWORD: usize = 10;

/// Most characters of a password; a longer one only costs time.
pub const LONGEST_PASSWORD: usize = 128;

/// Digits of a PIN.
pub const PIN_DIGITS: usize = 6;

/// Why a password or PIN is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Fewer than [`SHORTEST_PASSWORD`] characters.
    #[error("password is too short")]
    TooShort,
    /// More than [`LONGEST_PASSWORD`] characters.
    #[error("password is too long")]
    TooLong,
    /// The login, or little more than it.
    #[error("password is too much like the login")]
    LikeLogin,
    /// Among those that everybody tries first.
    #[error("password is among the most common ones")]
    Common,
    /// A PIN that is not six digits.
    #[error("pin must be six digits")]
    PinShape,
    /// A PIN that everybody tries first.
    #[error("pin is too easy to guess")]
    PinCommon,
}

impl PasswordFault {
    /// Gives the code on the wire, snake case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooShort => "password_too_short",
            Self::TooLong => "password_too_long",
            Self::LikeLogin => "password_like_login",
            Self::Common => "password_common",
            Self::PinShape => "pin_shape",
            Self::PinCommon => "pin_common",
        }
    }
}

/// Stems that common passwords are made of, lower case.
const COMMON: [&str; 30] = [
    "password",
    "passw0rd",
    "admin",
    "administrator",
    "root",
    "welcome",
    "qwerty",
    "qwertyuiop",
    "asdfgh",
    "asdfghjkl",
    "zxcvbn",
    "zxcvbnm",
    "1qaz2wsx",
    "qazwsx",
    "iloveyou",
    "woaini",
    "letmein",
    "monkey",
    "dragon",
    "test",
    "demo",
    "changeme",
    "secret",
    "huiyin",
    "mima",
    "abc",
    "aa",
    "a",
    "computer",
    "internet",
];

/// Checks a new password.
///
/// # Errors
/// The first [`PasswordFault`] found.
pub fn check_password(login: &str, password: &str) -> Result<(), PasswordFault> {
    let length = password.chars().count();
    if length < SHORTEST_PASSWORD {
        return Err(PasswordFault::TooShort);
    }
    if length > LONGEST_PASSWORD {
        return Err(PasswordFault::TooLong);
    }
    let lower = password.to_lowercase();
    let login = login.to_lowercase();
    if !login.is_empty() && lower.contains(&login) && trimmed(&lower.replace(&login, "")).is_empty() {
        return Err(PasswordFault::LikeLogin);
    }
    if is_run(&lower) || COMMON.iter().any(|stem| trimmed(&lower.replace(stem, "")).is_empty()) {
        return Err(PasswordFault::Common);
    }
    Ok(())
}

/// Takes away the digits and signs that people add to a common word.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_ascii_digit() || c.is_ascii_punctuation())
}

/// Checks a new PIN: six digits, neither all alike nor a plain run.
///
/// # Errors
/// [`PasswordFault::PinShape`] or [`PasswordFault::PinCommon`].
pub fn check_pin(pin: &str) -> Result<(), PasswordFault> {
    if pin.len() != PIN_DIGITS || !pin.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(PasswordFault::PinShape);
    }
    if is_run(pin) { Err(PasswordFault::PinCommon) } else { Ok(()) }
}

/// Says whether the text is a run.
///
/// Every character follows the one before by the same step of -1, 0 or 1.
fn is_run(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    (-1..=1).any(|step| codes.windows(2).all(|pair| pair[1] - pair[0] == step))
}

/// How many failures are free and how the wait grows after them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// Failures without a wait.
    pub free: u32,
    /// The first wait, seconds; each further failure doubles it.
    pub first: u32,
    /// The longest wait, seconds.
    pub longest: u32,
}

/// Waits for one login: five failures free, then 30 s up to 15 min.
pub const LOGIN_BACKOFF: Backoff = Backoff { free: 5, first: 30, longest: 900 };

/// Waits for one source: a whole office may sit behind it.
pub const SOURCE_BACKOFF: Backoff = Backoff { free: 30, first: 30, longest: 900 };

impl Backoff {
    /// Gives the wait in seconds after so many failures in a row.
    #[must_use]
    pub fn wait(&self, failures: u32) -> u32 {
        match failures.checked_sub(self.free) {
            None | Some(0) => 0,
            Some(over) => {
                let doubled = 1_u32.checked_shl(over - 1).unwrap_or(u32::MAX);
                self.first.saturating_mul(doubled).min(self.longest)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// stack §1 password
    #[test]
    fn weak_passwords_are_refused_with_their_reason() {
        for (password, fault) in [
            ("short", PasswordFault::TooShort),
            ("lihua2026!!", PasswordFault::LikeLogin),
            ("LiHuaLiHua", PasswordFault::LikeLogin),
            ("password123!", PasswordFault::Common),
            ("1234567890", PasswordFault::Common),
            ("3141592653589", PasswordFault::Common),
            ("aaaaaaaaaaaa", PasswordFault::Common),
            ("abcdefghijkl", PasswordFault::Common),
        ] {
            assert_eq!(check_password("lihua", password), Err(fault), "{password}");
        }
        assert_eq!(check_password("lihua", &"长".repeat(129)), Err(PasswordFault::TooLong));
        assert_eq!(check_password("lihua", "four small windy boats"), Ok(()));
        assert_eq!(check_password("", "四只小船在风里慢慢走"), Ok(()));
        assert_eq!(check_password("li", "tidy-lilac-42"), Ok(()));
    }

    /// stack §1 password
    #[test]
    fn a_pin_is_six_digits_that_nobody_tries_first() {
        assert_eq!(check_pin("12345"), Err(PasswordFault::PinShape));
        assert_eq!(check_pin("12345a"), Err(PasswordFault::PinShape));
        assert_eq!(check_pin("123456"), Err(PasswordFault::PinCommon));
        assert_eq!(check_pin("987654"), Err(PasswordFault::PinCommon));
        assert_eq!(check_pin("000000"), Err(PasswordFault::PinCommon));
        assert_eq!(check_pin("482913"), Ok(()));
    }

    /// stack §1 password
    #[test]
    fn the_wait_doubles_up_to_its_limit() {
        let waits: Vec<u32> = (0..13).map(|n| LOGIN_BACKOFF.wait(n)).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900]);
        assert_eq!(LOGIN_BACKOFF.wait(u32::MAX), 900);
    }
}
