/// What a file is written in, as far as it can be told from its bytes and letters.
package enum TextEncoding {
    /// The text of a UTF-8 file without its byte order mark, or what is wrong and what to do.
    package static func text(_ bytes: [UInt8]) -> Result<String, WrongEncoding> {
        if let foreign = ForeignFile(bytes) {
            return .failure(WrongEncoding(offset: 0, found: .foreign(foreign)))
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
            || looksLikeUTF16(bytes)
        {
            return .failure(WrongEncoding(offset: 0, found: .utf16))
        }
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        let text = String(decoding: body, as: UTF8.self)
        // Each byte that is no UTF-8 was replaced: the first difference is where it stands.
        var at = body.startIndex
        for byte in text.utf8 {
            guard at < body.endIndex, body[at] == byte else {
                return .failure(WrongEncoding(offset: at, found: .notUTF8))
            }
            at += 1
        }
        return .success(text)
    }

    package struct WrongEncoding: Error {
        /// The byte's place in the file.
        package let offset: Int
        package let found: Found

        package enum Found: Equatable, Sendable {
            case foreign(ForeignFile)
            case utf16
            case notUTF8

            /// And what to do.
            package var wrong: String {
                switch self {
                case .foreign(let file): "the file is \(file.name), not text; " + saving
                case .utf16: "the file is UTF-16; " + saving
                case .notUTF8:
                    "the file is not UTF-8 here, perhaps TCVN3 (ABC), VNI or Windows-1258; "
                        + saving
                }
            }
        }
    }

    private static let saving =
        "save it as UTF-8 (in a spreadsheet: CSV UTF-8), with letters of Unicode"

    /// Many zero bytes at only the even or only the odd places.
    private static func looksLikeUTF16(_ bytes: [UInt8]) -> Bool {
        let start = bytes.prefix(256)
        guard start.count >= 4 else { return false }
        var zeros = [0, 0]
        for (i, byte) in start.enumerated() where byte == 0 { zeros[i % 2] += 1 }
        return max(zeros[0], zeros[1]) * 4 >= start.count && min(zeros[0], zeros[1]) == 0
    }

    /// What is wrong with text whose letters were made for another encoding, though its bytes are
    /// UTF-8: nil where nothing shows.
    /// - Parameter least: how many such letters there must be; a person's name may be a foreign one
    ///   and have one of them.
    package static func wrongLetters(_ text: String, least: Int = 2) -> WrongLetters? {
        let scalars = Array(text.unicodeScalars)
        guard scalars.contains(where: { $0.value > 0x7F }) else { return nil }
        var twice = 0
        var tcvn = 0
        var vni = 0
        for (i, scalar) in scalars.enumerated() {
            // Letters only Vietnamese has, in Unicode: then the text is what it seems.
            if isVietnamese(scalar) { return nil }
            let hasLetterBehind = i + 1 < scalars.count && scalars[i + 1].properties.isAlphabetic
            if isDInTCVN3(scalar), hasLetterBehind,
                i == 0 || !scalars[i - 1].properties.isAlphabetic
            {
                tcvn += 1
            }
            guard i > 0 else {
                if isDInVNI(scalar), hasLetterBehind { vni += 1 }
                continue
            }
            let before = scalars[i - 1]
            if before == "á", scalar == "»" || scalar == "º" { twice += 2 }
            if before == "Ã" || before == "Ä" || before == "Æ",
                (0x80...0xBF).contains(scalar.value) || scalar == "‘" || scalar == "’"
            {
                twice += 1
            }
            // Among capitals Ô is Ô, as in CÔ TÔ.
            if isMarkOfTCVN3(scalar), before.properties.isAlphabetic,
                scalar != "Ô" || before.properties.isLowercase
            {
                // No language writes such a sign inside of a word.
                tcvn += hasLetterBehind && isSign(scalar) ? 2 : 1
            }
            // What ươ looks like.
            if scalar == "ô" || scalar == "Ô", before == "ö" || before == "Ö" { vni += 1 }
            if isMarkOfVNI(scalar) ? isVowel(before) : isMarkedVowel(scalar) && isAOrE(before) {
                vni += 1
            }
            if isDInVNI(scalar), before.properties.isWhitespace { vni += 1 }
        }
        if twice >= 2 { return .readAsAnother }
        if tcvn >= least { return .tcvn3 }
        if vni >= least { return .vni }
        return nil
    }

    /// The same of text that is Vietnamese for certain, where one word is enough: letters inside of
    /// it that no Vietnamese word has there.
    package static func wrongWord(_ text: String) -> WrongLetters? {
        for word in text.unicodeScalars.split(whereSeparator: \.properties.isWhitespace)
        where word.contains(where: { $0.value > 0x7F }) && !word.contains(where: isVietnamese) {
            if let wrong = wrongInside(Array(word)) { return wrong }
        }
        return nil
    }

    private static func wrongInside(_ word: [Unicode.Scalar]) -> WrongLetters? {
        for (i, scalar) in word.enumerated() {
            let isLast = i + 1 == word.count || !word[i + 1].properties.isAlphabetic
            guard i > 0, word[i - 1].properties.isAlphabetic else {
                if isLast { continue }
                if isDInTCVN3(scalar) { return .tcvn3 }
                if isDInVNI(scalar) { return .vni }
                continue
            }
            let before = word[i - 1]
            let isAmongSmall =
                before.properties.isLowercase && (isLast || word[i + 1].properties.isLowercase)
            if isWrongInTCVN3(scalar, isLast: isLast) || isAmongSmall && isCapital(scalar) {
                return .tcvn3
            }
            if isWrongInVNI(scalar, behind: before, isLast: isLast) { return .vni }
        }
        return nil
    }

    /// Signs that do not stand behind a letter, or not between two; ª, © and » end words.
    private static func isWrongInTCVN3(_ scalar: Unicode.Scalar, isLast: Bool) -> Bool {
        switch scalar {
        case "¨", "¬", "µ", "¶", "¸": true
        case "ª", "®", "×", "ß": !isLast
        default: !isLast && isSign(scalar)
        }
    }

    private static func isCapital(_ scalar: Unicode.Scalar) -> Bool {
        ("À"..."Þ").contains(scalar) && scalar != "×"
    }

    /// Vowels that do not stand behind that letter; õ does in goõng.
    private static func isWrongInVNI(
        _ scalar: Unicode.Scalar, behind before: Unicode.Scalar, isLast: Bool
    ) -> Bool {
        switch scalar {
        case "ö", "Ö": !isLast || isVowel(before)
        case "õ", "Õ": isVowel(before) && !"oOiI".unicodeScalars.contains(before)
        case "ù", "Ù": isVowel(before)
        case "â", "Â": "aeoAEO".unicodeScalars.contains(before)
        default: isMarkOfVNI(scalar) ? isVowel(before) : isMarkedVowel(scalar) && isAOrE(before)
        }
    }

    /// Which letters those are.
    package enum WrongLetters: Equatable, Sendable, CaseIterable {
        case readAsAnother, tcvn3, vni

        package var what: String {
            switch self {
            case .readAsAnother: "UTF-8 that was read as another encoding and saved again"
            case .tcvn3: "letters of TCVN3 (ABC fonts, as .VnTime)"
            case .vni: "letters of VNI fonts (as VNI-Times)"
            }
        }

        /// For a file that a program wrote.
        package var inATable: String { what + "; " + saving }

        /// For a file that people write.
        package var inAFile: String { what + ": type it anew with letters of Unicode" }
    }

    private static func isVietnamese(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "đ", "Đ", "ă", "Ă", "ơ", "Ơ", "ư", "Ư", "\u{1EA0}"..."\u{1EF9}": true
        default: false
        }
    }

    /// TCVN3 has its vowels where Latin-1 has signs.
    private static func isMarkOfTCVN3(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "¨", "©", "ª", "«", "¬", "®", "µ", "¶", "·", "¸", "¹", "»", "¼", "½", "¾", "Ô", "Ö",
            "×", "Ø", "Ü", "Þ", "ß":
            true
        default: false
        }
    }

    /// Of those, what is a sign in Latin-1 and never stands between two letters.
    private static func isSign(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "¨", "©", "«", "¬", "¶", "¸", "¹", "»", "¼", "½", "¾": true
        default: false
        }
    }

    private static func isDInTCVN3(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "®" || scalar == "§"
    }

    /// VNI writes a tone or shape as a letter of its own behind the vowel.
    private static func isMarkOfVNI(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "ä", "å", "ë", "ï", "û", "õ", "ø", "ü", "Ä", "Å", "Ë", "Ï", "Û", "Õ", "Ø", "Ü": true
        default: false
        }
    }

    /// Behind a and e no vowel with a mark is ever written: the mark is on them.
    private static func isMarkedVowel(_ scalar: Unicode.Scalar) -> Bool {
        "àáâãèéêìíòóôõùúýÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ".unicodeScalars.contains(scalar)
    }

    private static func isAOrE(_ scalar: Unicode.Scalar) -> Bool {
        "aeAE".unicodeScalars.contains(scalar)
    }

    private static func isDInVNI(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "ñ" || scalar == "Ñ"
    }

    private static func isVowel(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a", "e", "i", "o", "u", "y", "ô", "ö", "A", "E", "I", "O", "U", "Y", "Ô", "Ö": true
        default: false
        }
    }
}
