import Casework

/// A report as one page for the office, with nothing outside it.
struct ReportPage {
    private let report: CaseReport
    private let total: CaseTally
    /// Where the calendar lies that due dates are of.
    private let calendar: String?

    init(_ report: CaseReport, calendar: String?) {
        self.report = report
        self.calendar = calendar
        total = report.total
    }

    private static let title = "Thống kê tiếp nhận và xử lý thiết bị lưu khóa bí mật"
    /// Bodies that the chart shows; the table has all.
    private static let mostBars = 12

    var html: String {
        var page = Markup()
        page.raw("<!DOCTYPE html>\n<html lang=\"vi\"><head><meta charset=\"utf-8\">")
        page.raw("<meta name=\"viewport\" content=\"width=device-width\">")
        page.element("title", Self.title + " – " + ReportWords.of(report.period))
        page.open("style")
        page.raw(Self.style)
        page.raw("</style></head><body><main>\n")
        if report.mode == .training { page.element("p", "TẬP DƯỢT", [("class", "training")]) }
        page.element("h1", Self.title)
        page.element("p", ReportWords.of(report.period) + ".", [("class", "period")])
        page.element("p", summary)
        kinds(&page)
        outcomes(&page)
        time(&page)
        bodies(&page)
        reasons(&page)
        restores(&page)
        remarks(&page)
        page.raw("</main></body></html>\n")
        return page.text
    }

    private var summary: String {
        "Trong kỳ tiếp nhận \(report.requests) văn bản đề nghị. Tổng số \(total.total) thiết bị: "
            + "đã xử lý \(total.done.total), trong đó quá hạn \(total.done[.late]); "
            + "chưa xử lý xong \(total.open.total), trong đó quá hạn \(total.open[.late])."
    }

    // MARK: Sections

    private func kinds(_ page: inout Markup) {
        let groups = CaseKind.allCases.map {
            (name: ReportWords.of($0), value: report.byKind[$0] ?? CaseTally())
        }
        page.element("h2", "Theo loại yêu cầu")
        page.add(
            ReportChart.svg(
                id: "kinds", title: "Số thiết bị theo loại yêu cầu và tình trạng thời hạn",
                about: "Mỗi thanh là một loại yêu cầu.", parts: Self.parts,
                groups.map { ReportChart.Bar(label: $0.name, parts: Self.parts(of: $0.value)) }))
        table("Số thiết bị theo loại yêu cầu", "Loại yêu cầu", groups, &page)
    }

    /// What the parts of a bar are.
    private static let parts = [
        "Đã xử lý đúng hạn", "Đã xử lý quá hạn", "Đã xử lý, không có hoặc chưa xác định thời hạn",
        "Chưa xử lý xong",
    ]

    private static func parts(of tally: CaseTally) -> [Int] {
        let (inTime, late) = (tally.done[.inTime], tally.done[.late])
        return [inTime, late, tally.done.total - inTime - late, tally.open.total]
    }

    private func outcomes(_ page: inout Markup) {
        let rows = CaseStage.allCases.map {
            (name: ReportWords.of($0), count: total.stages[$0])
        }
        page.element("h2", "Theo kết quả")
        chart(
            "outcomes", "Số thiết bị theo kết quả", "Mỗi thanh là một kết quả.", rows, &page)
        table("Số thiết bị theo kết quả", "Kết quả", "Số thiết bị", rows, &page)
    }

    private func time(_ page: inout Markup) {
        let rows = TimeTaken.allCases.map { (name: ReportWords.of($0), count: total.taken[$0]) }
        page.element("h2", "Thời gian xử lý")
        page.element(
            "p",
            "Số ngày làm việc từ khi yêu cầu hợp lệ, không tính ngày nhận, đến khi xử lý xong.")
        chart(
            "days", "Số thiết bị đã xử lý theo thời gian xử lý",
            "Mỗi thanh là một khoảng thời gian.", rows, &page)
        table("Số thiết bị đã xử lý theo thời gian", "Thời gian", "Số thiết bị", rows, &page)
    }

