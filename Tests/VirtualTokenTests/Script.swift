import APDU
import Crypto
import Testing
import VirtualToken

/// A conversation as data: commands and the answers they must get, in hex.
///
/// An answer that begins with `..` may have any data before what follows.
struct Script: Sendable, CustomTestStringConvertible {
    let name: String
    let model: PIVModel
    let lines: [(String, String)]

    init(_ name: String, _ model: PIVModel, _ lines: [(String, String)]) {
        self.name = name
        self.model = model
        self.lines = lines
    }

    init(_ name: String, _ lines: [(String, String)]) { self.init(name, .plain, lines) }

    var testDescription: String { name }

    /// Plays it on a new card and gives that card back.
    @discardableResult
    func play(_ state: PIVState = Samples.state()) -> PIVCard {
        var card = PIVCard(model, state)
        Self.play(lines, on: &card)
        return card
    }

    static func play(_ lines: [(String, String)], on card: inout some SimulatedCard) {
        for (number, (command, expected)) in lines.enumerated() {
            let bytes = Hex.bytes(command.filter { $0 != " " })
            guard let bytes else {
                Issue.record("line \(number): \(command) is not hex")
                continue
            }
            let answer = Hex.upper(card.respond(to: bytes))
            let wanted = expected.filter { $0 != " " }
            let isRight =
                wanted.hasPrefix("..")
                ? answer.hasSuffix(wanted.dropFirst(2)) : answer == wanted
            #expect(isRight, "line \(number): \(command) -> \(answer), not \(expected)")
        }
    }
}

extension PIVModel {
    static let plain = PIVModel(yubico: false)
    static let yubiKey = PIVModel(yubico: true)

    static func odd(_ oddities: Oddities) -> PIVModel {
        var model = PIVModel.plain
        model.oddities = oddities
        return model
    }
}

enum Samples {
    static let select = "00A40400 05 A000000308"
    static let pin = "313233343536FFFF"
    static let puk = "3132333435363738"
    static let wrong = "393939393939FFFF"
    static let new = "363534333231FFFF"

    static let property = "61114F0600001000010079074F05A0000003089000"

    /// A token without keys: making them takes time.
    static func state(pinLeft: Int? = nil, pukLeft: Int? = nil) -> PIVState {
        PIVState(
            pin: PIVCode(value: Hex.bytes(pin) ?? [], total: 3, left: pinLeft),
            puk: PIVCode(value: Hex.bytes(puk) ?? [], total: 3, left: pukLeft),
            serial: 0x00BC_614E,
            objects: [0x5FC102: [0x34, 0x00, 0xFE, 0x00], 0x5FC109: [1, 1, 1]])
    }

    static func personalised(
        _ keys: [Personalisation.Key], compressed: Set<UInt8> = []
    ) throws -> (PIVState, CertificateIssuer) {
        let authority = try Personalisation.authority(now: 1_800_000_000)
        var wanted = Personalisation()
        wanted.keys = keys
        wanted.compressed = compressed
        return (try wanted.make(now: 1_800_000_000, authority: authority), authority)
    }
}

extension SimulatedCard {
    /// One command in hex; the answer as bytes.
    mutating func say(_ command: String) -> [UInt8] {
        respond(to: Hex.bytes(command.filter { $0 != " " }) ?? [])
    }

    /// One command, chained in segments of 255 bytes where it is longer; the data that came
    /// back, GET RESPONSE included, and the last status word.
    mutating func exchange(
        _ ins: UInt8, _ p1: UInt8, _ p2: UInt8, _ data: [UInt8]
    ) -> (data: [UInt8], status: StatusWord) {
        var rest = data[...]
        while rest.count > 255 {
            let part = rest.prefix(255)
            _ = respond(to: [0x10, ins, p1, p2, 255] + part)
            rest = rest.dropFirst(255)
        }
        let body = rest.isEmpty ? [] : [UInt8(rest.count)] + rest
        var answer = respond(to: [0x00, ins, p1, p2] + body + [0])
        var gathered: [UInt8] = []
        while answer.count >= 2, answer[answer.count - 2] == 0x61 {
            gathered += answer.dropLast(2)
            answer = respond(to: [0x00, 0xC0, 0, 0, answer[answer.count - 1]])
        }
        return (
            gathered + answer.dropLast(2),
            StatusWord(answer[answer.count - 2], answer[answer.count - 1])
        )
    }

}

extension PIVCard {
    /// The certificate object of a slot, as it lies on the card.
    mutating func certificateObject(_ slot: UInt8) -> (data: [UInt8], status: StatusWord) {
        let tag = PIVSlot.certificateTag(slot) ?? 0
        let bytes = (0..<3).map { UInt8(truncatingIfNeeded: tag >> (16 - 8 * UInt32($0))) }
        return exchange(0xCB, 0x3F, 0xFF, [0x5C, 3] + bytes)
    }

    /// A signature by GENERAL AUTHENTICATE: the bytes in 82.
    mutating func sign(
        _ slot: UInt8, _ algorithm: UInt8, _ block: [UInt8]
    ) throws -> (signature: [UInt8]?, status: StatusWord) {
        let inner = try TLVWriter.object(0x82, []) + TLVWriter.object(0x81, block)
        let (data, status) = exchange(
            0x87, algorithm, slot, try TLVWriter.object(0x7C, inner))
        return (try TLVReader.find([0x7C, 0x82], in: data).map { Array($0.value) }, status)
    }
}
