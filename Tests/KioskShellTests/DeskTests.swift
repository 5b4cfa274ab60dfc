import Secrets
import Testing

@testable import KioskShell

/// An agent that answers at once with what the test put there, and keeps what it was sent.
final class FakeLink: AgentLink {
    var answers: [AgentMessage] = []
    var calls: [AgentCall] = []
    /// Whether the codes that came were the expected ones; no code is kept.
    var codesWere: (unblocking: Bool, newPIN: Bool)?
    let expected: (unblocking: String, newPIN: String)
    private var waiting: [AgentMessage] = []

    init(expecting unblocking: String = "zq7PUK42", _ newPIN: String = "864209") {
        expected = (unblocking, newPIN)
    }

    /// Whether an officer has to sign in.
    var obliged = false
    var due = [CounterFixture.found()]

    private var office: Office {
        guard obliged else { return Office() }
        return Office(
            officers: [OfficerTests.lan], isObliged: true,
            signedIn: proved.isEmpty ? nil : OfficerTests.lanSignedIn)
    }

    func connect() {
        waiting += [
            .connected(StationInfo(training: true, version: "0.1", office: office)),
            .readers(CounterFixture.readers(.empty)),
        ]
    }

    func call(_ ticket: Ticket, _ call: AgentCall) {
        calls.append(call)
        let reply: AgentReply? =
            switch call {
            case .listDue: .due(due)
            case .status: .status(CounterFixture.status())
            case .findCases: .found([CounterFixture.found()])
            case .signOff: .signedOff
            case .officers: .officers(office)
            case .diagnose, .showRecord, .getRequest, .showAct, .checkRequest, .receiveRequest,
                .completeRequest, .getCase, .getHistory, .getPaper, .unblockAtPad, .checkKeyAtPad,
                .refuseCase, .routeCase,
                .recordCase,
                .sendNotice,
                .closeCase:
                nil
            case .openCase: .opened(CounterFixture.request)
            case .inspect: .report(CounterFixture.report())
            case .begin: .permit(CounterFixture.permit)
            case .attach: nil
            case .cancel: .cancelled
            }
        if let reply { waiting.append(.reply(ticket, reply)) }
    }

    func unblock(
        _ ticket: Ticket, restore: String, unblockingCode: consuming Secret,
        newPIN: consuming Secret
    ) {
        let code = unblockingCode.withBytes { $0.elementsEqual(expected.unblocking.utf8) }
        let pin = newPIN.withBytes { $0.elementsEqual(expected.newPIN.utf8) }
        codesWere = (code, pin)
        waiting.append(.reply(ticket, .finished(CounterFixture.result(.restored))))
    }

    /// The officer's password or the PIN that was sent, and with what.
    var proved: [ProvingCall] = []
    var proofWas: [UInt8] = []

    func prove(_ ticket: Ticket, _ call: ProvingCall, _ code: consuming Secret) {
        proved.append(call)
        proofWas = code.withBytes { Array($0) }
        waiting.append(.reply(ticket, .signedIn(OfficerTests.lanSignedIn)))
    }

    func takeMessages() -> [AgentMessage] {
        defer { waiting = [] }
        return waiting
    }

    func say(_ message: AgentMessage) { waiting.append(message) }
}

@Suite struct DeskTests {
    private let link = FakeLink()
    private let desk: Desk

    init() throws {
        desk = try Desk(
            language: .vietnamese, link: link,
            renderer: Renderer(palette: Palette(depth: .monochrome)), size: .smallest, now: 0)
        desk.start(at: 0)
    }

    private func type(_ text: String, at now: Milliseconds = 1) {
        let bytes = Array(text.utf8)
        var rest = bytes[...]
        while !rest.isEmpty {
            _ = desk.read(at: now) { room in
                let count = min(room.count, rest.count)
                room.copyBytes(from: rest.prefix(count))
                rest.removeFirst(count)
                return count
            }
            desk.takeMessages(at: now)
        }
    }

    private func say(_ message: AgentMessage) {
        link.say(message)
        desk.takeMessages(at: 1)
    }

    private func goToCode() {
        type("\r")
        say(.readers(CounterFixture.readers(.present)))
        type("\r")
        type("\r")
    }

    private var screen: String {
        ScreenView.draw(desk.counter, size: .smallest).lines.joined(separator: "\n")
    }

