import Foundation
import Requests
import StationInterface
import Testing

@testable import KioskShell

/// Requests from files: chosen, read, checked, taken in.
@Suite struct ImportTests {
    static let file = RequestFile(path: "/srv/requests/requests.csv", size: 1_025)

    static let table = """
        number,managing_body,contact_name,device_number,certificate_name,mail
        12/UBND,UBND phường Gia Viên,Trần Thị Hoa,23130045,Nguyễn Văn An,an@haiphong.gov.vn
        ,,,23130046,Lê Thị Bình,binh@gmail.com
        13/UBND,UBND phường Gia Viên,Trần Thị Hoa,23130047,Phạm Văn Cường,cuong@haiphong.gov.vn
        """

    /// The files' screen, with one file in it.
    static func files() -> CounterFixture {
        var fixture = CounterFixture(at: .home)
        fixture.counter.canImport = true
        fixture.key(.function(5))
        fixture.home()
        fixture.key(.tab, .right, .right, .enter)
        fixture.send(.listed(RequestFileList(files: [file])))
        return fixture
    }

    /// The file is read, and nothing is asked about it yet.
    static func read(_ text: String = ImportTests.table) -> CounterFixture {
        var fixture = files()
        fixture.key(.enter)
        let read = RequestImport.content(Array(text.utf8), file: file.name)
        fixture.send(
            .fileRead(
                file, read.requests.map { .requests($0) } ?? .mistakes(read.mistakes)))
        return fixture
    }

    static let privateMail = Station.IntakeFinding(
        field: "devices[1].mail", rule: "mail-private", mustComplete: true, message: "m")

    /// The first has something to complete, the second nothing.
    static func checked() -> CounterFixture {
        var fixture = read()
        fixture.check([privateMail])
        fixture.check([])
        return fixture
    }

    static func intake(_ fixture: CounterFixture) -> FileIntake? {
        if case .intake(let intake) = fixture.counter.screen { intake } else { nil }
    }

    @Test func withoutAFolderNothingIsOffered() {
        var fixture = CounterFixture(at: .home)
        #expect(!fixture.drawn().contains("Hồ sơ từ tệp"))
        fixture.counter.canImport = true
        fixture.key(.function(5))
        fixture.home()
        #expect(fixture.drawn().contains("Hồ sơ từ tệp"))
    }

    @Test func aFileIsReadOnlyWhenItIsChosen() {
        var fixture = Self.files()
        #expect(fixture.log.contains(.listFiles))
        #expect(fixture.drawn().contains("requests.csv"))
        #expect(fixture.drawn().contains("2 KiB"))
        #expect(!fixture.log.contains(.readFile(Self.file)))
        fixture.key(.enter)
        #expect(fixture.last == [.readFile(Self.file)])
    }

    @Test func eachRequestIsCheckedAndEachFindingHasItsLineAndField() {
        var fixture = Self.read()
        #expect(fixture.drawn().contains("0 trên 2"))
        guard case .checkRequest(let first, _)? = fixture.calls.last else {
            Issue.record("\(fixture.calls)")
            return
        }
        #expect(first.requestNumber == "12/UBND" && first.devices.count == 2)
        fixture.check([Self.privateMail])
        fixture.check([])
        #expect(fixture.counter.awaiting == nil)
        #expect(fixture.drawn().contains("dòng 3, thiết bị 2, "))
        #expect(fixture.drawn().contains("2 hồ sơ · đã nhận 0 · 1 hợp lệ · 0 cần nhìn lại"))
    }

