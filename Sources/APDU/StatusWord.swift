/// The two status bytes that end each response (ISO 7816-4, 5.6).
package struct StatusWord: RawRepresentable, Equatable, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }
    package init(_ sw1: UInt8, _ sw2: UInt8) { rawValue = UInt16(sw1) << 8 | UInt16(sw2) }

    package var sw1: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 8) }
    package var sw2: UInt8 { UInt8(truncatingIfNeeded: rawValue) }

    package static let success = StatusWord(rawValue: 0x9000)
    package static let endOfFile = StatusWord(rawValue: 0x6282)
    package static let fileDeactivated = StatusWord(rawValue: 0x6283)
    package static let fileTerminated = StatusWord(rawValue: 0x6285)
    package static let verificationFailed = StatusWord(rawValue: 0x6300)
    package static let executionError = StatusWord(rawValue: 0x6400)
    package static let memoryFailure = StatusWord(rawValue: 0x6581)
    package static let wrongLength = StatusWord(rawValue: 0x6700)
    package static let channelNotSupported = StatusWord(rawValue: 0x6881)
    package static let secureMessagingNotSupported = StatusWord(rawValue: 0x6882)
    package static let lastCommandExpected = StatusWord(rawValue: 0x6883)
    package static let chainingNotSupported = StatusWord(rawValue: 0x6884)
    package static let securityStatusNotSatisfied = StatusWord(rawValue: 0x6982)
    package static let authenticationBlocked = StatusWord(rawValue: 0x6983)
    package static let referenceDataNotUsable = StatusWord(rawValue: 0x6984)
    package static let conditionsNotSatisfied = StatusWord(rawValue: 0x6985)
    package static let commandNotAllowed = StatusWord(rawValue: 0x6986)
    package static let secureMessagingMissing = StatusWord(rawValue: 0x6987)
    package static let secureMessagingIncorrect = StatusWord(rawValue: 0x6988)
    package static let incorrectData = StatusWord(rawValue: 0x6A80)
    package static let functionNotSupported = StatusWord(rawValue: 0x6A81)
    package static let fileNotFound = StatusWord(rawValue: 0x6A82)
    package static let recordNotFound = StatusWord(rawValue: 0x6A83)
    package static let notEnoughMemory = StatusWord(rawValue: 0x6A84)
    package static let incorrectParameters = StatusWord(rawValue: 0x6A86)
    package static let lengthInconsistentWithParameters = StatusWord(rawValue: 0x6A87)
    package static let referenceDataNotFound = StatusWord(rawValue: 0x6A88)
    package static let wrongParameters = StatusWord(rawValue: 0x6B00)
    package static let instructionNotSupported = StatusWord(rawValue: 0x6D00)
    package static let classNotSupported = StatusWord(rawValue: 0x6E00)
    package static let noPreciseDiagnosis = StatusWord(rawValue: 0x6F00)

    /// 61xx: `count` more bytes wait for GET RESPONSE; 256 stands for "256 or more".
    package static func moreData(_ count: Int) -> StatusWord {
        StatusWord(0x61, UInt8(truncatingIfNeeded: min(max(count, 1), 256)))
    }

    /// 6Cxx: the same command wants `exact` as its Le, 1 to 256.
    package static func wrongExpectedLength(exact: Int) -> StatusWord {
        StatusWord(0x6C, UInt8(truncatingIfNeeded: min(max(exact, 1), 256)))
    }

    /// 63Cx: verification failed and `tries` are left, 0 to 15.
    package static func triesLeft(_ tries: Int) -> StatusWord {
        StatusWord(0x63, 0xC0 | UInt8(truncatingIfNeeded: min(max(tries, 0), 15)))
    }
}

