import Synchronization
import System

/// Reads the requests and cases of a snapshot by the block, on a second thread too where one is to
/// be had, which first checks what it is given to check.
final class SnapshotBlocks: @unchecked Sendable {
    // Why this may be shared: sections and check are only read; a part is worked on by the one
    // thread that claimed it under the lock; and the bytes that all of it stands in outlive the
    // other thread's work, since `read` and `stop` wait for its end.

    private struct State: Sendable {
        var next = 0
        var inHand = 0
        var requests: [[RequestFile]]
        var files: [[CaseFile]]
        var error: SnapshotError?
    }

    private let requests: [SnapshotReader]
    private let files: [SnapshotReader]
    private let check: () throws(SnapshotError) -> Void
    private let state: Monitor<State>

    init(
        requests: [SnapshotReader], files: [SnapshotReader],
        check: @escaping () throws(SnapshotError) -> Void
    ) {
        self.requests = requests
        self.files = files
        self.check = check
        state = Monitor(
            State(
                requests: Array(repeating: [], count: requests.count),
                files: Array(repeating: [], count: files.count)))
    }

    func startHelper() {
        // Where no thread is to be had, `read` does it all.
        try? Thread.start(name: "snapshot") { [self] in work() }
    }

    /// - Throws: what any part came to, the check among them.
    func read() throws(SnapshotError) -> (RecordTable<RequestFile>, RecordTable<CaseFile>) {
        work()
        let state = wait()
        if let error = state.error { throw error }
        return (RecordTable(blocks: state.requests), RecordTable(blocks: state.files))
    }

    /// Leaves the rest of the parts.
    func stop() {
        state.withLock { $0.next = parts }
        _ = wait()
    }

    /// The check and a part each for the blocks.
    private var parts: Int { 1 + requests.count + files.count }

    private func wait() -> State {
        let end = state.wait { $0.inHand == 0 ? $0 : nil }
        return end ?? State(requests: [], files: [], error: .malformed)
    }

    private func work() {
        while let part = claim() {
            do throws(SnapshotError) {
                try work(on: part)
            } catch {
                state.withLock { state in
                    state.error = error
                    state.next = parts
                }
            }
            state.withLock { $0.inHand -= 1 }
        }
    }

    private func claim() -> Int? {
        state.withLock { state in
            guard state.next < parts else { return nil }
            state.inHand += 1
            state.next += 1
            return state.next - 1
        }
    }

    private func work(on part: Int) throws(SnapshotError) {
        guard part > 0 else { return try check() }
        let index = part - 1
        if index < requests.count {
            let block: [RequestFile] = try Self.block(requests, index)
            return state.withLock { $0.requests[index] = block }
        }
        let place = index - requests.count
        let block: [CaseFile] = try Self.block(files, place)
        state.withLock { $0.files[place] = block }
    }

    private static func block<Record: Numbered & Snapshotted>(
        _ sections: [SnapshotReader], _ index: Int
    ) throws(SnapshotError) -> [Record] {
        var reader = sections[index]
        let size = RecordTable<Record>.blockSize
        let count = try reader.count()
        guard count == size || index == sections.count - 1 && (1..<size).contains(count) else {
            throw .malformed
        }
        var block: [Record] = []
        block.reserveCapacity(size)
        for _ in 0..<count { block.append(try Record(reading: &reader)) }
        guard reader.isAtEnd else { throw .malformed }
        return block
    }
}
