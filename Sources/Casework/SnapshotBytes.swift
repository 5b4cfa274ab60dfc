import Crypto
import System

/// A snapshot's file in memory of its own, read and summed up by two threads.
final class SnapshotBytes: @unchecked Sendable {
    // Why this may be shared: each portion is written by the one thread that claimed it, before
    // `read` ends, and nothing is written from then on.

    let path: String
    private let room: UnsafeMutableRawBufferPointer
    /// Whether the sum at the file's end is that of what stands before it.
    private(set) var isWhole = false

    /// What the sum is of: the file without it.
    var body: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(room).dropLast(32))
    }

    /// What the file says that its sum is.
    var sum: [UInt8] { Array(room.suffix(32)) }

    /// - Throws: where the file cannot be read, or is too short or too long for a snapshot.
    static func read(_ path: String) throws(SnapshotError) -> SnapshotBytes {
        do throws(SystemError) {
            let file = JournalFile(try File.open(path, .readingOwn))
            let size = try file.descriptor.status().size
            if (64...Int64(SnapshotFormat.longest)).contains(size) {
                let bytes = SnapshotBytes(path, Int(size))
                try bytes.read(file)
                return bytes
            }
        } catch {
            throw SnapshotError("cannot be read: \(error)")
        }
        throw SnapshotError("is no snapshot")
    }

    private init(_ path: String, _ size: Int) {
        self.path = path
        room = .allocate(byteCount: size, alignment: UnsafeMutableRawBufferPointer.largePage)
        room.preferLargePages()
    }

    deinit { room.deallocate() }

    private func read(_ file: JournalFile) throws(SystemError) {
        let length = body.count
        let sums = SnapshotSums(length)
        let failure = Monitor<SystemError?>(nil)
        let work = SharedWork(parts: sums.count) { [self] part in
            let range = SnapshotSums.range(part, of: length)
            do throws(SystemError) {
                try fill(range, from: file)
                sums.note(UnsafeRawBufferPointer(rebasing: room[range]), at: part)
            } catch {
                failure.withLock { $0 = error }
            }
        }
        work.startHelper("snapshot")
        work.finish()
        try fill(length..<room.count, from: file)
        if let error = failure.withLock({ $0 }) { throw error }
        isWhole = sums.sum.map { $0.elementsEqual(room.suffix(32)) } ?? false
    }

    private func fill(_ range: Range<Int>, from file: JournalFile) throws(SystemError) {
        var have = range.lowerBound
        while have < range.upperBound {
            let free = UnsafeMutableRawBufferPointer(rebasing: room[have..<range.upperBound])
            let n = try file.descriptor.read(into: free, at: Int64(have))
            if n == 0 { throw SystemError(.read, .inputOutput, path) }
            have += n
        }
    }
}

/// The sum of a snapshot: a SHA-256 over the SHA-256 of each of its portions, so that two threads
/// can make it.
final class SnapshotSums: @unchecked Sendable {
    // Why this may be shared: each place is written by the one thread that claimed its portion,
    // and `sum` is asked for once all are.

    /// Bytes of a portion; the last is shorter.
    static let portion = 1 << 20

    let count: Int
    private let hashes: UnsafeMutableRawBufferPointer

    /// - Parameter length: bytes that are summed up.
    init(_ length: Int) {
        count = (length + Self.portion - 1) / Self.portion
        hashes = .allocate(byteCount: 32 * count, alignment: 8)
        hashes.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit { hashes.deallocate() }

    static func range(_ part: Int, of length: Int) -> Range<Int> {
        part * portion..<min((part + 1) * portion, length)
    }

    /// - Parameter bytes: of the portion `part`. One that cannot be hashed makes the sum wrong.
    func note(_ bytes: UnsafeRawBufferPointer, at part: Int) {
        guard let hash = try? SHA256.hash(bytes) else { return }
        UnsafeMutableRawBufferPointer(rebasing: hashes[(32 * part)...]).copyBytes(from: hash)
    }

    /// nil where libcrypto had no memory.
    var sum: [UInt8]? { try? SHA256.hash(UnsafeRawBufferPointer(hashes)) }
}
