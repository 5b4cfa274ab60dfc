import Foundation
import Testing

@testable import Tokens

private let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// A right profile that says everything a generic family's may say.
private let whole = """
    {
      "profile": 1, "name": "vgca-2", "title": "VGCA Token", "family": "pkcs15",
      "match": {
        "aid": "E828*", "model": "bit4id*", "label": "VGCA Token", "manufacturer": "NXP",
        "version": { "from": "1.2", "below": "2" }, "atr": ["3B FF 18*"],
      },
      "status_query": "safe",
      "pin": { "reference": "83", "min": 4, "max": 16, "characters": "digits",
               "stored": 16, "pad": "ff" },
      "unblock": [
        { "form": "puk", "reference": "06", "min": 8, "max": 16, "characters": "any",
          "stored": 20, "pad": "00" },
        { "form": "so-pin" },
      ],
      "signature": [{ "key": "rsa-3072", "min_us": 200000, "max_us": 900000, "spread_us": 5000 }],
      "write_cap_ms": 90000,
      "standing": { "state": "commissioned", "by": "Lan", "on": "2026-02-28",
                    "evidence": "journal 812" },
    }
    """

private let vgca = "E828BD080F014E585030"
private let start = "\"profile\": 1, \"name\": \"a\", \"title\": \"A\""
private let published = "\"standing\": {\"state\": \"published\", \"reason\": \"r\"}"
private let refused = "\"standing\": {\"state\": \"refused\", \"reason\": \"r\", \"next\": \"n\"}"

/// A PIV profile with something more in it.
private func piv(_ more: String) -> String {
    "{\(start), \"family\": \"piv\", \(published)" + (more.isEmpty ? "" : ", " + more) + "}"
}

private func pkcs15(_ more: String) -> String {
    "{\(start), \"family\": \"pkcs15\", \(published), \(more)}"
}

private func none(_ more: String) -> String {
    "{\(start), \"family\": \"none\", \(refused), \(more)}"
}

private func standing(_ text: String) -> String {
    "{\(start), \"family\": \"piv\", \"standing\": {\(text)}}"
}

private func mistakes(_ text: String) -> [String] {
    TokenProfile.parse(Array(text.utf8), file: "f").mistakes.map(\.description)
}

