import Testing

@testable import Casework

@Suite struct IntakeTests {
    static let now = Timestamp("2026-11-21T03:00:00.000Z")

    /// A request nothing is wrong with; the people and bodies are invented.
    static func good(_ kind: CaseKind = .restore) -> RequestForm {
        RequestForm(
            kind: kind, number: "12/UBND-VP", managingBody: "UBND phường Ven Sông",
            received: Timestamp("2026-11-21T02:00:00.000Z"),
            contact: ContactPerson(
                name: "Trần Văn Bình", personalNumber: "031099000123", issuedOn: "01/07/2021",
                issuedAt: "Cục Cảnh sát QLHC về TTXH", position: "Chuyên viên",
                workplace: "UBND phường Ven Sông", mobile: "0912345678"),
            devices: [
                DeviceRow(
                    deviceNumber: "23130045", certificateName: "Nguyễn Thị Hòa",
                    workplace: "UBND phường Ven Sông", mail: "hoant@bien.gov.vn")
            ],
            particulars: Particulars(
                returnReason: .revoked, noticed: Timestamp("2026-11-20T02:00:00.000Z"),
                report: "Mất trên đường."))
    }

    private func codes(
        _ form: RequestForm, now: Timestamp? = Self.now,
        open: (String) -> CaseID? = { _ in nil }
    ) -> [String] {
        Intake(now: now).findings(form, bodies: inventedBodies, openDevices: open).map {
            ($0.severity == .mustComplete ? "!" : "") + $0.code
        }
    }

    private func codes(_ change: (inout RequestForm) -> Void) -> [String] {
        var form = Self.good()
        change(&form)
        return codes(form)
    }

    @Test(arguments: CaseKind.allCases) func nothingIsFoundInAGoodRequest(_ kind: CaseKind) {
        #expect(codes(Self.good(kind)) == [])
    }

