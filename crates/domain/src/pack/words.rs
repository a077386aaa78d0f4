//! The catalogue of gates in an author's words: the one table of them.
//!
//! Reading, writing, explaining and the docs all go through [`catalogue`].

use super::model::GateRule;
use super::vocabulary::{Vocabulary, spoken};
use crate::case::{
    ApprovalOf, Channel, Duty, ExemptionReason, Flag, Gate, PromiseKind, Relation, ReplyKind, Validity,
    VisitResult, WordMeaning,
};
use crate::people::Post;

/// What stands behind a word, and the gate that the two make.
#[derive(Clone, Copy, Debug)]
pub(super) enum Takes {
    Nothing(fn() -> Gate),
    Fields(fn(Vec<String>) -> Gate),
    Form(fn(String) -> Gate),
    Flag(fn(Flag) -> Gate),
    Promise(fn(PromiseKind) -> Gate),
    Post(fn(Post) -> Gate),
    Count(fn(u32) -> Gate),
    Days(fn(u32) -> Gate),
    Approval(fn(ApprovalOf) -> Gate),
    Visit(fn(VisitResult) -> Gate),
    Reasons(fn(Vec<ExemptionReason>) -> Gate),
    Reply(fn(ReplyKind) -> Gate),
    Meaning(fn(WordMeaning) -> Gate),
    Relation(fn(Relation) -> Gate),
    Duties(fn(Duty, Duty) -> Gate),
    Validity(fn(Validity) -> Gate),
    Channels(fn(Vec<Channel>) -> Gate),
}

/// One word of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// As authors write it.
    pub word: &'static str,
    /// When the gate is open, in Chinese.
    pub zh: &'static str,
    /// When the gate is open, in English.
    pub en: &'static str,
    pub(super) takes: Takes,
}

macro_rules! table {
    ($($word:literal $takes:ident($make:expr) $zh:literal $en:literal;)+) => {
        const CATALOGUE: &[Word] =
            &[$(Word { word: $word, takes: Takes::$takes($make), zh: $zh, en: $en }),+];
    };
}

