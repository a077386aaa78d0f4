//! What a case is about and how it reached us.

use crate::wire::wire_enum;

wire_enum! {
    /// The kind of a case; each has its own moves in the pack.
    Kind {
        /// 投诉: an external customer says we failed (PROP-25).
        Complaint = "complaint",
        /// 报修: something is to be mended.
        Repair = "repair",
        /// 咨询: a question.
        Enquiry = "enquiry",
        /// 建议: a proposal.
        Suggestion = "suggestion",
        /// 表扬: praise.
        Praise = "praise",
        /// 媒体采访: a medium asks (MEDIA-1).
        Media = "media",
        /// 故障: a fault of a facility.
        Fault = "fault",
        /// 其他: anything else.
        Other = "other",
    }
}

wire_enum! {
    /// The way a message reached us (PROP-87).
    Channel {
        /// 电话.
        Phone = "phone",
        /// 来访: in person at a desk.
        Visit = "visit",
        /// 来信: a letter on paper.
        Letter = "letter",
        /// 电子邮件.
        Email = "email",
        /// 传真.
        Fax = "fax",
        /// 网页留言: our own public page or form.
        Web = "web",
        /// 在线会话: a chat.
        Chat = "chat",
        /// 网上投诉: a public post in a forum or network (PROP-71).
        Online = "online",
        /// 报刊媒体: a newspaper or another medium.
        Press = "press",
        /// 上级转办: passed on by a parent company or related unit.
        PassedOn = "passed_on",
        /// 员工反映: brought by an employee (PROP-11).
        Employee = "employee",
        /// 意见箱及其他.
        Other = "other",
    }
}

impl Channel {
    /// Tells whether it leaves something written with the request (MEDIA-2).
    #[must_use]
    pub const fn is_written(self) -> bool {
        matches!(self, Self::Letter | Self::Email | Self::Fax | Self::Web)
    }

    /// Tells whether the reply limit is that of spoken words (PROP-79).
    #[must_use]
    pub const fn is_spoken(self) -> bool {
        matches!(self, Self::Phone | Self::Visit | Self::Chat | Self::Employee)
    }
}

wire_enum! {
    /// Who or what brought the message in (PROP-10).
    Source {
        /// 现场维修、技术、保洁等员工.
        FieldStaff = "field_staff",
        /// 客户前台.
        FrontDesk = "front_desk",
        /// 售后服务中心.
        AfterSalesCentre = "after_sales_centre",
        /// 物业服务中心.
        PropertyCentre = "property_centre",
        /// “真诚互动”活动.
        SincereInteraction = "sincere_interaction",
        /// 客户访谈.
        CustomerInterview = "customer_interview",
        /// 上门服务回访.
        HomeServiceVisit = "home_service_visit",
        /// 业主恳谈会.
        OwnersTalk = "owners_talk",
        /// 其他.
        Other = "other",
    }
}

wire_enum! {
    /// A side fact that is set and taken back by name (packs.md §1).
    Flag {
        /// 紧急: dispatch at once (PROP-20).
        Emergency = "emergency",
        /// 当场办结: settled while the customer was there (PROP-50).
        SettledAtOnce = "settled_at_once",
        /// 当场确认满意 (PROP-60).
        SatisfiedOnTheSpot = "satisfied_on_the_spot",
        /// 匿名: the customer chose to give no name.
        Anonymous = "anonymous",
        /// 无有效联系方式 (PROP-60).
        NoUsableContact = "no_usable_contact",
        /// 拒绝回访 (PROP-63).
        DoNotVisit = "do_not_visit",
        /// 我方负有管理责任 (PROP-39).
        ManagementResponsibility = "management_responsibility",
        /// 群诉倾向 (PROP-39).
        GroupTendency = "group_tendency",
        /// 影响面广 (PROP-74).
        WideImpact = "wide_impact",
        /// 可能有过激行为 (PROP-42).
        DrasticRisk = "drastic_risk",
        /// 等待政府或有关单位 (PROP-18).
        WaitsForAuthority = "waits_for_authority",
        /// 等待第三方.
        WaitsForThirdParty = "waits_for_third_party",
        /// 敏感投诉 (PROP-60).
        Sensitive = "sensitive",
        /// 重要投诉: chosen by hand for the case library.
        Important = "important",
        /// 客户流失: gone to others since; known often long after the closing (DEPT-8).
        CustomerLost = "customer_lost",
    }
}

wire_enum! {
    /// The part somebody plays in a case.
    PartyRole {
        /// 投诉人.
        Complainant = "complainant",
        /// 被投诉方.
        Subject = "subject",
        /// 经销商.
        Dealer = "dealer",
        /// 有关政府部门或单位.
        Authority = "authority",
        /// 其他相关人.
        Other = "other",
    }
}

wire_enum! {
    /// Something a person did in a case that keeps others apart.
    Duty {
        /// 受理人.
        Receiver = "receiver",
        /// 首问责任人.
        Owner = "owner",
        /// 承办人.
        Handler = "handler",
        /// 验证人.
        Verifier = "verifier",
        /// 回访人.
        Visitor = "visitor",
        /// 审批人.
        Approver = "approver",
        /// 结案人.
        Closer = "closer",
    }
}
