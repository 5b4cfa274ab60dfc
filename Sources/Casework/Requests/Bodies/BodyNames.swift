// What names say of bodies, beyond equal and near.
extension BodyTable {
    /// Whether two names may mean one body, or a part of it: one holds all words of the other, or
    /// the table has them as one.
    func mayBeOne(_ a: String, _ b: String) -> Bool {
        if ComparedText.likeness(a, b) != .different { return true }
        let (left, right) = (Self.bareWords(a), Self.bareWords(b))
        if Self.holds(left, right) || Self.holds(right, left) { return true }
        return reason(a, b, context: []) != nil
    }

    /// Whether a certificate of that name is a body's and not a person's: by its first words, or
    /// since the request names a body so.
    package func isBody(
        _ certificateName: String, of workplace: String, _ managingBody: String
    ) -> Bool {
        guard !certificateName.isEmpty else { return false }
        for body in [workplace, managingBody] where !body.isEmpty {
            if ComparedText.likeness(certificateName, body) != .different { return true }
        }
        let words = Self.words(certificateName).map(\.text)
        return Self.beginnings.contains { words.starts(with: $0) }
    }

    private static func bareWords(_ text: String) -> [String] {
        words(text).map { VietnameseLetters.bare($0.text) }
    }

    private static func holds(_ whole: [String], _ part: [String]) -> Bool {
        guard !part.isEmpty, part.count <= whole.count else { return false }
        return whole.indices.contains { whole[$0...].starts(with: part) }
    }

    /// How bodies' names begin. None begins a person's name: family names that would (Đoàn, Hội)
    /// stand with a second word.
    private static let beginnings = [
        "ủy ban", "hội đồng nhân dân", "sở", "ban quản lý", "ban tổ chức", "ban tuyên giáo",
        "ban dân vận", "ban chỉ huy", "bộ chỉ huy", "bộ tư lệnh", "chi cục", "cục", "tổng cục",
        "trung tâm", "trường", "văn phòng", "phòng", "công an", "tòa án", "viện kiểm sát",
        "viện nghiên cứu", "kho bạc", "thanh tra", "bệnh viện", "trạm y tế", "bảo hiểm xã hội",
        "đảng ủy", "huyện ủy", "thành ủy", "tỉnh ủy", "mặt trận", "liên đoàn", "hội liên hiệp",
        "hội nông dân", "hội cựu chiến binh", "đoàn thanh niên", "quỹ", "phường", "xã", "thuế",
    ].map { ComparedText($0).texts }
}
