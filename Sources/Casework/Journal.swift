import Synchronization
import System

/// The one append-only file that says what was done: design.md 6.
///
/// May be used from any thread. An append returns once its line is on the medium; what
/// others ask for (`head`, `state`) is answered from a snapshot and never waits for a disk.
package final class Journal: Sendable {
    /// Where the file lies.
    package let path: String
    package let mode: JournalMode
    private let clock: JournalClock
    private let writer: Mutex<JournalWriter>
    /// The line up to which nothing has been read since the start.
    private let unchecked: Mutex<JournalAnchor?>
    private let published: Mutex<Published>
    /// Wakes who looks after the journal.
    private let attendant = Mutex<(@Sendable () -> Void)?>(nil)

    package enum State: Equatable, Sendable {
        case ready
        /// A write or flush failed, and nothing is appended until `reopen` succeeds; or a line is
        /// wrong or the file was changed, and nothing more is.
        case stopped(JournalError)
    }

    private struct Published {
        var head: Receipt
        var state: State
        var refusal: JournalError?
        var openIntents: [Int64]
    }

    /// Opens the journal in `folder`, or begins one; checks every line first.
    ///
    /// A torn tail is moved to `journal.torn-SEQUENCE` and reported in a line of its own.
    /// - Parameters:
    ///   - who: named in the lines that opening itself writes.
    ///   - log: gets each line that is appended.
    /// - Throws: `.broken` where a line does not chain, `.wrongMode`, `.inUse`, `.readOnly`,
    ///   `.noRoom`; no line is lost, and `JournalReader` can still show the file.
    package convenience init(
        in folder: String, mode: JournalMode, clock: JournalClock = .system,
        who: Who = .thisProcess, log: SystemJournal? = nil
    ) throws(JournalError) {
        try self.init(
            in: folder, mode: mode, clock: clock, who: who, log: log, from: nil, replay: nil)
    }

    /// - Parameters:
    ///   - snapshot: a line from which on to read, and where lines before it begin;
    ///     `checkTheRest` is for what is before it.
    ///   - damage: a wrong line that an opening before this one found: the file is opened as far
    ///     as it holds, and takes no lines. `state` says which line. On a file system that takes no
    ///     writing or is full it is opened whole, and takes lines once `reopen` finds that it may.
    ///   - replay: gets what every line behind that says of cases, in order, before this returns.
    init(
        in folder: String, mode: JournalMode, clock: JournalClock, who: Who, log: SystemJournal?,
        from snapshot: (JournalAnchor, LinePlaces)?, damage: JournalError? = nil,
        replay: ((CaseLine) -> Void)?
    ) throws(JournalError) {
        let opening = try JournalOpening.open(
            in: folder, mode: mode, from: snapshot, damage: damage, replay: replay)
        unchecked = Mutex(snapshot?.0)
        path = opening.path
        self.mode = mode
        self.clock = clock
        let isNew = opening.isNew
        let torn: (name: String, bytes: Int, sha256: String)?
        // Before the first line there is no line that could tell; its torn draft is reported
        // once there is one.
        let refusal = damage ?? opening.refusal
        if isNew, let refusal { throw refusal }
        torn = damage == nil ? try opening.unreported() : nil
        var writer = JournalWriter(opening, clock: clock, log: log)
        if !isNew, refusal == nil { writer.look() }
        if let refusal = refusal ?? writer.refusal { writer.halt(refusal) }
        if isNew {
            _ = try writer.append(
                JournalDraft(.journalOpened, who, nil) {
                    $0.put(.mode, mode.rawValue)
                    $0.put(.version, JournalFormat.version)
                })
            do throws(SystemError) {
                try File.syncFolder(of: path)
            } catch {
                throw JournalError(error, "beginning the journal")
            }
        }
        if let torn {
            let draft = try JournalDraft(.journalTorn, who, nil) {
                $0.put(.file, torn.name)
                $0.put(.bytes, torn.bytes)
                $0.put(.sha256, torn.sha256)
            }
            if case .ready = writer.state {
                _ = try writer.append(draft)
            } else {
                writer.owed = draft
            }
        }
        published = Mutex(
            Published(head: writer.head, state: writer.state, refusal: nil, openIntents: []))
        self.writer = Mutex(writer)
    }

    /// The last line.
    package var head: Receipt { published.withLock { $0.head } }
    /// The time of day by the clock that the lines are written with.
    package var now: Timestamp {
        Timestamp(milliseconds: clock.read().wallNanoseconds / 1_000_000)
    }
    package var state: State { published.withLock { $0.state } }
    /// Why the disk took no line when it was last tried, though it is tried again with the next;
    /// nil where it took one.
    package var refusal: JournalError? { published.withLock { $0.refusal } }
    /// Sequence numbers of intents of this run that have no outcome yet.
    package var openIntents: [Int64] { published.withLock { $0.openIntents } }

    /// Appends one line; it is on the medium when this returns.
    ///
    /// - Throws: `.noRoom`, `.readOnly`, `.lineTooLong`, `.unwritable`: nothing was written.
    ///   `.stopped`, `.system`, `.changed`: the journal takes no more lines until `reopen`;
    ///   after a failed flush it is not known whether the line outlives a power cut.
    @discardableResult
    package func append(
        _ kind: JournalKind, who: Who, case id: CaseID? = nil,
        what: (inout What) -> Void = { _ in }
    ) throws(JournalError) -> Receipt {
        let draft = try JournalDraft(kind, who, id, what)
        return try write { (writer) throws(JournalError) in try writer.append(draft) }
    }

    /// Appends the line of an intent and keeps room on the disk for its outcome.
    ///
    /// Only once this has returned may the step be taken. Ordinary lines never use the room
    /// that is kept.
    /// - Parameter room: bytes kept for the outcome's line.
    /// - Throws: as `append`; nothing is kept then.
    package func reserve(
        _ kind: JournalKind, who: Who, case id: CaseID? = nil,
        room: Int = JournalFormat.outcomeRoom, what: (inout What) -> Void = { _ in }
    ) throws(JournalError) -> Reservation {
        let draft = try JournalDraft(kind, who, id, what)
        let receipt = try write { (writer) throws(JournalError) in
            try writer.append(draft, keeping: min(max(room, 0), JournalFormat.longestLine))
        }
        return Reservation(journal: self, receipt: receipt, who: who, caseID: id)
    }

    fileprivate func complete(_ intent: Int64, _ draft: JournalDraft) throws(JournalError)
        -> Receipt
    {
        try write { (writer) throws(JournalError) in
            do throws(JournalError) {
                return try writer.append(draft, outcomeOf: intent)
            } catch {
                // An outcome is worth one more try; the card's answer is not to be had again.
                guard case .stopped = writer.state else { throw error }
                try recover(&writer)
                let receipt = try writer.append(draft, outcomeOf: intent)
                writer.noteRecovery(from: error)
                return receipt
            }
        }
    }

    fileprivate func abandon(_ intent: Int64) {
        writer.withLock { writer in
            writer.abandon(intent)
            publish(writer)
        }
    }

    /// Takes up writing again after a failure, once its cause is gone: the last lines are read from
    /// the medium before this returns, and all of them are to be, by `checkTheRest`.
    /// - Throws: why not; the journal stays stopped.
    package func reopen() throws(JournalError) {
        try write { (writer) throws(JournalError) in
            guard case .stopped(let cause) = writer.state else { return }
            try recover(&writer)
            writer.payOwed()
            writer.noteRecovery(from: cause)
        }
    }

    /// Looks whether the file is still the one that was written last and the disk has room for a
    /// line: `state` and `refusal` say what was found. Takes as long as the disk does.
    package func look() {
        writer.withLock { writer in
            writer.look()
            publish(writer)
        }
    }

    private func recover(_ writer: inout JournalWriter) throws(JournalError) {
        try writer.recover()
        let anchor = writer.anchor
        unchecked.withLock { $0 = anchor }
        attendant.withLock { $0 }?()
    }

    /// Has `body` called when the journal has stopped, and when it was taken up again: with a lock
    /// held, so it may only wake somebody.
    func attend(_ body: @escaping @Sendable () -> Void) { attendant.withLock { $0 = body } }

    // MARK: Snapshots

    /// The last line, and where some of the lines begin.
    var anchor: (JournalAnchor, LinePlaces)? {
        writer.withLock { writer in writer.anchor.map { ($0, writer.places) } }
    }

    /// Up to which line the file is still to be read: at the start a snapshot stood for it, or a
    /// write or flush failed since; nil once it has been.
    package var uncheckedLines: Int64? { unchecked.withLock { $0?.sequence } }

    /// Reads what a snapshot stood for at the start, or what stood there when the journal was taken
    /// up again, from the first line on.
    ///
    /// A line that does not chain stops the writer for good, as it would have ended the
    /// start. Takes as long as reading the file; one thread, at whatever priority it has.
    /// - Returns: whether every line chains. Also true where there was nothing to read.
    package func checkTheRest() throws(JournalError) -> Bool { try checkTheRest(proving: nil) }

    /// - Parameter proof: takes the lines in on the way.
    func checkTheRest(proving proof: FoldProof?) throws(JournalError) -> Bool {
        guard let anchor = unchecked.withLock({ $0 }) else { return true }
        var check = JournalCheck(upTo: anchor.end, withEvents: proof != nil, helped: false)
        do throws(SystemError) {
            let file = try File.open(path, .reading)
            try check.run(file) { line, event, offset in
                proof?.take(line, event, at: offset)
            }
        } catch {
            throw JournalError(error, "checking the journal")
        }
        var bad = check.result.firstBad
        if bad == nil, check.result.lines != anchor.sequence || check.hash != anchor.hash {
            let line = check.result.lines + 1
            bad = .init(line: line, reason: "line \(line) is not what it was at the start")
        }
        if let bad {
            stop(atLine: bad.line, bad.reason)
            return false
        }
        // Not where it was taken up again meanwhile.
        unchecked.withLock { if $0 == anchor { $0 = nil } }
        return true
    }

    /// Hands on what the lines behind one that is known to stand there say of cases.
    /// - Throws: `.broken` where they do not lead to `end`; nothing more is appended then.
    func replay(
        behind anchor: JournalAnchor, upTo end: JournalAnchor, _ body: (CaseLine) -> Void
    ) throws(JournalError) {
        var check = JournalCheck(from: anchor, upTo: end.end, withEvents: true, helped: false)
        do throws(SystemError) {
            let file = try File.open(path, .reading)
            try check.run(file) { _, event, _ in
                if let event { body(event) }
            }
        } catch {
            throw JournalError(error, "reading the journal")
        }
        guard check.result.firstBad == nil, check.hash == end.hash else {
            let line = check.result.firstBad?.line ?? check.result.lines
            let reason = check.result.firstBad?.reason ?? "line \(line) is not what it was"
            stop(atLine: line, reason)
            throw JournalError(.broken(line: line), "\(path): \(reason)")
        }
    }

    /// Somebody who read the file found a line that does not chain: nothing more is appended.
    package func stop(atLine line: Int64, _ reason: String) {
        let error = JournalError(.broken(line: line), "\(path): \(reason)")
        writer.withLock { writer in
            writer.halt(error)
            publish(writer)
        }
    }

    /// Reads the whole file, and holds it against what was written since the start as well: lines
    /// that are gone from its end chain no less.
    package func verify() throws(JournalError) -> VerifyResult {
        let written = head
        var result = try Journal.verify(path)
        guard result.holds else { return result }
        if result.lines < written.sequence {
            result.firstBad = missing(result.lines + 1)
        } else if result.lines == written.sequence, result.head != written.hash {
            result.firstBad = .init(
                line: result.lines, reason: "line \(result.lines) is not what the station wrote")
        }
        return result
    }

    /// The file ends before a line that the station wrote.
    package func missing(_ line: Int64) -> VerifyResult.FirstBad {
        .init(
            line: line,
            reason: "line \(line) is missing: the station wrote \(head.sequence) lines")
    }

    /// Lines from number `first` on, up to the end at this moment.
    package func lines(from first: Int64 = 1) throws(JournalError) -> JournalReader {
        let (place, end) = writer.withLock { ($0.place(near: first), $0.end) }
        return try JournalReader(path, from: first, near: place, upTo: end)
    }

    private func write<R: Sendable>(
        _ body: (inout JournalWriter) throws(JournalError) -> R
    ) throws(JournalError) -> R {
        try writer.withLock { (writer) throws(JournalError) -> R in
            defer { publish(writer) }
            return try body(&writer)
        }
    }

    private func publish(_ writer: borrowing JournalWriter) {
        let head = writer.head
        let state = writer.state
        let refusal = writer.refusal
        let intents = writer.openIntents
        let hasStopped = published.withLock { published in
            let before = published.state
            published = Published(
                head: head, state: state, refusal: refusal, openIntents: intents)
            return before == .ready && state != .ready
        }
        if hasStopped { attendant.withLock { $0 }?() }
    }
}