table! {
    "owner set" Nothing(|| Gate::OwnerSet) "有首问责任人" "somebody owns the case";
    "handler set" Nothing(|| Gate::HandlerSet) "承办人已接单" "somebody accepted the work";
    "settled at once" Nothing(|| Gate::Flag(Flag::SettledAtOnce)) "已当场办结" "settled while the customer was there";
    "satisfaction confirmed" Nothing(|| Gate::Flag(Flag::SatisfiedOnTheSpot)) "客户当场确认满意" "the customer said on the spot that he is satisfied";
    "emergency" Nothing(|| Gate::Flag(Flag::Emergency)) "标记为紧急" "marked as an emergency";
    "no usable contact" Nothing(|| Gate::Flag(Flag::NoUsableContact)) "无有效联系方式" "there is no usable contact";
    "wide impact" Nothing(|| Gate::Flag(Flag::WideImpact)) "影响面广" "it reaches many";
    "anonymous" Nothing(|| Gate::Flag(Flag::Anonymous)) "客户匿名" "the customer chose to give no name";
    "prescribed limit" Nothing(|| Gate::PrescribedLimit) "书面来件按规定时限答复" "it came in writing and a prescribed reply limit runs";
    "availability confirmed" Nothing(|| Gate::Availability) "上门人员已确认时段" "the one who will come confirmed a slot";
    "finding" Nothing(|| Gate::Finding) "已记录调查结果" "the finding is recorded";
    "opinion" Nothing(|| Gate::Opinion) "已记录处理意见" "an opinion is recorded";
    "basis stated" Nothing(|| Gate::Basis) "已说明依据" "the basis is stated";
    "option accepted" Nothing(|| Gate::OptionAccepted) "客户已接受一个方案（非暂时同意）" "the customer accepted an option, not merely provisionally";
    "decided" Nothing(|| Gate::Decided) "已有审批结论或集团方案" "the last approval was decided, or the group solved it";
    "agreement signed" Nothing(|| Gate::AgreementSigned) "客户接受的方案已签处理协议且未改动" "the accepted option is on paper, signed and unchanged";
    "corrective action" Nothing(|| Gate::CorrectiveAgreed) "已商定纠正措施、责任人和日期" "a corrective action is agreed, with owner and date";
    "remedy chosen" Nothing(|| Gate::RemedyChosen) "本轮已从清单选定补救办法" "a remedy of the list was chosen in this round";
    "remedies given" Nothing(|| Gate::RemediesGiven) "选定的补救均已兑付或取消" "what was proposed was given or called off";
    "major judged" Nothing(|| Gate::MajorJudged) "不是重大投诉，或已确认、已降级" "not major, or confirmed or lowered";
    "major confirmed" Nothing(|| Gate::MajorConfirmed) "已确认为重大投诉（只用于 when）" "confirmed as major (only behind when)";
    "tasks done" Nothing(|| Gate::TasksDone) "没有未完成的必办任务" "no blocking task is open";
    "measures kept" Nothing(|| Gate::MeasuresKept) "承诺的措施均已兑现或经同意撤回" "every promised measure was kept or taken back";
    "handling record" Nothing(|| Gate::HandlingRecord) "超过一个工作日的已填处理记录表" "past one working day the handling record is filed or waived";
    "verified" Nothing(|| Gate::Verified) "执行结束后验证合格" "checked and in order since the work ended";
    "not in order" Nothing(|| Gate::NotInOrder) "执行结束后验证不合格" "checked and not in order since the work ended";
    "group visit" Nothing(|| Gate::GroupVisit) "集团应做的回访已完成" "the group has made its visit, where it must";
    "request in writing" Nothing(|| Gate::WrittenRequest) "对方已书面提出" "the other side has asked in writing";
    "fields" Fields(Gate::Fields) "所列字段均已填写（匿名或业户纠纷类不强求）" "each field is set, where one may insist";
    "form" Form(Gate::Form) "表单已填报或免填" "the form is filed or waived";
    "flag" Flag(Gate::Flag) "已作此标记" "the flag is set";
    "promise" Promise(Gate::Promise) "已向客户作出此类承诺" "a promise of the kind was made and not taken back";
    "notified" Post(Gate::Notified) "已通知该岗位" "the post was told";
    "options" Count(Gate::Options) "本轮至少提出这么多方案" "at least so many options were offered in this round";
    "approved" Approval(Gate::Approved) "此内容已获批准且未改动" "the content was granted and has not changed since";
    "approved where asked" Approval(Gate::ApprovedWhereAsked) "须审批的内容已获批准且未改动" "as approved, where the pack names somebody who decides it";
    "visit" Visit(Gate::Visit) "最近一次回访的结果如此" "the last visit came out like this";
    "exemption" Reasons(Gate::Exemption) "已记录免回访原因" "an exemption for one of the reasons is recorded";
    "any exemption" Nothing(|| Gate::Exemption(Vec::new())) "已记录任一免回访原因" "an exemption for any reason is recorded";
    "no repeat" Days(Gate::NoRepeat) "这么多天内无重复投诉" "so many days passed without a linked repeat";
    "notice" Reply(Gate::Notice) "客户已得到此类答复" "the customer got an answer of the kind";
    "customer word" Meaning(Gate::CustomerWord) "客户对整件事已这样表示" "the customer said so about the whole matter";
    "linked" Relation(Gate::Linked) "已建立此类关联" "a relation of the kind is linked";
    "validity" Validity(Gate::Validity) "投诉已作此判定" "the complaint was found so";
    "liability" Nothing(|| Gate::LiabilityGraded) "责任已划分" "the liability is graded";
    "responsibility" Nothing(|| Gate::ResponsibleNamed) "责任部门或责任人已落实" "it is named who answers for it";
    "explanation given" Nothing(|| Gate::ExplanationGiven) "判定不成立后已向客户解释" "found not established, the customer was told why";
    "facts confirmed" Nothing(|| Gate::FactsConfirmed) "客户已确认事实" "the customer confirmed our account of the facts";
    "summary" Nothing(|| Gate::Summary) "已总结评价" "the case is summed up";
    "form taken" Form(Gate::FormTaken) "表单已移交且对方已接收" "the form was handed over and taken";
    "channel" Channels(Gate::Channel) "由所列渠道来件（只用于 when）" "it came by one of these ways (only behind when)";
    "written reply" Nothing(|| Gate::WrittenReply) "最终答复已书面发出并留有凭据" "the final answer went out in writing, with proof";
    "done by" Post(Gate::DoneBy) "由此岗位的人办理" "whoever does it holds the post";
    "different" Duties(Gate::Different) "两项职责从未由同一人担任" "nobody did both in the whole history of the case";
}

