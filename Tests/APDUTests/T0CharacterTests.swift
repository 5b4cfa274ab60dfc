import APDU
import Testing

@Suite struct T0CharacterTests {
    /// One TPDU with a card that says these bytes; `>n` notes n bytes sent to it.
    struct Script: Sendable, CustomTestStringConvertible {
        let name: String
        let tpdu: String
        /// Each time it is the card's turn: the bytes it says.
        let card: [String]
        /// The bytes sent before each of those turns, the header first.
        let sent: [String]
        var nulls = 3
        var response = ""
        var error: T0Error.Code?
        var testDescription: String { name }
    }

    static let scripts: [Script] = [
        Script(
            name: "no data", tpdu: "00A4000C 00", card: ["9000"], sent: ["00A4000C00"],
            response: "9000"),
        Script(
            name: "an error at once", tpdu: "00A4000C 02 3F00", card: ["6A82"],
            sent: ["00A4000C02"], response: "6A82"),
        Script(
            name: "all data out", tpdu: "00A4000C 02 3F00", card: ["A4", "9000"],
            sent: ["00A4000C02", "3F00"], response: "9000"),
        Script(
            name: "data out one by one", tpdu: "00A4000C 03 010203",
            card: ["5B", "5B", "5B", "9000"],
            sent: ["00A4000C03", "01", "02", "03"], response: "9000"),
        Script(
            name: "one, then all that are left", tpdu: "00A4000C 03 010203",
            card: ["5B", "A4", "6103"], sent: ["00A4000C03", "01", "0203"], response: "6103"),
        Script(
            name: "the card ends with data left", tpdu: "00A4000C 03 010203",
            card: ["5B", "6700"], sent: ["00A4000C03", "01"], response: "6700"),
        Script(
            name: "all data in", tpdu: "00B00000 03", card: ["B0 010203 9000"],
            sent: ["00B0000003"], response: "010203 9000"),
        Script(
            name: "data in one by one", tpdu: "00B00000 02", card: ["4F 01 4F 02 9000"],
            sent: ["00B0000002"], response: "0102 9000"),
        Script(
            name: "one in, then all that are left", tpdu: "00B00000 03",
            card: ["4F 01 B0 0203 9000"], sent: ["00B0000003"], response: "010203 9000"),
        Script(
            name: "one in, then the end", tpdu: "00B00000 03", card: ["4F 01 6282"],
            sent: ["00B0000003"], response: "01 6282"),
        Script(
            name: "procedure bytes among the data are data", tpdu: "00B00000 03",
            card: ["B0 60B06C 9000"], sent: ["00B0000003"], response: "60B06C 9000"),
        Script(
            name: "the right length", tpdu: "00B00000 00", card: ["6C05"], sent: ["00B0000000"],
            response: "6C05"),
        Script(
            name: "NULL before, between and after", tpdu: "00B00000 01",
            card: ["60 B0 01 60 60 9000"], sent: ["00B0000001"], response: "01 9000"),
        Script(
            name: "SW2 may be 60", tpdu: "00B00000 01", card: ["9060"], sent: ["00B0000001"],
            response: "9060"),
        Script(
            name: "as many NULLs as are waited for", tpdu: "00B00000 01", card: ["60 60 9000"],
            sent: ["00B0000001"], nulls: 2, response: "9000"),
        Script(
            name: "one NULL too many", tpdu: "00B00000 01", card: ["60 60 60"],
            sent: ["00B0000001"], nulls: 2, error: .tooManyNulls(limit: 2)),
        Script(
            name: "no NULL is waited for", tpdu: "00B00000 01", card: ["60"],
            sent: ["00B0000001"], nulls: -1, error: .tooManyNulls(limit: -1)),
        Script(
            name: "the ACK of another instruction", tpdu: "00B00000 01", card: ["A4"],
            sent: ["00B0000001"], error: .procedureByte(0xA4)),
        Script(
            name: "the old ACK with programming voltage", tpdu: "00B00000 01", card: ["B1"],
            sent: ["00B0000001"], error: .procedureByte(0xB1)),
        Script(
            name: "zero", tpdu: "00A4000C 02 3F00", card: ["00"], sent: ["00A4000C02"],
            error: .procedureByte(0)),
        Script(
            name: "ACK after the last byte out", tpdu: "00A4000C 02 3F00", card: ["A4", "A4"],
            sent: ["00A4000C02", "3F00"], error: .dataMoved),
        Script(
            name: "ACK of one after the last byte out", tpdu: "00A4000C 01 3F",
            card: ["5B", "5B"], sent: ["00A4000C01", "3F"], error: .dataMoved),
        Script(
            name: "ACK after the last byte in", tpdu: "00B00000 01", card: ["B0 01 B0"],
            sent: ["00B0000001"], error: .dataMoved),
    ]

    @Test(arguments: scripts) func followsTheProcedureBytes(_ script: Script) throws {
        let tpdu = hex(script.tpdu)
        var characters = try T0Characters.make(tpdu, nullLimit: script.nulls)
        var sink = PlainBuffer(capacity: T0Characters.longestResponse)
        var sent: [String] = []
        var turns = script.card[...]
        var failure: T0Error.Code?
        var end: StatusWord?

        func note(_ step: T0Characters.Step) {
            switch step {
            case .send(let range): sent.append(text(tpdu[range]))
            case .take(let count): #expect(count >= 1)
            case .finished(let status): end = status
            }
        }
        note(try characters.start())
        while let turn = turns.popFirst() {
            for byte in hex(turn) {
                do throws(T0Error) {
                    let step = try characters.receive(byte, into: &sink)
                    note(step)
                } catch {
                    failure = error.code
                }
            }
        }
        #expect(sent == script.sent)
        #expect(failure == script.error)
        guard script.error == nil else { return }
        #expect(text(sink.bytes) == text(hex(script.response)))
        #expect(end.map { [$0.sw1, $0.sw2] } == Array(sink.bytes.suffix(2)))
    }

