import Requests
import Testing

@Suite struct DeviceNumberTests {
    @Test(arguments: [
        ("23130045", "23130045"), (" 2313 0045 ", "2313 0045"),
        ("2313\u{A0}\u{3000}0045", "2313 0045"),
        ("Ab-1.2/3", "Ab-1.2/3"), ("7", "7"), ("000F:00D5C1", "000F:00D5C1"), ("#7_(1)", "#7_(1)"),
    ])
    func aNumberIsKeptAsItIsReadOnOneLine(_ written: String, _ text: String) throws {
        #expect(try DeviceNumber(written).text == text)
    }

    /// What was given, and what is said of it.
    static let mistakes: [(String, String)] = [
        ("", "is empty"), (" \u{A0}", "is empty"), ("-./", "no letter and no digit"),
        ("2313\u{200B}0045", "U+200B as character 5"), ("\u{FEFF}2313", "U+FEFF as character 1"),
        ("23\u{202E}13", "U+202E as character 3"), ("23\n13", "U+000A as character 3"),
        ("23\t13", "U+0009 as character 3"), ("23\u{2028}13", "U+2028 as character 3"),
        ("2313\u{0}", "U+0000 as character 5"), ("23\u{301}", "U+0301 as character 3"),
        ("231３", "３ (U+FF13) as character 4"), ("2313–0045", "– (U+2013) as character 5"),
        ("А2313", "А (U+0410) as character 1"), ("2313\u{3164}", "U+3164 as character 5"),
        ("Số 1", "ố (U+1ED1) as character 2"), ("23\u{7F}13", "U+007F as character 3"),
        ("٢٣", "٢ (U+0662) as character 1"),
    ]

    @Test(arguments: mistakes.indices) func whatIsNoneIsNamedByItsCharacter(_ row: Int) {
        let (written, said) = Self.mistakes[row]
        do throws(DeviceNumber.Mistake) {
            let number = try DeviceNumber(written)
            Issue.record("\(number)")
        } catch {
            #expect(error.reason.contains(said), "\(error.reason)")
        }
    }
}
