import Synchronization
import System

/// The helper unit that sees everybody's open files, where the agent's own unit hides them:
/// token-holders.socket starts `token-agent --name-holders` for each connection.
package enum HolderHelper {
    static let path = "/run/token-station/holders.sock"
    private static let longest = 4096

    /// An answer, nil for none, and until when it is not asked for again.
    private struct Kept {
        let answer: [Holder]?
        let until: Instant
    }

    private static let kept = Mutex<[String: Kept]>([:])

    /// What the helper says, without ourselves; nil where there is none or it does not say.
    ///
    /// Each question starts a unit, a part of a second, more on a busy machine, and whoever waits
    /// for a held reader looks twice a second: a holder that was named is asked for again after ten
    /// seconds, and so is a helper that did not say; that there is nobody holds for one.
    static func others(_ question: HolderQuestion) -> [Holder]? {
        let last = kept.withLock { $0[question.line] }
        if let last, Instant.now < last.until { return last.answer }
        let answer = ask(question)?.filter { $0.process != Process.id }
        let age: Duration = answer?.isEmpty == true ? .seconds(1) : .seconds(10)
        kept.withLock { kept in
            kept = kept.filter { Instant.now < $0.value.until }
            kept[question.line] = Kept(answer: answer, until: .now + age)
        }
        return answer
    }

    /// What the helper says within `timeout`; nil where there is none or it does not say.
    static func ask(
        _ question: HolderQuestion, at path: String = path, timeout: Duration = .seconds(3)
    ) -> [Holder]? {
        guard File.exists(path),
            let answer = try? exchange(question.line + "\n", path, until: .now + timeout)
        else { return nil }
        return HolderQuestion.holders(in: String(decoding: answer, as: UTF8.self))
    }

    private static func exchange(
        _ line: String, _ path: String, until end: Instant
    ) throws(SystemError) -> [UInt8] {
        let socket = try UnixSocket.connect(to: path, timeout: end - .now)
        try socket.writeAll(Array(line.utf8))
        return try read(socket, until: end) { _ in false }
    }

    /// The helper's side: reads one question from standard input, which is the connection, and
    /// writes its answer to standard output.
    /// - Returns: whether it was a question that came within two seconds.
    package static func serve() -> Bool {
        guard let line = try? question(), let question = HolderQuestion(line) else { return false }
        let holders =
            switch question {
            case .pcscd: PCSCHolders.look()
            case .node(let place): USBHolders.look([place.node])[place.node] ?? []
            }
        let answer = HolderQuestion.answer(holders)
        return (try? FileDescriptor.write(answer, to: Terminal.standardOutput)) != nil
    }

    private static func question() throws(SystemError) -> String {
        let input = try FileDescriptor(duplicating: Terminal.standardInput)
        let bytes = try read(input, until: .now + .seconds(2)) { $0.last == 0x0A }
        return String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
    }

    /// What comes until the end of the stream, or until it is whole, or has lasted too long.
    private static func read(
        _ stream: borrowing FileDescriptor, until end: Instant, isWhole: ([UInt8]) -> Bool
    ) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 512)
        while bytes.count < longest, !isWhole(bytes), try stream.wait(timeout: end - .now) {
            let n = (try? room.withUnsafeMutableBytes { try stream.read(into: $0) }) ?? 0
            if n == 0 { break }
            bytes += room.prefix(n)
        }
        return bytes
    }
}
