import APDU

/// A card's end of T=1, small and made apart from the room: bytes in, bytes out, no code shared.
/// It notes whatever an interface device may not do.
final class T1ModelCard {
    /// What the interface device may send, at most.
    var ifsc: Int
    var ifsd = 32
    let edc: T1EDC
    /// Requests before the response of each command: C3 or C1, with their byte.
    var requests: [(code: UInt8, value: UInt8)] = []
    /// Makes the response to a command.
    var respond: ([UInt8]) -> [UInt8] = { _ in [0x90, 0x00] }

    private(set) var executed: [[UInt8]] = []
    private(set) var resynchronisations = 0
    private(set) var violations: [String] = []

    private var expected: UInt8 = 0
    private var own: UInt8 = 0
    private var received: [UInt8] = []
    private var outgoing: [UInt8] = []
    private var pending: (code: UInt8, value: UInt8)?
    private var queue: [(code: UInt8, value: UInt8)] = []
    /// The I-block that is out, and whether others follow.
    private var out: (bytes: [UInt8], number: UInt8, more: Bool)?

    init(ifsc: Int, edc: T1EDC) {
        self.ifsc = ifsc
        self.edc = edc
    }

    /// The answer to what arrives.
    func receive(_ bytes: [UInt8]) -> [UInt8] {
        let body = Array(bytes.dropLast(edc == .lrc ? 1 : 2))
        guard body.count >= 3, errorDetectionCode(body, edc) == Array(bytes.dropFirst(body.count)),
            body[0] == 0, Int(body[2]) == body.count - 3
        else { return repeatRequest() ?? ready(1) }
        let control = body[1]
        let information = Array(body.dropFirst(3))
        if control == 0xC0 { return resynchronise() }
        if control == 0xC1 {
            ifsd = Int(information[0])
            return seal([0, 0xE1, 1, information[0]])
        }
        if let asked = pending {
            guard control == asked.code | 0x20, information == [asked.value] else {
                if control < 0x80 { violations.append("an I-block instead of S(response)") }
                return repeatRequest() ?? []
            }
            pending = nil
            if asked.code == 0xC1 { ifsc = Int(asked.value) }
            return next()
        }
        switch control {
        case 0x00, 0x20, 0x40, 0x60: return take(control, information)
        case 0x80, 0x81, 0x82, 0x90, 0x91, 0x92: return ready(toSend: control >> 4 & 1)
        default:
            violations.append("control \(control)")
            return ready(2)
        }
    }

    private func take(_ control: UInt8, _ information: [UInt8]) -> [UInt8] {
        guard control >> 6 == expected else {
            violations.append("N(S) is not N(R)")
            return ready(2)
        }
        if information.count > ifsc { violations.append("longer than IFSC") }
        if information.isEmpty { violations.append("an empty I-block") }
        expected ^= 1
        out = nil
        received += information
        guard control & 0x20 == 0 else { return ready(0) }
        executed.append(received)
        outgoing = respond(received)
        received = []
        queue = requests
        return next()
    }

    /// The request that is due, or else the next I-block.
    private func next() -> [UInt8] {
        if !queue.isEmpty {
            pending = queue.removeFirst()
            return repeatRequest() ?? []
        }
        let part = outgoing.prefix(ifsd)
        outgoing.removeFirst(part.count)
        let more = !outgoing.isEmpty
        let control = own << 6 | (more ? 0x20 : 0)
        let bytes = seal([0, control, UInt8(part.count)] + part)
        out = (bytes, own, more)
        own ^= 1
        return bytes
    }

    /// R(number) came: the I-block with that number is awaited.
    private func ready(toSend number: UInt8) -> [UInt8] {
        guard let out else { return ready(0) }
        if number == out.number { return out.bytes }
        return out.more ? next() : ready(0)
    }

    private func ready(_ report: UInt8) -> [UInt8] {
        seal([0, 0x80 | expected << 4 | report, 0])
    }

    private func repeatRequest() -> [UInt8]? {
        pending.map { seal([0, $0.code, 1, $0.value]) }
    }

    private func resynchronise() -> [UInt8] {
        (expected, own, received, outgoing) = (0, 0, [], [])
        (pending, queue, out) = (nil, [], nil)
        resynchronisations += 1
        return seal([0, 0xE0, 0])
    }

    private func seal(_ body: [UInt8]) -> [UInt8] { body + errorDetectionCode(body, edc) }
}
