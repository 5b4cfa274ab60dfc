import Testing

@testable import KioskShell

@Suite struct PlainTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// What is told of a stage when nothing was told before.
    private func told(_ fixture: CounterFixture) -> String {
        var teller = PlainTeller()
        return text(teller.tell(ToldPage(fixture.counter)))
    }

    @Test(arguments: CounterFixture.Stage.allCases)
    func everyScreenIsToldWholeWithoutSteeringATerminal(_ stage: CounterFixture.Stage) {
        for language in Language.allCases {
            var fixture = CounterFixture(at: stage)
            fixture.counter.language = language
            let text = told(fixture)
            for scalar in text.unicodeScalars where scalar != "\r" && scalar != "\n" {
                #expect(CharacterWidth.of(scalar) != nil)
            }
            for mark in ["✓", "✗", "●", "○", "▸", "│", "─", "  "] { #expect(!text.contains(mark)) }
            if stage != .connecting { #expect(text.contains("TẬP DƯỢT")) }
            for hint in fixture.counter.keyHints {
                #expect(text.contains(hint.phrase.text(language)), "\(stage)")
            }
            // All words of the screen: nothing is shown that is not told.
            let screen = ScreenView.draw(fixture.counter, size: Size(columns: 132, rows: 60))
            let card = screen.lines.dropFirst(3).dropLast(4).joined(separator: " ")
            // A clock and a count of what was typed are told otherwise.
            for word in card.split(separator: " ")
            where word.count > 2 && word.allSatisfy(\.isLetter) {
                #expect(
                    stage == .progress || stage == .unblockingCode || text.contains(word),
                    "\(word) \(stage)")
            }
        }
    }

    /// Before the first answer nothing was lost.
    @Test func aLostServiceIsToldOnlyOnceItIs() {
        var fixture = CounterFixture(at: .connecting)
        #expect(told(fixture).contains("Dịch vụ: đang kết nối"))
        #expect(!told(fixture).contains("mất kết nối"))
        #expect(fixture.drawn().contains("Dịch vụ: đang kết nối"))
        fixture.send(.agent(.lost(.absent)))
        #expect(told(fixture).contains("Dịch vụ: mất kết nối"))
        fixture.wait(500)
        #expect(told(fixture).contains("Dịch vụ: mất kết nối"), "while it is tried again")
        fixture.send(.agent(.connected(StationInfo(training: true, version: "0.1"))))
        #expect(told(fixture).contains("Dịch vụ: sẵn sàng"))
    }

    @Test func nothingNewIsNotToldAgain() {
        for stage in CounterFixture.Stage.allCases {
            var teller = PlainTeller()
            let fixture = CounterFixture(at: stage)
            _ = teller.tell(ToldPage(fixture.counter))
            #expect(teller.tell(ToldPage(fixture.counter)) == [])
            teller.forget()
            #expect(!teller.tell(ToldPage(fixture.counter)).isEmpty)
        }
    }

    @Test func aNoticeIsToldAlone() {
        var fixture = CounterFixture(at: .help, report: CounterFixture.report(help: .notLocked))
        var teller = PlainTeller()
        _ = teller.tell(ToldPage(fixture.counter))
        fixture.key(.enter)
        #expect(
            text(teller.tell(ToldPage(fixture.counter)))
                == Phrase.noticeForgottenFirst.vietnamese + "\r\n")
    }

    @Test func typingGoesOnInTheFieldsLine() {
        var fixture = CounterFixture(at: .form)
        var teller = PlainTeller()
        #expect(
            text(teller.tell(ToldPage(fixture.counter)))
                .hasSuffix("\r\n\(Phrase.fieldRequestNumber.vietnamese): "))
        var heard = ""
        func type(_ text: String) {
            for scalar in text.unicodeScalars {
                fixture.send(.key(.character(scalar)))
                heard += self.text(teller.tell(ToldPage(fixture.counter)))
            }
        }
        type("12/D")
        #expect(heard == "12/D")
        heard = ""
        // A letter that changes cannot be taken back from a line: the line is told again.
        type("aa")
        #expect(heard == "a\r\n\(Phrase.fieldRequestNumber.vietnamese): 12/Dâ")
        heard = ""
        fixture.key(.tab)
        heard += text(teller.tell(ToldPage(fixture.counter)))
        #expect(heard.hasSuffix("\r\n\(Phrase.fieldManagingBody.vietnamese): "))
        #expect(!heard.contains(Phrase.fieldHolder.vietnamese))
    }

    @Test func codesAreToldAsCounts() {
        var fixture = CounterFixture(at: .newPIN)
        fixture.counter.notice = nil
        var teller = PlainTeller()
        _ = teller.tell(ToldPage(fixture.counter))
        fixture.code(.repeatedPIN, 4)
        let four = text(teller.tell(ToldPage(fixture.counter)))
        #expect(four.contains("4 ký tự") && !four.contains("●"))
        fixture.code(.repeatedPIN, 6, same: true)
        let six = text(teller.tell(ToldPage(fixture.counter)))
        #expect(six.contains("6 ký tự"))
        #expect(six.contains(Phrase.toldMet.text(.vietnamese, [Phrase.pinRuleSame.vietnamese])))
    }

    @Test func choicesAreNumberedAndTheNewOneIsTold() {
        var fixture = CounterFixture(at: .home)
        var teller = PlainTeller()
        let all = text(teller.tell(ToldPage(fixture.counter)))
        #expect(all.contains("\r\n1. 12/UBND") && all.contains("\r\n2. "))
        fixture.key(.down)
        let next = text(teller.tell(ToldPage(fixture.counter)))
        #expect(next.hasPrefix("2. ") && next.hasSuffix("(đang chọn)\r\n"))
        #expect(next.split(separator: "\r\n").count == 1)
    }

    @Test func progressIsToldAsSteps() {
        var fixture = CounterFixture(at: .progress)
        var teller = PlainTeller()
        #expect(text(teller.tell(ToldPage(fixture.counter))).contains("đang làm, tối đa 5 giây"))
        for _ in 0..<4 {
            fixture.wait(1_000)
            #expect(teller.tell(ToldPage(fixture.counter)) == [], "a clock is not told")
        }
        fixture.send(
            .agent(
                .progress(
                    fixture.counter.awaiting ?? Ticket(number: 0),
                    steps: [
                        StepReport(name: "unblock", budget: 5_000, time: 300_000, state: .done),
                        StepReport(name: "sign", budget: 9_000, time: nil, state: .running),
                    ], overdue: false)))
        #expect(
            text(teller.tell(ToldPage(fixture.counter))) == """
                Mở khóa, đặt mật khẩu mới: xong, 0,3 s\r
                Ký thử bằng khóa trong thiết bị: đang làm, tối đa 9 giây\r

                """)
    }

    @Test func namesCannotSteerTheTerminal() {
        var report = CounterFixture.report()
        report.model = "A\u{1B}]0;x\u{7}\u{202E}B\r\nC\u{9B}2J"
        let text = told(CounterFixture(at: .identity, report: report))
        for steering in ["\u{1B}", "\u{7}", "\u{202E}", "\u{9B}", "B\r\n"] {
            #expect(!text.contains(steering))
        }
    }

    static let cells: [(String, String)] = [
        ("  ✓ khớp  ", "khớp"), ("12/UBND      UBND phường", "12/UBND, UBND phường"),
        ("▸ Tìm hồ sơ", "Tìm hồ sơ"), ("a ✓ b", "a, b"), ("a  ·  b", "a, b"), ("a · b", "a · b"),
        ("", ""), ("   ", ""), ("\u{1B}[2J", "\u{FFFD}[2J"),
    ]

    @Test(arguments: cells) func cellsBecomeWords(_ cells: String, _ words: String) {
        #expect(Telling.words(cells) == words)
    }

    @Test(
        arguments: [
            ([], nil, false), (["--plain"], nil, true), ([], "dumb", true), ([], "xterm", false),
        ] as [([String], String?, Bool)])
    func linesAreAnOptionAndADumbTerminalsOwn(
        _ arguments: [String], _ terminal: String?, _ plain: Bool
    ) throws {
        let options = try Options(arguments, terminal: terminal)
        #expect(options.plain == plain)
        #expect(try Options(options.forScreen).plain == plain)
    }
}
