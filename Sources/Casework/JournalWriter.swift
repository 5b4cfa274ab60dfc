import Crypto
import System

/// The writing end of a journal: the file, the chain's end and the room kept behind it.
/// One thread at a time uses it, under `Journal`'s lock.
struct JournalWriter: ~Copyable, Sendable {
    private let path: String
    private var file: JournalFile
    /// The file system took no writing when it was opened.
    private var isForReading: Bool
    private let inode: UInt64
    private let clock: JournalClock
    private let log: SystemJournal?
    private var room: OutcomeRoom
    private var hash: Hash256?
    private var lastBegin: Int64
    /// Wall clock minus monotonic clock at the last line of this boot, in nanoseconds.
    private var drift: Int64?
    private(set) var places: LinePlaces
    private(set) var end: Int64
    private(set) var head: Receipt
    private(set) var state: Journal.State = .ready
    /// Why the disk took no line lately, where the next one is tried all the same.
    private(set) var refusal: JournalError?
    /// Tells of a torn line that was set aside; nil once it stands in the file.
    var owed: JournalDraft?

    /// Takes over what `JournalOpening` found.
    init(_ opening: consuming JournalOpening, clock: JournalClock, log: SystemJournal?) {
        self.log = log
        path = opening.path
        inode = opening.inode
        hash = opening.hash
        end = opening.end
        lastBegin = opening.lastBegin
        places = opening.places
        head = opening.head
        drift = opening.boot == clock.boot && !clock.boot.isEmpty ? opening.drift : nil
        room = OutcomeRoom(besides: opening.path)
        isForReading = opening.refusal != nil
        if !isForReading { room.clear() }
        self.clock = clock
        file = opening.takeFile()
    }

    var openIntents: [Int64] { room.intents }

    /// The last line with where it stands; nil where there is none.
    var anchor: JournalAnchor? {
        hash.map {
            JournalAnchor(sequence: head.sequence, offset: lastBegin, end: end, hash: $0)
        }
    }

    /// Takes no more lines: a line that stands in the file is wrong, or it may not be written to.
    mutating func halt(_ error: JournalError) { state = .stopped(error) }

    func place(near line: Int64) -> (line: Int64, offset: Int64) { places.nearest(to: line) }

    // MARK: Appending

    /// - Parameters:
    ///   - keeping: bytes to keep for this line's outcome, when it is an intent.
    ///   - intent: the open intent that this line is the outcome of.
    mutating func append(
        _ draft: JournalDraft, keeping: Int? = nil, outcomeOf intent: Int64? = nil
    ) throws(JournalError) -> Receipt {
        if case .stopped(let cause) = state {
            throw JournalError(
                .stopped, "the journal has stopped: \(cause.reason)", cause: cause.cause)
        }
        let reading = clock.read()
        let time = Timestamp(milliseconds: reading.wallNanoseconds / 1_000_000)
        let clockState = judge(reading)
        let line = text(draft, time, clockState, reading)
        guard line.count <= JournalFormat.longestLine else {
            throw JournalError(.lineTooLong, "a journal line of \(line.count) bytes")
        }
        let hash: Hash256
        do throws(CryptoError) {
            hash = try Hash256.ofLine(line)
        } catch {
            throw JournalError(error)
        }
        try checkThatNobodyElseWrote()
        do throws(SystemError) {
            try room.prepare(
                file.descriptor, end: end, length: line.count, keeping: keeping, outcomeOf: intent)
        } catch {
            throw refuse(JournalError(error, "keeping room for the journal"))
        }
        try put(line)
        // An outcome goes into the room that was kept for it, and says nothing of the disk.
        if intent == nil { refusal = nil }

        self.hash = hash
        lastBegin = end
        drift = reading.wallNanoseconds - reading.monotonicNanoseconds
        head = Receipt(
            sequence: head.sequence + 1, hash: hash.hex, time: time, clock: clockState)
        places.note(line: head.sequence, at: end)
        end += Int64(line.count)
        if let intent { room.giveBack(intent) }
        if let keeping { room.keep(keeping, for: head.sequence) }
        log?.send(line, kind: draft.kind, case: draft.caseID, head)
        return head
    }

    mutating func abandon(_ intent: Int64) { room.giveBack(intent) }

