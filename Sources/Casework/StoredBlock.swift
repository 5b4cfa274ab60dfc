import Synchronization

/// Records of a table as they stand in a snapshot, read when one of them is asked for.
///
/// Reading a hundred thousand takes longer than a start may, and few are asked for soon. So a
/// start only skims them: that they can be read, what they are found by, and which are pending.
final class StoredBlock<Record: Numbered>: Sendable {
    static var size: Int { 512 }

    private enum State: Sendable {
        case stored(SnapshotReader)
        case read([Record])
    }

    private let state: Mutex<State>
    /// Of each record's id.
    let parts: [(year: Int, number: Int)?]
    /// Places of those for which something is still to be done, from 0.
    let pending: [Int]

    /// Skims a section.
    /// - Parameter isLast: it may have fewer than `size` records.
    init(_ section: SnapshotReader, isLast: Bool) throws(SnapshotError) {
        var reader = section.skimming
        let count = try reader.count()
        guard count == Self.size || isLast && (1..<Self.size).contains(count) else {
            throw .malformed
        }
        var parts: [(year: Int, number: Int)?] = []
        parts.reserveCapacity(count)
        var pending: [Int] = []
        for place in 0..<count {
            let record = try Record(reading: &reader)
            parts.append(record.id.parts)
            if record.isPending { pending.append(place) }
        }
        guard reader.isAtEnd else { throw .malformed }
        self.parts = parts
        self.pending = pending
        state = Mutex(.stored(section))
    }

    /// All of them; from any thread.
    var records: [Record] {
        switch state.withLock({ $0 }) {
        case .read(let records): return records
        case .stored(let section):
            // Not under the lock: one thread's priority is not another's. Read twice it is the
            // same.
            let records = read(section)
            state.withLock { $0 = .read(records) }
            return records
        }
    }

    private func read(_ section: SnapshotReader) -> [Record] {
        var reader = section
        var records: [Record] = []
        records.reserveCapacity(parts.count)
        do throws(SnapshotError) {
            for _ in 0..<(try reader.count()) { records.append(try Record(reading: &reader)) }
        } catch {
            // The same steps over the same bytes, which nobody writes to: the skimming would have
            // thrown.
            preconditionFailure("a snapshot's block that was skimmed cannot be read")
        }
        return records
    }
}
