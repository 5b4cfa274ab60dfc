import System
import VirtualToken

/// The program's one loop: the reader's side, the control socket, signals and time.
final class Session {
    private let options: Options
    private var folder: StateFolder?
    private var token: SimulatedToken
    private var savedRevision: Int

    private let poller: Poller
    private let signals: SignalSource
    private let control: ControlSocket?

    private var reader: Connection?
    private var wire = VPCDWire()
    private var due: Due?
    private var connecting: Reconnecting?
    private var saidReady = false
    /// When a reader that has not asked for anything yet is odd.
    private var silence: Instant?
    private static let patienceForReader: Duration = .seconds(3)

    /// What waits for its time; while it waits the card hears nothing.
    private enum Due {
        case answer([UInt8], at: Instant)
        case gone(at: Instant)
        /// A mute card: silent until its power goes.
        case never

        var instant: Instant? {
            switch self {
            case .answer(_, let instant), .gone(let instant): instant
            case .never: nil
            }
        }
    }

    /// Attempts to get to the reader, each later than the one before.
    private struct Reconnecting {
        var next: Instant
        var pause: Duration = .milliseconds(20)
        /// Nil goes on for ever.
        var end: Instant?
    }

    private enum Source {
        static let reader: UInt64 = 1
        static let signals: UInt64 = 2
    }

    enum End: Error {
        /// Told to, or the other end hung up.
        case finished
        case failed(String)
    }

    init(_ options: Options) throws(End) {
        self.options = options
        do throws(VirtualTokenError) {
            (token, folder) = try options.token(now: WallClock.seconds)
        } catch { throw End.failed("\(error)") }
        savedRevision = token.card.revision
        do throws(SystemError) {
            signals = try SignalSource([.terminate, .interrupt])
            poller = try Poller()
            try poller.add(signals.descriptor.number, .reading, token: Source.signals)
            if let path = options.control {
                control = try ControlSocket(at: path, poller)
            } else {
                control = nil
            }
        } catch { throw End.failed("\(error)") }
        connect()
    }

    /// Runs until the end; never returns without one.
    func run() throws(End) {
        while true {
            let events: [Poller.Event]
            do throws(SystemError) {
                events = try poller.wait(timeout: nextInstant.map { max(.zero, $0 - .now) })
            } catch { throw End.failed("\(error)") }
            for event in events {
                switch event.token {
                case Source.signals: if signals.next() != nil { throw End.finished }
                case Source.reader: try readReader()
                default:
                    for command in control?.commands(event.token, poller) ?? [] {
                        try obey(command)
                    }
                }
            }
            try takeTime()
        }
    }

    private var nextInstant: Instant? {
        [due?.instant, connecting?.next, silence].compactMap { $0 }.min()
    }

    private func takeTime() throws(End) {
        if let planned = due, let instant = planned.instant, instant <= .now {
            due = nil
            switch planned {
            case .answer(let bytes, _): try send(bytes)
            case .gone: try pull()
            case .never: break
            }
            try answerMessages()
        }
        if let attempt = connecting, attempt.next <= .now { try tryToConnect(attempt) }
        if let instant = silence, instant <= .now {
            silence = nil
            Output.complain(
                "virtual-token: connected, and nothing is asked of the token: this may be no "
                    + "training station's socket for tokens\n")
        }
    }

    // MARK: The reader's side

    private func connect() {
        connecting = Reconnecting(
            next: .now, end: options.stays ? nil : .now + .milliseconds(options.patience))
    }

    private func tryToConnect(_ attempt: Reconnecting) throws(End) {
        do throws(SystemError) {
            let connection: Connection
            switch options.attachment {
            case .vpcd(let port):
                connection = Connection(try LoopbackSocket.connect(port: port), isTCP: true)
            case .socket(let path):
                connection = Connection(try UnixSocket.connect(to: path), isTCP: false)
            case .usb, nil: throw SystemError(.connect, .invalid)
            }
            try poller.add(connection.descriptor.number, .reading, token: Source.reader)
            reader = connection
            wire = VPCDWire()
            connecting = nil
            token.powerOff()
            if !saidReady { silence = .now + Self.patienceForReader }
        } catch {
            if let end = attempt.end, end <= .now { throw End.failed("\(error)") }
            var later = attempt
            later.next = .now + attempt.pause
            later.pause = min(attempt.pause * 2, .seconds(1))
            connecting = later
        }
    }

    private func readReader() throws(End) {
        guard let reader else { return }
        var bytes = [UInt8](repeating: 0, count: 65_537)
        let count: Int?
        // A connection that fails is one that has ended.
        do throws(SystemError) { count = try reader.receive(&bytes) } catch { count = 0 }
        guard let count else { return }
        guard count > 0 else { return try hungUp() }
        if !saidReady {
            saidReady = true
            Output.say("virtual-token \(token.serialText): in its reader, \(token.triesText)\n")
        }
        silence = nil
        wire.append(bytes[..<count])
        try answerMessages()
    }

    private func hungUp() throws(End) {
        leave()
        guard options.stays else { throw End.finished }
        connect()
    }