    private func judge(_ reading: ClockReading) -> ClockState {
        let now = reading.wallNanoseconds.subtractingReportingOverflow(
            reading.monotonicNanoseconds
        ).partialValue
        if let drift, abs(now &- drift) > 2_000_000_000 { return .stepped }
        return reading.isSynchronised ? .synced : .unsynced
    }

    private func text(
        _ draft: JournalDraft, _ time: Timestamp, _ clockState: ClockState, _ reading: ClockReading
    ) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(400 + draft.what.count)
        func put(_ text: StaticString) {
            line += UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        }
        put("{\"seq\":")
        line += String(head.sequence + 1).utf8
        put(",\"time\":\"")
        line += time.utf8
        put("\",\"clock\":\"")
        line += clockState.rawValue.utf8
        put("\",\"boot\":\"")
        line += clock.boot.utf8
        put("\",\"mono\":")
        line += String(max(reading.monotonicNanoseconds, 0)).utf8
        put(",\"kind\":\"")
        line += draft.kind.rawValue.utf8
        put("\",\"who\":")
        line += draft.who
        if let id = draft.caseID {
            put(",\"case\":\"")
            line += id.text.utf8
            put("\"")
        }
        put(",\"what\":")
        line += draft.what
        put(",\"prev\":\"")
        line += head.hash.utf8
        put("\"}\n")
        return line
    }

    /// A line that another program added would stand between ours and break the chain, and a
    /// file that was replaced or removed would take our lines with it.
    private mutating func checkThatNobodyElseWrote() throws(JournalError) {
        let status: File.Status
        do throws(SystemError) {
            status = try File.status(of: path)
        } catch  where error.errno == .noEntry {
            throw stop(JournalError(.changed, "\(path) was removed", cause: error))
        } catch {
            throw JournalError(error, "looking at the journal")
        }
        guard status.inode == inode, status.size == end else {
            throw stop(JournalError(.changed, "\(path) was changed by somebody else"))
        }
    }

    /// Writes `line` at the end and flushes it, or leaves the file as it was.
    private mutating func put(_ line: [UInt8]) throws(JournalError) {
        do throws(SystemError) {
            try file.descriptor.writeAll(line)
        } catch {
            let failure = JournalError(error, "writing the journal")
            // Nothing was flushed, so cutting the rest off leaves a file that is known to be
            // good. What was wrong may pass (a full disk, a read-only mount): go on then.
            guard cutBack(), failure.code != .system else { throw stop(failure) }
            throw refuse(failure)
        }
        do throws(SystemError) {
            try file.descriptor.syncData()
        } catch {
            // After a failed flush the kernel holds the pages for clean, whether or not they
            // reached the medium: flushing again would say yes to something that is not
            // there. So the line is cut off again, and the writer stops until `recover` has
            // seen the medium take a flush.
            _ = cutBack()
            throw stop(JournalError(error, "flushing the journal"))
        }
    }

    private mutating func refuse(_ error: JournalError) -> JournalError {
        if error.code == .noRoom || error.code == .readOnly { refusal = error }
        return error
    }

    /// Looks whether the file is still the one that was written last, and asks the disk whether it
    /// takes a line: `state` and `refusal` have what was found.
    mutating func look() {
        guard case .ready = state else { return }
        do throws(JournalError) {
            try checkThatNobodyElseWrote()
        } catch {
            // What it was not allowed to look at, the next line's try tells.
            return
        }
        do throws(SystemError) {
            try room.ask(length: JournalFormat.outcomeRoom)
            refusal = nil
        } catch {
            _ = refuse(JournalError(error, "keeping room for the journal"))
        }
    }

    private mutating func stop(_ error: JournalError) -> JournalError {
        state = .stopped(error)
        return error
    }

    /// Makes the file end where the chain ends; false where that cannot be done.
    private mutating func cutBack() -> Bool {
        do throws(SystemError) {
            // Cutting also frees the room kept behind the end: only when there is something
            // to cut, and then the room is taken again at once.
            if try file.descriptor.status().size == end { return true }
            try file.descriptor.truncate(to: end)
            try room.restore(file.descriptor, end: end)
            return true
        } catch {
            return false
        }
    }

    // MARK: After a failure

    /// Brings file and chain together again, sees that the medium takes a flush, and has it say
    /// itself what the last lines are. What is before them is for `Journal.checkTheRest`.
    ///
    /// A file that somebody else changed is not brought back: the next start reads it whole.
    mutating func recover() throws(JournalError) {
        guard case .stopped(let cause) = state else { return }
        switch cause.code {
        case .changed, .broken: throw cause
        default: break
        }
        let status = try journalling("looking at the journal") { () throws(SystemError) in
            try File.status(of: path)
        }
        guard status.inode == inode, status.size >= end else {
            throw stop(JournalError(.changed, "\(path) was changed by somebody else"))
        }
        if isForReading { try openForWriting(size: status.size) }
        // Also where the sizes agree: the cut writes the last page anew, whose earlier lines
        // the failed flush may have left torn on the medium.
        let begin = places.nearest(to: head.sequence).offset
        let last = try journalling("taking up the journal again") { () throws(SystemError) in
            try file.descriptor.truncate(to: end)
            try file.descriptor.syncData()
            // The kernel's pages are what was written, and after a failed flush not for sure what
            // is there.
            file.descriptor.forgetPages()
            return try file.descriptor.read(Int(end - begin), at: begin)
        }
        if cause.code == .noRoom {
            try journalling("keeping room for the journal") { () throws(SystemError) in
                try room.ask(length: JournalFormat.outcomeRoom)
            }
        }
        guard JournalWriter.lastHash(of: last) == hash else {
            throw stop(JournalError(.changed, "the last lines of \(path) have changed"))
        }
        state = .ready
        refusal = nil
        // Without room the open outcomes are still tried; new intents are refused as usual.
        try? room.restore(file.descriptor, end: end)
    }

    /// The file system takes writing again.
    private mutating func openForWriting(size: Int64) throws(JournalError) {
        guard size == end else {
            throw stop(
                JournalError(
                    .changed, "a torn line of \(path) is to be set aside, which a start does"))
        }
        file = JournalFile(
            try journalling("opening the journal") { () throws(SystemError) in
                try File.open(path, .appending)
            })
        // The lock went with the file that was open so far.
        let isOurs = try journalling("locking the journal") { () throws(SystemError) in
            try file.descriptor.lockExclusively()
        }
        guard isOurs else { throw JournalError(.inUse, "\(path) is in use by another process") }
        isForReading = false
        room.clear()
    }

    /// Of some lines, the last one's hash; nil where one does not chain, or there is none.
    private static func lastHash(of lines: [UInt8]) -> Hash256? {
        var hash: Hash256? = nil
        for text in lines.split(separator: 0x0A) {
            let previous = text.withUnsafeBytes { JournalLine($0)?.previousHash }
            guard let previous, hash == nil || previous == hash else { return nil }
            hash = try? Hash256.of(Array(text))
        }
        return lines.last == 0x0A ? hash : nil
    }

    /// Says what a start that could not write was to say.
    mutating func payOwed() {
        guard let draft = owed, (try? append(draft)) != nil else { return }
        owed = nil
    }

    /// Says in the journal that it had stopped. The outcome that it stopped for stands
    /// already, so this line may fail.
    mutating func noteRecovery(from cause: JournalError) {
        guard
            let draft = try? JournalDraft(
                .journalRecovered, .thisProcess, nil, { $0.put(.reason, cause.reason) })
        else { return }
        _ = try? append(draft)
    }
}

/// Where some of the lines begin, so that a reader need not start at the first.
struct LinePlaces: Sendable {
    private static let step: Int64 = 1024
    private var offsets: [Int64] = []

    mutating func note(line: Int64, at offset: Int64) {
        if (line - 1) % LinePlaces.step == 0 { offsets.append(offset) }
    }

    func nearest(to line: Int64) -> (line: Int64, offset: Int64) {
        let index = min(max(line - 1, 0) / LinePlaces.step, Int64(offsets.count - 1))
        guard index > 0 else { return (1, 0) }
        return (index * LinePlaces.step + 1, offsets[Int(index)])
    }
}

extension LinePlaces: Snapshotted {
    func write(to snapshot: SnapshotWriter) {
        var last: Int64 = 0
        snapshot.put(offsets) { offset in
            snapshot.put(offset - last)
            last = offset
        }
    }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        var last: Int64 = 0
        offsets = try snapshot.array { (reader) throws(SnapshotError) in
            last = last &+ (try reader.integer())
            return last
        }
    }
}
