//! What is measured of the search index, without database and HTTP: how fast it is
//! made, and how fast it answers.

use super::Scale;
use super::client::alone;
use super::report::{Figure, Report};
use anyhow::{Context as _, ensure};
use huiyin_app::search::Search;
use huiyin_domain::ids::{OrgId, PersonId, UnitId};
use huiyin_domain::search::{Document, Facet, Finder, Key, Mark, Order, Question, Subject};
use huiyin_domain::time::Timestamp;
use huiyin_search::Index;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use uuid::Uuid;

/// Documents laid in at a time.
const AT_ONCE: u64 = 1_000;

/// Clients of the second measurement.
const CLIENTS: usize = 8;

const PLACES: [&str; 20] = [
    "晴园",
    "松风里",
    "望江",
    "梧桐苑",
    "海棠湾",
    "云溪",
    "紫荆",
    "翠微",
    "澄湖",
    "银杏",
    "南屏",
    "秋水",
    "玉兰",
    "枫桥",
    "兰亭",
    "锦绣",
    "阳光",
    "碧波",
    "金桂",
    "青禾",
];
const THINGS: [&str; 24] = [
    "电梯",
    "水管",
    "暖气",
    "门禁",
    "停车位",
    "消防通道",
    "路灯",
    "下水道",
    "屋顶",
    "外墙",
    "垃圾桶",
    "绿化带",
    "健身器材",
    "快递柜",
    "监控",
    "单元门",
    "地下车库",
    "水泵房",
    "对讲机",
    "楼道灯",
    "排烟管",
    "化粪池",
    "充电桩",
    "儿童乐园",
];
const FAULTS: [&str; 20] = [
    "坏了三天没有人修",
    "漏水淹到了楼下",
    "夜里一直响影响休息",
    "被私家车长期占用",
    "上周报修至今没有回音",
    "有很重的异味",
    "突然停运把人困在里面",
    "收费和公示的不一样",
    "的维修通知没有贴出来",
    "温度一直不达标",
    "经常断电",
    "的开关失灵",
    "的钥匙丢失后没有更换",
    "周围堆满装修垃圾",
    "存在安全隐患",
    "的保安态度很差",
    "没有按约定时间检修",
    "的费用重复收取",
    "的噪声超过了规定",
    "第二次出现同样的故障",
];
const WISHES: [&str; 16] = [
    "请尽快派人到现场处理并回电话",
    "希望物业给一个明确的答复",
    "要求退还多收的物业费",
    "请说明下一步怎么办",
    "已经打过五次电话都没有结果",
    "家里有老人和孩子非常不方便",
    "如果再不解决就向街道反映",
    "请公示维修资金的用途",
    "希望当面沟通一次",
    "请安排专人跟进",
    "要求书面回复",
    "请核实后更正账单",
    "希望增加夜间巡查",
    "请尽快恢复正常使用",
    "要求赔偿被泡坏的地板",
    "感谢前台的耐心解释",
];
const SURNAMES: [&str; 12] = ["张", "王", "李", "赵", "陈", "杨", "周", "吴", "徐", "孙", "胡", "朱"];
const GIVEN: [&str; 16] = [
    "小雨", "建国", "丽", "志强", "秀英", "海燕", "明", "文博", "桂兰", "晓东", "思远", "雪", "一凡", "佳",
    "国庆", "雅琴",
];

/// What is asked: of each some words with how common they are.
const ASKED: [(&str, &[&str]); 3] = [
    ("search, 1 word", &["电梯", "物业费", "化粪池", "儿童乐园", "松风里", "安全隐患", "维修资金"]),
    ("search, 2 words", &["电梯 异味", "水管 地板", "路灯 街道", "门禁 夜间巡查", "水管漏水", "电梯停运"]),
    ("search, 3 words", &["电梯 困在里面 回电话", "停车位 占用 街道", "暖气 温度 老人", "地下车库漏水赔偿"]),
];

const QUOTED: [&str; 2] = ["\"电梯坏了三天\"", "\"要求退还多收的物业费\""];

/// Chance that is the same each time.
struct Dice(u64);

impl Dice {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or_default() % below.max(1)
    }

    fn of<'a>(&mut self, some: &[&'a str]) -> &'a str {
        // the first ones are met more often, as words are
        let skewed = self.next(some.len()).min(self.next(some.len()));
        some[skewed]
    }
}

/// Invents what customers say.
pub struct Words(Dice);

impl Words {
    /// Begins with a seed; each gives other words.
    pub const fn new(seed: u64) -> Self {
        Self(Dice(0x9e37_79b9_7f4a_7c15 ^ seed))
    }

    /// Invents a message.
    pub fn message(&mut self) -> String {
        let (estate, house, door) = address(&mut self.0);
        message(&mut self.0, (estate, house, door))
    }
}

fn address(dice: &mut Dice) -> (&'static str, usize, usize) {
    (dice.of(&PLACES), dice.next(40) + 1, dice.next(30) * 100 + dice.next(8) + 101)
}

/// About 100 characters of complaint.
fn message(dice: &mut Dice, (estate, house, door): (&str, usize, usize)) -> String {
    let mut text = format!("我是{estate}{house}栋{door}的住户，");
    for _ in 0..3 {
        let (thing, fault, wish) = (dice.of(&THINGS), dice.of(&FAULTS), dice.of(&WISHES));
        text.push_str(&format!("{thing}{fault}，{wish}。"));
    }
    text.push_str(&format!("工单尾号{}。", dice.next(1_000_000)));
    text
}

