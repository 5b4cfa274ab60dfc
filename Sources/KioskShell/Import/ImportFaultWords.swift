import JSON
import Requests

extension ImportFault {
    /// What is wrong, and what whoever made the file has to do.
    func words(_ language: Language) -> String {
        let (phrase, arguments) = sentence
        return phrase.text(language, arguments)
    }

    /// Whether what may stand there is a list of names: those are the same in both languages.
    var hasNames: Bool {
        switch self {
        case .noHeading, .unknownHeading, .unknownKind, .unknownReason: true
        case .document(let code): if case .unknownKey = code { true } else { false }
        default: false
        }
    }

    private var sentence: (Phrase, [String]) {
        switch self {
        case .longFile: (.mistakeLongFile, [])
        case .encoding(.foreign): (.mistakeForeign, [])
        case .encoding(.utf16): (.mistakeUTF16, [])
        case .encoding(.notUTF8): (.mistakeNotUTF8, [])
        case .empty: (.mistakeEmpty, [])
        case .noHeading: (.mistakeNoHeading, [])
        case .unknownHeading: (.mistakeHeading, [])
        case .headingTwice: (.mistakeTwice, [])
        case .manyLines(let most): (.mistakeManyLines, [String(most)])
        case .manyCells(let most): (.mistakeManyCells, [String(most)])
        case .manyRequests(let most): (.mistakeManyRequests, [String(most)])
        case .cells(let count, let headings): (.mistakeCells, [String(count), String(headings)])
        case .openQuote: (.mistakeOpenQuote, [])
        case .behindQuote: (.mistakeBehindQuote, [])
        case .bareQuote: (.mistakeBareQuote, [])
        case .letters: (.mistakeLetters, [])
        case .shortenedNumber: (.mistakeShortened, [])
        case .unknownKind: (.mistakeKind, [])
        case .unknownReason: (.mistakeReason, [])
        case .noTime: (.mistakeTime, [])
        case .otherThan(let line): (.mistakeOther, [String(line)])
        case .document(let code): (Self.phrase(code), [])
        }
    }

    private static func phrase(_ code: JSONError.Code) -> Phrase {
        switch code {
        case .unknownKey: .mistakeKey
        case .duplicateKey: .mistakeTwice
        case .missingKey: .mistakeMissingKey
        case .wrongKind, .outsideRange, .notAnInteger, .invalid: .mistakeValue
        case .stringTooLong, .tooLong, .numberTooLong, .tooManyKeys, .tooDeep: .mistakeTooLong
        case .unexpectedEnd, .unexpectedCharacter, .invalidUTF8, .byteOrderMark, .controlCharacter,
            .invalidEscape, .loneSurrogate, .invalidNumber, .numberOutOfRange, .trailingData,
            .unterminatedComment, .noLockedMemory, .outOfTurn:
            .mistakeJSON
        }
    }
}
