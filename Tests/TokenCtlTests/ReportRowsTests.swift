import Casework
import Testing

@testable import TokenCtl

@Suite struct ReportRowsTests {
    @Test(arguments: [
        ("Sở Y tế", "Sở Y tế"), ("", ""), ("a, b", "\"a, b\""), ("a \"b\"", "\"a \"\"b\"\"\""),
        ("a\nb", "\"a\nb\""), ("=1+1", "'=1+1"), ("-1", "'-1"), ("+84", "'+84"),
        ("@a,b", "\"'@a,b\""), ("\tx", "'\tx"), ("a=b", "a=b"),
        // A mark behind a comma or quotation mark hides neither.
        ("a,\u{301}b", "\"a,\u{301}b\""), ("\"\u{301}", "\"\"\"\u{301}\""),
        ("=\u{301}1", "'=\u{301}1"),
    ])
    func aCellIsWhatWasWrittenAndNoFormula(_ text: String, _ cell: String) {
        #expect(Array(ReportRows.cell(text).utf8) == Array(cell.utf8))
    }

    @Test func aReportOfNothingHasAllItsRows() {
        let report = ReportFold(ReportPeriod(), calendar: .init()).result()
        let rows = ReportRows(report).rows
        #expect(rows.allSatisfy { $0.count == 0 })
        #expect(Set(rows.map(\.table)) == ["total", "kind"])
        let measures = rows.filter { $0.name == "restore" }.map(\.measure)
        #expect(Set(measures).count == measures.count)
        for stage in CaseStage.allCases { #expect(measures.contains("state." + stage.rawValue)) }
    }

    @Test func thePageKeepsTextAsText() {
        var markup = Markup()
        markup.element("td", "<b>&\"'", [("id", "a\"b")])
        #expect(markup.text == "<td id=\"a&quot;b\">&lt;b&gt;&amp;&quot;&#39;</td>")
    }
}
