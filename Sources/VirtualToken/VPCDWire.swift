/// vpcd's protocol, seen from the card: a two-byte big-endian length, then a command or one
/// byte of control. A training agent speaks it too.
package struct VPCDWire: Sendable {
    package enum Message: Equatable, Sendable {
        case powerOff, powerOn, reset
        /// The reader asks for the answer to reset.
        case answerToReset
        case command([UInt8])
    }

    private var held: [UInt8] = []
    private var start = 0

    package init() {}

    package mutating func append(_ bytes: some Sequence<UInt8>) {
        if start == held.count { (held, start) = ([], 0) }
        held.append(contentsOf: bytes)
    }

    /// The next whole message; nil until more bytes come. Empty messages and controls nobody
    /// defined are passed over.
    package mutating func next() -> Message? {
        while held.count - start >= 2 {
            let length = Int(held[start]) << 8 | Int(held[start + 1])
            guard held.count - start >= 2 + length else { return nil }
            let body = Array(held[(start + 2)..<(start + 2 + length)])
            start += 2 + length
            switch (body.count, body.first) {
            case (0, _): continue
            case (1, 0x00): return .powerOff
            case (1, 0x01): return .powerOn
            case (1, 0x02): return .reset
            case (1, 0x04): return .answerToReset
            case (1, _): continue
            default: return .command(body)
            }
        }
        return nil
    }

    /// One answer as it goes out; nil above 65535 bytes, which the protocol cannot carry.
    package static func frame(_ bytes: [UInt8]) -> [UInt8]? {
        guard let length = UInt16(exactly: bytes.count) else { return nil }
        return [UInt8(length >> 8), UInt8(length & 0xFF)] + bytes
    }
}
