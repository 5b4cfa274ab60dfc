/// One BER-TLV data object: a tag and where its value lies.
package struct TLV: Equatable, Sendable {
    package let tag: TLVTag
    /// The value; its indices are those of the bytes the first reader was given.
    package let value: ArraySlice<UInt8>
    /// How many objects it stands in, from 0.
    package let depth: Int

    /// A reader for the objects in the value, whether or not the tag says that there are some.
    ///
    /// - Throws: `.nestedTooDeep` beyond `TLVReader.deepest` levels.
    package func children(
        padding: TLVReader.Padding = .refused
    ) throws(APDUError) -> TLVReader {
        try TLVReader(value, padding: padding, depth: depth + 1)
    }
}

/// Reads BER-TLV data objects one after the other (ISO 7816-4, 5.2.2): tags of one to three
/// bytes, definite lengths of one to five, no recursion of its own.
///
/// Tags whose number would fit a shorter form (BF0C, DF01) and lengths written longer than
/// need be are taken, since real cards send both.
package struct TLVReader: Sendable {
    /// What to do with bytes 00 and FF before, between and behind objects, which 5.2.2.1
    /// allows where data objects were erased or changed.
    package enum Padding: Equatable, Sendable {
        case refused
        case skipped
    }

    /// The deepest nesting followed.
    package static var deepest: Int { 16 }

    /// What is not read yet.
    package private(set) var rest: ArraySlice<UInt8>
    private let padding: Padding
    private let depth: Int

    package init(_ bytes: ArraySlice<UInt8>, padding: Padding = .refused) {
        rest = bytes
        self.padding = padding
        depth = 0
    }

    package init(_ bytes: [UInt8], padding: Padding = .refused) {
        self.init(bytes[...], padding: padding)
    }

    fileprivate init(
        _ bytes: ArraySlice<UInt8>, padding: Padding, depth: Int
    ) throws(APDUError) {
        guard depth <= Self.deepest else {
            throw APDUError(.nestedTooDeep(limit: Self.deepest), at: bytes.startIndex)
        }
        rest = bytes
        self.padding = padding
        self.depth = depth
    }

    /// The next object, or nil at the end.
    ///
    /// - Throws: `.objectTruncated`, `.tagInvalid`, `.lengthInvalid`, `.valueTruncated`,
    ///   `.paddingFound`; the offset is an index of the bytes the first reader was given.
    package mutating func next() throws(APDUError) -> TLV? {
        while let byte = rest.first, byte == 0x00 || byte == 0xFF {
            guard padding == .skipped else { throw APDUError(.paddingFound, at: rest.startIndex) }
            rest.removeFirst()
        }
        guard !rest.isEmpty else { return nil }
        var cursor = rest
        let tag = try Self.tag(&cursor)
        let length = try Self.length(&cursor)
        guard length <= UInt32(truncatingIfNeeded: cursor.count) else {
            throw APDUError(.valueTruncated, at: cursor.startIndex)
        }
        let end = cursor.startIndex + Int(length)
        let value = cursor[cursor.startIndex..<end]
        rest = cursor[end...]
        return TLV(tag: tag, value: value, depth: depth)
    }

    /// The first object with `tag` among those not read yet; nil where there is none.
    package mutating func first(_ tag: TLVTag) throws(APDUError) -> TLV? {
        while let object = try next() {
            if object.tag == tag { return object }
        }
        return nil
    }

    /// All objects not read yet.
    package mutating func all() throws(APDUError) -> [TLV] {
        var objects: [TLV] = []
        while let object = try next() { objects.append(object) }
        return objects
    }

    /// The object at the end of `path`: the first with the first tag, in it the first with the
    /// second tag, and so on. Nil where one of them is missing, and for an empty path.
    package static func find(
        _ path: [TLVTag], in bytes: ArraySlice<UInt8>, padding: Padding = .refused
    ) throws(APDUError) -> TLV? {
        var reader = TLVReader(bytes, padding: padding)
        var found: TLV?
        for tag in path {
            if let outer = found { reader = try outer.children(padding: padding) }
            found = try reader.first(tag)
            if found == nil { return nil }
        }
        return found
    }

    package static func find(
        _ path: [TLVTag], in bytes: [UInt8], padding: Padding = .refused
    ) throws(APDUError) -> TLV? {
        try find(path, in: bytes[...], padding: padding)
    }

    private static func tag(_ cursor: inout ArraySlice<UInt8>) throws(APDUError) -> TLVTag {
        let start = cursor.startIndex
        let first = try byte(&cursor)
        guard first & 0x1F == 0x1F else { return TLVTag(UInt32(first)) }
        let second = try byte(&cursor)
        // 80 would be a leading zero in the number of the tag.
        guard second != 0x80 else { throw APDUError(.tagInvalid, at: start) }
        let two = UInt32(first) << 8 | UInt32(second)
        guard second & 0x80 != 0 else { return TLVTag(two) }
        let third = try byte(&cursor)
        guard third & 0x80 == 0 else { throw APDUError(.tagInvalid, at: start) }
        return TLVTag(two << 8 | UInt32(third))
    }

    private static func length(_ cursor: inout ArraySlice<UInt8>) throws(APDUError) -> UInt32 {
        let start = cursor.startIndex
        let first = try byte(&cursor)
        guard first >= 0x80 else { return UInt32(first) }
        guard first >= 0x81, first <= 0x84 else { throw APDUError(.lengthInvalid, at: start) }
        var length: UInt32 = 0
        for _ in 0..<(first & 0x0F) { length = length << 8 | UInt32(try byte(&cursor)) }
        return length
    }

    private static func byte(_ cursor: inout ArraySlice<UInt8>) throws(APDUError) -> UInt8 {
        guard let byte = cursor.popFirst() else {
            throw APDUError(.objectTruncated, at: cursor.startIndex)
        }
        return byte
    }
}
