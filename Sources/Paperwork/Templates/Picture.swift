import JSON

/// Pictures that stand in a template themselves: base64 behind `data:image/png;base64,` or jpeg.
enum Picture {
    private struct Kind {
        let name: String
        let type: String
        /// The first bytes of a picture decide the first characters of its base64.
        let beginnings: [String]
        let isShown: Bool

        var scheme: String { "data:image/\(type);base64," }
    }

    private static let kinds = [
        Kind(name: "PNG", type: "png", beginnings: ["iVBORw0KGgo"], isShown: true),
        Kind(name: "JPEG", type: "jpeg", beginnings: ["/9j/"], isShown: true),
        Kind(name: "GIF", type: "gif", beginnings: ["R0lGOD"], isShown: false),
        Kind(name: "WebP", type: "webp", beginnings: ["UklGR"], isShown: false),
        Kind(name: "SVG", type: "svg+xml", beginnings: ["PHN2Zy", "PD94bWwg"], isShown: false),
    ]

    private static let anew = "Make it anew with base64 -w 0 FILE, and put in all that it prints"

    /// What keeps the value of `src` from being a picture, at which byte, and what to do.
    static func mistake(in value: ArraySlice<UInt8>) -> StyleCheck.Finding? {
        let kind = kinds.first { $0.isShown && value.starts(with: $0.scheme.utf8) }
        guard let kind else { return mistake(ofBeginning: value) }
        let picture = value.dropFirst(kind.scheme.utf8.count)
        guard let first = picture.first else {
            return StyleCheck.Finding(
                offset: value.startIndex, wrong: "no picture stands behind base64,", remedy: anew)
        }
        if let blank = picture.firstIndex(where: \.isBlank) {
            let isLine = picture[blank] == 0x0A || picture[blank] == 0x0D
            return StyleCheck.Finding(
                offset: blank,
                wrong: isLine
                    ? "the picture's base64 runs over several lines"
                    : "a blank stands in the picture's base64",
                remedy: isLine
                    ? "Write it in one line: base64 -w 0 FILE prints it so" : "Take it out")
        }
        let padding = picture.drop { byte in
            byte.isLetter || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "+")
                || byte == UInt8(ascii: "/")
        }
        if let odd = padding.firstIndex(where: { $0 != UInt8(ascii: "=") }) {
            return StyleCheck.Finding(
                offset: odd, wrong: "the picture's base64 has here what is none", remedy: anew)
        }
        let found = kinds.first { kind in
            kind.beginnings.contains { picture.starts(with: $0.utf8) }
        }
        guard let found, first != UInt8(ascii: "=") else {
            return StyleCheck.Finding(
                offset: picture.startIndex,
                wrong: "this is the base64 of no picture, or its beginning is cut off",
                remedy: anew)
        }
        guard found.type == kind.type else {
            return StyleCheck.Finding(
                offset: value.startIndex,
                wrong: "the picture is \(found.name), and image/\(kind.type) is written before it",
                remedy: found.isShown ? "Write \(found.scheme) before it" : save)
        }
        guard padding.count <= 2, picture.count % 4 == 0 else {
            return StyleCheck.Finding(
                offset: value.startIndex, wrong: "the picture's base64 is cut off", remedy: anew)
        }
        let end = PictureEnd(base64: picture)
        guard found.type == "png" ? end.isThereInPNG : end.isThereInJPEG else {
            return StyleCheck.Finding(
                offset: value.startIndex,
                wrong: "the picture is cut off: it does not go up to its own end", remedy: anew)
        }
        return nil
    }

    private static let save =
        "Save it as PNG, and write src=\"data:image/png;base64,...\" with what "
        + "base64 -w 0 FILE prints"

    /// Of a value that does not begin as a picture does.
    private static func mistake(ofBeginning value: ArraySlice<UInt8>) -> StyleCheck.Finding {
        let start = value.startIndex
        let words = String(decoding: value.prefix(128), as: UTF8.self)
            .split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r\n" })
        let text = words.joined(separator: " ")
        let small = text.lowercased()
        if ["http:", "https:", "ftp:", "//"].contains(where: { small.hasPrefix($0) }) {
            return StyleCheck.Finding(
                offset: start, wrong: "the picture lies elsewhere, and a paper fetches nothing",
                remedy: save)
        }
        guard small.hasPrefix("data:") else {
            return StyleCheck.Finding(
                offset: start,
                wrong: "\"\(shortened(text))\" is a file, and not in the template itself",
                remedy: "Write src=\"data:image/png;base64,...\" with what base64 -w 0 FILE prints")
        }
        let other = kinds.first { !$0.isShown && small.hasPrefix("data:image/\($0.type)") }
        if let other {
            return StyleCheck.Finding(
                offset: start, wrong: "the picture is \(other.name), which papers do not take",
                remedy: save)
        }
        let isJPEG = small.hasPrefix("data:image/jp")
        let scheme = "data:image/\(isJPEG ? "jpeg" : "png");base64,"
        let before = text.prefix { $0 != "," }
        return StyleCheck.Finding(
            offset: start, wrong: "no picture begins with \"\(shortened(String(before)))\"",
            remedy: "Write \(scheme) and the picture's base64 right behind it")
    }
}
