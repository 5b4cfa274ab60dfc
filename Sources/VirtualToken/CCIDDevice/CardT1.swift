/// The card's side of T=1 (ISO 7816-3:2006, 11), after the standard and nothing else: blocks
/// in, blocks out, strict about what a host must not do.
struct CardT1: Sendable {
    private let usesCRC: Bool
    private let ifsc: Int
    private let initialIFSD: Int
    private(set) var ifsd: Int

    /// N(S) of the next I-block of ours, and the one expected of the host's.
    private var ns: UInt8 = 0
    private var nr: UInt8 = 0
    /// Information of a chain that is not complete yet.
    private var command: [UInt8] = []
    /// What is left of an answer after the block that went out; nil when nothing is.
    private var rest: ArraySlice<UInt8>?
    /// The last block out, without its check.
    private var last: [UInt8]?
    private var awaited: Awaited?

    /// An S response the host owes, and what goes on after it.
    private struct Awaited: Sendable {
        let code: UInt8
        let value: UInt8?
        let next: Next
    }

    private enum Next: Sendable {
        case block([UInt8])
        /// So many more requests (0: for ever), then the block.
        case waits(Int, [UInt8])
        /// The answer, after so many milliseconds.
        case answer([UInt8], Int)
        case giveUp
    }

    private enum S {
        static let resynch: UInt8 = 0xC0
        static let ifs: UInt8 = 0xC1
        static let abort: UInt8 = 0xC2
        static let wtx: UInt8 = 0xC3
        static let response: UInt8 = 0x20
    }

    /// A card that computes for long asks for more time each so many milliseconds; its BWT is
    /// 1.6 s (BWI 4).
    private static let patience = 500
    private static let longestCommand = 65_544

    /// - Parameter ifsd: 32 until the host asks for another.
    init(usesCRC: Bool, ifsc: UInt8, ifsd: UInt8 = 32) {
        self.usesCRC = usesCRC
        self.ifsc = Int(ifsc)
        self.ifsd = Int(ifsd)
        initialIFSD = Int(ifsd)
    }

    private var checkSize: Int { usesCRC ? 2 : 1 }

    mutating func receive(
        _ block: [UInt8], _ token: inout SimulatedToken, _ notes: inout ReaderNotes
    ) -> CardAnswer {
        switch notes.blockReceived() {
        case .drop: return .mute
        case .parity: return .parity
        case .checkError: return refuse(1, &notes)
        default: break
        }
        guard block.count >= 3 + checkSize, Int(block[2]) == block.count - 3 - checkSize else {
            return refuse(2, &notes, "a block whose LEN is not its length")
        }
        let body = Array(block.dropLast(checkSize))
        guard Self.check(body, usesCRC) == Array(block.suffix(checkSize)) else {
            return refuse(1, &notes, "a block with a wrong check")
        }
        guard body[0] == 0 else { return refuse(2, &notes, "a block with NAD other than 0") }
        guard body.count - 3 <= ifsc else { return refuse(2, &notes, "a block longer than IFSC") }
        let information = body.dropFirst(3)
        switch body[1] {
        case 0x00..<0x80: return iBlock(body[1], information, &token, &notes)
        case 0x80..<0xC0: return rBlock(body[1], information, &notes)
        default: return sBlock(body[1], information, &notes)
        }
    }

    // MARK: The host's blocks

    private mutating func iBlock(
        _ pcb: UInt8, _ information: ArraySlice<UInt8>, _ token: inout SimulatedToken,
        _ notes: inout ReaderNotes
    ) -> CardAnswer {
        guard pcb & 0x1F == 0 else { return refuse(2, &notes, "an I-block with reserved bits") }
        guard awaited == nil else {
            return refuse(2, &notes, "an I-block where an S response is due")
        }
        guard rest == nil else {
            return refuse(2, &notes, "an I-block while the card's chain is not done")
        }
        guard pcb >> 6 & 1 == nr else {
            return refuse(2, &notes, "an I-block with the wrong N(S)")
        }
        guard command.count + information.count <= Self.longestCommand else {
            return refuse(2, &notes, "a chain longer than any command")
        }
        nr ^= 1
        command += information
        guard pcb & 0x20 == 0 else { return send([0, 0x80 | nr << 4, 0], &notes) }
        let whole = command
        command = []
        switch token.exchange(whole) {
        case .answer(let bytes, let milliseconds): return answer(bytes, milliseconds, &notes)
        case .pulled(nil): return .gone(after: nil)
        case .pulled(.some(let bytes)):
            guard case .bytes(let block, _) = answer(bytes, 0, &notes) else {
                return .gone(after: nil)
            }
            return .gone(after: block)
        case .mute(nil): return .mute
        case .mute(.some(let milliseconds)): return .muteThenGone(milliseconds: milliseconds)
        }
    }

    private mutating func rBlock(
        _ pcb: UInt8, _ information: ArraySlice<UInt8>, _ notes: inout ReaderNotes
    ) -> CardAnswer {
        guard pcb & 0x2C == 0, pcb & 3 != 3, information.isEmpty else {
            return refuse(2, &notes, "an R-block that is none")
        }
        guard let last else { return send([0, 0x80 | nr << 4, 0], &notes) }
        // An S request or an R-block of ours goes out again; an S response only when the host
        // repeats its request (11.6.3.2, rule 7).
        if awaited != nil || (0x80..<0xC0).contains(last[1]) { return send(last, &notes) }
        guard last[1] < 0x80 else { return send([0, 0x80 | nr << 4, 0], &notes) }
        let wanted = pcb >> 4 & 1
        if wanted == last[1] >> 6 & 1 { return send(last, &notes) }
        guard rest != nil else {
            // The host's block never got here: it is to come again.
            return send([0, 0x80 | nr << 4, 0], &notes)
        }
        return nextBlock(&notes)
    }

