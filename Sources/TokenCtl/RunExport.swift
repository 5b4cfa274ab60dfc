import Casework
import JSON
import StationInterface

/// Which lines of the record to give out.
struct ExportOrder: Equatable, Sendable {
    var from: Timestamp? = nil
    /// The last moment that counts.
    var to: Timestamp? = nil
    /// Kinds of lines, or what stands before their dot: `restore` is every `restore.…`.
    var kinds: [String] = []
    var caseNumber: String? = nil
    /// A file; without one the station's own journal.
    var file: String? = nil

    /// Whether a line is asked for. One that cannot be read is: it must not vanish.
    func wants(_ line: [UInt8]) -> Bool {
        let found = line.withUnsafeBytes { try? JournalEntry($0, number: 0) }
        guard let entry = found else { return true }
        if let from, entry.time < from { return false }
        if let to, entry.time > to { return false }
        let group = entry.kindName.split(separator: ".").first.map(String.init)
        guard kinds.isEmpty || kinds.contains(entry.kindName) || group.map(kinds.contains) == true
        else { return false }
        guard let caseNumber else { return true }
        return entry.caseID?.text == caseNumber || ExportOrder.opens(entry, caseNumber)
    }

    /// A request's line opens the cases of all its rows.
    private static func opens(_ entry: JournalEntry, _ number: String) -> Bool {
        guard case .array(let rows)? = try? entry.what()[JournalField.rows.rawValue] else {
            return false
        }
        return rows.contains { $0[JournalField.caseID.rawValue]?.string == number }
    }
}

extension ExportOrder {
    init(_ parsed: ParsedWords) throws(UsageError) {
        func time(_ option: String, endOfDay: Bool) throws(UsageError) -> Timestamp? {
            guard let text = parsed.values[option] else { return nil }
            if let exact = Timestamp(text) { return exact }
            // A day at the counter.
            guard let midnight = Timestamp(text + "T00:00:00.000Z") else {
                throw UsageError(
                    message: "\(option) is a day such as 2026-11-21, or a moment as the lines "
                        + "have it, such as 2026-11-21T03:40:00.123Z",
                    command: parsed.command)
            }
            let start = midnight.milliseconds - CaseBook.minutesEast * 60_000
            return Timestamp(milliseconds: endOfDay ? start + 86_399_999 : start)
        }
        from = try time("--from", endOfDay: false)
        to = try time("--to", endOfDay: true)
        kinds = parsed.lists["--kind"] ?? []
        caseNumber = parsed.values["--case"]
        file = parsed.words.first
    }
}

extension Run {
    /// Gives out lines byte for byte: NDJSON as they stand in the file.
    func exportJournal(_ order: ExportOrder) throws(Failure) {
        if let file = order.file { return try export(order, fromFile: file) }
        let connection = try connect()
        var next: Int? = 1
        while let from = next, !console.isClosed {
            let page = try connection.ask(
                Station.ShowJournal(from: from, count: 1000), .atTheToken
            ).message
            put(page.lines.filter { order.wants(Array($0.utf8)) })
            next = page.next
        }
    }

    private func export(_ order: ExportOrder, fromFile file: String) throws(Failure) {
        do throws(JournalError) {
            var reader = try JournalReader(file)
            while !console.isClosed, let line = try reader.next() {
                guard order.wants(line.bytes) else { continue }
                put([String(decoding: line.bytes, as: UTF8.self)])
            }
        } catch {
            throw .own(
                .fileUnreadable, "The file cannot be read: \(error.reason).",
                next: "Name the journal's file, and read it as a user who may.")
        }
    }

    private func put(_ lines: [String]) {
        let isSeen = console.width != nil
        console.put(lines.map { (isSeen ? visibleJSON($0) : $0) + "\n" }.joined())
    }
}
