/// Fills a template.
struct Renderer {
    private let kind: DocumentKind
    private let values: DocumentValues
    private var paper: [UInt8] = []

    init(_ kind: DocumentKind, _ values: DocumentValues) {
        self.kind = kind
        self.values = values
    }

    /// One row of a list, while it is written.
    private struct Row {
        let list: DocumentField
        let number: Int
        let row: DocumentRow
    }

    mutating func paper(_ template: Template) throws(TemplateError) -> [UInt8] {
        for field in kind.required where field.list == nil {
            guard isGiven(values.value(field, in: kind)) else { throw error(.missingValue, field) }
        }
        try write(template.nodes, in: [])
        return paper
    }

    private func error(_ code: TemplateError.Code, _ field: DocumentField?) -> TemplateError {
        TemplateError(code: code, kind: kind, field: field)
    }

    private mutating func write(
        _ nodes: [Template.Node], in rows: [Row]
    ) throws(TemplateError) {
        for node in nodes {
            switch node {
            case .markup(let bytes): paper += bytes
            case .policy: paper += Array(Self.policy.utf8)
            case .trainingMark:
                if values.isTraining { paper += Array(Self.trainingMark.utf8) }
            case .value(let field, let style): try write(field, style, in: rows)
            case .when(let field, let then, let otherwise):
                try write(isThere(value(field, in: rows)) ? then : otherwise, in: rows)
            case .each(let field, let body): try repeated(field, body, in: rows)
            }
            guard paper.count <= PaperLimits.paper else { throw error(.tooLarge, nil) }
        }
    }

    private mutating func repeated(
        _ field: DocumentField, _ body: [Template.Node], in rows: [Row]
    ) throws(TemplateError) {
        switch value(field, in: rows) {
        case nil, .unknown?: return
        case .rows(let list)?:
            guard list.count <= PaperLimits.rows else { throw error(.tooManyRows, field) }
            for (index, row) in list.enumerated() {
                for needed in kind.required where needed.list == field {
                    guard isGiven(row[needed]) else { throw error(.missingValue, needed) }
                }
                try write(
                    body, in: rows + [Row(list: field, number: index + 1, row: row)])
            }
        default: throw error(.wrongForm, field)
        }
    }

    /// The value of a field, in the row that is being written where it is one of a list.
    private func value(_ field: DocumentField, in rows: [Row]) -> DocumentValue? {
        guard let list = field.list else { return values.value(field, in: kind) }
        guard let row = rows.last(where: { $0.list == list }) else { return nil }
        return field.form == .row ? .count(row.number) : row.row[field]
    }

    private func isThere(_ value: DocumentValue?) -> Bool {
        switch value {
        case nil, .byHand?: false
        case .text(let text)?: text.unicodeScalars.contains { !$0.properties.isWhitespace }
        case .rows(let rows)?: !rows.isEmpty
        default: true
        }
    }

    private func isGiven(_ value: DocumentValue?) -> Bool { value == .byHand || isThere(value) }

    // MARK: Values

    private mutating func write(
        _ field: DocumentField, _ style: Template.Style, in rows: [Row]
    ) throws(TemplateError) {
        let value = value(field, in: rows)
        guard let value, isThere(value) else { return writeBlank(field, style) }
        switch (field.form, value) {
        case (_, .unknown): escape("chưa xác định", into: &paper)
        case (.text, .text(let text)), (.lines, .text(let text)):
            // Counted as far as it matters: no text is gone over that is not written.
            guard text.utf8.count <= 4 * PaperLimits.text,
                text.unicodeScalars.count <= PaperLimits.text
            else { throw error(.tooLong, field) }
            escape(
                style == .upper ? text.nfc.uppercased() : text, hasLines: field.form == .lines,
                into: &paper)
        case (.day, .day(let day)):
            escape(style == .long ? day.long : day.short, into: &paper)
        case (.moment, .moment(let moment)):
            escape(style == .long ? moment.long : moment.short, into: &paper)
        case (.moment, .unsureMoment(let moment)):
            escape((style == .long ? moment.long : moment.short) + Self.unsure, into: &paper)
        case (.moment, .day(let day)):
            escape(style == .long ? day.long : day.short, into: &paper)
        case (.moment, .atOnce): escape("giải quyết ngay khi nhận", into: &paper)
        case (.count, .count(let count)): escape(twoDigits(count), into: &paper)
        case (.row, .count(let number)): escape(String(number), into: &paper)
        case (.qr, .qr(let code)): paper += Array(code.markup.utf8)
        default: throw error(.wrongForm, field)
        }
    }

    /// Dots, to be written over by hand.
    private mutating func writeBlank(_ field: DocumentField, _ style: Template.Style) {
        switch (field.form, style) {
        case (.qr, _): break
        case (.day, .long), (.moment, .long):
            escape("ngày …… tháng …… năm ………", into: &paper)
        case (.day, _), (.moment, _): escape("……/……/………", into: &paper)
        case (.count, _): escape("……", into: &paper)
        default: escape("…………", into: &paper)
        }
    }

    // MARK: What no template can leave out

    /// Behind a time that nobody vouches for.
    private static let unsure = " (giờ của máy khi đó chưa được đồng bộ)"

    /// Whoever shows the paper fetches nothing for it and runs nothing in it.
    private static let policy =
        "\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        + "style-src 'unsafe-inline'; img-src data:\">"

    /// On every page of a paper from training.
    private static let trainingMark: String = {
        let across = "top: 40%; font-size: 76pt; opacity: 0.12; transform: rotate(-30deg)"
        let above = "top: -14mm; font-size: 11pt; text-align: right"
        let mark = "\n<div style=\"\(markStyle) \(across)\">TẬP DƯỢT</div>"
        let words = "TẬP DƯỢT – không có giá trị sử dụng"
        return mark + "\n<div style=\"\(markStyle) \(above)\">\(words)</div>"
    }()

    private static let markStyle = """
        display: block !important; visibility: visible !important; position: fixed; left: 0; \
        right: 0; margin: 0; text-align: center; text-indent: 0; font-weight: bold; \
        color: #b00020 !important;
        """
}
