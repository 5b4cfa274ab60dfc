/// Bar charts as SVG that stands in a page. Each bar has its number beside it, each part its
/// pattern, and the whole a title and a description: nothing is said by colour alone.
struct ReportChart {
    /// One bar, in parts.
    struct Bar {
        let label: String
        let parts: [Int]
        var total: Int { parts.reduce(0, +) }
    }

    /// Of parts: how each is filled. There are as many as a chart may have parts.
    private static let fills = ["#1b5e8c", "#d9822b", "#7a9e7e", "#b9b9b9"]

    private static let width = 720
    private static let room = 600
    private static let rowHeight = 46

    /// - Parameters:
    ///   - id: names it within the page.
    ///   - parts: what the parts are called; one where bars have one.
    static func svg(
        id: String, title: String, about: String, parts: [String], _ bars: [Bar]
    ) -> Markup {
        let legend = parts.count > 1 ? 24 * parts.count + 6 : 0
        let height = legend + rowHeight * bars.count + 8
        var svg = Markup()
        svg.open(
            "svg",
            [
                ("viewBox", "0 0 \(width) \(height)"), ("role", "img"),
                ("aria-labelledby", "\(id)-title \(id)-about"),
            ])
        svg.element("title", title, [("id", "\(id)-title")])
        let numbers = bars.map { bar in
            "\(bar.label): "
                + (parts.count > 1
                    ? zip(parts, bar.parts).map { "\($0) \($1)" }.joined(separator: ", ")
                    : String(bar.total))
        }
        svg.element(
            "desc", about + " " + numbers.joined(separator: "; ") + ".", [("id", "\(id)-about")])
        patterns(id, &svg)
        if parts.count > 1 {
            for (index, part) in parts.enumerated() {
                rectangle(id, index, 0, 24 * index, 22, 16, &svg)
                label(part, 30, 24 * index + 14, &svg)
            }
        }
        let largest = max(bars.map(\.total).max() ?? 0, 1)
        for (row, bar) in bars.enumerated() {
            let top = legend + rowHeight * row
            label(shortened(bar.label), 0, top + 14, &svg)
            var x = 0
            for (index, part) in bar.parts.enumerated() where part > 0 {
                let length = max(part * room / largest, 2)
                rectangle(id, index, x, top + 20, length, 18, &svg)
                x += length
            }
            label(String(bar.total), x + 8, top + 34, &svg)
        }
        svg.close("svg")
        return svg
    }

    /// Plain, and lines in three directions: to be told apart in grey and by who sees no colours.
    private static func patterns(_ id: String, _ svg: inout Markup) {
        let lines = ["", "M0 8L8 0", "M0 0L8 8", "M0 4L8 4"]
        svg.open("defs")
        for (index, fill) in fills.enumerated() {
            svg.open(
                "pattern",
                [
                    ("id", "\(id)-\(index)"), ("width", "8"), ("height", "8"),
                    ("patternUnits", "userSpaceOnUse"),
                ])
            svg.empty("rect", [("width", "8"), ("height", "8"), ("fill", fill)])
            if !lines[index].isEmpty {
                svg.empty(
                    "path", [("d", lines[index]), ("stroke", "#ffffff"), ("stroke-width", "2")])
            }
            svg.close("pattern")
        }
        svg.close("defs")
    }

    private static func rectangle(
        _ id: String, _ part: Int, _ x: Int, _ y: Int, _ width: Int, _ height: Int,
        _ svg: inout Markup
    ) {
        svg.empty(
            "rect",
            [
                ("x", "\(x)"), ("y", "\(y)"), ("width", "\(width)"), ("height", "\(height)"),
                ("fill", "url(#\(id)-\(part))"), ("stroke", "#222222"),
            ])
    }

    private static func label(_ text: String, _ x: Int, _ y: Int, _ svg: inout Markup) {
        svg.element("text", text, [("x", "\(x)"), ("y", "\(y)")])
    }

    /// A name that fits the line; whole names stand in the table.
    private static func shortened(_ text: String) -> String {
        text.count > 80 ? String(text.prefix(79)) + "…" : text
    }
}
