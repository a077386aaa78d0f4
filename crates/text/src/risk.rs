//! Words that call for haste or care: each with where it stands.

use crate::fold::{one, simplified};
use aho_corasick::{AhoCorasick, MatchKind};
use serde::Serialize;
use std::ops::Range;
use std::sync::OnceLock;

/// What a word warns of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// Life or property is in danger now.
    Danger,
    /// Somebody may become violent, or was (PROP-42).
    Violence,
    /// Somebody may hurt themselves (PROP-42).
    SelfHarm,
    /// Somebody was hurt or fell ill.
    Injury,
    /// Several act together.
    Group,
    /// It may become public.
    Media,
    /// A court or an authority is called upon.
    Authority,
}

/// A word that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// What it warns of.
    pub risk: Risk,
    /// The word as written.
    pub word: String,
    /// Where it stands, in bytes of the text.
    pub span: Range<usize>,
}

/// The words of each risk.
const WORDS: &[(Risk, &str)] = &[
    (
        Risk::Danger,
        "着火 起火 冒烟 火灾 爆炸 燃气泄漏 煤气泄漏 天然气泄漏 漏气 漏电 触电 困人 被困 困在电梯 电梯坠落 急坠 坍塌 倒塌 \
         要掉下来 快掉下来 溺水 落水 爆管 救命",
    ),
    (
        Risk::Violence,
        "打人 打死 打你 打他 揍 砍 拿刀 持刀 动刀 动手 拼命 同归于尽 杀 弄死 砸了 砸车 砸物业 砸店 烧了 放火 泼油 报复 \
         不客气 要你好看 殴打 被打 打架 威胁 恐吓 堵门 闹事",
    ),
    (Risk::SelfHarm, "跳楼 自杀 轻生 不想活 活不下去 寻死 喝药 割腕 死给你们看"),
    (
        Risk::Injury,
        "受伤 摔伤 摔断 砸伤 烫伤 烧伤 咬伤 夹伤 划伤 撞伤 刮伤 磕伤 扭伤 压伤 电伤 抓伤 骨折 骨裂 流血 出血 住院 急救 送医 昏迷 晕倒 中毒 中暑 过敏 120 救护车",
    ),
    (
        Risk::Group,
        "联名 集体 业主们 众多业主 全体业主 全楼 整栋楼 几十户 上百户 百余户 多户 拉横幅 横幅 静坐 聚集 围堵 维权群 一起维权 共同维权 联合维权 集体维权 抱团 群里 \
         上访 请愿 一起去",
    ),
    (Risk::Media, "媒体 记者 电视台 曝光 上新闻 微博 抖音 发网上 发到网上 发朋友圈 小红书 热搜 报社 直播"),
    (
        Risk::Authority,
        "12345 12315 市长热线 信访 投诉到 举报到 住建局 街道办 纪委 消协 工商 起诉 法院 律师 报警 110 派出所 仲裁",
    ),
];

/// What takes a word back when it stands before it.
const DENIALS: &[&str] = &["没有", "没", "未", "不会", "不想", "不要", "无", "不再", "别"];

/// What may stand between a denial and the word: 没有人受伤, 未造成人员受伤, 不会找媒体.
const BETWEEN: &[&str] =
    &["人员", "人", "造成", "发生", "出现", "任何", "业主", "老人", "孩子", "去", "找", "再"];

struct Words {
    finder: Option<AhoCorasick>,
    risks: Vec<Risk>,
}

fn words() -> &'static Words {
    static FOUND: OnceLock<Words> = OnceLock::new();
    FOUND.get_or_init(|| {
        let (mut words, mut risks) = (Vec::new(), Vec::new());
        for (risk, line) in WORDS {
            for word in line.split_whitespace() {
                words.push(word);
                risks.push(*risk);
            }
        }
        // a fixed list of short words always compiles
        let finder = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words).ok();
        Words { finder, risks }
    })
}