    @Test func codesReachTheAgentAsTypedAndOnce() {
        goToCode()
        type("zq7PUK42\r")
        type("864209\r864209\r")
        #expect(link.codesWere?.unblocking == true)
        #expect(link.codesWere?.newPIN == true)
        guard case .result = desk.counter.screen else {
            Issue.record("no result")
            return
        }
    }

    /// Even what is typed in one go, faster than anybody can, is taken a key at a time.
    @Test func aWholeRestoreMayComeInOneRead() {
        goToCode()
        type("zq7PUK42\r864209\r864209\r")
        #expect(link.codesWere?.unblocking == true && link.codesWere?.newPIN == true)
    }

    @Test func nothingIsTakenWhereTheScreenIsTooSmallToAsk() {
        goToCode()
        type("zq7PUK42\r864209\r864209")
        desk.resize(Size(columns: 40, rows: 10))
        type("1\r\r")
        #expect(link.codesWere == nil)
        desk.resize(.smallest)
        type("\r")
        #expect(link.codesWere?.unblocking == true && link.codesWere?.newPIN == true)
    }

    @Test func aResultOutlastsWhatWasTypedAhead() {
        goToCode()
        type("zq7PUK42\r864209\r864209\r\r\r")
        type("\r\r", at: 900)
        guard case .result = desk.counter.screen else {
            Issue.record("the result is gone")
            return
        }
        type("\r", at: 2_000)
        guard case .home = desk.counter.screen else {
            Issue.record("the result stays")
            return
        }
    }

    @Test func noScreenEverShowsACode() {
        goToCode()
        type("zq7PUK42")
        #expect(!screen.contains("zq7") && screen.contains("●●●●●●●●"))
        #expect(!String(decoding: desk.paint(), as: UTF8.self).contains("zq7"))
        type("\r864209")
        #expect(!screen.contains("864") && screen.contains("●●●●●●"))
        #expect(!"\(desk.counter)".contains("864209") && !"\(desk.counter)".contains("zq7PUK42"))
    }

    @Test func correctionsWorkInACodeField() {
        goToCode()
        type("xxé\u{7F}\u{7F}\u{7F}zq7PUK4x\u{7F}2")
        type("\rabc\u{15}864209\r864209\r")
        #expect(link.codesWere?.unblocking == true && link.codesWere?.newPIN == true)
    }

    @Test func pastesAreRefusedInACodeField() {
        goToCode()
        type("\u{1B}[200~zq7PUK42\u{1B}[201~")
        #expect(desk.counter.notice?.phrase == .noticePasteRefused)
        #expect(!screen.contains("●"))
        type("zq7PUK42\r\u{1B}[200~864209\u{1B}[201~")
        #expect(desk.counter.notice?.phrase == .noticePasteRefused)
        #expect(!screen.contains("●"))
    }

    /// What is pasted into a field, and what stands there afterwards; "…" is the time that its
    /// next byte is waited for.
    private static let pastes: [(typed: String, wanted: String)] = [
        ("\u{1B}[200~45/SYT\u{1B}[201~", "45/SYT"),
        ("\u{1B}[200~45", ""),
        ("\u{1B}[200~45/SYT…", ""),
        ("ab\u{1B}[200~45/SYT…cd", "abcd"),
        // Nobody knows that the rest was not typed.
        ("\u{1B}[200~45…/SYT\u{1B}[201~", "/SYT"),
        ("\u{1B}[200~45\u{1B}[200~6\u{1B}[201~", "456"),
        ("\u{1B}[201~x", "x"),
        ("\u{1B}[200~" + String(repeating: "x", count: 2_000) + "…", ""),
        (
            "\u{1B}[200~" + String(repeating: "x", count: 2_000) + "\u{1B}[201~",
            String(repeating: "x", count: TextField.longest)
        ),
    ]

    @Test(arguments: pastes)
    func aPasteIsTakenWholeOrNotAtAll(_ typed: String, _ wanted: String) {
        type("\t\r")
        guard case .form = desk.counter.screen else {
            Issue.record("no form: \(desk.counter.screen)")
            return
        }
        var now: Milliseconds = 10
        for (index, part) in typed.split(separator: "…", omittingEmptySubsequences: false)
            .enumerated()
        {
            if index > 0 {
                now += 2_000
                desk.endTyping(at: now)
                #expect(desk.typingDeadline == nil)
            }
            type(String(part), at: now)
        }
        guard case .form(let form) = desk.counter.screen else { return }
        #expect(form[form.focus].text == wanted)
    }

