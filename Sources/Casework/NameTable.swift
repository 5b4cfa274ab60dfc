/// Finds a case of an enumeration by its name's bytes, without making a string of them: a start
/// looks up some ten million names.
struct NameTable<Value: RawRepresentable<String> & CaseIterable & Sendable>: Sendable {
    private struct Entry {
        let name: [UInt8]
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
            let name = Array(value.rawValue.utf8)
            var place = name.withUnsafeBytes { NameTable.hash($0) } & (size - 1)
            while entries[place] != nil { place = (place + 1) & (size - 1) }
            entries[place] = Entry(name: name, value: value)
        }
        self.entries = entries
    }

    subscript(_ name: UnsafeRawBufferPointer) -> Value? {
        var place = NameTable.hash(name) & (entries.count - 1)
        while let entry = entries[place] {
            if entry.name.count == name.count, name.elementsEqual(entry.name) { return entry.value }
            place = (place + 1) & (entries.count - 1)
        }
        return nil
    }

    /// The names are our own: nobody gains by making them collide.
    private static func hash(_ name: UnsafeRawBufferPointer) -> Int {
        var hash: UInt32 = 2_166_136_261
        for byte in name { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return Int(hash ^ hash >> 15)
    }
}
