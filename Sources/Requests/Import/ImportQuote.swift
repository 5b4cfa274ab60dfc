/// What stands in a file where it should not, as messages quote it: short, on one line, and with
/// nothing in it that cannot be seen or that turns the text around.
struct ImportQuote: Equatable, Sendable {
    /// Between its quotation marks.
    let text: String

    /// Characters of what is quoted.
    static let longest = 40

    /// nil where nothing stands there.
    init?(_ written: String) {
        // No more is tidied than may be shown: a cell can have a whole file in it.
        let start = String(written.unicodeScalars.prefix(4 * Self.longest))
        let line = WrittenText.line(start).unicodeScalars
        guard !line.isEmpty else { return nil }
        var text = ""
        for scalar in line.prefix(Self.longest) {
            switch scalar {
            case "\"", "\\": text += "\\" + String(scalar)
            case _ where WrittenText.hidesSomething(String(scalar)):
                text += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        let isWhole = line.count <= Self.longest && start.utf8.count == written.utf8.count
        self.text = isWhole ? text : text + "…"
    }

    /// Before what is wrong with it, as a reader of documents keeps it.
    func before(_ words: String) -> String { "\"\(text)\": " + words }

    /// What `before` made of those words.
    init?(of reason: String, before words: String) {
        // By the byte: a mark at either end of the text would join the quotation mark there.
        let end = Array("\": ".utf8) + Array(words.utf8)
        let bytes = Array(reason.utf8)
        guard bytes.first == UInt8(ascii: "\""), bytes.count > end.count,
            bytes.suffix(end.count).elementsEqual(end)
        else { return nil }
        text = String(decoding: bytes.dropFirst().dropLast(end.count), as: UTF8.self)
    }
}
