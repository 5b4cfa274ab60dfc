/// What can be read in an office's file and would be wrong on paper.
enum OfficeSlip {
    /// What is wrong with a basis: nil where nothing shows.
    static func inBasis(_ text: String, _ state: Office.Basis.State) -> String? {
        let small = text.lowercased()
        if small.hasPrefix("căn cứ ") {
            return "begins with \"Căn cứ\", which the papers write before it: strike it here"
        }
        if let end = text.last, ";.,".contains(end) {
            return "ends in \"\(end)\", and the papers write a semicolon behind it: strike it here"
        }
        guard state == .inForce, kinds.contains(where: { small.hasPrefix($0 + " ") }) else {
            return nil
        }
        guard hasDigit(small, behind: "ngày ") else {
            return "is in force, and has no day: write its number and its day (ngày …), or keep "
                + "it as a draft"
        }
        guard
            withoutNumber.contains(where: { small.hasPrefix($0 + " ") })
                || hasDigit(small, behind: "số ")
        else {
            return "is in force, and has no number: write it (số …), or keep it as a draft"
        }
        return nil
    }

    /// Whether it could be one; whether mail reaches anybody there nobody can tell from it.
    static func isMail(_ text: String) -> Bool {
        let halves = text.split(separator: "@", omittingEmptySubsequences: false)
        guard halves.count == 2, !halves[0].isEmpty, !text.contains(" ") else { return false }
        let labels = halves[1].split(separator: ".", omittingEmptySubsequences: false)
        return labels.count > 1 && !labels.contains("")
    }

    /// How rules are called that papers cite by number and day.
    private static let kinds =
        ["nghị định", "nghị quyết", "quyết định", "thông tư", "chỉ thị", "quy định", "quy chế"]
        + withoutNumber
    /// Those of the National Assembly, which are cited by their day alone.
    private static let withoutNumber = ["luật", "bộ luật", "pháp lệnh"]

    /// Whether a digit follows any `word`.
    private static func hasDigit(_ text: String, behind word: String) -> Bool {
        let all = Array(text)
        let sought = Array(word)
        return all.indices.contains { i in
            all[i...].starts(with: sought) && i + sought.count < all.count
                && all[i + sought.count].isNumber
        }
    }
}