@Suite struct ProfileFileTests {
    @Test func everythingAProfileMaySayIsRead() throws {
        let read = TokenProfile.parse(Array(whole.utf8), file: "f")
        #expect(read.mistakes == [])
        let profile = try #require(read.profile?.profile)
        #expect(profile.name == "vgca-2" && profile.title == "VGCA Token")
        #expect(
            profile.match.family == "pkcs15" && profile.match.label?.description == "VGCA Token")
        #expect(profile.match.aid?.description == "E828*")
        #expect(profile.match.model == TextPattern("bit4id*"))
        #expect(profile.match.manufacturer == TextPattern("NXP"))
        #expect(profile.match.version?.from == TokenVersion("1.2"))
        #expect(profile.match.version?.below == TokenVersion("2.0"))
        #expect(profile.match.atrs == [HexPattern("3BFF18*", longest: 33)].compactMap { $0 })
        #expect(profile.statusQuery == .profileSaysSafe)
        #expect(profile.pin.reference == 0x83 && profile.pin.stored == 16)
        #expect(profile.pin.padding == 0xFF && profile.pin.characters == .digits)
        #expect(profile.ways?.map(\.form) == [.puk, .soPIN])
        #expect(profile.way(.puk)?.code.reference == 6 && profile.way(.puk)?.code.stored == 20)
        #expect(profile.allows(.soPIN) && !profile.allows(.adminKey))
        #expect(
            profile.envelope(.rsa3072)
                == SignatureEnvelope(
                    key: .rsa3072, shortest: .milliseconds(200), longest: .milliseconds(900),
                    spread: .milliseconds(5)))
        let frame = CodeFrame(reference: 0x83, stored: 16, padding: 0xFF)
        #expect(profile.agrees(with: TokenMarks()))
        #expect(profile.agrees(with: TokenMarks(pin: frame, unblocking: CodeFrame(reference: 6))))
        #expect(!profile.agrees(with: TokenMarks(pin: CodeFrame(reference: 0x81))))
        #expect(!profile.agrees(with: TokenMarks(pin: CodeFrame(padding: 0))))
        #expect(!profile.agrees(with: TokenMarks(unblocking: CodeFrame(stored: 16))))
        #expect(profile.writeCap == .seconds(90))
        #expect(
            profile.standing
                == .commissioned(by: "Lan", on: "2026-02-28", evidence: "journal 812"))
        #expect(read.profile?.line == 3)
    }

    @Test func whatIsLeftOutIsLeftToTheFamily() throws {
        let read = TokenProfile.parse(Array(piv("").utf8), file: "f")
        let profile = try #require(read.profile?.profile)
        #expect(profile.pin == ProfileCode() && profile.ways == nil && profile.signatures == [])
        #expect(profile.statusQuery == .asFamilyKnows && profile.writeCap == nil)
        #expect(UnblockingForm.allCases.allSatisfy(profile.allows))
        #expect(read.profile?.line == 1)
    }

    /// One mistake a row; each is told with its place, what is wrong, and what may stand there.
    private static let mistaken: [(String, String)] = [
        ("", "f: line 1, column 1: the document ends too early"),
        ("[]", "f: line 1, column 1: expected an object, found an array"),
        (piv("") + "x", "something follows the end of the document"),
        (piv("\"title\": \"B\""), "title: this key stands twice"),
        (
            piv("\"pins\": 1"),
            "pins: unknown key; did you mean \"pin\"?; allowed: profile, name, title"
        ),
        (
            piv("\"pin\": {\"mni\": 6}"),
            "pin.mni: unknown key; did you mean \"min\"?; allowed: reference, min, max"
        ),
        (
            piv("\"unblock\": [{\"form\": \"puk\", \"ways\": 1}]"),
            "unblock[0].ways: unknown key; allowed: form, min, max"
        ),
        (
            piv("\"match\": {\"version\": {\"form\": \"1\"}}"),
            "match.version.form: unknown key; did you mean \"from\"?; allowed: from, below"
        ),
        (piv("\"pin\": 4"), "pin: expected an object, found a number; allowed: an object"),
        (
            piv("\"write_cap_ms\": 1.5"),
            "write_cap_ms: expected a whole number; allowed: milliseconds"
        ),
        (piv("\"write_cap_ms\": 999"), "must be from 1000 to 600000; allowed: milliseconds"),
        (
            piv("\"status_query\": true"),
            "status_query: expected a string, found true or false; allowed: safe or unsafe"
        ),
        (piv("\"status_query\": \"yes\""), "status_query: must be \"safe\" or \"unsafe\""),
        (
            "{\(start), \"family\": \"PIV\", \(published)}",
            "f: line 1, column 53: family: no family is called so; allowed: one of piv, openpgp"
        ),
        (
            "{\"profile\": 2, \"name\": \"a\", \"title\": \"A\", \"family\": \"piv\", \(published)}",
            "profile: must be from 1 to 1; allowed: 1"
        ),
        (
            "{\"profile\": 1, \"name\": \"A b\", \"title\": \"A\", \"family\": \"piv\", \(published)}",
            "name: must be 1 to 40 of a-z, 0-9 and -"
        ),
        (
            "{\"profile\": 1, \"name\": \"a\", \"title\": \"\", \"family\": \"piv\", \(published)}",
            "title: must be 1 to 80 characters on one line"
        ),
        (
            "{\"profile\": 1, \"name\": \"a\", \"title\": \"a\\u001b\", \"family\": \"piv\", \(published)}",
            "title: must be 1 to 80 characters on one line"
        ),
        (
            "{\(start), \"family\": \"piv\"}",
            "f: line 1, column 1: standing: this key is missing; allowed: an object"
        ),
        ("{\(start), \(published)}", "family: this key is missing; allowed: one of piv"),

        (
            piv("\"match\": {\"model\": \"a*b\"}"),
            "match.model: must be text, with a * only at its end"
        ),
        (
            piv("\"match\": {\"label\": \"*\"}"),
            "match.label: must be text, with a * only at its end"
        ),
        (piv("\"match\": {\"manufacturer\": \"\"}"), "match.manufacturer: must be text"),
        (
            piv("\"match\": {\"atr\": [\"3B\", \"3G\"]}"),
            "match.atr[1]: is no answer to reset in hexadecimal"
        ),
        (piv("\"match\": {\"aid\": \"A0*00\"}"), "match.aid: is no identifier in hexadecimal"),
        (
            piv("\"match\": {\"aid\": \"000102030405060708090A0B0C0D0E0F10\"}"),
            "match.aid: is no identifier"
        ),
        (piv("\"match\": {\"atr\": [\"3B0\"]}"), "match.atr[0]: is no answer to reset"),
        (
            piv("\"match\": {\"version\": {\"from\": \"1.x\"}}"),
            "match.version.from: must be one to four numbers"
        ),
        (
            piv("\"match\": {\"version\": {\"from\": \"1.2.3.4.5\"}}"),
            "match.version.from: must be one to four numbers"
        ),
        (
            piv("\"match\": {\"version\": {\"from\": \"99999\"}}"),
            "match.version.from: must be one to four numbers"
        ),
        (
            piv("\"match\": {\"version\": {}}"),
            "match.version: names neither \"from\" nor \"below\""
        ),
        (
            piv("\"match\": {\"version\": {\"from\": \"5.1\", \"below\": \"5.1.0\"}}"),
            "match.version.below: no version is before this and from 5.1 on"
        ),

        (
            piv("\"pin\": {\"min\": 5}"),
            "pin.min: the PIN of the family piv has 6 to 8 characters; allowed: characters"
        ),
        (piv("\"pin\": {\"max\": 9}"), "pin.max: the PIN of the family piv has 6 to 8"),
        (piv("\"pin\": {\"min\": 8, \"max\": 7}"), "pin.max: is below min (8)"),
        (
            piv("\"pin\": {\"characters\": \"any\"}"),
            "pin.characters: no kind of characters is called so; allowed: digits or printable"
        ),
        (
            piv("\"pin\": {\"reference\": \"80\"}"),
            "pin.reference: the family piv fixes it: leave it out"
        ),
        (
            pkcs15("\"pin\": {\"reference\": \"+8\"}"),
            "pin.reference: must be two hexadecimal digits"
        ),
        (pkcs15("\"pin\": {\"stored\": 8}"), "pin.stored: needs \"pad\" beside it"),
        (pkcs15("\"pin\": {\"pad\": \"FF\"}"), "pin.pad: needs \"stored\" beside it"),
        (
            pkcs15("\"pin\": {\"max\": 9, \"stored\": 8, \"pad\": \"FF\"}"),
            "pin.stored: is below max (9)"
        ),

        (
            piv("\"unblock\": [{}]"),
            "unblock[0].form: this key is missing; allowed: one of puk, resetting-code"
        ),
        (
            piv("\"unblock\": [{\"form\": \"PUK\"}]"),
            "unblock[0].form: no way of unblocking is called so"
        ),
        (
            piv("\"unblock\": [{\"form\": \"admin-key\"}]"),
            "unblock[0].form: the family piv has only puk"
        ),
        (
            piv("\"unblock\": [{\"form\": \"puk\"}, {\"form\": \"puk\"}]"),
            "unblock[1].form: stands twice"
        ),
        (piv("\"unblock\": [1]"), "unblock[0]: expected an object, found a number"),
        (
            piv("\"unblock\": [{\"form\": \"puk\", \"max\": 12}]"),
            "unblock[0].max: this code of the family piv has 6 to 8"
        ),
        (
            piv("\"match\": {\"atr\": [" + String(repeating: "\"3B\",", count: 65) + "]}"),
            "match.atr: has 65 elements, more than 64; allowed: a list"
        ),
        (
            "{\(start), \"family\": \"gids\", \(published), \"unblock\": [{\"form\": \"admin-key-response\", \"min\": 8}]}",
            "unblock[0].min: nothing is typed where a key answers a challenge"
        ),

        (
            piv("\"signature\": [{\"key\": \"rsa-2048\", \"max_us\": 2, \"spread_us\": 1}]"),
            "signature[0].min_us: this key is missing"
        ),
        (
            piv(
                "\"signature\": [{\"key\": \"rsa\", \"min_us\": 1, \"max_us\": 2, \"spread_us\": 1}]"
            ), "signature[0].key: no kind of key is called so; allowed: one of rsa-1024"
        ),
        (
            piv(
                "\"signature\": [{\"key\": \"p-256\", \"min_us\": 3, \"max_us\": 2, \"spread_us\": 0}]"
            ), "signature[0].max_us: is below min_us (3)"
        ),
        (
            piv(
                "\"signature\": [{\"key\": \"p-256\", \"min_us\": 1, \"max_us\": 2, \"spread_us\": 2}]"
            ), "signature[0].spread_us: is above max_us - min_us (1)"
        ),
        (
            piv(
                "\"signature\": [{\"key\": \"p-256\", \"min_us\": 0, \"max_us\": 2, \"spread_us\": 2}]"
            ), "signature[0].min_us: must be from 1 to 60000000"
        ),

        (
            standing("\"state\": \"good\""),
            "standing.state: no state is called so; allowed: published, commissioned"
        ),
        (
            standing("\"state\": \"published\""),
            "standing.reason: \"published\" needs it; allowed: 1 to 400"
        ),
        (
            standing("\"state\": \"refused\", \"reason\": \"r\""),
            "standing.next: \"refused\" needs it"
        ),
        (
            standing("\"state\": \"provisional\", \"reason\": \"r\", \"on\": \"2026-01-01\""),
            "standing.by: \"provisional\" needs it"
        ),
        (
            standing("\"state\": \"commissioned\", \"by\": \"b\", \"on\": \"2026-01-01\""),
            "standing.evidence: \"commissioned\" needs it"
        ),
        (
            standing(
                "\"state\": \"commissioned\", \"by\": \"b\", \"on\": \"2026-02-29\", \"evidence\": \"e\""
            ), "standing.on: is no date, YYYY-MM-DD; allowed: a date"
        ),
        (
            standing("\"state\": \"published\", \"reason\": \"r\", \"next\": \"n\""),
            "standing.next: says nothing with \"published\""
        ),

        (
            "{\(start), \"family\": \"none\", \"match\": {\"atr\": [\"3B*\"]}, \(published)}",
            "standing.state: what no family knows cannot be helped"
        ),
        (none("\"match\": {}"), "match: with the family none, \"atr\" must name one at least"),
        (
            none("\"match\": {\"atr\": [\"3B*\"], \"label\": \"x\"}"),
            "match.label: a card that no family knows shows none of it"
        ),
        (
            none("\"match\": {\"atr\": [\"3B*\"]}, \"status_query\": \"safe\""),
            "status_query: says nothing with the family none"
        ),
        (
            none("\"match\": {\"atr\": [\"3B*\"]}, \"pin\": {\"min\": 4}"),
            "pin.min: says nothing with the family none"
        ),
    ]

    @Test(arguments: mistaken)
    func aMistakeIsToldWithItsPlaceAndWhatIsAllowed(_ text: String, _ wanted: String) {
        let found = mistakes(text)
        #expect(found.count == 1 && found[0].contains(wanted), "\(found)")
    }

    @Test func allMistakesOfAFileAreToldAtOnceInItsOrder() {
        let found = mistakes(
            """
            {
              "profile": 1, "name": "A", "title": "A",
              "family": "piv", "colour": { "a": [1] },
              "pin": { "min": 2, "max": "8", "pad": 1 },
              "unblock": [{ "form": "pin" }, 7],
            }
            """)
        #expect(
            found.map { $0.split(separator: ":").prefix(3).joined(separator: ":") } == [
                "f: line 1, column 1: standing", "f: line 2, column 25: name",
                "f: line 3, column 20: colour", "f: line 4, column 19: pin.min",
                "f: line 4, column 29: pin.max", "f: line 4, column 41: pin.pad",
                "f: line 5, column 25: unblock[0].form", "f: line 5, column 34: unblock[1]",
            ])
    }

    /// Every key of the list is one that the parser takes, and it takes no other.
    @Test func theListOfKeysIsTheParsers() {
        for key in ProfileKey.all {
            var path = key.path.split(separator: ".").map(String.init)
            let last = path.removeLast()
            var text = "\"\(last)\": null"
            for step in path.reversed() {
                text =
                    step.hasSuffix("[]")
                    ? "\"\(step.dropLast(2))\": [{\(text)}]" : "\"\(step)\": {\(text)}"
            }
            let found = mistakes("{\(text)}")
            #expect(
                found.contains { $0.contains("found null; allowed: \(key.allowed)") },
                "\(key.path): \(found)")
            #expect(!found.contains { $0.contains("unknown key") }, "\(key.path): \(found)")
        }
        #expect(Set(ProfileKey.all.map(\.path)).count == ProfileKey.all.count)
    }

    @Test func theManualNamesEveryKeyWithWhatMayStandThereAndItsDefault() throws {
        let manual = try String(
            contentsOf: root.appendingPathComponent("docs/profiles.md"), encoding: .utf8)
        let list = manual.components(separatedBy: "\n## ").first { $0.hasPrefix("Every key") } ?? ""
        let lines = Set(list.split(separator: "\n").map(String.init))
        for key in ProfileKey.all {
            let row =
                "| `\(key.path)` | \(key.allowed) | \(key.absent ?? "must be there") | \(key.meaning) |"
            #expect(lines.contains(row), "docs/profiles.md lacks: \(row)")
        }
        let named = lines.count { $0.hasPrefix("| `") }
        #expect(named == ProfileKey.all.count, "docs/profiles.md has keys that there are not")
        for limits in FamilyLimits.all { #expect(manual.contains("`\(limits.name)`")) }
    }
}

