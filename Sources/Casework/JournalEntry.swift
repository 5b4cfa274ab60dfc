import JSON
import Synchronization

/// One line of a journal, read.
package struct JournalEntry: Sendable {
    package let sequence: Int64
    package let time: Timestamp
    package let clock: ClockState
    package let boot: String
    /// CLOCK_MONOTONIC of that boot.
    package let monotonicNanoseconds: Int64
    /// As written, also where this version does not know it.
    package let kindName: String
    package let who: Who
    package let caseID: CaseID?
    /// The line as it stands in the file, without its LF.
    package let bytes: [UInt8]
    private let whatRange: Range<Int>
    private let previousRange: Range<Int>

    /// nil for a kind of a later version.
    package var kind: JournalKind? { JournalKind(rawValue: kindName) }
    /// The hash of the line before, 64 lower-case hex digits.
    package var previous: String { String(decoding: bytes[previousRange], as: UTF8.self) }

    /// Reads one line without its LF.
    /// - Throws: `JournalError` `.broken` for anything but a journal line in strict JSON.
    package init(_ line: UnsafeRawBufferPointer, number: Int64) throws(JournalError) {
        guard line.count < JournalFormat.longestLine, let parts = JournalLine(line) else {
            throw JournalError(.broken(line: number), "line \(number) is no journal line")
        }
        try self.init(parts, number: number)
    }

    init(_ line: JournalLine, number: Int64) throws(JournalError) {
        guard let time = Timestamp(line[line.time]),
            let clock = ClockState(rawValue: line.text(line.clock))
        else {
            throw JournalError(
                .broken(line: number), "line \(number) has a misshapen time or clock")
        }
        self.time = time
        self.clock = clock
        do throws(JSONError) {
            var all = JSONReader(line.bytes, limits: .journal)
            try all.skip()
            try all.finish()
            who = try Who(reading: line[line.who])
        } catch {
            throw JournalError(
                .broken(line: number), "line \(number) is not strict JSON: \(error.reason)")
        }
        sequence = line.sequence
        boot = line.text(line.boot)
        monotonicNanoseconds = line.monotonic
        kindName = line.text(line.kind)
        caseID = line.caseID.flatMap { CaseID(line.text($0)) }
        bytes = [UInt8](line.bytes)
        whatRange = line.what
        previousRange = line.previous
    }

    /// The bytes of the line's `what`.
    var whatBytes: ArraySlice<UInt8> { bytes[whatRange] }

    /// What the line is about, whole.
    package func what() throws(JSONError) -> JSONValue {
        try withWhat { (reader) throws(JSONError) in try reader.value() }
    }

    /// Reads the line's `what` with `body`.
    package func withWhat<R>(
        _ body: (inout JSONReader) throws(JSONError) -> R
    ) throws(JSONError) -> R {
        try JSONReader.over(bytes[whatRange], limits: .journal, body)
    }
}

extension ClockState {
    private static let table = NameTable<ClockState>()
    static func named(_ name: UnsafeRawBufferPointer) -> ClockState? { table[name] }
}

extension JournalLine {
    func text(_ range: Range<Int>) -> String { String(decoding: self[range], as: UTF8.self) }
}

extension JSONLimits {
    /// What a journal line may have.
    static let journal = JSONLimits(length: JournalFormat.longestLine)
}

extension Who {
    /// Most lines are in the name of whoever wrote the one before.
    private static let latest = Mutex<(who: Who, text: [UInt8])?>(nil)

    /// The text of a line's `who`.
    func text() throws(JournalError) -> [UInt8] {
        let known = Who.latest.withLock { $0?.who == self ? $0?.text : nil }
        if let known { return known }
        let text = try written()
        Who.latest.withLock { $0 = (self, text) }
        return text
    }

    private func written() throws(JournalError) -> [UInt8] {
        var writer = JSONWriter(into: JSONBytes(limit: 4096))
        writer.beginObject()
        writer.member("uid", Int64(user))
        writer.member("name", name)
        writer.member("officer", officer)
        writer.member("proof", proof)
        writer.endObject()
        do throws(JSONWriteError) {
            return try writer.finish().bytes
        } catch .full {
            throw JournalError(.lineTooLong, "the `who` of a journal line is longer than 4 KiB")
        } catch {
            throw JournalError(.unwritable, "the `who` of a journal line: \(error)")
        }
    }

    /// Members that a later version adds are passed over.
    init(reading text: UnsafeRawBufferPointer) throws(JSONError) {
        var reader = JSONReader(text, limits: .journal)
        var who = Who(user: .max)
        var hasUser = false
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "uid":
                who.user = UInt32(clamping: try reader.integer(in: 0...Int64(UInt32.max)))
                hasUser = true
            case "name": who.name = try reader.string()
            case "officer": who.officer = try reader.string()
            case "proof": who.proof = try reader.string()
            default: try reader.skip()
            }
        }
        guard hasUser else { throw reader.missingKey("uid") }
        try reader.finish()
        self = who
    }
}
