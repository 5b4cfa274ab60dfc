import Casework
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
        /// One code entered at a reader's pad.
        var pad: Duration = .seconds(30)
        /// A challenge of the token waits for its response.
        var response: Duration = .seconds(120)
        /// The cold reset at the end.
        var reset: Duration = .seconds(5)
        /// How long a command that writes in the token keeps it powered and held.
        var hardCap: Duration = .seconds(60)
    }

    /// What officers sign in for.
    struct SignInRules: Equatable, Sendable {
        /// Roles and rights that count only while an officer is signed in.
        var roles: Set<Role> = []
        var rights: Set<Right> = []
        /// Whether a restore needs the approval of a second officer.
        var needsTwo = false
        /// How long nothing may be done before a sign-in ends.
        var idleTime: Duration = .seconds(600)
    }

    var mode: Mode = .office
    var socket = "/run/token-station/agent.sock"
    var socketGroup: String? = nil
    var state = "/var/lib/token-station"
    /// Where journald listens; nil where it gets no lines.
    var journald: String? = SystemJournal.usualPath
    var usesPCSC = true
    /// Readers that udev gave to the station: to the office's, and not to that of a training
    /// station beside it, unless it is said.
    var usesUSB = true
    /// Where virtual tokens connect; in a training instance only.
    var virtualSocket: String? = nil
    var roles: [Role: Principals] = [:]
    var rights: [Right: Principals] = [:]
    /// Certificate files, PEM or DER: the roots that are trusted, and what lies between.
    var roots: [String] = []
    var intermediates: [String] = []
    /// Folders: makers' roots for what devices state of their keys, and lists of revoked
    /// certificates.
    var attestationRoots: String? = nil
    var revocationLists: String? = nil
    /// A folder of profiles; nil for the usual one, if it is there.
    var profiles: String? = nil
    /// A folder of calendars; nil for the usual one, if it is there.
    var calendars: String? = nil
    /// The file of bodies' old and new names; nil for the usual one, if it is there.
    var bodies: String? = nil
    /// The file of officers; nil for the usual one, if it is there.
    var officers: String? = nil
    /// The file of the office and the folder of its templates; nil for the usual ones, if they
    /// are there.
    var office: String? = nil
    var templates: String? = nil
    /// How long what a request says of people is kept once its cases are done, in days; nil where
    /// the office names no time.
    var retentionDays: Int? = nil
    var permitLife: Duration = .seconds(600)
    var signIn = SignInRules()
    var budgets = Budgets()
    var limits = VarlinkLimits()

    static func == (a: Configuration, b: Configuration) -> Bool {
        a.mode == b.mode && a.socket == b.socket && a.socketGroup == b.socketGroup
            && a.state == b.state && a.journald == b.journald && a.usesPCSC == b.usesPCSC
            && a.usesUSB == b.usesUSB
            && a.virtualSocket == b.virtualSocket && a.roles == b.roles && a.rights == b.rights
            && a.roots == b.roots && a.intermediates == b.intermediates
            && a.attestationRoots == b.attestationRoots
            && a.revocationLists == b.revocationLists
            && a.profiles == b.profiles && a.calendars == b.calendars
            && a.bodies == b.bodies && a.officers == b.officers && a.office == b.office
            && a.templates == b.templates && a.retentionDays == b.retentionDays
            && a.permitLife == b.permitLife && a.signIn == b.signIn && a.budgets == b.budgets
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
        "mode", "socket", "socket_group", "state", "journald", "readers", "roles", "rights",
        "roots", "intermediates", "attestation_roots", "revocation_lists", "profiles",
        "calendars", "bodies", "officers", "office", "templates", "retention_days",
        "permit_minutes", "sign_in", "budgets_ms", "limits",
    ]

    static func load(_ path: String) throws(ConfigurationError) -> Configuration {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try File.contents(of: path, limit: 256 * 1024)
        } catch {
            throw ConfigurationError(file: path, reason: "\(error.reason)")
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
        var places = Places()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            if key == "readers" { places.note(reader) }
            switch key {
            case "mode": mode = try reader.choice(of: Mode.self)
            case "socket": socket = try Self.path(&reader, longest: Self.longestSocketPath)
            case "socket_group": socketGroup = try Self.group(&reader)
            case "state": state = try Self.path(&reader)
            case "journald":
                journald =
                    try reader.nullIfNext()
                    ? nil : try Self.path(&reader, longest: Self.longestSocketPath)
            case "readers": try readReaders(&reader, &places)
            case "roles": roles = try Self.table(&reader)
            case "rights": rights = try Self.table(&reader)
            case "roots": roots = try Self.paths(&reader)
            case "intermediates": intermediates = try Self.paths(&reader)
            case "attestation_roots": attestationRoots = try Self.path(&reader)
            case "revocation_lists": revocationLists = try Self.path(&reader)
            case "profiles": profiles = try Self.path(&reader)
            case "calendars": calendars = try Self.path(&reader)
            case "bodies": bodies = try Self.path(&reader)
            case "officers": officers = try Self.path(&reader)
            case "office": office = try Self.path(&reader)
            case "templates": templates = try Self.path(&reader)
            case "retention_days": retentionDays = Int(try reader.integer(in: 1...36_500))
            case "permit_minutes":
                permitLife = .seconds(60 * (try reader.integer(in: 1...60)))
            case "sign_in": try readSignIn(&reader)
            case "budgets_ms": try readBudgets(&reader, &places)
            case "limits": try readLimits(&reader, &places)
            default: throw reader.unknownKey(key, known: Self.known)
            }
            if key == "mode" || key == "socket" || key == "state" { places.note(reader) }
        }
        try reader.finish()
        if mode == .training, !places.has("readers.usb") { usesUSB = false }
        try checkReaders(places)
        if mode == .training { try checkTraining(places) }
        try checkBudgets(places)
        try checkLimits(places)
    }

    private mutating func readReaders(
        _ reader: inout JSONReader, _ places: inout Places
    ) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "pcsc": usesPCSC = try reader.boolean()
            case "usb":
                usesUSB = try reader.boolean()
                places.note(reader)
            case "virtual":
                virtualSocket = try Self.path(&reader, longest: Self.longestSocketPath)
                places.note(reader)
            default: throw reader.unknownKey(key, known: ["pcsc", "usb", "virtual"])
            }
        }
    }

    private mutating func readSignIn(_ reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "required":
                try reader.beginArray()
                while try reader.nextElement() { try readRequired(&reader) }
            case "idle_minutes":
                signIn.idleTime = .seconds(60 * (try reader.integer(in: 1...480)))
            case "two_person": signIn.needsTwo = try reader.boolean()
            default:
                throw reader.unknownKey(key, known: ["required", "idle_minutes", "two_person"])
            }
        }
    }

    private mutating func readRequired(_ reader: inout JSONReader) throws(JSONError) {
        let name = try reader.string(maxLength: 64)
        if let right = Right(rawValue: name) {
            signIn.rights.insert(right)
        } else if let role = Role(rawValue: name), role != .observer {
            signIn.roles.insert(role)
        } else {
            // Whoever must sign in has to see who may.
            let roles = Role.allCases.filter { $0 != .observer }.map(\.rawValue)
            let names = (roles + Right.allCases.map(\.rawValue)).joined(separator: ", ")
            throw reader.invalid("is none of \(names)")
        }
    }

    private mutating func readBudgets(
        _ reader: inout JSONReader, _ places: inout Places
    ) throws(JSONError) {
        let known = ["connect", "read", "write", "sign", "pad", "response", "reset", "hard_cap"]
        try reader.beginObject()
        while let key = try reader.nextKey() {
            guard known.contains(key) else { throw reader.unknownKey(key, known: known) }
            // A pad is told whole seconds, in one byte.
            let range: ClosedRange<Int64> = key == "pad" ? 1000...45_000 : 10...600_000
            let time = Duration.milliseconds(try reader.integer(in: range))
            places.note(reader)
            switch key {
            case "connect": budgets.connect = time
            case "read": budgets.read = time
            case "write": budgets.write = time
            case "sign": budgets.sign = time
            case "pad": budgets.pad = time
            case "response": budgets.response = time
            case "reset": budgets.reset = time
            default: budgets.hardCap = time
            }
        }
    }

    private mutating func readLimits(
        _ reader: inout JSONReader, _ places: inout Places
    ) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "connections": limits.connections = Int(try reader.integer(in: 4...1024))
            case "connections_per_user":
                limits.connectionsPerUser = Int(try reader.integer(in: 1...1024))
                places.note(reader)
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

    private static func group(_ reader: inout JSONReader) throws(JSONError) -> String {
        let group = try reader.string(maxLength: 64)
        guard UInt32(group) != nil || Process.groupID(named: group) != nil else {
            throw reader.invalid("no group is called \"\(group)\"")
        }
        return group
    }

    /// What `sun_path` holds beside its NUL, in bytes.
    private static let longestSocketPath = 107

    /// - Parameter longest: in bytes of UTF-8; of a socket's path.
    private static func path(
        _ reader: inout JSONReader, longest: Int? = nil
    ) throws(JSONError) -> String {
        let path = try reader.string(maxLength: 4096)
        guard path.hasPrefix("/") else { throw reader.invalid("must be a path from the root") }
        guard !path.utf8.contains(0) else { throw reader.invalid("must not hold a NUL") }
        if let longest, path.utf8.count > longest {
            throw reader.invalid("a socket's path must not be longer than \(longest) bytes")
        }
        return path
    }

    private static func paths(_ reader: inout JSONReader) throws(JSONError) -> [String] {
        var paths: [String] = []
        try reader.beginArray()
        while try reader.nextElement() { paths.append(try path(&reader)) }
        return paths
    }
}

