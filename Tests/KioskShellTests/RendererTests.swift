import Testing

@testable import KioskShell

@Suite struct RendererTests {
    private let size = Size(columns: 40, rows: 6)

    private func renderer(_ depth: ColorDepth = .many) -> Renderer {
        Renderer(palette: Palette(depth: depth))
    }

    @Test func aScreenArrivesAsDrawn() {
        var grid = CellGrid(size: size)
        grid.put("Mời chủ thiết bị", row: 1, column: 2, role: .heading)
        grid.put("漢字 và e\u{302}\u{301}", row: 2, column: 0, role: .text)
        var renderer = renderer()
        var terminal = MiniTerminal(size: size)
        terminal.feed(renderer.render(grid))
        #expect(terminal.lines == grid.lines)
        #expect(terminal.unknown == [])
    }

    @Test func onlyChangedCellsAreWritten() {
        var grid = CellGrid(size: size)
        grid.put("số lần thử: 3", row: 3, column: 5, role: .text)
        var renderer = renderer()
        var terminal = MiniTerminal(size: size)
        terminal.feed(renderer.render(grid))
        let before = terminal.cellsWritten
        grid.put("2", row: 3, column: 17, role: .text)
        terminal.feed(renderer.render(grid))
        #expect(terminal.cellsWritten - before == 1)
        #expect(terminal.lines == grid.lines)
        #expect(renderer.render(grid) == [])
    }

    @Test func aNoticeWritesNoOtherCells() {
        var fixture = CounterFixture(at: .help, report: CounterFixture.report(help: .notLocked))
        var renderer = renderer()
        var terminal = MiniTerminal(size: .smallest)
        let before = ScreenView.draw(fixture.counter, size: .smallest)
        terminal.feed(renderer.render(before))
        #expect(renderer.render(ScreenView.draw(fixture.counter, size: .smallest)) == [])
        let whole = terminal.cellsWritten
        fixture.key(.enter)
        let after = ScreenView.draw(fixture.counter, size: .smallest)
        terminal.feed(renderer.render(after))
        let changed = (0..<24 * 80).count { before[$0 / 80, $0 % 80] != after[$0 / 80, $0 % 80] }
        #expect(terminal.cellsWritten - whole == changed && changed > 0)
        #expect(terminal.lines == after.lines)
    }

    /// What a role says is seen without colours: each is another look than what it stands beside.
    @Test(
        arguments: [
            (.chosen, .text), (.chosen, .strong), (.fieldFocused, .field), (.field, .text),
            (.key, .page), (.notice, .text), (.bad, .text), (.bad, .good), (.warning, .text),
            (.good, .text), (.training, .text), (.heading, .text), (.bar, .page),
        ] as [(Role, Role)])
    func statesDifferWithoutColour(_ one: Role, _ other: Role) {
        let palette = Palette(depth: .monochrome)
        #expect(palette.sequence(one).description != palette.sequence(other).description)
    }

    /// Any grid after any other, wide characters cut in half included.
    @Test func everyChangeEndsInTheSameScreen() {
        var random = SeededRandom(seed: 7)
        let words = ["漢字", "ế", "e\u{302}", "abc", "──", "🙂", "x", "Ｗ", " "]
        var renderer = renderer()
        var terminal = MiniTerminal(size: size)
        var grid = CellGrid(size: size)
        for _ in 0..<500 {
            for _ in 0..<Int(random.next() % 6) {
                let word = words[Int(random.next() % UInt64(words.count))]
                grid.put(
                    word, row: Int(random.next() % 6), column: Int(random.next() % 40),
                    role: Role.allCases[Int(random.next() % UInt64(Role.allCases.count))])
            }
            terminal.feed(renderer.render(grid))
            #expect(terminal.lines == grid.lines)
        }
        #expect(terminal.unknown == [])
    }

    @Test func anotherSizeIsPaintedWhole() {
        var renderer = renderer()
        var grid = CellGrid(size: size)
        grid.put("abc", row: 0, column: 0, role: .page)
        _ = renderer.render(grid)
        var larger = CellGrid(size: Size(columns: 50, rows: 8))
        larger.put("abc", row: 0, column: 0, role: .page)
        var terminal = MiniTerminal(size: larger.size)
        terminal.feed(renderer.render(larger))
        #expect(terminal.lines == larger.lines)
    }

