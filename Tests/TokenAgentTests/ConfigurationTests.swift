import Crypto
import JSON
import System
import Testing
import VirtualToken

@testable import TokenAgent

/// The configuration file: what it may say, and where a mistake in it is.
@Suite struct ConfigurationTests {
    private static func parse(_ text: String) throws(JSONError) -> Configuration {
        var result: Result<Configuration, JSONError> = .success(Configuration())
        Array(text.utf8).withUnsafeBytes { raw in
            do throws(JSONError) {
                result = .success(try Configuration(parsing: raw))
            } catch {
                result = .failure(error)
            }
        }
        return try result.get()
    }

    @Test func anEmptyFileIsAnOfficeStationWithTheDefaults() throws {
        let configuration = try Self.parse("{}")
        #expect(configuration == Configuration())
        #expect(configuration.mode == .office && configuration.usesPCSC)
        #expect(configuration.virtualSocket == nil && configuration.roles.isEmpty)
        #expect(configuration.permitLife == .seconds(600))
        #expect(configuration.budgets.hardCap == .seconds(60))
    }

    @Test func everythingIsReadWithCommentsAndTrailingCommas() throws {
        let configuration = try Self.parse(
            """
            // Quầy số 1
            {
              "mode": "training", /* tập dượt */
              "socket": "/run/a.sock", "socket_group": "root",
              "state": "/var/lib/a",
              "readers": { "pcsc": false, "virtual": "/run/v.sock" },
              "roles": {
                "counter": { "users": ["root", 1001], "groups": [20] },
                "auditor": { "groups": ["root"] }
              },
              "rights": { "last_try": { "users": [7] }, "raw": {} },
              "roots": ["/etc/r.pem"], "intermediates": ["/etc/i.pem", "/etc/j.der"],
              "profiles": "/etc/p",
              "attestation_roots": "/etc/makers", "revocation_lists": "/var/crl",
              "permit_minutes": 3,
              "budgets_ms": { "connect": 10, "read": 20, "write": 30, "sign": 40, "reset": 50,
                              "hard_cap": 600 },
              "limits": { "connections": 8, "connections_per_user": 2 }
            }
            """)
        var wanted = Configuration()
        wanted.mode = .training
        wanted.socket = "/run/a.sock"
        wanted.socketGroup = "root"
        wanted.state = "/var/lib/a"
        wanted.usesPCSC = false
        wanted.usesUSB = false
        wanted.virtualSocket = "/run/v.sock"
        wanted.roles = [
            .counter: Configuration.Principals(users: ["root", "1001"], groups: ["20"]),
            .auditor: Configuration.Principals(users: [], groups: ["root"]),
        ]
        wanted.rights = [
            .lastTry: Configuration.Principals(users: ["7"], groups: []),
            .raw: Configuration.Principals(),
        ]
        wanted.roots = ["/etc/r.pem"]
        wanted.intermediates = ["/etc/i.pem", "/etc/j.der"]
        wanted.profiles = "/etc/p"
        wanted.attestationRoots = "/etc/makers"
        wanted.revocationLists = "/var/crl"
        wanted.permitLife = .seconds(180)
        wanted.budgets.connect = .milliseconds(10)
        wanted.budgets.read = .milliseconds(20)
        wanted.budgets.write = .milliseconds(30)
        wanted.budgets.sign = .milliseconds(40)
        wanted.budgets.reset = .milliseconds(50)
        wanted.budgets.hardCap = .milliseconds(600)
        wanted.limits.connections = 8
        wanted.limits.connectionsPerUser = 2
        #expect(configuration == wanted)
    }

    private static let a107 = String(repeating: "a", count: 107)
    private static let wide = String(repeating: "ệ", count: 36)

