import Secrets
import System
import Varlink

/// The process that draws, reads keys and talks to the agent: one thread, one wait.
struct ScreenProcess {
    let options: Options

    func run() -> Int32 {
        do throws(SystemError) {
            try Process.forbidDumps()
        } catch {
            Console.complain("kiosk-shell: \(error)")
            return ExitCode.failed
        }
        Process.endWithParent()
        // Before anything is started: what it takes out of the environment is not for commands.
        let manager = ServiceManager()
        SignalSource.ignoreBrokenPipes()
        guard let terminal = Terminal(Terminal.standardInput) else { return ExitCode.noTerminal }
        do throws(SystemError) {
            let modes = try terminal.modes()
            try terminal.makeRaw(from: modes)
            Console.write(options.plain ? "" : Renderer.enter)
            defer {
                Console.write(options.plain ? "\r\n" : Renderer.leave)
                try? terminal.set(modes)
            }
            return try loop(terminal, manager)
        } catch {
            Console.complain("kiosk-shell: \(error)")
            return ExitCode.failed
        }
    }

    /// Runs until somebody leaves or the terminal is gone.
    private func loop(
        _ terminal: Terminal, _ manager: ServiceManager
    ) throws(SystemError) -> Int32 {
        let signals = try SignalSource([
            .terminate, .hangUp, .interrupt, .quit, .windowChanged, .resume, .childEnded,
        ])
        let events = try EventLoop()
        let signalToken = try events.add(signals.descriptor.number)
        let keyToken = try events.add(terminal.number)
        let link = StationLink(path: options.socket, events: events)
        let printer = options.print.map { OfficeCommand($0, events: events) }
        let qr = options.qr.map { command in
            OfficeCommand(
                command, events: events, limit: .seconds(10), mostSaid: VarlinkLimits().message)
        }
        let commands = [printer, qr].compactMap { $0 }
        let desk: Desk
        do throws(SecretError) {
            desk = try Desk(
                language: options.language, input: options.input, link: link,
                renderer: renderer, printer: printer, qr: qr,
                blankAfter: options.blank.map { Milliseconds($0) * 60_000 },
                imports: options.imports,
                isPlain: options.plain,
                memory: memory,
                size: size(of: terminal), now: clock)
        } catch {
            Console.complain("kiosk-shell: \(error)")
            return ExitCode.failed
        }
        desk.start(at: clock)
        var heartbeat = manager.watchdogInterval.map { Instant.now + $0 }
        while !desk.hasQuit {
            Console.write(desk.paint())
            if let interval = manager.watchdogInterval, let due = heartbeat, due <= .now {
                manager.alive()
                heartbeat = .now + interval
            }
            let ready = try events.wait(timeout(desk, commands, heartbeat))
            if !ready.contains(keyToken) { desk.endTyping(at: clock) }
            for token in ready {
                if token == keyToken {
                    guard read(terminal, into: desk) else { return ExitCode.left }
                } else if token == signalToken {
                    guard take(signals, desk, terminal) else { return ExitCode.left }
                } else if !commands.contains(where: { $0.ready(token) }) {
                    link.ready(token)
                }
            }
            for command in commands { command.look() }
            desk.takeMessages(at: clock)
            if let deadline = desk.counter.deadline, deadline <= clock {
                desk.tick(at: clock)
                desk.takeMessages(at: clock)
            }
        }
        return ExitCode.left
    }

    /// What the process before left, and where this one leaves the same.
    private var memory: KeptMemory? {
        guard let number = options.kept, let memory = try? MemoryFile(inheriting: number) else {
            return nil
        }
        return KeptMemory(memory)
    }

    /// How long nothing has to be done; nil where nothing ever has.
    private func timeout(
        _ desk: Desk, _ commands: [OfficeCommand], _ heartbeat: Instant?
    ) -> Duration? {
        let now = clock
        let waits = [desk.counter.deadline, desk.typingDeadline].compactMap { $0 }
            .map { Duration.milliseconds(max($0 - now, 0)) }
        let ends = (commands.map(\.deadline) + [heartbeat]).compactMap { $0 }
            .map { max($0 - .now, .zero) }
        return (ends + waits).min()
    }

    /// Hands the desk what was typed; false when the terminal is gone.
    private func read(_ terminal: Terminal, into desk: Desk) -> Bool {
        do throws(SystemError) {
            return try desk.read(at: clock) { (room) throws(SystemError) in
                try terminal.read(into: room)
            }
        } catch {
            return false
        }
    }

    /// False when a signal ends the shell.
    private func take(_ signals: SignalSource, _ desk: Desk, _ terminal: Terminal) -> Bool {
        while let signal = signals.next() {
            switch signal {
            case .windowChanged: desk.resize(size(of: terminal))
            // The printer asks for its child each time something happened.
            case .childEnded: break
            case .resume:
                desk.repaint()
                desk.resize(size(of: terminal))
            default: return false
            }
        }
        return true
    }

    private var renderer: Renderer {
        let term = Process.variable("TERM")
        let depth = ColorDepth.from(noColor: Process.variable("NO_COLOR"), term: term)
        return Renderer(palette: Palette(depth: depth), plainGlyphs: term == "linux")
    }

    private func size(of terminal: Terminal) -> Size {
        guard let (columns, rows) = terminal.size() else { return .smallest }
        return Size(columns: columns, rows: rows).clamped
    }

    private var clock: Milliseconds { Instant.now.nanoseconds / 1_000_000 }
}
