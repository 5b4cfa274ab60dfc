import Testing
import WorkingDays

@testable import Casework

/// A table of bodies for the tests; the names are invented.
let inventedBodies: BodyTable = {
    let day = CivilDate(year: 2025, month: 7, day: 1) ?? .first
    func change(_ old: String, _ district: String?, _ new: String) -> BodyTable.Change {
        BodyTable.Change(old: old, district: district, new: new, from: day)
    }
    return BodyTable(
        changes: [
            change("phường Cầu Đá", "quận Đông", "phường Ven Sông"),
            change("phường Cầu Đá", "quận Tây", "phường Đồi Thông"),
            change("phường Bến Lức", "quận Đông", "phường Ven Sông"),
            change("phường Chợ Cũ", "quận Tây", "phường Chợ Cũ"),
            change("phường Chợ Cũ", "quận Đông", "phường Ven Sông"),
            change("xã An", nil, "xã Bình Minh"),
        ],
        spellings: [
            .init(
                name: "Sở Khoa học và Công nghệ thành phố Biển Xanh",
                also: ["Sở KH&CN Biển Xanh", "SKHCN"])
        ],
        place: "thành phố Biển Xanh")
}()

@Suite struct MatchTests {
    static let row = DeviceRow(
        deviceNumber: "2313 0045", certificateName: "Nguyễn Thị Hoà",
        workplace: "UBND phường Ven Sông", mail: "hoant@bien.gov.vn")
    static let token = Match.Token(
        deviceNumbers: ["23130045"], commonName: "NGUYỄN THỊ HÒA",
        organizations: ["UBND thành phố Biển Xanh", "UBND phường Ven Sông"],
        mails: ["hoant@bien.gov.vn"], certificateSerial: "2A05F812673607B0")

    private func match(
        _ change: (inout DeviceRow, inout Match.Token) -> Void
    ) -> Match {
        var row = Self.row
        var token = Self.token
        change(&row, &token)
        return Match(token, row: row, managingBody: "UBND phường Ven Sông", bodies: inventedBodies)
    }

    @Test func theTokenOfTheRow() {
        let match = match { _, _ in }
        #expect(match.overall == .equal)
        #expect(match.toDecide.isEmpty)
        #expect(match[.certificateSerial] == .absent)
    }

    @Test func aNumberIsNeverNear() {
        for other in ["23130046", "2313004", "023130045", "2313O045"] {
            let match = match { row, _ in row.deviceNumber = other }
            #expect(match[.deviceNumber] == .different)
            #expect(match.overall == .different)
        }
    }

    @Test func aTokenWithoutNumberIsForAPersonToCompare() {
        let match = match { _, token in
            token.deviceNumbers = ["2A05F812673607B0"]
            token.tellsSerial = false
        }
        #expect(match[.deviceNumber] == .absent)
        #expect(match.overall == .near)
        #expect(match.toDecide.map(\.field) == [.deviceNumber])
    }

    @Test func aTokenWhoseCertificateIsNotReadIsForAPersonToLookAt() {
        let match = match { _, token in
            token = Match.Token(deviceNumbers: ["23130045"], tellsSerial: true, certificate: nil)
        }
        #expect(match[.deviceNumber] == .equal)
        #expect(match.overall == .near)
        #expect(match.toDecide.map(\.field) == [.certificateName])
    }

    @Test func whatIsEqualNeedsNoWordOfAPerson() throws {
        let settled = try match { _, _ in }.settled(by: ["body", "nonsense"])
        #expect(settled.number == "23130045")
        #expect(settled.compared.isEmpty && settled.record.isEmpty)
    }

