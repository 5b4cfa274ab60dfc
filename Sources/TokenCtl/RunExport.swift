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
    /// The request that opened the case, once its line was seen.
    private var request: String? = nil
    /// Whether any line was about the case.
    private var caseWasSeen = false
    /// Those of `kinds` that no line was of so far.
    private var unseen: Set<String>

    init(
        from: Timestamp? = nil, to: Timestamp? = nil, kinds: [String] = [],
        caseNumber: String? = nil, file: String? = nil
    ) {
        self.from = from
        self.to = to
        self.kinds = kinds
        self.caseNumber = caseNumber
        self.file = file
        unseen = Set(kinds)
    }

    /// What was asked for and is nowhere in the record, once all its lines were seen: a slip, for
    /// a case that is there has lines, and so have kinds that there are.
    var missing: Failure? {
        if let caseNumber, !caseWasSeen {
            return .own(
                .notInRecord, "The record has no case \(caseNumber).",
                next: "See tokenctl case list, or look for its request's number in the lines.")
        }
        let known = JournalKind.allCases.map(\.rawValue)
        let none = kinds.filter { kind in
            unseen.contains(kind) && !known.contains { $0 == kind || $0.hasPrefix(kind + ".") }
        }
        guard let first = none.first else { return nil }
        var groups: [Substring] = []
        for kind in known {
            let group = kind.prefix { $0 != "." }
            if groups.last != group { groups.append(group) }
        }
        return .own(
            .notInRecord, "There is no kind of lines that is called \(first).",
            next: "Kinds stand in the lines, as restore.outcome; what stands before the dot names "
                + "all of those: \(groups.joined(separator: ", ")).")
    }

    static func isEntry(_ line: String) -> Bool {
        Array(line.utf8).withUnsafeBytes { (try? JournalEntry($0, number: 0)) != nil }
    }

    /// Whether the next line is asked for, of all in their order. One that cannot be read is: it
    /// must not vanish.
    mutating func wants(_ line: [UInt8]) -> Bool {
        let found = line.withUnsafeBytes { try? JournalEntry($0, number: 0) }
        guard let entry = found else { return true }
        let isOfCase = caseNumber.map { isAbout($0, entry) } ?? true
        caseWasSeen = caseWasSeen || isOfCase
        let group = entry.kindName.split(separator: ".").first.map(String.init)
        unseen.remove(entry.kindName)
        if let group { unseen.remove(group) }
        if let from, entry.time < from { return false }
        if let to, entry.time > to { return false }
        guard kinds.isEmpty || kinds.contains(entry.kindName) || group.map(kinds.contains) == true
        else { return false }
        return isOfCase
    }

    /// A request's line opens the cases of all its rows; those behind it name the request alone.
    private mutating func isAbout(_ number: String, _ entry: JournalEntry) -> Bool {
        if entry.caseID?.text == number { return true }
        guard entry.caseID == nil, let what = try? entry.what() else { return false }
        let named = what[JournalField.request.rawValue]?.string
        if case .array(let rows)? = what[JournalField.rows.rawValue],
            rows.contains(where: { $0[JournalField.caseID.rawValue]?.string == number })
        {
            request = named
            return true
        }
        return request != nil && named == request
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
        self.init(
            from: try time("--from", endOfDay: false), to: try time("--to", endOfDay: true),
            kinds: parsed.lists["--kind"] ?? [], caseNumber: parsed.values["--case"],
            file: parsed.words.first)
        if let from, let to, to < from {
            throw UsageError(message: "--to is before --from", command: parsed.command)
        }
    }
}

extension Run {
    /// Gives out lines byte for byte: NDJSON as they stand in the file. What is no line of a
    /// journal is JSON to no reader: it comes in characters that can be seen, as everything else
    /// that is printed.
    func exportJournal(_ order: ExportOrder) throws(Failure) {
        if let file = order.file { return try export(order, fromFile: file) }
        let connection = try connect()
        var order = order
        var next: Int? = 1
        while let from = next, !console.isClosed {
            let page = try connection.ask(
                Station.ShowJournal(from: from, count: 1000), .atTheToken
            ).message
            put(page.lines.filter { order.wants(Array($0.utf8)) })
            next = try page.follower(of: from)
        }
        if let missing = order.missing, !console.isClosed { throw missing }
    }

    private func export(_ order: ExportOrder, fromFile file: String) throws(Failure) {
        var order = order
        var overlong: Int64?
        do throws(JournalError) {
            var reader = try JournalReader(file)
            while !console.isClosed, let line = try reader.next() {
                guard order.wants(line.bytes) else { continue }
                put([String(decoding: line.bytes, as: UTF8.self)])
            }
            overlong = reader.overlong
        } catch {
            throw .own(
                .fileUnreadable, "The file cannot be read: \(error.reason).",
                next: "Name the journal's file, and read it as a user who may.")
        }
        if let overlong, !console.isClosed {
            throw .own(
                .fileUnreadable,
                "Line \(overlong) of \(file) is longer than a journal's line may be: it was not given "
                    + "out, and nothing behind it.",
                next: "See tokenctl journal verify \(file).")
        }
        if let missing = order.missing, !console.isClosed { throw missing }
    }

    private func put(_ lines: [String]) {
        let isSeen = console.width != nil
        let shown = lines.map { isSeen || !ExportOrder.isEntry($0) ? visibleJSON($0) : $0 }
        console.put(shown.map { $0 + "\n" }.joined())
    }
}

extension Station.JournalPage {
    /// Where the next page begins; nil where nothing is left.
    func follower(of from: Int) throws(Failure) -> Int? {
        guard let next else { return nil }
        guard next > from, !lines.isEmpty else {
            throw .own(
                .journalDamaged, "The station's journal has no line \(next), and should.",
                next: "See tokenctl journal verify.")
        }
        return next
    }
}