/// Makes a case, about 120 characters of it.
fn document(dice: &mut Dice, place: u64) -> Document {
    let (estate, house, door) = address(dice);
    let thing = dice.of(&THINGS);
    let title = format!("{estate}{house}栋{thing}{}", dice.of(&FAULTS));
    let text = message(dice, (estate, house, door));
    let unit = UnitId(Uuid::from_u128(dice.next(200) as u128));
    let owner = PersonId(Uuid::from_u128(dice.next(500) as u128));
    let stage = ["received", "investigating", "executing", "closed"][dice.next(4)];
    let at = Timestamp::from_micros(i64::try_from(place).unwrap_or_default() * 60_000_000);
    Document {
        key: Key { org: OrgId(1), subject: Subject::Case, id: Uuid::from_u128(u128::from(place) + 1) },
        at,
        due: None,
        changed: at,
        texts: vec![title, text],
        names: vec![format!("{}{}", dice.of(&SURNAMES), dice.of(&GIVEN))],
        addresses: vec![format!("{house}栋 {door}")],
        numbers: vec![format!("TS-20260101-{place:07}")],
        unit: Some(unit),
        own: vec![owner],
        parties: Vec::new(),
        facets: vec![(Facet::Stage, stage.to_owned()), (Facet::Owner, owner.to_string())],
    }
}

/// Makes an index of so many cases and asks it.
///
/// # Errors
/// When the folder cannot be written, or something is not found.
pub fn measured(folder: &Path, scale: &Scale, report: &mut Report) -> anyhow::Result<()> {
    let folder = folder.join("index-bench");
    let index = Arc::new(Index::at(&folder));
    report.add(made(index.as_ref(), scale.cases)?);
    let standing = index.standing();
    super::say(format_args!(
        "index of {} cases: {} MiB in {} parts",
        standing.documents,
        standing.bytes >> 20,
        standing.segments
    ))?;
    let search = Search::default().with(Arc::<Index>::clone(&index));
    let length = Duration::from_secs(scale.seconds);
    for clients in [1, CLIENTS] {
        for (name, words) in ASKED {
            report.add(asked(&search, (name, clients), length, move |turn| question(words, turn))?);
        }
        report.add(asked(&search, ("search, newest of a common word", clients), length, |_| Question {
            order: Order::Newest,
            limit: 20,
            ..Question::new(OrgId(1), Subject::Case, "电梯")
        })?);
        report.add(asked(&search, ("search, quoted", clients), length, |turn| question(&QUOTED, turn))?);
    }
    drop((search, index));
    std::fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))
}

fn question(words: &[&str], turn: usize) -> Question {
    Question { limit: 20, ..Question::new(OrgId(1), Subject::Case, words[turn % words.len()]) }
}

fn made(index: &Index, cases: u64) -> anyhow::Result<Figure> {
    let mut figure = Figure::new("index a case", 1);
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    index.begin()?;
    let (mut laid, mut busy) = (0, Duration::ZERO);
    while laid < cases {
        let some = AT_ONCE.min(cases - laid);
        let documents: Vec<Document> = (laid..laid + some).map(|place| document(&mut dice, place)).collect();
        let began = Instant::now();
        index.lay(documents)?;
        let took = began.elapsed();
        busy += took;
        (0..some).for_each(|_| figure.took(took / u32::try_from(some).unwrap_or(1)));
        laid += some;
    }
    let began = Instant::now();
    index.finish(&Mark { epoch: "bench".to_owned(), horizon: 1 })?;
    figure.ended(busy + began.elapsed());
    ensure!(index.standing().documents == cases, "the index does not hold what was laid into it");
    Ok(figure)
}

/// Asks as the product does: a few searches at a time, others wait for their turn.
fn asked(
    search: &Search,
    (name, clients): (&'static str, usize),
    length: Duration,
    make: impl Fn(usize) -> Question + Copy + Send + 'static,
) -> anyhow::Result<Figure> {
    let mut whole = Figure::new(name, clients);
    let began = alone(async {
        // the first touch of a page is the disk's, not the index's
        for turn in 0..16 {
            search.find(make(turn)).await?;
        }
        let began = Instant::now();
        let mut asking = JoinSet::new();
        for client in 0..clients {
            let search = search.clone();
            let next = move |turn: usize| make(client + turn);
            asking.spawn(async move { one(&search, Figure::new(name, 1), began + length, next).await });
        }
        while let Some(ended) = asking.join_next().await {
            whole.join(&ended??)?;
        }
        Ok(began)
    })?;
    whole.ended(began.elapsed());
    Ok(whole)
}

/// Asks one question after the other until the end.
async fn one(
    search: &Search,
    mut figure: Figure,
    end: Instant,
    next: impl Fn(usize) -> Question,
) -> anyhow::Result<Figure> {
    let mut turn = 0;
    while Instant::now() < end {
        let question = next(turn);
        let words = question.words.clone();
        let before = Instant::now();
        let found = search.find(question).await?;
        figure.took(before.elapsed());
        ensure!(!found.ids.is_empty(), "{words} finds nothing");
        turn += 1;
    }
    Ok(figure)
}