/// An intent on record whose outcome has its room on the disk.
///
/// Dropped without `complete` it stays an intent without outcome: the next start reports
/// what it was about as unknown.
package struct Reservation: ~Copyable, Sendable {
    /// The intent's line.
    package let receipt: Receipt
    private let journal: Journal
    private let who: Who
    private let caseID: CaseID?

    fileprivate init(journal: Journal, receipt: Receipt, who: Who, caseID: CaseID?) {
        self.journal = journal
        self.receipt = receipt
        self.who = who
        self.caseID = caseID
    }

    deinit { journal.abandon(receipt.sequence) }

    /// Appends the outcome, into the room that was kept for it.
    ///
    /// After a failed write or flush the journal is recovered and the line tried once more.
    /// - Throws: as `Journal.append`; the outcome is then not on record, and the next start
    ///   reports the intent as unknown.
    package consuming func complete(
        _ kind: JournalKind, who: Who? = nil, what: (inout What) -> Void
    ) throws(JournalError) -> Receipt {
        let draft = try JournalDraft(kind, who ?? self.who, caseID, what)
        return try journal.complete(receipt.sequence, draft)
    }
}

/// A line but for what only the writer knows: number, time and chain.
struct JournalDraft {
    let kind: JournalKind
    let who: [UInt8]
    let caseID: CaseID?
    let what: [UInt8]

    init(_ kind: JournalKind, _ who: Who, _ caseID: CaseID?, _ what: (inout What) -> Void)
        throws(JournalError)
    {
        self.kind = kind
        self.who = try who.text()
        self.caseID = caseID
        self.what = try What.text(what)
    }
}
