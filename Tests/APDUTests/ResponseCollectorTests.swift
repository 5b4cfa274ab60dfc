import APDU
import Testing

@Suite struct ResponseCollectorTests {
    /// A command's fate: what the card answers, what must be sent after each, how it ends.
    struct Script: Sendable, CustomTestStringConvertible {
        let name: String
        var cla: UInt8 = 0x00
        var expecting = ExpectedLength.max
        var secret = false
        let answers: [String]
        var sends: [ResponseCollector.Step] = []
        let data: String
        let status: UInt16
        var testDescription: String { name }
    }

    private static func get(_ count: Int, cla: UInt8 = 0x00) -> ResponseCollector.Step {
        .getResponse(CommandHeader(cla, 0xC0, 0, 0), expecting: .exactly(count))
    }

    private static func again(_ count: Int) -> ResponseCollector.Step {
        .reissue(expecting: .exactly(count))
    }

    static let scripts: [Script] = [
        Script(name: "data at once", answers: ["0102 9000"], data: "0102", status: 0x9000),
        Script(name: "status alone", answers: ["6A82"], data: "", status: 0x6A82),
        Script(
            name: "61xx without data", answers: ["6103", "010203 9000"], sends: [get(3)],
            data: "010203", status: 0x9000),
        Script(
            name: "61xx with data, twice", answers: ["01 6102", "0203 6101", "04 9000"],
            sends: [get(2), get(1)], data: "01020304", status: 0x9000),
        Script(
            name: "6100 asks for 256", answers: ["6100", "AA 9000"], sends: [get(256)],
            data: "AA", status: 0x9000),
        Script(
            name: "the channel stays, chaining and secure messaging go", cla: 0x1F,
            answers: ["6101", "AA 9000"], sends: [get(1, cla: 0x03)], data: "AA", status: 0x9000),
        Script(
            name: "further interindustry channel", cla: 0x75, answers: ["6101", "AA 9000"],
            sends: [get(1, cla: 0x45)], data: "AA", status: 0x9000),
        Script(
            name: "proprietary class", cla: 0x84, answers: ["6101", "AA 9000"], sends: [get(1)],
            data: "AA", status: 0x9000),
        Script(
            name: "6Cxx", answers: ["6C02", "0102 9000"], sends: [again(2)], data: "0102",
            status: 0x9000),
        Script(
            name: "6C00 asks for 256", expecting: .exactly(5), answers: ["6C00", "01 9000"],
            sends: [again(256)], data: "01", status: 0x9000),
        Script(
            name: "6Cxx only once", answers: ["6C02", "6C03"], sends: [again(2)], data: "",
            status: 0x6C03),
        Script(
            name: "6Cxx and then 61xx", answers: ["6C02", "01 6101", "02 9000"],
            sends: [again(2), get(1)], data: "0102", status: 0x9000),
        Script(
            name: "6Cxx to a command without Le", expecting: .none, answers: ["6C02"], data: "",
            status: 0x6C02),
        Script(
            name: "6Cxx to a command with a code", secret: true, answers: ["6C02"], data: "",
            status: 0x6C02),
        Script(
            name: "61xx to a command with a code", secret: true, answers: ["6101", "AA 9000"],
            sends: [get(1)], data: "AA", status: 0x9000),
        Script(
            name: "61xx to a command without Le", expecting: .none, answers: ["6101", "AA 9000"],
            sends: [get(1)], data: "AA", status: 0x9000),
        Script(
            name: "6Cxx to GET RESPONSE", answers: ["6108", "6C02", "0102 9000"],
            sends: [get(8), get(2)], data: "0102", status: 0x9000),
        Script(
            name: "6Cxx to GET RESPONSE of a command with a code", secret: true,
            answers: ["6108", "6C02", "0102 9000"], sends: [get(8), get(2)], data: "0102",
            status: 0x9000),
        Script(
            name: "6Cxx to GET RESPONSE only once", answers: ["6108", "6C02", "6C01"],
            sends: [get(8), get(2)], data: "", status: 0x6C01),
        Script(
            name: "data before 6Cxx are dropped", answers: ["FFFF 6C02", "0102 9000"],
            sends: [again(2)], data: "0102", status: 0x9000),
        Script(
            name: "62xx with data", answers: ["0102 6282"], data: "0102", status: 0x6282),
        Script(
            name: "63xx with data", answers: ["0102 6381"], data: "0102", status: 0x6381),
        Script(
            name: "a wrong code", expecting: .none, secret: true, answers: ["63C2"],
            data: "", status: 0x63C2),
        Script(
            name: "62xx behind 61xx", answers: ["01 6101", "02 6282"], sends: [get(1)],
            data: "0102", status: 0x6282),
        Script(
            name: "an error behind 61xx", answers: ["01 6101", "6F00"], sends: [get(1)],
            data: "01", status: 0x6F00),
    ]

    @Test(arguments: scripts) func followsTheCardToTheEnd(_ script: Script) throws {
        var collector = ResponseCollector(
            header: CommandHeader(script.cla, 0xCB, 0x3F, 0xFF), expecting: script.expecting,
            secretBearing: script.secret)
        var sends: [ResponseCollector.Step] = []
        var status: UInt16 = 0
        for answer in script.answers {
            let step = try collector.receive(hex(answer))
            if case .finished(let end) = step { status = end.rawValue } else { sends.append(step) }
        }
        #expect(sends == script.sends)
        #expect(text(collector.data) == text(hex(script.data)))
        #expect(status == script.status)
    }

    private func collector(limit: Int = 65536) -> ResponseCollector {
        ResponseCollector(
            header: CommandHeader(0, 0xCB, 0, 0), expecting: .max, secretBearing: false,
            limit: limit)
    }

    @Test func nothingFollowsTheEnd() throws {
        var collector = collector()
        _ = try collector.receive(hex("9000"))
        #expect(throws: APDUError(.responseUnexpected)) { try collector.receive(hex("9000")) }
    }

    @Test(arguments: ["", "90"]) func aResponseWithoutAStatusWordIsTheEnd(_ bytes: String) {
        var collector = collector()
        #expect(codeThrown { _ = try collector.receive(hex(bytes)) } == .responseLength)
        #expect(codeThrown { _ = try collector.receive(hex("9000")) } == .responseUnexpected)
    }

    @Test func dataAreGatheredUpToTheLimitAndNotBeyond() throws {
        var exact = collector(limit: 4)
        #expect(try exact.receive(hex("0102 6102")) == Self.get(2))
        #expect(try exact.receive(hex("0304 9000")) == .finished(.success))

        var over = collector(limit: 4)
        #expect(try over.receive(hex("0102 6103")) == Self.get(3))
        #expect(throws: APDUError(.responseTooLong(limit: 4))) {
            try over.receive(hex("030405 9000"))
        }
        #expect(over.data == [1, 2])
    }

    @Test func aCardThatAnnouncesDataForeverIsStopped() throws {
        var empty = collector()
        _ = try empty.receive(hex("6101"))
        #expect(throws: APDUError(.responseStalled)) { try empty.receive(hex("6101")) }

        var endless = collector(limit: 1000)
        var steps = 0
        let code = codeThrown {
            while true {
                _ = try endless.receive(hex("01 6101"))
                steps += 1
            }
        }
        #expect(code == .responseTooLong(limit: 1000))
        #expect(steps == 1000)
    }
}
