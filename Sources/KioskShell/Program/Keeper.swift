import System

/// The small parent process: it keeps the terminal's modes, starts the screen process, and puts
/// the terminal back when that ends, whatever ended it. After a crash it starts another one, with
/// what the first left to it. It never sees a key or a code.
struct Keeper {
    let options: Options
    let name: String
    private static let forwarded: [Signal] = [.terminate, .hangUp, .interrupt, .quit]
    /// More crashes than these in a minute are nothing to go on with.
    private static let mostCrashes = 3

    /// The exit code of the whole program.
    func run() -> Int32 {
        guard let terminal = Terminal(Terminal.standardInput),
            Terminal(Terminal.standardOutput) != nil
        else {
            Console.complain("kiosk-shell needs a terminal as its standard input and output")
            return ExitCode.noTerminal
        }
        do throws(SystemError) {
            // Nobody reads what the screen process left through this one.
            try Process.forbidDumps()
            let modes = try terminal.modes()
            let signals = try SignalSource(Self.forwarded + [.childEnded])
            let memory = try MemoryFile()
            var crashes: [Instant] = []
            while true {
                let (end, isAsked) = try keep(signals, memory.number)
                Console.write(leave)
                try terminal.set(modes)
                crashes = crashes.filter { Instant.now - $0 < .seconds(60) } + [.now]
                guard case .killed(let signal) = end, !isAsked, !Self.forwarded.contains(signal),
                    crashes.count <= Self.mostCrashes
                else { return report(end) }
            }
        } catch {
            Console.write(leave)
            Console.complain("kiosk-shell: \(error)")
            return ExitCode.failed
        }
    }

    /// The line mode changes nothing that would have to be put back but the modes.
    private var leave: StaticString { options.plain ? "" : Renderer.leave }

    /// One screen process from its start to its end, and whether it was asked to end.
    private func keep(
        _ signals: SignalSource, _ kept: Int32
    ) throws(SystemError) -> (Process.End, isAsked: Bool) {
        var screen = options
        screen.kept = kept
        let child = try Process.spawn(
            "/proc/self/exe", arguments: [name] + screen.forScreen,
            environment: screenEnvironment)
        Process.letGoOfProgram()
        var isAsked = false
        while true {
            _ = try signals.descriptor.wait(timeout: nil)
            while let signal = signals.next() {
                guard Self.forwarded.contains(signal) else { continue }
                isAsked = true
                try? Process.signal(child, signal)
            }
            if let end = try Process.wait(for: child, block: false) { return (end, isAsked) }
        }
    }

    /// Swift's backtracer prints memory at registers: never in a process that holds codes. The
    /// service manager's watchdog is answered by the screen process, whoever it was set for: a
    /// screen that stands still is a counter that does.
    private var screenEnvironment: [String] {
        Process.environment.filter {
            !$0.hasPrefix("SWIFT_BACKTRACE=") && !$0.hasPrefix("WATCHDOG_PID=")
        } + ["SWIFT_BACKTRACE=enable=no"]
    }

    private func report(_ end: Process.End) -> Int32 {
        switch end {
        case .exited(let code): return code
        case .killed(let signal):
            Console.complain(
                "kiosk-shell: the screen process was ended by signal \(signal.rawValue); "
                    + "the terminal is put back, and a restore that was running stays with the agent"
            )
            return ExitCode.failed
        }
    }
}

/// Lines on the terminal outside of the screens.
enum Console {
    static func write(_ text: StaticString) {
        text.withUTF8Buffer { write(UnsafeRawBufferPointer($0), to: Terminal.standardOutput) }
    }

    static func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { write($0, to: Terminal.standardOutput) }
    }

    static func complain(_ text: String) {
        Array((text + "\n").utf8).withUnsafeBytes { write($0, to: Terminal.standardError) }
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to number: Int32) {
        let file = FileDescriptor(owning: number)
        // A terminal that is gone takes nothing; the read end says so to the loop.
        try? file.writeAll(bytes)
        _ = file.release()
    }
}
