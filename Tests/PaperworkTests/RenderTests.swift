import Testing
import WorkingDays

@testable import Paperwork

/// How values come into papers.
struct RenderTests {
    static let hostile: [(String, String)] = [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("a\"b'c&d", "a&quot;b&#39;c&amp;d"),
        ("{{due}}", "{{due}}"),
        ("e\u{301}", "é"),
        ("\u{301}a", "&#769;a"),
        ("a\u{202E}b", "a\\u{202E}b"),
        ("a\u{0}b\u{7F}", "a\\u{0}b\\u{7F}"),
        ("a\nb\tc", "a b c"),
        ("שלום", "שלום"),
        ("]]>--><!--", "]]&gt;--&gt;&lt;!--"),
    ]

    @Test(arguments: hostile.indices) func valuesStayText(_ index: Int) throws {
        let (value, shown) = Self.hostile[index]
        let made = try paper(slip("<p>[{{contact.name}}]</p>")) { $0[.contactName] = .text(value) }
        #expect(made.contains("<p>[\(shown)]</p>"))
    }

    @Test func everyFormIsWritten() throws {
        let day = try #require(CivilDate(year: 2026, month: 1, day: 5))
        let late = try #require(CivilDate(year: 2026, month: 12, day: 25))
        let template = slip(
            "<p>[{{document.day}}][{{document.day|long}}][{{request.day|long}}][{{request.received}}]"
                + "[{{request.received|long}}][{{term}}][{{body.name|upper}}][{{advice}}]</p>")
        let made = try paper(template) { values in
            values[.documentDay] = .day(day)
            values[.requestDay] = .day(late)
            values[.requestReceived] = TimeLabel(date: day, hour: 7, minute: 3).map { .moment($0) }
            values[.term] = .count(5)
            values[.bodyName] = .text("Ủy ban nhân dân xã Đông Sơn")
            values[.advice] = .text("a\r\nb")
        }
        #expect(
            made.contains(
                "[05/01/2026][ngày 05 tháng 01 năm 2026][ngày 25 tháng 12 năm 2026]"
                    + "[07:03 ngày 05/01/2026][07 giờ 03 phút, ngày 05 tháng 01 năm 2026][05]"
                    + "[ỦY BAN NHÂN DÂN XÃ ĐÔNG SƠN][a<br>b]"))
    }

    @Test func whatIsNotKnownIsDotsOrSaidToBe() throws {
        let template = slip(
            "<p>[{{contact.name}}][{{document.day}}][{{document.day|long}}][{{term}}][{{qr}}]</p>")
        let made = try paper(template) { values in
            for field in [DocumentField.contactName, .documentDay, .term] { values[field] = nil }
            values[.due] = .unknown
        }
        #expect(
            made.contains("[…………][……/……/………][ngày …… tháng …… năm ………][……][]"))
        #expect(made.contains("chưa xác định"))
    }

    /// The clock's own remark stands there whatever a template says of times.
    @Test func aTimeOfAClockThatWasNotSynchronisedIsSaidToBe() throws {
        let day = try #require(CivilDate(year: 2026, month: 1, day: 5))
        let moment = try #require(TimeLabel(date: day, hour: 7, minute: 3))
        let template = slip("<p>[{{request.received}}][{{request.received|long}}]</p>")
        let remark = "(giờ của máy khi đó chưa được đồng bộ)"
        let made = try paper(template) { $0[.requestReceived] = .unsureMoment(moment) }
        #expect(
            made.contains(
                "[07:03 ngày 05/01/2026 \(remark)]"
                    + "[07 giờ 03 phút, ngày 05 tháng 01 năm 2026 \(remark)]"))
        let sure = try paper(template) { $0[.requestReceived] = .moment(moment) }
        #expect(sure.contains("[07:03 ngày 05/01/2026]") && !sure.contains("đồng bộ"))
    }

    @Test func whatIsWrittenInByHandIsDotsAndNotMissing() throws {
        let template = slip("<p>{{#if body.name}}A{{else}}B{{/if}}[{{body.name}}]</p>")
        #expect(try paper(template) { $0[.bodyName] = .byHand }.contains("<p>B[…………]</p>"))
        #expect(throws: TemplateError.self) { try paper(template) { $0[.bodyName] = nil } }
    }

    /// Record, its party, and what stands there of it where it is a body and where a person.
    static let parties: [(DocumentKind, String)] = [
        (.handOverRecord, "giver"), (.handOverRecord, "receiver"), (.form08, "giver"),
        (.form08, "receiver"),
    ]

    @Test(arguments: parties.indices) func aBodyIsNoPersonInARecord(_ row: Int) throws {
        let (kind, party) = Self.parties[row]
        let set = try #require(Shipped.read.set)
        let fields = try ["name", "position", "body"].map {
            try #require(DocumentField(rawValue: party + "." + $0))
        }
        func made(_ name: DocumentValue) throws -> String {
            var values = DocumentValues.sample(kind, Shipped.office, isTraining: false)
            for other in [DocumentField.giverName, .receiverName] { values[other] = .text("Ai đó") }
            values[fields[0]] = name
            values[fields[1]] = .text("Văn thư")
            values[fields[2]] = .text("UBND xã Đông Sơn")
            return String(decoding: try set.render(kind, values), as: UTF8.self)
        }
        let body = try made(.byHand)
        #expect(body.contains(": UBND xã Đông Sơn</p>"))
        #expect(body.contains("<tr><td>Người đại diện:</td><td><b>…………</b></td></tr>"))
        #expect(!body.contains("Ông/Bà:</td><td><b>UBND"))
        #expect(body.components(separatedBy: "Ông/Bà").count == 2, "the other one is a person")
        let person = try made(.text("Trần Văn Bình"))
        #expect(person.contains("<tr><td>Ông/Bà:</td><td><b>Trần Văn Bình</b></td></tr>"))
        #expect(
            person.contains(
                "<td>Chức vụ, cơ quan công tác:</td><td>Văn thư, UBND xã Đông Sơn</td>"))
        #expect(!person.contains(": UBND xã Đông Sơn</p>") && !person.contains("Người đại diện"))
    }

    /// Somebody else may take it away, and no record says who.
    @Test func whoseTheTokenIsDoesNotSignForItInPrint() throws {
        let set = try #require(Shipped.read.set)
        var values = DocumentValues.sample(.receipt, Shipped.office, isTraining: false)
        values[.holderName] = .text("Ngô Thị Mai")
        let made = String(decoding: try set.render(.receipt, values), as: UTF8.self)
        #expect(made.contains("<td>Thuê bao:</td><td><b>Ngô Thị Mai</b></td>"))
        #expect(made.contains("<td>Người nhận thiết bị:</td><td>…………</td>"))
        #expect(made.components(separatedBy: "Ngô Thị Mai").count == 2, "and nowhere else")
    }

    @Test func whoCollectsByAPermissionIsWrittenIn() throws {
        let set = try #require(Shipped.read.set)
        var values = DocumentValues.sample(.handOverRecord, Shipped.office, isTraining: false)
        values[.receiverName] = .byHand
        values[.receiverBody] = .text("Ngô Thị Mai")
        values[.permissionNumber] = .text("7/QĐ-UBND")
        let made = String(decoding: try set.render(.handOverRecord, values), as: UTF8.self)
        #expect(made.contains(": Ngô Thị Mai</p>"))
        #expect(
            made.contains(
                "<td>Người nhận thay, theo Văn bản số 7/QĐ-UBND:</td><td><b>…………</b></td>"))
    }

    @Test func partsAreLeftOutAndRowsRepeated() throws {
        let template = slip(
            "{{#if contact.name}}A{{#if term}}B{{else}}C{{/if}}{{else}}D{{/if}}"
                + "{{#each devices}}<p>{{device.row}}{{#if device.email}}E{{else}}F{{/if}}</p>{{/each}}"
        )
        let made = try paper(template) { values in
            values[.term] = nil
            values[.devices] = .rows([DocumentRow(), DocumentRow([.deviceEmail: .text("a")])])
        }
        #expect(made.contains("AC<p>1F</p><p>2E</p>"))
        let without = try paper(template) { values in
            values[.contactName] = .text(" \u{A0}")
            values[.devices] = .rows([])
        }
        #expect(without.contains("\nD\n"))
    }

    @Test func commentsAreLeftOutAndThePolicyPutIn() throws {
        let made = try paper(slip("<!-- {{nothing}} <script> -->a"))
        #expect(!made.contains("nothing"))
        #expect(made.contains("<head>\n<meta http-equiv=\"Content-Security-Policy\""))
    }

    @Test func theMarkOfTrainingCannotBeLeftOut() throws {
        let made = try paper(slip("a"), isTraining: true)
        #expect(made.contains("<body>\n<div style=\"display: block !important"))
    }

    @Test func whatIsMissingOrTooLargeIsTold() throws {
        let set = try #require(Shipped.read.set)
        func error(_ kind: DocumentKind, _ change: (inout DocumentValues) -> Void) -> TemplateError?
        {
            var values = DocumentValues.sample(kind, Shipped.office, isTraining: false)
            change(&values)
            do throws(TemplateError) {
                _ = try set.render(kind, values)
                return nil
            } catch {
                return error
            }
        }
        let none = error(.refusal) { $0[.bodyName] = nil }
        #expect(none == TemplateError(code: .missingValue, kind: .refusal, field: .bodyName))
        #expect(error(.refusal) { $0[.devices] = .rows([]) }?.field == .devices)
        let row = DocumentRow([.deviceNumber: .text("1")])
        #expect(error(.refusal) { $0[.devices] = .rows([row]) }?.field == .deviceReason)
        #expect(error(.refusal) { $0[.bodyName] = .count(1) }?.code == .wrongForm)
        let long = String(repeating: "a", count: PaperLimits.text + 1)
        #expect(error(.refusal) { $0[.bodyName] = .text(long) }?.code == .tooLong)
        let full = DocumentRow([
            .deviceNumber: .text("1"), .deviceReason: .text(String(long.dropLast())),
        ])
        let rows = [DocumentRow](repeating: full, count: PaperLimits.rows)
        #expect(error(.refusal) { $0[.devices] = .rows(rows) } == nil)
        #expect(error(.refusal) { $0[.devices] = .rows(rows + [full]) }?.code == .tooManyRows)
        let wide = DocumentRow([
            .deviceNumber: .text(String(repeating: "&", count: PaperLimits.text)),
            .deviceReason: .text("a"),
        ])
        let heavy = [DocumentRow](repeating: wide, count: PaperLimits.rows)
        #expect(error(.refusal) { $0[.devices] = .rows(heavy) }?.code == .tooLarge)
    }
}