// MARK: - What values must be to each other

/// Where values stood: what is wrong between two of them shows only once both are known.
private struct Places {
    private var places: [String: JSONError] = [:]

    /// Notes the key or value just read.
    mutating func note(_ reader: borrowing JSONReader) {
        let place = reader.invalid("")
        places[place.path] = place
    }

    func has(_ path: String) -> Bool { places[path] != nil }

    /// The error at the first of these that stands in the file.
    func error(_ reason: String, at paths: String...) -> JSONError {
        let place = paths.lazy.compactMap { places[$0] }.first
        return JSONError(
            code: .invalid(reason), line: place?.line ?? 1, column: place?.column ?? 1,
            path: place?.path ?? "")
    }
}

extension Configuration {
    private func checkReaders(_ places: Places) throws(JSONError) {
        if mode == .office, virtualSocket != nil {
            throw places.error(
                "an office station takes no virtual tokens", at: "readers.virtual")
        }
        if !usesPCSC, !usesUSB, virtualSocket == nil {
            throw places.error("there must be at least one way to a token", at: "readers")
        }
        if virtualSocket == socket {
            throw places.error(
                "must not be the socket that programs connect to", at: "readers.virtual")
        }
    }

    /// A training station beside an office's must share nothing with it.
    private func checkTraining(_ places: Places) throws(JSONError) {
        let office = Configuration()
        for (key, path, theirs) in [
            ("socket", socket, office.socket), ("state", state, office.state),
        ] where path.split(separator: "/") == theirs.split(separator: "/") {
            throw places.error(
                "a training station must name its own \"\(key)\": \(theirs) is the office's",
                at: key, "mode")
        }
    }

    private func checkBudgets(_ places: Places) throws(JSONError) {
        let steps = [
            ("connect", budgets.connect), ("read", budgets.read), ("write", budgets.write),
            ("sign", budgets.sign), ("reset", budgets.reset),
        ]
        guard let (name, time) = steps.max(by: { $0.1 < $1.1 }), time > budgets.hardCap else {
            return
        }
        let step = "budgets_ms.\(name)"
        let cap = "budgets_ms.hard_cap"
        throw places.has(cap)
            ? places.error("must not be below \(step) (\(time.wholeMilliseconds))", at: cap)
            : places.error(
                "must not be above \(cap) (\(budgets.hardCap.wholeMilliseconds))", at: step)
    }

    private mutating func checkLimits(_ places: Places) throws(JSONError) {
        guard limits.connectionsPerUser > limits.connections else { return }
        let key = "limits.connections_per_user"
        guard !places.has(key) else {
            throw places.error(
                "must not be above limits.connections (\(limits.connections))", at: key)
        }
        // Only fewer connections were asked for.
        limits.connectionsPerUser = limits.connections
    }
}
