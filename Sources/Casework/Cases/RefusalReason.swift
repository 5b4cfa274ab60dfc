import JSON
import Requests

/// Why a case is refused, as the journal and statistics have it; the words are the vault's.
package enum RefusalReason: RawRepresentable, Hashable, Sendable, CaseIterable {
    /// A rule of a valid request that this one does not keep.
    case rule(RequestRule)
    /// What the station finds at a token.
    case token(AtToken)
    case other

    package enum AtToken: String, Hashable, Sendable, CaseIterable {
        case notLocked = "not-locked"
        case mismatch = "token-mismatch"
        case requestDiffers = "request-differs"
        case certificateExpired = "certificate-expired"
        case unblockingCodeBlocked = "unblocking-code-blocked"
        case modelProvisional = "model-provisional"
    }

    package static let allCases: [RefusalReason] =
        RequestRule.allCases.map { .rule($0) } + AtToken.allCases.map { .token($0) } + [.other]

    /// - Parameter rawValue: the code.
    package init?(rawValue: String) {
        if let rule = RequestRule(rawValue: rawValue) {
            self = .rule(rule)
        } else if let found = AtToken(rawValue: rawValue) {
            self = .token(found)
        } else if rawValue == RefusalReason.other.rawValue {
            self = .other
        } else {
            return nil
        }
    }

    package var rawValue: String {
        switch self {
        case .rule(let rule): rule.rawValue
        case .token(let found): found.rawValue
        case .other: "other"
        }
    }

    /// The code that was probably meant.
    package static func nearest(to text: String) -> String? {
        JSON.nearest(to: text, among: allCases.map(\.rawValue))
    }
}

/// A reason as an officer gives it: `mail-private`, `mail-private: a sentence`, or a sentence.
package struct GivenReason: Equatable, Sendable {
    package let code: RefusalReason
    /// nil where the code says it.
    package let sentence: String?

    /// nil for `other` without a sentence, for what `unknownCode` names, and for nothing that can
    /// be read.
    package init?(_ text: String) {
        guard GivenReason.unknownCode(in: text) == nil else { return nil }
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

    /// What is written like a code and is none: a slip of the finger would stand in the letter as
    /// if it were a sentence.
    package static func unknownCode(in text: String) -> String? {
        let text = WrittenText.line(text)
        let head = WrittenText.line(String(text.split(separator: ":", maxSplits: 1).first ?? ""))
        let isLikeCode =
            head.utf8.contains { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }
            && head.utf8.allSatisfy {
                $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") || $0 == UInt8(ascii: "-")
                    || $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")
            }
        guard isLikeCode, RefusalReason(rawValue: head) == nil,
            head == text || head.contains("-") || RefusalReason.nearest(to: head) != nil
        else { return nil }
        return head
    }

    /// What stands on paper: the sentence, or the code for whoever has words for it.
    var written: String { sentence ?? code.rawValue }
}
