/// What the letters of Vietnamese are made of: a shape and a tone.
package enum VietnameseLetters {
    private static let tones: [Unicode.Scalar] = [
        "\u{300}", "\u{301}", "\u{309}", "\u{303}", "\u{323}",
    ]

    /// A vowel, then the same with grave, acute, hook above, tilde, dot below.
    private static let vowels = [
        "aàáảãạ", "ăằắẳẵặ", "âầấẩẫậ", "eèéẻẽẹ", "êềếểễệ", "iìíỉĩị",
        "oòóỏõọ", "ôồốổỗộ", "ơờớởỡợ", "uùúủũụ", "ưừứửữự", "yỳýỷỹỵ",
    ]

    private static let toned: [Unicode.Scalar: (letter: Unicode.Scalar, tone: Unicode.Scalar)] = {
        var table: [Unicode.Scalar: (letter: Unicode.Scalar, tone: Unicode.Scalar)] = [:]
        for row in vowels {
            guard let letter = row.unicodeScalars.first else { continue }
            for (tone, with) in zip(tones, row.unicodeScalars.dropFirst()) {
                table[with] = (letter, tone)
            }
        }
        return table
    }()

    /// Letter and tone of a small vowel with a tone; nil for everything else.
    static func tone(_ scalar: Unicode.Scalar) -> (letter: Unicode.Scalar, tone: Unicode.Scalar)? {
        toned[scalar]
    }

    /// The letter, digit or mark of usual width for one of the width of a Chinese character, and
    /// the plain slash for others.
    static func narrow(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
        case 0x2044, 0x2215, 0x29F8: "/"
        case 0x2212: "-"
        default: scalar
        }
    }

    /// Dashes and quotation marks of every width as the plain ones.
    static func plainMark(_ scalar: Unicode.Scalar) -> String {
        switch scalar.properties.generalCategory {
        case .dashPunctuation: "-"
        case .initialPunctuation, .finalPunctuation: "\""
        default: String(Character(scalar))
        }
    }

    /// A word with letters that look like Vietnamese ones replaced by those.
    package static func seen(_ word: String) -> String {
        replaced(word) { scalar in
            switch scalar {
            case "ð", "ɖ": "đ"
            // Cyrillic and Greek letters with the same face.
            case "а": "a"
            case "е": "e"
            case "і", "ι": "i"
            case "о", "ο": "o"
            case "р": "p"
            case "с": "c"
            case "у": "y"
            case "х": "x"
            default: scalar
            }
        }
    }

    static func withOneI(_ word: String) -> String { replaced(word) { $0 == "y" ? "i" : $0 } }

    /// A word of `ComparedText` without shape and tone.
    package static func bare(_ word: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in word.unicodeScalars {
            switch scalar {
            case "ă", "â": result.append("a")
            case "ê": result.append("e")
            case "ô", "ơ": result.append("o")
            case "ư": result.append("u")
            case "đ": result.append("d")
            case "y": result.append("i")
            default:
                if scalar.properties.generalCategory != .nonspacingMark { result.append(scalar) }
            }
        }
        return String(result)
    }

    private static func replaced(
        _ word: String, _ change: (Unicode.Scalar) -> Unicode.Scalar
    ) -> String {
        var result = String.UnicodeScalarView()
        for scalar in word.unicodeScalars { result.append(change(scalar)) }
        return String(result)
    }
}
