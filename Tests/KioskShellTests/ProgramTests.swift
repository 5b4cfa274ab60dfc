import Foundation
import Glibc
import StationInterface
import Synchronization
import Testing

@testable import KioskShell

/// The built program on a pseudo-terminal of its own.
private final class RunningShell {
    let master: Int32
    let process: pid_t
    /// The terminal's modes before the program had it.
    let modesBefore: [UInt32]
    private(set) var output: [UInt8] = []
    private var hasEnded = false

    init(_ arguments: [String] = []) throws {
        let folder =
            Bundle.main.bundleURL.path.hasSuffix(".xctest")
            ? Bundle.main.bundleURL.deletingLastPathComponent() : Self.buildFolder
        let program = folder.appending(path: "kiosk-shell").path
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var locked: Int32 = 0
        var number: UInt32 = 0
        guard master >= 0, ioctl(master, Self.lockTerminal, &locked) == 0,
            ioctl(master, Self.terminalNumber, &number) == 0
        else { throw POSIXError(.ENODEV) }
        modesBefore = Self.modes(of: master)
        let name = "/dev/pts/\(number)"
        var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
        initialModes = Self.modes(of: master)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // Opened by the leader of a new session, it becomes the controlling terminal.
        posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, 0x80)  // POSIX_SPAWN_SETSID
        let argv: [UnsafeMutablePointer<CChar>?] =
            (["kiosk-shell"] + arguments).map { strdup($0) }
            + [nil]
        let envp: [UnsafeMutablePointer<CChar>?] = [strdup("TERM=xterm-256color"), nil]
        defer { (argv + envp).forEach { free($0) } }
        var child = pid_t()
        guard posix_spawn(&child, program, &actions, &attributes, argv, envp) == 0 else {
            throw POSIXError(.ENOENT)
        }
        process = child
    }

    deinit {
        // A process that was waited for is gone, and its number may be another's.
        if !hasEnded { kill(process, SIGKILL) }
        close(master)
    }

    // TIOCSPTLCK and TIOCGPTN: Glibc's module has no posix_openpt and its kin.
    private static let lockTerminal: UInt = 0x4004_5431
    private static let terminalNumber: UInt = 0x8004_5430

    private static var buildFolder: URL {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    }

    var text: String { String(decoding: output, as: UTF8.self) }

    /// As they were before the shell began.
    let initialModes: [UInt32]

    var modes: [UInt32] { Self.modes(of: master) }

    private static func modes(of terminal: Int32) -> [UInt32] {
        var modes = termios()
        tcgetattr(terminal, &modes)
        return [modes.c_iflag, modes.c_oflag, modes.c_lflag]
    }

    /// Reads until `wanted` was seen; false when the terminal or half a minute ended before.
    func sees(_ wanted: String) -> Bool {
        let end = Date.now + 30
        while !text.contains(wanted) {
            var one = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            guard Date.now < end, poll(&one, 1, 1_000) >= 0 else { return false }
            var room = [UInt8](repeating: 0, count: 4096)
            let count = one.revents & Int16(POLLIN) != 0 ? read(master, &room, room.count) : 0
            if count > 0 { output += room.prefix(count) }
            if count == 0, one.revents & Int16(POLLHUP) != 0 { return text.contains(wanted) }
        }
        return true
    }

    func forget() { output = [] }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(master, bytes, bytes.count)
    }

    /// The screen process.
    var child: pid_t? {
        let path = "/proc/\(process)/task/\(process)/children"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return text.split(separator: " ").first.flatMap { pid_t($0) }
    }

    /// Exit code, or minus the signal.
    func end() -> Int32 {
        var status: Int32 = 0
        waitpid(process, &status, 0)
        hasEnded = true
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
    }
}

@Suite struct ProgramTests {
    private let leaving = "\u{1B}[?1049l"

    enum Death: CaseIterable, Sendable {
        case key, terminated, parentTerminated, parentKilled
    }

