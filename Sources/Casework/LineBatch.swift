import Crypto
import Synchronization
import System

/// A line with all that can be said of it without the line before.
struct ReadLine {
    /// nil where libcrypto had no memory.
    let hash: Hash256?
    /// nil for what is no journal line, or has a NUL in it.
    let line: JournalLine?
    var event: CaseLine?
}

/// Some whole lines of a journal in memory, each hashed and taken apart.
///
/// Filled by one thread, then worked on by that one and another, which claim portions by
/// counting, then read by the first.
final class LineBatch: @unchecked Sendable {
    // Why this may be shared: `ReadingDesk` hands a batch over, and takes it back before it is
    // read or filled again, under its lock. In between bytes and ends are only read, and each
    // place of `portions` is written by the one thread that claimed it.

    /// What follows the last whole line.
    enum Rest { case more, tail, overlong, end }

    static let room = 1 << 20
    /// Bytes without an LF that nobody's torn line has.
    static let longestTail = 4 * JournalFormat.longestLine
    private static let mostLines = 8192
    private static let portion = 64

    private let bytes: UnsafeMutableRawBufferPointer
    private let ends: UnsafeMutableBufferPointer<Int32>
    private let portions: UnsafeMutableBufferPointer<[ReadLine]>
    /// Whether events are read too.
    private let withEvents: Bool
    private let claimed = Atomic<Int>(0)
    private(set) var count = 0
    /// Where in the file the first line begins.
    private(set) var offset: Int64 = 0
    private(set) var rest = Rest.more
    private var held = 0

    init(withEvents: Bool) {
        self.withEvents = withEvents
        bytes = .allocate(byteCount: LineBatch.room, alignment: 64)
        ends = .allocate(capacity: LineBatch.mostLines)
        portions = .allocate(capacity: LineBatch.mostLines / LineBatch.portion)
        portions.initialize(repeating: [])
    }

    deinit {
        bytes.deallocate()
        ends.deallocate()
        portions.deinitialize()
        portions.deallocate()
    }

    // MARK: Filling

    /// Reads on from where `before` ended, or from `start`; not beyond `limit`.
    func fill(
        _ file: borrowing FileDescriptor, after before: LineBatch?, from start: Int64,
        upTo limit: Int64
    ) throws(SystemError) {
        claimed.store(0, ordering: .relaxed)
        count = 0
        held = 0
        offset = before?.nextOffset ?? start
        if let tail = before?.tail {
            bytes.copyMemory(from: tail)
            held = tail.count
        }
        rest = .more
        var searched = 0
        while true {
            searched = split(from: searched)
            // A batch with lines in it is worth handing on; their number is bounded so that
            // a file of line feeds costs no more than one of lines.
            if count == LineBatch.mostLines || held == bytes.count && count > 0 { return }
            if held - lineStart(count) >= LineBatch.longestTail {
                rest = .overlong
                return
            }
            let at = offset + Int64(held)
            let free = UnsafeMutableRawBufferPointer(
                rebasing: bytes[held...].prefix(Int(clamping: limit - at)))
            let n = free.isEmpty ? 0 : try file.read(into: free, at: at)
            if n == 0 {
                rest = held == lineStart(count) ? .end : .tail
                return
            }
            held += n
        }
    }

    /// Notes where lines end; up to where it has looked.
    private func split(from start: Int) -> Int {
        var at = start
        while count < LineBatch.mostLines,
            let found = UnsafeRawBufferPointer(rebasing: bytes[at..<held]).place(of: 0x0A)
        {
            at += found
            ends[count] = Int32(truncatingIfNeeded: at)
            count += 1
            at += 1
        }
        return count == LineBatch.mostLines ? at : held
    }

    private func lineStart(_ i: Int) -> Int { i == 0 ? 0 : Int(ends[i - 1]) + 1 }

    /// What stands behind the last whole line of the batch.
    var tail: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[lineStart(count)..<held])
    }

    /// Where in the file `tail` begins.
    var nextOffset: Int64 { offset + Int64(lineStart(count)) }

    // MARK: Working

    private var portionCount: Int { (count + LineBatch.portion - 1) / LineBatch.portion }

    /// Hashes and takes apart what nobody has claimed yet.
    func work(with hasher: RepeatedSHA256?) {
        while true {
            let portion = claimed.add(1, ordering: .relaxed).oldValue
            guard portion < portionCount else { return }
            let first = portion * LineBatch.portion
            var lines = portions[portion]
            lines.removeAll(keepingCapacity: true)
            for i in first..<min(first + LineBatch.portion, count) { lines.append(read(i, hasher)) }
            portions[portion] = lines
        }
    }

    private func read(_ i: Int, _ hasher: RepeatedSHA256?) -> ReadLine {
        let text = line(i)
        let hash = withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { room in
            (try? hasher?.hash(text, into: room)).map { Hash256(UnsafeRawBufferPointer(room)) }
        }
        let line = text.place(of: 0) == nil ? JournalLine(text) : nil
        return ReadLine(
            hash: hash, line: line, event: withEvents ? line.flatMap { CaseLine($0) } : nil)
    }

    // MARK: Reading

    /// A line without its LF.
    func line(_ i: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[lineStart(i)..<Int(ends[i])])
    }

    /// What `work` found out about it.
    func readLine(_ i: Int) -> ReadLineView { ReadLineView(batch: self, place: i) }

    // Member by member: a read line itself would be copied with all that its event holds.

    fileprivate func hash(of i: Int) -> Hash256? {
        portions[i / LineBatch.portion][i % LineBatch.portion].hash
    }

    fileprivate func parts(of i: Int) -> JournalLine? {
        portions[i / LineBatch.portion][i % LineBatch.portion].line
    }

    fileprivate func takeEvent(of i: Int) -> CaseLine? {
        portions[i / LineBatch.portion][i % LineBatch.portion].event.take()
    }
}

/// A read line where it stands: only what is asked for is copied.
struct ReadLineView {
    fileprivate let batch: LineBatch
    fileprivate let place: Int

    var hash: Hash256? { batch.hash(of: place) }
    var line: JournalLine? { batch.parts(of: place) }
    /// What it says of cases, once.
    func takeEvent() -> CaseLine? { batch.takeEvent(of: place) }
}