    private func bodies(_ page: inout Markup) {
        let bodies = report.bodies
        page.element("h2", "Theo cơ quan, tổ chức quản lý trực tiếp")
        let shown = bodies.prefix(Self.mostBars)
        page.add(
            ReportChart.svg(
                id: "bodies", title: "Số thiết bị theo cơ quan, tổ chức",
                about: bodies.count > shown.count
                    ? "\(shown.count) cơ quan, tổ chức có nhiều thiết bị nhất."
                    : "Mỗi thanh là một cơ quan, tổ chức.", parts: Self.parts,
                shown.map { ReportChart.Bar(label: $0.name, parts: Self.parts(of: $0.value)) }))
        table("Số thiết bị theo cơ quan, tổ chức", "Cơ quan, tổ chức", bodies, &page)
    }

    private func reasons(_ page: inout Markup) {
        page.element("h2", "Lý do từ chối")
        let refusals = CaseReport.ranked(report.refusals) { $0 }.map {
            (name: ReportWords.reason($0.name), count: $0.value)
        }
        table(
            "Số lần nêu mỗi lý do, ghi như trong văn bản; một thiết bị có thể có nhiều lý do",
            "Lý do", "Số thiết bị", refusals, &page)
        guard !report.notBegun.isEmpty else { return }
        table(
            "Lý do trạm không bắt đầu khôi phục", "Lý do", "Số lần",
            CaseReport.ranked(report.notBegun) { $0 }.map {
                (name: ReportWords.reason($0.name), count: $0.value)
            }, &page)
    }

    private func restores(_ page: inout Markup) {
        page.element("h2", "Theo loại thiết bị")
        open("Số lần khôi phục theo họ thiết bị", &page)
        page.element("th", "Họ thiết bị", [("scope", "col")])
        for fate in RestoreFate.allCases {
            page.element("th", ReportWords.of(fate), [("scope", "col")])
        }
        page.element("th", "Tổng số", [("scope", "col")])
        page.raw("</tr></thead><tbody>\n")
        for (name, fates) in report.families {
            row(name, RestoreFate.allCases.map { fates[$0] } + [fates.total], &page)
        }
        page.raw("</tbody></table></div>\n")
    }

    private func remarks(_ page: inout Markup) {
        page.element("h2", "Ghi chú")
        let asOf = report.asOf.map { "ngày " + ReportWords.day($0) } ?? "một ngày chưa xác định"
        page.open("ul")
        page.element("li", "Thiết bị chưa xử lý xong được đối chiếu với thời hạn tại \(asOf).")
        page.element(
            "li",
            "Thiết bị được tính vào kỳ mà trạm ghi nhận; thời hạn tính từ thời điểm nhận của hệ "
                + "thống quản lý văn bản.")
        let used = calendar ?? "không có, nên chưa xác định được thời hạn"
        page.element("li", "Lịch ngày làm việc: " + used + ".")
        page.element(
            "li",
            "\(total.awaitingNotice) thiết bị đã xử lý còn chờ ghi nhận việc gửi thông báo.")
        if report.passedOver > 0 {
            page.element("li", "\(report.passedOver) dòng nhật ký không được tính.")
        }
        page.element("li", "Nguồn: \(report.lines) dòng nhật ký của trạm.")
        page.close("ul")
    }

    // MARK: Parts

    private func chart(
        _ id: String, _ title: String, _ about: String, _ rows: [(name: String, count: Int)],
        _ page: inout Markup
    ) {
        page.add(
            ReportChart.svg(
                id: id, title: title, about: about, parts: ["Số thiết bị"],
                rows.map { ReportChart.Bar(label: $0.name, parts: [$0.count]) }))
    }

