/// Goes over styles (CSS) and notes what would reach outside of the paper, and what does not end.
///
/// Functions and rules that are not listed are mistakes, and so is the backslash, which could
/// write their names in other letters.
struct StyleCheck {
    struct Finding: Equatable {
        let offset: Int
        let wrong: String
        let remedy: String
    }

    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private(set) var findings: [Finding] = []

    static let functions = [
        "calc", "min", "max", "clamp", "rgb", "rgba", "hsl", "hsla", "counter", "counters",
        "rotate", "translate", "scale", "not", "is", "first-child", "nth-child",
        "nth-last-child", "nth-of-type", "nth-last-of-type", "lang", "repeat", "minmax", "and",
        "linear-gradient", "running", "element", "string",
    ]

    static let rules = [
        "page", "media", "top-left-corner", "top-left", "top-center", "top-right",
        "top-right-corner", "bottom-left-corner", "bottom-left", "bottom-center",
        "bottom-right", "bottom-right-corner", "left-top", "left-middle", "left-bottom",
        "right-top", "right-middle", "right-bottom",
    ]

    /// - Parameter isAttribute: of one element, so without braces.
    init(_ bytes: ArraySlice<UInt8>, isAttribute: Bool = false) {
        self.bytes = bytes
        position = bytes.startIndex
        run(isAttribute)
    }

    private mutating func note(_ offset: Int, _ wrong: String, _ remedy: String) {
        guard findings.count < PaperLimits.mistakes else { return }
        findings.append(Finding(offset: offset, wrong: wrong, remedy: remedy))
    }

    private mutating func run(_ isAttribute: Bool) {
        var open: [(mark: UInt8, offset: Int)] = []
        while position < bytes.endIndex {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "/") where next == UInt8(ascii: "*"): skipComment()
            case UInt8(ascii: "\""), UInt8(ascii: "'"): skipString(byte)
            case UInt8(ascii: "\\"):
                note(
                    position, "styles may have no backslash",
                    "Write the character itself, as \"–\"")
                position += 1
            case UInt8(ascii: "<"):
                note(position, "styles may have no <", "Take it out")
                position += 1
            case UInt8(ascii: "&") where isAttribute:
                note(position, "styles may have no &", "Write the character itself")
                position += 1
            case UInt8(ascii: "@"): checkRule()
            case UInt8(ascii: "{") where isAttribute, UInt8(ascii: "}") where isAttribute:
                note(position, "the styles of one element have no braces", "Take them out")
                position += 1
            case UInt8(ascii: "{"), UInt8(ascii: "("), UInt8(ascii: "["):
                if open.count >= PaperLimits.depth {
                    note(position, "too many braces within each other", "Close some first")
                    return
                }
                open.append((byte, position))
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: ")"), UInt8(ascii: "]"):
                if let last = open.last, Self.closing(last.mark) == byte {
                    open.removeLast()
                } else {
                    note(
                        position, "\"\(Character(Unicode.Scalar(byte)))\" closes nothing here",
                        "Take it out, or close first what was opened last")
                    if let last = open.lastIndex(where: { Self.closing($0.mark) == byte }) {
                        open.removeSubrange(last...)
                    }
                }
                position += 1
            case _ where isWordStart(byte): checkWord()
            default: position += 1
            }
        }
        for unclosed in open {
            let mark = Character(Unicode.Scalar(unclosed.mark))
            let end = Character(Unicode.Scalar(Self.closing(unclosed.mark)))
            note(unclosed.offset, "\"\(mark)\" is not closed", "Put \"\(end)\" where it ends")
        }
    }

    private var next: UInt8? {
        position + 1 < bytes.endIndex ? bytes[position + 1] : nil
    }

    private static func closing(_ mark: UInt8) -> UInt8 {
        switch mark {
        case UInt8(ascii: "{"): UInt8(ascii: "}")
        case UInt8(ascii: "("): UInt8(ascii: ")")
        default: UInt8(ascii: "]")
        }
    }

    private func isWordStart(_ byte: UInt8) -> Bool {
        byte.isLetter || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    private mutating func skipComment() {
        let start = position
        position += 2
        while position < bytes.endIndex {
            if bytes[position] == UInt8(ascii: "*"), next == UInt8(ascii: "/") {
                position += 2
                return
            }
            position += 1
        }
        note(start, "this comment does not end", "Put */ where it ends")
    }

    private mutating func skipString(_ quote: UInt8) {
        let start = position
        position += 1
        while position < bytes.endIndex, bytes[position] != 0x0A, bytes[position] != 0x0D {
            if bytes[position] == quote {
                position += 1
                return
            }
            if bytes[position] == UInt8(ascii: "\\") {
                note(
                    position, "styles may have no backslash",
                    "Write the character itself, as \"–\"")
            }
            position += 1
        }
        note(start, "this text in quotes does not end on its line", "Put the quote at its end")
    }

    /// The word from here on, in small letters; the position is behind it.
    private mutating func takeWord() -> String {
        let start = position
        while position < bytes.endIndex,
            isWordStart(bytes[position]) || (0x30...0x39).contains(bytes[position])
        {
            position += 1
        }
        return String(decoding: bytes[start..<position].prefix(64), as: UTF8.self).lowercased()
    }

    private mutating func checkRule() {
        let start = position
        position += 1
        let name = takeWord()
        guard !Self.rules.contains(name) else { return }
        switch name {
        case "import":
            note(start, "@import is not allowed", "Put the styles themselves in its place")
        case "font-face":
            note(
                start, "@font-face is not allowed",
                "Take it out, and have the font installed where papers are printed")
        default:
            note(
                start, "the rule @\(name) is not allowed",
                "Take it out; allowed are @page, its margin boxes, and @media")
        }
    }

    private mutating func checkWord() {
        let start = position
        let name = takeWord()
        guard position < bytes.endIndex, bytes[position] == UInt8(ascii: "(") else { return }
        guard !Self.functions.contains(name) else { return }
        if name == "url" || name == "src" || name.hasSuffix("image-set") || name == "image" {
            note(
                start, "\(name)() is not allowed: a paper must be whole in itself",
                "Take it out; a picture stands as <img src=\"data:image/png;base64,...\">")
        } else {
            note(
                start, "the function \(name)() is not allowed",
                "Take it out; allowed are " + Self.functions.joined(separator: ", "))
        }
    }
}
