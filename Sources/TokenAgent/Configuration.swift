import JSON
import System
import Varlink

/// What the agent is told at start, from a JSON5 file.
struct Configuration: Equatable, Sendable {
    enum Mode: String, CaseIterable, Sendable { case office, training }

    /// Users and groups, by name or number.
    struct Principals: Equatable, Sendable {
        var users: [String] = []
        var groups: [String] = []
    }

    struct Budgets: Equatable, Sendable {
        /// Taking the reader and powering the token.
        var connect: Duration = .seconds(10)
        /// Reading identity and counters.
        var read: Duration = .seconds(5)
        /// One command that may write in the token.
        var write: Duration = .seconds(10)
        /// One signature; a touch may be waited for.
        var sign: Duration = .seconds(20)
        /// The cold reset at the end.
        var reset: Duration = .seconds(5)
        /// How long a command that writes in the token keeps it powered and held.
        var hardCap: Duration = .seconds(60)
    }

    var mode: Mode = .office
    var socket = "/run/token-station/agent.sock"
    var socketGroup: String? = nil
    var state = "/var/lib/token-station"
    var usesPCSC = true
    /// Where virtual tokens connect; in a training instance only.
    var virtualSocket: String? = nil
    var roles: [Role: Principals] = [:]
    var rights: [Right: Principals] = [:]
    /// Certificate files, PEM or DER: the roots that are trusted, and what lies between.
    var roots: [String] = []
    var intermediates: [String] = []
    var permitLife: Duration = .seconds(600)
    var budgets = Budgets()
    var limits = VarlinkLimits()

    static func == (a: Configuration, b: Configuration) -> Bool {
        a.mode == b.mode && a.socket == b.socket && a.socketGroup == b.socketGroup
            && a.state == b.state && a.usesPCSC == b.usesPCSC
            && a.virtualSocket == b.virtualSocket && a.roles == b.roles && a.rights == b.rights
            && a.roots == b.roots && a.intermediates == b.intermediates
            && a.permitLife == b.permitLife && a.budgets == b.budgets
            && a.limits.connections == b.limits.connections
            && a.limits.connectionsPerUser == b.limits.connectionsPerUser
    }
}

/// Why a configuration cannot be used, and where in the file.
struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    let file: String
    let reason: String
    var description: String { "\(file): \(reason)" }
}

extension Configuration {
    private static let known = [
        "mode", "socket", "socket_group", "state", "readers", "roles", "rights", "roots",
        "intermediates", "permit_minutes", "budgets_ms", "limits",
    ]

    static func load(_ path: String) throws(ConfigurationError) -> Configuration {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try File.contents(of: path, limit: 256 * 1024)
        } catch {
            throw ConfigurationError(file: path, reason: "\(error.errno)")
        }
        var result: Swift.Result<Configuration, ConfigurationError> = .success(Configuration())
        bytes.withUnsafeBytes { raw in
            do throws(JSONError) {
                result = .success(try Configuration(parsing: raw))
            } catch {
                result = .failure(ConfigurationError(file: path, reason: error.description))
            }
        }
        return try result.get()
    }

    init(parsing bytes: UnsafeRawBufferPointer) throws(JSONError) {
        var reader = JSONReader(bytes, dialect: .configuration)
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "mode": mode = try reader.choice(of: Mode.self)
            case "socket": socket = try Self.path(&reader)
            case "socket_group": socketGroup = try reader.string(maxLength: 64)
            case "state": state = try Self.path(&reader)
            case "readers": try readReaders(&reader)
            case "roles": roles = try Self.table(&reader)
            case "rights": rights = try Self.table(&reader)
            case "roots": roots = try Self.paths(&reader)
            case "intermediates": intermediates = try Self.paths(&reader)
            case "permit_minutes":
                permitLife = .seconds(60 * (try reader.integer(in: 1...60)))
            case "budgets_ms": try readBudgets(&reader)
            case "limits": try readLimits(&reader)
            default: throw reader.unknownKey(key, known: Self.known)
            }
        }
        try reader.finish()
        if mode == .office, virtualSocket != nil {
            throw reader.invalid("readers.virtual: an office station takes no virtual tokens")
        }
        if !usesPCSC, virtualSocket == nil {
            throw reader.invalid("readers: there must be at least one way to a token")
        }
    }

    private mutating func readReaders(_ reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "pcsc": usesPCSC = try reader.boolean()
            case "virtual": virtualSocket = try Self.path(&reader)
            default: throw reader.unknownKey(key, known: ["pcsc", "virtual"])
            }
        }
    }

    private mutating func readBudgets(_ reader: inout JSONReader) throws(JSONError) {
        let known = ["connect", "read", "write", "sign", "reset", "hard_cap"]
        try reader.beginObject()
        while let key = try reader.nextKey() {
            guard known.contains(key) else { throw reader.unknownKey(key, known: known) }
            let time = Duration.milliseconds(try reader.integer(in: 10...600_000))
            switch key {
            case "connect": budgets.connect = time
            case "read": budgets.read = time
            case "write": budgets.write = time
            case "sign": budgets.sign = time
            case "reset": budgets.reset = time
            default: budgets.hardCap = time
            }
        }
        guard budgets.hardCap >= budgets.write else {
            throw reader.invalid("budgets_ms.hard_cap must not be below budgets_ms.write")
        }
    }

    private mutating func readLimits(_ reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "connections": limits.connections = Int(try reader.integer(in: 4...1024))
            case "connections_per_user":
                limits.connectionsPerUser = Int(try reader.integer(in: 1...1024))
            default:
                throw reader.unknownKey(key, known: ["connections", "connections_per_user"])
            }
        }
    }

    private static func table<Name: RawRepresentable<String> & CaseIterable & Hashable>(
        _ reader: inout JSONReader
    ) throws(JSONError) -> [Name: Principals] {
        let names = Name.allCases.map(\.rawValue)
        var table: [Name: Principals] = [:]
        try reader.beginObject()
        while let key = try reader.nextKey() {
            guard let name = Name(rawValue: key) else { throw reader.unknownKey(key, known: names) }
            var principals = Principals()
            try reader.beginObject()
            while let kind = try reader.nextKey() {
                switch kind {
                case "users":
                    principals.users = try principalNames(&reader, Process.userID(named:))
                case "groups":
                    principals.groups = try principalNames(&reader, Process.groupID(named:))
                default: throw reader.unknownKey(kind, known: ["users", "groups"])
                }
            }
            table[name] = principals
        }
        return table
    }

    /// Names and numbers; a name nobody has is a mistake to be told, not a right nobody gets.
    private static func principalNames(
        _ reader: inout JSONReader, _ number: (String) -> UInt32?
    ) throws(JSONError) -> [String] {
        var names: [String] = []
        try reader.beginArray()
        while try reader.nextElement() {
            if try reader.peek() == .number {
                names.append(String(try reader.integer(in: 0...Int64(UInt32.max - 1))))
                continue
            }
            let name = try reader.string(maxLength: 64)
            guard number(name) != nil else { throw reader.invalid("no one is called \"\(name)\"") }
            names.append(name)
        }
        return names
    }

    private static func path(_ reader: inout JSONReader) throws(JSONError) -> String {
        let path = try reader.string(maxLength: 4096)
        guard path.hasPrefix("/") else { throw reader.invalid("must be a path from the root") }
        return path
    }

    private static func paths(_ reader: inout JSONReader) throws(JSONError) -> [String] {
        var paths: [String] = []
        try reader.beginArray()
        while try reader.nextElement() { paths.append(try path(&reader)) }
        return paths
    }
}
