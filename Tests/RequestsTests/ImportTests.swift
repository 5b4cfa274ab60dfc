import JSON
import Testing

@testable import Requests

@Suite struct ImportTests {
    private func read(
        _ bytes: [UInt8]
    ) -> (requests: [RequestForm]?, mistakes: [String], format: RequestImport.Format) {
        let read = RequestImport.read(bytes, file: "f")
        return (
            read.requests?.map(\.form),
            read.mistakes.map { "\($0.line):\($0.column) \($0.path): \($0.wrong)" }, read.format
        )
    }

    private func read(
        _ text: String
    ) -> (requests: [RequestForm]?, mistakes: [String], format: RequestImport.Format) {
        read(Array(text.utf8))
    }

    private static let paper = """
        STT;Số, ký hiệu;Cơ quan, tổ chức quản lý trực tiếp;Thời điểm nhận;1.1. Họ và tên;\
        1.2 Số định danh cá nhân;Ngày cấp;Nơi cấp;Chức vụ;Cơ quan, tổ chức công tác;\
        Số điện thoại di động;Số hiệu thiết bị lưu khóa bí mật;Tên chứng thư chữ ký số;\
        CƠ QUAN, TỔ CHỨC CÔNG TÁC;Địa chỉ thư điện tử công vụ
        1;12/UBND-VP;UBND phường Ven Sông;21/11/2026 09:00;Trần Văn Bình;031099000123;01/07/2021;\
        Cục Cảnh sát;Chuyên viên;UBND phường Ven Sông;0912345678;23130045;Nguyễn Thị Hòa;\
        "Phòng Văn hóa; Xã hội";hoant@bien.gov.vn
        2;;;;;;;;;;;23130046;"Lê ""Nam""
        Sơn";UBND phường Ven Sông;nam@bien.gov.vn
        1;13/UBND-VP;UBND phường Ven Sông;2026-11-21T02:00:00Z;;;;;;;;23130047;;;
        """

    /// The first paper of the table, with one device.
    private static let form = RequestForm(
        number: "12/UBND-VP", managingBody: "UBND phường Ven Sông",
        received: Timestamp("2026-11-21T02:00:00.000Z"),
        contact: ContactPerson(
            name: "Trần Văn Bình", personalNumber: "031099000123", issuedOn: "01/07/2021",
            issuedAt: "Cục Cảnh sát", position: "Chuyên viên",
            workplace: "UBND phường Ven Sông", mobile: "0912345678"),
        devices: [
            DeviceRow(
                deviceNumber: "23130045", certificateName: "Nguyễn Thị Hòa",
                workplace: "UBND phường Ven Sông", mail: "hoant@bien.gov.vn")
        ])

    @Test func aTableWithTheHeadingsOfTheForm() throws {
        let found = read(
            "\u{FEFF}"
                + Self.paper.split(separator: "\n", omittingEmptySubsequences: false)
                .joined(separator: "\r\n"))
        #expect(found.mistakes == [])
        let forms = try #require(found.requests)
        #expect(forms.count == 2)
        var form = Self.form
        form.devices[0].workplace = "Phòng Văn hóa; Xã hội"
        form.devices.append(
            DeviceRow(
                deviceNumber: "23130046", certificateName: "Lê \"Nam\"\r\nSơn",
                workplace: "UBND phường Ven Sông", mail: "nam@bien.gov.vn"))
        #expect(forms.first == form)
        #expect(forms.last?.devices == [DeviceRow(deviceNumber: "23130047")])
        #expect(forms.last?.received == form.received)
    }

