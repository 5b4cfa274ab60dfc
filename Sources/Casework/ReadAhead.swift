import Crypto
import System

/// Reads a journal file line by line with what can be said of each alone, in memory of fixed
/// size.
///
/// While the caller looks at one batch of lines, another thread hashes the next and takes it
/// apart: only the comparison with the line before depends on it. The caller lends a hand where
/// it would have to wait, so one processor is enough.
final class ReadAhead {
    enum Piece {
        /// A line without its LF; valid until the next call.
        case line(UnsafeRawBufferPointer, ReadLineView)
        /// What stands behind the last LF.
        case tail(UnsafeRawBufferPointer)
        /// More bytes without an LF than a line may have.
        case overlong
        case end
    }

    private let hasher: RepeatedSHA256?
    private let desk: ReadingDesk?
    private var current: LineBatch?
    private var ahead: LineBatch?
    private var spare: LineBatch?
    private var next = 0
    private var isDone = false
    private let limit: Int64
    private let withEvents: Bool
    /// Where in the file the last piece began.
    private(set) var offset: Int64
    /// Where in the file the next piece begins.
    private(set) var nextOffset: Int64

    /// - Parameters:
    ///   - offset: where in the file reading begins.
    ///   - limit: where it ends, if the file does not end before.
    ///   - withEvents: whether what lines say of cases is read too.
    ///   - helped: whether another thread may do part of the work.
    init(
        from offset: Int64 = 0, upTo limit: Int64 = .max, withEvents: Bool = false,
        helped: Bool = true
    ) {
        self.limit = limit
        self.withEvents = withEvents
        hasher = try? RepeatedSHA256()
        desk = helped ? ReadingDesk() : nil
        self.offset = offset
        nextOffset = offset
    }

    deinit { desk?.close() }

    func next(_ file: borrowing FileDescriptor) throws(SystemError) -> Piece {
        if isDone { return .end }
        if current == nil { current = try batch(file, after: nil) }
        while let batch = current {
            if next < batch.count {
                let line = batch.line(next)
                let read = batch.readLine(next)
                next += 1
                offset = nextOffset
                nextOffset += Int64(line.count + 1)
                if line.count >= JournalFormat.longestLine { return ending(.overlong) }
                return .line(line, read)
            }
            offset = nextOffset
            switch batch.rest {
            case .more: try turn(file, batch)
            case .tail: return ending(.tail(batch.tail))
            case .overlong: return ending(.overlong)
            case .end: return ending(.end)
            }
        }
        return .end
    }

    private func ending(_ piece: Piece) -> Piece {
        isDone = true
        return piece
    }

    /// A batch filled and queued; all is done with it by the time `turn` is through with it.
    private func batch(
        _ file: borrowing FileDescriptor, after before: LineBatch?
    ) throws(SystemError) -> LineBatch {
        let batch = spare ?? LineBatch(withEvents: withEvents)
        spare = nil
        try batch.fill(file, after: before, from: nextOffset, upTo: limit)
        if before == nil {
            // A short journal is read before a thread has started.
            if case .more = batch.rest { ahead = try self.batch(file, after: batch) }
            batch.work(with: hasher)
        } else {
            desk?.queue(batch)
        }
        return batch
    }

    private func turn(
        _ file: borrowing FileDescriptor, _ finished: LineBatch
    ) throws(SystemError) {
        guard let found = ahead else { return isDone = true }
        spare = finished
        ahead = nil
        if case .more = found.rest { ahead = try batch(file, after: found) }
        found.work(with: hasher)
        desk?.takeBack(found)
        current = found
        next = 0
    }
}

/// Where a second thread takes batches from.
private final class ReadingDesk: Sendable {
    private struct State {
        var queue: [LineBatch] = []
        /// What the other thread has in hand.
        var inHand: LineBatch?
        var isStarted = false
        var isClosed = false
    }

    private let state = Monitor(State())

    func queue(_ batch: LineBatch) {
        let isFirst = state.withLock { state in
            state.queue.append(batch)
            defer { state.isStarted = true }
            return !state.isStarted
        }
        guard isFirst else { return }
        // Where no thread is to be had, the caller does it all.
        try? Thread.start(name: "read-ahead") { [self] in work() }
    }

    private func work() {
        let hasher = try? RepeatedSHA256()
        while true {
            let next = state.wait { state -> LineBatch?? in
                state.inHand = nil
                if state.isClosed { return .some(nil) }
                guard !state.queue.isEmpty else { return nil }
                state.inHand = state.queue.removeFirst()
                return .some(state.inHand)
            }
            guard let batch = next ?? nil else { return }
            batch.work(with: hasher)
            state.withLock { $0.inHand = nil }
        }
    }

    /// Waits until the other thread is through with `batch`; it is the caller's alone then.
    func takeBack(_ batch: LineBatch) {
        _ = state.wait { state in
            state.queue.removeAll { $0 === batch }
            return state.inHand === batch ? nil : true
        }
    }

    func close() {
        state.withLock { state in
            state.isClosed = true
            state.queue = []
        }
    }
}
