import APDU
import Testing

/// A command's way through T=0: the TPDUs it becomes, what the card answers to each, how it
/// ends.
struct T0Script: Sendable, CustomTestStringConvertible {
    let name: String
    let command: [UInt8]
    let sent: [[UInt8]]
    let answers: [[UInt8]]
    var response: [UInt8] = []
    var error: T0Error.Code?
    var testDescription: String { name }

    init(
        _ name: String, _ command: String, sent: [String], answers: [String],
        response: String = "", error: T0Error.Code? = nil
    ) {
        self.init(
            name, hex(command), sent: sent.map(hex), answers: answers.map(hex),
            response: hex(response), error: error)
    }

    init(
        _ name: String, _ command: [UInt8], sent: [[UInt8]], answers: [[UInt8]],
        response: [UInt8] = [], error: T0Error.Code? = nil
    ) {
        self.name = name
        self.command = command
        self.sent = sent
        self.answers = answers
        self.response = response
        self.error = error
    }
}

extension T0Script {
    static let short: [T0Script] = [
        T0Script("1", "00A4040C", sent: ["00A4040C00"], answers: ["9000"], response: "9000"),
        T0Script(
            "1, 61xx is the caller's", "00A4040C", sent: ["00A4040C00"], answers: ["6105"],
            response: "6105"),
        T0Script(
            "1, 6Cxx is the caller's", "00A4040C", sent: ["00A4040C00"], answers: ["6C05"],
            response: "6C05"),
        T0Script(
            "1, data nobody asked for are dropped", "00A4040C", sent: ["00A4040C00"],
            answers: ["0102 9000"], response: "9000"),
        T0Script(
            "2S", "00B0000003", sent: ["00B0000003"], answers: ["010203 9000"],
            response: "010203 9000"),
        T0Script(
            "2S.2, length refused", "00B0000003", sent: ["00B0000003"], answers: ["6700"],
            response: "6700"),
        T0Script(
            "2S.3, shorter", "00B0000000", sent: ["00B0000000", "00B0000002"],
            answers: ["6C02", "0102 9000"], response: "0102 9000"),
        T0Script(
            "2S.3, longer: what was asked for is kept", "00B0000002",
            sent: ["00B0000002", "00B0000004"], answers: ["6C04", "01020304 9000"],
            response: "0102 9000"),
        T0Script(
            "2S.3, a second 6Cxx is the caller's", "00B0000000",
            sent: ["00B0000000", "00B0000002"], answers: ["6C02", "6C01"], response: "6C01"),
        T0Script(
            "2S.3, data before 6Cxx are dropped", "00B0000000",
            sent: ["00B0000000", "00B0000002"], answers: ["FF 6C02", "0102 9000"],
            response: "0102 9000"),
        T0Script(
            "2S.4", "00B0000003", sent: ["00B0000003"], answers: ["0102 9404"],
            response: "0102 9404"),
        T0Script(
            "2S, a warning with data", "00B0000003", sent: ["00B0000003"], answers: ["01 6282"],
            response: "01 6282"),
        T0Script(
            "2S, 61xx without data", "00B0000000", sent: ["00B0000000", "00C0000002"],
            answers: ["6102", "0102 9000"], response: "0102 9000"),
        T0Script(
            "2S, 61xx with data", "80CA000004", sent: ["80CA000004", "00C0000003"],
            answers: ["01 6109", "020304 6106"], response: "01020304 6106"),
        T0Script(
            "2S, more than was asked for waits", "00B0000001", sent: ["00B0000001"],
            answers: ["01 6105"], response: "01 6105"),
        T0Script(
            "3S", "00D6000002 AABB", sent: ["00D6000002AABB"], answers: ["9000"],
            response: "9000"),
        T0Script(
            "3S, 61xx is the caller's", "00D6000002 AABB", sent: ["00D6000002AABB"],
            answers: ["6110"], response: "6110"),
        T0Script(
            "3S, 6Cxx does not send a code twice", "0020008004 31323334",
            sent: ["002000800431323334"], answers: ["6C04"], response: "6C04"),
        T0Script(
            "3S, a wrong code", "0020008004 31323334", sent: ["002000800431323334"],
            answers: ["63C2"], response: "63C2"),
        T0Script(
            "4S.1", "00A4040002 3F0000", sent: ["00A40400023F00"], answers: ["6A82"],
            response: "6A82"),
        T0Script(
            "4S.1, 6Cxx does not send data twice", "00A4040002 3F0000",
            sent: ["00A40400023F00"], answers: ["6C02"], response: "6C02"),
        T0Script(
            "4S.2, 9000 is the end", "00A4040002 3F0000", sent: ["00A40400023F00"],
            answers: ["9000"], response: "9000"),
        T0Script(
            "4S.3, less than was asked for", "00A4040002 3F0000",
            sent: ["00A40400023F00", "00C0000003"], answers: ["6103", "010203 9000"],
            response: "010203 9000"),
        T0Script(
            "4S.3, more than was asked for", "00A4040002 3F0002",
            sent: ["00A40400023F00", "00C0000002"], answers: ["6103", "0102 6101"],
            response: "0102 6101"),
        T0Script(
            "4S.3, 6100", "00A4040002 3F0000", sent: ["00A40400023F00", "00C0000000"],
            answers: ["6100", "01 9000"], response: "01 9000"),
        T0Script(
            "4S.3, the channel stays and all else of the class goes", "1FCB3FFF01 5C00",
            sent: ["1FCB3FFF015C", "03C0000001"], answers: ["6101", "AA 9000"],
            response: "AA 9000"),
        T0Script(
            "4S.3, further channel", "75CB3FFF01 5C00", sent: ["75CB3FFF015C", "45C0000001"],
            answers: ["6101", "AA 9000"], response: "AA 9000"),
        T0Script(
            "4S.3, 6Cxx to GET RESPONSE", "00A4040002 3F0000",
            sent: ["00A40400023F00", "00C0000008", "00C0000002"],
            answers: ["6108", "6C02", "0102 9000"], response: "0102 9000"),
        T0Script(
            "4S.3, a second 6Cxx to GET RESPONSE", "00A4040002 3F0000",
            sent: ["00A40400023F00", "00C0000008", "00C0000002"],
            answers: ["6108", "6C02", "6C01"], response: "6C01"),
        T0Script(
            "4S.3, an error behind data", "00A4040002 3F0000",
            sent: ["00A40400023F00", "00C0000002", "00C0000001"],
            answers: ["6102", "0102 6101", "6F00"], response: "0102 6F00"),
        T0Script(
            "4S.4", "00A4040002 3F0000", sent: ["00A40400023F00"], answers: ["6283"],
            response: "6283"),
    ]

