import Testing

@testable import KioskShell

/// How many keys a restore takes.
@Suite struct KeyCountTests {
    /// From the first screen, with a request that nobody has typed in yet, to a restored token.
    @Test func aRestoreTakesTwelveKeysBesidesWhatIsTyped() {
        var fixture = CounterFixture(at: .home)
        var keys = 0
        func press(_ all: Key...) {
            keys += all.count
            for key in all { fixture.key(key) }
        }
        press(.tab, .enter)
        for text in ["12/UBND", "UBND phường Gia Viên", "Nguyễn Văn An", "0123456789"] {
            fixture.type(text)
            press(.enter)
        }
        fixture.reply(.opened(CounterFixture.request))
        fixture.readers(.present)
        fixture.reply(.report(CounterFixture.report()))
        press(.enter, .enter)
        fixture.reply(.permit(CounterFixture.permit))
        fixture.code(.unblocking, 8)
        press(.enter)
        fixture.code(.newPIN, 6)
        press(.enter)
        fixture.code(.repeatedPIN, 6, same: true)
        press(.enter)
        fixture.reply(.finished(CounterFixture.result(.restored)))
        #expect(fixture.stage == .result)
        #expect(keys <= 12)
    }
}