    @Test func twoHundredAndFiftySixBytesComeWhereP3IsZero() throws {
        var characters = try T0Characters.make(hex("00B0000000"))
        var sink = PlainBuffer(capacity: T0Characters.longestResponse)
        let header = try characters.start()
        #expect(header == .send(0..<5))
        let all = try characters.receive(0xB0, into: &sink)
        #expect(all == .take(256))
        for byte in pattern(256) { _ = try characters.receive(byte, into: &sink) }
        _ = try characters.receive(0x90, into: &sink)
        let end = try characters.receive(0x00, into: &sink)
        #expect(end == .finished(.success))
        #expect(sink.bytes == pattern(256) + [0x90, 0x00])
    }

    @Test func theLongestCommandGoesOutInOnePiece() throws {
        var characters = try T0Characters.make(hex("00D60000FF") + pattern(255))
        var sink = PlainBuffer(capacity: T0Characters.longestResponse)
        _ = try characters.start()
        let all = try characters.receive(0xD6, into: &sink)
        #expect(all == .send(5..<T0Characters.longestCommand))
    }

    @Test func everyProcedureByteIsDecidedForEveryInstruction() throws {
        var wrong: [String] = []
        for instruction in UInt8.min...UInt8.max {
            guard ![0x60, 0x90].contains(instruction & 0xF0) else {
                #expect(throws: T0Error(.instructionInvalid)) {
                    _ = try T0Characters.make([0, instruction, 0, 0, 2])
                }
                continue
            }
            // All bytes around and against the instruction, and a sample of the rest.
            let sample = [instruction &- 1, instruction, instruction &+ 1, ~instruction]
            for byte in sample + stride(from: 0, to: 0xFF, by: 15) {
                let isOne = byte == ~instruction || [0x60, 0x90].contains(byte & 0xF0)
                let wanted = byte == instruction ? 2 : isOne ? 1 : nil
                if try Self.taken(after: byte, instruction) != wanted {
                    wrong.append(text([instruction, byte]))
                }
            }
        }
        #expect(wrong == [])
    }

    /// How many bytes are taken after this procedure byte; nil where it is none.
    private static func taken(after byte: UInt8, _ instruction: UInt8) throws -> Int? {
        var characters = try T0Characters.make([0, instruction, 0, 0, 2])
        var sink = PlainBuffer(capacity: 4)
        _ = try characters.start()
        do throws(T0Error) {
            guard case .take(let count) = try characters.receive(byte, into: &sink) else {
                return 0
            }
            return count
        } catch {
            return error == T0Error(.procedureByte(byte)) ? nil : 0
        }
    }

    @Test(arguments: [
        ("", T0Error.Code.tpduLength), ("00A40000", .tpduLength), ("00A4000002 3F", .tpduLength),
        ("00A4000002 3F0000", .tpduLength), ("00A4000000 3F", .tpduLength),
        ("0060000000", .instructionInvalid), ("009F000000", .instructionInvalid),
    ])
    func whatIsNoTPDUIsRefused(_ tpdu: String, _ code: T0Error.Code) {
        #expect(throws: T0Error(code)) { _ = try T0Characters.make(hex(tpdu)) }
    }

    @Test func nothingIsTakenBeforeTheStartOrAfterTheEnd() throws {
        var sink = PlainBuffer(capacity: 4)
        var characters = try T0Characters.make(hex("00B0000001"))
        var codes: [T0Error.Code] = []
        do throws(T0Error) { _ = try characters.receive(0x90, into: &sink) } catch {
            codes.append(error.code)
        }
        do throws(T0Error) { _ = try characters.start() } catch { codes.append(error.code) }
        #expect(codes == [.unexpected, .unexpected])

        characters = try T0Characters.make(hex("00B0000001"))
        _ = try characters.start()
        _ = try characters.receive(0x90, into: &sink)
        _ = try characters.receive(0x00, into: &sink)
        do throws(T0Error) { _ = try characters.receive(0x90, into: &sink) } catch {
            codes.append(error.code)
        }
        #expect(codes.count == 3)
    }

    @Test func aFullSinkIsTold() throws {
        var sink = PlainBuffer(capacity: 1)
        var characters = try T0Characters.make(hex("00B0000002"))
        _ = try characters.start()
        _ = try characters.receive(0xB0, into: &sink)
        _ = try characters.receive(0x01, into: &sink)
        var code: T0Error.Code?
        do throws(T0Error) { _ = try characters.receive(0x02, into: &sink) } catch {
            code = error.code
        }
        #expect(code == .sinkFull)
    }

    @Test func errorsSayWhatIsWrong() {
        #expect(T0Error(.procedureByte(0xA5)).description == "procedure byte A5")
        #expect(
            T0Error(.tooManyNulls(limit: 7)).description == "more than 7 requests for time")
    }
}

extension T0Characters {
    static func make(_ tpdu: [UInt8], nullLimit: Int = 3) throws(T0Error) -> T0Characters {
        try tpdu.withBytes { bytes throws(T0Error) in
            try T0Characters(tpdu: bytes, nullLimit: nullLimit)
        }
    }
}