@Suite struct FamilyLimitTests {
    /// A profile can be written for all families that the station recognises.
    @Test(arguments: Family.allCases)
    func everyFamilyHasItsLimits(_ family: Family) {
        #expect(FamilyLimits.of(family.rawValue) != nil)
    }
}

@Suite struct ShippedProfileTests {
    private static func load() throws -> TokenProfiles {
        let folder = root.appendingPathComponent("config/profiles")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        let read = TokenProfiles.load(
            try names.map {
                ($0, Array(try Data(contentsOf: folder.appendingPathComponent($0))))
            })
        #expect(read.mistakes == [])
        for name in names { #expect(name.hasSuffix(".json5")) }
        return try #require(read.profiles)
    }

    @Test func theShippedProfilesAreRightAndEachIsNamedAsItsFile() throws {
        let names = try Self.load().all.map(\.name)
        #expect(
            names == [
                "citizen-card", "epass2003", "etoken", "gids", "idprime", "isoapplet", "myeid",
                "openpgp", "piv", "piv-yubico", "smartcard-hsm", "vgca-token",
            ])
        for name in names {
            let file = root.appendingPathComponent("config/profiles/\(name).json5")
            #expect(FileManager.default.fileExists(atPath: file.path))
        }
    }

    /// Nothing here has seen a real token, so nothing is called commissioned.
    @Test func noShippedProfileClaimsToBeCommissioned() throws {
        let states = Dictionary(
            uniqueKeysWithValues: try Self.load().all.map { ($0.name, $0.standing.state) })
        #expect(!states.values.contains(.commissioned))
        #expect(states["vgca-token"] == .provisional)
        #expect(states["etoken"] == .refused && states["idprime"] == .refused)
    }

