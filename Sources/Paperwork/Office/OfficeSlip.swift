import WorkingDays

/// What can be read in an office's file and would be wrong on paper.
enum OfficeSlip {
    /// What is wrong with a basis: nil where nothing shows.
    static func inBasis(_ text: String, _ state: Office.Basis.State) -> String? {
        let small = text.nfc.lowercased()
        if small.hasPrefix("căn cứ ") {
            return "begins with \"Căn cứ\", which the papers write before it: strike it here"
        }
        if let end = text.last, ";.,".contains(end) {
            return "ends in \"\(end)\", and the papers write a semicolon behind it: strike it here"
        }
        if let day = impossibleDay(small) {
            return "has the day \(day), which no calendar has: look it up in the rule itself"
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

    /// What tells one basis from another: how it is spaced and its capitals do not.
    static func key(ofBasis text: String) -> String {
        text.nfc.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The first day that stands in it, as 31/6/2024 or 31 tháng 6 năm 2024, and never was.
    private static func impossibleDay(_ text: String) -> String? {
        let words = text.split { $0.isWhitespace || ",;()".contains($0) }
        for (i, word) in words.enumerated() {
            let parts = word.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
            if parts.count == 3, let day = parts[0], let month = parts[1], let year = parts[2],
                year >= 1000, CivilDate(year: year, month: month, day: day) == nil
            {
                return String(word)
            }
            let date = words[i...].prefix(5)
            if date.count == 5, words[i + 1] == "tháng", words[i + 3] == "năm",
                let day = Int(word), let month = Int(words[i + 2]), let year = Int(words[i + 4]),
                CivilDate(year: year, month: month, day: day) == nil
            {
                return date.joined(separator: " ")
            }
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
