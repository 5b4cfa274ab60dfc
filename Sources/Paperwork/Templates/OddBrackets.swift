/// Placeholders between other brackets than `{{` and `}}`, which would be printed as they stand.
enum OddBrackets {
    private static let opening: [Unicode.Scalar] = ["{", "[", "｛", "［"]
    private static let closing: [Unicode.Scalar] = ["}", "]", "｝", "］"]

    /// - Parameter text: between placeholders and tags.
    static func findings(in text: ArraySlice<UInt8>) -> [StyleCheck.Finding] {
        // Most texts have none, and 0xEF begins the wide ones.
        let marks = [UInt8(ascii: "{"), UInt8(ascii: "["), 0xEF]
        guard text.contains(where: { marks.contains($0) }) else { return [] }
        var findings: [StyleCheck.Finding] = []
        var offset = text.startIndex
        /// Where the brackets begin, how many they are, and what stands behind them.
        var open: (offset: Int, count: Int, name: String)?
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            if opening.contains(scalar) {
                if let before = open, before.name.isEmpty {
                    open = (before.offset, before.count + 1, "")
                } else {
                    open = (offset, 1, "")
                }
            } else if closing.contains(scalar) {
                if let found = open, let right = right(found.name, brackets: found.count) {
                    findings.append(
                        StyleCheck.Finding(
                            offset: found.offset,
                            wrong: "\"\(found.name)\" stands in other brackets than {{ and }}, and "
                                + "would be printed as it is",
                            remedy: "Write \(right)"))
                }
                open = nil
            } else if scalar != " ", scalar != "\t", let before = open {
                // No name is so long.
                open =
                    before.name.utf8.count > 60
                    ? nil : (before.offset, before.count, before.name + String(scalar))
            }
            offset += scalar.utf8.count
        }
        return findings
    }

    /// The placeholder that is meant; a word alone in one bracket may be meant as it stands.
    private static func right(_ name: String, brackets: Int) -> String? {
        let field = String(name.prefix { $0 != "|" })
        guard DocumentField(rawValue: field) != nil, brackets > 1 || field.contains(".") else {
            return nil
        }
        return "{{\(name)}}"
    }
}
