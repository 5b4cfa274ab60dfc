import Crypto
import JSON
import System

/// Opens a journal file, checks it whole, and sets a torn tail aside.
struct JournalOpening: ~Copyable {
    let path: String
    let inode: UInt64
    /// Of the last line; nil where there is none.
    let hash: Hash256?
    let end: Int64
    let lastBegin: Int64
    let places: LinePlaces
    let head: Receipt
    /// Of the last line, and its wall clock minus its monotonic clock, in nanoseconds.
    let boot: String
    let drift: Int64
    private let isDamaged: Bool
    /// Why the file was opened for reading alone; nil where it takes lines.
    let refusal: JournalError?
    private let folder: String
    private let file: JournalFile

    /// Whether there was no line yet.
    var isNew: Bool { head.sequence == 0 && !isDamaged }

    /// - Parameters:
    ///   - snapshot: a line from which on to read, and where lines before it begin.
    ///   - damage: what an opening before this one found to be the first wrong line; the file is
    ///     then opened as far as it holds, to be shown, and nothing in it or beside it is changed.
    ///   - replay: gets what every line behind that says of cases, in order.
    /// - Throws: `.inUse`, `.broken` for another wrong line than `damage`, `.unanchored`,
    ///   `.wrongMode`, `.unsupportedVersion` and
    ///   system errors.
    static func open(
        in folder: String, mode: JournalMode, from snapshot: (JournalAnchor, LinePlaces)?,
        damage: JournalError? = nil, replay: ((CaseLine) -> Void)?
    ) throws(JournalError) -> JournalOpening {
        let path = folder + "/" + JournalFormat.fileName
        let (file, closed) = try openFile(path, in: folder)
        var refusal = closed
        let isOurs = try journalling("locking the journal") { () throws(SystemError) in
            // Who starts a program has, until that runs, the lock of a journal that is closed.
            for _ in 0..<10 {
                if try file.descriptor.lockExclusively() { return true }
                Thread.pause(.milliseconds(20))
            }
            return false
        }
        guard isOurs else { throw JournalError(.inUse, "\(path) is in use by another process") }

        var check = JournalCheck(from: snapshot?.0, withEvents: replay != nil)
        var first: JournalEntry? = nil
        var places = snapshot?.1 ?? LinePlaces()
        if let (anchor, _) = snapshot {
            let (isAnchored, line) = try journalling("reading the journal") {
                () throws(SystemError) in
                (try anchor.isIn(file.descriptor), try firstLine(of: file.descriptor))
            }
            guard isAnchored else {
                throw JournalError(.unanchored, "does not belong to the journal as it is now")
            }
            first = line.withUnsafeBytes { try? JournalEntry($0, number: 1) }
        }
        let (inode, lastLine) = try journalling("reading the journal") {
            () throws(SystemError) -> (UInt64, [UInt8]) in
            try check.run(file.descriptor) { line, event, offset in
                if line.sequence == 1 { first = try? JournalEntry(line, number: 1) }
                if let bad = damage?.line, line.sequence >= bad { return }
                places.note(line: line.sequence, at: offset)
                if let event { replay?(event) }
            }
            let lastBegin = check.lastBegin
            let length = Int(max(check.end - lastBegin - 1, 0))
            return (
                try file.descriptor.status().inode, try file.descriptor.read(length, at: lastBegin)
            )
        }
        let found = check.result.firstBad.map {
            JournalError(.broken(line: $0.line), "\(path): \($0.reason)")
        }
        if let found, found != damage { throw found }
        // A first line that chains may still open no journal.
        if damage != nil, found == nil, damage?.line != 1 {
            throw JournalError(.changed, "\(path) was changed by somebody else")
        }
        let isEmpty = damage?.line == 1
        let lines = isEmpty ? 0 : check.result.lines
        var last: JournalEntry? = nil
        if lines > 0 {
            try checkFirst(first, mode, path)
            // Swift 6.0's withUnsafeBytes loses the type of the error.
            last = try lastLine.withUnsafeBytes { bytes -> Result<JournalEntry, JournalError> in
                do throws(JournalError) {
                    return .success(try JournalEntry(bytes, number: lines))
                } catch {
                    return .failure(error)
                }
            }.get()
        }
        if damage == nil, refusal == nil, let torn = check.result.torn {
            do throws(JournalError) {
                try journalling("setting a torn line aside") { () throws(SystemError) in
                    try setAside(torn, of: file.descriptor, in: folder)
                }
            } catch {
                guard error.code == .noRoom else { throw error }
                refusal = error
            }
        }
        return JournalOpening(
            path: path, inode: inode, hash: isEmpty ? nil : check.hash,
            end: isEmpty ? 0 : check.end, lastBegin: isEmpty ? 0 : check.lastBegin,
            places: places,
            head: Receipt(
                sequence: lines, hash: isEmpty ? Hash256.zeros.hex : check.result.head,
                time: last?.time ?? Timestamp(milliseconds: 0), clock: last?.clock ?? .unsynced),
            boot: last?.boot ?? "",
            drift: last.map { $0.time.milliseconds &* 1_000_000 &- $0.monotonicNanoseconds } ?? 0,
            isDamaged: damage != nil, refusal: refusal, folder: folder, file: file)
    }