    @Test func whatMustBeCompletedIsTakenInOnPurposeOnly() {
        var fixture = Self.checked()
        let asked = fixture.calls.count
        fixture.key(.enter)
        #expect(fixture.calls.count == asked)
        #expect(fixture.counter.notice == Sentence(.noticeIntakeOpen))
        fixture.key(.function(9))
        fixture.check([Self.privateMail])
        guard case .receiveRequest(let form)? = fixture.calls.last else {
            Issue.record("\(fixture.calls)")
            return
        }
        #expect(form.requestNumber == "12/UBND")
        fixture.take("R2026-000001", [Self.privateMail])
        #expect(Self.intake(fixture)?.steps[0].standing == .taken("R2026-000001"))
        #expect(fixture.drawn().contains("đã nhận R2026-000001"))
    }

    @Test func allThatAreValidAreTakenInEachCheckedOnceMore() {
        var fixture = Self.read()
        fixture.check([])
        fixture.check([])
        fixture.key(.function(3))
        fixture.check([])
        fixture.take("R2026-000001")
        // The first opened a case of a device that the second asks for too.
        let open = Station.IntakeFinding(
            field: "devices[0].device_number", rule: "device-open", mustComplete: true,
            message: "m")
        fixture.check([open])
        let intake = Self.intake(fixture)
        #expect(intake?.steps.map(\.standing) == [.taken("R2026-000001"), .open])
        #expect(intake?.turn == nil && fixture.counter.awaiting == nil)
        #expect(!fixture.calls.contains { $0.isReceive("13/UBND") })
    }

    static let unknownMail = Station.IntakeFinding(
        field: "devices[0].mail", rule: "mail-not-office", mustComplete: false, message: "m")

