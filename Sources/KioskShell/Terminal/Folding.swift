/// What a search compares: lower case, without the marks of Vietnamese letters, đ as d.
enum Folding {
    static func key(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in Composition.composed(text).unicodeScalars {
            let base = Composition.base(of: scalar)
            if base == "đ" || base == "Đ" {
                result.append("d")
            } else {
                result.append(contentsOf: base.properties.lowercaseMapping.unicodeScalars)
            }
        }
        return String(result)
    }
}