    @Test func missingFieldsOfEachKind() {
        let empty = { (kind: CaseKind) in
            codes(
                RequestForm(
                    kind: kind, number: "", managingBody: " \u{A0}",
                    devices: [DeviceRow(deviceNumber: "")]),
                now: Self.now)
        }
        #expect(
            empty(.restore) == [
                "!number:missing", "!managing_body:missing", "!contact.name:missing",
                "!contact.personal_number:missing", "!contact.issued_on:missing",
                "!contact.issued_at:missing", "!contact.position:missing",
                "!contact.workplace:missing", "!contact.mobile:missing",
                "!devices[0].device_number:missing", "!devices[0].certificate_name:missing",
                "!devices[0].workplace:missing", "!devices[0].mail:missing",
            ])
        #expect(
            empty(.takeBack).filter { $0.hasPrefix("!") } == [
                "!managing_body:missing", "!contact.name:missing",
                "!contact.personal_number:missing", "!contact.issued_on:missing",
                "!contact.issued_at:missing", "!contact.position:missing",
                "!contact.workplace:missing", "!devices[0].device_number:missing",
                "!devices[0].certificate_name:missing", "!return_reason:missing",
            ])
        for kind in [CaseKind.lost, .misuse] {
            #expect(
                empty(kind).filter { $0.hasPrefix("!") } == [
                    "!managing_body:missing", "!contact.name:missing",
                    "!devices[0].device_number:missing", "!report:missing",
                ])
        }
        #expect(codes { $0.devices = [] } == ["!devices:missing"])
    }

    @Test func whoLostADeviceNeedNotKnowItsNumber() {
        var form = Self.good(.lost)
        form.devices[0].deviceNumber = ""
        #expect(codes(form) == ["devices[0].device_number:missing"])
    }

    @Test(arguments: [
        "03109900012", "0310990001234", "03109900012a", "٠٣١٠٩٩٠٠٠١٢٣", "031099-000123",
    ])
    func personalNumbers(_ number: String) {
        #expect(
            codes { $0.contact.personalNumber = number } == [
                "!contact.personal_number:personal-number"
            ])
    }

    @Test func blanksInNumbersAreNoMistake() {
        #expect(codes { $0.contact.personalNumber = "031 099 000\u{A0}123" } == [])
        #expect(codes { $0.contact.mobile = " 0912 345 678" } == [])
    }

    @Test(
        arguments: [
            ("1/7/2021", nil), ("01-07-2021", nil), ("01.07.2021", nil), ("2021-07-01", nil),
            ("29/02/2020", nil), ("21/11/2026", nil),
            ("29/02/2021", "!contact.issued_on:date-impossible"),
            ("31/04/2021", "!contact.issued_on:date-impossible"),
            ("00/01/2021", "!contact.issued_on:date-impossible"),
            ("01/13/2021", "!contact.issued_on:date-impossible"),
            ("01/01/0021", "!contact.issued_on:date-impossible"),
            ("22/11/2026", "!contact.issued_on:date-future"),
            ("01/07/21", "!contact.issued_on:date-form"),
            ("tháng 7", "!contact.issued_on:date-form"),
            ("01/07/2021/1", "!contact.issued_on:date-form"),
            ("+1/07/2021", "!contact.issued_on:date-form"),
            ("2021/07/2021", "!contact.issued_on:date-form"),
        ] as [(String, String?)])
    func datesOfIssue(_ date: String, _ code: String?) {
        #expect(codes { $0.contact.issuedOn = date } == [code].compactMap { $0 })
    }

    @Test func theDayIsTheOfficesAndNotUTCs() {
        var form = Self.good()
        form.received = nil
        form.contact.issuedOn = "22/11/2026"
        // Already the 22nd, seven hours east.
        #expect(codes(form, now: Timestamp("2026-11-21T17:00:00.000Z")) == [])
        #expect(codes(form, now: Timestamp("2026-11-21T16:59:59.999Z")).count == 1)
    }

    @Test func withoutAClockNothingLiesInTheFuture() {
        var form = Self.good()
        form.received = Timestamp("2031-01-01T00:00:00.000Z")
        form.contact.issuedOn = "22/11/2030"
        #expect(codes(form, now: nil) == [])
        #expect(
            codes(form) == ["!received:received-future", "!contact.issued_on:date-future"])
    }

    @Test(arguments: ["0912345678", "+84 912 345 678", "0.351.234.567"])
    func mobiles(_ number: String) {
        #expect(codes { $0.contact.mobile = number } == [])
    }

    @Test(arguments: ["0225.3846.475", "912345678", "09123456789", "0112345678", "+85912345678"])
    func noMobiles(_ number: String) {
        #expect(codes { $0.contact.mobile = number } == ["!contact.mobile:mobile-form"])
    }

    @Test(
        arguments: [
            ("a@haiphong.gov.vn", nil), ("a@GOV.VN", nil),
            ("a@gmail.com", "!devices[0].mail:mail-private"),
            ("a@yahoo.com.vn", "!devices[0].mail:mail-private"),
            ("a@Yahoo.co.uk", "!devices[0].mail:mail-private"),
            ("a@hotmail.fr", "!devices[0].mail:mail-private"),
            ("a@live.gov.vn", nil),
            ("a@gov.vn.example", "devices[0].mail:mail-not-office"),
            ("a@egov.vn", "devices[0].mail:mail-not-office"),
            ("a@notgmail.com", "devices[0].mail:mail-not-office"),
            ("a.gov.vn", "!devices[0].mail:mail-form"),
            ("a@b@gov.vn", "!devices[0].mail:mail-form"),
            ("a..b@gov.vn", "!devices[0].mail:mail-form"), ("a@gov", "!devices[0].mail:mail-form"),
            ("hoà@gov.vn", "!devices[0].mail:mail-form"),
            ("a@-x.gov.vn", "!devices[0].mail:mail-form"),
        ] as [(String, String?)])
    func mails(_ mail: String, _ code: String?) {
        #expect(codes { $0.devices[0].mail = mail } == [code].compactMap { $0 })
    }

    @Test(
        arguments: [
            ("23130045", nil), ("2313-0045", nil), ("0A1B2C3D4E5F", nil), ("000F:00D5C1", nil),
            ("GCA-77/12", "devices[0].device_number:device-unusual"),
            ("1234", "devices[0].device_number:device-unusual"),
            ("123", "!devices[0].device_number:device-form"),
            ("----", "!devices[0].device_number:device-form"),
            ("2313#0045", "!devices[0].device_number:device-form"),
            (String(repeating: "1", count: 41), "!devices[0].device_number:device-form"),
            ("số 2313", "!devices[0].device_number:device-form"),
        ] as [(String, String?)])
    func deviceNumbers(_ number: String, _ code: String?) {
        #expect(codes { $0.devices[0].deviceNumber = number } == [code].compactMap { $0 })
    }

    @Test func aDeviceStandsOnceAndInOneOpenCase() throws {
        var form = Self.good()
        form.devices.append(form.devices[0])
        form.devices[1].deviceNumber = "2313-0045"
        let findings = Intake(now: Self.now).findings(form, bodies: BodyTable()) { _ in nil }
        #expect(findings.map(\.rule) == [.deviceTwice(row: 0)])
        #expect(findings.map(\.field) == [.device(1, .deviceNumber)])
        #expect(findings.map(\.field.label) == ["2.1"])

        let id = try #require(CaseID("2026-000007"))
        var asked: [String] = []
        let open = Intake(now: Self.now).findings(Self.good(), bodies: BodyTable()) {
            asked.append($0)
            return id
        }
        #expect(open.map(\.rule) == [.deviceOpen(id)])
        #expect(asked == ["23130045"])
        #expect(!open.allowValid)
    }

    @Test func moreRowsThanARequestHas() {
        let most = RequestForm.mostDevices
        #expect(
            codes { form in
                form.devices = (0...most).map { i in
                    var row = form.devices[0]
                    row.deviceNumber = "9000\(1000 + i)"
                    return row
                }
            } == ["!devices:too-many-devices"])
    }

    @Test func bodiesThatWereRenamed() {
        let change = inventedBodies.changes[2]
        var form = Self.good()
        form.managingBody = "UBND phường Bến Lức, quận Đông"
        let findings = Intake(now: Self.now).findings(form, bodies: inventedBodies) { _ in nil }
        #expect(findings.map(\.rule) == [.bodyRenamed(to: change.new, from: change.from)])
        #expect(findings.allowValid)
        // Two wards of one name: which one, nobody can tell.
        #expect(
            codes { $0.devices[0].workplace = "UBND phường Cầu Đá" } == [
                "!devices[0].workplace:body-several"
            ])
        #expect(
            codes { $0.devices[0].workplace = "UBND phường Cầu Đá, quận Tây" } == [
                "devices[0].workplace:body-renamed"
            ])
        // In use again: the ward of today is meant.
        #expect(codes { $0.devices[0].workplace = "UBND phường Chợ Cũ" } == [])
    }

    @Test func aChangeThatIsNotYet() {
        var form = Self.good()
        form.managingBody = "UBND xã An"
        form.contact.workplace = form.managingBody
        form.received = nil
        form.devices[0].workplace = form.managingBody
        form.particulars.noticed = nil
        #expect(codes(form, now: Timestamp("2025-06-30T10:00:00.000Z")) == [])
        #expect(
            codes(form, now: Timestamp("2025-06-30T17:00:00.000Z")) == [
                "managing_body:body-renamed", "contact.workplace:body-renamed",
                "devices[0].workplace:body-renamed",
            ])
    }

    @Test func aContactOfAnotherBody() {
        #expect(
            codes { $0.contact.workplace = "Công ty Một thành viên" } == [
                "contact.workplace:contact-elsewhere"
            ])
        for part in [
            "Văn phòng, UBND phường Ven Sông", "Ủy ban nhân dân phường Ven Sông",
            "UBND phuong Ven Song",
        ] {
            #expect(codes { $0.contact.workplace = part } == [])
        }
    }

    @Test func spellingsOfUnicodeFindNothing() {
        #expect(codes { $0.contact.name = "Tra\u{302}\u{300}n Va\u{306}n Bi\u{300}nh" } == [])
        var form = Self.good()
        form.contact.name = "\tTra\u{302}\u{300}n\n Bi\u{300}nh "
        #expect(form.tidied().contact.name.unicodeScalars.elementsEqual("Trần Bình".unicodeScalars))
    }

    @Test(arguments: ["\u{202E}", "\u{200B}", "\u{0007}", "\u{FEFF}", "\u{E000}", "\u{2066}"])
    func whatCannotBeSeen(_ hidden: String) {
        #expect(
            codes { $0.contact.name = "Trần \(hidden)Văn Bình" } == [
                "!contact.name:hidden-character"
            ])
    }

    @Test func marksThatMakeNoLetterAndTextsTooLong() {
        #expect(codes { $0.contact.name = "Trần B\u{300}" } == ["contact.name:loose-mark"])
        #expect(
            codes { $0.contact.name = String(repeating: "a", count: 121) } == [
                "!contact.name:too-long"
            ])
        #expect(codes { $0.particulars.report = "một\nhai" } == [])
    }

    @Test func aBodysDeviceIsHandedOverByPermission() {
        var form = Self.good(.handOver)
        for name in ["UBND PHƯỜNG VEN SÔNG", "Sở Tài chính", "Ủy ban nhân dân xã Khác"] {
            form.devices[0].certificateName = name
            #expect(codes(form) == ["!permission:permission-missing"])
        }
        form.particulars.permission = "15/QĐ-UBND ngày 02/11/2026"
        #expect(codes(form) == [])
    }

    @Test func returns() {
        var form = Self.good(.takeBack)
        form.particulars.noticed = nil
        #expect(codes(form) == ["!noticed:missing"])
        form.particulars.returnReason = .expired
        #expect(codes(form) == [])
        form.particulars.noticed = Timestamp("2026-12-01T00:00:00.000Z")
        #expect(codes(form) == ["!noticed:date-future"])
    }

    @Test func fieldsAreNumberedAsOnTheForm() {
        #expect(Intake.Field.contact(.personalNumber).label == "1.2")
        #expect(Intake.Field.contact(.mobile).label == "1.7")
        #expect(Intake.Field.device(3, .mail).label == "2.4")
        #expect(Intake.Field.device(3, .mail).row == 3)
        #expect(Intake.Field.managingBody.label == nil)
    }

    @Test func whatIsSaidNamesNoValue() {
        var form = Self.good()
        form.contact.personalNumber = "secret-1"
        form.contact.mobile = "secret-2"
        form.devices[0].mail = "secret-3"
        for finding in Intake(now: Self.now).findings(
            form, bodies: BodyTable(), openDevices: { _ in nil })
        {
            #expect(!finding.description.contains("secret"))
        }
    }
}