    /// What a person should look at is taken in by that person's key, not with all the others.
    @Test func whatIsToBeLookedAtIsTakenInOneByOne() {
        var fixture = Self.read()
        fixture.check([Self.unknownMail])
        fixture.check([])
        #expect(fixture.drawn().contains("1 hợp lệ · 1 cần nhìn lại"))
        fixture.key(.function(3))
        fixture.check([])
        fixture.take("R2026-000001")
        #expect(fixture.counter.awaiting == nil)
        #expect(
            Self.intake(fixture)?.steps.map(\.standing) == [.open, .taken("R2026-000001")])
        let asked = fixture.calls.count
        fixture.key(.function(3))
        #expect(fixture.calls.count == asked && !fixture.drawn().contains("F3"))
        fixture.key(.up)
        #expect(fixture.drawn().contains("tên miền"))
        fixture.key(.enter)
        fixture.check([Self.unknownMail])
        fixture.take("R2026-000002", [Self.unknownMail])
        #expect(Self.intake(fixture)?.steps[0].standing == .taken("R2026-000002"))
    }

    @Test(arguments: [Key.enter, .function(9)])
    func whatIsFoundOnlyAtTheEndIsLookedAtFirst(_ key: Key) {
        var fixture = Self.read()
        fixture.check([])
        fixture.check([])
        fixture.key(key)
        fixture.check([Self.unknownMail])
        #expect(fixture.counter.awaiting == nil)
        #expect(fixture.counter.notice == Sentence(.noticeIntakeChanged))
        #expect(!fixture.calls.contains { $0.isReceive(nil) })
    }

    @Test func whatIsOnRecordIsSeenWithoutAKey() {
        var fixture = Self.read()
        fixture.check([], known: "R2026-000007")
        fixture.check([])
        #expect(fixture.drawn().contains("có từ trước: R2026-000007"))
        #expect(fixture.drawn().contains("1 hợp lệ"))
        fixture.key(.function(3))
        fixture.check([], known: "R2026-000008")
        #expect(fixture.counter.awaiting == nil && fixture.counter.notice == nil)
        #expect(
            Self.intake(fixture)?.steps.map(\.standing)
                == [.known("R2026-000007"), .known("R2026-000008")])
        #expect(!fixture.calls.contains { $0.isReceive(nil) })
    }

    @Test func whatIsOnRecordIsSaidAndLeadsToItsCases() {
        var fixture = Self.checked()
        fixture.key(.down, .enter)
        fixture.check([])
        var known = AgentFault(.requestKnown)
        known.request = "R2026-000007"
        fixture.reply(.fault(known))
        #expect(fixture.drawn().contains("có từ trước: R2026-000007"))
        fixture.key(.enter)
        #expect(fixture.calls.last == .getRequest("R2026-000007"))
        fixture.key(.escape)
        #expect(Self.intake(fixture)?.steps[1].standing == .known("R2026-000007"))
    }

    @Test func afterTheAgentWasAwayTheRestIsCheckedAnew() {
        var fixture = Self.checked()
        fixture.key(.function(3))
        fixture.check([])
        fixture.send(.agent(.lost(.hungUp)))
        fixture.wait(500)
        fixture.send(.agent(.connected(StationInfo(training: true, version: "0.1"))))
        let intake = Self.intake(fixture)
        #expect(intake?.turn == .check(0) && intake?.takesAll == false)
        #expect(
            intake?.steps.map(\.standing) == [.open, .open], "what came of it, the next try says")
    }

    @Test func anErrorStopsTheRestAndIsSaidOnce() {
        var fixture = Self.read()
        fixture.check([])
        fixture.check([])
        fixture.key(.function(3))
        fixture.check([])
        fixture.reply(.fault(AgentFault(.journal)))
        #expect(Self.intake(fixture)?.turn == nil)
        #expect(fixture.counter.notice == Sentence(.faultJournal))
    }

    @Test func aFileWithAMistakeIsReadByNobody() {
        let fixture = Self.read("number,colour\n1,2\n")
        #expect(fixture.drawn().contains("dòng 1, ký tự 8: \"colour\""))
        #expect(fixture.counter.awaiting == nil)
        #expect(!fixture.calls.contains { $0.isReceive(nil) })
    }

    /// What stands in a file, and what is said of it.
    static let mistakes: [(String, Phrase)] = [
        ("", .mistakeEmpty), ("a,b\n1,2\n", .mistakeNoHeading),
        ("number,colour\n1,2\n", .mistakeHeading), ("number,number\n1,1\n", .mistakeTwice),
        ("number,kind\n1\n", .mistakeCells), ("number,kind\n1,\"a\n", .mistakeOpenQuote),
        ("number,kind\n1,\"a\"b\n", .mistakeBehindQuote),
        ("number,kind\n1,a\"b\n", .mistakeBareQuote),
        ("number,contact_mobile\n1,3.1E+11\n", .mistakeShortened),
        ("number,certificate_name\n1,Nguyá»…n\n", .mistakeLetters),
        ("number,kind\n1,x\n", .mistakeKind), ("number,return_reason\n1,x\n", .mistakeReason),
        ("number,received\n1,x\n", .mistakeTime),
        ("number,permission\n1,a\n1,b\n", .mistakeOther),
        (#"[{"colour":1}]"#, .mistakeKey), (#"[{"kind":"x"}]"#, .mistakeKind),
        (#"[{"noticed":"x"}]"#, .mistakeTime),
        (#"[{"number":"1","number":"1"}]"#, .mistakeTwice), (#"[{"number":1}]"#, .mistakeValue),
        ("[{", .mistakeJSON), ("%PDF-1.7\n", .mistakeForeign),
    ]

    @Test(arguments: mistakes)
    func aMistakeIsToldInTheLanguageOfTheScreen(_ text: String, _ phrase: Phrase) {
        for language in Language.allCases {
            var fixture = Self.read(text)
            fixture.counter.language = language
            let words = phrase.text(language).prefix { $0 != "{" }.split(separator: " ").prefix(6)
            #expect(fixture.drawn().contains(words.joined(separator: " ")), "\(text)")
        }
    }

    /// File, and what is told besides: the column by the file's own heading, what stands there,
    /// and the names that may.
    static let places: [(String, [String])] = [
        (
            "Số văn bản;Loại yêu cầu\n1;mượn\n",
            [
                "dòng 2, ký tự 3, cột \"Loại yêu cầu\": \"mượn\"",
                "Dùng một trong: khôi phục (restore)", "sử dụng sai mục đích (misuse)",
            ]
        ),
        (
            "Số văn bản;Màu\n1;x\n",
            ["dòng 1, ký tự 12: \"Màu\"", "Dùng một trong: STT; Loại yêu cầu;", "Nội dung báo cáo"]
        ),
        ("number,return_reason\n1,x\n", ["return_reason: \"x\"", "bị thu hồi (revoked)"]),
        (#"[{"kind":"mượn"}]"#, ["[0].kind: \"mượn\"", "restore, hand-over, return, lost"]),
        (#"[{"colour":1}]"#, ["Dùng một trong: kind, received"]),
        ("number,received\n1,mai\n", ["received: \"mai\"", "21/11/2026 10:40"]),
        ("number,kind\n1,\"a\u{202E}b\nc\"\n", [#"kind: "a\u{202E}b c""#]),
    ]

    @Test(arguments: places.indices) func aMistakeIsQuotedWithItsColumnAndWhatMayStandThere(
        _ row: Int
    ) {
        let (text, told) = Self.places[row]
        let drawn = Self.read(text).drawn()
        let words = drawn.split(whereSeparator: { $0 == "\n" || $0 == "│" || $0 == " " })
            .joined(separator: " ")
        for part in told { #expect(words.contains(part), "\(drawn)") }
    }

    /// Presses the key until nothing more is hidden.
    /// - Returns: what was seen on the way, without the frame.
    private static func readAll(
        _ fixture: inout CounterFixture, _ size: Size, by key: Key, more: Phrase
    ) -> Set<Substring> {
        let end = more.vietnamese.split(separator: "{}").last ?? ""
        var seen: Set<Substring> = []
        for _ in 0..<100 {
            let drawn = fixture.drawn(size)
            seen.formUnion(drawn.split(whereSeparator: { " \n│".contains($0) }))
            if !drawn.contains(end) { return seen }
            fixture.key(key)
        }
        Issue.record("it does not end: \(fixture.drawn(size))")
        return seen
    }

    /// Nothing of it is cut off: what does not fit is a key away, and that is said.
    @Test(arguments: ScreenTests.sizes) func everyFindingCanBeReadWhole(_ size: Size) {
        let words = (1...90).map { "từ-\($0)." }
        let findings = (0..<3).map { place in
            Station.IntakeFinding(
                field: "devices[1].mail", rule: "of a later agent", mustComplete: place != 0,
                message: words[place * 30..<place * 30 + 30].joined(separator: " "))
        }
        var fixture = Self.read()
        fixture.check(findings)
        fixture.check([Self.unknownMail])
        let seen = Self.readAll(&fixture, size, by: .right, more: .intakeMore)
        #expect(Set(words.map { Substring($0) }).subtracting(seen).isEmpty)
        fixture.key(.left)
        if size == .smallest { #expect(fixture.drawn(size).contains("dòng ở trên")) }
        fixture.key(.down, .up)
        #expect(Self.intake(fixture)?.reading == Scroll())
        let told = ToldPage(fixture.counter).lines.map { "\($0)" }.joined()
        #expect(words.allSatisfy { told.contains($0) })
    }

    @Test(arguments: ScreenTests.sizes) func everyMistakeCanBeReadWhole(_ size: Size) {
        let names = (1...40).map { "cot-\($0)" }
        let kinds = (1...40).map { "loai-\($0)" }
        let text = "number,kind," + names.joined(separator: ",") + "\n1,"
            + kinds.joined(separator: " ") + String(repeating: ",", count: 40) + "\n"
        var fixture = Self.read(text)
        let mistakes = Self.intake(fixture)?.mistakes ?? []
        #expect(mistakes.count >= 40)
        let seen = Self.readAll(&fixture, size, by: .pageDown, more: .technicianMore)
        for name in names { #expect(seen.contains { $0.contains("\"\(name)\"") }, "\(name)") }
        let told = ToldPage(fixture.counter).lines.map { "\($0)" }.joined()
        #expect(names.allSatisfy { told.contains($0) })
    }

    @Test func aFileThatIsTooLongIsNamed() {
        for language in Language.allCases {
            var fixture = Self.files()
            fixture.counter.language = language
            fixture.key(.enter)
            fixture.send(.fileRead(Self.file, .tooLong))
            let drawn = fixture.drawn()
            #expect(drawn.contains(" requests.csv ") && drawn.contains("1024 KiB"))
        }
    }

    @Test(arguments: [
        ("number,colour\n1,2\n", "has one place"), ("number,kind,colour\n1,x,2\n", "has 2 places"),
    ])
    func placesAreCountedInWords(_ text: String, _ said: String) {
        var fixture = Self.read(text)
        fixture.counter.language = .english
        #expect(fixture.drawn().contains(said), "\(fixture.drawn())")
    }

    @Test func aFileThatCannotBeReadIsSaid() {
        var fixture = Self.files()
        fixture.key(.enter)
        fixture.send(.fileRead(Self.file, .unreadable("EACCES")))
        #expect(fixture.drawn().contains("EACCES"))
        fixture.key(.enter)
        #expect(fixture.last == [.readFile(Self.file)], "it can be tried again")
    }

    @Test func theFilesAreComeBackToWhereTheyWereLeft() {
        var fixture = Self.files()
        let other = RequestFile(path: "/a/first.csv", size: 1)
        fixture.send(.listed(RequestFileList(files: [other, Self.file])))
        fixture.key(.down, .enter)
        let read = RequestImport.content(Array(Self.table.utf8), file: Self.file.name)
        fixture.send(.fileRead(Self.file, .requests(read.requests ?? [])))
        for key in [Key.escape, .function(5)] {
            fixture.key(key)
            fixture.send(.listed(RequestFileList(files: [other, Self.file])))
            guard case .files(let list) = fixture.counter.screen else {
                Issue.record("\(fixture.counter.screen)")
                return
            }
            #expect(list.chosen == Scroll(1))
        }
    }

    @Test func whatTheListLeavesOutIsSaidWithAWayToIt() {
        for language in Language.allCases {
            var fixture = Self.files()
            fixture.counter.language = language
            let many = (0..<200).map { RequestFile(path: "/a/\($0).csv", size: 1) }
            // Where not all were looked at, nobody knows how many there are.
            for (crowded, phrase) in [([], Phrase.filesLeftOut), (["/b"], .filesLeftOutOfSeen)] {
                fixture.send(
                    .listed(RequestFileList(files: many, leftOut: 7_853, crowded: crowded)))
                for key in [Key.home, .end] {
                    fixture.key(key)
                    let drawn = fixture.drawn()
                    let words = phrase.text(language).prefix { $0 != "{" }
                    #expect(drawn.contains("! " + words), "\(drawn)")
                    #expect(drawn.contains("7853") && drawn.contains("200"))
                    #expect(drawn.contains("F5"))
                    #expect(drawn.contains("/b: ") == !crowded.isEmpty)
                    #expect(drawn.contains("10000") == !crowded.isEmpty)
                }
            }
        }
    }

    @Test func filesThatAreTooManyForTheScreenScroll() {
        var fixture = Self.files()
        let many = (10..<60).map { RequestFile(path: "/a/\($0).csv", size: 1) }
        fixture.send(.listed(RequestFileList(files: many, unreadable: ["/b: EACCES"])))
        #expect(fixture.drawn().contains("/b: EACCES"))
        for number in 10..<60 {
            #expect(fixture.drawn().contains("\(number).csv"))
            fixture.key(.down)
        }
        fixture.key(.enter)
        #expect(fixture.last == [.readFile(many[49])])
    }
}

extension CounterFixture {
    mutating func check(_ findings: [Station.IntakeFinding], known: String? = nil) {
        reply(.checked(Station.RequestChecked(findings: findings, known: known)))
    }

    mutating func take(_ request: String, _ findings: [Station.IntakeFinding] = []) {
        reply(
            .taken(
                Station.RequestTaken(
                    request: request, cases: ["C-1"],
                    checked: Station.RequestChecked(findings: findings),
                    receipt: Station.Receipt(journalSequence: 3, journalHead: "ab"))))
    }
}

extension AgentCall {
    fileprivate func isReceive(_ number: String?) -> Bool {
        guard case .receiveRequest(let form) = self else { return false }
        return number == nil || form.requestNumber == number
    }
}

@Suite struct RequestFolderTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "req-\(UUID())")

    private func put(_ name: String, _ text: String) throws {
        let path = folder.appending(path: name)
        try FileManager.default.createDirectory(
            at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: path, atomically: true, encoding: .utf8)
    }

    @Test func tablesAndJSONAreFoundAndOneFolderBelow() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in [
            "b.CSV", "a.json", "note.txt", ".hidden.csv", "stick/c.csv", "stick/deep/d.csv",
        ] {
            try put(name, "[]")
        }
        let link = folder.appending(path: "link.csv")
        try FileManager.default.createSymbolicLink(
            at: link, withDestinationURL: folder.appending(path: "a.json"))
        #expect(mkfifo(folder.appending(path: "pipe.csv").path, 0o600) == 0)
        let found = RequestFolder(paths: [folder.path, folder.path + "/gone"]).files()
        #expect(found.files.map(\.name).sorted() == ["a.json", "b.CSV", "c.csv"])
        #expect(found.leftOut == 0 && found.crowded.isEmpty)
        #expect(found.unreadable == ["\(folder.path)/gone: no such file or directory"])
    }

    /// The oldest has the first name and lies below: neither may bring it in.
    @Test func ofTooManyTheNewestAreListedAndTheOthersCounted() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let names = ["new.csv", "stick/mid.csv", "mid.json", "old.csv", "a.csv"]
        for (age, name) in names.enumerated() {
            try put(name, "[]")
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1_700_000_000 - Double(age))],
                ofItemAtPath: folder.appending(path: name).path)
        }
        let found = RequestFolder(paths: [folder.path], most: 3).files()
        #expect(found.files.map(\.name) == ["new.csv", "mid.csv", "mid.json"])
        #expect(found.leftOut == 2 && found.crowded.isEmpty)
    }

    @Test(arguments: [(5, false), (4, true), (3, true), (2, true), (1, true)])
    func aFolderWithMoreThanIsLookedAtIsTold(_ most: Int, _ isTold: Bool) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["1.csv", "2.csv", "stick/3.csv", "stick/4.csv"] { try put(name, "[]") }
        let found = RequestFolder(paths: [folder.path], mostEntries: most).files()
        #expect(found.crowded == (isTold ? [folder.path] : []))
        #expect(isTold ? found.files.count <= most : found.files.count == 4)
    }

    @Test func whatAFileSaysComesWithTheLinesOfItsDevices() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try put("r.csv", ImportTests.table)
        try put("bad.csv", "colour\n1")
        try put("long.csv", String(repeating: "a", count: RequestImport.longestFile + 1))
        let requests = RequestFolder(paths: [folder.path])
        func content(_ name: String) -> RequestFileContent {
            requests.content(of: RequestFile(path: folder.path + "/" + name, size: 1))
        }
        guard case .requests(let read) = content("r.csv") else {
            Issue.record("\(content("r.csv"))")
            return
        }
        #expect(read.map(\.line) == [2, 4])
        #expect(read.map(\.deviceLines) == [[2, 3], [4]])
        guard case .mistakes = content("bad.csv"), case .tooLong = content("long.csv"),
            case .unreadable = content("gone.csv"), case .unreadable = content("")
        else {
            Issue.record("read")
            return
        }
    }
}
