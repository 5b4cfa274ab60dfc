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