extension StatusWord {
    /// What a status word says, for callers to switch on.
    package enum Meaning: Equatable, Sendable {
        /// 9000.
        case success
        /// 61xx: so many bytes wait for GET RESPONSE; 256 means "256 or more".
        case moreData(Int)
        /// 6Cxx: wrong Le; this is the right one, 1 to 256.
        case wrongLength(exact: Int)
        /// 63Cx: refused, so many tries left; with 0 it is blocked now.
        case triesLeft(Int)
        /// 6300: refused, the card does not say how many tries are left.
        case verificationFailed
        /// 6983: no tries left.
        case blocked
        /// 6982: something must be verified first.
        case securityNotSatisfied
        /// 6984: the reference data cannot be used (not set, or a transport code).
        case referenceDataNotUsable
        /// 6985.
        case conditionsNotSatisfied
        /// 6986.
        case notAllowed
        /// 6A80: often length or character set; not counted as a try by most cards.
        case incorrectData
        /// 6A82.
        case fileNotFound
        /// 6A83.
        case recordNotFound
        /// 6A84.
        case notEnoughMemory
        /// 6A88.
        case referenceDataNotFound
        /// 6A81: the card does not do this at all.
        case functionNotSupported
        /// 6A86, 6A87, 6B00: P1 and P2 do not fit.
        case incorrectParameters
        /// 6700, 6A85: wrong length, and the right one is not told.
        case badLength
        /// 6883, 6884: the card does not chain, or not like this.
        case chainingRefused
        /// 6881: no such logical channel.
        case channelRefused
        /// 6882, 6987, 6988: secure messaging is missing, wrong or not there.
        case secureMessaging
        /// 6D00: the applet does not know the instruction; see `hintsAtAnotherApplet`.
        case instructionNotSupported
        /// 6E00: the applet does not know the class; see `hintsAtAnotherApplet`.
        case classNotSupported
        /// 6581, 6501: the card could not write its memory.
        case memoryFailure
        /// 6285: the file or application is in termination state.
        case terminated
        /// 62xx: done with a warning, memory unchanged.
        case warning(UInt8)
        /// 63xx without a count: done with a warning, memory changed.
        case warningChanged(UInt8)
        /// 64xx: failed, memory unchanged.
        case failed(UInt8)
        /// 65xx: failed, memory changed.
        case failedChanged(UInt8)
        /// 66xx: failed for reasons of security.
        case securityFailure(UInt8)
        /// 6F00 and its like: the card gives no reason.
        case noDiagnosis
        /// Not of ISO 7816-4, or of no use to anybody here.
        case other
    }

    /// What the status word means by ISO 7816-4, 5.6, and cards' common use.
    package var meaning: Meaning {
        switch (sw1, sw2) {
        case (0x90, 0x00): .success
        case (0x61, _): .moreData(Self.length(sw2))
        case (0x6C, _): .wrongLength(exact: Self.length(sw2))
        case (0x63, 0xC0...0xCF): .triesLeft(Int(sw2 & 0x0F))
        case (0x63, 0x00): .verificationFailed
        case (0x62, 0x85): .terminated
        case (0x62, _): .warning(sw2)
        case (0x63, _): .warningChanged(sw2)
        case (0x65, 0x01), (0x65, 0x81): .memoryFailure
        case (0x64, _): .failed(sw2)
        case (0x65, _): .failedChanged(sw2)
        case (0x66, _): .securityFailure(sw2)
        case (0x67, 0x00), (0x6A, 0x85): .badLength
        case (0x68, 0x81): .channelRefused
        case (0x68, 0x83), (0x68, 0x84): .chainingRefused
        case (0x68, 0x82), (0x69, 0x87), (0x69, 0x88): .secureMessaging
        case (0x69, 0x82): .securityNotSatisfied
        case (0x69, 0x83): .blocked
        case (0x69, 0x84): .referenceDataNotUsable
        case (0x69, 0x85): .conditionsNotSatisfied
        case (0x69, 0x86): .notAllowed
        case (0x6A, 0x80): .incorrectData
        case (0x6A, 0x81): .functionNotSupported
        case (0x6A, 0x82): .fileNotFound
        case (0x6A, 0x83): .recordNotFound
        case (0x6A, 0x84): .notEnoughMemory
        case (0x6A, 0x88): .referenceDataNotFound
        case (0x6A, 0x86), (0x6A, 0x87), (0x6B, 0x00): .incorrectParameters
        case (0x6D, _): .instructionNotSupported
        case (0x6E, _): .classNotSupported
        case (0x6F, _): .noDiagnosis
        default: .other
        }
    }

    /// Whether the command was carried out: 9000, 61xx, and 62xx, which only warns.
    package var isDone: Bool { self == .success || sw1 == 0x61 || sw1 == 0x62 }

    /// Tries left as this answer tells them: 63Cx and 6983 do, nothing else does.
    package var tries: Int? {
        switch meaning {
        case .triesLeft(let tries): tries
        case .blocked: 0
        default: nil
        }
    }

    /// Whether the answer hints that another applet is selected than the caller believes:
    /// somebody interfered, and no code may be sent before a new SELECT and a look at the
    /// counters.
    package var hintsAtAnotherApplet: Bool { sw1 == 0x6D || sw1 == 0x6E }

    /// Whether the card failed inside and leaves open what it did: 64xx, 65xx, 66xx, 6Fxx.
    package var saysNothing: Bool { [0x64, 0x65, 0x66, 0x6F].contains(sw1) }

    /// A length in SW2, where 00 stands for 256.
    private static func length(_ sw2: UInt8) -> Int { sw2 == 0 ? 256 : Int(sw2) }
}

extension StatusWord: CustomStringConvertible {
    /// Four hexadecimal digits.
    package var description: String { Hexadecimal.of(sw1) + Hexadecimal.of(sw2) }
}

/// Bytes as people read them in a standard.
enum Hexadecimal {
    static func of(_ byte: UInt8) -> String { digit(byte >> 4) + digit(byte & 0x0F) }

    private static func digit(_ value: UInt8) -> String {
        let ascii = value < 10 ? 0x30 + value : 0x37 + value
        return String(Character(Unicode.Scalar(ascii)))
    }
}
