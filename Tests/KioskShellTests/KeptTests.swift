import StationInterface
import System
import Testing

@testable import KioskShell

/// What a screen that crashed leaves to the next.
@Suite struct KeptTests {
    private static func draft() -> RequestDraft {
        var draft = RequestDraft(.takeBack, devices: 2, completing: nil, page: 3)
        draft.isRevoked = true
        draft[.number] = TextField("12/UBND")
        draft[.managingBody] = TextField("UBND phường “Gia Viên”")
        draft[.contact(.personalNumber)] = TextField("031187000001")
        draft[.device(1, .mail)] = TextField("an@haiphong.gov.vn")
        return draft
    }

    private static func form() -> CaseForm {
        var form = CaseForm()
        form[.holder] = TextField("Nguyễn Văn An")
        form.focus = .deviceNumber
        return form
    }

    static let all: [Kept] = [
        .draft(draft()), .form(form()), .caseInHand("C-1"),
        .draft(RequestDraft(.lost, devices: 1, completing: "R-1", page: 0)),
    ]

    @Test(arguments: all)
    func whatIsKeptIsReadBack(_ kept: Kept) {
        #expect(Kept(bytes: kept.bytes) == kept)
    }

    /// Wherever somebody stood in what was typed.
    @Test func whatIsLeftOutIsKeptByNobody() {
        var form = Self.form()
        var moved = form[.holder].edit(.left)
        form.checked = true
        var draft = Self.draft()
        moved = draft[.number].edit(.home) && moved
        draft.isLeaving = true
        #expect(moved)
        for here in [Resume.form(form), .draft(draft)] {
            let kept = Kept(here)
            #expect(kept.flatMap { Kept(bytes: $0.bytes) } == kept)
        }
    }

    @Test(arguments: all)
    func nothingThatIsTornIsTaken(_ kept: Kept) {
        for count in 0..<kept.bytes.count { #expect(Kept(bytes: Array(kept.bytes[..<count])) == nil) }
        #expect(Kept(bytes: kept.bytes + kept.bytes) == nil)
    }

    private func desk(_ memory: Int32, _ link: FakeLink) throws -> Desk {
        let file = try MemoryFile(inheriting: FileDescriptor(duplicating: memory).release())
        let desk = try Desk(
            language: .vietnamese, link: link,
            renderer: Renderer(palette: Palette(depth: .monochrome)), memory: KeptMemory(file),
            size: .smallest, now: 0)
        desk.start(at: 0)
        return desk
    }

    private func type(_ text: String, into desk: Desk) {
        for byte in text.utf8 {
            _ = desk.read(at: 1) { room in
                room[0] = byte
                return 1
            }
            desk.takeMessages(at: 1)
        }
    }

    @Test func aPaperHalfTypedIsGoneOnWithByTheNextScreen() throws {
        let memory = try MemoryFile()
        let first = try desk(memory.number, FakeLink())
        // The second errand: a paper with all its fields.
        type("\t\u{1B}[C\r\t12/46", into: first)
        guard case .request(let typed) = first.counter.screen else {
            Issue.record("\(first.counter.screen)")
            return
        }
        #expect(typed[.number].text == "12/46")
        let second = try desk(memory.number, FakeLink())
        guard case .request(let found) = second.counter.screen else {
            Issue.record("\(second.counter.screen)")
            return
        }
        #expect(found.form == typed.form)
        #expect(second.counter.notice == Sentence(.noticeScreenBack))
        // Dropped on purpose, it is not kept any more.
        type("\u{1B}[21~", into: second)
        #expect(second.hasQuit)
        #expect(try memory.contents().isEmpty)
    }

    @Test func theCaseInHandIsTheOneThatIsChosen() throws {
        let memory = try MemoryFile()
        let first = try desk(memory.number, FakeLink())
        type("\r", into: first)
        #expect(first.counter.kept == .caseInHand("C-1"))
        let link = FakeLink()
        link.due = [CounterFixture.found(number: "C-0"), CounterFixture.found()]
        let second = try desk(memory.number, link)
        guard case .home(let home) = second.counter.screen else {
            Issue.record("\(second.counter.screen)")
            return
        }
        #expect(home.chosen == 1)
        // Nothing that was typed is there.
        #expect(second.counter.notice == Sentence(.noticeScreenRestarted))
    }

    /// Every stage's codes stay out of what is kept: it has no place for one.
    @Test(arguments: CounterFixture.Stage.allCases)
    func noStageKeepsMoreThanItsCase(_ stage: CounterFixture.Stage) {
        switch CounterFixture(at: stage).counter.kept {
        case nil: #expect([.connecting, .home].contains(stage))
        case .form: #expect(stage == .form)
        case .caseInHand(let number): #expect(number == "C-1")
        case .draft: Issue.record("nothing was typed")
        }
    }
}
