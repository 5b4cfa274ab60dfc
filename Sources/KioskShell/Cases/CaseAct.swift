import StationInterface

/// What an officer does with a case on a screen of its own, by the agent's word for it.
enum CaseAct: String, Equatable, Sendable, CaseIterable {
    case refuse
    case route
    case record
    case sendNotice = "send-notice"
    case close

    /// Of usual sentences several may be true, of answers one.
    var takesSeveral: Bool { self == .refuse }

    /// What is typed besides: a reason in other words, or a letter's number.
    var takesText: Bool { self == .refuse || self == .close || self == .sendNotice }
}

/// An answer to choose: a usual reason, a carrier, an addressee.
struct ActOption: Equatable, Sendable {
    /// The agent's word for it: an answer, or the code that statistics count a reason under.
    var word: String?
    var phrase: Phrase
    /// What the agent gets. Sentences go into letters, and those are in Vietnamese.
    var sent: String

    init(_ word: String, _ phrase: Phrase) {
        (self.word, self.phrase, sent) = (word, phrase, word)
    }

    /// - Parameter code: nil where no rule of requests is for it.
    init(sentence phrase: Phrase, _ code: String? = nil) {
        (word, self.phrase) = (code, phrase)
        sent = (code.map { $0 + ": " } ?? "") + phrase.vietnamese
    }

    /// What there is to choose for an act on this case, the likeliest first.
    static func all(_ act: CaseAct, _ found: Station.Case) -> [ActOption] {
        switch act {
        case .record: []
        case .route:
            [
                ActOption("sim-pki", .carrierSIM), ActOption("hsm", .carrierHSM),
                ActOption("centralised", .carrierCentralised), ActOption("other", .carrierOther),
            ]
        case .refuse: reasons(found.kind)
        case .close:
            [.closeDone, .closeWithdrawn, .closeTwice, .closeMistaken].map {
                ActOption(sentence: $0)
            }
        case .sendNotice: addressees(found)
        }
    }

    private static func reasons(_ kind: String) -> [ActOption] {
        let always = [
            ActOption(sentence: .refuseIncomplete, "missing"), ActOption(sentence: .refuseNotBody),
            ActOption(sentence: .refuseMail, "mail-private"),
            ActOption(sentence: .refuseDevice, "token-mismatch"),
        ]
        let other = ActOption(sentence: .refuseOther, "request-differs")
        switch kind {
        case "restore":
            return always + [
                other, ActOption(sentence: .refuseNotLocked, "not-locked"),
                ActOption(sentence: .refuseExpired, "certificate-expired"),
                ActOption(sentence: .refuseBlocked, "unblocking-code-blocked"),
            ]
        case "hand-over":
            return always + [
                other, ActOption(sentence: .refusePermission, "permission-missing"),
                ActOption(sentence: .refuseUnproven),
            ]
        case "return": return always + [ActOption(sentence: .refuseStillValid)]
        case "misuse":
            return [
                ActOption(sentence: .refuseReport, "missing"),
                ActOption(sentence: .refuseDevice, "token-mismatch"),
            ]
        default: return always
        }
    }

    /// Whom the law or the practice has told first stands first.
    private static func addressees(_ found: Station.Case) -> [ActOption] {
        let body = ActOption("managing-body", .toManagingBody)
        let provider = ActOption("provider", .toProvider)
        let authority = ActOption("authority", .toAuthority)
        let unit = ActOption("technology-unit", .toTechnologyUnit)
        return switch found.kind {
        case "restore" where found.state != "routed": [body, provider, authority, unit]
        case "misuse": [authority, unit, body, provider]
        default: [provider, body, authority, unit]
        }
    }
}

extension CaseAct {
    var title: Phrase {
        switch self {
        case .refuse: .actRefuse
        case .route: .actRoute
        case .record: .actRecord
        case .sendNotice: .actSendNotice
        case .close: .actClose
        }
    }

    /// What the act means for this case, in one or two sentences.
    func meaning(_ found: Station.Case) -> Phrase {
        switch (self, found.kind) {
        case (.refuse, _): .actRefuseMeans
        case (.route, _): .actRouteMeans
        case (.close, _): .actCloseMeans
        case (.record, "hand-over"): .actRecordHandOver
        case (.record, "return"): .actRecordReturn
        case (.record, "lost"): .actRecordLost
        case (.record, _): .actRecordMisuse
        case (.sendNotice, "hand-over"): .actNoticeHandOver
        case (.sendNotice, "return"): .actNoticeReturn
        case (.sendNotice, "lost"): .actNoticeLost
        case (.sendNotice, "misuse"): .actNoticeMisuse
        case (.sendNotice, _): .actNoticeRestore
        }
    }

    /// What is said once it is on record.
    var done: Phrase {
        switch self {
        case .refuse: .noticeRefused
        case .route: .noticeRouted
        case .record: .noticeRecorded
        case .sendNotice: .noticeSent
        case .close: .noticeClosed
        }
    }
}
