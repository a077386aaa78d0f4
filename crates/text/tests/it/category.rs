//! Learning, answering, explaining, and the file between.

use huiyin_text::category::{
    Answer, Example, LEAST, Message, Model, ModelError, TrainError, VERSION, measure, split, train,
};

const MATTERS: [(&str, [&str; 4]); 3] = [
    ("噪音", ["半夜施工太吵", "楼上跳绳扰民", "音响声音很大睡不着", "装修电钻声不停"]),
    ("停水", ["家里停水两天", "水压太低洗不了澡", "水管漏水没人修", "自来水发黄有异味"]),
    ("停车", ["车位被外来车占了", "停车费乱涨价", "道闸坏了车出不去", "地库没有车位可租"]),
];
const HOMES: [&str; 6] = ["3期5栋", "北苑12栋", "南区会所", "2期1栋2单元", "东门岗亭", "西苑7栋"];

fn message(title: &str, text: &str) -> Message {
    Message { title: title.to_owned(), text: text.to_owned() }
}

/// Fictional messages: each matter at each home in each wording.
pub fn examples() -> Vec<Example> {
    let mut examples = Vec::new();
    for (label, wordings) in MATTERS {
        for home in HOMES {
            for (turn, wording) in wordings.iter().enumerate() {
                let asked = ["请物业尽快处理", "已经报过两次", "希望给个答复"][turn % 3];
                let message =
                    message(&format!("{home}{wording}"), &format!("我住{home}，{wording}，{asked}。"));
                examples.push(Example { message, label: label.to_owned() });
            }
        }
    }
    examples
}

fn model() -> Model {
    train(&examples()).expect("there is enough to learn from")
}

#[test]
fn what_was_learned_is_found_in_other_words_with_the_words_that_decided() {
    let model = model();
    let asked = message("楼下电钻太吵", "1期9栋装修，电钻声从早上开始，太吵了，请处理");
    let answer = model.classify(&asked);
    assert_eq!(answer.label, "噪音", "{answer:?}");
    assert!(answer.score > answer.second_score && answer.score <= 1.0, "{answer:?}");
    assert_ne!(answer.second_label, answer.label);
    let reasons = model.explain(&asked);
    assert!(reasons.iter().any(|reason| reason.word.contains("电钻")), "{reasons:?}");
    assert!(reasons.is_sorted_by(|a, b| a.weight >= b.weight), "{reasons:?}");
    assert!(reasons.iter().map(|reason| reason.weight).sum::<f32>() <= 1.001, "{reasons:?}");
}

#[test]
fn learning_twice_gives_the_same_file_and_reading_it_the_same_answers() {
    let (one, two) = (model(), model());
    let bytes = one.to_bytes().expect("it can be written");
    assert_eq!(bytes, two.to_bytes().expect("it can be written"));
    let read = Model::from_bytes(&bytes).expect("it can be read");
    assert_eq!(read.labels(), ["停水", "停车", "噪音"]);
    assert_eq!(read.learned_from(), 72);
    for example in examples() {
        assert_eq!(read.classify(&example.message), one.classify(&example.message));
        assert_eq!(read.classify(&example.message).label, example.label);
    }
}

#[test]
fn a_cut_changed_or_foreign_file_is_refused_by_its_reason() {
    let bytes = model().to_bytes().expect("it can be written");
    for length in (0..bytes.len()).step_by(97).chain([7, 8, 11, 12, 19, 20, 51, 52, bytes.len() - 1]) {
        let error = Model::from_bytes(&bytes[..length]).expect_err("it is cut");
        let expected = if length < 8 {
            matches!(error, ModelError::NotAModel)
        } else {
            matches!(error, ModelError::Length { .. })
        };
        assert!(expected, "{length}: {error}");
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert!(matches!(Model::from_bytes(&longer), Err(ModelError::Length { .. })));
    let mut other = bytes.clone();
    other[8] = other[8].wrapping_add(1);
    assert_eq!(Model::from_bytes(&other).expect_err("version"), ModelError::Version(VERSION + 1));
    for at in [20, 52, 60, bytes.len() / 2, bytes.len() - 1] {
        let mut damaged = bytes.clone();
        damaged[at] ^= 4;
        assert_eq!(Model::from_bytes(&damaged).expect_err("damage"), ModelError::Damaged, "{at}");
    }
    assert_eq!(Model::from_bytes(b"PK\x03\x04 something else").expect_err("mark"), ModelError::NotAModel);
}

#[test]
fn too_little_to_learn_from_is_refused() {
    assert_eq!(train(&[]).expect_err("nothing"), TrainError::Empty);
    let all = examples();
    let one: Vec<Example> = all.iter().take(20).cloned().collect();
    assert_eq!(train(&one).expect_err("one label"), TrainError::OneLabel("噪音".to_owned()));
    let mut rare = all;
    rare.push(Example { message: message("", "表扬"), label: "表扬".to_owned() });
    assert_eq!(train(&rare).expect_err("rare"), TrainError::Rare { label: "表扬".to_owned(), count: 1 });
    let blank = |label: &str| Example { message: message("", "。"), label: label.to_owned() };
    let blanks: Vec<Example> = (0..2 * LEAST).map(|at| blank(["a", "b"][at % 2])).collect();
    assert_eq!(train(&blanks).expect_err("no word"), TrainError::Empty);
}

#[test]
fn copies_of_a_text_stay_on_one_side_of_a_split() {
    let mut all = examples();
    let long = "三期五栋二单元的电梯从上周一开始每天停运两次，老人上不了楼，物业一直没有来修理";
    for end in ["，请处理", "，谢谢", "！！"] {
        all.push(Example { message: message("", &format!("{long}{end}")), label: "停水".to_owned() });
    }
    let parts = split(&all, 4);
    assert_eq!(parts[72..], [parts[72]; 3]);
    for part in 0..4 {
        assert!(parts.contains(&part), "{parts:?}");
    }
}

#[test]
fn the_measures_are_those_of_their_names() {
    let answer = |label: &str, score: f32, second: &str| Answer {
        label: label.to_owned(),
        score,
        second_label: second.to_owned(),
        second_score: 1.0 - score,
    };
    let answers = [
        answer("a", 0.9, "b"),
        answer("a", 0.8, "b"),
        answer("b", 0.7, "a"),
        answer("b", 0.6, "c"),
        answer("a", 0.5, "c"),
    ];
    let truths = ["a", "a", "b", "a", "b"].map(str::to_owned);
    let measured = measure(&answers, &truths);
    assert!((measured.accuracy - 0.6).abs() < 1e-9);
    assert!((measured.top_two - 0.6).abs() < 1e-9, "the last two have the truth in neither place");
    assert!((measured.surest - 0.75).abs() < 1e-9);
    assert!((measured.macro_f1 - (2.0 / 3.0 + 0.5) / 2.0).abs() < 1e-9);
}