    @Test func theCursorShowsOnlyInAField() {
        var renderer = renderer()
        var terminal = MiniTerminal(size: size)
        var grid = CellGrid(size: size)
        terminal.feed(renderer.render(grid))
        #expect(!terminal.cursorShown)
        grid.cursor = Position(row: 2, column: 7)
        terminal.feed(renderer.render(grid))
        #expect(terminal.cursorShown && terminal.row == 2 && terminal.column == 7)
        grid.cursor = nil
        terminal.feed(renderer.render(grid))
        #expect(!terminal.cursorShown)
    }

    @Test func namesCannotSteerTheTerminal() {
        var grid = CellGrid(size: size)
        grid.put("A\u{1B}[2J\u{9B}31m\u{7}B\u{202E}C", row: 0, column: 0, role: .text)
        var renderer = renderer()
        let bytes = renderer.render(grid)
        var terminal = MiniTerminal(size: size)
        terminal.feed(bytes)
        #expect(terminal.unknown == [])
        #expect(terminal.lines[0] == "A\u{FFFD}[2J\u{FFFD}31m\u{FFFD}B\u{FFFD}C")
    }

    @Test func textIsCutAtTheEdgeWithAnEllipsis() {
        var grid = CellGrid(size: size)
        #expect(grid.put("Ủy ban nhân dân", row: 0, column: 0, limit: 8, role: .text) == 8)
        #expect(grid.line(0) == "Ủy ban …")
        // A wide character that does not fit whole is left out.
        grid.put("ab漢字", row: 1, column: 0, limit: 5, role: .text)
        #expect(grid.line(1) == "ab漢…")
        #expect(grid.put("x", row: 9, column: 0, role: .text) == 0)
    }

    @Test func marksBeyondTwoAreLeftOut() {
        var grid = CellGrid(size: size)
        grid.put("x" + String(repeating: "\u{30A}", count: 40), row: 0, column: 0, role: .text)
        #expect(grid[0, 0].text.unicodeScalars.count == 3)
    }

    @Test(
        arguments: [
            ("1", "xterm-256color", ColorDepth.monochrome), (nil, "xterm-256color", .many),
            ("", "foot", .many), (nil, "linux", .sixteen), (nil, "vt220", .monochrome),
            (nil, "dumb", .monochrome), (nil, nil, .monochrome), (nil, "tmux-256color", .many),
        ] as [(String?, String?, ColorDepth)])
    func coloursFollowTheEnvironment(_ noColor: String?, _ term: String?, _ depth: ColorDepth) {
        #expect(ColorDepth.from(noColor: noColor, term: term) == depth)
    }

    @Test func withoutColourNoColourIsSet() {
        let palette = Palette(depth: .monochrome)
        for role in Role.allCases {
            let text = palette.sequence(role).description
            let numbers = text.dropFirst(2).dropLast().split(separator: ";").compactMap { Int($0) }
            #expect(numbers.allSatisfy { $0 < 30 }, "\(role)")
        }
    }

    @Test(arguments: [ColorDepth.many])
    func textContrastsAreReadable(_ depth: ColorDepth) {
        let palette = Palette(depth: depth)
        for role in Role.allCases where role != .frame {
            let numbers = palette.sequence(role).description.dropFirst(2).dropLast()
                .split(separator: ";").compactMap { Int($0) }
            guard let front = numbers.firstIndex(of: 38), let back = numbers.lastIndex(of: 48)
            else {
                Issue.record("\(role) has no colours")
                continue
            }
            let a = luminance(numbers[front + 2])
            let b = luminance(numbers[back + 2])
            #expect((max(a, b) + 0.05) / (min(a, b) + 0.05) >= 4.5, "\(role)")
        }
    }

    /// Relative luminance (WCAG 2) of a colour of xterm's 256.
    private func luminance(_ index: Int) -> Double {
        let levels = [0, 95, 135, 175, 215, 255]
        let rgb: [Int]
        if index >= 232 {
            rgb = Array(repeating: 8 + (index - 232) * 10, count: 3)
        } else {
            let cube = max(index - 16, 0)
            rgb = [levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6]]
        }
        let linear = rgb.map { value -> Double in
            let c = Double(value) / 255
            return c <= 0.03928 ? c / 12.92 : power((c + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    private func power(_ base: Double, _ exponent: Double) -> Double {
        // exp(y · ln x) by series is overkill: the fifth root of x¹² is x to the 2.4.
        let twelfth = (0..<12).reduce(1.0) { product, _ in product * base }
        var root = base
        for _ in 0..<60 {
            let fourth = root * root * root * root
            root -= (root * fourth - twelfth) / (5 * fourth)
        }
        return root
    }
}
