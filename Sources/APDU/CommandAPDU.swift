/// A command as the card sees it: what the bytes say and where the data lie in them.
///
/// It holds no data, so parsing a command with a code in it leaves no copy.
package struct CommandAPDU: Equatable, Sendable {
    package let header: CommandHeader
    /// Where the command data lie in the parsed bytes; empty in cases 1 and 2.
    package let dataRange: Range<Int>
    /// How Le was written; `.max` where it is all zero.
    package let expecting: ExpectedLength
    /// Short or extended; case 1 counts as short.
    package let form: APDUForm

    /// Parses one whole command in any of the seven encodings (ISO 7816-4, 5.1).
    ///
    /// - Throws: `.commandTooShort`, `.lengthsDisagree`, `.zeroLength`, `.classInvalid`,
    ///   `.instructionInvalid`; `APDUError.answer` says what a card replies.
    package init(parsing bytes: UnsafeRawBufferPointer) throws(APDUError) {
        guard bytes.count >= 4 else { throw APDUError(.commandTooShort, at: bytes.count) }
        let header = CommandHeader(bytes[0], bytes[1], bytes[2], bytes[3])
        try header.check()
        self.header = header

        let body = bytes.count - 4
        guard body > 0 else {
            (dataRange, expecting, form) = (4..<4, .none, .short)
            return
        }
        let first = Int(bytes[4])
        if body == 1 {
            (dataRange, expecting, form) = (5..<5, Self.expected(first, .short), .short)
        } else if first > 0 {
            (dataRange, expecting) = try Self.dataAndLe(bytes, at: 5, count: first, .short)
            form = .short
        } else {
            // 00 and one more byte is neither a short Lc nor an extended anything.
            guard body >= 3 else { throw APDUError(.lengthsDisagree, at: 4) }
            let length = Int(bytes[5]) << 8 | Int(bytes[6])
            form = .extended
            if body == 3 {
                (dataRange, expecting) = (7..<7, Self.expected(length, .extended))
            } else {
                guard length > 0 else { throw APDUError(.zeroLength, at: 5) }
                (dataRange, expecting) = try Self.dataAndLe(bytes, at: 7, count: length, .extended)
            }
        }
    }

    /// The command data, where `bytes` are those that were parsed; empty if they cannot be.
    package func data(in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard dataRange.upperBound <= bytes.count else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(rebasing: bytes[dataRange])
    }

    /// Ne: the most response data the command asks for, 0 to 65536 bytes.
    package var expectedCount: Int {
        switch expecting {
        case .none: 0
        case .max: form.maximumExpected
        case .exactly(let count): count
        }
    }

    /// Which of the seven encodings it came in.
    package var encoding: CommandCase {
        switch (dataRange.isEmpty, expecting == .none, form) {
        case (true, true, _): .case1
        case (true, false, .short): .case2Short
        case (true, false, .extended): .case2Extended
        case (false, true, .short): .case3Short
        case (false, true, .extended): .case3Extended
        case (false, false, .short): .case4Short
        case (false, false, .extended): .case4Extended
        }
    }

    /// How many of the parsed bytes T=0 carries: all, but not the Le of case 4S, which comes
    /// back as 61xx (ISO 7816-3, 12.2.1). Case 1 then gets a P3 of zero from the transport.
    package var countForT0: Int {
        encoding == .case4Short ? dataRange.upperBound : encodedCount
    }

    /// How many bytes were parsed.
    package var encodedCount: Int {
        CommandEncoder.encodedLength(dataCount: dataRange.count, expecting: expecting, form: form)
    }

    private static func expected(_ field: Int, _ form: APDUForm) -> ExpectedLength {
        field == 0 ? .max : .exactly(field)
    }

    /// The data at `start`, and the Le that is all that may stand behind them.
    private static func dataAndLe(
        _ bytes: UnsafeRawBufferPointer, at start: Int, count: Int, _ form: APDUForm
    ) throws(APDUError) -> (Range<Int>, ExpectedLength) {
        let end = start + count
        switch (bytes.count - end, form) {
        case (0, _):
            return (start..<end, .none)
        case (1, .short):
            return (start..<end, expected(Int(bytes[end]), form))
        case (2, .extended):
            return (start..<end, expected(Int(bytes[end]) << 8 | Int(bytes[end + 1]), form))
        default:
            throw APDUError(.lengthsDisagree, at: start - 1)
        }
    }
}
