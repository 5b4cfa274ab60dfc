import System
import VirtualToken

/// The program's loop where the token is a USB device: USB/IP connections, the control socket,
/// signals and time.
final class USBSession {
    private let options: Options
    private var reader: CCIDReader
    private var kept: [Kept]

    private let poller: Poller
    private let signals: SignalSource
    private let control: ControlSocket?
    private let listener: FileDescriptor

    private var hosts: [UInt64: Host] = [:]
    private var nextHost = Source.firstHost
    private var isPlugged = true
    /// When what a fault took away comes back by itself.
    private var returns: Instant?

    /// Where a slot's token is kept, and what of it is kept already.
    private struct Kept {
        var folder: StateFolder?
        var revision: Int
    }

    private final class Host {
        let descriptor: FileDescriptor
        var session = USBIPSession()
        var unsent: [UInt8] = []
        init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
    }

    private enum Source {
        static let listener: UInt64 = 1
        static let signals: UInt64 = 2
        // Above all that the control socket gives its clients.
        static let firstHost: UInt64 = 1 << 32
    }

    private static let mostHosts = 8
    /// Most bytes that wait for a host that does not read.
    private static let mostUnsent = 1 << 23

    init(_ options: Options, port: UInt16) throws(Session.End) {
        self.options = options
        do throws(VirtualTokenError) {
            let made = try options.tokens(now: WallClock.seconds, count: options.reader.slots)
            reader = CCIDReader(options.reader, made.map { $0.0 })
            kept = made.map { Kept(folder: $0.1, revision: $0.0.card.revision) }
        } catch { throw Session.End.failed("\(error)") }
        for fault in options.readerFaults { reader.arm(fault) }
        for codes in options.typed { reader.type(codes, now: 0) }
        do throws(SystemError) {
            signals = try SignalSource([.terminate, .interrupt])
            poller = try Poller()
            try poller.add(signals.descriptor.number, .reading, token: Source.signals)
            listener = try LoopbackSocket.listen(port: port)
            try poller.add(listener.number, .reading, token: Source.listener)
            if let path = options.control {
                control = try ControlSocket(at: path, poller)
            } else {
                control = nil
            }
            let bound = try listener.localPort()
            let token = reader.token(0)
            Output.say(
                "virtual-token \(token.serialText): USB/IP at 127.0.0.1:\(bound), bus id "
                    + "\(reader.record.busID), \(token.triesText)\n")
        } catch { throw Session.End.failed("\(error)") }
    }

    /// Runs until the end; never returns without one.
    func run() throws(Session.End) {
        while true {
            let events: [Poller.Event]
            do throws(SystemError) {
                events = try poller.wait(timeout: nextInstant.map { max(.zero, $0 - .now) })
            } catch { throw Session.End.failed("\(error)") }
            for event in events {
                switch event.token {
                case Source.signals: if signals.next() != nil { throw Session.End.finished }
                case Source.listener: accept()
                case Source.firstHost...: try serve(event)
                default:
                    for command in control?.commands(event.token, poller) ?? [] {
                        try obey(command)
                    }
                }
            }
            try takeTime()
        }
    }

    // MARK: Time

    private var now: Int64 { Instant.now.nanoseconds / 1_000_000 }

    private var nextInstant: Instant? {
        // Rounded up, so that what is due at a millisecond is due when the wait ends.
        let due = reader.nextDue.map { Instant(nanoseconds: ($0 + 1) * 1_000_000) }
        return [due, returns].compactMap { $0 }.min()
    }

    private func takeTime() throws(Session.End) {
        reader.tick(now: now)
        if let instant = returns, instant <= .now {
            returns = nil
            isPlugged = true
            reader.plug()
            for slot in 0..<reader.slotCount { reader.insert(slot) }
        }
        try settle()
    }

    /// After anything happened: what changed is kept, then what is ready goes out.
    private func settle() throws(Session.End) {
        try save()
        for (token, host) in hosts where host.session.isImported {
            host.unsent += host.session.pump(&reader)
            flush(token, host)
        }
        if reader.isGone, isPlugged { try unplug(byFault: true) }
        let isOut = (0..<reader.slotCount).contains { !reader.isInserted($0) }
        if isOut, returns == nil, options.stays, control == nil {
            returns = .now + .seconds(1)
        }
    }

    private func save() throws(Session.End) {
        for slot in kept.indices {
            let card = reader.token(slot).card
            guard card.revision != kept[slot].revision else { continue }
            kept[slot].revision = card.revision
            do throws(VirtualTokenError) { try kept[slot].folder?.save(card) } catch {
                throw Session.End.failed("\(error)")
            }
        }
    }

    /// Off the bus: whoever has imported the device sees it go.
    private func unplug(byFault: Bool) throws(Session.End) {
        isPlugged = false
        for (token, host) in hosts where host.session.isImported { drop(token, host) }
        reader.attach()
        guard byFault, control == nil else { return }
        guard options.stays else { throw Session.End.finished }
        returns = .now + .seconds(1)
    }

