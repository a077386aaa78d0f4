//! The small closed vocabularies that bodies and events share.

use crate::wire::wire_enum;

wire_enum! {
    /// Who reached whom.
    Direction { /// They reached us.
        Inbound = "inbound", /// We reached them.
        Outbound = "outbound" }
}

wire_enum! {
    /// What was promised.
    PromiseKind {
        /// 反馈时间 (PROP-50).
        Feedback = "feedback",
        /// 上门时间 (PROP-21).
        Visit = "visit",
        /// 措施.
        Measure = "measure",
        /// 回电.
        CallBack = "call_back",
        /// 其他.
        Other = "other",
    }
}

wire_enum! {
    /// What the back office says of its task (MOB-14).
    TaskWord {
        /// 进展.
        Progress = "progress",
        /// 困难.
        Difficulty = "difficulty",
        /// 变化.
        Change = "change",
    }
}

wire_enum! {
    /// What kind of answer the customer got.
    ReplyKind {
        /// 告知已收到.
        Acknowledge = "acknowledge",
        /// 进展答复: with the date of the next one.
        Progress = "progress",
        /// 具体措施 (PROP-75).
        Measures = "measures",
        /// 最终答复.
        Final = "final",
    }
}

wire_enum! {
    /// How an answer reached the customer.
    Carrier {
        /// 口头、电话.
        Spoken = "spoken",
        /// 书面信函.
        Letter = "letter",
        /// 公示、公开页面.
        PublicPage = "public_page",
        /// 跟帖回复.
        Post = "post",
        /// 电子邮件.
        Email = "email",
        /// 短信或即时消息.
        Message = "message",
    }
}

wire_enum! {
    /// What a decision rests on (PROP-40).
    BasisKind {
        /// 法律法规.
        Law = "law",
        /// 合同.
        Contract = "contract",
        /// 质量标准.
        QualityStandard = "quality_standard",
        /// 国家规范.
        NationalNorm = "national_norm",
    }
}

wire_enum! {
    /// How far we answer for the matter (MOB-10, PROP-40, 41).
    Responsibility {
        /// 我方责任.
        Ours = "ours",
        /// 双方责任.
        Shared = "shared",
        /// 非我方责任.
        NotOurs = "not_ours",
        /// 尚未查明.
        Unclear = "unclear",
    }
}

wire_enum! {
    /// How far an expectation can be met (SKILL-3).
    ExpectationAnswer { /// 能满足.
        CanMeet = "can_meet", /// 部分满足.
        Partly = "partly", /// 不能满足.
        CannotMeet = "cannot_meet" }
}

wire_enum! {
    /// The customer's answer to an option.
    OptionAnswer { /// 同意.
        Accepted = "accepted", /// 不同意.
        Declined = "declined", /// 暂时同意 (TXT-15).
        Provisional = "provisional" }
}

wire_enum! {
    /// What an approval decides.
    ApprovalOf {
        /// 向客户的答复 (ASC-8).
        Reply = "reply",
        /// 补偿、礼品等补救 (ASC-23).
        Remedy = "remedy",
        /// 对媒体的答复 (MEDIA-1).
        MediaStatement = "media_statement",
        /// 纠正措施 (PROP-95).
        CorrectiveAction = "corrective_action",
        /// 处理措施: the plan drafted from the finding.
        Plan = "plan",
        /// 客户接受的方案.
        AcceptedOption = "accepted_option",
        /// 公开回复 (PROP-72).
        PublicReply = "public_reply",
        /// 客户不满意时的关闭.
        Closure = "closure",
        /// 作废.
        Void = "void",
        /// 误关重开.
        Reopen = "reopen",
    }
}

impl ApprovalOf {
    /// Tells whether it decides the very words of an answer, which then leaves the
    /// house as it was approved.
    #[must_use]
    pub const fn is_wording(self) -> bool {
        matches!(self, Self::Reply | Self::PublicReply | Self::MediaStatement)
    }
}

wire_enum! {
    /// The decision on an approval.
    Decision { /// 同意.
        Granted = "granted", /// 退回并附意见.
        Returned = "returned", /// 不同意.
        Refused = "refused" }
}

wire_enum! {
    /// What came out of a return visit (PROP-64).
    VisitResult {
        /// 满意.
        Satisfied = "satisfied",
        /// 不满意.
        Dissatisfied = "dissatisfied",
        /// 未联系上.
        NotReached = "not_reached",
        /// 客户拒绝回访 (PROP-63).
        Refused = "refused",
    }
}

wire_enum! {
    /// How a return visit was made (PROP-62).
    VisitForm { /// 电话.
        Phone = "phone", /// 上门.
        Home = "home", /// 网上回复.
        Online = "online", /// 问卷.
        Questionnaire = "questionnaire" }
}

wire_enum! {
    /// Why no return visit is made (PROP-60, 61).
    ExemptionReason {
        /// (1) 当场处理且客户表示满意.
        OnTheSpot = "on_the_spot",
        /// (2) 匿名投诉.
        Anonymous = "anonymous",
        /// (2) 无有效联系方式.
        NoUsableContact = "no_usable_contact",
        /// (3) 敏感、不宜回访.
        Sensitive = "sensitive",
        /// (4) 超出本部门能力: progress notices instead.
        BeyondAbility = "beyond_ability",
        /// 客户在回访时拒绝 (PROP-63).
        RefusedAtVisit = "refused_at_visit",
    }
}

wire_enum! {
    /// Who is called when those in charge cannot solve it.
    EscalationLevel {
        /// 客服负责人和部门负责人 (PROP-24).
        DepartmentHead = "department_head",
        /// 公司分管领导 (PROP-42).
        Company = "company",
        /// 集团公司 (PROP-56).
        Group = "group",
    }
}

wire_enum! {
    /// How two cases belong together.
    Relation {
        /// 重复投诉: the other case is a repeat of this one (PROP-64).
        RepeatedBy = "repeated_by",
        /// 此件是另一件的重复登记.
        DuplicateOf = "duplicate_of",
        /// 同一事项.
        SameMatter = "same_matter",
        /// 由另一件引起.
        FollowsFrom = "follows_from",
    }
}

wire_enum! {
    /// What the customer's word about the whole matter means.
    WordMeaning { /// 撤回投诉.
        Withdraws = "withdraws", /// 同意了结但不满意.
        AgreesDissatisfied = "agrees_dissatisfied" }
}
