import APDU
import Crypto
import Secrets
import Testing
import VirtualToken

@testable import Tokens

/// A simulated token some of whose answers a test replaces, with a record of what it was sent.
struct RewiredCard: CardChannel {
    enum Reply {
        case through
        case answer(String)
        case fault(CardFault)
    }

    var token: VirtualChannel
    var takesExtended = false
    var rewire: ([UInt8]) -> Reply
    private(set) var sent: [[UInt8]] = []

    init(_ card: any SimulatedCard, _ rewire: @escaping ([UInt8]) -> Reply = { _ in .through }) {
        token = VirtualChannel(card)
        self.rewire = rewire
    }

    /// Commands that begin with these hex digits get these answers.
    init(_ card: any SimulatedCard, _ answers: [(String, String)]) {
        self.init(card) { command in
            let hex = Hex.upper(command)
            return answers.first { hex.hasPrefix($0.0) }.map { .answer($0.1) } ?? .through
        }
    }

    mutating func transmit(
        _ command: UnsafeRawBufferPointer, writes: Bool, into response: inout ResponseBuffer
    ) throws(CardFault) {
        let bytes = Array(command)
        sent.append(bytes)
        switch rewire(bytes) {
        case .through: try token.transmit(command, writes: writes, into: &response)
        case .fault(let fault): throw fault
        case .answer(let hex):
            response.clear()
            _ = (Hex.bytes(hex) ?? []).withUnsafeBytes { response.append(contentsOf: $0) }
        }
    }

    /// The headers of what was sent, in hex.
    var headers: [String] { sent.map { Hex.upper($0.prefix(4)) } }
}

extension PIVModel {
    static let plain = PIVModel(yubico: false)
    static let extended = PIVModel(yubico: true)

    static func odd(_ oddities: Oddities) -> PIVModel {
        var model = PIVModel.plain
        model.oddities = oddities
        return model
    }
}

enum Sample {
    static let now: Int64 = 1_800_000_000
    static let message = Array("một thử thách".utf8)

    /// A new token with P-256 keys in 9A and 9C, codes 123456 and 12345678.
    static func state(
        _ change: (inout Personalisation) -> Void = { _ in }
    ) throws -> PIVState {
        var wanted = Personalisation()
        change(&wanted)
        return try wanted.make(now: now, authority: Personalisation.authority(now: now))
    }

    static func card(
        _ model: PIVModel = .plain, _ change: (inout Personalisation) -> Void = { _ in }
    ) throws -> PIVCard {
        PIVCard(model, try state(change))
    }

    static func certificate(_ algorithm: KeyAlgorithm = .p256) throws -> Certificate {
        try Personalisation.authority(now: now).issue(
            CertificateContent(
                subject: [("CN", "Ai đó")], key: try KeyPair(generating: algorithm).publicKey,
                notBefore: now, notAfter: now + 86_400))
    }
}

func secret(_ text: String) throws -> Secret { try secret(Array(text.utf8)) }

func secret(_ bytes: [UInt8]) throws -> Secret {
    var buffer = try LockedBuffer(capacity: bytes.count)
    bytes.withUnsafeBytes { _ = buffer.append(contentsOf: $0) }
    return try Secret(buffer)
}

func select<C: CardChannel & ~Copyable>(_ card: inout C) throws -> PIVApplet {
    try #require(try TokenFamilies.recognise(&card) as? PIVApplet)
}

/// The same numbers on every run, so that a failure comes again.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension [UInt8] {
    /// Every beginning of it, and `count` copies with some bytes changed, left out or doubled.
    func mutations(_ count: Int, seed: UInt64) -> [[UInt8]] {
        var numbers = SeededNumbers(seed)
        var all = indices.map { Array(prefix($0)) }
        for _ in 0..<count {
            var copy = self
            for _ in 0..<Int.random(in: 1...4, using: &numbers) where !copy.isEmpty {
                let at = Int.random(in: copy.indices, using: &numbers)
                switch Int.random(in: 0..<4, using: &numbers) {
                case 0: copy[at] = UInt8.random(in: 0...255, using: &numbers)
                case 1: copy[at] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
                case 2: copy.remove(at: at)
                default: copy.insert(copy[at], at: at)
                }
            }
            all.append(copy)
        }
        return all
    }
}
