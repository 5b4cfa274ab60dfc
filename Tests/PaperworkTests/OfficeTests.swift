import Foundation
import Testing

@testable import Paperwork

/// The office's file.
struct OfficeTests {
    @Test func theShippedOneIsRight() throws {
        let path = Shipped.config.path + "/office.json5"
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        let read = Office.parse(bytes, file: "office.json5")
        #expect(read.mistakes.map(\.description) == [])
        let office = try #require(read.office)
        #expect(office.place == "Hải Phòng" && office.provider.identifier == "G11.07.05")
        // The city's own rule is a draft: no paper may cite it.
        let drafts = office.bases.filter { $0.state == .draft }
        #expect(drafts.count == 1)
        for kind in DocumentKind.allCases { #expect(!drafts[0].isCited(in: kind)) }
        #expect(office.bases[0].isCited(in: .refusal) && !office.bases[0].isCited(in: .receipt))
    }

    private static let least = """
        { "office": 1, "name": "A", "superior": "B", "symbol": "C-1", "place": "D",
          "provider": { "name": "E" }, "signer": { "position": "F" } }
        """

    @Test func littleIsEnough() throws {
        let office = try #require(Office.parse(Array(Self.least.utf8), file: "o").office)
        #expect(office.bases.isEmpty && office.copies.isEmpty && office.signer.name == nil)
    }

    static let wrong: [(String, String)] = [
        (
            "{\n\"ofice\": 1}",
            "o: line 2, column 1: ofice: unknown key; did you mean \"office\"?; allowed: office, name"
        ),
        ("{\n\"symbol\": \"A B\"}", "o: line 2, column 11: symbol: must be 1 to 20 letters"),
        ("{\n\"name\": \"\"}", "o: line 2, column 9: name: must be 1 to 200 characters"),
        ("{\n\"provider\": {}}", "o: line 2, column 13: provider.name: this key is missing"),
        (
            "{\"bases\": [{ \"text\": \"A\", \"state\": \"planned\" }]}",
            "bases[0].state: no state is called so; allowed: in-force or draft"
        ),
        (
            "{\"bases\": [{ \"text\": \"A\", \"state\": \"draft\", \"papers\": [\"letter\"] }]}",
            "bases[0].papers[0]: no paper is called so; allowed: a list of restore-notice"
        ),
        (basis("Căn cứ Luật A", "draft"), "bases[0].text: begins with \"Căn cứ\", which"),
        (basis("Luật A ngày 1/7/2024;", "in-force"), "bases[0].text: ends in \";\", and"),
        (basis("Quy định về chữ ký số", "in-force"), "bases[0].text: is in force, and has no day"),
        (
            basis("Quyết định của Ủy ban ngày 28 tháng 6 năm 2025", "in-force"),
            "bases[0].text: is in force, and has no number"
        ),
        (
            "{\"bases\": [{ \"text\": \"A\", \"state\": \"draft\", \"papers\": [] }]}",
            "bases[0].papers: is empty, and no paper would cite it"
        ),
        (
            basis("Luật A ngày 31 tháng 6 năm 2023", "in-force"),
            "has the day 31 tháng 6 năm 2023, which"
        ),
        (basis("Nghị định số 1/NĐ-CP ngày 30/02/2024", "draft"), "has the day 30/02/2024, which"),
        (
            "{\"bases\": [{ \"text\": \"Luật A ngày 1/7/2024\", \"state\": \"in-force\" },\n"
                + "{ \"text\": \"luật  A ngày 1/7/2024\", \"state\": \"draft\" }]}",
            "line 2, column 11: bases[1].text: stands in line 1 already"
        ),
        ("{\"place\": \"H¶i Phßng\"}", "place: letters of TCVN3 (ABC fonts, as .VnTime): type it"),
        ("{\"signer\": {\"position\": \"Gi¸m ®èc\"}}", "signer.position: letters of TCVN3"),
        (
            "{\"officers\": 1,\n\"people\": []}",
            "o: line 1, column 2: officers: this file is a list of officers (docs/officers.md), and"
        ),
        ("PK\u{3}\u{4}\n", "o: line 1, column 1: the file is a spreadsheet or a document of a"),
        ("{\"email\": \"sokhcn haiphong\"}", "email: is no mail address, as"),
        ("{\"email\": \"so khcn@haiphong.gov.vn\"}", "email: is no mail address, as"),
        (
            "{\"signer\": {\"position\": \"A\", \"name\": \"\"}}",
            "signer.name: must be 1 to 200 characters on one line: strike the line where there is"
        ),
        (
            "{\"signer\": {\"chức vụ\": \"A\"}}",
            "signer[\"chức vụ\"]: unknown key; allowed: capacity, position, name"
        ),
        ("{ \"name\": 1 }", "name: expected a string, found a number"),
        ("{ \"name\"", "the document ends too early"),
    ]

    private static func basis(_ text: String, _ state: String) -> String {
        "{\"bases\": [{ \"text\": \"\(text)\", \"state\": \"\(state)\" }]}"
    }

    @Test(arguments: [
        "Luật Giao dịch điện tử ngày 22 tháng 6 năm 2023",
        "Nghị định số 68/2024/NĐ-CP ngày 25/6/2024 của Chính phủ", "Chức năng của Sở",
    ])
    func basesThatAreRight(_ text: String) {
        let read = Office.parse(Array(Self.basis(text, "in-force").utf8), file: "o")
        #expect(!read.mistakes.contains { $0.path.hasPrefix("bases") }, "\(read.mistakes)")
    }

    @Test(arguments: wrong.indices) func mistakesAreTold(_ index: Int) {
        let (file, told) = Self.wrong[index]
        let read = Office.parse(Array(file.utf8), file: "o")
        #expect(read.office == nil)
        #expect(read.mistakes.contains { $0.description.contains(told) }, "\(read.mistakes)")
    }

    @Test("what is no office's file at all is one mistake", arguments: [
        "{\"officers\": 1, \"people\": []}", "{\"calendar\": 1, \"title\": \"A\"}",
        "PK\u{3}\u{4}\u{14}",
        "{\"mode\": \"office\", \"socket\": \"/a\"}", "%PDF-1.7\n", "{\\rtf1 a}", "",
    ])
    func anotherFile(_ file: String) {
        let read = Office.parse(Array(file.utf8), file: "o")
        #expect(read.office == nil && read.mistakes.count == 1, "\(read.mistakes)")
    }
}
