import System

/// Skims the requests and cases of a snapshot by the block, on a second thread too.
final class SnapshotSkim: Sendable {
    private struct State: Sendable {
        var requests: [Int: StoredBlock<RequestFile>] = [:]
        var files: [Int: StoredBlock<CaseFile>] = [:]
        var error: SnapshotError?
    }

    private let state = Monitor(State())
    private let work: SharedWork

    init(requests: [SnapshotReader], files: [SnapshotReader]) {
        work = SharedWork(parts: requests.count + files.count) { [state] part in
            guard state.withLock({ $0.error == nil }) else { return }
            do throws(SnapshotError) {
                if part < requests.count {
                    let isLast = part == requests.count - 1
                    let block = try StoredBlock<RequestFile>(requests[part], isLast: isLast)
                    state.withLock { $0.requests[part] = block }
                } else {
                    let place = part - requests.count
                    let isLast = place == files.count - 1
                    let block = try StoredBlock<CaseFile>(files[place], isLast: isLast)
                    state.withLock { $0.files[place] = block }
                }
            } catch {
                state.withLock { $0.error = error }
            }
        }
    }

    func startHelper() { work.startHelper("snapshot") }
    func stop() { work.stop() }

    /// - Throws: where a section is not what it should be.
    func finish() throws(SnapshotError) -> ([StoredBlock<RequestFile>], [StoredBlock<CaseFile>]) {
        work.finish()
        let state = state.withLock { $0 }
        if let error = state.error { throw error }
        let requests = state.requests.sorted { $0.key < $1.key }.map(\.value)
        return (requests, state.files.sorted { $0.key < $1.key }.map(\.value))
    }
}