    private func open(_ caption: String, _ page: inout Markup) {
        page.raw("<div class=\"wide\"><table>")
        page.element("caption", caption)
        page.raw("<thead><tr>")
    }

    private func row(_ name: String, _ counts: [Int], _ page: inout Markup) {
        page.open("tr")
        page.element("th", name, [("scope", "row")])
        for count in counts { page.element("td", String(count)) }
        page.raw("</tr>\n")
    }

    /// Counts of one kind with their sum.
    private func table(
        _ caption: String, _ name: String, _ count: String,
        _ rows: [(name: String, count: Int)], _ page: inout Markup
    ) {
        open(caption, &page)
        page.element("th", name, [("scope", "col")])
        page.element("th", count, [("scope", "col")])
        page.raw("</tr></thead><tbody>\n")
        for (name, count) in rows { row(name, [count], &page) }
        page.raw("</tbody><tfoot>")
        row("Tổng số", [rows.reduce(0) { $0 + $1.count }], &page)
        page.raw("</tfoot></table></div>\n")
    }

    /// Groups of cases with what they add up to.
    private func table(
        _ caption: String, _ name: String, _ groups: [(name: String, value: CaseTally)],
        _ page: inout Markup
    ) {
        open(caption, &page)
        page.element("th", name, [("scope", "col"), ("rowspan", "2")])
        page.element("th", "Tổng số", [("scope", "col"), ("rowspan", "2")])
        for (heading, span) in [
            ("Tiếp nhận", CaseOrigin.allCases.count),
            ("Đã xử lý", 1 + CaseStanding.allCases.count),
            ("Chưa xử lý xong", 1 + CaseStanding.allCases.count),
        ] {
            page.element("th", heading, [("scope", "colgroup"), ("colspan", "\(span)")])
        }
        page.raw("</tr><tr>")
        var headings = CaseOrigin.allCases.map(ReportWords.of) + ["Cộng"]
        headings += CaseStanding.allCases.map(ReportWords.done) + ["Cộng"]
        headings += CaseStanding.allCases.map(ReportWords.open)
        for heading in headings { page.element("th", heading, [("scope", "col")]) }
        page.raw("</tr></thead><tbody>\n")
        for (name, tally) in groups { row(name, Self.cells(tally), &page) }
        page.raw("</tbody><tfoot>")
        row("Tổng số", Self.cells(total), &page)
        page.raw("</tfoot></table></div>\n")
    }

    private static func cells(_ tally: CaseTally) -> [Int] {
        var cells = [tally.total] + CaseOrigin.allCases.map { tally.origins[$0] }
        cells += [tally.done.total] + CaseStanding.allCases.map { tally.done[$0] }
        return cells + [tally.open.total] + CaseStanding.allCases.map { tally.open[$0] }
    }

    private static let style: StaticString = """
        body{font-family:"Times New Roman","Liberation Serif",serif;font-size:1.05rem;\
        line-height:1.4;color:#111;background:#fff;margin:0}
        main{max-width:60rem;margin:auto;padding:1.5rem}
        h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem}
        .period{font-style:italic}
        .training{border:3px double #a00;color:#a00;font-weight:bold;text-align:center;\
        padding:.4rem}
        svg{width:100%;height:auto;font:15px "Liberation Sans",Arial,sans-serif}
        .wide{overflow-x:auto}
        table{border-collapse:collapse;margin:.6rem 0;width:100%}
        caption{text-align:left;font-weight:bold;padding:.3rem 0}
        th,td{border:1px solid #555;padding:.2rem .45rem}
        th{text-align:left;font-weight:normal;background:#f0f0f0}
        td{text-align:right}tfoot th,tfoot td{font-weight:bold}
        @page{size:A4 landscape;margin:15mm}
        @media print{main{padding:0;max-width:none}svg{max-height:12cm}\
        svg,tr{break-inside:avoid}h2{break-after:avoid}table{font-size:.8rem}\
        tfoot{display:table-row-group}th{background:none}}

        """
}
