import Expectations
import StationInterface
import Testing

@testable import KioskShell

/// Papers of a case: their text on the screen, and what becomes of printing them.
@Suite struct PaperTests {
    static func page(_ html: String) throws(PaperError) -> [PaperPage.Block] {
        try PaperPage(Array(html.utf8)[...]).blocks
    }

    static let pages: [(String, [PaperPage.Block])] = [
        ("", []), ("  \n ", []), ("a  \n b", [.text("a b")]),
        ("<p>Một</p><p>hai <b>ba</b></p>", [.text("Một"), .text("hai ba")]),
        ("a<br>b<br/>c", [.text("a"), .text("b"), .text("c")]),
        ("<h1>H</h1><p>x</p>", [.heading("H"), .gap, .text("x")]),
        ("<title>no</title><style>p > a { content: \"<p>\" }</style>y", [.text("y")]),
        ("<!-- <p>no</p> -->y", [.text("y")]),
        ("<p title=\"a>b\">y</p>", [.text("y")]),
        ("1 < 2 & 3 &lt; 4 &amp;&#39;&#x1EBE;&nope;", [.text("1 < 2 & 3 < 4 &'Ế&nope;")]),
        ("<ul><li>x</li><li>y</li></ul>", [.text("- x"), .text("- y")]),
        (
            "<table><tr><th>a</th><td>b<br>c</td></tr><tr><td></td></tr></table>z",
            [.row([["a"], ["b", "c"]]), .gap, .text("z")]
        ),
        (
            "<table><tr><td>a<table><tr><td>b</td></tr></table></td><td>c</td></tr></table>",
            [.row([["a", "b"], ["c"]])]
        ),
        ("<p>A <svg class=\"qr\"><path d=\"M0\"/></svg> B</p>", [.text("A [QR] B")]),
        ("<TD>x</TD></table></tr>", [.text("x")]),
    ]

    @Test(arguments: pages)
    func whatAPageSays(_ html: String, _ blocks: [PaperPage.Block]) throws {
        let read = try Self.page(html)
        #expect(read == blocks)
    }

