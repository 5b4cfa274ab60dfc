import APDU
import Testing

@Suite struct CardExchangeTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        var cla: UInt8 = 0x00
        var data: [UInt8] = []
        var expecting = ExpectedLength.none
        var secret = false
        var lengths = LengthPolicy.automatic
        var takesExtended = false
        let answers: [String]
        let sent: [String]
        let response: String
        var testDescription: String { name }
    }

    static let rows: [Row] = [
        Row(name: "case 1", answers: ["9000"], sent: ["00CB3FFF"], response: "9000"),
        Row(
            name: "case 2", expecting: .max, answers: ["AB9000"], sent: ["00CB3FFF00"],
            response: "AB9000"),
        Row(
            name: "case 4 and 61xx", data: [0x5C, 0], expecting: .max,
            answers: ["016102", "02039000"], sent: ["00CB3FFF025C0000", "00C0000002"],
            response: "0102039000"),
        Row(
            name: "6Cxx sends the whole command again", data: [0x5C, 0], expecting: .max,
            answers: ["6C01", "AB9000"], sent: ["00CB3FFF025C0000", "00CB3FFF025C0001"],
            response: "AB9000"),
        Row(
            name: "6Cxx never sends a code again", data: [1, 2], expecting: .max, secret: true,
            answers: ["6C01"], sent: ["00CB3FFF02010200"], response: "6C01"),
        Row(
            name: "255 bytes are one short command", data: pattern(255), takesExtended: true,
            answers: ["9000"], sent: ["00CB3FFFFF" + text(pattern(255))], response: "9000"),
        Row(
            name: "256 bytes are chained", data: pattern(256), expecting: .max,
            answers: ["9000", "AB9000"],
            sent: [
                "10CB3FFFFF" + text(pattern(255)), "00CB3FFF01" + text(pattern(256)[255...]) + "00",
            ],
            response: "AB9000"),
        Row(
            name: "256 bytes are one extended command", data: pattern(256), expecting: .max,
            takesExtended: true, answers: ["AB9000"],
            sent: ["00CB3FFF000100" + text(pattern(256)) + "0000"], response: "AB9000"),
        Row(
            name: "chained all the same where short is asked for", data: pattern(256),
            lengths: .short, takesExtended: true, answers: ["9000", "9000"],
            sent: ["10CB3FFFFF" + text(pattern(255)), "00CB3FFF01" + text(pattern(256)[255...])],
            response: "9000"),
        Row(
            name: "extended where it is asked for", data: [1], expecting: .max,
            lengths: .extended, takesExtended: true, answers: ["AB9000"],
            sent: ["00CB3FFF00000101" + "0000"], response: "AB9000"),
        Row(
            name: "extended where the card is known to take it and does not announce it",
            data: [1], expecting: .max, lengths: .extendedUnannounced, answers: ["AB9000"],
            sent: ["00CB3FFF00000101" + "0000"], response: "AB9000"),
        Row(
            name: "6Cxx to an extended command keeps its form", data: [1], expecting: .max,
            lengths: .extended, takesExtended: true, answers: ["6C08", "AB9000"],
            sent: ["00CB3FFF00000101" + "0000", "00CB3FFF00000101" + "0008"], response: "AB9000"),
        Row(
            name: "a long Le makes the command extended", expecting: .exactly(300),
            takesExtended: true, answers: ["AB9000"], sent: ["00CB3FFF00012C"], response: "AB9000"),
        Row(
            name: "a long Le without extended length asks for the most",
            expecting: .exactly(300), answers: ["AB9000"], sent: ["00CB3FFF00"],
            response: "AB9000"),
        Row(
            name: "a chain ends where the card ends it", data: pattern(600),
            answers: ["9000", "6884"],
            sent: [
                "10CB3FFFFF" + text(pattern(600)[..<255]),
                "10CB3FFFFF" + text(pattern(600)[255..<510]),
            ],
            response: "6884"),
        Row(
            name: "a warning ends a chain too", data: pattern(256), answers: ["6282"],
            sent: ["10CB3FFFFF" + text(pattern(255))], response: "6282"),
        Row(
            name: "data announced before the end of a chain are not fetched", data: pattern(256),
            answers: ["6102"], sent: ["10CB3FFFFF" + text(pattern(255))], response: "6102"),
        Row(
            name: "6Cxx sends the last command of a chain again", data: pattern(256),
            expecting: .exactly(9), answers: ["9000", "6C02", "01029000"],
            sent: [
                "10CB3FFFFF" + text(pattern(255)), "00CB3FFF01" + text(pattern(256)[255...]) + "09",
                "00CB3FFF01" + text(pattern(256)[255...]) + "02",
            ],
            response: "01029000"),
        Row(
            name: "GET RESPONSE after a chain on channel 1", cla: 0x01, data: pattern(256),
            answers: ["9000", "6101", "AB9000"],
            sent: [
                "11CB3FFFFF" + text(pattern(255)), "01CB3FFF01" + text(pattern(256)[255...]),
                "01C0000001",
            ],
            response: "AB9000"),
    ]

    @Test(arguments: rows) func sendsAndGathersWhatTheStandardSays(_ row: Row) throws {
        var channel = ScriptedChannel(row.answers, takesExtended: row.takesExtended)
        var scratch = WatchedBuffer()
        let response = try row.data.withUnsafeBytes { data in
            try CardExchange.run(
                channel: &channel, header: CommandHeader(row.cla, 0xCB, 0x3F, 0xFF), data: data,
                expecting: row.expecting, secretBearing: row.secret, writes: true,
                lengths: row.lengths, scratch: &scratch)
        }
        let sent = channel.sent.map { text($0) }
        #expect(sent == row.sent)
        #expect(text(response.data) + response.status.description == row.response)
        let (left, wipes) = (scratch.plain.count, scratch.wipes)
        #expect(left == 0)
        #expect(wipes >= row.sent.count)
        let writes = channel.writes
        #expect(writes == row.sent.map { _ in true })
    }

    private func failure(
        _ answers: [ScriptedChannel.Answer],
        header: CommandHeader = CommandHeader(0, 0x20, 0, 0x80),
        data: [UInt8] = [0x31, 0x32], expecting: ExpectedLength = .none,
        lengths: LengthPolicy = .automatic, takesExtended: Bool = false, limit: Int = 65536,
        capacity: Int = 512
    ) -> (error: ExchangeError?, sent: Int, left: Int) {
        var channel = ScriptedChannel(answers, takesExtended: takesExtended)
        var scratch = WatchedBuffer(capacity: capacity)
        var thrown: ExchangeError?
        do {
            _ = try data.withUnsafeBytes { bytes in
                try CardExchange.run(
                    channel: &channel, header: header, data: bytes, expecting: expecting,
                    secretBearing: true, writes: true, lengths: lengths, limit: limit,
                    scratch: &scratch)
            }
        } catch {
            thrown = error as? ExchangeError
        }
        return (thrown, channel.sent.count, scratch.plain.count)
    }

    @Test(arguments: [
        CardFault.removed, .reset, .mute, .deadline, .cancelled, .malformedResponse, .transport(-7),
    ])
    func aFaultEndsItAtOnceAndWipesTheCommand(_ fault: CardFault) {
        let result = failure([.fault(fault), .bytes(hex("9000"))])
        #expect(result.error == .fault(fault))
        #expect(result.sent == 1)
        #expect(result.left == 0)
    }

    @Test func aFaultInAChainEndsIt() {
        let result = failure(
            [.bytes(hex("9000")), .fault(.removed), .bytes(hex("9000"))], data: pattern(600))
        #expect(result.error == .fault(.removed))
        #expect(result.sent == 2)
        #expect(result.left == 0)
    }

    @Test func whatCannotBeSentReachesNoCard() {
        let cases: [(ExchangeError?, Int, Int)] = [
            failure([], header: CommandHeader(0xFF, 0x20, 0, 0)),
            failure([], header: CommandHeader(0x10, 0x20, 0, 0), data: pattern(256)),
            failure([], expecting: .exactly(0)), failure([], expecting: .exactly(-1)),
            failure([], expecting: .exactly(65537)), failure([], lengths: .extended),
            failure([], data: pattern(65536), lengths: .extended, takesExtended: true),
            failure([], capacity: 6),
        ]
        let codes: [APDUError] = [
            APDUError(.classInvalid, at: 0), APDUError(.classCannotChain, at: 0),
            APDUError(.expectedLengthOutOfRange), APDUError(.expectedLengthOutOfRange),
            APDUError(.expectedLengthOutOfRange), APDUError(.extendedNotTaken),
            APDUError(.dataTooLong(limit: 65535)), APDUError(.sinkFull),
        ]
        for (result, code) in zip(cases, codes) {
            #expect(result.0 == .refused(code))
            #expect(result.1 == 0)
            #expect(result.2 == 0)
        }
    }

    @Test func aSinkThatFillsUpLaterIsToldApart() {
        // The last command of this chain has an Le and does not fit where the first one did.
        let result = failure(
            [.bytes(hex("9000"))], data: pattern(510), expecting: .max, capacity: 260)
        #expect(result.error == .unfinished(APDUError(.sinkFull)))
        #expect(result.sent == 1)
        #expect(result.left == 0)
    }

    @Test(arguments: [
        ("", APDUError(.responseLength, at: 0)), ("90", APDUError(.responseLength, at: 1)),
    ])
    func anAnswerThatIsNoneIsTold(_ answer: String, _ error: APDUError) {
        let result = failure([.bytes(hex(answer))])
        #expect(result.error == .unfinished(error))
        let inChain = failure([.bytes(hex(answer))], data: pattern(256))
        #expect(inChain.error == .unfinished(error))
    }

    @Test func moreDataThanAskedForIsTold() {
        let result = failure([.bytes(hex("01029000"))], expecting: .max, limit: 1)
        #expect(result.error == .unfinished(APDUError(.responseTooLong(limit: 1))))
    }

    @Test func askingSendsNoSecretAndWritesNothing() throws {
        var channel = ScriptedChannel(["6C02", "01029000"])
        var scratch = PlainBuffer()
        var buffer = ResponseBuffer()
        let response = try CardExchange.ask(
            channel: &channel, header: CommandHeader(0, 0xA4, 4, 0), data: [0xA0],
            scratch: &scratch,
            response: &buffer)
        #expect(response == ResponseAPDU(data: [1, 2], status: .success))
        let (sent, writes) = (channel.sent, channel.writes)
        #expect(sent == [hex("00A4040001A000"), hex("00A4040001A002")])
        #expect(writes == [false, false])
    }
}
