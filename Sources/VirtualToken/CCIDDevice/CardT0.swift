import APDU

/// The card's side of T=0 (ISO 7816-3:2006, 10 and 12): one TPDU in, data and status word out.
struct CardT0: Sendable {
    /// Data that wait for GET RESPONSE, or for the same command with the right P3.
    private struct Held: Sendable {
        /// CLA, INS, P1 and P2 of the command that is to come again; nil for GET RESPONSE.
        let header: [UInt8]?
        var data: ArraySlice<UInt8>
        let status: [UInt8]
    }

    private var held: Held?
    /// The command so far that comes in ENVELOPEs.
    private var envelope: [UInt8] = []
    /// The status word of a command in ENVELOPEs that was whole before its Le came.
    private var mayFollow: [UInt8]?

    private static let longestCommand = 65_544

    mutating func exchange(
        _ tpdu: [UInt8], _ token: inout SimulatedToken, _ notes: inout ReaderNotes
    ) -> CardAnswer {
        guard tpdu.count >= 4 else {
            notes.complain("T=0: a TPDU of fewer than 4 bytes")
            return .malformed
        }
        let header = Array(tpdu.prefix(4))
        let p3 = tpdu.count > 4 ? tpdu[4] : 0
        if tpdu.count > 5, tpdu.count != 5 + Int(p3) {
            notes.complain("T=0: a TPDU whose P3 is not the length of its data")
            return .malformed
        }
        let before = held
        held = nil
        let expected = p3 == 0 ? 256 : Int(p3)
        if let before, tpdu.count == 5 {
            if before.header == nil, header[1] == 0xC0 { return more(before, expected) }
            if before.header == header { return again(before, expected, p3) }
        }
        if header[1] == 0xC2 { return take(tpdu, before, &token) }
        envelope = []
        mayFollow = nil
        return hand(token.exchange(tpdu), tpdu.count > 5, header, expected)
    }

    /// GET RESPONSE.
    private mutating func more(_ before: Held, _ expected: Int) -> CardAnswer {
        var left = before
        guard expected <= left.data.count else {
            held = left
            return .bytes([0x6C, UInt8(left.data.count & 0xFF)], after: 0)
        }
        let part = left.data.prefix(expected)
        left.data = left.data.dropFirst(expected)
        guard !left.data.isEmpty else { return .bytes(Array(part) + left.status, after: 0) }
        held = left
        return .bytes(Array(part) + Self.more(left.data.count), after: 0)
    }

    /// The same command once more, after 6Cxx. It is not carried out again.
    private mutating func again(_ before: Held, _ expected: Int, _ p3: UInt8) -> CardAnswer {
        guard expected == before.data.count else {
            held = before
            return .bytes([0x6C, UInt8(before.data.count & 0xFF)], after: 0)
        }
        return .bytes(Array(before.data) + before.status, after: 0)
    }

    /// Lays the answer's data by where T=0 cannot give them at once.
    private mutating func hand(
        _ exchange: SimulatedToken.Exchange, _ hadData: Bool, _ header: [UInt8], _ expected: Int
    ) -> CardAnswer {
        guard case .answer(let bytes, let milliseconds) = exchange, bytes.count > 2 else {
            return CardAnswer(exchange)
        }
        let data = bytes.dropLast(2)
        let status = Array(bytes.suffix(2))
        if hadData {
            held = Held(header: nil, data: data, status: status)
            return .bytes(Self.more(data.count), after: milliseconds)
        }
        if data.count == expected { return .bytes(bytes, after: milliseconds) }
        held = Held(header: header, data: data, status: status)
        return .bytes([0x6C, UInt8(data.count & 0xFF)], after: milliseconds)
    }

    private static func more(_ count: Int) -> [UInt8] { [0x61, count > 255 ? 0 : UInt8(count)] }

    // MARK: ENVELOPE (ISO 7816-4, 7.6.2)

    /// One piece of a command. It is whole when it is as long as its Lc says, or when an
    /// ENVELOPE without data says so.
    private mutating func take(
        _ tpdu: [UInt8], _ before: Held?, _ token: inout SimulatedToken
    ) -> CardAnswer {
        let piece = tpdu.dropFirst(5)
        if let status = mayFollow, piece.count == 2 || piece.isEmpty {
            // Le, or the end, of a command that was whole already.
            mayFollow = nil
            held = before
            return .bytes(status, after: 0)
        }
        mayFollow = nil
        envelope += piece
        guard envelope.count <= Self.longestCommand else {
            envelope = []
            return .bytes([0x67, 0x00], after: 0)
        }
        guard piece.isEmpty || Self.isWhole(envelope, lastPiece: piece.count) else {
            return .bytes([0x90, 0x00], after: 0)
        }
        let whole = envelope
        envelope = []
        guard !whole.isEmpty else { return .bytes([0x67, 0x00], after: 0) }
        let answer = hand(token.exchange(whole), true, [], 0)
        if case .bytes(let bytes, _) = answer, bytes.count == 2, piece.count == 255 {
            mayFollow = bytes
        }
        return answer
    }

    private static func isWhole(_ command: [UInt8], lastPiece: Int) -> Bool {
        guard command.count > 4 else { return lastPiece < 255 && command.count == 4 }
        if command[4] != 0 { return command.count >= 5 + Int(command[4]) }
        guard command.count >= 7 else { return false }
        if command.count == 7 { return lastPiece == 7 }
        return command.count >= 7 + (Int(command[5]) << 8 | Int(command[6]))
    }
}