/// Lists every word that a gate can be written with.
#[must_use]
pub fn catalogue() -> &'static [Word] {
    CATALOGUE
}

impl Word {
    /// Says what may stand behind the word; empty where nothing does.
    #[must_use]
    pub fn takes(&self) -> String {
        match self.takes {
            Takes::Nothing(_) => String::new(),
            Takes::Fields(_) => "[field, …]".to_owned(),
            Takes::Form(_) => "form".to_owned(),
            Takes::Flag(_) => listed::<Flag>(),
            Takes::Promise(_) => listed::<PromiseKind>(),
            Takes::Post(_) => listed::<Post>(),
            Takes::Count(_) => "1…20".to_owned(),
            Takes::Days(_) => "\"7 days\"".to_owned(),
            Takes::Approval(_) => listed::<ApprovalOf>(),
            Takes::Visit(_) => listed::<VisitResult>(),
            Takes::Reasons(_) => format!("[{}, …]", listed::<ExemptionReason>()),
            Takes::Reply(_) => listed::<ReplyKind>(),
            Takes::Meaning(_) => listed::<WordMeaning>(),
            Takes::Relation(_) => listed::<Relation>(),
            Takes::Validity(_) => listed::<Validity>(),
            Takes::Channels(_) => format!("[{}, …]", listed::<Channel>()),
            Takes::Duties(_) => format!("[duty, duty] of {}", listed::<Duty>()),
        }
    }

    /// Tells whether the word stands alone.
    #[must_use]
    pub const fn stands_alone(&self) -> bool {
        matches!(self.takes, Takes::Nothing(_))
    }
}

fn listed<T: Vocabulary>() -> String {
    T::words().iter().map(|(word, _)| spoken(word)).collect::<Vec<_>>().join(" | ")
}

fn all<'a>(words: impl Iterator<Item = &'a str>) -> Vec<String> {
    words.map(spoken).collect()
}

