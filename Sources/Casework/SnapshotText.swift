import Crypto
import System

/// Why a snapshot is not used; the journal is then read whole.
struct SnapshotError: Error, Equatable, Sendable {
    let reason: String
    init(_ reason: String) { self.reason = reason }

    static let malformed = SnapshotError("is damaged")
}

/// What the fold is made of writes itself to a snapshot and reads itself back: one method each,
/// next to its fields. Whoever changes one raises `SnapshotFormat.version`.
protocol Snapshotted {
    func write(to snapshot: SnapshotWriter)
    init(reading snapshot: inout SnapshotReader) throws(SnapshotError)
}

/// Writes values one behind the other into a draft file, with the sum of all at the end; or into
/// none, for the sum alone.
///
/// Memory stays the same for any length. A failure is kept until `finish`.
final class SnapshotWriter {
    private static let portion = SnapshotSums.portion
    private let file: JournalFile?
    private let path: String
    /// A SHA-256 of each portion so far.
    private var sums: [UInt8] = []
    private var bytes: [UInt8] = []
    private var shared: [String: Int] = [:]
    private var failure: SystemError?
    private var isInSection = false

    /// - Parameter path: of the draft; one that was left over is replaced.
    init(_ path: String) throws(SystemError) {
        self.path = path
        if File.exists(path) { try File.remove(path) }
        file = JournalFile(try File.open(path, .creating(mode: 0o600)))
        bytes.reserveCapacity(SnapshotWriter.portion + 4096)
    }

    /// Writes no file.
    init() {
        path = ""
        file = nil
        bytes.reserveCapacity(SnapshotWriter.portion + 4096)
    }

    /// The sum of all, behind which nothing may be written; nil where something failed.
    func sum() -> [UInt8]? {
        flush(isLast: true)
        return failure == nil ? try? SHA256.hash(sums) : nil
    }

    /// Writes the checksum and puts the draft in the place of `target`.
    func finish(as target: String) throws(SystemError) {
        if let sum = sum() {
            put(sum)
        } else {
            failure = failure ?? SystemError(.write, .noMemory, path)
        }
        do throws(SystemError) {
            if let failure { throw failure }
            try file?.descriptor.syncData()
            try File.rename(path, to: target)
        } catch {
            try? File.remove(path)
            throw error
        }
        try File.syncFolder(of: target)
    }

    /// Writes what can be read without what stands before it: its length, and shared texts of its
    /// own. Held in memory until it is whole; none stands in another.
    func section(_ body: () -> Void) {
        let outside = shared
        shared = [:]
        isInSection = true
        let start = bytes.count
        bytes += [0, 0, 0, 0]
        body()
        let length = bytes.count - start - 4
        if length > SnapshotFormat.longest { failure = SystemError(.write, .invalid, path) }
        for i in 0..<4 { bytes[start + i] = UInt8(truncatingIfNeeded: length >> (8 * i)) }
        isInSection = false
        shared = outside
        flushPortion()
    }

    private func flushPortion() {
        if bytes.count >= SnapshotWriter.portion, !isInSection { flush() }
    }

    private func flush(isLast: Bool = false) {
        while bytes.count >= SnapshotWriter.portion || isLast && !bytes.isEmpty {
            let part = Array(bytes.prefix(SnapshotWriter.portion))
            bytes.removeFirst(part.count)
            put(part)
            if let sum = try? SHA256.hash(part) {
                sums += sum
            } else {
                failure = failure ?? SystemError(.write, .noMemory, path)
            }
        }
    }

    private func put(_ part: [UInt8]) {
        guard failure == nil else { return }
        do throws(SystemError) { try file?.descriptor.writeAll(part) } catch { failure = error }
    }

    func put(byte: UInt8) {
        bytes.append(byte)
        flushPortion()
    }

