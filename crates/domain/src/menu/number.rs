//! Numbers said by parts: 零 to 九, 十, 百, with what they count.

/// Prompts of the numbers.
pub const PARTS: [&str; 13] = [
    "digit_0", "digit_1", "digit_2", "digit_3", "digit_4", "digit_5", "digit_6", "digit_7", "digit_8",
    "digit_9", "ten", "hundred", "two",
];

/// Every further prompt that announcements are made of.
pub const WORDS: [&str; 8] = [
    "queue_next",
    "queue_ahead",
    "queue_callers",
    "queue_wait",
    "queue_minutes",
    "queue_long",
    "clock_hour",
    "clock_minute",
];

/// The largest number that is said.
pub const MOST: u32 = 999;

const TEN: &str = "ten";
const HUNDRED: &str = "hundred";
/// 两: two of something, where 二 stands alone.
const TWO: &str = "two";

fn digit(value: u32) -> &'static str {
    PARTS.get(value as usize).copied().unwrap_or("digit_9")
}

/// Gives the prompts of a number up to 999: 15 is 十五, 105 一百零五.
///
/// None above [`MOST`].
#[must_use]
pub fn number(value: u32) -> Option<Vec<&'static str>> {
    if value > MOST {
        return None;
    }
    let (hundreds, tens, ones) = (value / 100, value / 10 % 10, value % 10);
    let mut said = Vec::new();
    if hundreds > 0 {
        said.extend([digit(hundreds), HUNDRED]);
    }
    match tens {
        0 if hundreds > 0 && ones > 0 => said.push(digit(0)),
        0 => {}
        // 十五, but 一百一十五
        1 if hundreds == 0 => said.push(TEN),
        _ => said.extend([digit(tens), TEN]),
    }
    if ones > 0 || value == 0 {
        said.push(digit(ones));
    }
    Some(said)
}

/// Gives the prompts of a number of things: two of them are 两.
#[must_use]
pub fn counted(value: u32) -> Option<Vec<&'static str>> {
    if value == 2 { Some(vec![TWO]) } else { number(value) }
}

/// Gives the prompts of digits one by one, such as a telephone number.
#[must_use]
pub fn digits(text: &str) -> Vec<&'static str> {
    text.chars().filter_map(|c| c.to_digit(10)).map(digit).collect()
}

/// Gives the prompts of a time of day: 15:05 is 十五点零五分.
#[must_use]
pub fn clock(seconds: u32) -> Vec<&'static str> {
    let (hour, minute) = (seconds / 3600 % 24, seconds / 60 % 60);
    let mut said = counted(hour).unwrap_or_default();
    said.push("clock_hour");
    if minute > 0 {
        said.extend((minute < 10).then_some(digit(0)));
        said.extend(number(minute).unwrap_or_default());
        said.push("clock_minute");
    }
    said
}

/// Gives the announcement of a place in a queue, with the wait where it is known.
///
/// `ahead` counts the calls before this one: “您前面还有三位，预计等待五分钟”.
/// What is beyond [`MOST`] is said to be long.
#[must_use]
pub fn position(ahead: u32, minutes: Option<u32>) -> Vec<String> {
    let mut said: Vec<&str> = match (ahead, counted(ahead)) {
        (0, _) => vec!["queue_next"],
        (_, Some(number)) => [&["queue_ahead"], &*number, &["queue_callers"]].concat(),
        (_, None) => vec!["queue_long"],
    };
    if let Some(number) = minutes.filter(|minutes| *minutes > 0).and_then(counted) {
        said.push("queue_wait");
        said.extend(number);
        said.push("queue_minutes");
    }
    said.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(parts: &[&str]) -> String {
        let word = |part: &&str| match *part {
            "ten" => '十',
            "hundred" => '百',
            "two" => '两',
            "clock_hour" => '点',
            "clock_minute" => '分',
            digit => "零一二三四五六七八九"
                .chars()
                .nth(digit.strip_prefix("digit_").unwrap().parse::<usize>().unwrap())
                .unwrap(),
        };
        parts.iter().map(word).collect()
    }

    /// Reads 零 to 九百九十九 back.
    fn value(text: &str) -> u32 {
        let (mut sum, mut last) = (0, None);
        for c in text.chars() {
            match c {
                '百' => sum += last.take().unwrap_or(1) * 100,
                '十' => sum += last.take().unwrap_or(1) * 10,
                digit => {
                    let found = "零一二三四五六七八九".chars().position(|known| known == digit).unwrap();
                    last = Some(u32::try_from(found).unwrap());
                }
            }
        }
        sum + last.unwrap_or(0)
    }

    /// CALL-8: numbers are said as people say them.
    #[test]
    fn numbers_are_said_as_people_say_them() {
        for (value, said) in [
            (0, "零"),
            (2, "二"),
            (10, "十"),
            (15, "十五"),
            (20, "二十"),
            (100, "一百"),
            (101, "一百零一"),
            (110, "一百一十"),
            (115, "一百一十五"),
            (999, "九百九十九"),
        ] {
            assert_eq!(text(&number(value).unwrap()), said);
        }
        assert_eq!(text(&counted(2).unwrap()), "两");
        assert_eq!(text(&counted(12).unwrap()), "十二");
        assert_eq!(text(&clock(2 * 3600)), "两点");
        assert_eq!(text(&clock(15 * 3600 + 5 * 60)), "十五点零五分");
        assert_eq!(text(&digits("010-8")), "零一零八");
        assert!(number(1000).is_none());
    }

    /// CALL-8: a caller hears the place in the queue and the wait.
    #[test]
    fn the_place_in_the_queue_is_said() {
        assert_eq!(position(0, None), ["queue_next"]);
        assert_eq!(
            position(2, Some(12)),
            ["queue_ahead", "two", "queue_callers", "queue_wait", "ten", "digit_2", "queue_minutes"]
        );
        assert_eq!(position(5_000, Some(0)), ["queue_long"]);
    }

    proptest! {
        /// CALL-8: what is said is the number.
        #[test]
        fn a_number_is_heard_as_itself(number in 0_u32..=MOST) {
            prop_assert_eq!(value(&text(&super::number(number).unwrap())), number);
        }
    }
}