    @Test(
        arguments: [
            (ProfileSubject(family: "piv", model: "PIV"), "piv"),
            (ProfileSubject(family: "piv", model: "PIV with extensions 5.4.3"), "piv-yubico"),
            (
                ProfileSubject(family: "openpgp", version: TokenVersion("3.4")), "openpgp"
            ),
            (ProfileSubject(family: "openpgp", version: TokenVersion("2.1")), nil),
            (ProfileSubject(family: "openpgp"), nil),
            (ProfileSubject(family: "pkcs15", aid: vgca, label: "VGCA Token"), "vgca-token"),
            (ProfileSubject(family: "pkcs15", aid: vgca, label: "VGCA Token 2"), nil),
            (ProfileSubject(family: "pkcs15", label: "VGCA Token"), nil),
            (ProfileSubject(family: "pkcs15", aid: "f276a288bcfba69d34f31001"), "isoapplet"),
            // A bit4id card is no VGCA token for its answer to reset.
            (
                ProfileSubject(
                    family: "pkcs15", aid: vgca, label: "other",
                    atr: "3BFF1800008131FE45006B150C03020101014234441031800D"), nil
            ),
            (ProfileSubject(family: nil, atr: "3bd518008131fe7d8073c82110f4"), "etoken"),
            (
                ProfileSubject(family: nil, atr: "3B7F96000080318065B0855956FB120FFE829000"),
                "idprime"
            ),
            (
                ProfileSubject(
                    family: nil, atr: "3B9F96C00A31FE45754A6176656C696E2D4F5320312E3051"),
                "citizen-card"
            ),
            (ProfileSubject(family: nil, atr: "3B00"), nil),
            (ProfileSubject(family: nil), nil),
        ] as [(ProfileSubject, String?)])
    func aTokenGetsTheNarrowestProfileThatFits(_ subject: ProfileSubject, _ name: String?) throws {
        #expect(try Self.load().match(subject)?.name == name)
    }
}

