/// One command and its response over T=0, as TPDUs: says what to send, follows 61xx and 6Cxx,
/// does no I/O itself (ISO/IEC 7816-3:2006, 12.2).
///
/// Holds numbers only: the command's bytes are given again for each TPDU and go from there into
/// the caller's sink. A TPDU with data goes out once, whatever the card answers.
package struct T0Exchange: Sendable {
    /// What to do after a response.
    package enum Step: Equatable, Sendable {
        /// Encode the next TPDU and send it.
        case send
        /// Nothing more to send: the buffer holds the response, this status at its end.
        case finished(StatusWord)
    }

    private enum Phase: Equatable {
        /// The header, and P3 for the data that are to come.
        case header(p3: Int, corrected: Bool)
        /// The header and all its data.
        case data
        /// ENVELOPE with the command's bytes from here on.
        case envelope(offset: Int)
        case getResponse(count: Int, corrected: Bool)
        case finished
    }

    private let command: CommandAPDU
    private let commandCount: Int
    private let expected: Int
    private var received = 0
    private var isFirst = true
    private var phase: Phase

    /// - Parameter command: any of the seven cases. Extended ones go out as short ones where
    ///   they fit, cases 2E.1, 3E.1 and 4E.1; longer data go by ENVELOPE.
    package init(_ command: CommandAPDU) {
        self.command = command
        commandCount = command.encodedCount
        expected = command.expectedCount
        if command.dataRange.isEmpty {
            phase = .header(p3: min(expected, 256), corrected: false)
        } else {
            phase = command.dataRange.count <= 255 ? .data : .envelope(offset: 0)
        }
    }

    /// Writes the next TPDU, 5 to 260 bytes: a header that ends with P3, and the data.
    ///
    /// - Parameter bytes: the command, the same bytes each time.
    /// - Throws: `.commandChanged` where their number is another; `.instructionInvalid` for
    ///   instructions 6X, which a proprietary class may have; `.unexpected` after the end;
    ///   `.sinkFull` with part of the TPDU in the sink, for the caller to wipe.
    package func encode<S: ByteSink & ~Copyable>(
        _ bytes: UnsafeRawBufferPointer, into sink: inout S
    ) throws(T0Error) {
        guard bytes.count == commandCount else { throw T0Error(.commandChanged) }
        // A proprietary class may have them, and T=0 cannot tell them from a status.
        guard !T0Characters.isStatus(command.header.ins) else {
            throw T0Error(.instructionInvalid)
        }
        switch phase {
        case .header(let p3, _):
            try put(command.header, p3, &sink)
        case .data:
            try put(command.header, command.dataRange.count, &sink)
            try put(bytes[command.dataRange], &sink)
        case .envelope(let offset):
            let end = segmentEnd(offset)
            try put(envelope, end - offset, &sink)
            try put(bytes[offset..<end], &sink)
        case .getResponse(let count, _):
            try put(command.header.getResponse, count, &sink)
        case .finished:
            throw T0Error(.unexpected)
        }
    }

    /// Takes the response to the TPDU that was sent last: data and status.
    ///
    /// The number of steps is bounded: each GET RESPONSE brings data, is corrected once by
    /// 6Cxx, or ends the exchange.
    /// - Parameter response: emptied at the first response; gathers the data, as many as Le
    ///   asked for, and the last status.
    /// - Throws: `.responseLength`, `.bothWays`, `.statusInvalid`, `.responseTooLong`,
    ///   `.responseStalled`; and `.unexpected` after the end.
    package mutating func receive(
        _ tpdu: UnsafeRawBufferPointer, into response: inout ResponseBuffer
    ) throws(T0Error) -> Step {
        let before = phase
        phase = .finished
        if isFirst { response.clear() }
        isFirst = false

        let status = try check(tpdu, against: before)
        if let again = correction(status, before) {
            phase = again
            return .send
        }
        if case .envelope(let offset) = before, segmentEnd(offset) < commandCount,
            status == .success
        {
            phase = .envelope(offset: segmentEnd(offset))
            return .send
        }

        let count = try keep(tpdu, &response)
        if case .moreData(let waiting) = status.meaning, received < expected,
            !isInside(before)
        {
            if case .getResponse = before, count == 0 { throw T0Error(.responseStalled) }
            phase = .getResponse(count: min(waiting, expected - received, 256), corrected: false)
            return .send
        }
        // 9000 is the end of case 4 too. The standard has GET RESPONSE follow it there (case
        // 4S.2): cards that have data say 61xx, and one that has none would put an error in the
        // place of its success.
        return try finish(status, &response)
    }

    /// ENVELOPE on the command's logical channel (ISO 7816-4, 7.6.2).
    private var envelope: CommandHeader {
        var header = command.header.getResponse
        header.ins = 0xC2
        return header
    }

    /// Where the segment that starts at `offset` ends. The lengths in the command tell the card
    /// which segment is the last, so no empty ENVELOPE follows it.
    private func segmentEnd(_ offset: Int) -> Int { min(offset + 255, commandCount) }

    /// Whether the card has not had the whole command yet.
    private func isInside(_ phase: Phase) -> Bool {
        guard case .envelope(let offset) = phase else { return false }
        return segmentEnd(offset) < commandCount
    }

    private func check(
        _ tpdu: UnsafeRawBufferPointer, against phase: Phase
    ) throws(T0Error) -> StatusWord {
        // P3 of zero asks for 256 bytes or for none, and the TPDU does not say which.
        let most: Int
        switch phase {
        case .header(let p3, _): most = p3 == 0 ? 256 : p3
        case .getResponse(let count, _): most = count
        case .data, .envelope: most = 0
        case .finished: throw T0Error(.unexpected)
        }
        guard tpdu.count >= 2 else { throw T0Error(.responseLength) }
        guard tpdu.count - 2 <= most else {
            throw T0Error(most == 0 ? .bothWays : .responseLength)
        }
        let status = StatusWord(tpdu[tpdu.count - 2], tpdu[tpdu.count - 1])
        guard T0Characters.isStatus(status.sw1), status.sw1 != 0x60 else {
            throw T0Error(.statusInvalid(status.sw1))
        }
        return status
    }

    /// What 6Cxx leads to: once, the same TPDU with the card's P3, where it had no data.
    private func correction(_ status: StatusWord, _ before: Phase) -> Phase? {
        guard case .wrongLength(let exact) = status.meaning else { return nil }
        switch before {
        case .header(_, corrected: false) where expected > 0:
            return .header(p3: exact, corrected: true)
        case .getResponse(_, corrected: false):
            return .getResponse(count: exact, corrected: true)
        default:
            return nil
        }
    }

    /// Gathers the data of one response, and no more in all than Le asked for.
    ///
    /// - Returns: how many bytes the card sent.
    private mutating func keep(
        _ tpdu: UnsafeRawBufferPointer, _ response: inout ResponseBuffer
    ) throws(T0Error) -> Int {
        let data = tpdu.dropLast(2)
        let kept = data.prefix(expected - received)
        guard kept.count <= response.capacity - 2 - response.count,
            response.append(contentsOf: UnsafeRawBufferPointer(rebasing: kept))
        else {
            throw T0Error(.responseTooLong(limit: response.capacity - 2))
        }
        received += kept.count
        return data.count
    }

    private func finish(
        _ status: StatusWord, _ response: inout ResponseBuffer
    ) throws(T0Error) -> Step {
        let added = withUnsafeBytes(of: status.rawValue.bigEndian) {
            response.append(contentsOf: $0)
        }
        guard added else { throw T0Error(.responseTooLong(limit: response.capacity - 2)) }
        return .finished(status)
    }

    private func put<S: ByteSink & ~Copyable>(
        _ header: CommandHeader, _ p3: Int, _ sink: inout S
    ) throws(T0Error) {
        let last = UInt8(truncatingIfNeeded: p3)
        guard sink.append(header.cla), sink.append(header.ins), sink.append(header.p1),
            sink.append(header.p2), sink.append(last)
        else { throw T0Error(.sinkFull) }
    }

    private func put<S: ByteSink & ~Copyable>(
        _ bytes: Slice<UnsafeRawBufferPointer>, _ sink: inout S
    ) throws(T0Error) {
        guard sink.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes)) else {
            throw T0Error(.sinkFull)
        }
    }
}
