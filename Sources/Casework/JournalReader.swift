import System

/// Reads a journal's lines one after another, whether or not they chain, without its lock.
package struct JournalReader: ~Copyable {
    private let file: FileDescriptor
    private var lines: LineReader
    private var number: Int64
    private let first: Int64
    private let limit: Int64
    /// The line that is longer than a line may be, which ended the reading; nil where none did.
    package private(set) var overlong: Int64?

    /// One line; `entry` is nil where it is no journal line.
    package struct Line: Sendable {
        /// From 1.
        package let number: Int64
        package let bytes: [UInt8]
        package let entry: JournalEntry?
    }

    /// - Throws: `.system`, `.readOnly` when the file cannot be opened.
    package init(_ path: String, from first: Int64 = 1) throws(JournalError) {
        try self.init(path, from: first, near: (1, 0), upTo: .max)
    }

    /// - Parameter near: a line at or before the first and where it begins.
    init(_ path: String, from first: Int64, near: (line: Int64, offset: Int64), upTo end: Int64)
        throws(JournalError)
    {
        do throws(SystemError) {
            file = try File.open(path, .reading)
        } catch {
            throw JournalError(error, "opening the journal")
        }
        lines = LineReader(from: near.offset)
        number = near.line - 1
        self.first = first
        limit = end
    }

    /// The next line; nil at the end and where `overlong` says. What stands behind the last LF is
    /// no line yet.
    package mutating func next() throws(JournalError) -> Line? {
        do throws(SystemError) {
            while true {
                let piece = try lines.next(file)
                if case .overlong = piece { overlong = number + 1 }
                guard case .line(let bytes) = piece, lines.nextOffset <= limit else { return nil }
                number += 1
                guard number >= first else { continue }
                return Line(
                    number: number, bytes: [UInt8](bytes),
                    entry: try? JournalEntry(bytes, number: number))
            }
        } catch {
            throw JournalError(error, "reading the journal")
        }
    }
}