    /// However it meets the field: nothing of a paste is in it afterwards.
    @Test func aCodeFieldTakesNothingOfABrokenPaste() {
        goToCode()
        type("\u{1B}[200~zq7", at: 10)
        desk.endTyping(at: 2_010)
        #expect(!screen.contains("●"))
        type("PUK42\u{1B}[201~", at: 2_020)
        #expect(!screen.contains("●"))
        #expect(desk.counter.notice?.phrase == .noticePasteRefused)
        type("zq7PUK42\r864209\r864209\r", at: 2_030)
        #expect(link.codesWere?.unblocking == true && link.codesWere?.newPIN == true)
    }

    /// A code that was begun to be pasted into its field comes to stand on no other screen.
    @Test func aPasteThatMetACodeFieldIsTypedNowhere() {
        var paste = Paste()
        for scalar in "zq7PUK".unicodeScalars { paste.take(scalar) }
        paste.refuse()
        for scalar in "42".unicodeScalars { paste.take(scalar) }
        #expect(paste.end() == [])
    }

    @Test func aNewPINTakesNoAccents() {
        goToCode()
        type("zq7PUK42\rấ")
        #expect(desk.counter.notice?.phrase == .noticeNotPrintable)
        #expect(!screen.contains("●"))
    }

    @Test func aPullEmptiesTheFields() {
        goToCode()
        type("zq7PUK42\r8642")
        say(.readers(CounterFixture.readers(.empty)))
        say(.readers(CounterFixture.readers(.present, insertion: 1)))
        type("\r")
        type("\r")
        // What is left of the old code would make this one too long or wrong.
        type("zq7PUK42\r864209\r864209\r")
        #expect(link.codesWere?.unblocking == true && link.codesWere?.newPIN == true)
    }

    @Test(arguments: ["123456", "000000", "12345678"])
    func aCommonPINIsRefusedOnTheHoldersScreen(_ common: String) {
        goToCode()
        type("zq7PUK42\r" + common + "\r")
        #expect(desk.counter.notice?.phrase == .noticeCommonPIN)
        #expect(desk.counter.codeSlot == .newPIN && !screen.contains("●"))
        type("864209\r864209\r")
        #expect(link.codesWere?.unblocking == true && link.codesWere?.newPIN == true)
    }

    /// Whichever field has the keys.
    @Test func aCommonPINIsNotSentFromTheSecondFieldEither() {
        goToCode()
        type("zq7PUK42\r864209\r\t\u{15}123456\t123456\r")
        #expect(desk.counter.notice?.phrase == .noticeCommonPIN)
        #expect(link.codesWere == nil && !screen.contains("●"))
    }

    @Test func codeScreensLeaveAfterAMinute() {
        goToCode()
        type("zq7PUK42\r8642", at: 1_000)
        desk.tick(at: 61_000)
        #expect(screen.contains(Phrase.turnBackTitle.vietnamese))
        #expect(!screen.contains("●"))
        type("\rzq7PUK42\r864209\r864209\r", at: 62_000)
        #expect(link.codesWere?.unblocking == true && link.codesWere?.newPIN == true)
    }

    /// Each byte of a paste is waited for anew, but none for good.
    @Test func aPasteWithoutAnEndMakesNobodyDeaf() {
        type("\r")
        type("\u{1B}[200~", at: 10)
        type("x\u{1B}", at: 900)
        desk.endTyping(at: 2_011)
        #expect(desk.typingDeadline == 2_900)
        desk.endTyping(at: 2_900)
        #expect(desk.typingDeadline == nil)
        type("\u{1B}]", at: 3_000)
        type("11;rgb:", at: 3_500)
        #expect(desk.typingDeadline == 4_500)
        desk.endTyping(at: 4_500)
        type("\u{1B}", at: 5_000)
        desk.endTyping(at: 5_050)
        guard case .home = desk.counter.screen else {
            Issue.record("still \(desk.counter.screen)")
            return
        }
    }

    @Test func escapeAloneIsAKeyWhenNothingFollows() {
        type("\r")
        type("\u{1B}")
        #expect(desk.hasPendingEscape)
        #expect(desk.typingDeadline == 51)
        desk.endTyping(at: 50)
        #expect(desk.hasPendingEscape)
        desk.endTyping(at: 51)
        #expect(!desk.hasPendingEscape && desk.typingDeadline == nil)
        guard case .home = desk.counter.screen else {
            Issue.record("still \(desk.counter.screen)")
            return
        }
    }

