import JSON
import Synchronization
import System

/// What is fixed about a journal file; docs and other programs rely on it.
package enum JournalFormat {
    /// The number in the first line's `what`.
    package static let version: Int64 = 1
    /// Bytes of one line, its LF counted.
    package static let longestLine = 65_536
    /// Bytes kept free on the disk for the outcome of each open intent.
    package static let outcomeRoom = 8192
    /// The file's name in the state folder.
    package static let fileName = "journal.ndjson"
}

/// How far the time of a line can be trusted.
package enum ClockState: String, Equatable, Sendable, CaseIterable {
    case synced
    case unsynced
    /// It moved against the monotonic clock by more than two seconds since the line before,
    /// in the same boot.
    case stepped
}

/// Who did what a line says: the kernel's word first, then what was proven beyond it.
package struct Who: Equatable, Hashable, Sendable {
    package var user: UInt32
    /// The login name of `user`.
    package var name: String?
    /// The officer who is signed in.
    package var officer: String?
    /// How that was proven.
    package var proof: String?

    package init(user: UInt32, name: String? = nil, officer: String? = nil, proof: String? = nil) {
        self.user = user
        self.name = name
        self.officer = officer
        self.proof = proof
    }

    /// The user this process runs as.
    package static var thisProcess: Who { Who(user: Process.userID) }
}

/// Where an append got its line to: printed on receipts as witness of the file.
package struct Receipt: Equatable, Hashable, Sendable {
    package let sequence: Int64
    /// SHA-256 of the line without its LF, 64 lower-case hex digits.
    package let hash: String
    package let time: Timestamp
    package let clock: ClockState
}

/// What a clock says at one moment.
package struct ClockReading: Equatable, Sendable {
    package var wallNanoseconds: Int64
    package var monotonicNanoseconds: Int64
    package var isSynchronised: Bool

    package init(wallNanoseconds: Int64, monotonicNanoseconds: Int64, isSynchronised: Bool) {
        self.wallNanoseconds = wallNanoseconds
        self.monotonicNanoseconds = monotonicNanoseconds
        self.isSynchronised = isSynchronised
    }
}

/// The clocks a journal writes down. Tests bring their own.
package struct JournalClock: Sendable {
    package let boot: String
    package let read: @Sendable () -> ClockReading

    package init(boot: String, read: @escaping @Sendable () -> ClockReading) {
        self.boot = boot
        self.read = read
    }

    /// The machine's clocks. The kernel is asked once a second whether its clock is synchronised:
    /// it stirs its random numbers at each asking, which takes longer than to write a line's text.
    package static var system: JournalClock {
        let latest = Mutex<(asked: Int64, isSynchronised: Bool)?>(nil)
        return JournalClock(boot: WallClock.bootID()) {
            let now = Instant.now.nanoseconds
            let isSynchronised = latest.withLock { latest in
                if let latest, now - latest.asked < 1_000_000_000 { return latest.isSynchronised }
                let answer = WallClock.isSynchronised
                latest = (now, answer)
                return answer
            }
            return ClockReading(
                wallNanoseconds: WallClock.nanoseconds, monotonicNanoseconds: now,
                isSynchronised: isSynchronised)
        }
    }
}

/// Writes the members of a line's `what`, by names that cannot be misspelt.
package struct What: ~Copyable {
    private var writer: JSONWriter<JSONBytes>

    /// The text of a `what`.
    static func text(_ body: (inout What) -> Void) throws(JournalError) -> [UInt8] {
        var what = What(writer: JSONWriter(into: JSONBytes(limit: JournalFormat.longestLine)))
        what.writer.beginObject()
        body(&what)
        what.writer.endObject()
        do throws(JSONWriteError) {
            return try what.writer.finish().bytes
        } catch .full {
            throw JournalError(.lineTooLong, "a journal line of more than 64 KiB")
        } catch {
            throw JournalError(.unwritable, "a journal line: \(error)")
        }
    }

    private init(writer: consuming JSONWriter<JSONBytes>) { self.writer = writer }

    /// A nil writes nothing, here and below.
    package mutating func put(_ field: JournalField, _ value: String?) {
        writer.member(field.rawValue, value)
    }
    package mutating func put(_ field: JournalField, _ value: Int64?) {
        writer.member(field.rawValue, value)
    }
    package mutating func put(_ field: JournalField, _ value: Int?) {
        writer.member(field.rawValue, value)
    }
    package mutating func put(_ field: JournalField, _ value: Bool?) {
        writer.member(field.rawValue, value)
    }
    package mutating func put(_ field: JournalField, _ value: [String]?) {
        writer.member(field.rawValue, value)
    }

    /// A member that is an object.
    package mutating func object(_ field: JournalField, _ body: (inout What) -> Void) {
        writer.key(field.rawValue)
        element(body)
    }

    /// A member that is an array of objects, one for each of `items`.
    package mutating func array<Item>(
        _ field: JournalField, _ items: [Item], _ body: (Item, inout What) -> Void
    ) {
        writer.key(field.rawValue)
        writer.beginArray()
        for item in items { element { body(item, &$0) } }
        writer.endArray()
    }

    private mutating func element(_ body: (inout What) -> Void) {
        writer.beginObject()
        body(&self)
        writer.endObject()
    }
}