    private mutating func sBlock(
        _ pcb: UInt8, _ information: ArraySlice<UInt8>, _ notes: inout ReaderNotes
    ) -> CardAnswer {
        switch (pcb, information.count) {
        case (S.resynch, 0):
            let old = self
            self = CardT1(usesCRC: old.usesCRC, ifsc: UInt8(old.ifsc), ifsd: UInt8(old.initialIFSD))
            return send([0, S.resynch | S.response, 0], &notes)
        case (S.ifs, 1):
            guard let value = information.first, (1...254).contains(value) else {
                return refuse(2, &notes, "S(IFS) with a value that is none")
            }
            ifsd = Int(value)
            return send([0, S.ifs | S.response, 1, value], &notes)
        case (S.abort, 0):
            (command, rest, awaited) = ([], nil, nil)
            return send([0, S.abort | S.response, 0], &notes)
        case (0xE0..., _):
            guard let awaited, awaited.code | S.response == pcb,
                Array(information) == awaited.value.map({ [$0] }) ?? []
            else { return refuse(2, &notes, "an S response that nobody asked for") }
            self.awaited = nil
            return goOn(awaited.next, &notes)
        case (S.wtx, _): return refuse(2, &notes, "S(WTX) asked for by the host")
        default: return refuse(2, &notes, "an S-block that is none")
        }
    }

    // MARK: The card's blocks

    private mutating func goOn(_ next: Next, _ notes: inout ReaderNotes) -> CardAnswer {
        switch next {
        case .block(let block): return emit(block)
        case .waits(1, let block): return emit(block)
        case .waits(let left, let block):
            return request(S.wtx, 1, .waits(max(0, left - 1), block))
        case .answer(let bytes, let milliseconds): return answer(bytes, milliseconds, &notes)
        case .giveUp:
            rest = nil
            return emit([0, 0x80 | nr << 4, 0])
        }
    }

    private mutating func answer(
        _ bytes: [UInt8], _ milliseconds: Int, _ notes: inout ReaderNotes
    ) -> CardAnswer {
        if milliseconds > Self.patience {
            let request = request(S.wtx, 1, .answer(bytes, milliseconds - Self.patience))
            guard case .bytes(let block, _) = request else { return request }
            return .bytes(block, after: Self.patience)
        }
        rest = bytes[...]
        let first = nextBlock(&notes)
        guard milliseconds > 0, case .bytes(let block, _) = first else { return first }
        return .bytes(block, after: milliseconds)
    }

    private mutating func nextBlock(_ notes: inout ReaderNotes) -> CardAnswer {
        let bytes = rest ?? []
        let part = bytes.prefix(ifsd)
        let left = bytes.dropFirst(part.count)
        rest = left.isEmpty ? nil : left
        let pcb = ns << 6 | (left.isEmpty ? 0 : 0x20)
        ns ^= 1
        return send([0, pcb, UInt8(part.count)] + part, &notes)
    }

    private mutating func refuse(
        _ error: UInt8, _ notes: inout ReaderNotes, _ complaint: String? = nil
    ) -> CardAnswer {
        if let complaint { notes.complain("T=1: " + complaint) }
        // An R-block stands between a block and its repetition: it is not itself `last`,
        // or the block would be lost.
        let block: [UInt8] = [0, 0x80 | nr << 4 | error, 0]
        if last == nil { last = block }
        return bend(block, &notes)
    }

    private mutating func request(_ code: UInt8, _ value: UInt8?, _ next: Next) -> CardAnswer {
        awaited = Awaited(code: code, value: value, next: next)
        return emit([0, code, value == nil ? 0 : 1] + (value.map { [$0] } ?? []))
    }

    /// Sends a block and remembers it, with what is planned to go wrong.
    private mutating func send(_ block: [UInt8], _ notes: inout ReaderNotes) -> CardAnswer {
        last = block
        return bend(block, &notes)
    }

    private mutating func emit(_ block: [UInt8]) -> CardAnswer {
        last = block
        return .bytes(block + Self.check(block, usesCRC), after: 0)
    }

    private mutating func bend(_ block: [UInt8], _ notes: inout ReaderNotes) -> CardAnswer {
        var wrong = block
        switch notes.blockSent() {
        case .checkError:
            let check = Self.check(block, usesCRC)
            return .bytes(block + check.dropLast() + [(check.last ?? 0) ^ 1], after: 0)
        case .parity: return .parity
        case .drop: return .mute
        case .waitingTime(let count): return request(S.wtx, 1, .waits(count, block))
        case .informationField(let value): return request(S.ifs, value, .block(block))
        case .chainAbort: return request(S.abort, nil, .giveUp)
        case .wrongResponse where block[1] >= 0xE0: wrong[1] ^= 0x02
        case .wrongLength: wrong[2] &+= 1
        case .wrongNode: wrong[0] = 0x11
        case .wrongNumber: wrong[1] ^= block[1] < 0x80 ? 0x40 : 0x10
        default: break
        }
        return .bytes(wrong + Self.check(wrong, usesCRC), after: 0)
    }

    /// LRC: all bytes XORed. CRC: ISO/IEC 13239's polynomial, from FFFF, not inverted, high
    /// byte first, as readers' firmware and drivers have it.
    static func check(_ bytes: [UInt8], _ usesCRC: Bool) -> [UInt8] {
        guard usesCRC else { return [bytes.reduce(0, ^)] }
        var crc: UInt16 = 0xFFFF
        for byte in bytes {
            crc ^= UInt16(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x8408 : crc >> 1 }
        }
        return [UInt8(crc >> 8), UInt8(crc & 0xFF)]
    }
}
