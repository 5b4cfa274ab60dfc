import APDU
import Testing

@Suite struct CCIDExchangeTests {
    /// GetSlotStatus or XfrBlock in slot 0 with sequence number 5, and what each read gives.
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        var command = CCIDCommand.xfrBlock(waiting: 0, level: 0)
        let reads: [[UInt8]]
        let steps: [String]
        var testDescription: String { name }
    }

    static let answer = message(0x80, sequence: 5, [0x90, 0])

    static let rows: [Row] = [
        Row(name: "answer", reads: [answer], steps: ["reply ok"]),
        Row(name: "empty packets first", reads: [[], [], answer], steps: ["", "", "reply ok"]),
        Row(
            name: "an older answer first", reads: [message(0x80, sequence: 4), answer],
            steps: ["", "reply ok"]),
        Row(
            name: "another slot's answer first",
            reads: [message(0x80, slot: 1, sequence: 5), answer],
            steps: ["", "reply ok"]),
        Row(
            name: "time extensions",
            reads: [
                message(0x80, sequence: 5, status: 0x80, error: 2),
                message(0x80, sequence: 5, status: 0x80, error: 0xFF),
                message(0x81, sequence: 5, status: 0x80), answer,
            ],
            steps: ["extended 2", "extended", "extended", "reply ok"]),
        Row(
            name: "failure", reads: [message(0x80, sequence: 5, status: 0x41, error: 0xFE)],
            steps: ["reply failed"]),
        Row(
            name: "failure told by SlotStatus",
            reads: [message(0x81, sequence: 5, status: 0x41)], steps: ["reply failed"]),
        Row(
            name: "success told by SlotStatus", reads: [message(0x81, sequence: 5), answer],
            steps: ["broken answerType(129)", "broken exchangeOver"]),
        Row(
            name: "another type of answer", reads: [message(0x83, sequence: 5)],
            steps: ["broken answerType(131)"]),
        Row(
            name: "a length that lies", reads: [answer + [0]],
            steps: ["broken messageLength(announced: 2)"]),
        Row(
            name: "half a header", reads: [[0x80, 0, 0]], steps: ["broken messageTruncated"]),
        Row(
            name: "reserved status", reads: [message(0x80, sequence: 5, status: 3)],
            steps: ["broken status(3)"]),
        Row(
            name: "sixteen old answers",
            reads: [[UInt8]](repeating: message(0x80, sequence: 9), count: 16) + [answer],
            steps: [String](repeating: "", count: 16) + ["reply ok"]),
        Row(
            name: "seventeen of them",
            reads: [[UInt8]](repeating: message(0x80, sequence: 9), count: 17) + [answer],
            steps: [String](repeating: "", count: 16)
                + ["broken staleAnswers(limit: 16)", "broken exchangeOver"]),
        Row(
            name: "slot status", command: .getSlotStatus,
            reads: [message(0x81, sequence: 5, status: 2)], steps: ["reply ok"]),
    ]

    @Test(arguments: rows) func followsTheReaderToTheEnd(_ row: Row) {
        var exchange = CCIDExchange(row.command, slot: 0, sequence: 5)
        let steps = row.reads.map { read in
            switch exchange.receive(read) {
            case .readAgain: ""
            case .extended(let multiplier?): "extended \(multiplier)"
            case .extended(nil): "extended"
            case .reply(let reply): reply.outcome == .ok ? "reply ok" : "reply failed"
            case .broken(let error): "broken \(error.code)"
            }
        }
        #expect(steps == row.steps)
        #expect(exchange.extensions == row.steps.filter { $0.hasPrefix("extended") }.count)
        #expect(exchange.stale == row.steps.filter(\.isEmpty).count)
    }

    @Test func anAbortIsOneControlRequestAndOneCommand() throws {
        let abort = CCIDAbort(slot: 3, sequence: 0xA7, interface: 2)
        #expect(abort.control.requestType == 0x21)
        #expect(abort.control.request == 1)
        #expect(abort.control.value == 0xA703)
        #expect(abort.control.index == 2)
        var sink = PlainBuffer(capacity: 10)
        try abort.encode(into: &sink)
        #expect(sink.bytes == hex("72 00000000 03 A7 000000"))
    }

    static let confirmation = message(0x81, sequence: 5, status: 1)
    static let aborts: [Row] = [
        Row(name: "confirmed", reads: [confirmation], steps: ["done inactive"]),
        Row(
            name: "after the command's own answer",
            reads: [message(0x80, sequence: 5, status: 0x41, error: 0xFF), confirmation],
            steps: ["", "done inactive"]),
        Row(
            name: "after all kinds of things",
            reads: [
                [], [1, 2, 3], message(0x81, sequence: 4), message(0x81, slot: 1, sequence: 5),
                message(0x81, sequence: 5, status: 0x80), confirmation + [0], confirmation,
            ],
            steps: ["", "", "", "", "", "", "done inactive"]),
        Row(
            name: "confirmed as aborted",
            reads: [message(0x81, sequence: 5, status: 0x40, error: 0xFF)],
            steps: ["done active"]),
        Row(
            name: "not supported", reads: [message(0x81, sequence: 5, status: 0x40), confirmation],
            steps: ["failed notAborted", "failed exchangeOver"]),
        Row(
            name: "never confirmed", reads: [[UInt8]](repeating: [], count: 17),
            steps: [String](repeating: "", count: 16) + ["failed staleAnswers(limit: 16)"]),
    ]

    @Test(arguments: aborts) func anAbortReadsUntilItIsConfirmed(_ row: Row) {
        var abort = CCIDAbort(slot: 0, sequence: 5, interface: 0)
        let steps = row.reads.map { read in
            switch abort.receive(read) {
            case .readAgain: ""
            case .done(let card): "done \(card)"
            case .failed(let error): "failed \(error.code)"
            }
        }
        #expect(steps == row.steps)
    }

    @Test func eachByteOfAReadMayBeAnything() {
        var most = 0
        variations(of: Self.answer) { bytes in
            var exchange = CCIDExchange(.xfrBlock(waiting: 0, level: 0), slot: 0, sequence: 5)
            var abort = CCIDAbort(slot: 0, sequence: 5, interface: 0)
            for _ in 0..<40 {
                _ = exchange.receive(bytes)
                _ = abort.receive(bytes)
            }
            most = max(most, exchange.stale, abort.discarded)
        }
        #expect(most == 16)
    }
}