    @Test func aTableWithTheNamesOfPrograms() {
        let found = read(
            """
            kind,number,managing_body,device_number,contact_name,return_reason,noticed,report
            return,1,A,22,B,revoked,20/11/2026,
            thất lạc,2,A,23,C,,,"một
            hai"
            """)
        #expect(found.mistakes == [])
        #expect(found.requests?.map(\.kind) == [.takeBack, .lost])
        #expect(found.requests?.first?.particulars.returnReason == .revoked)
        #expect(
            found.requests?.first?.particulars.noticed == Timestamp("2026-11-19T17:00:00.000Z"))
        #expect(found.requests?.last?.particulars.report == "một\nhai")
    }

    @Test(arguments: [
        ("sep=;\nnumber;device_number\n1,2;3", "1,2"),
        ("Số, ký hiệu;Cơ quan, tổ chức quản lý trực tiếp\n1,2;A", "1,2"),
        ("number\tdevice_number\n1,2\t3\n", "1,2"),
        ("number,device_number\r1,3\r", "1"), ("\n\nnumber,device_number\n\n1,3\n\n", "1"),
        ("number,device_number,\n1,3,x", "1"), ("number\n\"\"\"\"", "\""),
    ])
    func tables(_ text: String, _ number: String) {
        let found = read(text)
        #expect(found.mistakes == [])
        #expect(found.requests?.map(\.number) == [number])
        #expect(found.format == .csv)
    }

    private static let wrongTables: [(text: String, wrong: String)] = [
        ("", "1:1 : the file is empty"),
        ("a,b\n1,2", "1:1 : \"a\": the first line must be the headings"),
        ("number,farbe\n1,2", "1:8 : \"farbe\": no column is called so"),
        ("number,Số văn bản\n1,2", "1:8 number: \"Số văn bản\": this column stands twice"),
        ("number,device_number\n1,2,3", "2:1 : has 3 cells, and the headings are 2"),
        ("number,device_number\n\n\"1,2", "3:1 : a quotation mark opens here and none closes"),
        ("number,report\n1,\"a\"b", "2:6 : something follows the closing quotation mark"),
        ("number,report\n1,a\"b", "2:4 : a quotation mark inside a cell"),
        ("number,report\n\"x\ny\",a\"b", "3:5 : a quotation mark inside a cell"),
        ("number,kind\n1,x", "2:3 kind: \"x\": no kind of request is called so"),
        (
            "number,Loại  yêu cầu\n1,x",
            "2:3 kind: \"x\" under \"Loại yêu cầu\": no kind of request is called so"
        ),
        ("number,received\n1,31/02/2026", "2:3 received: \"31/02/2026\": is no day or time"),
        ("number,return_reason\n1,x", "2:3 return_reason: \"x\": no reason is called so"),
        (
            "number,report,device_number\n1,a,1\n1,b,2",
            "3:3 report: \"b\": is otherwise in line 2, which is of the same request"
        ),
        (
            "number,contact_personal_number\n1,3.1099E+11",
            "2:3 contact_personal_number: \"3.1099E+11\": a spreadsheet has shortened this number"
        ),
        (
            "number,device_number\n1,\"3,1099e+11\"",
            "2:3 device_number: \"3,1099e+11\": a spreadsheet has"
        ),
        (
            "number,contact_name\n1,Nguyeãn Vaên Bình Ñaït",
            "2:3 contact_name: \"Nguyeãn Vaên Bình Ñaït\": letters of VNI fonts"
        ),
        (
            "number,contact_name\n1,TrÇn V¨n Th¾ng NguyÔn",
            "2:3 contact_name: \"TrÇn V¨n Th¾ng NguyÔn\": letters of TCVN3"
        ),
        (
            "number,contact_name\n1,Nguyá»…n VÄƒn Ã¡",
            "2:3 contact_name: \"Nguyá»…n VÄƒn Ã¡\": UTF-8 that was read as"
        ),
    ]

    @Test(arguments: wrongTables)
    func mistakesInTables(_ text: String, _ wrong: String) {
        let found = read(text)
        #expect(found.requests == nil)
        #expect(found.mistakes.contains { $0.hasPrefix(wrong) }, "\(found.mistakes)")
    }

    /// What stands in a cell, and how it is quoted.
    static let quotes: [(String, String?)] = [
        ("x", "x"), ("  mất \t cắp ", "mất cắp"), ("a\"b\\c", "a\\\"b\\\\c"),
        ("a\u{202E}b\u{0}", "a\\u{202E}b\\u{0}"), ("a\nb", "a b"), ("", nil), (" \u{A0}", nil),
        (String(repeating: "ữ", count: 40), String(repeating: "ữ", count: 40)),
        (String(repeating: "ữ", count: 41), String(repeating: "ữ", count: 40) + "…"),
        (String(repeating: "u\u{31B}\u{303}", count: 40), String(repeating: "ữ", count: 40)),
        (String(repeating: "a", count: 100_000), String(repeating: "a", count: 40) + "…"),
    ]

    @Test(arguments: quotes.indices) func whatIsWrongIsQuoted(_ row: Int) {
        let (text, quoted) = Self.quotes[row]
        #expect(ImportQuote(text)?.text == quoted)
        for words in ["is wrong", "\": is wrong", ""] {
            guard let quote = ImportQuote(text) else { return }
            #expect(ImportQuote(of: quote.before(words), before: words) == quote)
        }
    }

    @Test(arguments: [
        ("\u{301}a", "mark"), ("a\u{D4E}", "letter that joins the next"), ("\u{1F1FB}", "flag"),
    ])
    func aQuoteOfADocumentIsTakenBackWhateverItJoins(_ text: String, _ what: String) {
        let found = RequestImport.content(
            Array("[{\"kind\":\"\(text)\"}]".utf8), file: "f"
        ).mistakes
        #expect(found.map(\.fault) == [.unknownKind], "\(what)")
        #expect(found.first?.quoted == ImportQuote(text)?.text, "\(what)")
    }

    @Test func theAllowedNamesAreThoseOfTheFilesOwnWords() {
        func allowed(_ text: String) -> String {
            RequestImport.content(Array(text.utf8), file: "f").mistakes.first?.told.allowed ?? ""
        }
        let kinds = allowed("Số văn bản,Loại yêu cầu\n1,x")
        #expect(kinds.hasPrefix("khôi phục (restore), bàn giao (hand-over), thu hồi (return)"))
        #expect(allowed("number,return_reason\n1,x") == "hết hạn (expired), bị thu hồi (revoked)")
        #expect(allowed("[{\"kind\":\"x\"}]") == RequestImport.kinds)
        #expect(allowed("number,farbe\n1,2").hasPrefix("row, kind, number, managing_body"))
        #expect(allowed("Số văn bản,farbe\n1,2").hasPrefix("STT; Loại yêu cầu; Số, ký hiệu; "))
        #expect(allowed("farbe\n1").hasPrefix("STT; "))
        // Every name that is told is one that is read.
        for column in RequestColumn.allCases {
            #expect(RequestColumn.of(column.headings + [column.name]).contains(column))
        }
        for kind in CaseKind.allCases {
            #expect(CaseKind(written: kind.rawValue) == kind)
            #expect(CaseKind.writtenNames.contains("(\(kind.rawValue))"))
        }
    }

    @Test func namesOfOtherLanguagesAreNoWrongLetters() {
        for name in [
            "Jürgen Müller", "«xin chào»", "Windows® 11", "© 2026", "3×4", "Col·lecció", "§ 5",
            "Zoë Brontë", "Nguyễn Thị Ngoãn", "Hà Thị Lành", "Võ Tá Lâm",
        ] {
            #expect(TextEncoding.wrongLetters(name) == nil, "\(name)")
        }
    }

    @Test(arguments: ["Gi¸m ®èc", "§iÒu v¨n", "V¨n", "H¶i Phßng", "Së Khoa häc vµ C«ng nghÖ"])
    func lettersOfTCVN3(_ text: String) {
        #expect(TextEncoding.wrongLetters(text) == .tcvn3)
    }

    @Test func aSpreadsheetItselfIsNamed() {
        let found = read([0x50, 0x4B, 3, 4, 0x14, 0, 6, 0]).mistakes
        #expect(found.first?.hasPrefix("1:1 : the file is a spreadsheet or a document") == true)
        #expect(found.first?.contains("CSV UTF-8") == true && found.count == 1, "\(found)")
    }

    @Test func filesThatAreNotUTF8() {
        var marked: [UInt8] = [0xFF, 0xFE]
        var bare: [UInt8] = []
        for unit in "number,report\n1,2".utf8 {
            marked += [unit, 0]
            bare += [0, unit]
        }
        #expect(read(marked).mistakes.first?.hasPrefix("1:1 : the file is UTF-16") == true)
        #expect(read(bare).mistakes.first?.hasPrefix("1:1 : the file is UTF-16") == true)
        let tcvn = Array("number,contact_name\n1,Tr".utf8) + [0xC7, 0x6E, 0x20, 0x56, 0xA8, 0x6E]
        #expect(read(tcvn).mistakes.first?.hasPrefix("2:5 : the file is not UTF-8 here") == true)
        let cut = Array("number\n1\u{1EA1}".utf8.dropLast())
        #expect(read(cut).mistakes.first?.contains("not UTF-8") == true)
    }

    @Test func requestsInJSON() throws {
        let found = read(
            """
            [{"number":"12/UBND-VP","managing_body":"UBND phường Ven Sông",
              "received":"2026-11-21T02:00:00.000Z",
              "contact":{"name":"Trần Văn Bình","personal_number":"031099000123",
                "issued_on":"01/07/2021","issued_at":"Cục Cảnh sát QLHC về TTXH",
                "position":"Chuyên viên","workplace":"UBND phường Ven Sông",
                "mobile":"0912345678"},
              "devices":[{"device_number":"23130045","certificate_name":"Nguyễn Thị Hòa",
                "workplace":"UBND phường Ven Sông","mail":"hoant@bien.gov.vn",
                "certificate_serial":null}],
              "kind":"restore","return_reason":"revoked","noticed":"20/11/2026 09:00",
              "report":"Mất trên đường.","permission":null}]
            """)
        #expect(found.mistakes == [])
        var form = Self.form
        form.contact.issuedAt = "Cục Cảnh sát QLHC về TTXH"
        form.particulars = Particulars(
            returnReason: .revoked, noticed: Timestamp("2026-11-20T02:00:00.000Z"),
            report: "Mất trên đường.")
        #expect(found.requests == [form])
        #expect(found.format == .json)
        #expect(read(" []").requests == [])
    }

    @Test(arguments: [
        ("{}", "1:1 : expected an array, found an object"),
        ("[1]", "1:2 [0]: expected an object, found a number"),
        ("[{\"numbr\":\"1\"}]", "1:3 [0].numbr: unknown key; did you mean \"number\"?"),
        ("[{\"contact\":{\"name\":1}}]", "1:21 [0].contact.name: expected a string"),
        (
            "[{\"devices\":[{\"mail\":\"Nguyeãn Vaên Baûo\"}]}]",
            "1:22 [0].devices[0].mail: \"Nguyeãn Vaên Baûo\": letters of"
        ),
        ("[{\"kind\":\"x\"}]", "1:10 [0].kind: \"x\": no kind of request is called so"),
        ("[{\"received\":\"x\"}]", "1:14 [0].received: \"x\": is no day or time"),
        ("[{\"number\":\"1\",\"number\":\"2\"}]", "1:16 [0].number: this key stands twice"),
        ("[{}", "1:4 "), ("[] x", "1:4 : something follows the end"),
    ])
    func mistakesInJSON(_ text: String, _ wrong: String) {
        let found = read(text)
        #expect(found.requests == nil)
        #expect(found.mistakes.contains { $0.hasPrefix(wrong) }, "\(found.mistakes)")
    }

    @Test(arguments: [
        ("2026-11-21T10:40:00+07:00", "2026-11-21T03:40:00.000Z"),
        ("2026-11-21T03:40:00.5Z", "2026-11-21T03:40:00.500Z"),
        ("2026-11-21T03:40:00.123456Z", "2026-11-21T03:40:00.123Z"),
        ("21/11/2026 10:40", "2026-11-21T03:40:00.000Z"),
        ("21/11/2026  9:05:07", "2026-11-21T02:05:07.000Z"),
        ("21/11/2026", "2026-11-20T17:00:00.000Z"), ("2026-11-21", "2026-11-20T17:00:00.000Z"),
        ("2026-11-20T22:40:00-05:00", "2026-11-21T03:40:00.000Z"),
    ])
    func times(_ text: String, _ time: String) {
        #expect(Timestamp(written: text, minutesEast: 420)?.description == time)
    }

    @Test(arguments: [
        "", "T", "10:40", "2026-11-21T", "2026-11-21T24:00:00Z", "2026-11-21T10", "21/11/2026 10:4",
        "2026-11-21T10:40:00+7", "2026-11-21T10:40:60Z", "2026-11-21T10:40:00.Z",
        "2026-11-21T10:40:00.1234567890Z", "32/11/2026 10:40", "2026-11-21T10:40:00+24:00",
        "21/11/2026 10:40 x", "2026-11-21T-1:40:00Z",
    ])
    func noTimes(_ text: String) { #expect(Timestamp(written: text, minutesEast: 420) == nil) }

    @Test func aFileThatIsTooLong() {
        let long = [UInt8](repeating: 0x61, count: RequestImport.longestFile + 1)
        #expect(read(long).mistakes.first?.contains("longer than") == true)
        var text = "number,device_number\n"
        for i in 0...RequestImport.mostRequests { text += "\(i),1\n" }
        #expect(read(text).mistakes.first?.contains("requests: cut the file") == true)
    }
}
