import APDU
import Crypto
import Testing
import VirtualToken

/// Secure messaging held against what OpenSC 0.23 said to the card.
@Suite struct EPass2003SessionTests {
    private struct Recording: Sendable, CustomTestStringConvertible {
        let cipher: BlockCipher
        let card: String
        let cryptogram: String
        let authentication: String
        let exchanges: [Exchange]
        var testDescription: String { "\(cipher)" }
    }

    private struct Exchange: Sendable {
        let header: [UInt8]
        let field: String
        let plain: String
        let expected: Int
        let data: String
        let status: StatusWord
        let answer: String
    }

    private static let host = "BFC32911C718C340"
    private static let select: [UInt8] = [0x0C, 0xA4, 0, 0]
    private static let master = "6F18820238008302" + "3F00840E656E746572736166652D66697073"
    private static let directory =
        "6F1980020021820504000040008302" + "2F0086089090FF90FFFFFFFF"

    private static let recordings = [
        Recording(
            cipher: .tripleDES, card: "A5708CDB279064D7", cryptogram: "5B4323470ACF6D6D",
            authentication: "157B7E890CF51CC77F9BE5C04E7260AB",
            exchanges: [
                Exchange(
                    header: select,
                    field: "87090117845A964F30ECD29701008E085A321AC5993C177D", plain: "3F00",
                    expected: 256, data: master, status: .success,
                    answer: "872101464D8F264CE4B592E7FCCE8FAC093E410F567224DC9715313D6D66BA808157"
                        + "BA990290008E088A8D05E52FC4A794"),
                Exchange(
                    header: select,
                    field: "8709014E7E13924D8921BF9701008E084DF9B41CA517FEC9", plain: "2F00",
                    expected: 256, data: directory, status: .success,
                    answer: "87210186A6086E07A84E52A65A1EE30D24FB005396558E77BD09D253B2D573800AF7"
                        + "78990290008E080B49491C5C211116"),
                Exchange(
                    header: [0x0C, 0xB2, 1, 4], field: "970200D88E08B90525347E74ABFE", plain: "",
                    expected: 216,
                    data: "611F4F0CA000000063504B43532D3135500965506173733230303351043F005015",
                    status: .success,
                    answer: "872901284B4123DDEBA496F973D03FC6EB5CD18B0EF22305C0AB18ADD5D5DE01FC7D"
                        + "15D8DA57B44CB98250990290008E08C3E49B0F0AD8DDD8"),
                Exchange(
                    header: [0x0C, 0xB2, 2, 4], field: "970200D88E08CA2CAF3C3EB2BF05", plain: "",
                    expected: 216, data: "", status: .recordNotFound,
                    answer: "99026A838E08AEE83999A3E884F0"),
            ]),
        Recording(
            cipher: .aes128, card: "4A3CF043CA057092", cryptogram: "78C8598C2BC234E7",
            authentication: "446E8614734A424FAE347A584EF46025",
            exchanges: [
                Exchange(
                    header: select,
                    field: "871101C7EAF9B7803F65780E14877B09FDF7CB9701008E08BED600F6212CB654",
                    plain: "3F00", expected: 256, data: master, status: .success,
                    answer: "8721018A9F71078536B894E88F2C707F9B465B2E911D7F96588FEBC1372CC7FD981A"
                        + "76990290008E0893743FC7BE30302F"),
                Exchange(
                    header: select,
                    field: "87110178FB361F4EC34BD4FA151312174776F49701008E081737560136B2C639",
                    plain: "2F00", expected: 256, data: directory, status: .success,
                    answer: "872101ADE010D2691BB55E036B3CB893B9E059DC05A10D5A8E005E123991A4587831"
                        + "59990290008E08EDB6F4AB9110B266"),
                Exchange(
                    header: [0x0C, 0xB2, 1, 4], field: "970200D88E08AF62201C6EAFE25F", plain: "",
                    expected: 216,
                    data: "611F4F0CA000000063504B43532D3135500965506173733230303351043F005015",
                    status: .success,
                    answer: "87310106194C0214EE44C04D30935CC89E33E893F8D73E929C062843C2E1E858B5B0"
                        + "D81E519087FB7051C20000AA614BCA5879990290008E0879F73A20472633F8"),
                Exchange(
                    header: [0x0C, 0xB2, 2, 4], field: "970200D88E089585C6B3E04376DE", plain: "",
                    expected: 216, data: "", status: .recordNotFound,
                    answer: "99026A838E08527CB34624008CEA"),
            ]),
    ]

    private static func bytes(_ hex: String) throws -> [UInt8] {
        try #require(Hex.bytes(hex))
    }

    private static func session(_ recording: Recording) throws -> EPass2003Session {
        try EPass2003Session(
            cipher: recording.cipher, transport: Array(1...16), host: bytes(host),
            card: bytes(recording.card))
    }

    private static let authenticate = CommandHeader(0x84, 0x82, 0x03, 0x00)

    @Test(arguments: recordings)
    private func itOpensWhatOpenSCOpens(_ recording: Recording) throws {
        var session = try Self.session(recording)
        #expect(Hex.upper(try session.cardCryptogram()) == recording.cryptogram)
        var wrong = try Self.bytes(recording.authentication)
        for place in wrong.indices {
            wrong[place] ^= 1
            #expect(try session.open(Self.authenticate, wrong) == false)
            wrong[place] ^= 1
        }
        #expect(try session.open(Self.authenticate, wrong))
    }

    @Test(arguments: recordings)
    private func itReadsAndAnswersWhatOpenSCTook(_ recording: Recording) throws {
        var session = try Self.session(recording)
        #expect(try session.open(Self.authenticate, Self.bytes(recording.authentication)))
        for exchange in recording.exchanges {
            let h = exchange.header
            let plain = try #require(
                try session.unwrap(
                    CommandHeader(h[0], h[1], h[2], h[3]), Self.bytes(exchange.field)))
            #expect(plain.header == CommandHeader(0, h[1], h[2], h[3]))
            #expect(Hex.upper(plain.data) == exchange.plain)
            #expect(plain.expected == exchange.expected)
            let answer = try session.wrap(Self.bytes(exchange.data), exchange.status)
            #expect(Hex.upper(answer) == exchange.answer)
        }
    }

    @Test(arguments: recordings)
    private func anyBitThatIsWrongIsSeen(_ recording: Recording) throws {
        var opened = try Self.session(recording)
        #expect(try opened.open(Self.authenticate, Self.bytes(recording.authentication)))
        let exchange = recording.exchanges[0]
        let right = exchange.header + (try Self.bytes(exchange.field))
        for place in right.indices {
            var wrong = right
            wrong[place] ^= 0x10
            var session = opened
            let header = CommandHeader(wrong[0], wrong[1], wrong[2], wrong[3])
            #expect(try session.unwrap(header, Array(wrong.dropFirst(4))) == nil)
        }
        // The same command again is another one: the counter goes up.
        var session = opened
        let header = CommandHeader(right[0], right[1], right[2], right[3])
        #expect(try session.unwrap(header, Array(right.dropFirst(4))) != nil)
        #expect(try session.unwrap(header, Array(right.dropFirst(4))) == nil)
    }
}