    /// 300 bytes of data, and the whole command around them: 307 bytes, so one segment of 255
    /// and one of 52.
    static let data300 = pattern(300)
    static let command3E = hex("00D60000 00 012C") + data300
    /// The same with Le 0200: 309 bytes, 255 and 54.
    static let command4E = command3E + hex("0200")
    /// 503 bytes of data make 510: two full segments and no more.
    static let commandEven = hex("00D60000 00 01F7") + pattern(503)

    static let extended: [T0Script] = [
        T0Script(
            "2E.1", "00B00000 00 0003", sent: ["00B0000003"], answers: ["010203 9000"],
            response: "010203 9000"),
        T0Script(
            "2E.1, 256", "00B00000 00 0100", sent: ["00B0000000"], answers: ["01 9000"],
            response: "01 9000"),
        T0Script(
            "2E.2 a", "00B00000 00 0000", sent: ["00B0000000"], answers: ["6700"],
            response: "6700"),
        T0Script(
            "2E.2 b", "00B00000 00 0000", sent: ["00B0000000", "00B0000002"],
            answers: ["6C02", "0102 9000"], response: "0102 9000"),
        T0Script(
            "2E.2 c", hex("00B00000 00 0000"), sent: [hex("00B0000000")],
            answers: [pattern(256) + hex("9000")], response: pattern(256) + hex("9000")),
        T0Script(
            "2E.2 d", hex("00B00000 00 012C"), sent: [hex("00B0000000"), hex("00C000002C")],
            answers: [pattern(256) + hex("6100"), pattern(44) + hex("6108")],
            response: pattern(256) + pattern(44) + hex("6108")),
        T0Script(
            "3E.1", "00D60000 00 0002 AABB", sent: ["00D6000002AABB"], answers: ["9000"],
            response: "9000"),
        T0Script(
            "4E.1", hex("00CB3FFF 00 0001 5C 0000"),
            sent: [
                hex("00CB3FFF015C"), hex("00C0000000"), hex("00C0000000"), hex("00C0000004"),
            ],
            answers: [
                hex("6100"), pattern(256) + hex("6100"), pattern(256) + hex("6104"),
                hex("AABBCCDD 9000"),
            ],
            response: pattern(256) + pattern(256) + hex("AABBCCDD 9000")),
        T0Script(
            "4E.1, 9000 is the end", "00CB3FFF 00 0001 5C 0000", sent: ["00CB3FFF015C"],
            answers: ["9000"], response: "9000"),
        T0Script(
            "3E.2", command3E,
            sent: [
                hex("00C20000FF") + command3E[..<255], hex("00C2000034") + command3E[255...],
            ],
            answers: [hex("9000"), hex("9000")], response: hex("9000")),
        T0Script(
            "3E.2, 61xx at the end is the caller's", command3E,
            sent: [
                hex("00C20000FF") + command3E[..<255], hex("00C2000034") + command3E[255...],
            ],
            answers: [hex("9000"), hex("6108")], response: hex("6108")),
        T0Script(
            "3E.2, two full segments", commandEven,
            sent: [
                hex("00C20000FF") + commandEven[..<255], hex("00C20000FF") + commandEven[255...],
            ],
            answers: [hex("9000"), hex("9000")], response: hex("9000")),
        T0Script(
            "3E.2 a, ENVELOPE is not known", command3E,
            sent: [hex("00C20000FF") + command3E[..<255]], answers: [hex("6D00")],
            response: hex("6D00")),
        T0Script(
            "3E.2, 61xx in the middle ends it", command3E,
            sent: [hex("00C20000FF") + command3E[..<255]], answers: [hex("6103")],
            response: hex("6103")),
        T0Script(
            "3E.2, no segment goes out twice", command3E,
            sent: [hex("00C20000FF") + command3E[..<255]], answers: [hex("6C10")],
            response: hex("6C10")),
        T0Script(
            "4E.2", command4E,
            sent: [
                hex("00C20000FF") + command4E[..<255], hex("00C2000036") + command4E[255...],
                hex("00C0000000"), hex("00C0000000"),
            ],
            answers: [
                hex("9000"), hex("6100"), pattern(256) + hex("6100"), pattern(256) + hex("9000"),
            ],
            response: pattern(256) + pattern(256) + hex("9000")),
        T0Script(
            "4E.2, the channel of ENVELOPE", [0x12] + command4E.dropFirst(),
            sent: [hex("02C20000FF 12") + command4E[1..<255]], answers: [hex("6881")],
            response: hex("6881")),
    ]