    // MARK: Hosts

    private func accept() {
        guard let accepted = try? listener.accept(), hosts.count < Self.mostHosts else { return }
        let host = Host(accepted)
        try? host.descriptor.sendWithoutDelay()
        let added: Void? = try? poller.add(host.descriptor.number, .reading, token: nextHost)
        guard added != nil else { return }
        hosts[nextHost] = host
        nextHost += 1
    }

    private func drop(_ token: UInt64, _ host: Host) {
        poller.remove(host.descriptor.number)
        hosts[token] = nil
    }

    private func serve(_ event: Poller.Event) throws(Session.End) {
        guard let host = hosts[event.token] else { return }
        if event.isWritable { flush(event.token, host) }
        guard event.isReadable || event.isHungUp else { return }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count: Int?? = bytes.withUnsafeMutableBytes { room in
            try? host.descriptor.receive(into: room)
        }
        host.descriptor.acknowledgeAtOnce()
        switch count {
        case .some(.none): return
        case .some(.some(let count)) where count > 0:
            try take(bytes[..<count], event.token, host)
        default: try hungUp(event.token, host)
        }
    }

    private func take(
        _ bytes: ArraySlice<UInt8>, _ token: UInt64, _ host: Host
    ) throws(Session.End) {
        let isTaken = hosts.values.contains { $0.session.isImported && $0 !== host }
        do throws(USBIPError) {
            host.unsent += try host.session.receive(
                bytes, &reader, isFree: isPlugged ? !isTaken : nil, now: now)
        } catch {
            Output.complain("virtual-token: \(error)\n")
            return try hungUp(token, host)
        }
        try save()
        flush(token, host)
        try settle()
    }

    private func hungUp(_ token: UInt64, _ host: Host) throws(Session.End) {
        drop(token, host)
        guard host.session.isImported else { return }
        reader.attach()
        if !options.stays { throw Session.End.finished }
    }

    /// Sends what goes at once; the rest when there is room.
    private func flush(_ token: UInt64, _ host: Host) {
        var sent = 0
        while sent < host.unsent.count {
            let count = host.unsent[sent...].withUnsafeBytes { raw in
                try? host.descriptor.send(raw)
            }
            // A connection that fails is one that ends: reading says so.
            guard let count, count > 0 else { break }
            sent += count
        }
        let waited = !host.unsent.isEmpty
        host.unsent.removeFirst(sent)
        guard waited else { return }
        if host.unsent.count > Self.mostUnsent { return host.descriptor.shutDown() }
        try? poller.modify(
            host.descriptor.number, host.unsent.isEmpty ? .reading : [.reading, .writing],
            token: token)
    }

    // MARK: The control socket

    private func obey(_ received: ControlSocket.Received) throws(Session.End) {
        switch received.command {
        case .failure(let error): received.reply("error: \(error)")
        case .success(.quit):
            received.reply("ok")
            throw Session.End.finished
        case .success(.slot(let slot, let command)):
            guard slot < reader.slotCount else { return received.reply("error: no such slot") }
            let answer = try answer(command, slot)
            try settle()
            received.reply(answer)
        case .success(let command):
            let answer = try answer(command, 0)
            try settle()
            received.reply(answer)
        }
    }

    private func answer(_ command: ControlCommand, _ slot: Int) throws(Session.End) -> String {
        switch command {
        case .counters: return reader.token(slot).countersLine
        case .log: return reader.token(slot).logLine
        case .complaints: return reader.complaintsLine
        case .messages: return reader.messagesLine
        case .forget: reader.forget()
        case .clearLog: reader.withToken(slot) { $0.clearLog() }
        case .fault(let fault): reader.withToken(slot) { $0.arm(fault) }
        case .readerFault(let fault): reader.arm(fault)
        case .clearFaults:
            reader.withToken(slot) { $0.clearFaults() }
            reader.clearFaults()
        case .pull: reader.pull(slot)
        case .insert: reader.insert(slot)
        case .lock: reader.withToken(slot) { $0.lock() }
        case .type(let codes): reader.type(codes, now: now)
        case .unplug: try unplug(byFault: false)
        case .plug:
            isPlugged = true
            reader.plug()
        case .swap(let path): return swap(path, slot)
        case .quit, .slot: return "error: not in a slot"
        }
        return "ok"
    }

    private func swap(_ path: String, _ slot: Int) -> String {
        do throws(VirtualTokenError) {
            let other = try StateFolder(path)
            guard let state = try other.token() else {
                return "error: no token is kept in \(path)"
            }
            let token = try other.naming { () throws(VirtualTokenError) in
                try reader.token(slot).replaced(by: state)
            }
            reader.replace(slot, token)
            kept[slot] = Kept(folder: other, revision: token.card.revision)
            return "ok"
        } catch {
            return "error: \(error)"
        }
    }
}
