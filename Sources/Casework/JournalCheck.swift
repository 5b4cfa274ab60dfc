import Crypto
import System

/// What stands behind the last whole line: the rest of a write that a power cut stopped.
package struct TornTail: Equatable, Sendable {
    /// The number its line would have had.
    package let line: Int64
    /// Where in the file it begins.
    package let offset: Int64
    package let bytes: [UInt8]
}

/// What a check of a whole journal file came to.
package struct VerifyResult: Equatable, Sendable {
    /// How many lines chain, from the first on.
    package var lines: Int64 = 0
    /// SHA-256 of the last of these, 64 lower-case hex digits; zeros where there is none.
    package var head = String(repeating: "0", count: 64)
    /// Bytes behind the last whole line, if any. No line that was ever answered for is lost.
    package var torn: TornTail?
    /// The first line that is wrong, from 1, and why; nil when all chain.
    package var firstBad: FirstBad?
    /// The line whose hash begins with the digits that were asked about.
    package var witnessed: Int64?

    package struct FirstBad: Equatable, Sendable {
        package let line: Int64
        package let reason: String
    }

    /// Whether every whole line chains.
    package var holds: Bool { firstBad == nil }
}

extension Journal {
    /// Checks a journal file without opening it for writing and without its lock.
    ///
    /// Memory does not grow with the file. `tokenctl journal verify` and
    /// `journal_verify.sh` come to the same result, but for the signatures of approvals: these
    /// are checked here alone.
    /// - Parameter witness: the digits of a head printed on a receipt, to be found again.
    /// - Throws: `.system` when the file cannot be read.
    package static func verify(_ path: String, witness: String? = nil) throws(JournalError)
        -> VerifyResult
    {
        do throws(SystemError) {
            return try check(path, JournalCheck(witness: witness.map { Array($0.utf8) })) { _, _ in
            }
        } catch {
            throw JournalError(error, "reading the journal")
        }
    }

    /// One pass over a file, signatures of approvals included.
    static func check(
        _ path: String, _ check: JournalCheck, each: (JournalLine, CaseLine?) -> Void
    ) throws(SystemError) -> VerifyResult {
        let file = try File.open(path, .reading)
        var check = check
        var unfounded: VerifyResult.FirstBad? = nil
        try check.run(file) { line, event, _ in
            each(line, event)
            guard unfounded == nil, let fault = Approval.fault(of: line) else { return }
            unfounded = VerifyResult.FirstBad(line: line.sequence, reason: fault)
        }
        var result = check.result
        // What does not chain ends the pass, so this line is before that.
        result.firstBad = unfounded ?? result.firstBad
        return result
    }
}

/// One pass over a journal file.
struct JournalCheck {
    private(set) var result = VerifyResult()
    /// Of the last good line; nil before the first.
    private(set) var hash: Hash256?
    /// Where the next line belongs in the file.
    private(set) var end: Int64 = 0
    /// Where the last good line begins.
    private(set) var lastBegin: Int64 = 0
    /// The same before the last good line: the one behind it may have the last word.
    private var hashBefore: Hash256?
    private var endBefore: Int64 = 0
    private var lastBeginBefore: Int64 = 0
    private let witness: [UInt8]?
    private let limit: Int64
    private let isHelped: Bool
    private let withEvents: Bool

    /// - Parameters:
    ///   - anchor: a line that is known to stand where it says; what is before it is not read.
    ///   - limit: where in the file to end.
    ///   - withEvents: whether what lines say of cases is handed on with them.
    ///   - isHelped: whether another thread may do part of the work.
    init(
        witness: [UInt8]? = nil, from anchor: JournalAnchor? = nil, upTo limit: Int64 = .max,
        withEvents: Bool = false, helped isHelped: Bool = true
    ) {
        self.withEvents = withEvents
        self.witness = witness
        self.limit = limit
        self.isHelped = isHelped
        guard let anchor else { return }
        result.lines = anchor.sequence
        hash = anchor.hash
        lastBegin = anchor.offset
        end = anchor.end
    }

    /// Reads `file` to its end or its first wrong line, and hands each good line on with the
    /// place where it begins.
    mutating func run(
        _ file: borrowing FileDescriptor, each: (JournalLine, CaseLine?, Int64) -> Void
    ) throws(SystemError) {
        let reader = ReadAhead(
            from: end, upTo: limit, withEvents: withEvents, helped: isHelped)
        // The latest line is judged once the next piece is known: only the very last one
        // may be torn, and a line that does not fit the one before is confirmed or not by
        // the one behind.
        var doubt: Doubt? = nil
        while true {
            let piece = try reader.next(file)
            if let found = doubt {
                switch piece {
                case .line(let next, _): settle(found, behind: next)
                case .tail(let tail): settle(found, tail: [UInt8](tail))
                case .overlong, .end: settle(found, tail: [])
                }
                return
            }
            switch piece {
            case .end:
                try checkLast(file)
                return finish()
            case .overlong:
                return fail(result.lines + 1, "is longer than 64 KiB")
            case .tail(let bytes):
                result.torn = TornTail(
                    line: result.lines + 1, offset: reader.offset, bytes: [UInt8](bytes))
                try checkLast(file)
                return finish()
            case .line(let bytes, let read):
                doubt = take(bytes, read, at: reader.offset, each)
                if doubt == nil {
                    (lastBeginBefore, endBefore) = (lastBegin, end)
                    lastBegin = reader.offset
                    end = reader.nextOffset
                }
            }
        }
    }