    @Test(arguments: [
        ("<p", PaperError.Code.unclosed, 0), ("ab<!-- x", .unclosed, 2),
        ("<style>p", .unclosed, 7), ("<p a=\"x>", .unclosed, 0),
        (String(repeating: "<p>x</p>", count: 4_097), .tooMuch, 32_776),
        (String(repeating: "<table>", count: 17), .tooMuch, 119),
        ("<table><tr>" + String(repeating: "<td>", count: 25), .tooMuch, 111),
        (String(repeating: " ", count: 1 << 20 + 1), .tooLong, 0),
    ])
    func whatIsNoPageSaysWhere(_ html: String, _ code: PaperError.Code, _ offset: Int) {
        let error = caught(PaperError.self) { _ = try Self.page(html) }
        #expect(error?.code == code)
        if code != .tooMuch { #expect(error?.offset == offset) }
    }

    @Test(arguments: [
        "\u{1B}]0;x\u{7}", "&#27;[2J", "\u{9B}2J", "&#x202E;abc", "\u{200B}\u{FEFF}", "&#0;&#127;",
        "&#x9B;2J&#133;", "&#x61C;abc",
    ])
    func aPageCannotSteerTheTerminal(_ text: String) throws {
        for html in [text, "<table><tr><td>\(text)</td></tr></table>", "<h1>\(text)</h1>"] {
            let lines = PaperLines.of(try PaperPage(Array(html.utf8)[...]), width: 70)
            for scalar in lines.map(\.text).joined().unicodeScalars {
                #expect(CharacterWidth.of(scalar) != nil && scalar.value != 0x1B)
            }
        }
    }

    @Test func rowsStandInColumnsAsWideAsTheyNeed() throws {
        let html = """
            <table><tr><td>STT</td><td>Số hiệu</td></tr><tr><td>1</td><td>0123456789</td></tr>\
            </table><table><tr><td>\(String(repeating: "a ", count: 40))</td><td>b</td></tr></table>
            """
        let lines = PaperLines.of(try PaperPage(Array(html.utf8)[...]), width: 40).map(\.text)
        #expect(lines[0] == "STT  Số hiệu   ")
        #expect(lines[1] == "1    0123456789")
        #expect(lines[2] == "")
        #expect(lines[3].hasSuffix("  b"))
        #expect(lines.allSatisfy { CharacterWidth.of($0) <= 40 })
    }

    @Test func moreColumnsThanTheScreenHasDoNotTrap() throws {
        let cells = String(repeating: "<td>chữ dài</td>", count: 24)
        let page = try PaperPage(Array("<table><tr>\(cells)</tr></table>".utf8)[...])
        for width in [1, 10, 70] { #expect(!PaperLines.of(page, width: width).isEmpty) }
    }

    // MARK: on the screen

    private static let names = [
        "reception-slip", "completion-request", "restore-notice", "refusal", "routing-letter",
        "hand-over-record", "form-07", "form-08", "form-09", "misuse-record", "receipt",
    ]

    private static func shown(_ name: String = "refusal", canPrint: Bool = true) -> CounterFixture {
        var fixture = ActTests.opened([], state: "closed", papers: ["reception-slip", name])
        fixture.counter.canPrint = canPrint
        fixture.key(.down, .right, .enter)
        #expect(fixture.calls.last == .getPaper("C-1", paper: name))
        let html =
            "<h1>Thông báo</h1>" + (1...60).map { "<p>dòng \($0).</p>" }.joined()
        fixture.reply(.paper(Station.Paper(name: name + ".html", html: html)))
        return fixture
    }

    private static func ticket(_ fixture: CounterFixture) -> Ticket? {
        for effect in fixture.last {
            if case .print(let ticket, _) = effect { return ticket }
        }
        return nil
    }

    @Test func aPaperIsLookedAtScrolledAndPrinted() {
        var fixture = Self.shown()
        #expect(fixture.drawn().contains("Thông báo"))
        #expect(fixture.drawn().contains("dòng 1."))
        fixture.key(.pageDown, .down)
        #expect(!fixture.drawn().contains("dòng 1."))
        fixture.key(.end)
        #expect(fixture.drawn().contains("dòng 60."))
        fixture.key(.enter)
        guard let ticket = Self.ticket(fixture) else {
            Issue.record("not printed")
            return
        }
        fixture.key(.enter)
        #expect(Self.ticket(fixture) == nil, "once is enough")
        fixture.send(.printed(ticket, .done))
        #expect(fixture.drawn().contains("Đã chuyển lệnh in"))
        fixture.key(.escape)
        #expect(fixture.calls.last == .getRequest("Y-1"))
    }

    @Test(arguments: [
        (CommandEnd.failed(1, "lp: no default destination"), "lp: no default destination"),
        (.timedOut("slow"), "quá lâu"), (.notStarted("no memory"), "no memory"),
        (.failed(127, "\u{1B}[2Jsh: x: not found"), "sh: x: not found"),
        (.failed(1, "one\ntwo\n"), "one two"),
    ])
    func aFailureSaysWhatTheCommandSaid(_ end: CommandEnd, _ words: String) {
        var fixture = Self.shown()
        fixture.key(.enter)
        fixture.send(.printed(Self.ticket(fixture) ?? Ticket(number: 0), end))
        #expect(fixture.drawn().contains(words))
        #expect(fixture.drawn().contains("✗ In không thành công"))
        fixture.key(.enter)
        #expect(Self.ticket(fixture) != nil, "it can be tried again")
    }

    @Test func afterARestoreItsPapersAreOneKeyAway() {
        var fixture = CounterFixture(at: .result)
        fixture.key(.function(7))
        #expect(fixture.calls.last == .getRequest("Y-1"))
    }

    @Test func whoWentOnHearsOfAFailureAlone() {
        for (end, isTold) in [(CommandEnd.done, false), (.failed(1, "x"), true)] {
            var fixture = Self.shown()
            fixture.key(.enter)
            let ticket = Self.ticket(fixture) ?? Ticket(number: 0)
            fixture.key(.escape)
            fixture.send(.printed(ticket, end))
            #expect((fixture.counter.notice == Sentence(.noticePrintFailed)) == isTold)
        }
    }

    @Test func withoutACommandNothingIsPrintedAndTheScreenSaysHow() {
        var fixture = Self.shown(canPrint: false)
        #expect(fixture.drawn().contains("--print"))
        fixture.key(.enter)
        #expect(Self.ticket(fixture) == nil)
        #expect(fixture.counter.notice == Sentence(.noticeNoPrinter))
    }

    @Test func aPaperThatCannotBeMadeSaysWhy() {
        var fixture = ActTests.opened([], state: "closed", papers: ["receipt"])
        fixture.key(.enter)
        fixture.reply(.fault(AgentFault(.paperUnavailable, detail: "no file of its office")))
        #expect(fixture.drawn().contains("no file of its office"))
        #expect(fixture.drawn().contains("Hồ sơ và thiết bị không thay đổi gì"))
        fixture.key(.enter)
        #expect(fixture.calls.last == .getRequest("Y-1"))
    }

    @Test func aPageThatCannotBeShownCanStillBePrinted() {
        var fixture = ActTests.opened([], state: "closed", papers: ["receipt"])
        fixture.counter.canPrint = true
        fixture.key(.enter)
        fixture.reply(.paper(Station.Paper(name: "x", html: "<p")))
        #expect(fixture.drawn().contains("Không xem trước được"))
        fixture.key(.enter)
        #expect(Self.ticket(fixture) != nil)
    }

    // MARK: the QR code

    /// A receipt whose code is being drawn, and what was handed to the command.
    private static func drawing() -> (fixture: CounterFixture, ticket: Ticket, text: String)? {
        var fixture = ActTests.opened([], state: "closed", papers: ["receipt"])
        fixture.counter.canDrawCodes = true
        fixture.key(.enter)
        fixture.reply(.status(CounterFixture.status(head: "3f9a12bc00112233aa")))
        guard case .drawCode(let ticket, let text)? = fixture.last.first else { return nil }
        return (fixture, ticket, text)
    }

    @Test func aReceiptComesWithACodeOfItsCaseAndHead() throws {
        var (fixture, ticket, text) = try #require(Self.drawing())
        #expect(text == "C-1 3f9a12bc00112233")
        fixture.send(.codeDrawn(ticket, svg: "<svg/>"))
        #expect(fixture.calls.last == .getPaper("C-1", paper: "receipt", qr: "<svg/>"))
        fixture.reply(.paper(Station.Paper(name: "x", html: "<p>3f9a 12bc 0011 2233</p>")))
        #expect(fixture.drawn().contains("3f9a 12bc"))
        #expect(fixture.counter.awaiting == nil)
    }

    @Test func aLineThatCameBetweenMakesAnotherCode() throws {
        var (fixture, ticket, _) = try #require(Self.drawing())
        fixture.send(.codeDrawn(ticket, svg: "<svg/>"))
        fixture.reply(.paper(Station.Paper(name: "x", html: "<p>aaaa</p>")))
        #expect(fixture.calls.last == .status)
        for _ in 2...PaperView.mostCodes {
            fixture.reply(.status(CounterFixture.status(head: "bb")))
            guard case .drawCode(let again, _)? = fixture.last.first else {
                Issue.record("no code")
                return
            }
            fixture.send(.codeDrawn(again, svg: "<svg/>"))
            fixture.reply(.paper(Station.Paper(name: "x", html: "<p>aaaa</p>")))
        }
        #expect(fixture.counter.awaiting == nil, "a template may show no head")
        #expect(fixture.drawn().contains("aaaa"))
    }

    @Test func withoutACodeThePaperComesAllTheSame() throws {
        var (fixture, ticket, _) = try #require(Self.drawing())
        fixture.send(.codeDrawn(Ticket(number: 99), svg: "<svg/>"))
        #expect(fixture.counter.awaiting == nil, "of another paper")
        fixture.send(.codeDrawn(ticket, svg: nil))
        #expect(fixture.calls.last == .getPaper("C-1", paper: "receipt"))
        #expect(fixture.counter.notice == Sentence(.noticeNoCode))
        var (other, drawn, _) = try #require(Self.drawing())
        other.send(.codeDrawn(drawn, svg: "<p>"))
        other.reply(.fault(AgentFault(.fieldInvalid)))
        #expect(other.calls.last == .getPaper("C-1", paper: "receipt"))
    }

    @Test func onlyPapersWithAPlaceForItHaveACode() {
        var fixture = ActTests.opened([], state: "closed", papers: ["refusal"])
        fixture.counter.canDrawCodes = true
        fixture.key(.enter)
        #expect(fixture.calls.last == .getPaper("C-1", paper: "refusal"))
    }

    @Test(arguments: names)
    func everyPaperHasANameThatFits(_ name: String) {
        for language in Language.allCases {
            var fixture = ActTests.opened(
                ["refuse", "route", "close"], state: "closed", papers: ["reception-slip", name])
            fixture.counter.language = language
            #expect(Phrase.paper(name, language) != name)
            #expect(fixture.drawn().contains(Phrase.paper(name, language)))
            #expect(!fixture.drawn().contains("…"))
            var paper = Self.shown(name, canPrint: false)
            paper.counter.language = language
            for size in ScreenTests.sizes {
                let last = ScreenView.draw(paper.counter, size: size).line(Footer(size).row)
                for hint in paper.counter.keyHints {
                    #expect(last.contains(hint.phrase.text(language)), "\(last)")
                }
            }
        }
    }
}
