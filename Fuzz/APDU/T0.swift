// T=0 with a card that says anything: TPDUs have the length P3 gives, data go out once and in
// order, the exchange ends, and no more comes back than was asked for. The input is the length
// of a command in two bytes, the command, and what the card says: character by character where
// the length is even, else one length byte and so many bytes for each TPDU.
// sources: Sources/APDU
// seed: 000400A4040C9000
// seed: 000800A40400023F0000A4610AC0010203040506070809009000
// seed: 000500B00000036C02B001029000
// seed: 000700B0000000012CB0610160C0019000
// seed: 0004FA6B7E00
// seed: 000900CB3FFF0000015C0000026103050102036101
import APDU

/// The bytes of the input that are left for the card to say.
private struct Card {
    var rest: UnsafeRawBufferPointer

    mutating func next() -> UInt8? {
        guard let byte = rest.first else { return nil }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst())
        return byte
    }

    /// One response TPDU as a reader brings it, whatever it is.
    mutating func response(_ sink: inout PlainBuffer) -> Bool {
        guard let length = next() else { return false }
        for _ in 0..<length {
            guard let byte = next() else { break }
            _ = sink.append(byte)
        }
        return true
    }

    /// One response TPDU from the card's characters.
    mutating func characters(_ tpdu: UnsafeRawBufferPointer, _ sink: inout PlainBuffer) -> Bool {
        guard var characters = try? T0Characters(tpdu: tpdu, nullLimit: 3),
            var step = try? characters.start()
        else { fatalError("an impossible TPDU") }
        var sent = 0
        var taken = 0
        while true {
            switch step {
            case .send(let range):
                precondition(range.lowerBound == sent && !range.isEmpty, "out of order")
                precondition(range.upperBound <= tpdu.count, "beyond the TPDU")
                sent = range.upperBound
            case .take(let count):
                precondition(count >= 1 && count <= 256, "takes nothing")
            case .finished(let status):
                precondition(sink.count >= 2 && sink.bytes.suffix(2) == [status.sw1, status.sw2])
                return true
            }
            taken += 1
            precondition(taken <= 2 * 256 + 3 + 3, "no end")
            guard let byte = next(), let after = try? characters.receive(byte, into: &sink) else {
                return false
            }
            step = after
        }
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    var input = Card(rest: UnsafeRawBufferPointer(start: start, count: count))
    guard let high = input.next(), let low = input.next() else { return 0 }
    let length = Int(high) << 8 | Int(low)
    guard length <= input.rest.count else { return 0 }
    let bytes = UnsafeRawBufferPointer(rebasing: input.rest[..<length])
    var card = Card(rest: UnsafeRawBufferPointer(rebasing: input.rest[length...]))
    guard let command = try? CommandAPDU(parsing: bytes) else { return 0 }

    var exchange = T0Exchange(command)
    var response = ResponseBuffer()
    var dataOut = 0
    var steps = 0
    while true {
        var tpdu = PlainBuffer(capacity: T0Characters.longestCommand)
        guard (try? exchange.encode(bytes, into: &tpdu)) != nil else {
            precondition(command.header.ins & 0xF0 == 0x60, "no TPDU")
            break
        }
        precondition(tpdu.count >= 5, "no header")
        dataOut += tpdu.count - 5
        steps += 1
        precondition(steps <= 258 + 2 * (command.expectedCount + 1) + 2, "no end")

        var sink = PlainBuffer(capacity: T0Characters.longestResponse)
        let isWhole = tpdu.withBytes {
            length % 2 == 0 ? card.characters($0, &sink) : card.response(&sink)
        }
        guard isWhole,
            let step = try? sink.withBytes({ try exchange.receive($0, into: &response) })
        else { break }
        guard case .finished = step else { continue }
        precondition(response.count >= 2, "no status")
        precondition(response.count - 2 <= command.expectedCount, "more than was asked for")
        break
    }
    precondition(dataOut <= bytes.count, "data went out twice")
    return 0
}
