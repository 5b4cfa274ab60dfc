/// One line's bytes, taken apart by the places of its members and not otherwise read.
///
/// The members stand in one order, so the header is found by comparing, without a JSON
/// parser: that is what lets a million lines be checked in about a second. `what` is handed
/// to the JSON reader by whoever wants it.
struct JournalLine {
    /// The whole line without its LF.
    let bytes: UnsafeRawBufferPointer
    let sequence: Int64
    let monotonic: Int64
    let time: Range<Int>
    let clock: Range<Int>
    let boot: Range<Int>
    let kind: Range<Int>
    let who: Range<Int>
    let caseID: Range<Int>?
    let what: Range<Int>
    /// The 64 hex digits, and what they spell.
    let previous: Range<Int>
    let previousHash: Hash256

    /// What stands in one of the ranges above.
    subscript(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[range])
    }

    /// nil when `bytes` is no journal line: members missing, out of order or misshapen.
    init?(_ bytes: UnsafeRawBufferPointer) {
        var scan = LineScan(bytes)
        guard scan.take("{\"seq\":"), let sequence = scan.number(),
            scan.take(",\"time\":"), let time = scan.plainString(),
            scan.take(",\"clock\":"), let clock = scan.plainString(),
            scan.take(",\"boot\":"), let boot = scan.plainString(),
            scan.take(",\"mono\":"), let monotonic = scan.number(),
            scan.take(",\"kind\":"), let kind = scan.plainString(),
            scan.take(",\"who\":"), scan.beginsWithUser(), let who = scan.object()
        else { return nil }
        var caseID: Range<Int>? = nil
        if scan.take(",\"case\":") {
            guard let found = scan.plainString() else { return nil }
            caseID = found
        }
        // The end is of fixed length, so `what` needs no search for its end.
        guard scan.take(",\"what\":"),
            bytes.count - scan.position >= LineScan.endLength + 2
        else { return nil }
        let what = scan.position..<(bytes.count - LineScan.endLength)
        guard bytes[what.lowerBound] == UInt8(ascii: "{"),
            bytes[what.upperBound - 1] == UInt8(ascii: "}"),
            let (previous, previousHash) = scan.end(at: what.upperBound)
        else { return nil }
        self.bytes = bytes
        self.sequence = sequence
        self.monotonic = monotonic
        self.time = time
        self.clock = clock
        self.boot = boot
        self.kind = kind
        self.who = who
        self.caseID = caseID
        self.what = what
        self.previous = previous
        self.previousHash = previousHash
    }
}

/// Walks along a line.
private struct LineScan {
    /// Of `,"prev":"…64…"}`.
    static let endLength = 9 + 64 + 2

    private let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    @inline(__always)
    mutating func take(_ text: StaticString) -> Bool {
        let wanted = UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard bytes.count - position >= wanted.count else { return false }
        var at = 0
        while wanted.count - at >= 8 {
            guard bytes.word(at: position + at) == wanted.word(at: at) else { return false }
            at += 8
        }
        while at < wanted.count {
            guard bytes[position + at] == wanted[at] else { return false }
            at += 1
        }
        position += at
        return true
    }

    /// A whole number from 0, without leading zeros, in 18 digits at most.
    mutating func number() -> Int64? {
        let start = position
        var value: Int64 = 0
        while position < bytes.count, position - start < 19 {
            let byte = bytes[position]
            guard byte >= 0x30 && byte <= 0x39 else { break }
            value = value &* 10 &+ Int64(byte - 0x30)
            position += 1
        }
        let digits = position - start
        guard digits > 0, digits < 19, digits == 1 || bytes[start] != 0x30 else { return nil }
        return value
    }

    /// Whether an object begins here whose first member is `uid`, as the kernel numbers users.
    func beginsWithUser() -> Bool {
        var scan = self
        guard scan.take("{\"uid\":"), let user = scan.number(), user <= Int64(UInt32.max),
            scan.position < bytes.count
        else { return false }
        let next = bytes[scan.position]
        return next == UInt8(ascii: ",") || next == UInt8(ascii: "}")
    }

    /// A string of printable ASCII without escapes, at most 100 bytes; the range inside.
    mutating func plainString() -> Range<Int>? {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return nil }
        let start = position + 1
        var at = start
        // The digits of the hash follow, so a line's strings always have eight bytes behind them.
        while bytes.count - at >= 8, at - start <= 100 {
            let found = bytes.word(at: at).bytesNotPlain
            guard found != 0 else {
                at += 8
                continue
            }
            at += found.trailingZeroBitCount / 8
            guard bytes[at] == UInt8(ascii: "\""), at - start <= 100 else { return nil }
            position = at + 1
            return start..<at
        }
        return nil
    }

    /// An object, braces included, by counting braces outside of strings.
    mutating func object() -> Range<Int>? {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "{") else { return nil }
        let start = position
        var depth = 0
        var at = position
        scan: while at < bytes.count {
            let byte = bytes[at]
            at += 1
            switch byte {
            case UInt8(ascii: "\""):
                while let mark = bytes.nextQuoteOrBackslash(from: at) {
                    at = mark + 1
                    if bytes[mark] == UInt8(ascii: "\"") { continue scan }
                    at += 1
                }
                return nil
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 {
                    position = at
                    return start..<at
                }
            default: break
            }
        }
        return nil
    }

    /// The last member, of fixed length; the range of the digits and what they spell.
    mutating func end(at place: Int) -> (Range<Int>, Hash256)? {
        guard place >= position, bytes.count - place == LineScan.endLength else { return nil }
        position = place
        guard take(",\"prev\":\"") else { return nil }
        let digits = position..<(position + 64)
        guard let hash = Hash256(hex: UnsafeRawBufferPointer(rebasing: bytes[digits])) else {
            return nil
        }
        position = digits.upperBound
        return take("\"}") ? (digits, hash) : nil
    }
}
