import JSON

/// Requests from a table: a line a device. Lines of one request follow each other and have its
/// number and body, or leave them empty below the first.
struct RequestTable {
    private let file: String
    private let minutesEast: Int64
    private var columns: [RequestColumn?] = []
    /// How the table calls each of them, where not by its name in programs.
    private var headings: [RequestColumn: String] = [:]
    private var requests: [RequestImport.Read] = []
    /// What the first line of the request said, and where.
    private var said: [RequestColumn: CSVTable.Cell] = [:]
    private var mistakes: [RequestImport.Mistake] = []

    init(_ file: String, _ minutesEast: Int64) {
        self.file = file
        self.minutesEast = minutesEast
    }

    mutating func read(_ table: CSVTable) -> ([RequestImport.Read], [RequestImport.Mistake])
    {
        for mistake in table.mistakes {
            mistakes.append(
                RequestImport.Mistake(file, mistake.line, mistake.column, "", mistake.fault))
        }
        guard let head = table.records.first else {
            mistakes.append(RequestImport.Mistake(file, 1, 1, "", .empty))
            return ([], mistakes)
        }
        guard readHeadings(head) else { return ([], mistakes) }
        for record in table.records.dropFirst() where mistakes.count < 64 { readLine(record) }
        let sorted = mistakes.sorted {
            ($0.told.line, $0.told.column) < ($1.told.line, $1.told.column)
        }
        return (requests, sorted)
    }

    /// Of a line, or of what stands in the heading that `quotes` it.
    private mutating func note(
        _ cell: CSVTable.Cell, _ path: String, _ fault: ImportFault, quotes: Bool = false,
        allowed: String? = nil
    ) {
        mistakes.append(
            RequestImport.Mistake(
                file, cell.line, cell.column, path, fault,
                quoted: quotes ? ImportQuote(cell.text) : nil, allowed: allowed))
    }

    /// Of what stands in a cell.
    private mutating func note(
        _ cell: CSVTable.Cell, _ column: RequestColumn, _ fault: ImportFault,
        allowed: String? = nil
    ) {
        mistakes.append(
            RequestImport.Mistake(
                file, cell.line, cell.column, column.name, fault, quoted: ImportQuote(cell.text),
                heading: headings[column], allowed: allowed))
    }

    // MARK: Headings

    private mutating func readHeadings(_ head: [CSVTable.Cell]) -> Bool {
        columns = RequestColumn.of(head.map(\.text))
        // In the words that the file's other headings are in.
        let isByName = zip(head, columns).contains { $0.text == $1?.name }
        let known = isByName ? RequestColumn.names : RequestColumn.paperHeadings
        if columns.allSatisfy({ $0 == nil }), let first = head.first {
            note(first, "", .noHeading, quotes: true, allowed: known)
            return false
        }
        var seen: Set<RequestColumn> = []
        for (cell, column) in zip(head, columns) {
            guard let column else {
                // Without a heading it is nobody's, and passed over.
                if WrittenText.line(cell.text).isEmpty { continue }
                note(cell, "", .unknownHeading, quotes: true, allowed: known)
                continue
            }
            if !seen.insert(column).inserted {
                note(cell, column.name, .headingTwice, quotes: true)
            }
            headings[column] = cell.text == column.name ? nil : ImportQuote(cell.text)?.text
        }
        return true
    }

    // MARK: Lines

    private mutating func readLine(_ record: [CSVTable.Cell]) {
        guard let first = record.first else { return }
        guard record.contains(where: { !$0.text.isEmpty }) else { return }
        if record.count != columns.count {
            return note(first, "", .cells(record.count, headings: columns.count))
        }
        var cells: [RequestColumn: CSVTable.Cell] = [:]
        for (cell, column) in zip(record, columns) {
            guard let column, !cell.text.isEmpty else { continue }
            cells[column] = cell
            check(cell, column)
        }
        if isNew(cells) {
            guard requests.count < RequestImport.mostRequests else {
                return note(first, "", .manyRequests(most: RequestImport.mostRequests))
            }
            begin(cells, at: first.line)
        } else {
            compare(cells)
        }
        addDevice(cells, at: first.line)
    }

    private mutating func check(_ cell: CSVTable.Cell, _ column: RequestColumn) {
        if let letters = TextEncoding.wrongLetters(cell.text) {
            note(cell, column, .letters(letters))
        }
        if column.isDigits, Self.isSpoilt(cell.text) { note(cell, column, .shortenedNumber) }
    }

    /// `3.1099E+11`: digits are lost.
    private static func isSpoilt(_ text: String) -> Bool {
        let halves = text.lowercased().split(separator: "+", omittingEmptySubsequences: false)
        guard halves.count == 2, halves[0].last == "e", let first = halves[0].first else {
            return false
        }
        let digits = String(halves[0].dropLast()) + String(halves[1])
        guard first.isASCII, first.isNumber, !halves[1].isEmpty else { return false }
        return digits.allSatisfy { "0123456789.,".contains($0) }
    }

    private func isNew(_ cells: [RequestColumn: CSVTable.Cell]) -> Bool {
        guard !requests.isEmpty else { return true }
        return [RequestColumn.number, .managingBody].contains { column in
            guard let cell = cells[column] else { return false }
            return cell.text != said[column]?.text
        }
    }

    private mutating func begin(_ cells: [RequestColumn: CSVTable.Cell], at line: Int) {
        said = cells.filter { $0.key.isOfRequest }
        func text(_ column: RequestColumn) -> String { cells[column]?.text ?? "" }
        var contact = ContactPerson()
        for field in RequestField.Contact.allCases { contact[field] = text(.contact(field)) }
        var form = RequestForm(
            number: text(.number), managingBody: text(.managingBody), contact: contact,
            devices: [],
            particulars: Particulars(permission: text(.permission), report: text(.report)))
        if let cell = cells[.kind] {
            if let kind = CaseKind(written: cell.text) {
                form.kind = kind
            } else {
                note(cell, .kind, .unknownKind, allowed: CaseKind.writtenNames)
            }
        }
        if let cell = cells[.returnReason] {
            form.particulars.returnReason = ReturnReason(written: cell.text)
            if form.particulars.returnReason == nil {
                note(cell, .returnReason, .unknownReason, allowed: ReturnReason.writtenNames)
            }
        }
        form.received = time(cells, .received)
        form.particulars.noticed = time(cells, .noticed)
        requests.append(RequestImport.Read(form: form, line: line))
    }

    private mutating func time(
        _ cells: [RequestColumn: CSVTable.Cell], _ column: RequestColumn
    ) -> Timestamp? {
        guard let cell = cells[column] else { return nil }
        let time = Timestamp(written: cell.text, minutesEast: minutesEast)
        if time == nil { note(cell, column, .noTime, allowed: RequestImport.times) }
        return time
    }

    /// A further line of a request says the same of it as the first, or nothing.
    private mutating func compare(_ cells: [RequestColumn: CSVTable.Cell]) {
        for column in RequestColumn.allCases where column.isOfRequest {
            guard let cell = cells[column], cell.text != said[column]?.text else { continue }
            note(cell, column, .otherThan(line: requests.last?.line ?? 1))
        }
    }

    private mutating func addDevice(_ cells: [RequestColumn: CSVTable.Cell], at line: Int) {
        var row = DeviceRow(deviceNumber: "")
        for column in RequestField.Column.allCases {
            row[column] = cells[.device(column)]?.text ?? ""
        }
        guard row != DeviceRow(deviceNumber: "") else { return }
        requests[requests.count - 1].form.devices.append(row)
        requests[requests.count - 1].deviceLines.append(line)
    }
}