    static let hostile: [T0Script] = [
        T0Script(
            "nothing", "00B0000003", sent: ["00B0000003"], answers: [""], error: .responseLength),
        T0Script(
            "half a status", "00B0000003", sent: ["00B0000003"], answers: ["90"],
            error: .responseLength),
        T0Script(
            "more data than P3", "00B0000003", sent: ["00B0000003"],
            answers: ["01020304 9000"], error: .responseLength),
        T0Script(
            "data to data", "00D6000002 AABB", sent: ["00D6000002AABB"], answers: ["01 9000"],
            error: .bothWays),
        T0Script(
            "more data than GET RESPONSE asked for", "00A4040002 3F0000",
            sent: ["00A40400023F00", "00C0000001"], answers: ["6101", "0102 9000"],
            error: .responseLength),
        T0Script(
            "61xx without an end", "00A4040002 3F0000",
            sent: ["00A40400023F00", "00C0000001"], answers: ["6101", "6101"],
            error: .responseStalled),
        T0Script(
            "6160 is a status, 60 is none", "00B0000003", sent: ["00B0000003"],
            answers: ["60 00"], error: .statusInvalid(0x60)),
        T0Script(
            "a status of no T=0 card", "00B0000003", sent: ["00B0000003"], answers: ["A000"],
            error: .statusInvalid(0xA0)),
        T0Script(
            "a status of zero", "00B0000003", sent: ["00B0000003"], answers: ["0000"],
            error: .statusInvalid(0)),
    ]
}
