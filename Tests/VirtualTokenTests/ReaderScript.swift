import Crypto
import Testing
import VirtualToken

/// A reader on a bus of its own, spoken to in hex.
struct Bench {
    var reader: CCIDReader
    var sequence: UInt8 = 0

    init(
        _ model: PIVModel = .plain, _ change: (inout ReaderDesign) -> Void = { _ in }
    ) {
        var design = ReaderDesign()
        change(&design)
        let tokens = (0..<design.slots).map { _ in
            SimulatedToken(PIVCard(model, Samples.state()))
        }
        reader = CCIDReader(design, tokens)
        _ = reader.control(SetupPacket(0, 9, value: 1), [], now: 0)
    }

    /// A message as it stands, and the transfers that come of it, in hex.
    mutating func raw(_ bytes: [UInt8], now: Int64 = 0) -> [String] {
        guard reader.out(1, bytes, endsWithEmptyPacket: false, now: now) else { return ["stall"] }
        return transfers()
    }

    mutating func transfers() -> [String] {
        var all: [String] = []
        while let transfer = reader.take(2, 65_556) {
            switch transfer {
            case .data(let bytes): all.append(Hex.upper(bytes))
            case .babble: all.append("babble")
            case .stall: return all + ["stall"]
            }
        }
        return all
    }

    /// Type, parameters and data of a message; type, status, bError, parameter and data of
    /// each answer: what is between is checked here.
    mutating func say(
        _ type: UInt8, _ specific: String = "000000", _ data: String = "", slot: UInt8 = 0,
        now: Int64 = 0
    ) -> [String] {
        let data = Hex.bytes(data.filter { $0 != " " }) ?? []
        sequence &+= 1
        let length = (0..<4).map { UInt8(truncatingIfNeeded: data.count >> (8 * $0)) }
        let head = [type] + length + [slot, sequence] + (Hex.bytes(specific) ?? [])
        return raw(head + data, now: now).map { answer in
            guard let bytes = Hex.bytes(answer), bytes.count >= 10 else { return answer }
            let isOurs = bytes[5] == slot && bytes[6] == sequence
            let isWhole = bytes[1] == UInt8(truncatingIfNeeded: bytes.count - 10)
            #expect(isOurs && isWhole, "\(answer)")
            return Hex.upper([bytes[0]] + bytes[7...])
        }
    }

    /// XfrBlock; the data of the one answer, or its status and bError.
    mutating func exchange(_ data: String, now: Int64 = 0) -> String {
        let answers = say(0x6F, "000000", data, now: now)
        guard answers.count == 1, let answer = answers.first else { return "\(answers)" }
        let isDone = answer.hasPrefix("800000")
        return String(isDone ? answer.dropFirst(8) : answer.dropFirst(2).prefix(4))
    }

    /// A T=1 block with its LRC put on, and the answer without its own, which must be right.
    mutating func block(_ body: String, now: Int64 = 0) -> String {
        let bytes = Hex.bytes(body.filter { $0 != " " }) ?? []
        let answer = exchange(Hex.upper(bytes + [bytes.reduce(0, ^)]), now: now)
        guard let back = Hex.bytes(answer), back.count >= 4 else { return answer }
        #expect(back.reduce(0, ^) == 0, "check of \(answer)")
        return Hex.upper(back.dropLast())
    }
}
