import Foundation
import Testing
import WorkingDays

@testable import Casework
@testable import Requests

@Suite struct BodyFileTests {
    private func mistakes(_ text: String) -> [String] {
        BodyTable.parse(Array(text.utf8), file: "b").mistakes.map {
            "\($0.line):\($0.column) \($0.path): \($0.wrong)"
        }
    }

    private func changes(_ lines: String...) -> [String] {
        mistakes("{\"bodies\": 1, \"changes\": [\n" + lines.joined(separator: ",\n") + "\n]}")
    }

    private func spellings(_ lines: String...) -> [String] {
        mistakes(
            """
            {"bodies": 1, "changes": [{"old": "xã Cũ", "new": "xã Mới", "from": "2025-07-01"}],
            "spellings": [
            """ + "\n" + lines.joined(separator: ",\n") + "\n]}")
    }

    @Test func aTableIsRead() throws {
        let text = """
            // comment
            {
              "bodies": 1,
              "place": "thành phố Biển Xanh",
              "changes": [
                { "old": "phường Cầu Đá", "district": "quận Đông", "new": "phường Ven Sông",
                  "from": "2025-07-01" },
              ],
              "spellings": [{ "name": "Sở Tài chính", "also": ["STC"] }],
            }
            """
        let read = BodyTable.parse(Array(text.utf8), file: "b")
        #expect(read.mistakes == [])
        let table = try #require(read.table)
        #expect(table.changes == Array(inventedBodies.changes.prefix(1)))
        #expect(table.spellings == [.init(name: "Sở Tài chính", also: ["STC"])])
        #expect(table.place == "thành phố Biển Xanh")
    }

    /// Only a ward has to be called one.
    @Test func otherBodiesHaveNamesOfAnyForm() {
        #expect(
            changes(#"{"old": "Viettel Đông", "new": "Viễn thông Ven Sông", "from": "2025-07-01"}"#)
                == [])
        #expect(
            changes(#"{"old": "Thủy Đông", "new": "phường Ven Sông", "from": "2025-07-01"}"#).count
                == 1)
    }

    private static func text(_ path: String) throws -> String {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let file = tests.appendingPathComponent("../../" + path).standardizedFileURL
        return try String(contentsOf: file, encoding: .utf8)
    }

    @Test func theManualHasEveryKey() throws {
        let lines = try Self.text("docs/bodies.md").split(separator: "\n").map(String.init)
        for key in BodyKey.all {
            let row =
                "| `\(key.path)` | \(key.allowed) | \(key.absent ?? "must be there") | \(key.meaning) |"
            #expect(lines.contains(row), "docs/bodies.md lacks: \(row)")
        }
        #expect(lines.count { $0.hasPrefix("| `") } == BodyKey.all.count)
    }

    @Test func theManualsExampleIsRight() throws {
        let parts = try Self.text("docs/bodies.md").components(separatedBy: "```")
        let example = try #require(parts.first { $0.hasPrefix("json5\n") })
        let read = BodyTable.parse(Array(example.dropFirst(6).utf8), file: "b")
        #expect(read.mistakes == [])
        #expect(read.table?.changes.count == 5)
    }

    @Test func theManualOfRequestsHasEveryColumnAndRule() throws {
        let manual = try Self.text("docs/requests.md")
        for column in RequestColumn.allCases where column != .row {
            let row = "| `\(column.name)` | \(column.headings.joined(separator: "; ")) |"
            #expect(manual.contains(row), "docs/requests.md lacks: \(row)")
        }
        let id = try #require(CaseID("2026-000001"))
        let rules: [Intake.Rule] = [
            .missing, .tooLong(most: 1), .hiddenCharacter, .looseMark, .personalNumber, .dateForm,
            .dateImpossible, .dateInFuture, .mobile, .mailForm, .mailPrivate, .mailNotOffice,
            .deviceForm, .deviceUnusual, .deviceTwice(row: 0), .deviceOpen(id),
            .tooManyDevices(most: 1), .bodyRenamed(to: "", from: .first), .bodySeveral([]),
            .contactElsewhere, .receivedInFuture, .permission,
        ]
        for rule in rules { #expect(manual.contains("`\(rule.code)`")) }
        #expect(Set(rules.map(\.code)).count == rules.count)
    }

    @Test func theShippedTableIsRight() throws {
        let read = BodyTable.parse(Array(try Self.text("config/bodies.json5").utf8), file: "b")
        #expect(read.mistakes == [])
    }

    @Test func aLineThatStandsTwice() {
        #expect(
            changes(
                #"{"old": "xã Một", "new": "xã Hai", "from": "2025-07-01"}"#,
                #"{"old": "Xã  MỘT", "new": "xã Hai", "from": "2025-07-01"}"#
            ) == [
                "3:9 changes[1].old: stands in line 2 already, with the same new name: strike one"
            ])
    }