    @Test func anOfficersPasswordGoesToTheAgentOnceAndOntoNoScreen() {
        link.obliged = true
        say(.lost(.hungUp))
        desk.tick(at: 1_000)
        desk.takeMessages(at: 1_000)
        type("\rmật khẩu dài", at: 1_000)
        #expect(screen.contains("●●●●") && !screen.contains("mật khẩu dài"))
        #expect(!"\(desk.counter)".contains("khẩu dài"))
        type("\r", at: 1_000)
        #expect(link.proved == [.signIn(officer: "lan")])
        #expect(link.proofWas == Array("mật khẩu dài".utf8))
        guard case .home = desk.counter.screen else {
            Issue.record("not at home")
            return
        }
    }

    // MARK: touch

    /// Touches the first place on the painted screen where `words` stand.
    private func touch(_ words: String, at now: Milliseconds = 1) {
        _ = desk.paint()
        let grid = ScreenView.draw(desk.counter, size: .smallest)
        for row in 0..<grid.size.rows {
            guard let range = grid.line(row).firstRange(of: words) else { continue }
            let column = CharacterWidth.of(String(grid.line(row)[..<range.lowerBound]))
            return type(
                "\u{1B}[<0;\(column + 1);\(row + 1)M\u{1B}[<0;\(column + 1);\(row + 1)m", at: now)
        }
        Issue.record("nothing says \(words)")
    }

    @Test func aRestoreIsWalkedByTouchButForTheCodes() {
        touch("12/UBND")
        touch("12/UBND")
        say(.readers(CounterFixture.readers(.present)))
        touch("Enter")
        touch("Enter")
        type("zq7PUK42")
        touch(Phrase.keyGoOn.vietnamese)
        type("864209")
        touch(Phrase.pinRepeat.vietnamese)
        type("864209")
        touch("Enter")
        #expect(link.codesWere?.unblocking == true && link.codesWere?.newPIN == true)
        // Nobody can have read the result yet.
        touch("Enter")
        guard case .result = desk.counter.screen else {
            Issue.record("the result is gone")
            return
        }
        touch("Enter", at: 2_000)
        guard case .home = desk.counter.screen else {
            Issue.record("the result stays")
            return
        }
    }

    @Test func aTouchCountsOnlyOnTheScreenItWasMadeOn() {
        type("\t")
        _ = desk.paint()
        let place = "\u{1B}[<0;3;24M"
        type(place + place)
        guard case .form = desk.counter.screen else {
            Issue.record("one touch, one key: \(desk.counter.screen)")
            return
        }
        type(place)
        guard case .form(let form) = desk.counter.screen else { return }
        #expect(form.focus == .requestNumber, "not painted since")
    }

    @Test func theWheelMovesInAList() {
        _ = desk.paint()
        let row =
            (screen.split(separator: "\n", omittingEmptySubsequences: false)
                .firstIndex { $0.contains("12/UBND") } ?? 0) + 1
        func chosen() -> Int? {
            if case .home(let home) = desk.counter.screen { home.chosen } else { nil }
        }
        type("\u{1B}[<65;20;\(row)M\u{1B}[<65;20;\(row)M")
        #expect(chosen() == 3, "the case, then the errands two in a line")
        type("\u{1B}[<64;20;\(row)M")
        #expect(chosen() == 1)
        _ = desk.paint()
        type("\u{1B}[<65;1;1M")
        #expect(chosen() == 1)
    }

    @Test func noTouchTypesIntoACodeField() {
        goToCode()
        for row in 1...24 {
            for column in stride(from: 1, through: 80, by: 9) {
                _ = desk.paint()
                guard case .unblockingCode = desk.counter.screen else {
                    type("\r")
                    continue
                }
                type("\u{1B}[<0;\(column);\(row)M\u{1B}[<65;\(column);\(row)M")
                #expect(!screen.contains("●"))
            }
        }
    }

    @Test func leavingIsByKey() {
        type("\u{1B}[21~")
        #expect(desk.hasQuit)
    }

    @Test func theEndOfTheTerminalIsSeen() {
        let more = desk.read(at: 1) { _ in 0 }
        #expect(!more)
    }

    @Test func onlyWhatChangedIsPainted() {
        _ = desk.paint()
        #expect(desk.paint().isEmpty)
        type("\u{1B}[B")
        let change = desk.paint()
        #expect(!change.isEmpty && change.count < 600)
        desk.repaint()
        #expect(desk.paint().count > 1_500)
    }
}
