import Crypto
import System

/// The frame of a snapshot: what it is of, then the fold, then the sum of both.
enum SnapshotFormat {
    /// Of the frame and of all that stands in it.
    static let version: Int64 = 13
    static let fileName = "journal.snapshot"
    static let magic = Array("token-station snapshot\n".utf8)
    static let longest = 1 << 30
}

/// One line of a journal, by where it stands and what it hashes to: with the hashes that the
/// lines hold, the whole journal up to it.
struct JournalAnchor: Equatable, Sendable {
    /// The line's number.
    let sequence: Int64
    /// Where in the file it begins.
    let offset: Int64
    /// Where in the file the line behind it begins.
    let end: Int64
    let hash: Hash256

    /// Whether that line stands there in `file`.
    func isIn(_ file: borrowing FileDescriptor) throws(SystemError) -> Bool {
        guard offset >= 0, end > offset, end - offset <= Int64(JournalFormat.longestLine) else {
            return false
        }
        // With the LF before it.
        let before = offset > 0 ? 1 : 0
        let length = Int(end - offset)
        let found = try file.read(length + before, at: offset - Int64(before))
        guard found.count == length + before, found.last == 0x0A,
            before == 0 || found.first == 0x0A
        else { return false }
        let line = Array(found.dropFirst(before).dropLast())
        guard (try? Hash256.of(line)) == hash else { return false }
        return line.withUnsafeBytes { JournalLine($0)?.sequence == sequence }
    }
}

/// The fold as it was at one line of the journal: only makes the start faster.
struct Snapshot: Sendable {
    let anchor: JournalAnchor
    let places: LinePlaces
    let cases: Cases
    /// Of the file that it was read from; nil where it was not.
    let readSum: [UInt8]?

    /// Writes it so that after a crash either the old or the new one stands there.
    func save(in folder: String) throws(SystemError) {
        let path = folder + "/" + SnapshotFormat.fileName
        let writer = try SnapshotWriter(path + ".new")
        write(to: writer)
        try writer.finish(as: path)
    }

    /// Of the file that it would make; nil where that could not be hashed.
    var sum: [UInt8]? {
        let writer = SnapshotWriter()
        write(to: writer)
        return writer.sum()
    }

    private func write(to writer: SnapshotWriter) {
        for byte in SnapshotFormat.magic { writer.put(byte: byte) }
        writer.put(SnapshotFormat.version)
        writer.put(anchor.sequence)
        writer.put(anchor.offset)
        writer.put(anchor.end)
        writer.put(anchor.hash)
        writer.put(places)
        cases.write(to: writer)
    }

    /// Reads the snapshot of `folder`; nil where there is none.
    static func load(from folder: String) throws(SnapshotError) -> Snapshot? {
        let path = folder + "/" + SnapshotFormat.fileName
        guard File.exists(path) else { return nil }
        return try Snapshot(try SnapshotBytes.read(path))
    }

    static func remove(from folder: String) {
        try? File.remove(folder + "/" + SnapshotFormat.fileName)
    }

    init(anchor: JournalAnchor, places: LinePlaces, cases: Cases) {
        self.anchor = anchor
        self.places = places
        self.cases = cases
        readSum = nil
    }

    init(_ bytes: SnapshotBytes) throws(SnapshotError) {
        let body = bytes.body
        guard body.starts(with: SnapshotFormat.magic) else {
            throw SnapshotError("is no snapshot")
        }
        var reader = SnapshotReader(
            UnsafeRawBufferPointer(rebasing: body.dropFirst(SnapshotFormat.magic.count)),
            of: bytes)
        let version = try reader.integer()
        guard version == SnapshotFormat.version else {
            throw SnapshotError("has format \(version), not \(SnapshotFormat.version)")
        }
        guard bytes.isWhole else { throw .malformed }
        anchor = JournalAnchor(
            sequence: try reader.integer(), offset: try reader.integer(),
            end: try reader.integer(), hash: try reader.hash())
        places = try reader.value()
        cases = try Cases(reading: &reader)
        guard reader.isAtEnd else { throw .malformed }
        readSum = bytes.sum
    }
}