impl Gate {
    /// Gives the word of the catalogue and what stands behind it.
    #[must_use]
    pub fn written(&self) -> (&'static str, Vec<String>) {
        let one = |word: &str| vec![spoken(word)];
        match self {
            Self::Fields(names) => ("fields", names.clone()),
            Self::OwnerSet => ("owner set", Vec::new()),
            Self::HandlerSet => ("handler set", Vec::new()),
            Self::Flag(Flag::SettledAtOnce) => ("settled at once", Vec::new()),
            Self::Flag(Flag::SatisfiedOnTheSpot) => ("satisfaction confirmed", Vec::new()),
            Self::Flag(Flag::Emergency) => ("emergency", Vec::new()),
            Self::Flag(Flag::NoUsableContact) => ("no usable contact", Vec::new()),
            Self::Flag(Flag::WideImpact) => ("wide impact", Vec::new()),
            Self::Flag(Flag::Anonymous) => ("anonymous", Vec::new()),
            Self::Flag(flag) => ("flag", one(flag.as_str())),
            Self::Promise(kind) => ("promise", one(kind.as_str())),
            Self::PrescribedLimit => ("prescribed limit", Vec::new()),
            Self::Availability => ("availability confirmed", Vec::new()),
            Self::Notified(post) => ("notified", one(post.name())),
            Self::Finding => ("finding", Vec::new()),
            Self::Opinion => ("opinion", Vec::new()),
            Self::Basis => ("basis stated", Vec::new()),
            Self::Options(least) => ("options", vec![least.to_string()]),
            Self::OptionAccepted => ("option accepted", Vec::new()),
            Self::Approved(of) => ("approved", one(of.as_str())),
            Self::ApprovedWhereAsked(of) => ("approved where asked", one(of.as_str())),
            Self::Decided => ("decided", Vec::new()),
            Self::AgreementSigned => ("agreement signed", Vec::new()),
            Self::CorrectiveAgreed => ("corrective action", Vec::new()),
            Self::RemedyChosen => ("remedy chosen", Vec::new()),
            Self::RemediesGiven => ("remedies given", Vec::new()),
            Self::MajorJudged => ("major judged", Vec::new()),
            Self::MajorConfirmed => ("major confirmed", Vec::new()),
            Self::TasksDone => ("tasks done", Vec::new()),
            Self::MeasuresKept => ("measures kept", Vec::new()),
            Self::Form(form) => ("form", vec![form.clone()]),
            Self::HandlingRecord => ("handling record", Vec::new()),
            Self::Verified => ("verified", Vec::new()),
            Self::NotInOrder => ("not in order", Vec::new()),
            Self::Visit(result) => ("visit", one(result.as_str())),
            Self::GroupVisit => ("group visit", Vec::new()),
            Self::WrittenRequest => ("request in writing", Vec::new()),
            Self::Exemption(reasons) if reasons.is_empty() => ("any exemption", Vec::new()),
            Self::Exemption(reasons) => ("exemption", all(reasons.iter().map(|one| one.as_str()))),
            Self::NoRepeat(days) => ("no repeat", vec![format!("{days} days")]),
            Self::Notice(kind) => ("notice", one(kind.as_str())),
            Self::CustomerWord(meaning) => ("customer word", one(meaning.as_str())),
            Self::Linked(relation) => ("linked", one(relation.as_str())),
            Self::Validity(validity) => ("validity", one(validity.as_str())),
            Self::LiabilityGraded => ("liability", Vec::new()),
            Self::ResponsibleNamed => ("responsibility", Vec::new()),
            Self::ExplanationGiven => ("explanation given", Vec::new()),
            Self::FactsConfirmed => ("facts confirmed", Vec::new()),
            Self::Summary => ("summary", Vec::new()),
            Self::FormTaken(form) => ("form taken", vec![form.clone()]),
            Self::Channel(channels) => ("channel", all(channels.iter().map(|one| one.as_str()))),
            Self::WrittenReply => ("written reply", Vec::new()),
            Self::DoneBy(post) => ("done by", one(post.name())),
            Self::Different(one, other) => ("different", vec![spoken(one.as_str()), spoken(other.as_str())]),
        }
    }

    /// Writes the gate as `word` or `word(what stands behind it)`.
    #[must_use]
    pub fn to_words(&self) -> String {
        let (word, behind) = self.written();
        if behind.is_empty() { word.to_owned() } else { format!("{word}({})", behind.join(", ")) }
    }
}

impl GateRule {
    /// Writes the rule in words, as documents and differences show it.
    #[must_use]
    pub fn to_words(&self) -> String {
        let joined = |rules: &[Self], by: &str| {
            let words: Vec<String> = rules.iter().map(Self::to_words).collect();
            format!("({})", words.join(by))
        };
        match self {
            Self::One(gate) => gate.to_words(),
            Self::All(rules) => joined(rules, " and "),
            Self::Any(rules) => joined(rules, " or "),
            Self::When(gate, rule) => format!("when {}: {}", gate.to_words(), rule.to_words()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_stands_once() {
        let mut words: Vec<&str> = catalogue().iter().map(|word| word.word).collect();
        let all = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), all);
    }
}