    /// What a person said of it, and what stands in the record; nil where that is not enough.
    @Test(
        arguments: [
            ([], nil), (["certificate_name"], nil), (["mail", "body"], nil),
            (
                ["certificate_name", "device_number"],
                ["device_number:absent", "certificate_name:diacritics"]
            ),
            (
                ["device_number", "certificate_name", "mail", "device_number"],
                ["device_number:absent", "certificate_name:diacritics"]
            ),
        ] as [([String], [String]?)])
    func whatIsNearGoesOnByAPersonsWordAlone(_ compared: [String], _ record: [String]?) throws {
        let match = match { row, token in
            row.certificateName = "NGUYEN THI HOA"
            token.deviceNumbers = ["2A05F812673607B0"]
            token.tellsSerial = false
        }
        guard let record else {
            #expect(throws: UnsettledMatch.undecided(match)) {
                try match.settled(by: compared)
            }
            return
        }
        let settled = try match.settled(by: compared)
        #expect(settled.record == record)
        #expect(settled.number == nil)
    }

    @Test func whatIsDifferentStopsWhateverAPersonSays() {
        let match = match { row, _ in row.deviceNumber = "23130046" }
        #expect(throws: UnsettledMatch.different(match)) {
            try match.settled(by: Match.Field.allCases.map(\.rawValue))
        }
    }

    @Test(arguments: [
        ("00 2a:05:f8:12:67:36:07:b0", Match.Verdict.equal), ("2A05F812673607B1", .different),
    ])
    func certificateSerials(_ asked: String, _ verdict: Match.Verdict) {
        let match = match { row, _ in row.certificateSerial = asked }
        #expect(match[.certificateSerial] == verdict)
        #expect(match.overall == (verdict == .equal ? .equal : .different))
    }

    @Test(arguments: [
        ("hoant@bien.gov.vn", Match.Verdict.equal), ("hoant@Bien.GOV.vn", .equal),
        ("HoaNT@bien.gov.vn", .near(.mailCase)), ("hoant@song.bien.gov.vn", .near(.mailDomain)),
        ("hoant@bien.com", .different), ("hoann@bien.gov.vn", .different), ("", .absent),
    ])
    func mails(_ asked: String, _ verdict: Match.Verdict) {
        #expect(match { row, _ in row.mail = asked }[.mail] == verdict)
    }

    @Test(arguments: [
        ("UBND phường Ven Sông", ["UBND phường Ven Sông"], Match.Verdict.equal),
        ("UBND phường Ven Sông", ["UBND thành phố Biển Xanh", "UBND Phường VEN SÔNG"], .equal),
        ("Ủy ban nhân dân phường Ven Sông", ["UBND phường Ven Sông"], .near(.abbreviation)),
        (
            "Phòng Văn hóa, UBND phường Ven Sông", ["UBND phường Ven Sông", "Phòng Văn hóa"],
            .near(.wordOrder)
        ),
        // The certificate is older than the merger; its district stands in another OU.
        (
            "UBND phường Ven Sông", ["UBND quận Đông", "UBND phường Cầu Đá"], .near(.formerName)
        ),
        (
            "Công an phường Ven Sông", ["UBND quận Đông", "CONG AN PHUONG CAU DA"],
            .near(.formerName)
        ),
        ("UBND phường Ven Sông", ["UBND quận Tây", "UBND phường Cầu Đá"], .near(.askingBody)),
        // One name in two districts: the ward of today is the one of quận Tây.
        ("UBND phường Chợ Cũ", ["UBND quận Tây", "UBND phường Chợ Cũ"], .equal),
        ("UBND phường Chợ Cũ", ["UBND phường Chợ Cũ"], .equal),
        ("UBND phường Chợ Cũ", ["UBND quận Đông", "UBND phường Chợ Cũ"], .near(.formerName)),
        ("Sở KH&CN Biển Xanh", ["Sở Khoa học và Công nghệ"], .near(.spelledSo)),
        ("SKHCN", ["SO KHOA HOC VA CONG NGHE THANH PHO BIEN XANH"], .near(.spelledSo)),
        ("UBND phường Ven Sông, TP Biển Xanh", ["UBND phường Ven Sông"], .near(.spelledSo)),
        ("UBND xã An Dương", ["UBND xã Bình Minh Dương"], .different),
        ("UBND xã Khác", ["UBND xã Nào"], .different),
        ("UBND xã Khác", [], .absent),
    ])
    func bodies(_ asked: String, _ held: [String], _ verdict: Match.Verdict) {
        var row = Self.row
        row.workplace = asked
        var token = Self.token
        token.organizations = held
        let managing = verdict == .near(.askingBody) ? "UBND phường Đồi Thông" : asked
        let match = Match(token, row: row, managingBody: managing, bodies: inventedBodies)
        #expect(match[.body] == verdict)
    }

    @Test func aBodysCertificateIsNamedByTheBody() {
        let match = match { row, token in
            row.certificateName = "UBND phường Cầu Đá, quận Đông"
            token.commonName = "UBND PHƯỜNG VEN SÔNG"
            token.organizations = ["UBND thành phố Biển Xanh"]
        }
        #expect(match[.certificateName] == .near(.formerName))
        #expect(match[.body] == .equal)
        #expect(match.overall == .near)
    }

    @Test func anotherPersonStops() {
        #expect(match { row, _ in row.certificateName = "Nguyễn Thị Hoa" }.overall == .near)
        #expect(match { row, _ in row.certificateName = "Nguyễn Thị Hoàn" }.overall == .different)
    }
}
