import Crypto
import Foundation
import JSON
import Testing

@testable import Casework

@Suite struct OfficerFileTests {
    private static let hash =
        "$scrypt$ln=15,r=8,p=3$AAAAAAAAAAAAAAAAAAAAAA$" + String(repeating: "A", count: 43)
    private static let other =
        "$scrypt$ln=15,r=8,p=3$AQAAAAAAAAAAAAAAAAAAAA$" + String(repeating: "A", count: 43)
    private static let token = String(repeating: "0aF1", count: 16)

    private static func parse(_ text: String) -> (table: OfficerTable?, mistakes: [FileMistake]) {
        OfficerTable.parse(Array(text.utf8), file: "o")
    }

    private static func people(_ lines: String...) -> [String] {
        parse("{\"officers\": 1, \"people\": [\n" + lines.joined(separator: ",\n") + "\n]}")
            .mistakes.map { "\($0.line) \($0.path): \($0.wrong)" }
    }

    /// One officer, with members put in the place of others or added.
    private static func person(_ id: String, _ members: String) -> String {
        "{\"id\": \"\(id)\", \"name\": \"N\", \"roles\": [\"counter\"], \(members)}"
    }

    @Test func officersAreRead() throws {
        let read = Self.parse(
            """
            // comment
            {
              "officers": 1,
              "people": [
                { "id": "lan", "name": "Trần Thị Lan", "roles": ["counter", "auditor"],
                  "rights": ["last_try"], "password": "\(Self.hash)",
                  "tokens": ["\(Self.token)"], },
                { "id": "h.i-9_", "name": "Hải", "roles": ["technician"], "rights": [],
                  "password": "\(Self.other)" },
              ],
            }
            """)
        #expect(read.mistakes == [])
        let table = try #require(read.table)
        let hash = try PasswordHash(Self.hash)
        let other = try PasswordHash(Self.other)
        #expect(
            table.all == [
                Officer(
                    id: "lan", name: "Trần Thị Lan", roles: [.counter, .auditor],
                    rights: [.lastTry], password: hash, tokens: [Self.token.lowercased()]),
                Officer(id: "h.i-9_", name: "Hải", roles: [.technician], password: other),
            ])
        #expect(table.officer("lan")?.name == "Trần Thị Lan")
        #expect(table.officer("nobody") == nil)
    }

    @Test func aFileWithoutPeopleIsRight() throws {
        #expect(Self.parse("{officers: 1, people: []}").mistakes.isEmpty == false)
        #expect(Self.parse("{\"officers\": 1, \"people\": []}").table == OfficerTable())
    }

    @Test func everyMistakeIsToldAtOnce() {
        let told = Self.people(
            "{\"id\": \"Lan\", \"name\": \"\", \"roles\": [\"boss\"], \"tokens\": [\"12\"]}",
            Self.person("b", "\"password\": \"secret\", \"colour\": 1"),
            "{\"id\": \"c\", \"name\": \"C\", \"roles\": [], \"rights\": [\"all\"], \"tokens\": []}",
            "{\"name\": 7}")
        #expect(
            told == [
                "2 people[0].id: is no id of an officer",
                "2 people[0].name: must be 1 to 80 characters on one line",
                "2 people[0].roles[0]: is no role",
                "2 people[0].tokens[0]: is no SHA-256 in hexadecimal",
                "3 people[1].password: is no hash of a password",
                "3 people[1].colour: unknown key",
                "4 people[2].roles: is empty: such an officer could do nothing",
                "4 people[2].rights[0]: is no right",
                "4 people[2].tokens: is empty: strike it, or name a token",
                "5 people[3].id: this key is missing",
                "5 people[3].roles: this key is missing",
                "5 people[3]: can prove nothing: give it a password (tokenctl officer password) "
                    + "or tokens",
                "5 people[3].name: expected a string, found a number",
            ])
    }

    @Test func nobodyIsTwoOfficersAndNoTokenIsTwoPeoples() {
        let password = "\"password\": \"\(Self.hash)\""
        #expect(
            Self.people(Self.person("a", password), Self.person("a", password)) == [
                "3 people[1].id: is the officer of line 2 already: choose another id",
                "3 people[1].password: stands in line 2 already: a password is one person's, so "
                    + "make another (tokenctl officer password)",
            ])
        #expect(
            Self.people(
                Self.person("a", "\"tokens\": [\"\(Self.token)\"]"),
                Self.person("b", "\"tokens\": [\"\(Self.token.lowercased())\"]")) == [
                    "3 people[1].tokens[0]: stands in line 2 already: a token is one person's"
                ])
    }

    @Test func aRoleStandsOnce() {
        #expect(
            Self.people(
                "{\"id\": \"a\", \"name\": \"A\", \"roles\": [\"counter\", \"counter\"], "
                    + "\"rights\": [\"raw\", \"raw\"], \"password\": \"\(Self.hash)\"}") == [
                    "2 people[0].roles[1]: stands twice: strike one",
                    "2 people[0].rights[1]: stands twice: strike one",
                ])
    }

    @Test func aMistakeSaysWhatMayStandThere() {
        let read = Self.parse(
            "{\"officers\": 1, \"people\": [\n"
                + "{\"id\": \"a\", \"name\": \"A\", \"roles\": [\"boss\"], \"tokens\": [\"\(Self.token)\"]}]}"
        )
        #expect(
            read.mistakes.map(\.description) == [
                "o: line 2, column 36: people[0].roles[0]: is no role; allowed: "
                    + "a list of: \(OfficerKey.roles)"
            ])
    }

    @Test func aTokenIsKnownByItsCertificateOrItsKey() throws {
        let key = try KeyPair(generating: .p256)
        let issuer = try CertificateIssuer(
            subject: [("CN", "Lan")], key: key, notBefore: 0, notAfter: 4_000_000_000)
        let certificate = issuer.certificate
        let keyHash = Hex.lower(
            try Digest.sha256.hash(certificate.publicKey.subjectPublicKeyInfo))
        func table(_ token: String) -> OfficerTable {
            OfficerTable([Officer(id: "lan", name: "Lan", roles: [.counter], tokens: [token])])
        }
        for token in [Hex.lower(try Digest.sha256.hash(certificate.der)), keyHash] {
            #expect(table(token).officer(with: certificate)?.id == "lan")
        }
        #expect(table(String(repeating: "0", count: 64)).officer(with: certificate) == nil)
    }

    private static func shipped(_ path: String) throws -> String {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let file = tests.appendingPathComponent("../../" + path).standardizedFileURL
        return try String(contentsOf: file, encoding: .utf8)
    }

    @Test func theShippedFileIsRightAndHasNobody() throws {
        let read = Self.parse(try Self.shipped("config/officers.json5"))
        #expect(read.mistakes == [])
        #expect(read.table == OfficerTable())
    }

    @Test func theManualHasEveryKey() throws {
        let lines = try Self.shipped("docs/officers.md").split(separator: "\n").map(String.init)
        for key in OfficerKey.all {
            let row =
                "| `\(key.path)` | \(key.allowed) | \(key.absent ?? "must be there") | \(key.meaning) |"
            #expect(lines.contains(row), "docs/officers.md lacks: \(row)")
        }
    }

    @Test func theManualsExampleIsRight() throws {
        let parts = try Self.shipped("docs/officers.md").components(separatedBy: "```")
        let example = try #require(parts.first { $0.hasPrefix("json5\n") })
        let read = OfficerTable.parse(Array(example.dropFirst(6).utf8), file: "o")
        #expect(read.mistakes == [])
        #expect(read.table?.all.count == 2)
    }
}