    @Test func oneNameThatWentToSeveralIsNoMistake() {
        #expect(
            changes(
                #"{"old": "xã Một", "new": "xã Hai", "from": "2025-07-01"}"#,
                #"{"old": "xã Một", "new": "xã Ba", "from": "2025-07-01"}"#
            ) == [])
        #expect(
            changes(
                #"{"old": "xã Một", "new": "xã Hai", "from": "2025-07-01"}"#,
                #"{"old": "xã Một", "new": "xã Ba", "from": "2025-07-02"}"#
            ) == [
                "3:43 changes[1].from: line 2 gives up the same name on 2025-07-01: a name is "
                    + "given up once, to several on one day"
            ])
    }

    @Test func districtsTellEqualNamesApart() {
        #expect(
            changes(
                #"{"old": "xã Một", "district": "huyện A", "new": "xã Hai", "from": "2025-07-01"}"#,
                #"{"old": "xã Một", "district": "huyện B", "new": "xã Một", "from": "2025-07-01"}"#
            ) == [])
        #expect(
            changes(
                #"{"old": "xã Một", "district": "huyện A", "new": "xã Hai", "from": "2025-07-01"}"#,
                #"{"old": "xã Một", "new": "xã Ba", "from": "2025-07-01"}"#
            ) == [
                "3:9 changes[1].old: stands in line 2 too, and only one of them says in which "
                    + "district: say it at both"
            ])
    }

    @Test func aNewNameThatIsOldItself() {
        #expect(
            changes(
                #"{"old": "xã Một", "new": "xã Hai", "from": "2020-01-01"}"#,
                #"{"old": "xã Hai", "new": "xã Ba", "from": "2022-01-01"}"#,
                #"{"old": "xã Ba", "new": "xã Tư", "from": "2025-07-01"}"#
            ) == [
                "2:26 changes[0].new: is an old name itself since 2022-01-01 (line 3): write here "
                    + "what it is called today, \"xã Tư\"",
                "3:26 changes[1].new: is an old name itself since 2025-07-01 (line 4): write here "
                    + "what it is called today, \"xã Tư\"",
            ])
    }

    @Test func datesTheWrongWayRound() {
        #expect(
            changes(
                #"{"old": "xã Một", "new": "xã Hai", "from": "2025-07-01"}"#,
                #"{"old": "xã Hai", "new": "xã Ba", "from": "2020-01-01"}"#
            ) == [
                "2:44 changes[0].from: the name was given up on 2020-01-01 already (line 3), "
                    + "before it was given: one of the days is wrong, or that line lacks a district"
            ])
    }

    @Test func aCircle() {
        let found = changes(
            #"{"old": "xã Một", "new": "xã Hai", "from": "2025-07-01"}"#,
            #"{"old": "xã Hai", "new": "xã Ba", "from": "2025-07-01"}"#,
            #"{"old": "xã Ba", "new": "xã Một", "from": "2025-07-01"}"#)
        #expect(found.count == 3)
        #expect(found.allSatisfy { $0.contains("leads back to its own old name") })
        #expect(
            changes(#"{"old": "xã Một", "new": "XÃ MỘT", "from": "2025-07-01"}"#) == [
                "2:26 changes[0].new: is the old name: strike the line, or say in which district "
                    + "the old one lay"
            ])
    }

    @Test(arguments: [
        (#"{"old": "Một", "new": "xã Hai", "from": "2025-07-01"}"#, "changes[0].old: is one word"),
        (
            #"{"old": "xã Một, huyện A", "new": "xã Hai", "from": "2025-07-01"}"#,
            "changes[0].old: has a comma"
        ),
        (
            #"{"old": "xã Một", "new": "xã Hai", "from": "2025-02-29"}"#,
            "changes[0].from: is no day"
        ),
        (#"{"old": "xã Một", "new": "xã Hai"}"#, "changes[0].from: this key is missing"),
        (
            #"{"old": "xã Một", "new": "xã Hai", "form": "2025-07-01"}"#,
            "changes[0].form: unknown key; did you mean \"from\"?"
        ),
        (
            #"{"old": "xã\u202E Một", "new": "xã Hai", "from": "2025-07-01"}"#,
            "changes[0].old: has characters that cannot be seen"
        ),
        (
            #"{"old": "Xaõ Vónh Baûo", "new": "xã Hai", "from": "2025-07-01"}"#,
            "changes[0].old: letters of VNI fonts"
        ),
        (
            #"{"old": "phöôøng Minh Khai", "new": "xã Hai", "from": "2025-07-01"}"#,
            "changes[0].old: letters of VNI fonts"
        ),
        (
            #"{"old": "xaõ An Döông", "new": "xã Hai", "from": "2025-07-01"}"#,
            "changes[0].old: letters of VNI fonts"
        ),
        (
            #"{"old": "x· An", "new": "xã Hai", "from": "2025-07-01"}"#,
            "changes[0].old: letters of TCVN3"
        ),
        (
            #"{"old": "xã Một", "new": "xã Hai", "from": "2052-07-01"}"#,
            "changes[0].from: must be of the years 1945 to 2049"
        ),
        (
            #"{"old": "xã Một", "new": "xã Hai", "from": "1025-07-01"}"#,
            "changes[0].from: must be of the years 1945 to 2049"
        ),
        (
            #"{"old": "Minh Khai", "new": "xã Hai", "from": "2025-07-01"}"#,
            "changes[0].old: does not say what it is"
        ),
        (
            #"{"old": "phuong Minh Khai", "new": "xã Hai", "from": "2025-07-01"}"#,
            "changes[0].old: is without diacritics: write \"phường\""
        ),
        (
            #"{"old": "xã Một", "new": "xa Hai", "from": "2025-07-01"}"#,
            "changes[0].new: is without diacritics: write \"xã\""
        ),
        (
            #"{"old": "phường Minh Khai Q. Hồng Bàng", "new": "xã Hai", "from": "2025-07-01"}"#,
            "changes[0].old: says what it lies in too"
        ),
        (
            #"{"old": "UBND phường Dư Hàng", "new": "xã Hai", "from": "2025-07-01"}"#,
            "changes[0].old: is a ward's office"
        ),
        (
            #"{"old": "xã Một", "new": "UBND phường Dư Hàng", "from": "2025-07-01"}"#,
            "changes[0].new: is a ward's office"
        ),
        (
            #"{"old": "huyện Một", "new": "Công an xã Hai", "from": "2025-07-01"}"#,
            "changes[0].new: is a ward's office"
        ),
    ])
    func singleValues(_ line: String, _ wrong: String) {
        #expect(changes(line).contains { $0.contains(wrong) })
    }

    @Test(arguments: [
        "xã Cô Tô", "XÃ CÔ TÔ", "phường Vĩnh Tỉnh", "Trung tâm Y tế quận Lê Chân",
        "Đài PTTH Hải Phòng",
        "UBND huyện An Dương", "Huyện ủy An Lão", "KCN Đình Vũ", "thị xã Đồ Sơn", "phường 3",
        "Nhà văn hóa", "P. Hòa An",
    ])
    func oldNamesThatAreNoSlips(_ old: String) {
        #expect(changes(#"{"old": "\#(old)", "new": "xã Hai", "from": "2025-07-01"}"#) == [])
    }

    /// What was no ward may have become part of a ward's office.
    @Test(arguments: ["Ban quản lý chợ Đông", "Trung tâm Y tế quận Lê Chân"])
    func newNamesThatAreNoSlips(_ old: String) {
        #expect(
            changes(#"{"old": "\#(old)", "new": "UBND phường Hai", "from": "2025-07-01"}"#) == [])
    }

    @Test func aDividedNameIsTold() throws {
        let text = """
            {"bodies": 1, "changes": [
            {"old": "xã Một", "new": "xã Hai", "from": "2025-07-01"},
            {"old": "xã Ba", "new": "xã Hai", "from": "2025-07-01"},
            {"old": "Xã MỘT", "new": "xã Tư", "from": "2025-07-01"},
            {"old": "xã Năm", "district": "huyện A", "new": "xã Sáu", "from": "2025-07-01"},
            {"old": "xã Năm", "district": "huyện B", "new": "xã Hai", "from": "2025-07-01"},
            {"old": "xã Năm", "district": "huyện B", "new": "xã Tư", "from": "2025-07-01"}]}
            """
        let table = try #require(BodyTable.parse(Array(text.utf8), file: "b").table)
        #expect(
            table.divided == [
                BodyTable.Division(name: "xã Một", new: ["xã Hai", "xã Tư"]),
                BodyTable.Division(name: "xã Năm, huyện B", new: ["xã Hai", "xã Tư"]),
            ])
    }

    @Test func anUnknownKeyWithMarksIsHeldAgainstItsOwnObject() {
        let read = BodyTable.parse(
            Array(#"{"bodies": 1, "changes": [{"cũ": "xã Một"}], "tên": 1}"#.utf8), file: "b")
        let allowed = read.mistakes.filter { $0.wrong == "unknown key" }.map {
            "\($0.path): \($0.allowed ?? "")"
        }
        #expect(
            allowed == [
                #"changes[0]["cũ"]: old, district, new, from"#,
                #"["tên"]: bodies, place, changes, spellings"#,
            ])
    }

    @Test func spellingsThatContradict() {
        #expect(
            spellings(
                #"{"name": "Sở Một", "also": ["SM", "sở một"]}"#,
                #"{"name": "Sở Hai", "also": ["SM", "xã Cũ", "Sở Ba"]}"#,
                #"{"name": "Sở Ba", "also": ["S3"]}"#, #"{"name": "xã Cũ", "also": ["C"]}"#,
                #"{"name": "Sở Tư", "also": []}"#
            ) == [
                "3:35 spellings[0].also[1]: is the name itself: strike it",
                "4:29 spellings[1].also[0]: stands in line 3 already, short forms written out",
                "4:35 spellings[1].also[1]: is an old name (line 1): it cannot be a spelling too",
                "5:10 spellings[2].name: is another spelling in line 4: write the full name at one "
                    + "place only",
                "6:10 spellings[3].name: is an old name (line 1): write the name of today",
                "6:28 spellings[3].also[0]: must be 2 to 120 characters",
                "7:27 spellings[4].also: is empty: name a spelling, or strike the line",
            ])
    }

    @Test func whatBecameOfANameInAText() {
        let cases: [(String, [String])] = [
            ("Công an phường Bến Lức", ["phường Ven Sông"]),
            ("UBND P. Bến Lức, Q. Đông, TP Biển Xanh", ["phường Ven Sông"]),
            ("UBND phường Bến Lức thành phố Biển Xanh", ["phường Ven Sông"]),
            ("Phường Bến Lức Hạ", []), ("UBND xã An Dương", []), ("UBND xã An", ["xã Bình Minh"]),
            ("UBND phường Cầu Đá, quận Tây", ["phường Đồi Thông"]),
            ("UBND phường Cầu Đá", ["phường Ven Sông", "phường Đồi Thông"]),
            ("UBND phường Chợ Cũ", []), ("UBND phường Chợ Cũ quận Đông", ["phường Ven Sông"]),
            ("", []),
        ]
        for (text, names) in cases {
            let found =
                switch inventedBodies.standing(of: text) {
                case .good: [String]()
                case .renamed(let change): [change.new]
                case .several(let changes): changes.map(\.new)
                }
            #expect(found == names, "\(text)")
        }
    }
}
