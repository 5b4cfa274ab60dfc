import Requests
import Testing

@Suite struct LikenessTests {
    @Test(arguments: [
        ("Nguyễn Thị Hoà", "NGUYỄN THỊ HÒA"),
        // Decomposed, marks in either canonical order.
        ("Nguye\u{302}\u{303}n Va\u{306}n Be\u{323}\u{302}", "Nguyễn Văn Bệ"),
        ("Trần  Văn\u{A0}Thuỷ ", "Trần Văn Thủy"),
        ("Phòng Văn hóa – Xã hội", "PHÒNG VĂN HOÁ-XÃ HỘI"),
        ("Lê Quý Đôn", "lê qúy đôn"),
    ])
    func sameText(_ a: String, _ b: String) {
        #expect(ComparedText.likeness(a, b) == .equal)
        #expect(ComparedText.likeness(b, a) == .equal)
    }

    @Test(arguments: [
        ("Đỗ Văn Đại", "Ðỗ Văn Đại", NearReason.lookAlike),
        ("Nguyễn Văn Bình", "Nguyễn, Văn Bình", .punctuation),
        ("UBND phường Ven Sông", "Ủy ban nhân dân Phường Ven Sông", .abbreviation),
        ("Sở KH&CN", "Sở Khoa học và Công nghệ", .abbreviation),
        ("UBND P. Ven Sông", "Ủy ban nhân dân phường Ven Sông", .abbreviation),
        ("Ông Nguyễn Văn Bình", "Nguyễn Văn Bình", .title),
        ("Đ/c Nguyễn Văn Bình", "Nguyễn Văn Bình", .title),
        ("Lý Mỹ Hạnh", "Lí Mĩ Hạnh", .spelling),
        ("Nguyễn Văn Đạt", "NGUYEN VAN DAT", .diacritics),
        ("Nguyễn Văn An", "Nguyễn Văn Ân", .diacritics),
        ("UBND phường Ven Sông", "UY BAN NHAN DAN PHUONG VEN SONG", .diacritics),
        ("HĐND xã An", "Hoi dong nhan dan xa An", .diacritics),
        ("Bình Nguyễn Văn", "Nguyễn Văn Bình", .wordOrder),
    ])
    func aPersonDecides(_ a: String, _ b: String, _ reason: NearReason) {
        #expect(ComparedText.likeness(a, b) == .near(reason))
        #expect(ComparedText.likeness(b, a) == .near(reason))
    }

    @Test(arguments: [
        ("Nguyễn Văn An", "Nguyễn Văn Anh"), ("Nguyễn Văn An", "Nguyễn Văn"),
        ("UBND phường Ven Sông", "UBND xã Ven Sông"), ("", "Nguyễn Văn An"), ("?", "!"),
        ("Ông", "Bà"),
    ])
    func another(_ a: String, _ b: String) {
        #expect(ComparedText.likeness(a, b) == .different)
        #expect(ComparedText.likeness(b, a) == .different)
    }

    @Test func textsBeyondTheLimitAreTheSameOnlyAltogether() {
        let long = String(repeating: "a", count: ComparedText.longest + 1)
        #expect(ComparedText.likeness(long, long) == .equal)
        #expect(ComparedText.likeness(long, long + "b") == .different)
    }

    @Test("a reference that looks the same is the same", arguments: [
        ("12/TB-SKHCN", "12/TB\u{2013}skhcn"), ("12/TB-SKHCN", "12/TB-SKHCN\u{200B}"),
        ("12/TB-SKHCN", "\u{FEFF}12/TB\u{2010}SKHCN"), ("12/TB", "12\u{2215}ＴＢ"),
        ("12/TB-C", "12/TB-\u{421}"), ("Sở A", "S\u{1A1}\u{309} \u{2066}A\u{2069}"),
        ("a b", "a\u{A0}\u{34F}b"),
    ])
    func likeReferences(_ one: String, _ other: String) {
        #expect(WrittenText.seen(one) == WrittenText.seen(other))
    }

    @Test("one that looks otherwise is another", arguments: [
        ("12/TB", "12/TC"), ("12/TB-SKHCN", "12/TB SKHCN"), ("Sở A", "So A"), ("1 2", "12"),
    ])
    func otherReferences(_ one: String, _ other: String) {
        #expect(WrittenText.seen(one) != WrittenText.seen(other))
    }
}
