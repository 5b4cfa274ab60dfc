import Crypto
import Foundation
import Secrets
import Testing

@testable import Tokens

private let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Profiles that a station writes, and their seals.
@Suite struct ProfileTextTests {
    private static let commissioned = """
        {
          "profile": 1, "name": "odd", "title": "Odd \\"Token\\" é", "family": "pkcs15",
          "match": {
            "aid": "E828*", "model": "odd*", "label": "Odd", "manufacturer": "NXP",
            "version": { "from": "1.2", "below": "2" }, "atr": ["3BFF18*", "3B00"],
          },
          "status_query": "unsafe",
          "pin": { "reference": "83", "min": 4, "max": 16, "characters": "digits",
                   "stored": 16, "pad": "0F" },
          "unblock": [{ "form": "puk", "reference": "06", "min": 8, "characters": "any" },
                      { "form": "so-pin" }],
          "signature": [{ "key": "p-256", "min_us": 1, "max_us": 9, "spread_us": 5 }],
          "write_cap_ms": 90000,
          "standing": { "state": "commissioned", "by": "Lan", "on": "2026-02-28",
                        "evidence": "c-1" },
          "commission": { "id": "c-1", "station": "box", "at": "2026-02-28T01:02:03.000Z",
                          "user": 1000, "serial": "7", "firmware": "5.4.3", "pin_tries": 3,
                          "signatures": 20 },
        }
        """

    private static func parsed(_ text: String) throws -> TokenProfile {
        let read = TokenProfile.parse(Array(text.utf8), file: "f")
        #expect(read.mistakes == [])
        return try #require(read.profile?.profile)
    }

    @Test func whatIsWrittenReadsBackAsTheSameProfile() throws {
        let profile = try Self.parsed(Self.commissioned)
        #expect(profile.commissioning?.firmware == "5.4.3")
        #expect(try Self.parsed(profile.text(["a line"])) == profile)
        let folder = root.appendingPathComponent("config/profiles")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let bytes = Array(try Data(contentsOf: folder.appendingPathComponent(name)))
            let shipped = try #require(TokenProfile.parse(bytes, file: name).profile?.profile)
            #expect(try Self.parsed(shipped.text([])) == shipped, "\(name)")
        }
    }

    @Test(arguments: [
        ("", ProfileStanding.State.commissioned, true), ("\n", .provisional, false),
        ("// one line more\n", .provisional, false),
    ])
    func aSealHoldsToTheLastByte(
        _ more: String, _ worth: ProfileStanding.State, _ isWhole: Bool
    ) throws {
        let text = try Self.parsed(Self.commissioned).text([])
        let seal = ProfileSeal(
            sha256: try SHA256.hex(Array(text.utf8)), sequence: 812,
            head: String(repeating: "0", count: 64))
        let profile = try Self.parsed(text + seal.line + more)
        #expect(profile.seal == (isWhole ? .whole(seal) : .broken))
        #expect(profile.worth == worth)
        #expect(try Self.parsed(more + text + seal.line).worth == worth)
        // The record of a commissioning without its seal is a change too.
        #expect(try Self.parsed(text + more).seal == .broken)
    }

    private static let brokenSeals = [
        "// sealed: \n", "// sealed: sha256 ab, journal line 1, cd\n",
        "// sealed: sha256 \(String(repeating: "0", count: 64)), journal line 1, "
            + "\(String(repeating: "0", count: 64))\n",
        "// sealed: sha256 \(String(repeating: "0", count: 64)), journal line x, "
            + "\(String(repeating: "0", count: 64))\n",
    ]

    @Test(arguments: brokenSeals)
    func aLineThatIsNoSealOfTheFileBreaksIt(_ line: String) throws {
        let bytes = Array(("{}\n" + line).utf8)
        #expect(ProfileSeal.read(bytes) == .broken)
        #expect(ProfileSeal.read(Array((line + line).utf8)) == .broken)
        #expect(ProfileSeal.read(Array(("{} " + line).utf8)) == .absent)
    }

    /// By hand, as before there was a way to commission.
    @Test func aFileWithoutRecordAndSealIsWhatItSays() throws {
        let handwritten = try Self.parsed(
            """
            { "profile": 1, "name": "a", "title": "A", "family": "piv", "standing": { "state":
              "commissioned", "by": "Lan", "on": "2026-02-28", "evidence": "812" } }
            """)
        #expect(handwritten.seal == .absent && handwritten.worth == .commissioned)
    }
}

@Suite struct WrongPINTests {
    private static func held(_ text: String) throws -> HeldSecret {
        var buffer = try LockedBuffer(capacity: text.utf8.count)
        for byte in text.utf8 { _ = buffer.append(byte) }
        return HeldSecret(try Secret(buffer))
    }

    private static func text(of secret: borrowing Secret) -> String {
        secret.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    private static func isTaken(_ secret: borrowing Secret, by rule: CodeRule) -> Bool {
        (try? rule.check(secret)) != nil
    }

    @Test(arguments: [
        (CodeRule(6...8, .printable), 8), (CodeRule(4...16, .printable), 8),
        (CodeRule(6...127, .any), 8), (CodeRule(4...7, .digits), 7),
        (CodeRule(12...15, .digits), 12), (CodeRule(6...6, .digits), 6),
    ])
    func itKeepsTheRuleAndIsNoneOfTheOthers(_ rule: CodeRule, _ length: Int) throws {
        let other = try Self.held("12345678")
        var seen: Set<String> = []
        for _ in 0..<40 {
            let drawn = try WrongPIN.draw(rule, besides: [other])
            let text = Self.text(of: drawn.secret)
            let isTaken = Self.isTaken(drawn.secret, by: rule)
            #expect(isTaken)
            #expect(text.utf8.count == length && text != "12345678")
            seen.insert(text)
        }
        #expect(seen.count > 38)
    }

    @Test func whereThereAreTooFewPINsNoneIsDrawn() {
        #expect(throws: CodeUnfit.tooShort) {
            try WrongPIN.draw(CodeRule(1...4, .digits), besides: [])
        }
    }
}
