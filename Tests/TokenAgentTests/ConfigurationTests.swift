import JSON
import System
import Testing

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

    @Test(arguments: [
        ("", "line 1, column 1: the document ends too early"),
        ("[]", "line 1, column 1: expected an object, found an array"),
        ("{} {}", "line 1, column 4: something follows the end of the document"),
        ("{\n  \"mod\": \"office\"\n}", "line 2, column 3: mod: unknown key; did you mean \"mode\"?"),
        ("{\"mode\": \"Office\"}", "line 1, column 10: mode: "),
        ("{\"mode\": 1}", "line 1, column 10: mode: expected a string, found a number"),
        ("{\"mode\": \"office\",\n \"mode\": \"office\"}", "line 2, column 2: mode: this key stands twice"),
        ("{\"socket\": \"agent.sock\"}", "line 1, column 12: socket: must be a path from the root"),
        ("{\"state\": \"\"}", "line 1, column 11: state: must be a path from the root"),
        ("{\"readers\": {\"usb\": true}}", "line 1, column 14: readers.usb: unknown key"),
        ("{\"readers\": {\"pcsc\": \"yes\"}}", "line 1, column 22: readers.pcsc: expected true or false, found a string"),
        ("{\"readers\": {\"pcsc\": false}}", "readers: there must be at least one way to a token"),
        (
            "{\"readers\": {\"virtual\": \"/v\"}}",
            "readers.virtual: an office station takes no virtual tokens"
        ),
        ("{\"roles\": {\"boss\": {}}}", "line 1, column 12: roles.boss: unknown key"),
        ("{\"roles\": {\"counter\": []}}", "line 1, column 23: roles.counter: expected an object, found an array"),
        ("{\"roles\": {\"counter\": {\"user\": []}}}", "roles.counter.user: unknown key; did you mean \"users\"?"),
        (
            "{\"roles\": {\"counter\": {\"users\": [\"no-such-user\"]}}}",
            "roles.counter.users[0]: no one is called \"no-such-user\""
        ),
        ("{\"rights\": {\"raw\": {\"groups\": [-1]}}}", "rights.raw.groups[0]: must be from 0 to 4294967294"),
        ("{\"rights\": {\"all\": {}}}", "rights.all: unknown key"),
        ("{\"roots\": \"/a\"}", "line 1, column 11: roots: expected an array, found a string"),
        ("{\"roots\": [\"/a\", \"b\"]}", "line 1, column 18: roots[1]: must be a path from the root"),
        ("{\"permit_minutes\": 0}", "permit_minutes: must be from 1 to 60"),
        ("{\"permit_minutes\": 1.5}", "permit_minutes: expected a whole number"),
        ("{\"budgets_ms\": {\"read\": 9}}", "budgets_ms.read: must be from 10 to 600000"),
        ("{\"budgets_ms\": {\"reed\": 10}}", "budgets_ms.reed: unknown key; did you mean \"read\"?"),
        (
            "{\"budgets_ms\": {\"write\": 90000}}",
            "budgets_ms.hard_cap must not be below budgets_ms.write"
        ),
        ("{\"limits\": {\"connections\": 3}}", "limits.connections: must be from 4 to 1024"),
        ("{\"limits\": {\"connection\": 9}}", "limits.connection: unknown key; did you mean \"connections\"?"),
    ])
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