    /// Seven bits a byte, the lowest first.
    func put(_ value: Int64) {
        var rest = UInt64(bitPattern: value << 1 ^ value >> 63)
        while rest >= 0x80 {
            put(byte: UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        put(byte: UInt8(truncatingIfNeeded: rest))
    }

    func put(_ value: Int) { put(Int64(value)) }
    func put(_ value: Bool) { put(byte: value ? 1 : 0) }
    func put(_ value: Timestamp) { put(value.milliseconds) }
    func put(_ value: Hash256) { for byte in value.bytes { put(byte: byte) } }

    func put(_ text: String) {
        put(text.utf8.count)
        bytes += text.utf8
        flushPortion()
    }

    /// A text that comes again and again: written out once.
    func put(shared text: String) {
        if let known = shared[text] { return put(known) }
        put(shared.count)
        shared[text] = shared.count
        put(text)
    }

    func put<T>(_ value: T?, _ body: (T) -> Void) {
        put(value != nil)
        if let value { body(value) }
    }

    func put<C: Collection>(_ values: C, _ body: (C.Element) -> Void) {
        put(values.count)
        for value in values { body(value) }
    }

    /// A name, as the number of its case.
    func put<T: CaseIterable & Equatable>(_ value: T) {
        put(T.allCases.enumerated().first { $0.element == value }?.offset ?? -1)
    }

    func put<T: Snapshotted>(_ value: T) { value.write(to: self) }
    func put<T: Snapshotted>(_ value: T?) { put(value) { $0.write(to: self) } }
    func put<C: Collection>(_ values: C) where C.Element: Snapshotted {
        put(values) { $0.write(to: self) }
    }
}

/// Reads what `SnapshotWriter` wrote, never beyond its end.
struct SnapshotReader: @unchecked Sendable {
    // Why this may be shared: nobody writes to the bytes once `source` was read, and it keeps them
    // in place.

    private let bytes: UnsafeRawBufferPointer
    private let source: SnapshotBytes
    private var position = 0
    private var shared: [String] = []
    private var isSkimming = false

    /// - Parameter bytes: in the body of `source`.
    init(_ bytes: UnsafeRawBufferPointer, of source: SnapshotBytes) {
        self.bytes = bytes
        self.source = source
    }

    /// One that reads the same and finds the same wrong, but leaves texts and arrays empty: what
    /// it reads takes no memory. Names are read all the same.
    var skimming: SnapshotReader {
        var reader = self
        reader.isSkimming = true
        return reader
    }

    var isAtEnd: Bool { position == bytes.count }

    /// Sections, each to be read by itself; it stands in the same bytes.
    mutating func sections() throws(SnapshotError) -> [SnapshotReader] {
        var sections: [SnapshotReader] = []
        for _ in 0..<(try count()) {
            guard bytes.count - position >= 4 else { throw .malformed }
            let length = bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)
            let start = position + 4
            guard let length = Int(exactly: UInt32(littleEndian: length)),
                length <= bytes.count - start
            else { throw .malformed }
            position = start + length
            sections.append(
                SnapshotReader(
                    UnsafeRawBufferPointer(rebasing: bytes[start..<position]), of: source))
        }
        return sections
    }

    mutating func byte() throws(SnapshotError) -> UInt8 {
        guard position < bytes.count else { throw .malformed }
        defer { position += 1 }
        return bytes[position]
    }

    @inline(__always)
    mutating func integer() throws(SnapshotError) -> Int64 {
        // Most fit a byte.
        if position < bytes.count, bytes[position] < 0x80 {
            let value = Int64(bytes[position])
            position += 1
            return value >> 1 ^ -(value & 1)
        }
        return try longInteger()
    }

    private mutating func longInteger() throws(SnapshotError) -> Int64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let next = try byte()
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 {
                return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
            }
        }
        throw .malformed
    }

    /// How many values follow: each takes a byte at least, so a damaged number costs nothing.
    mutating func count() throws(SnapshotError) -> Int {
        let count = try integer()
        guard count >= 0, count <= Int64(bytes.count - position) else { throw .malformed }
        return Int(count)
    }

    /// How many values to make room for at once, where a damaged number may say anything.
    func room(for count: Int) -> Int { min(count, 16 + (bytes.count - position) / 16) }

    mutating func number() throws(SnapshotError) -> Int {
        guard let value = Int(exactly: try integer()) else { throw .malformed }
        return value
    }

    mutating func boolean() throws(SnapshotError) -> Bool {
        switch try byte() {
        case 0: return false
        case 1: return true
        default: throw .malformed
        }
    }

    mutating func time() throws(SnapshotError) -> Timestamp {
        Timestamp(milliseconds: try integer())
    }

    mutating func hash() throws(SnapshotError) -> Hash256 {
        guard bytes.count - position >= 32 else { throw .malformed }
        defer { position += 32 }
        return Hash256(UnsafeRawBufferPointer(rebasing: bytes[position..<(position + 32)]))
    }

    mutating func string() throws(SnapshotError) -> String {
        guard isSkimming else { return try name() }
        position += try count()
        return ""
    }

    /// A text that something is found by.
    mutating func name() throws(SnapshotError) -> String {
        let length = try count()
        defer { position += length }
        return String(
            decoding: UnsafeRawBufferPointer(rebasing: bytes[position..<(position + length)]),
            as: UTF8.self)
    }

    mutating func sharedString() throws(SnapshotError) -> String {
        let number = try self.number()
        if number >= 0, number < shared.count { return shared[number] }
        guard number == shared.count else { throw .malformed }
        shared.append(try string())
        return shared[number]
    }

    mutating func optional<T>(
        _ body: (inout SnapshotReader) throws(SnapshotError) -> T
    ) throws(SnapshotError) -> T? {
        try boolean() ? try body(&self) : nil
    }

    mutating func array<T>(
        _ body: (inout SnapshotReader) throws(SnapshotError) -> T
    ) throws(SnapshotError) -> [T] {
        let count = try self.count()
        var values: [T] = []
        guard !isSkimming else {
            for _ in 0..<count { _ = try body(&self) }
            return values
        }
        values.reserveCapacity(room(for: count))
        for _ in 0..<count { values.append(try body(&self)) }
        return values
    }

    mutating func value<T: Snapshotted>(
        _ type: T.Type = T.self
    ) throws(SnapshotError) -> T { try T(reading: &self) }

    mutating func optional<T: Snapshotted>(
        _ type: T.Type = T.self
    ) throws(SnapshotError) -> T? { try boolean() ? try T(reading: &self) : nil }

    mutating func array<T: Snapshotted>(
        _ type: T.Type = T.self
    ) throws(SnapshotError) -> [T] {
        try array { (reader) throws(SnapshotError) in try T(reading: &reader) }
    }

    mutating func choice<T: CaseIterable>(
        of type: T.Type = T.self
    ) throws(SnapshotError) -> T where T.AllCases: RandomAccessCollection {
        let number = try self.number()
        guard number >= 0, number < T.allCases.count else { throw .malformed }
        return T.allCases[T.allCases.index(T.allCases.startIndex, offsetBy: number)]
    }
}
