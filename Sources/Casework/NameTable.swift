/// Finds a case of an enumeration by its name's bytes, without making a string of them: a start
/// looks up some ten million names.
struct NameTable<Value: RawRepresentable<String> & CaseIterable & Sendable>: Sendable {
    /// How long a name is, its first eight bytes and its last eight: all of it up to sixteen.
    private struct Ends: Equatable {
        let count: Int
        let first, last: UInt64

        init(_ name: UnsafeRawBufferPointer) {
            count = name.count
            if count >= 8 {
                first = name.word(at: 0)
                last = name.word(at: count - 8)
            } else {
                var word: UInt64 = 0
                for byte in name { word = word << 8 | UInt64(byte) }
                (first, last) = (word, 0)
            }
        }

        /// The names are our own: nobody gains by making them collide.
        var hash: Int {
            let mixed = first ^ (last &+ UInt64(count)) &* 0x9E37_79B9_7F4A_7C15
            return Int((mixed &* 0xD6E8_FEB8_6659_FD93) >> 33)
        }
    }

    private struct Entry {
        let ends: Ends
        let value: Value
    }

    /// By hash, each at the next free place; at most half full.
    private let entries: [Entry?]

    init() {
        let all = Array(Value.allCases)
        var size = 8
        while size < 2 * all.count { size *= 2 }
        var entries = [Entry?](repeating: nil, count: size)
        for value in all {
            let ends = Array(value.rawValue.utf8).withUnsafeBytes { Ends($0) }
            var place = ends.hash & (size - 1)
            while entries[place] != nil { place = (place + 1) & (size - 1) }
            entries[place] = Entry(ends: ends, value: value)
        }
        self.entries = entries
    }

    subscript(_ name: UnsafeRawBufferPointer) -> Value? {
        let ends = Ends(name)
        var place = ends.hash & (entries.count - 1)
        while let entry = entries[place] {
            if entry.ends == ends, ends.count <= 16 || NameTable.is(name, entry.value) {
                return entry.value
            }
            place = (place + 1) & (entries.count - 1)
        }
        return nil
    }

    /// What two ends do not say.
    private static func `is`(_ name: UnsafeRawBufferPointer, _ value: Value) -> Bool {
        name.elementsEqual(value.rawValue.utf8)
    }
}
