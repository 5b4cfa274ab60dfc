import WorkingDays

/// Lines of an alias table that can be read and would do nothing, or too much.
enum BodySlip {
    /// What is wrong with a first day: nil for one that may be meant.
    static func inDay(_ day: CivilDate) -> String? {
        guard years.contains(day.parts.year) else {
            return "must be of the years \(years.lowerBound) to \(years.upperBound)"
        }
        return nil
    }

    /// What is wrong with an old name: nil where nothing shows.
    static func inOldName(_ text: String) -> String? {
        if isWardsOffice(BodyTable.words(text).map(\.text)) {
            return "is a ward's office: write the ward alone, whose line holds for its Ủy ban "
                + "nhân dân and its police too"
        }
        return inNewName(text)
    }

    /// What is wrong with an old name of what is a ward today: nil where nothing shows. Other
    /// bodies have names of any form.
    static func inOldName(_ text: String, of new: String) -> String? {
        let now = BodyTable.words(new).map(\.text)
        guard wards.contains(where: { now.starts(with: $0) }),
            isBareName(text, BodyTable.words(text).map(\.text))
        else { return nil }
        return "does not say what it is: write \"phường\", \"xã\" or the like before it"
    }

    /// What is wrong with a name of today of what was a ward before: nil where nothing shows. What
    /// was no ward may have become part of one's office.
    static func inNewName(_ text: String, of old: String) -> String? {
        let before = BodyTable.words(old).map(\.text)
        guard (wards + units).contains(where: { before.starts(with: $0) }),
            isWardsOffice(BodyTable.words(text).map(\.text))
        else { return nil }
        return "is a ward's office, and the old name is not: write the ward alone, whose line holds "
            + "for its Ủy ban nhân dân and its police too"
    }

    /// Whether it is the office of what it names behind itself.
    private static func isWardsOffice(_ words: [String]) -> Bool {
        guard let office = offices.first(where: { words.starts(with: $0) }) else { return false }
        return wards.contains { words.dropFirst(office.count).starts(with: $0) }
    }

    /// What is wrong with a name of today.
    static func inNewName(_ text: String) -> String? {
        let words = BodyTable.words(text).map(\.text)
        if let kind = bareKinds.first(where: { words.starts(with: $0.bare) }) {
            return "is without diacritics: write \"\(kind.text)\", and the name with its own"
        }
        guard let ward = wards.first(where: { words.starts(with: $0) }) else { return nil }
        // A unit's own name follows it: a ward may end in such a word.
        let saysMore = words.indices.dropFirst(ward.count + 1).contains { i in
            units.contains { words[i...].starts(with: $0) && i + $0.count < words.count }
        }
        if saysMore {
            return "says what it lies in too: write the name alone, and what an old one lay in "
                + "under \"district\""
        }
        return nil
    }

    /// Whether it is only a proper name, as `Minh Khai`: every word has a capital, and the first
    /// is not one that says what a body is.
    private static func isBareName(_ text: String, _ words: [String]) -> Bool {
        guard words.count <= 3, let first = words.first, !kinds.contains(first) else {
            return false
        }
        return text.split(separator: " ").allSatisfy { word in
            word.unicodeScalars.first?.properties.isUppercase == true
                && word.unicodeScalars.dropFirst().contains { $0.properties.isLowercase }
        }
    }

    private static let years = 1945...2049
    private static let wardTexts = ["phường", "xã", "thị trấn"]
    private static let unitTexts = ["quận", "huyện", "thị xã", "thành phố", "tỉnh"]
    private static let officeTexts = ["ủy ban nhân dân", "hội đồng nhân dân", "công an"]
    private static let wards = names(wardTexts)
    private static let units = names(unitTexts)
    private static let offices = names(officeTexts)
    /// What they look like without diacritics.
    private static let bareKinds = (wardTexts + unitTexts + officeTexts).map { text in
        (text: text, bare: ComparedText(text).texts.map(VietnameseLetters.bare))
    }

    /// First words of names that say what a body is.
    private static let kinds = Set(
        names([
            "ấp", "ban", "báo", "bảo", "bến", "bệnh", "bộ", "buôn", "cảng", "chi", "chợ", "chính",
            "công", "cơ", "cục", "đài", "đại", "đặc", "đảng", "đảo", "đoàn", "đội", "học", "hội",
            "hợp", "huyện", "khoa", "kho", "khu", "kiểm", "làng", "liên", "mặt", "nhà", "phòng",
            "phân", "phường", "quân", "quận", "quỹ", "sở", "tạp", "thanh", "thành", "thị", "thôn",
            "thuế", "thư", "tiểu", "tỉnh", "tòa", "tổ", "tổng", "trại", "trạm", "trung", "trường",
            "ủy", "văn", "viện", "vụ", "vườn", "xã",
        ]).flatMap { $0 })

    private static func names(_ texts: [String]) -> [[String]] {
        texts.map { ComparedText($0).texts }
    }
}
