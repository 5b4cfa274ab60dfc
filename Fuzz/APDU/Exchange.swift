// A card that answers anything: the exchange ends, a code goes out once, and what is gathered
// stays below its limit. The input is flags, then answers: a length byte and so many bytes.
// sources: Sources/APDU
// seed: 00029000
// seed: 01046C026101059000
// seed: 0204AABB610103CC9000
// seed: 0502610102610104010261FF
import APDU

/// Plays the input's answers one after the other.
private struct Card: ~Copyable, CardChannel {
    var rest: UnsafeRawBufferPointer
    let takesExtended: Bool
    var codesSent = 0
    var sent = 0

    init(_ rest: UnsafeRawBufferPointer, takesExtended: Bool) {
        self.rest = rest
        self.takesExtended = takesExtended
    }

    mutating func transmit(
        _ command: UnsafeRawBufferPointer, writes: Bool, into response: inout ResponseBuffer
    ) throws(CardFault) {
        guard let parsed = try? CommandAPDU(parsing: command) else {
            fatalError("an impossible command is sent")
        }
        precondition(takesExtended || parsed.form == .short, "extended where it is not taken")
        sent += 1
        if parsed.header.ins == 0x20, !parsed.header.isChained { codesSent += 1 }
        guard let length = rest.first else { throw .mute }
        let answer = rest.dropFirst().prefix(Int(length))
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(1 + answer.count))
        guard response.append(contentsOf: UnsafeRawBufferPointer(rebasing: answer)) else {
            fatalError("no room for a short answer")
        }
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    guard let flags = bytes.first else { return 0 }
    let isSecret = flags & 1 != 0
    let data = [UInt8](repeating: 0x31, count: flags & 2 != 0 ? 300 : 8)
    var card = Card(
        UnsafeRawBufferPointer(rebasing: bytes.dropFirst()), takesExtended: flags & 4 != 0)
    var scratch = PlainBuffer(capacity: 600)
    let limit = 512
    let result = data.withUnsafeBytes { data in
        try? CardExchange.run(
            channel: &card, header: CommandHeader(flags & 0x43, 0x20, 0, 0x80), data: data,
            expecting: flags & 8 != 0 ? .max : .none, secretBearing: isSecret, writes: true,
            limit: limit, scratch: &scratch)
    }
    if let result { precondition(result.data.count <= limit, "more than the limit") }
    precondition(card.codesSent <= (isSecret ? 1 : 2), "a command is sent too often")
    precondition(card.sent <= 2 + 2 * (limit + 2) + 2, "no end")
    precondition(scratch.count == 0, "the command is left behind")
    return 0
}
