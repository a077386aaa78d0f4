//! Table: phrases that are not said; feelings and better sentences in our words.

use super::{Level, Origin, Phrase};

/// Number, variants, feeling, better sentence.
const HANDBOOK: &[(u32, &[&str], &str, &str)] = &[
    // PHRASE-2
    (
        1,
        &[
            "这是公司的规定",
            "这是公司规定",
            "这是我们公司的规定",
            "这是我们公司规定",
            "这是部门的规定",
            "这是部门规定",
            "这是我们部门的规定",
            "这是我们部门规定",
            "这是领导的规定",
            "这是领导规定",
            "这是我们领导规定",
            "我们领导的规定",
        ],
        "规定是你们的，与我何干？谁才是小区的主人？",
        "这样安排是按多数业主的要求定下的；您的意见我会如实向上反映，并请业主委员会考虑。",
    ),
    // PHRASE-3
    (
        2,
        &[
            "我们公司规定的收费标准就是这么多",
            "公司规定的收费标准就是这么多",
            "收费标准就是这么多",
            "收费标准就这么多",
        ],
        "公司的规定就了不起吗？",
        "收费标准经业主委员会同意或按合同约定，并报价格主管部门后执行，谢谢您的理解。",
    ),
    // PHRASE-4
    (
        3,
        &["你叫什么名字", "你叫啥名字", "你叫啥", "你有什么事", "你有啥事"],
        "像在衙门里受审问。",
        "请问怎么称呼您？我能帮您做些什么？",
    ),
    // PHRASE-5
    (
        4,
        &["这你都不知道", "这个你都不知道", "这都不知道", "这个都不知道", "你不了解情况", "你不懂"],
        "我要是都懂，还用得着问你们？",
        "对不起，是我没有说清楚，请让我再解释一遍。",
    ),
    // PHRASE-6: the source cuts the feeling and gives no better sentence; TEL-33 stands in
    (
        5,
        &[
            "这件事情我不清楚",
            "这件事我不清楚",
            "这事我不清楚",
            "这个我不清楚",
            "这件事情我不知道",
            "这件事我不知道",
            "这事我不知道",
            "这个我不知道",
            "请问别人",
            "去问别人",
        ],
        "什么都不知道，我交钱请你们做什么？",
        "这件事我需要核实，请留下您的联系方式，我在约定的时间内给您答复。",
    ),
];

/// PHRASE-9: sentences that hurt.
const HURTFUL: &[&str] = &["你怎么用也不会", "你怎么用都不会", "你懂不懂最基本的技巧", "你懂不懂基本的技巧"];

/// X-17, PROP-37: what promises a result instead of time and process.
const PROMISES: &[&str] = &[
    "保证让您满意",
    "保证您满意",
    "保证满意",
    "一定让您满意",
    "一定会满意",
    "包您满意",
    "保证给您解决",
    "保证解决",
    "一定给您解决",
    "一定解决",
    "一定能解决",
    "肯定解决",
    "肯定能解决",
    "百分之百解决",
    "保证赔",
    "一定赔",
    "肯定赔",
    "保证修好",
    "一定修好",
    "肯定修好",
    "保证给您处理好",
    "一定给您处理好",
    "肯定给您处理好",
    "保证处理好",
    "一定处理好",
    "肯定处理好",
    "保证办好",
    "一定办好",
    "保证退款",
    "一定退款",
    "肯定退款",
    "绝对没有问题",
    "绝对没问题",
    "保证没问题",
    "we guarantee",
    "certainly be satisfied",
    "definitely be satisfied",
    "definitely be solved",
    "will surely be solved",
    "certainly compensate",
    "definitely compensate",
];

/// PHRASE-7: of the handbook's kind, but not its words.
const ALIKE: [&[&str]; 2] = [&["公司规定就是这样", "规定就是这样"], &["不归我管", "这不归我们管"]];

/// What makes polite words of a phrase: what stands before it, and what behind.
///
/// 如果您不懂，我来帮您 and 您有什么事请随时联系 hurt nobody; 不能保证解决 promises nothing.
const POLITE: &[(u32, &[&str], &[&str])] = &[
    (
        3,
        &["如果", "要是", "若", "假如"],
        &["需要", "需我", "要我", "要帮", "请", "随时", "尽管", "可以", "都可以"],
    ),
    (
        4,
        &["如果", "要是", "若", "假如", "万一", "哪里", "哪些", "有什么"],
        &["的话", "的地方", "的请", "的可以"],
    ),
    (1001, &["不能", "无法", "不敢", "没法", "难以", "不"], &[]),
];

/// Says whether the words around a phrase make it another one.
pub(super) fn is_polite(phrase: &Phrase, before: &str, after: &str) -> bool {
    POLITE.iter().filter(|(number, ..)| *number == phrase.number).any(|(_, befores, afters)| {
        befores.iter().any(|word| before.ends_with(word)) || afters.iter().any(|word| after.starts_with(word))
    })
}

fn phrase(number: u32, variants: &[&str], told: (&str, &str), level: Level, origin: Origin) -> Phrase {
    Phrase {
        number,
        variants: variants.iter().map(|variant| (*variant).to_owned()).collect(),
        feeling: told.0.to_owned(),
        better: told.1.to_owned(),
        scene: String::new(),
        level,
        origin,
        is_active: true,
    }
}

/// Gives the handbook's phrases; all of them block (PHRASE-2…6, PHRASE-9).
#[must_use]
pub fn handbook() -> Vec<Phrase> {
    let numbered = HANDBOOK.iter().map(|(number, variants, feeling, better)| {
        phrase(*number, variants, (feeling, better), Level::Block, Origin::Handbook)
    });
    let told = ("被人看低，问题还没解决就先受了气。", "是我没有讲明白，我们一起再看一遍步骤，好吗？");
    numbered.chain([phrase(20, HURTFUL, told, Level::Block, Origin::Handbook)]).collect()
}

/// Gives phrases of our own, never attributed to the handbook (PHRASE-7).
///
/// a promise of the outcome warns. X-49: asking to hear it once more is
/// polite and only gets a softer variant.
#[must_use]
pub fn own() -> Vec<Phrase> {
    let promise = ("话说满了，做不到时失望加倍。", "我会在约定的时间前把处理进展告诉您。");
    let rule = ("又拿规定来压人。", "这样安排有它的道理，我说给您听；您的意见我会如实向上反映。");
    let other = ("像皮球一样被踢来踢去。", "这件事由同事负责，我帮您转过去，并跟到有结果为止。");
    let again = ("", "不好意思，有一处我还不太清楚，能请您再说说经过吗？");
    vec![
        phrase(1001, PROMISES, promise, Level::Warn, Origin::Own),
        phrase(1002, &["请你再详细讲一次"], again, Level::Hint, Origin::Own),
        phrase(1003, ALIKE[0], rule, Level::Warn, Origin::Own),
        phrase(1004, ALIKE[1], other, Level::Warn, Origin::Own),
    ]
}
