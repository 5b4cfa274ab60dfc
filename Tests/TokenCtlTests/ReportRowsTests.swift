import Casework
import Testing

@testable import TokenCtl

@Suite struct ReportRowsTests {
    @Test(arguments: [
        ("Sở Y tế", "Sở Y tế"), ("", ""), ("a, b", "\"a, b\""), ("a \"b\"", "\"a \"\"b\"\"\""),
        ("=1+1", "'=1+1"), ("-1", "'-1"), ("+84", "'+84"), ("@a,b", "\"'@a,b\""), ("a=b", "a=b"),
        ("Phường Gia Viên - Hải Phòng", "Phường Gia Viên - Hải Phòng"),
        // Behind what another country's spreadsheet takes for the end of a cell, blanks and
        // quotation marks or not, and in other widths.
        (";=1+1", "\";'=1+1\""), ("a; =1", "\"a; '=1\""), ("a,\"@b", "\"a,\"\"'@b\""),
        ("a|+b", "\"a|'+b\""), (" =1", " '=1"), ("＝1", "'＝1"), ("＋1", "'＋1"), ("－1", "'－1"),
        ("＠a", "'＠a"), ("a;＝1", "\"a;'＝1\""), ("﹦1", "'﹦1"), ("\u{3000}=1", "\u{3000}'=1"),
        // Nothing reaches a terminal but what can be seen.
        ("\tx", "\\u{9}x"), ("\r=1", "\\u{D}=1"), ("a\nb", "a\\u{A}b"),
        ("a\u{1B}[2Jb", "a\\u{1B}[2Jb"),
        ("\u{9B}31m", "\\u{9B}31m"), ("\u{202E}=1", "\\u{202E}=1"), ("\u{200B}=1", "\\u{200B}=1"),
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