    /// Out of the reader: what was on its way is lost, and so is the card's power.
    private func leave() {
        if let reader { poller.remove(reader.descriptor.number) }
        reader = nil
        due = nil
        silence = nil
        token.powerOff()
    }

    private func answerMessages() throws(End) {
        while reader != nil, let message = nextMessage() {
            switch message {
            case .powerOff: token.powerOff()
            case .powerOn, .reset: token.powerOn()
            case .answerToReset: try send(token.atr)
            case .command(let command): try carryOut(command)
            }
        }
    }

    /// The next message the card hears. One that is busy hears nothing; a mute one hears only
    /// what ends its muteness.
    private func nextMessage() -> VPCDWire.Message? {
        switch due {
        case nil: return wire.next()
        case .answer, .gone: return nil
        case .never:
            while let message = wire.next() {
                switch message {
                case .powerOff, .powerOn, .reset:
                    due = nil
                    return message
                case .answerToReset: return message
                case .command: continue
                }
            }
            return nil
        }
    }

    private func carryOut(_ command: [UInt8]) throws(End) {
        let exchange = token.exchange(command)
        try save()
        switch exchange {
        case .answer(let bytes, after: 0): try send(bytes)
        case .answer(let bytes, let milliseconds):
            due = .answer(bytes, at: .now + .milliseconds(milliseconds))
        case .pulled(let answer):
            if let answer { try send(answer) }
            try pull()
        case .mute(let milliseconds):
            due = milliseconds.map { .gone(at: .now + .milliseconds($0)) } ?? .never
        }
    }

    /// What a command changed stands on the medium before its answer goes out.
    private func save() throws(End) {
        guard token.card.revision != savedRevision else { return }
        savedRevision = token.card.revision
        do throws(VirtualTokenError) { try folder?.save(token.card) } catch {
            throw End.failed("\(error)")
        }
    }

    private func send(_ bytes: [UInt8]) throws(End) {
        guard let reader, let frame = VPCDWire.frame(bytes) else { return }
        do throws(SystemError) { try reader.send(frame) } catch { try hungUp() }
    }

    /// A pull by a fault: gone for good, unless somebody can put it back.
    private func pull() throws(End) {
        leave()
        if control != nil { return }
        guard options.stays else { throw End.finished }
        connecting = Reconnecting(next: .now + .seconds(1), end: nil)
    }

    // MARK: The control socket

    private func obey(_ command: ControlSocket.Received) throws(End) {
        switch command.command {
        case .failure(let error): command.reply("error: \(error)")
        case .success(.counters): command.reply(token.countersLine)
        case .success(.log): command.reply(token.logLine)
        case .success(.clearLog):
            token.clearLog()
            command.reply("ok")
        case .success(.fault(let fault)):
            token.arm(fault)
            command.reply("ok")
        case .success(.clearFaults):
            token.clearFaults()
            command.reply("ok")
        case .success(.pull):
            leave()
            connecting = nil
            command.reply("ok")
        case .success(.insert):
            if reader == nil { connect() }
            try takeTime()
            command.reply(reader == nil ? "error: no reader to get into yet" : "ok")
        case .success(.swap(let path)): try swap(path, command)
        case .success(.lock):
            token.lock()
            try save()
            command.reply("ok")
        case .success(.quit):
            command.reply("ok")
            throw End.finished
        case .success: command.reply("error: only where the token is a USB device")
        }
    }

    private func swap(_ path: String, _ command: ControlSocket.Received) throws(End) {
        do throws(VirtualTokenError) {
            let other = try StateFolder(path)
            guard let state = try other.token() else {
                return command.reply("error: no token is kept in \(path)")
            }
            let swapped = try other.naming { () throws(VirtualTokenError) in
                try token.replaced(by: state)
            }
            leave()
            (token, folder) = (swapped, other)
            savedRevision = token.card.revision
        } catch {
            return command.reply("error: \(error)")
        }
        connect()
        try takeTime()
        command.reply(reader == nil ? "error: no reader to get into yet" : "ok")
    }
}

/// The way to the reader.
final class Connection {
    let descriptor: FileDescriptor
    private let isTCP: Bool

    init(_ descriptor: consuming FileDescriptor, isTCP: Bool) {
        self.descriptor = descriptor
        self.isTCP = isTCP
    }

    /// How many bytes came; 0 at the end, nil where there are none.
    func receive(_ bytes: inout [UInt8]) throws(SystemError) -> Int? {
        var result: Result<Int?, SystemError> = .success(nil)
        bytes.withUnsafeMutableBytes { room in
            do throws(SystemError) {
                result = .success(try descriptor.receive(into: room))
            } catch { result = .failure(error) }
        }
        // vpcd writes length and body apart: without this each command waits 40 ms for the
        // delayed acknowledgement. The kernel forgets it, so it is asked for each time.
        if isTCP { descriptor.acknowledgeAtOnce() }
        return try result.get()
    }

    func send(_ bytes: [UInt8]) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            var result: Result<Int, SystemError> = .success(0)
            rest.withUnsafeBytes { raw in
                do throws(SystemError) {
                    result = .success(try descriptor.send(raw, wait: true))
                } catch { result = .failure(error) }
            }
            rest = rest.dropFirst(try result.get())
        }
    }
}