    private static let mistakes: [(text: String, wanted: String)] = [
        ("", "line 1, column 1: the document ends too early"),
        ("[]", "line 1, column 1: expected an object, found an array"),
        ("{} {}", "line 1, column 4: something follows the end of the document"),
        (
            "{\n  \"mod\": \"office\"\n}",
            "line 2, column 3: mod: unknown key; did you mean \"mode\"?"
        ),
        ("{\"mode\": \"Office\"}", "line 1, column 10: mode: "),
        ("{\"mode\": 1}", "line 1, column 10: mode: expected a string, found a number"),
        (
            "{\"mode\": \"office\",\n \"mode\": \"office\"}",
            "line 2, column 2: mode: this key stands twice"
        ),
        ("{\"socket\": \"agent.sock\"}", "line 1, column 12: socket: must be a path from the root"),
        ("{\"state\": \"\"}", "line 1, column 11: state: must be a path from the root"),
        ("{\"readers\": {\"serial\": true}}", "line 1, column 14: readers.serial: unknown key"),
        (
            "{\"readers\": {\"pcsc\": \"yes\"}}",
            "line 1, column 22: readers.pcsc: expected true or false, found a string"
        ),
        (
            "{\n \"readers\": {\"pcsc\": false, \"usb\": false},\n \"state\": \"/s\"\n}",
            "line 2, column 2: readers: there must be at least one way to a token"
        ),
        (
            "{\n \"readers\": {\"virtual\": \"/v\"},\n \"state\": \"/s\"\n}",
            "line 2, column 25: readers.virtual: an office station takes no virtual tokens"
        ),
        (
            "{\"mode\": \"training\", \"socket\": \"/v\", \"state\": \"/s\",\n\"readers\": {\"virtual\": \"/v\"}}",
            "line 2, column 24: readers.virtual: must not be the socket that programs connect to"
        ),
        (
            "{\"mode\": \"training\", \"state\": \"/s\"}",
            "line 1, column 10: mode: a training station must name its own \"socket\": /run/token-station/agent.sock is the office's"
        ),
        (
            "{\"mode\": \"training\", \"socket\": \"/run//token-station/agent.sock\"}",
            "line 1, column 32: socket: a training station must name its own \"socket\": /run/token-station/agent.sock is the office's"
        ),
        (
            "{\"mode\": \"training\", \"socket\": \"/s\"}",
            "line 1, column 10: mode: a training station must name its own \"state\": /var/lib/token-station is the office's"
        ),
        (
            "{\"state\": \"/var/lib/token-station/\", \"socket\": \"/s\", \"mode\": \"training\"}",
            "line 1, column 11: state: a training station must name its own \"state\": /var/lib/token-station is the office's"
        ),
        (
            "{\n\"socket_group\": \"no-such-group\"}",
            "line 2, column 17: socket_group: no group is called \"no-such-group\""
        ),
        (
            "{\"socket\": \"/\(a107)\"}",
            "line 1, column 12: socket: a socket's path must not be longer than 107 bytes"
        ),
        (
            "{\"socket\": \"/\(wide)\"}",
            "line 1, column 12: socket: a socket's path must not be longer than 107 bytes"
        ),
        (
            "{\"readers\": {\"virtual\": \"/\(a107)\"}}",
            "readers.virtual: a socket's path must not be longer than 107 bytes"
        ),
        ("{\"state\": \"/a\\u0000b\"}", "line 1, column 11: state: must not hold a NUL"),
        ("{\"roles\": {\"boss\": {}}}", "line 1, column 12: roles.boss: unknown key"),
        (
            "{\"roles\": {\"counter\": []}}",
            "line 1, column 23: roles.counter: expected an object, found an array"
        ),
        (
            "{\"roles\": {\"counter\": {\"user\": []}}}",
            "roles.counter.user: unknown key; did you mean \"users\"?"
        ),
        (
            "{\"roles\": {\"counter\": {\"users\": [\"no-such-user\"]}}}",
            "roles.counter.users[0]: no one is called \"no-such-user\""
        ),
        (
            "{\"rights\": {\"raw\": {\"groups\": [-1]}}}",
            "rights.raw.groups[0]: must be from 0 to 4294967294"
        ),
        ("{\"rights\": {\"all\": {}}}", "rights.all: unknown key"),
        ("{\"roots\": \"/a\"}", "line 1, column 11: roots: expected an array, found a string"),
        (
            "{\"roots\": [\"/a\", \"b\"]}",
            "line 1, column 18: roots[1]: must be a path from the root"
        ),
        ("{\"retention_days\": 0}", "retention_days: must be from 1 to 36500"),
        ("{\"permit_minutes\": 0}", "permit_minutes: must be from 1 to 60"),
        ("{\"permit_minutes\": 1.5}", "permit_minutes: expected a whole number"),
        ("{\"budgets_ms\": {\"read\": 9}}", "budgets_ms.read: must be from 10 to 600000"),
        (
            "{\"budgets_ms\": {\"reed\": 10}}",
            "budgets_ms.reed: unknown key; did you mean \"read\"?"
        ),
        (
            "{\"budgets_ms\": {\"write\": 90000, \"read\": 10}}",
            "line 1, column 26: budgets_ms.write: must not be above budgets_ms.hard_cap (60000)"
        ),
        (
            "{\"budgets_ms\": {\"connect\": 60001}}",
            "budgets_ms.connect: must not be above budgets_ms.hard_cap (60000)"
        ),
        (
            "{\"budgets_ms\": {\"read\": 60001}}",
            "budgets_ms.read: must not be above budgets_ms.hard_cap (60000)"
        ),
        (
            "{\"budgets_ms\": {\"sign\": 60001}}",
            "budgets_ms.sign: must not be above budgets_ms.hard_cap (60000)"
        ),
        (
            "{\"budgets_ms\": {\"reset\": 60001}}",
            "budgets_ms.reset: must not be above budgets_ms.hard_cap (60000)"
        ),
        (
            "{\"budgets_ms\": {\n\"hard_cap\": 19999, \"write\": 10}}",
            "line 2, column 13: budgets_ms.hard_cap: must not be below budgets_ms.sign (20000)"
        ),
        (
            "{\"limits\": {\"connections_per_user\": 9, \"connections\": 8}}",
            "line 1, column 37: limits.connections_per_user: must not be above limits.connections (8)"
        ),
        (
            "{\"limits\": {\"connections_per_user\": 65}}",
            "limits.connections_per_user: must not be above limits.connections (64)"
        ),
        ("{\"mode\": office}", "mode: expected a value (strings stand in double quotes)"),
        ("{\"mode\": 'office'}", "line 1, column 10: mode: expected a value (strings stand in"),
        (
            "{\"mode\": \"office,\n}",
            "line 1, column 18: mode: a control character must be escaped (or a string does"
        ),
        ("{\"limits\": {\"connections\": 3}}", "limits.connections: must be from 4 to 1024"),
        (
            "{\"limits\": {\"connection\": 9}}",
            "limits.connection: unknown key; did you mean \"connections\"?"
        ),
    ]

