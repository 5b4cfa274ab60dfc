import Foundation
import Testing

@testable import TokenCtl

private func check(_ text: String, _ file: String = "f") -> ProfileCheck {
    ProfileCheck(Array(text.utf8), file)
}

private func lines(_ check: ProfileCheck) -> [String] {
    var page = Page(width: nil)
    page.add(check)
    return page.lines.map(\.text)
}

private let standing =
    "\"standing\": {\"state\": \"published\", \"reason\": \"Its maker's sheet.\"}"

@Suite struct ProfileCheckTests {
    @Test func aRightFileIsToldInPlainWords() {
        let shown = lines(
            check(
                """
                {"profile": 1, "name": "a", "title": "Model A", "family": "pkcs15",
                 "match": {"aid": "A0*", "label": "A", "version": {"from": "2", "below": "3.1"},
                           "atr": ["3B00"]},
                 "status_query": "unsafe",
                 "pin": {"min": 4, "max": 8, "characters": "digits", "reference": "81",
                         "stored": 8, "pad": "FF"},
                 "unblock": [{"form": "puk", "min": 8, "max": 8}, {"form": "so-pin"}],
                 "signature": [{"key": "p-256", "min_us": 900, "max_us": 2500000, "spread_us": 0}],
                 "write_cap_ms": 90000, \(standing)}
                """))
        #expect(
            shown == [
                "f: right", "  name               a", "  model              Model A",
                "  is for             tokens of the family pkcs15 whose application begins with \"A0\", "
                    + "label is \"A\" and version is 2 or later and before 3.1",
                "  ATRs seen          3B00 (a hint, which decides nothing)",
                "  PIN tries          an empty VERIFY is never sent: it might spend one",
                "  new PIN            4 to 8 digits, reference 81, sent as 8 bytes with FF behind a "
                    + "shorter one",
                "  unblocking         by puk: 8 characters; by so-pin",
                "  signature          with p-256 takes 900 µs to 2.5 s, and one differs from the next by 0 µs at most, on average",
                "  writing            the token keeps its power for up to 90.0 s",
                "  standing           published; the counter serves such tokens. Its maker's sheet.",
            ])
    }

    @Test func whatIsLeftOutIsToldToo() {
        let shown = lines(
            check(
                "{\"profile\": 1, \"name\": \"a\", \"title\": \"A\", \"family\": \"piv\", \(standing)}"
            ))
        #expect(shown.contains("  is for             all tokens of the family piv"))
        #expect(shown.contains("  unblocking         by every way the family has"))
        #expect(shown.contains("  signature          not measured, so its time is not judged"))
    }

    @Test func aWrongFileIsToldMistakeByMistake() {
        let found = check("{\n \"profile\": 1, \"name\": \"a\", \"title\": 7, \"family\": \"piv\"}")
        #expect(
            lines(found) == [
                "f: 2 mistakes", "  line 1, column 1: standing", "    this key is missing",
                "    Allowed: an object.", "  line 2, column 38: title",
                "    expected a string, found a number", "    Allowed: 1 to 80 characters.",
            ])
        #expect(found.document["good"]?.bool == false)
        #expect(found.document["mistakes"]?.array?.last?["column"]?.integer == 38)
    }

    @Test func filesGivenTogetherAreHeldAgainstEachOther() {
        let text =
            "{\"profile\": 1, \"name\": \"a\", \"title\": \"A\", \"family\": \"piv\", \(standing)}"
        var checks = [check(text, "f"), check(text, "g")]
        ProfileCheck.compare(&checks)
        #expect(checks[0].mistakes.isEmpty && checks[1].mistakes.map(\.path) == ["name", "match"])
    }
}