@Suite struct ProfileMatchTests {
    private static func file(_ name: String, _ match: String) -> (String, [UInt8]) {
        (
            name,
            Array(
                """
                {"profile": 1, "name": "\(name)", "title": "t", "family": "piv",
                 "match": {\(match)}, \(published)}
                """.utf8)
        )
    }

    @Test(
        arguments: [
            ("", "\"model\": \"a\"", nil),
            ("\"model\": \"a*\"", "\"model\": \"ab*\"", nil),
            ("\"model\": \"a\"", "\"model\": \"b\"", nil),
            ("\"version\": {\"from\": \"5\"}", "\"version\": {\"below\": \"5.0\"}", nil),
            (
                "\"version\": {\"from\": \"5\"}",
                "\"version\": {\"from\": \"5.3\", \"below\": \"6\"}", nil
            ),
            ("\"model\": \"a\", \"label\": \"x\"", "\"model\": \"a\"", nil),
            ("", "", "neither is the narrower"),
            ("\"atr\": [\"3B00\"]", "\"atr\": [\"3B01\"]", "neither is the narrower"),
            ("\"model\": \"a\"", "\"label\": \"x\"", "neither is the narrower"),
            ("\"model\": \"a*\"", "\"model\": \"a*\"", "neither is the narrower"),
            (
                "\"version\": {\"from\": \"5\"}", "\"version\": {\"below\": \"6\"}",
                "neither is the narrower"
            ),
            (
                "\"version\": {\"from\": \"5\"}", "\"version\": {\"from\": \"5.0.0\"}",
                "neither is the narrower"
            ),
        ] as [(String, String, String?)])
    func twoProfilesMustNotTieForAToken(_ a: String, _ b: String, _ wanted: String?) {
        for (first, second) in [(a, b), (b, a)] {
            let read = TokenProfiles.load([Self.file("one", first), Self.file("two", second)])
            guard let wanted else {
                #expect(read.mistakes == [] && read.profiles?.all.count == 2)
                continue
            }
            #expect(read.profiles == nil && read.mistakes.count == 1)
            #expect(read.mistakes.first?.description.hasPrefix("two: line 2, column ") == true)
            #expect(read.mistakes.first?.description.contains(wanted) == true)
            #expect(read.mistakes.first?.description.contains("(one: line 2)") == true)
        }
    }