/// Finds the words of a text that call for haste or care (PROP-42).
///
/// A word that is denied, such as 没有受伤 or 没有人受伤, is left out. The finding is a
/// hint for a person, never a decision.
#[must_use]
pub fn warnings(text: &str) -> Vec<Warning> {
    let (folded, places) = aligned(text);
    let words = words();
    let found = words.finder.iter().flat_map(|finder| finder.find_iter(&folded));
    found
        .filter(|found| !is_denied(&folded[..found.start()]))
        .filter(|found| stands_alone(&folded, found.range()))
        .map(|found| {
            let span = places[found.start()]..places[found.end()];
            Warning {
                risk: words.risks[found.pattern().as_usize()],
                word: text[span.clone()].to_owned(),
                span,
            }
        })
        .collect()
}

/// Whether what stands before a word takes it back.
fn is_denied(before: &str) -> bool {
    let mut rest = before;
    for _ in 0..3 {
        if DENIALS.iter().any(|denial| rest.ends_with(denial)) {
            return true;
        }
        let Some(shorter) = BETWEEN.iter().find_map(|word| rest.strip_suffix(word)) else { return false };
        rest = shorter;
    }
    DENIALS.iter().any(|denial| rest.ends_with(denial))
}

/// A number such as 120 counts only when it is not part of a longer one.
fn stands_alone(text: &str, span: Range<usize>) -> bool {
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let word = &text[span.clone()];
    let is_number = word.bytes().all(|b| b.is_ascii_digit());
    !is_number
        || (!is_digit(text[..span.start].chars().next_back()) && !is_digit(text[span.end..].chars().next()))
            && !text[span.end..].starts_with(['元', '平', '号', '室', '块', '万', '户', '米'])
}

/// Folds character by character; for each byte of the result its place in the text.
pub(crate) fn aligned(text: &str) -> (String, Vec<usize>) {
    let mut folded = String::with_capacity(text.len());
    let mut places = Vec::with_capacity(text.len() + 1);
    for (at, c) in text.char_indices() {
        let c = simplified(one(c));
        folded.push(c);
        places.extend(std::iter::repeat_n(at, c.len_utf8()));
    }
    places.push(text.len());
    (folded, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(Risk, &str)> {
        warnings(text).into_iter().map(|warning| (warning.risk, &text[warning.span])).collect()
    }

    /// PROP-42: who may become violent is seen, with the words that say so.
    #[test]
    fn violence_and_haste_are_flagged_with_their_words() {
        let text = "电梯又困人了！再不来修我就砸物业，还要找电视台曝光";
        let risks = [
            (Risk::Danger, "困人"),
            (Risk::Violence, "砸物业"),
            (Risk::Media, "电视台"),
            (Risk::Media, "曝光"),
        ];
        assert_eq!(found(text), risks);
        assert_eq!(found("老人摔伤了，已打１２０"), [(Risk::Injury, "摔伤"), (Risk::Injury, "１２０")]);
        assert_eq!(found("老人受傷，一起維權"), [(Risk::Injury, "受傷"), (Risk::Group, "一起維權")]);
        assert_eq!(
            found("几十户业主联名要去信访"),
            [(Risk::Group, "几十户"), (Risk::Group, "联名"), (Risk::Authority, "信访")]
        );
    }

    #[test]
    fn a_denied_word_and_a_number_of_another_thing_are_none() {
        assert_eq!(found("幸好没有受伤"), []);
        for denied in ["没有人受伤", "无人受伤", "未造成人员受伤", "我不会找媒体", "没有发生火灾"]
        {
            assert_eq!(found(denied), [], "{denied}");
        }
        // what only stands near a denial is not denied
        assert_eq!(found("无故打人"), [(Risk::Violence, "打人")]);
        assert_eq!(found("没人管，孩子受伤"), [(Risk::Injury, "受伤")]);
        assert_eq!(found("我家120平，物业费1120元，住1103室"), []);
        assert_eq!(found("谢谢保洁阿姨"), []);
    }
}
