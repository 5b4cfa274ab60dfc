import Testing

@testable import KioskShell

@Suite struct CodePadTests {
    private let link = FakeLink(expecting: "13572468", "864209")
    private let desk: Desk

    init() throws {
        desk = try Desk(
            language: .vietnamese, link: link,
            renderer: Renderer(palette: Palette(depth: .monochrome)), size: .smallest, now: 0)
        desk.start(at: 0)
        desk.takeMessages(at: 0)
    }

    private func type(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            _ = desk.read(at: 1) { room in
                let count = min(room.count, rest.count)
                room.copyBytes(from: rest.prefix(count))
                rest.removeFirst(count)
                return count
            }
            desk.takeMessages(at: 1)
        }
    }

    /// What a terminal shows.
    private func shown() -> MiniTerminal {
        var terminal = MiniTerminal(size: .smallest)
        desk.repaint()
        terminal.feed(desk.paint())
        return terminal
    }

    private func touch(_ row: Int, _ column: Int) {
        _ = desk.paint()
        type("\u{1B}[<0;\(column + 1);\(row + 1)M")
    }

    private func touchFooter(_ words: String) {
        let line = shown().lines[23]
        guard let range = line.firstRange(of: words) else {
            Issue.record("no \(words)")
            return
        }
        touch(23, CharacterWidth.of(String(line[..<range.lowerBound])))
    }

    /// Where each key's name stands in the right third of the card.
    private func places() -> [String: (row: Int, column: Int)] {
        let terminal = shown()
        var found: [String: (Int, Int)] = [:]
        for row in 4..<21 {
            let cells = terminal.rows[row]
            for column in 53..<75 where "0123456789".contains(cells[column]) && cells[column] != " "
            {
                found[cells[column]] = (row, column)
            }
            for name in [Phrase.padClear.vietnamese, Phrase.padErase.vietnamese] {
                let text = cells[53..<75].joined()
                guard let range = text.firstRange(of: name) else { continue }
                found[name] = (row, 53 + text.distance(from: text.startIndex, to: range.lowerBound))
            }
        }
        return found
    }

    private func touchCode(_ code: String) {
        let places = places()
        for digit in code {
            guard let place = places[String(digit)] else {
                Issue.record("no key \(digit)")
                return
            }
            touch(place.row, place.column)
        }
    }

    private func goToCode(byTouch: Bool) {
        // The first case of the first screen.
        type("\r")
        link.say(.readers(CounterFixture.readers(.present)))
        desk.takeMessages(at: 1)
        type("\r")
        if byTouch { touchFooter("Enter") } else { type("\r") }
        guard case .unblockingCode = desk.counter.screen else {
            Issue.record("\(desk.counter.screen)")
            return
        }
    }

    @Test func codesAreTypedByFinger() {
        goToCode(byTouch: true)
        touchCode("13572468")
        touchFooter("Enter")
        touchCode("8642")
        touchCode("7")
        let places = places()
        if let erase = places[Phrase.padErase.vietnamese] { touch(erase.row, erase.column) }
        touchCode("09")
        touchFooter("Enter")
        touchCode("11")
        if let clear = places[Phrase.padClear.vietnamese] { touch(clear.row, clear.column) }
        touchCode("864209")
        touchFooter("Enter")
        #expect(link.codesWere?.unblocking == true && link.codesWere?.newPIN == true)
    }

    /// Fingers are faster than the screen: what stays in its place counts.
    @Test func twoTouchesInOneReadAreTwoDigits() {
        goToCode(byTouch: true)
        guard let place = places()["5"] else { return }
        let touch = "\u{1B}[<0;\(place.column + 1);\(place.row + 1)M"
        type(touch + touch)
        guard case .unblockingCode(let session) = desk.counter.screen else { return }
        #expect(session.unblocking.characters == 2)
    }

    @Test func thePadIsThereForAFingerOrByKeyAndLeavesWithItsScreen() {
        goToCode(byTouch: false)
        #expect(places().isEmpty)
        type("\u{1B}[17~")
        #expect(places().count == 12)
        type("\u{1B}[17~")
        #expect(places().isEmpty)
        type("\u{1B}[17~13572468\r")
        guard case .newPIN = desk.counter.screen else { return }
        #expect(places().isEmpty)
        type("\u{1B}[17~")
        #expect(places().count == 12)
        link.say(.readers(CounterFixture.readers(.empty)))
        desk.takeMessages(at: 1)
        #expect(places().isEmpty)
    }

    @Test func theDigitsAreInOtherPlacesEachTime() {
        var random = SeededRandom(seed: 3)
        var firsts: Set<String> = []
        for _ in 0..<200 {
            let pad = CodePad(using: &random)
            var digits: Set<Unicode.Scalar> = []
            for place in 0..<CodePad.rows * CodePad.columns {
                if case .type(let digit) = pad[place] { digits.insert(digit) }
            }
            #expect(digits.count == 10)
            #expect(pad[9] == .clear && pad[11] == .erase && pad[12] == nil && pad[-1] == nil)
            if case .type(let digit) = pad[0] { firsts.insert(String(digit)) }
        }
        #expect(firsts.count == 10)
        #expect(Set((0..<8).map { _ in "\(CodePad())" }).count > 1)
    }

    @Test func onlyCodesOfDigitsHaveAPad() {
        for (characters, has) in [
            (CodeRule.Characters.digits, true), (.printable, true), (.any, true), (.hex, false),
        ] {
            var fixture = CounterFixture(at: .unblockingCode)
            guard case .unblockingCode(var session) = fixture.counter.screen else { return }
            session.subject.report.unblockingRule.characters = characters
            fixture.counter.screen = .unblockingCode(session)
            #expect((fixture.counter.padScreen != nil) == has)
            #expect(fixture.drawn().contains("F6") == has)
        }
        for stage in [CounterFixture.Stage.home, .form, .progress, .result] {
            #expect(CounterFixture(at: stage).counter.padScreen == nil)
        }
    }

    /// All of the screen beside the pad, in both languages, with and without a notice.
    @Test(arguments: [CounterFixture.Stage.unblockingCode, .newPIN], ScreenTests.sizes)
    func nothingIsCutOffBesideThePad(_ stage: CounterFixture.Stage, _ size: Size) {
        for language in Language.allCases {
            var fixture = CounterFixture(at: stage)
            fixture.counter.language = language
            let without = ScreenView.draw(fixture.counter, size: size)
            let grid = ScreenView.draw(fixture.counter, size: size, pad: CodePad())
            let text = grid.lines.joined(separator: "\n")
            #expect(!text.contains("…"), "\(language)")
            #expect(grid.targets.count { if case .pad = $0.effect { true } else { false } } == 12)
            // Every word of the screen without it is still there.
            let words = Set(
                without.lines.joined(separator: " ").split(separator: " ").filter { $0.count > 1 })
            for word in words where !word.contains("─") {
                #expect(text.contains(word), "\(word) \(language) \(size)")
            }
        }
    }

    /// A notice that comes while somebody types moves no key from under their finger, and takes
    /// no rule away.
    @Test(arguments: [CounterFixture.Stage.unblockingCode, .newPIN], ScreenTests.sizes)
    func aNoticeMovesNoKeyOfThePad(_ stage: CounterFixture.Stage, _ size: Size) {
        func keys(_ grid: CellGrid) -> [Target] {
            grid.targets.filter { if case .pad = $0.effect { true } else { false } }
        }
        for language in Language.allCases {
            var fixture = CounterFixture(at: stage)
            fixture.counter.language = language
            let pad = CodePad()
            let without = ScreenView.draw(fixture.counter, size: size, pad: pad)
            fixture.counter.notice = Sentence(.noticeCommonPIN)
            let grid = ScreenView.draw(fixture.counter, size: size, pad: pad)
            let text = grid.lines.joined(separator: "\n")
            #expect(keys(grid) == keys(without), "\(text)")
            let words = without.lines.joined(separator: " ").split(separator: " ")
            for word in Set(words) where word.count > 1 && !word.contains("─") {
                #expect(text.contains(word), "\(word)\n\(text)")
            }
        }
    }
}
