extension Phrase {
    /// English: what officers record in a case. Nil for others.
    var englishActs: String? {
        switch self {
        case .actRefuse: "Refuse the request"
        case .actRoute: "To the Cục (no PKI token)"
        case .actRecord: "Make the record"
        case .actSendNotice: "Note that a notice went"
        case .actClose: "Close the case"
        case .actRefuseMeans: "Reasons are printed, in Vietnamese, for the managing body."
        case .actRouteMeans:
            """
            The station restores PKI tokens only. Where is this subscriber's private key?
            """
        case .actCloseMeans:
            """
            Nothing more can be done in a closed case. Choose or write the reason.
            """
        case .actRecordHandOver:
            """
            Records the hand-over. The key in the device must have been checked in this case \
            before. Print the hand-over record and the notice (Mẫu 07) afterwards.
            """
        case .actRecordReturn:
            """
            Records that an expired or revoked device was given back. Print the record (Mẫu 08) \
            afterwards.
            """
        case .actRecordLost:
            """
            Records that the device is lost. Print the record (Mẫu 09) afterwards.
            """
        case .actRecordMisuse:
            """
            Records the report of a device misused, lost or stolen. Print the record afterwards.
            """
        case .actNoticeHandOver: "The notice (Mẫu 07) goes to the Cục right after the hand-over."
        case .actNoticeReturn:
            """
            A revoked device goes to the Cục within 5 working days of the day the body got the \
            notice of revocation, with the record (Mẫu 08).
            """
        case .actNoticeLost: "The record (Mẫu 09) goes to the Cục at once."
        case .actNoticeMisuse:
            """
            Tell the person in charge and the information technology unit at once, and note \
            each.
            """
        case .actNoticeRestore:
            """
            The managing body is told the outcome, or the refusal with its reasons.
            """
        case .actDo: "Record it"
        case .actDoing: "Recording…"
        case .actOwnReason: "Another reason, one sentence at a time:"
        case .actOtherReason: "Or another reason:"
        case .actReference: "The letter's number, or how it was told:"
        case .carrierSIM: "SIM PKI"
        case .carrierHSM: "HSM"
        case .carrierCentralised: "Centralised signing"
        case .carrierOther: "Elsewhere"
        case .closeDone: "Done; nothing is left to do."
        case .closeWithdrawn: "The body has withdrawn its request."
        case .closeTwice: "The same as another case."
        case .closeMistaken: "Entered wrongly; another case takes its place."
        case .refuseIncomplete: "The paper lacks what the form requires."
        case .refuseNotBody: "The paper does not come from the directly managing body."
        case .refuseMail: "The mail address is not an official one."
        case .refuseDevice: "The device number on the paper is not that of the device."
        case .refuseOther: "The subscriber on the paper is not that of the certificate."
        case .refuseNotLocked: "The device is not locked by wrong passwords."
        case .refuseExpired: "The certificate in the device has expired."
        case .refuseBlocked: "The unblocking code is blocked too; nothing unlocks the device."
        case .refusePermission: "The written permission to hand the device over is missing."
        case .refuseUnproven: "The device does not prove the private key of its certificate."
        case .refuseStillValid: "The certificate is neither expired nor revoked."
        case .refuseReport: "The report does not say clearly what happened."
        case .toManagingBody: "Directly managing body"
        case .toProvider: "The provider (the Cục)"
        case .toAuthority: "The person in charge"
        case .toTechnologyUnit: "The information technology unit"
        case .noticeRefused:
            """
            The refusal is on record (journal line {}). Print the notice for the managing body.
            """
        case .noticeRouted: "On record (journal line {}). Print the letter to the Cục."
        case .noticeRecorded:
            """
            On record (journal line {}). Print the record, sign it, then send the notice.
            """
        case .noticeSent: "That the notice went is on record (journal line {})."
        case .noticeClosed: "The case is closed (journal line {})."
        case .noticeChooseFirst: "Choose or write at least one answer."
        case .noticeProveFirst:
            """
            The key of this device has not been checked in this case, or the case has changed.
            """
        case .noticeActUnclear:
            """
            The connection broke while recording: look at the case below before doing it again.
            """
        case .keyRecord: "Record"
        case .keyMark: "Mark"
        case .keyAdd: "Add"
        default: nil
        }
    }
}
