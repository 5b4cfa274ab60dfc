import System
import Testing
import Tokens

@testable import TokenAgent

/// The folder of profiles: what of it is read, and that a mistake in it ends the start.
@Suite struct ProfileFolderTests {
    private static let piv = """
        {"profile": 1, "name": "NAME", "title": "PIV", "family": "piv", MORE
         "standing": {"state": "published", "reason": "r"}}
        """

    private static func file(_ name: String, _ more: String = "") -> [UInt8] {
        Array(
            piv.replacing("NAME", with: name).replacing("MORE", with: more).utf8)
    }

    private static func load(
        _ files: [(String, [UInt8])], write: Duration = .seconds(10)
    ) throws -> Result<[String], ConfigurationError> {
        let folder = TemporaryFolder()
        try File.makeFolder(folder.path)
        for (name, bytes) in files { try File.replace(folder.path + "/" + name, with: bytes) }
        var configuration = Configuration()
        configuration.profiles = folder.path
        configuration.budgets.write = write
        do throws(ConfigurationError) {
            return .success(try TokenProfiles(configuration, of: "/etc/a.json5").all.map(\.name))
        } catch {
            let reason = error.description.replacing(folder.path, with: "F")
            return .failure(ConfigurationError(file: "", reason: reason))
        }
    }

    @Test func filesThatEndInJSON5AreRead() throws {
        let found = try Self.load([
            ("a.json5", Self.file("one")), ("b.json5~", Self.file("one")), ("README", [0]),
            ("c.json5", Self.file("two", "\"match\": {\"model\": \"PIV 2\"},")),
        ])
        #expect(try found.get() == ["one", "two"])
        #expect(try Self.load([]).get() == [])
    }

    @Test func everyMistakeIsToldWithItsFile() throws {
        let found = try Self.load([
            ("a.json5", Self.file("A")), ("b.json5", Array("{".utf8)), ("c.json5", Self.file("c")),
        ])
        guard case .failure(let error) = found else { return #expect(Bool(false), "loaded") }
        let lines = error.reason.split(separator: "\n").map(String.init)
        #expect(lines.count == 2)
        #expect(lines[0].hasPrefix("F/a.json5: line 1, column 24: name: must be 1 to 40"))
        #expect(lines[1].hasPrefix("F/b.json5: line 1, column 2: the document ends too early"))
    }

    @Test func aFolderThatIsNamedMustBeThere() {
        var configuration = Configuration()
        configuration.profiles = "/nonexistent/profiles"
        do throws(ConfigurationError) {
            _ = try TokenProfiles(configuration, of: "/etc/a.json5")
            Issue.record("loaded")
        } catch {
            #expect(error.description.hasPrefix("/etc/a.json5: profiles: "))
            #expect(error.description.contains("/nonexistent/profiles"))
        }
    }

    @Test func aTokenIsHeldAtLeastAsLongAsItsAnswerIsWaitedFor() throws {
        let files = [("a.json5", Self.file("one", "\"write_cap_ms\": 9000,"))]
        #expect(try Self.load(files, write: .seconds(9)).get() == ["one"])
        guard case .failure(let error) = try Self.load(files) else {
            return #expect(Bool(false), "loaded")
        }
        #expect(
            error.reason.contains(
                "budgets_ms.write: must not be above write_cap_ms of the profile \"one\" (9000)"))
    }
}
