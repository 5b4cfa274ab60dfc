import System
import Testing

@testable import Readers

@Suite struct HolderHelperTests {
    private static let place = USBDevice.Place(bus: 1, address: 4)

    @Test(arguments: [
        ("pcscd", HolderQuestion.pcscd), ("usb 1 4", .node(place)),
        ("usb 255 255", .node(USBDevice.Place(bus: 255, address: 255))),
    ])
    func aQuestionIsOneOfTwoLines(line: String, question: HolderQuestion) {
        #expect(HolderQuestion(line) == question)
        #expect(question.line == line)
    }

    @Test(arguments: [
        "", "pcscd ", "PCSCD", "usb", "usb 1", "usb 1 256", "usb -1 4", "usb 1 4 5", "usb  1 4",
        "usb 1 /etc/shadow", "/etc/shadow",
    ])
    func nothingElseIsAQuestion(line: String) {
        #expect(HolderQuestion(line) == nil)
    }

    @Test func anAnswerNamesProcessesAndSaysThatItIsWhole() {
        let holders = [
            Holder(process: 12, program: "opensc tool"), Holder(process: 900, program: ""),
        ]
        let answer = HolderQuestion.answer(holders)
        #expect(answer == "12 opensc tool\n900 \nend\n")
        #expect(HolderQuestion.holders(in: answer) == holders)
        #expect(HolderQuestion.holders(in: HolderQuestion.answer([])) == [])
        for length in 0..<answer.count {
            #expect(HolderQuestion.holders(in: String(answer.prefix(length))) == nil)
        }
    }

    @Test func aNameCannotLookLikeALine() {
        let answer = HolderQuestion.answer([Holder(process: 12, program: "a\nend\n\u{1B}[2J")])
        #expect(answer == "12 a?end??[2J\nend\n")
    }

    @Test func noMoreThanSixteenAreNamed() {
        let many = (1...40).map { Holder(process: $0, program: "p") }
        #expect(HolderQuestion.holders(in: HolderQuestion.answer(many)) == Array(many.prefix(16)))
        let longer = many.prefix(17).map { "\($0.process) p\n" }.joined() + "end\n"
        #expect(HolderQuestion.holders(in: longer) == nil)
    }

    @Test(arguments: [
        "end", "0 p\nend\n", "-1 p\nend\n", "12\nend\n", "x p\nend\n", "12 p\n", "\n",
    ])
    func whatIsNoAnswerIsNone(answer: String) {
        #expect(HolderQuestion.holders(in: answer) == nil)
    }

    /// What comes of a question to a helper that gives `answer`; one that gives none is silent.
    private func asked(helper answer: String?) throws -> [Holder]? {
        let path = "/tmp/readers-holders-\(Process.id)-\(UInt64.random(in: 0...UInt64.max))"
        let listener = Owned(try UnixSocket.listen(at: path, mode: 0o600))
        defer { try? File.remove(path) }
        guard let answer else {
            return HolderHelper.ask(.pcscd, at: path, timeout: .milliseconds(20))
        }
        try Thread.start(name: "helper") {
            guard (try? listener.value.wait(timeout: .seconds(30))) == true,
                let peer = try? listener.value.accept(nonBlocking: false)
            else { return }
            _ = try? peer.wait(timeout: .seconds(30))
            try? peer.writeAll(Array(answer.utf8))
        }
        return HolderHelper.ask(.pcscd, at: path, timeout: .seconds(30))
    }

    @Test func aHelperWhoseQueueIsFullSaysNothing() throws {
        let path = "/tmp/readers-holders-\(Process.id)-\(UInt64.random(in: 0...UInt64.max))"
        let listener = try UnixSocket.listen(at: path, mode: 0o600, backlog: 0)
        defer { try? File.remove(path) }
        let first = try UnixSocket.connect(to: path)
        #expect(HolderHelper.ask(.pcscd, at: path, timeout: .milliseconds(20)) == nil)
        _ = (listener.number, first.number)
    }

    @Test func whatTheHelperSaysIsTaken() throws {
        #expect(
            try asked(helper: "7 pcsc_scan\nend\n") == [Holder(process: 7, program: "pcsc_scan")])
        #expect(try asked(helper: "end\n") == [])
    }

    @Test func aHelperThatIsNotThereOrSilentOrOddSaysNothing() throws {
        #expect(HolderHelper.ask(.pcscd, at: "/tmp/readers-holders-none") == nil)
        #expect(try asked(helper: nil) == nil)
        #expect(try asked(helper: "7 pcsc_scan\n") == nil)
        #expect(try asked(helper: String(repeating: "7 pcsc_scan\n", count: 2000)) == nil)
    }
}
