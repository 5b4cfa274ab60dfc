import Foundation
import Secrets
import StationInterface
import System
import Testing

@testable import TokenCtl

/// A test may look into a code; nothing else can.
private func text(_ secret: borrowing Secret) -> String {
    secret.withBytes { String(decoding: $0, as: UTF8.self) }
}

@Suite struct CodeEditorTests {
    @Test(arguments: [
        ("1234\n", "1234"),
        ("1234\r", "1234"),
        ("12x\u{7F}34\n", "1234"),
        ("12x\u{08}34\n", "1234"),
        ("nonsense\u{15}1234\n", "1234"),
        ("\u{7F}\u{7F}1234\n", "1234"),
        ("12ệ\u{7F}34\n", "1234"),
        ("12\u{1B}[A\u{1B}[3~\u{1B}OC34\n", "1234"),
        ("12\u{1B}[1;5D34\n", "1234"),
        ("12\u{09}\u{01}34\n", "1234"),
        ("1234\u{04}", "1234"),
        ("  12 34 \n", "  12 34 "),
        ("mật khẩu\n", "mật khẩu"),
        ("\n", ""),
    ])
    func keysMakeACode(_ keys: String, _ code: String) throws {
        var editor = try CodeEditor(isTyped: true)
        var steps: [CodeEditor.Step] = []
        for key in keys.utf8 { steps.append(editor.take(key)) }
        #expect(steps.last == .done)
        #expect(steps.dropLast().allSatisfy { $0 == .more })
        let made = text(try editor.finish())
        #expect(made == code)
    }

    @Test func anEndOfInputAtAnEmptyLineIsNoCode() throws {
        var editor = try CodeEditor(isTyped: true)
        let step = editor.take(0x04)
        #expect(step == .ended)
    }

    @Test(arguments: [
        ("1234\n", "1234"), ("1234\r\n", "1234"), ("\u{7F}\u{15}1\n", "\u{7F}\u{15}1"),
    ])
    func aFileIsTakenByteForByte(_ bytes: String, _ code: String) throws {
        var editor = try CodeEditor(isTyped: false)
        var last = CodeEditor.Step.more
        for byte in bytes.utf8 { last = editor.take(byte) }
        #expect(last == .done)
        let made = text(try editor.finish())
        #expect(made == code)
    }

    @Test func aCodeTooLongIsRefusedAndNeverCutOff() {
        #expect(throws: CodeDesk.Trouble.tooLong) {
            var editor = try CodeEditor(isTyped: true)
            for _ in 0...CodeEditor.longest { _ = editor.take(0x31) }
            _ = try editor.finish()
        }
    }

    @Test func theLongestCodeIsTaken() throws {
        var editor = try CodeEditor(isTyped: true)
        for _ in 0..<CodeEditor.longest { _ = editor.take(0x31) }
        let count = try editor.finish().count
        #expect(count == CodeEditor.longest)
    }

    @Test func takingBackFromACodeTooLongBeginsAgain() throws {
        var editor = try CodeEditor(isTyped: true)
        for _ in 0...CodeEditor.longest { _ = editor.take(0x31) }
        for key in "\u{7F}1234\n".utf8 { _ = editor.take(key) }
        let made = text(try editor.finish())
        #expect(made == "1234")
    }
}

@Suite struct CodeDeskTests {
    /// A desk that reads these bytes and then the end.
    private func desk(_ bytes: String) throws -> CodeDesk {
        let (near, far) = try UnixSocket.pair()
        let writer = FileDescriptor(owning: far)
        try writer.writeAll(Array(bytes.utf8))
        writer.shutDown()
        return try CodeDesk(input: FileDescriptor(owning: near), signals: nil, prompt: { _ in })
    }

    @Test func linesAreCodesInTheirOrderAndTheLastNeedsNoEnd() throws {
        let desk = try desk("one\n\ntwo\r\nthree")
        #expect(!desk.isTerminal)
        for code in ["one", "", "two", "three"] {
            let read = text(try desk.ask("code"))
            #expect(read == code)
        }
        #expect(throws: CodeDesk.Trouble.ended) { _ = try desk.ask("code") }
    }

    @Test(arguments: [
        ("puk\npin\n", true), ("puk\npin\npin\n", true), ("puk\npin\npin", true),
        ("puk\npin\npim\n", false), ("puk\npin\n\n", false),
    ])
    func theNewPINMayStandThereOnceOrTwice(_ lines: String, _ isAlike: Bool) throws {
        let pair = try CodePair(from: try desk(lines), nil)
        let alike = pair.isRepeatedAlike
        #expect(alike == isAlike)
        let newPIN = try #require(pair.newPIN)
        let (code, pin) = (text(pair.unblockingCode.secret), text(newPIN.secret))
        #expect(code == "puk" && pin == "pin")
    }

    @Test func noNewPINIsAskedForWhereTheOldOneStays() throws {
        let way = Station.UnblockingWay(
            form: "so-pin-counter", setsNewPIN: false,
            counter: Station.Counter(left: 15, limit: nil), rule: nil, obstacle: nil)
        let desk = try desk("3537363231383830\nmore\n")
        let pair = try CodePair(from: desk, way)
        #expect(pair.newPIN == nil)
        #expect(text(try desk.ask("more")) == "more")
    }

    @Test(arguments: ["", "puk", "puk\n"])
    func tooFewLinesAreSaidToBe(_ lines: String) throws {
        let desk = try desk(lines)
        #expect(throws: CodeDesk.Trouble.ended) { _ = try CodePair(from: desk, nil) }
    }

    @Test func aRegularFileIsReadLikeAPipe() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "tokenctl-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("codes").path
        try Data("puk\npin\n".utf8).write(to: URL(fileURLWithPath: path))
        let desk = try CodeDesk(input: try File.open(path, .reading), signals: nil) { _ in }
        let pair = try CodePair(from: desk, nil)
        let alike = pair.isRepeatedAlike
        #expect(alike)
    }
}
