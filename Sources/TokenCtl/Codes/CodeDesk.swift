import Secrets
import System

/// Where codes come from: keys of a terminal that shows nothing, or lines of a file or pipe.
///
/// Codes go from the kernel into locked memory and from there to the station; no string and no
/// array ever holds one.
final class CodeDesk {
    enum Trouble: Error, Equatable, Sendable {
        /// ^C, or a signal that ends programs.
        case interrupted
        /// Input ended before this code.
        case ended
        case tooLong
        case noLockedMemory
        /// A code that is asked for twice was entered in two ways.
        case entriesDiffer
        case system(SystemError)
    }

    private let input: FileDescriptor
    private let terminal: Terminal?
    private let signals: SignalSource?
    private let poller: Poller
    /// Regular files cannot be waited for, and need not be.
    private let mustWait: Bool
    private var read: LockedBuffer
    private let prompt: (String) -> Void

    var isTerminal: Bool { terminal != nil }

    /// - Parameters:
    ///   - input: taken over.
    ///   - signals: what a person ends the program with.
    ///   - prompt: shows a few words to the person, where there is one.
    init(
        input: consuming FileDescriptor, signals: SignalSource?, prompt: @escaping (String) -> Void
    ) throws(Trouble) {
        terminal = Terminal(input.number)
        self.signals = signals
        self.prompt = prompt
        do throws(SystemError) {
            poller = try Poller()
            if let signals { try poller.add(signals.descriptor.number, .reading, token: 1) }
            mustWait = (try? poller.add(input.number, .reading, token: 0)) != nil
        } catch {
            throw .system(error)
        }
        self.input = input
        do throws(SecretError) {
            // Of a pipe no more is taken than is asked for: the rest is for whoever asks next.
            read = try LockedBuffer(capacity: terminal == nil ? 1 : 1024)
        } catch {
            throw .noLockedMemory
        }
    }

    /// Runs `body` with a terminal that shows nothing of what is typed, and puts it back.
    func silently<R: ~Copyable>(_ body: () throws(Trouble) -> R) throws(Trouble) -> R {
        guard let terminal else { return try body() }
        let modes: Terminal.Modes
        do throws(SystemError) {
            modes = try terminal.modes()
            try terminal.makeSilent(from: modes)
        } catch {
            throw .system(error)
        }
        defer { try? terminal.set(modes) }
        return try body()
    }

    /// Asks for one code.
    func ask(_ words: String) throws(Trouble) -> Secret {
        if isTerminal { prompt(words + ": ") }
        defer { if isTerminal { prompt("\n") } }
        guard let code = try next() else { throw .ended }
        return code
    }

    /// The next line; nil where input is over.
    func next() throws(Trouble) -> Secret? {
        guard var editor = try? CodeEditor(isTyped: isTerminal) else { throw .noLockedMemory }
        while true {
            guard let byte = try nextByte() else {
                if editor.count == 0 { return nil }
                break
            }
            let step = editor.take(byte)
            if step == .ended { return nil }
            if step == .done { break }
        }
        return try editor.finish()
    }

    /// Whether somebody wants the program to end, without waiting.
    func isInterrupted() -> Bool {
        while let signal = signals?.next() {
            if signal != .stop { return true }
        }
        return false
    }

    private func nextByte() throws(Trouble) -> UInt8? {
        if read.count == 0 {
            try waitForInput()
            do throws(SystemError) {
                _ = try read.fill { room throws(SystemError) in try input.read(into: room) }
            } catch {
                throw .system(error)
            }
            if read.count == 0 { return nil }
        }
        let byte = read.withBytes { $0[0] }
        read.removeFirst(1)
        return byte
    }

    private func waitForInput() throws(Trouble) {
        while true {
            if isInterrupted() { throw .interrupted }
            guard mustWait else { return }
            do throws(SystemError) {
                let events = try poller.wait(timeout: nil)
                // A signal and a key at once: the signal goes first.
                if !events.contains(where: { $0.token == 1 }), !events.isEmpty { return }
            } catch {
                throw .system(error)
            }
        }
    }
}