    /// A line that is not what should follow.
    private enum Doubt {
        case misshapen(offset: Int64, bytes: [UInt8])
        case sequence(found: Int64)
        case previous(hash: Hash256, bytes: [UInt8])
        /// libcrypto had no memory.
        case unhashed
    }

    private mutating func take(
        _ bytes: UnsafeRawBufferPointer, _ read: ReadLineView, at offset: Int64,
        _ each: (JournalLine, CaseLine?, Int64) -> Void
    ) -> Doubt? {
        let number = result.lines + 1
        guard let line = read.line else {
            return .misshapen(offset: offset, bytes: [UInt8](bytes))
        }
        guard line.sequence == number else { return .sequence(found: line.sequence) }
        guard let own = read.hash else { return .unhashed }
        guard line.previousHash == hash ?? .zeros else {
            return .previous(hash: own, bytes: [UInt8](bytes))
        }
        hashBefore = hash
        hash = own
        result.lines = number
        if let witness, result.witnessed == nil, own.hex.utf8.starts(with: witness) {
            result.witnessed = number
        }
        each(line, read.takeEvent(), offset)
        return nil
    }

    /// A line that another one follows has that one's word for being as it was written, and
    /// it was written as strict JSON. The last has nobody's, so it is read in full.
    private mutating func checkLast(_ file: borrowing FileDescriptor) throws(SystemError) {
        guard end > lastBegin else { return }
        let bytes = try file.read(Int(end - lastBegin - 1), at: lastBegin)
        guard !isWhole(bytes) else { return }
        let number = result.lines
        result.torn = nil
        stepBack()
        fail(number, "is no journal line")
    }

    /// Whether this is a journal line in every part, and strict JSON.
    private func isWhole(_ bytes: [UInt8]) -> Bool {
        (try? bytes.withUnsafeBytes { try JournalEntry($0, number: 0) }) != nil
    }

    /// The doubtful line has another behind it.
    private mutating func settle(_ doubt: Doubt, behind next: UnsafeRawBufferPointer) {
        let number = result.lines + 1
        switch doubt {
        case .previous(let own, let bytes) where number > 1 && isWhole(bytes):
            // Line and follower agree, so the line is as it was written: it holds the true
            // hash of the one before, which is no longer what it was.
            if let line = JournalLine(next), line.sequence == number + 1, line.previousHash == own {
                blame(before: number)
            } else {
                fail(number, "does not hold the SHA-256 of line \(number - 1)")
            }
        case .misshapen: fail(number, "is no journal line")
        default: settle(doubt, tail: [])
        }
    }

    /// The doubtful line is the last, but for a tail without LF.
    private mutating func settle(_ doubt: Doubt, tail: [UInt8]) {
        let number = result.lines + 1
        switch doubt {
        case .misshapen(let offset, let bytes):
            // A write that a power cut tore can have its LF and a hole of NULs before it.
            // Anything else with an LF was written so by somebody.
            guard bytes.contains(0) else { return fail(number, "is no journal line") }
            result.torn = TornTail(line: number, offset: offset, bytes: bytes + [0x0A] + tail)
            finish()
        case .sequence(let found):
            fail(number, "has the sequence number \(found)")
        case .unhashed: fail(number, "could not be hashed")
        case .previous(_, let bytes) where !isWhole(bytes): fail(number, "is no journal line")
        case .previous where number == 1:
            fail(1, "does not begin a chain: its prev is not 64 zeros")
        case .previous:
            blame(before: number)
        }
    }

    /// Line `number` does not fit the line before, and nothing says that it is the wrong one.
    private mutating func blame(before number: Int64) {
        stepBack()
        fail(number - 1, "is not the line whose SHA-256 stands in line \(number)")
    }

    /// The last line that was taken for good is not.
    private mutating func stepBack() {
        result.lines -= 1
        (hash, lastBegin, end) = (hashBefore, lastBeginBefore, endBefore)
    }

    private mutating func fail(_ line: Int64, _ reason: String) {
        result.firstBad = .init(line: line, reason: "line \(line) \(reason)")
        finish()
    }

    private mutating func finish() {
        if let hash { result.head = hash.hex }
    }
}
