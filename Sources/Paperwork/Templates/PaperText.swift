import JSON

// Characters of templates and values.

extension String {
    var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }

    /// The same text in Unicode's Normalization Form C.
    var nfc: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count)
        _withNFCCodeUnits { bytes.append($0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Unicode.Scalar {
    /// What cannot be seen, or turns the direction of writing, or no document may have.
    var isTreacherous: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0: true
        case 0xAD, 0x61C, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F: true
        case 0xFDD0...0xFDEF, 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F: true
        default: value & 0xFFFE == 0xFFFE
        }
    }

    fileprivate var isMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .spacingMark: true
        default: false
        }
    }

    /// As papers show what cannot be seen: \u{202E}.
    fileprivate var writtenOut: [UInt8] {
        Array("\\u{\(String(value, radix: 16, uppercase: true))}".utf8)
    }

    /// The number of the character, for people: U+202E.
    var number: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

/// Writes text so that HTML shows it and understands none of it.
///
/// What cannot be seen is written out (`\u{202E}`), and a mark at the beginning stands as a
/// reference, or it would join what is before it. A line feed ends a line where `hasLines`, and
/// is a blank elsewhere.
package func escape(_ text: String, hasLines: Bool = false, into paper: inout [UInt8]) {
    let bytes = Array(text.isASCII ? text.utf8 : text.nfc.utf8)
    var isFirst = true
    var offset = 0
    while offset < bytes.count {
        let byte = bytes[offset]
        guard byte < 0x80 else {
            let scalar = scalar(in: bytes, at: &offset)
            if scalar.isTreacherous {
                paper += scalar.writtenOut
            } else if isFirst, scalar.isMark {
                paper += Array("&#\(scalar.value);".utf8)
            } else {
                paper += Array(String(scalar).utf8)
            }
            isFirst = false
            continue
        }
        offset += 1
        switch byte {
        case UInt8(ascii: "&"): paper += Array("&amp;".utf8)
        case UInt8(ascii: "<"): paper += Array("&lt;".utf8)
        case UInt8(ascii: ">"): paper += Array("&gt;".utf8)
        case UInt8(ascii: "\""): paper += Array("&quot;".utf8)
        case UInt8(ascii: "'"): paper += Array("&#39;".utf8)
        case 0x0A where hasLines: paper += Array("<br>".utf8)
        case 0x0D where hasLines: break
        case 0x09, 0x0A, 0x0D: paper.append(0x20)
        case 0..<0x20, 0x7F: paper += Unicode.Scalar(byte).writtenOut
        default: paper.append(byte)
        }
        isFirst = byte == 0x0A
    }
}

/// The scalar that begins at `offset` of valid UTF-8, which is moved behind it.
private func scalar(in bytes: [UInt8], at offset: inout Int) -> Unicode.Scalar {
    let lead = bytes[offset]
    guard lead >= 0x80 else {
        offset += 1
        return Unicode.Scalar(lead)
    }
    let count = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    var value = UInt32(lead & (0xFF >> UInt8(count + 1)))
    for follower in bytes[(offset + 1)...].prefix(count - 1) {
        value = value << 6 | UInt32(follower & 0x3F)
    }
    offset += count
    return Unicode.Scalar(value) ?? "\u{FFFD}"
}

/// What is wrong with the characters of a file, and at which byte.
func wrongCharacter(in bytes: [UInt8]) -> (offset: Int, wrong: String, remedy: String)? {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
        return (0, "the file begins with a byte order mark", "Save it as UTF-8 without one")
    }
    var offset = 0
    while offset < bytes.count {
        let byte = bytes[offset]
        if (0x20..<0x7F).contains(byte) || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            offset += 1
            continue
        }
        guard bytes.withUnsafeBytes({ utf8Length($0, at: offset) }) > 0 else {
            return (
                offset, "the file is not UTF-8 here",
                "Save it as UTF-8; older Vietnamese encodings (TCVN3, VNI) are not read"
            )
        }
        let start = offset
        let scalar = scalar(in: bytes, at: &offset)
        guard !scalar.isTreacherous else {
            return (
                start, "here stands \(scalar.number), which cannot be seen",
                "Take it out; type the text anew where it was pasted from elsewhere"
            )
        }
    }
    let normal = Array(String(decoding: bytes, as: UTF8.self).nfc.utf8)
    guard normal != bytes else { return nil }
    var differing = 0
    while differing < min(bytes.count, normal.count), bytes[differing] == normal[differing] {
        differing += 1
    }
    while differing > 0, differing < bytes.count, bytes[differing] & 0xC0 == 0x80 { differing -= 1 }
    return (
        differing, "a letter and its mark stand here as two characters (not NFC)",
        "Type the word anew with Unicode precomposed letters (Unicode dựng sẵn)"
    )
}