    @Test func aNameStandsForOneProfile() {
        let read = TokenProfiles.load([
            Self.file("one", "\"model\": \"a\""), Self.file("one", "\"model\": \"b\""),
        ])
        #expect(read.mistakes.map(\.path) == ["name"])
    }

    @Test(arguments: [
        ("1", "1.0.0.0", 0), ("1.9", "1.10", -1), ("5.4.3", "5.4", 1), ("0", "65535", -1),
    ])
    func versionsAreComparedNumberByNumber(_ a: String, _ b: String, _ wanted: Int) throws {
        let (a, b) = (try #require(TokenVersion(a)), try #require(TokenVersion(b)))
        #expect((a == b) == (wanted == 0) && (a < b) == (wanted < 0) && (b < a) == (wanted > 0))
    }

    @Test(
        arguments: [
            (6...8, .printable, nil, nil, nil, CodeRule(6...8, .printable)),
            (6...8, .printable, 7, nil, .digits, CodeRule(7...8, .digits)),
            (6...8, .digits, nil, nil, .printable, CodeRule(6...8, .digits)),
            (6...127, .any, nil, 64, .any, CodeRule(6...64, .any)),
            (16...16, .hex, nil, nil, .printable, CodeRule(16...16, .hex)),
            (8...16, .printable, nil, nil, .hex, CodeRule(8...16, .hex)),
            (4...16, .printable, 2, 90, nil, CodeRule(4...16, .printable)),
            (6...8, .printable, 9, nil, nil, nil),
        ] as [(ClosedRange<Int>, CodeRule.Characters, Int?, Int?, CodeRule.Characters?, CodeRule?)])
    func aProfileNarrowsARuleAndNeverWidensIt(
        _ lengths: ClosedRange<Int>, _ characters: CodeRule.Characters, _ least: Int?,
        _ most: Int?, _ narrower: CodeRule.Characters?, _ wanted: CodeRule?
    ) {
        var code = ProfileCode()
        (code.minimum, code.maximum, code.characters) = (least, most, narrower)
        #expect(code.narrowing(CodeRule(lengths, characters)) == wanted)
    }
}
