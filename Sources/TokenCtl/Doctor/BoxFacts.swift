import Secrets
import StationInterface
import System

/// What can be seen on a box without a station and without running anything.
struct BoxFacts: Equatable, Sendable {
    enum SocketFile: Equatable, Sendable {
        case missing
        /// Its folder may not be looked into.
        case hidden
        case notSocket
        case socket(mode: UInt32, owner: UInt32, group: UInt32)
    }

    var socketPath: String
    var socketFile = SocketFile.missing
    var isListening = false
    var user: UInt32 = 0
    var groups: [UInt32] = []
    var groupNames: [UInt32: String] = [:]
    var hasSystemd = false
    var unitIsInstalled = false
    var unitIsActive = false
    var pcscdIsListening = false
    var pcscdProcesses: [Int] = []
    var hasConfiguration = false
    /// vpcd's ports that somebody listens on.
    var virtualDriverPorts: [Int] = []
    var canLockMemory = true
    var usb = USBFacts()

    static let unit = "token-agent.service"
    static let configuration = "/etc/token-station/agent.json5"
    static let pcscdSockets = ["/run/pcscd/pcscd.comm", "/var/run/pcscd/pcscd.comm"]
    static let vpcdPorts = [35963, 35964]

    func name(ofGroup number: UInt32) -> String {
        groupNames[number].map { "\($0) (\(number))" } ?? "\(number)"
    }
}

extension BoxFacts {
    /// Looks around.
    init(lookingFor socket: String) {
        self.init(socketPath: socket)
        let paths = ProcText.listeningPaths(Self.text("/proc/net/unix"))
        socketFile = Self.file(socket)
        isListening = paths.contains(socket)
        user = Process.userID
        groups = ProcText.groups(Self.text("/proc/self/status"))
        groupNames = ProcText.groupNames(Self.text("/etc/group"))
        hasSystemd = File.exists("/run/systemd/system")
        unitIsInstalled = ["/etc/systemd/system/", "/usr/lib/systemd/system/", "/lib/systemd/system/"]
            .contains { File.exists($0 + Self.unit) }
        unitIsActive = File.exists("/run/systemd/units/invocation:" + Self.unit)
        pcscdProcesses = Self.processes(named: "pcscd")
        pcscdIsListening = Self.pcscdSockets.contains { paths.contains($0) }
        hasConfiguration = File.exists(Self.configuration)
        let ports = ProcText.listeningPorts(Self.text("/proc/net/tcp"))
            .union(ProcText.listeningPorts(Self.text("/proc/net/tcp6")))
        virtualDriverPorts = Self.vpcdPorts.filter { ports.contains($0) }
        canLockMemory = Self.locksMemory()
        usb = USBFacts.look()
    }

    private static func text(_ path: String) -> String {
        String(decoding: (try? File.contents(of: path, limit: 16 << 20)) ?? [], as: UTF8.self)
    }

    private static func file(_ path: String) -> SocketFile {
        do throws(SystemError) {
            let status = try File.status(of: path)
            guard status.isSocket else { return .notSocket }
            return .socket(mode: status.mode & 0o7777, owner: status.owner, group: status.group)
        } catch {
            return error.errno == .accessDenied ? .hidden : .missing
        }
    }

    private static func processes(named wanted: String) -> [Int] {
        ((try? File.names(in: "/proc")) ?? []).compactMap(Int.init)
            .filter { text("/proc/\($0)/comm") == wanted + "\n" }.sorted()
    }

    private static func locksMemory() -> Bool {
        // As much as a restore wants: the connection's buffer, the codes and the input's.
        guard let buffer = try? LockedBuffer(capacity: 64 * 1024) else { return false }
        return buffer.capacity > 0
    }
}
