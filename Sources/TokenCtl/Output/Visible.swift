extension Unicode.Scalar {
    /// Whether a terminal or a reader could take it for something else than itself: control
    /// characters, and what turns the direction of writing or cannot be seen.
    var isTreacherous: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0: true
        case 0xAD, 0x61C, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F: true
        case 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F: true
        default: false
        }
    }
}

/// Text from outside as it may be shown: nothing in it moves the cursor, rings, changes colours
/// or the direction of writing.
func visible(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: \.isTreacherous) else { return text }
    var shown = ""
    for scalar in text.unicodeScalars {
        if scalar.isTreacherous {
            shown += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
        } else {
            shown.unicodeScalars.append(scalar)
        }
    }
    return shown
}

/// The same for a JSON document: an escape of JSON's own, so that it stays the same document.
/// In valid JSON such characters stand in strings only, but for line feeds and tabs.
func visibleJSON(_ document: String) -> String {
    guard document.unicodeScalars.contains(where: \.isTreacherous) else { return document }
    var shown = ""
    for scalar in document.unicodeScalars {
        guard scalar.isTreacherous, scalar != "\n", scalar != "\t" else {
            shown.unicodeScalars.append(scalar)
            continue
        }
        for unit in String(scalar).utf16 {
            let digits = String(unit, radix: 16)
            shown += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }
    return shown
}
