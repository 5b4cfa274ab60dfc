/// A paper of the counter.
package enum DocumentKind: String, CaseIterable, Sendable {
    /// What became of a request to restore, to the managing body (thông báo kết quả).
    case restoreNotice = "restore-notice"
    /// A refusal in writing with its reasons, to the managing body.
    case refusal
    /// What an incomplete request lacks, to the managing body.
    case completionRequest = "completion-request"
    /// A request about devices that are no PKI tokens, passed on to the provider.
    case routingLetter = "routing-letter"
    /// Record of handing over an organisation's token (Nghị định 30/2020/NĐ-CP Điều 32).
    case handOverRecord = "hand-over-record"
    /// Mẫu số 07: notice after a token was given to its subscriber.
    case form07 = "form-07"
    /// Mẫu số 08: record of giving and receiving a token after expiry or revocation.
    case form08 = "form-08"
    /// Mẫu số 09: record of a lost token.
    case form09 = "form-09"
    /// Record of a report that a token is misused, lost or stolen.
    case misuseRecord = "misuse-record"
    /// What was done to a token, for its holder, with the journal's head.
    case receipt
    /// Reception slip with the due date.
    case receptionSlip = "reception-slip"

    /// The template's name in its folder.
    package var file: String { rawValue + ".html" }

    /// The paper's name for people, in Vietnamese.
    package var title: String {
        switch self {
        case .restoreNotice: "Thông báo kết quả khôi phục thiết bị lưu khóa bí mật"
        case .refusal: "Thông báo không chấp nhận đề nghị khôi phục thiết bị lưu khóa bí mật"
        case .completionRequest: "Đề nghị bổ sung, hoàn thiện văn bản đề nghị khôi phục"
        case .routingLetter: "Công văn chuyển đề nghị khôi phục thiết bị không phải PKI Token"
        case .handOverRecord: "Biên bản bàn giao thiết bị lưu khóa bí mật"
        case .form07: "Thông báo bàn giao thiết bị lưu khóa bí mật (Mẫu số 07)"
        case .form08: "Biên bản giao, nhận thiết bị lưu khóa bí mật (Mẫu số 08)"
        case .form09: "Biên bản xác nhận thiết bị lưu khóa bí mật bị thất lạc (Mẫu số 09)"
        case .misuseRecord:
            "Biên bản ghi nhận thiết bị bị sử dụng sai mục đích, bị mất, bị đánh cắp"
        case .receipt: "Phiếu xác nhận kết quả xử lý thiết bị lưu khóa bí mật"
        case .receptionSlip: "Giấy tiếp nhận và hẹn trả kết quả"
        }
    }

    /// Who gets the paper.
    package var recipient: Recipient {
        switch self {
        case .restoreNotice, .refusal, .completionRequest: .managingBody
        case .routingLetter, .form07, .form09: .provider
        case .handOverRecord, .form08: .bothParties
        case .misuseRecord: .reporter
        case .receipt: .holder
        case .receptionSlip: .contactPerson
        }
    }

    package enum Recipient: String, Sendable {
        case managingBody = "managing-body"
        case provider
        case bothParties = "both-parties"
        case reporter
        case holder
        case contactPerson = "contact-person"
    }

    /// Papers whose official layout nobody has confirmed: their templates say so.
    package var isProvisional: Bool {
        switch self {
        case .form07, .form08, .form09: true
        default: false
        }
    }

    /// What papers are written in, as HTML's `lang` says it.
    package static var language: String { "vi" }
}