    @Test(arguments: Death.allCases)
    func theTerminalIsPutBackAfterEveryDeath(_ death: Death) throws {
        let shell = try RunningShell(["--socket", "/nonexistent/agent"])
        let before = shell.modesBefore
        #expect(shell.sees("token-agent"))
        #expect(shell.text.contains("\u{1B}[?1049h"))
        #expect(shell.text.contains("\u{1B}[?1006h"))
        #expect(shell.modes != before)
        guard let child = shell.child else {
            Issue.record("no screen process")
            return
        }
        switch death {
        case .key: shell.type("\u{1B}[21~")
        case .terminated: kill(child, SIGTERM)
        case .parentTerminated: kill(shell.process, SIGTERM)
        case .parentKilled: kill(shell.process, SIGKILL)
        }
        #expect(shell.sees(leaving))
        for mode in ["1006", "1000", "2004"] { #expect(shell.text.contains("\u{1B}[?\(mode)l")) }
        let code = shell.end()
        if death == .parentKilled {
            // The orphan puts the modes back after the screen; nothing tells when it has ended.
            let end = Date.now + 10
            while shell.modes != before, Date.now < end { usleep(1_000) }
        }
        #expect(shell.modes == before)
        switch death {
        case .key, .terminated, .parentTerminated: #expect(code == ExitCode.left)
        case .parentKilled: #expect(code == -SIGKILL)
        }
    }

    /// Each time the terminal is put back first; what crashes over and over is given up.
    @Test(arguments: [SIGILL, SIGKILL])
    func theScreenComesBackAfterACrash(_ signal: Int32) throws {
        let shell = try RunningShell(["--socket", "/nonexistent/agent"])
        for _ in 0..<3 {
            #expect(shell.sees("token-agent"))
            let child = try #require(shell.child)
            shell.forget()
            kill(child, signal)
            #expect(shell.sees(leaving))
            #expect(shell.sees("\u{1B}[?1049h"))
        }
        #expect(shell.sees("token-agent"))
        kill(try #require(shell.child), signal)
        #expect(shell.sees("ended by signal"))
        #expect(shell.end() == ExitCode.failed)
        #expect(shell.modes == shell.modesBefore)
    }

    @Test func anotherSizeIsDrawnAtOnce() throws {
        let shell = try RunningShell(["--socket", "/nonexistent/agent"])
        #expect(shell.sees("token-agent"))
        var size = winsize(ws_row: 20, ws_col: 60, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(shell.master, UInt(TIOCSWINSZ), &size)
        #expect(shell.sees("Màn hình quá nhỏ"))
        shell.type("\u{1B}OQ")
        #expect(shell.sees("The screen is too small"))
    }

    @Test func theScreenProcessCannotBeDumped() throws {
        let shell = try RunningShell(["--socket", "/nonexistent/agent"])
        #expect(shell.sees("token-agent"))
        guard let child = shell.child else {
            Issue.record("no screen process")
            return
        }
        let limits = try String(contentsOfFile: "/proc/\(child)/limits", encoding: .utf8)
        let core = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") }
        #expect(core?.split(separator: " ").dropFirst(4).first == "0")
    }

    @Test(arguments: [
        (["--help"], Options.help, ExitCode.left),
        (["--version"], "kiosk-shell 0.1.0\n", ExitCode.left),
        (["--socket"], "--socket wants a value", ExitCode.usage),
        (["--language", "fr"], "vi or en", ExitCode.usage),
        (["--pin", "1"], "unknown argument", ExitCode.usage),
        (["--import", "requests"], "the whole path", ExitCode.usage),
        (["--qr", ""], "--qr wants a command", ExitCode.usage),
        (["--blank", "0"], "--blank is 1 to 240", ExitCode.usage),
    ])
    func argumentsAreAnsweredForInWords(
        _ arguments: [String], _ words: String, _ code: Int32
    ) throws {
        let shell = try RunningShell(arguments)
        #expect(shell.sees(words.replacingOccurrences(of: "\n", with: "\r\n")))
        #expect(shell.end() == code)
    }

    @Test func theScreenProcessGetsEveryOption() throws {
        let options = try Options([
            "--import", "/srv/a", "--import", "/media", "--qr", "qrencode -t SVG -o -", "--blank",
            "10", "--plain", "--input", "vni", "--print", "lp",
        ])
        #expect(options.imports == ["/srv/a", "/media"])
        #expect(options.qr == "qrencode -t SVG -o -" && options.blank == 10)
        var screen = try Options(options.forScreen)
        #expect(screen.role == .screen)
        screen.role = .keeper
        #expect(screen == options)
    }

    @Test(
        arguments: [
            ([], nil, Station.defaultSocket), ([], "", Station.defaultSocket), ([], "/e", "/e"),
            (["--socket", "/o"], "/e", "/o"),
        ] as [([String], String?, String)])
    func theSocketIsThatOfTheOptionElseOfTheEnvironment(
        _ arguments: [String], _ environment: String?, _ socket: String
    ) throws {
        let options = try Options(arguments, environmentSocket: environment)
        #expect(options.socket == socket)
        #expect(options.forScreen.contains(socket))
        #expect(Options.help.contains("TOKEN_STATION_SOCKET"))
    }
}