    @Test(arguments: mistakes)
    func aMistakeIsToldWithItsPlace(_ text: String, _ wanted: String) {
        do throws(JSONError) {
            _ = try Self.parse(text)
            Issue.record("taken: \(text)")
        } catch {
            let said = error.description
            #expect(said.hasPrefix(wanted) || said.hasSuffix(wanted), "said: \(said)")
            #expect(said.hasPrefix("line "))
        }
    }

    private static let justAllowed = [
        "{\"socket\": \"/\(a107.dropLast())\"}",
        "{\"socket_group\": \"27\"}",
        "{\"mode\":\"training\",\"socket\":\"/s\",\"state\":\"/var/lib/token-station/training\"}",
        "{\"budgets_ms\": {\"hard_cap\": 20000}}",
        "{\"budgets_ms\": {\"hard_cap\": 600000, \"write\": 600000}}",
        "{\"limits\": {\"connections\": 16}}",
    ]

    @Test(arguments: justAllowed)
    func whatIsJustAllowedIsTaken(_ text: String) throws {
        _ = try Self.parse(text)
    }

    @Test func fewerConnectionsLeaveNoUserMore() throws {
        let limits = try Self.parse("{\"limits\": {\"connections\": 8}}").limits
        #expect(limits.connections == 8 && limits.connectionsPerUser == 8)
    }

    @Test(arguments: ["roots", "intermediates"])
    func aCertificateFileIsNamedWithItsKeyAndTheConfiguration(_ key: String) throws {
        let folder = TemporaryFolder()
        try File.makeFolder(folder.path)
        let empty = folder.path + "/empty.pem"
        try File.replace(empty, with: [])
        let noCertificate = "holds no certificate in PEM or DER"
        for (path, why) in [("/nonexistent/r.pem", ""), (empty, noCertificate)] {
            var configuration = Configuration()
            if key == "roots" { configuration.roots = [path] }
            if key == "intermediates" { configuration.intermediates = [path] }
            do throws(ConfigurationError) {
                _ = try Trust(configuration, of: "/etc/a.json5")
                Issue.record("taken")
            } catch {
                #expect(error.description.hasPrefix("/etc/a.json5: \(key)[0]: \(path): "))
                #expect(error.description.hasSuffix(why))
            }
        }
    }

    @Test(arguments: ["attestation_roots", "revocation_lists"])
    func aFolderThatIsNotThereIsNamed(_ key: String) {
        var configuration = Configuration()
        if key == "attestation_roots" { configuration.attestationRoots = "/nonexistent/a" }
        if key == "revocation_lists" { configuration.revocationLists = "/nonexistent/a" }
        do throws(ConfigurationError) {
            _ = try Trust(configuration, of: "/etc/a.json5")
            Issue.record("taken")
        } catch {
            #expect(error.description.hasPrefix("/etc/a.json5: \(key): /nonexistent/a: "))
        }
    }

    @Test func makersRootsAreToldFromWhatLiesBetween() throws {
        let folder = TemporaryFolder()
        try File.makeFolder(folder.path)
        let root = try Personalisation.authority(now: Sample.now)
        let key = try KeyPair(generating: .p256)
        var content = CertificateContent(
            subject: [("CN", "between")], key: key.publicKey, notBefore: 0, notAfter: 1)
        content.isAuthority = true
        let between = try root.issue(content)
        try File.replace(folder.path + "/a.der", with: between.der)
        try File.replace(folder.path + "/b.pem", with: Array(PEM.encode(root.certificate).utf8))
        try File.replace(folder.path + "/.hidden", with: [1])
        var configuration = Configuration()
        configuration.attestationRoots = folder.path
        let trust = try Trust(configuration, of: "/etc/a.json5")
        #expect(trust.attestation.roots == [root.certificate])
        #expect(trust.attestation.intermediates == [between])
        try File.replace(folder.path + "/c.pem", with: Array("no certificate".utf8))
        do throws(ConfigurationError) {
            _ = try Trust(configuration, of: "/etc/a.json5")
            Issue.record("taken")
        } catch {
            #expect(error.description.contains("attestation_roots[2]: \(folder.path)/c.pem: "))
        }
    }

    @Test func aFileThatIsNotThereIsNamed() {
        do throws(ConfigurationError) {
            _ = try Configuration.load("/nonexistent/agent.json5")
            Issue.record("loaded")
        } catch {
            #expect(error.file == "/nonexistent/agent.json5")
            #expect(error.description.hasPrefix("/nonexistent/agent.json5: "))
        }
    }
}