    /// A journal on a file system that takes no writing is opened all the same, to be shown.
    private static func openFile(
        _ path: String, in folder: String
    ) throws(JournalError) -> (JournalFile, refusal: JournalError?) {
        do throws(SystemError) {
            try File.makeFolder(folder)
            return (JournalFile(try File.open(path, .appending)), nil)
        } catch {
            let refusal = JournalError(error, "opening the journal")
            guard error.errno == .readOnly, File.exists(path) else { throw refusal }
            let file = JournalFile(
                try journalling("opening the journal") { () throws(SystemError) in
                    try File.open(path, .readingOwn)
                })
            return (file, refusal)
        }
    }

    private static func firstLine(
        of file: borrowing FileDescriptor
    ) throws(SystemError) -> [UInt8] {
        let start = try file.read(JournalFormat.longestLine, at: 0)
        return Array(start.prefix { $0 != 0x0A })
    }

    /// Gives the file up to the writer.
    func takeFile() -> JournalFile { file }

    private static func checkFirst(
        _ first: JournalEntry?, _ mode: JournalMode, _ path: String
    ) throws(JournalError) {
        guard let first, first.kind == .journalOpened, let what = try? first.what(),
            let version = what[JournalField.version.rawValue]?.integer
        else {
            throw JournalError(.broken(line: 1), "\(path): line 1 does not open a journal")
        }
        guard version == JournalFormat.version else {
            throw JournalError(
                .unsupportedVersion(version),
                "\(path) has format \(version), made by a later version")
        }
        guard let found = what[JournalField.mode.rawValue]?.string.flatMap(JournalMode.init) else {
            throw JournalError(.broken(line: 1), "\(path): line 1 names no mode")
        }
        guard found == mode else {
            throw JournalError(
                .wrongMode(found),
                "\(path) belongs to a \(found.rawValue) instance, not \(mode.rawValue)")
        }
    }

    // MARK: Torn lines

    private static func tornPath(_ folder: String, _ line: Int64) -> String {
        "\(folder)/journal.torn-\(line)"
    }

    /// The tail goes to a file of its own before it is cut off: a power cut in between
    /// leaves both, and the next start comes to the same end.
    private static func setAside(
        _ torn: TornTail, of file: borrowing FileDescriptor, in folder: String
    ) throws(SystemError) {
        let keptAt = tornPath(folder, torn.line)
        let before = (try? File.contents(of: keptAt, limit: 1 << 20, .readingOwn)) ?? []
        if !before.suffix(torn.bytes.count).elementsEqual(torn.bytes) {
            try File.replace(keptAt, with: before + torn.bytes)
        }
        try file.truncate(to: torn.offset)
        try file.syncData()
    }

    /// A torn line that no line of the journal tells of yet: just set aside, or by an
    /// earlier start that did not live to say so.
    func unreported() throws(JournalError) -> (name: String, bytes: Int, sha256: String)? {
        let keptAt = JournalOpening.tornPath(folder, head.sequence + 1)
        guard File.exists(keptAt) else { return nil }
        do throws(SystemError) {
            let bytes = try File.contents(of: keptAt, limit: 2 << 20, .readingOwn)
            do throws(CryptoError) {
                return (
                    "journal.torn-\(head.sequence + 1)", bytes.count, try SHA256.hex(bytes)
                )
            } catch {
                throw SystemError(.read, .noMemory, keptAt)
            }
        } catch {
            throw JournalError(error, "reading a torn line")
        }
    }
}

/// The journal's open file, held by whoever works with it. A class: Swift 6.0's optimiser closes
/// a descriptor that is moved out of a value that cannot be copied.
final class JournalFile: Sendable {
    let descriptor: FileDescriptor
    init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
}
