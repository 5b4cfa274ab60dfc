/// Whether a picture in base64 goes up to its own end: one that was cut where its base64 still
/// comes out even has none.
struct PictureEnd {
    private let bytes: [UInt8]

    /// - Parameter base64: letters, digits, `+` and `/` in fours, padded with at most two `=`.
    init(base64: ArraySlice<UInt8>) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(base64.count / 4 * 3)
        var bits: UInt32 = 0
        var count = 0
        for character in base64 {
            guard let value = Self.value(of: character) else { break }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        self.bytes = bytes
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character) - 97 + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character) - 48 + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    private func number(at place: Int, count: Int) -> Int? {
        guard count <= bytes.count - place else { return nil }
        return bytes[place..<(place + count)].reduce(0) { $0 << 8 | Int($1) }
    }

    /// Chunk by chunk behind the signature, up to IEND (PNG, W3C Recommendation, 5.3 and 11.2.5).
    var isThereInPNG: Bool {
        var place = 8
        // Length, name, data, checksum.
        while let length = number(at: place, count: 4), let name = number(at: place + 4, count: 4),
            length <= bytes.count - place - 12
        {
            if name == 0x4945_4E44 { return true }
            place += 12 + length
        }
        return false
    }

    /// Segment by segment behind SOI, up to EOI (ITU-T T.81, B.1): a small picture within a segment
    /// has an end of its own.
    var isThereInJPEG: Bool {
        var place = 2
        while let marker = number(at: place, count: 2), marker >> 8 == 0xFF {
            switch marker & 0xFF {
            case 0xD9: return true
            // Fill bytes, and markers without a length.
            case 0xFF: place += 1
            case 0x01, 0xD0...0xD7: place += 2
            case let code:
                guard let length = number(at: place + 2, count: 2), length >= 2 else {
                    return false
                }
                place += 2 + length
                if code == 0xDA { place = endOfScan(from: place) }
            }
        }
        return false
    }

    /// Where the next marker stands that is no part of the entropy-coded data.
    private func endOfScan(from start: Int) -> Int {
        var place = start
        while let pair = number(at: place, count: 2) {
            let code = pair & 0xFF
            if pair >> 8 == 0xFF, code != 0, code != 0xFF, !(0xD0...0xD7).contains(code) { break }
            place += 1
        }
        return place
    }
}
