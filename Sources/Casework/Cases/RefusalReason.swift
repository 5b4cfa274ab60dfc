/// Why a case is refused, as the journal and statistics have it; the words are the vault's.
///
/// The codes of `Intake.Rule`, what the station finds at a token, and whatever else it is.
package enum RefusalReason: String, Equatable, Hashable, Sendable, CaseIterable {
    case missing
    case tooLong = "too-long"
    case hiddenCharacter = "hidden-character"
    case looseMark = "loose-mark"
    case personalNumber = "personal-number"
    case dateForm = "date-form"
    case dateImpossible = "date-impossible"
    case dateInFuture = "date-future"
    case mobileForm = "mobile-form"
    case mailForm = "mail-form"
    case mailPrivate = "mail-private"
    case mailNotOffice = "mail-not-office"
    case deviceForm = "device-form"
    case deviceUnusual = "device-unusual"
    case deviceTwice = "device-twice"
    case deviceOpen = "device-open"
    case tooManyDevices = "too-many-devices"
    case bodyRenamed = "body-renamed"
    case bodySeveral = "body-several"
    case contactElsewhere = "contact-elsewhere"
    case receivedInFuture = "received-future"
    case permissionMissing = "permission-missing"

    case notLocked = "not-locked"
    case tokenMismatch = "token-mismatch"
    case requestDiffers = "request-differs"
    case certificateExpired = "certificate-expired"
    case unblockingCodeBlocked = "unblocking-code-blocked"
    case modelProvisional = "model-provisional"

    case other
}

/// A reason as an officer gives it: `mail-private`, `mail-private: a sentence`, or a sentence.
package struct GivenReason: Equatable, Sendable {
    package let code: RefusalReason
    /// nil where the code says it.
    package let sentence: String?

    /// nil for `other` without a sentence, and for nothing that can be read.
    package init?(_ text: String) {
        let text = WrittenText.line(text)
        let parts = text.split(separator: ":", maxSplits: 1)
        if let code = parts.first.flatMap({ RefusalReason(rawValue: String($0)) }) {
            let rest = parts.count == 2 ? WrittenText.line(String(parts[1])) : ""
            let hasSentence = WrittenText.saysSomething(rest)
            guard code != .other || hasSentence else { return nil }
            self.code = code
            sentence = hasSentence ? rest : nil
        } else {
            guard WrittenText.saysSomething(text) else { return nil }
            code = .other
            sentence = text
        }
    }

    /// What stands on paper: the sentence, or the code for whoever has words for it.
    var written: String { sentence ?? code.rawValue }
}
