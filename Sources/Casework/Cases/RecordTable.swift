/// Names something by a year and a number within it, as a rule.
protocol YearlyID: Hashable, Sendable {
    /// Year and number; nil for an id of another form.
    var parts: (year: Int, number: Int)? { get }
}

/// What such an id names.
protocol Numbered: Sendable, Snapshotted {
    associatedtype ID: YearlyID
    var id: ID { get }
    /// Whether something is still to be done for it.
    var isPending: Bool { get }
}

extension CaseID: YearlyID {}
extension RequestID: YearlyID {}
extension CaseFile: Numbered {}
extension RequestFile: Numbered {
    var isPending: Bool { false }
}

/// Cases or requests in the order they came in, found by their ids and changed in place: a start
/// makes a million changes.
///
/// They stand in blocks: none is moved when more come, what is changed while a snapshot is
/// being written is copied by the block, and a block of a snapshot is read when it is asked for.
struct RecordTable<Record: Numbered>: Sendable {
    static var blockSize: Int { StoredBlock<Record>.size }

    private struct Block: Sendable {
        /// Empty where `stored` has them.
        var records: [Record] = []
        var stored: StoredBlock<Record>?

        var all: [Record] { stored?.records ?? records }

        mutating func takeOver() {
            guard let stored else { return }
            records = stored.records
            self.stored = nil
        }
    }

    private var blocks: [Block] = []
    private(set) var count = 0
    private var numbers = NumberPlaces()
    /// Of ids that the numbers do not lead to.
    private var others: [Record.ID: Int32] = [:]

    init() {}

    subscript(_ id: Record.ID) -> Record? { place(of: id).map { self[place: $0] } }

    /// Where a record stands, for `subscript(place:)`.
    func place(of id: Record.ID) -> Int? {
        // Two ids can have the same parts: 2026-0000001 is another one than 2026-000001.
        if let parts = id.parts, let place = numbers.place(of: parts), isRecord(place, id) {
            return place
        }
        return others.isEmpty ? nil : others[id].map { Int($0) }
    }

    /// Looks at the id alone: a record would be copied for it.
    private func isRecord(_ place: Int, _ id: Record.ID) -> Bool {
        let (block, index) = (place / Self.blockSize, place % Self.blockSize)
        return if let stored = blocks[block].stored {
            stored.records[index].id == id
        } else {
            blocks[block].records[index].id == id
        }
    }

    /// Changes a record where it stands.
    mutating func change<R>(_ place: Int, _ body: (inout Record) -> R) -> R {
        body(&self[place: place])
    }

    subscript(place place: Int) -> Record {
        _read {
            let block = place / Self.blockSize
            if let stored = blocks[block].stored {
                yield stored.records[place % Self.blockSize]
            } else {
                yield blocks[block].records[place % Self.blockSize]
            }
        }
        _modify {
            let block = place / Self.blockSize
            if blocks[block].stored != nil { blocks[block].takeOver() }
            yield &blocks[block].records[place % Self.blockSize]
        }
    }

    /// Adds a record that is not there yet.
    mutating func add(_ record: Record) {
        note(record.id, at: count)
        if count % Self.blockSize == 0 {
            blocks.append(Block())
            // The first grows with a small station; later ones are filled soon.
            if count > 0 { blocks[blocks.count - 1].records.reserveCapacity(Self.blockSize) }
        }
        blocks[blocks.count - 1].takeOver()
        blocks[blocks.count - 1].records.append(record)
        count += 1
    }

    private mutating func note(_ id: Record.ID, at place: Int) {
        if let parts = id.parts, numbers.note(parts, at: place) { return }
        others[id] = Int32(truncatingIfNeeded: place)
    }

    // MARK: In a snapshot

    /// - Parameter stored: all of them full but for the last.
    init(_ stored: [StoredBlock<Record>]) {
        for block in stored {
            blocks.append(Block(stored: block))
            for (index, parts) in block.parts.enumerated() {
                if parts.map({ numbers.note($0, at: count + index) }) != true {
                    others[block.records[index].id] = Int32(truncatingIfNeeded: count + index)
                }
            }
            count += block.parts.count
        }
    }

    /// Blocks that nobody has changed since they were found in a snapshot.
    var stored: [StoredBlock<Record>] { blocks.compactMap(\.stored) }

    /// Makes their records its own.
    mutating func takeOver() {
        for block in blocks.indices { blocks[block].takeOver() }
    }

    /// Takes the records of another table in the place of blocks that nobody has changed.
    /// - Parameter other: one that would write the same snapshot.
    mutating func takeOver(from other: RecordTable) {
        for block in blocks.indices where blocks[block].stored != nil {
            guard other.blocks.indices.contains(block) else { return }
            blocks[block] = Block(records: other.blocks[block].all)
        }
    }

    /// Each block by itself, so that it can be read by itself.
    func write(to snapshot: SnapshotWriter) {
        snapshot.put(blocks.count)
        for block in blocks { snapshot.section { snapshot.put(block.all) } }
    }
}

extension RecordTable: RandomAccessCollection {
    var startIndex: Int { 0 }
    var endIndex: Int { count }
    subscript(_ position: Int) -> Record { self[place: position] }
}

/// Places by year and number. Numbers are given out one after another, so most need no more room
/// than the place itself.
struct NumberPlaces: Sendable {
    private struct Year {
        var first = 0
        var places: [Int32] = []
    }

    /// How many numbers may be missing between two that come one after the other.
    private static let widestGap = 1000
    private static let none: Int32 = -1

    private var firstYear = 0
    private var years: [Year] = []

    func place(of parts: (year: Int, number: Int)) -> Int? {
        let index = parts.year - firstYear
        guard years.indices.contains(index) else { return nil }
        let offset = parts.number - years[index].first
        guard years[index].places.indices.contains(offset) else { return nil }
        let place = years[index].places[offset]
        return place == Self.none ? nil : Int(place)
    }

    /// - Returns: false where these are not the next numbers, or are taken.
    mutating func note(_ parts: (year: Int, number: Int), at place: Int) -> Bool {
        if years.isEmpty { firstYear = parts.year }
        let index = parts.year - firstYear
        guard index >= 0 else { return false }
        while years.count <= index { years.append(Year()) }
        if years[index].places.isEmpty { years[index].first = parts.number }
        let offset = parts.number - years[index].first
        let count = years[index].places.count
        guard offset >= 0, offset - count <= Self.widestGap else { return false }
        if offset < count, years[index].places[offset] != Self.none { return false }
        while years[index].places.count <= offset { years[index].places.append(Self.none) }
        years[index].places[offset] = Int32(truncatingIfNeeded: place)
        return true
    }
}
