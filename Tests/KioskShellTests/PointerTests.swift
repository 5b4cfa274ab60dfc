import Testing

@testable import KioskShell

@Suite struct PointerTests {
    private func key(_ grid: CellGrid, _ row: Int, _ column: Int, _ act: Pointer.Act = .press)
        -> Key?
    {
        let place = Position(row: row, column: column)
        guard case .key(let key)? = grid.targets.effect(of: Pointer(act: act, position: place))
        else { return nil }
        return key
    }

    @Test func whatWasDrawnLaterLiesOnTop() {
        var grid = CellGrid(size: .smallest)
        grid.touch(row: 2, column: 0, width: 10, height: 3, .key(.enter))
        grid.touch(row: 3, column: 2, width: 2, height: 1, .key(.escape))
        grid.touch(row: 0, column: 0, width: 80, height: 24, .wheel)
        #expect(key(grid, 2, 0) == .enter && key(grid, 3, 3) == .escape)
        #expect(key(grid, 3, 4) == .enter && key(grid, 5, 0) == nil && key(grid, 2, 10) == nil)
        #expect(key(grid, 9, 9, .wheelDown) == .down && key(grid, 9, 9, .wheelUp) == .up)
    }

    @Test func targetsAreBounded() {
        var grid = CellGrid(size: .smallest)
        for row in 0..<1_000 { grid.touch(row: row, column: 0, width: 1, height: 1, .wheel) }
        #expect(grid.targets.count == Target.most)
        grid = CellGrid(size: .smallest)
        grid.touch(row: 1, column: 1, width: 0, height: 1, .wheel)
        #expect(grid.targets.isEmpty)
    }

    @Test func aChangeOfTargetsAloneWritesNothing() {
        var grid = CellGrid(size: .smallest)
        var renderer = Renderer(palette: Palette(depth: .many))
        _ = renderer.render(grid)
        grid.touch(row: 0, column: 0, width: 9, height: 1, .key(.enter))
        #expect(renderer.render(grid) == [])
    }

    /// Every key at the foot of every screen can be touched, in two rows at least.
    @Test(arguments: CounterFixture.Stage.allCases, ScreenTests.sizes)
    func keysOfTheFooterCanBeTouched(_ stage: CounterFixture.Stage, _ size: Size) {
        let counter = CounterFixture(at: stage).counter
        let grid = ScreenView.draw(counter, size: size)
        for hint in counter.keyHints {
            guard let wanted = hint.pressed else {
                #expect([KeyHint.upAndDown, KeyHint.letters].contains(hint.key))
                continue
            }
            let own = grid.targets.filter { $0.effect == .key(wanted) && $0.row >= size.rows - 3 }
            #expect(own.count == 1, "\(hint.key)")
            #expect(own.allSatisfy { $0.height >= 2 && $0.width > hint.key.count + 3 })
        }
    }

    @Test(arguments: CounterFixture.Stage.allCases, ScreenTests.sizes)
    func targetsLieOnTheScreenAndNeverTypeACharacter(_ stage: CounterFixture.Stage, _ size: Size) {
        let grid = ScreenView.draw(CounterFixture(at: stage).counter, size: size)
        for target in grid.targets {
            #expect(target.row >= 0 && target.row + target.height <= size.rows)
            #expect(target.column >= 0 && target.column + target.width <= size.columns)
            switch target.effect {
            case .wheel, .pad: break
            case .key(.character), .key(.pasted), .key(.pointer): Issue.record("\(target)")
            case .key: break
            }
        }
    }

    @Test func aSecondTouchOnTheChosenRowGoesOn() {
        var fixture = CounterFixture(at: .home)
        let grid = ScreenView.draw(fixture.counter, size: .smallest)
        let row = grid.lines.firstIndex { $0.contains("12/UBND") } ?? 0
        #expect(key(grid, row, 20) == .enter && key(grid, row + 1, 20) == .enter)
        fixture.key(.choose(1))
        let other = ScreenView.draw(fixture.counter, size: .smallest)
        #expect(key(other, row, 20) == .choose(0))
        fixture.key(.choose(77))
        guard case .home(let home) = fixture.counter.screen else { return }
        #expect(home.chosen == 1)
    }

    @Test func touchChoosesAFieldAndAReader() {
        var fixture = CounterFixture(at: .form)
        fixture.key(.choose(2), .choose(9))
        guard case .form(let form) = fixture.counter.screen else { return }
        #expect(form.focus == .holder)
        fixture = CounterFixture(at: .waiting)
        let two = ["A", "B"].map { ReaderStatus(name: $0, state: .present, insertion: 1) }
        fixture.send(.agent(.readers(two)))
        fixture.key(.choose(1), .choose(2), .enter)
        #expect(fixture.calls.last == .inspect(reader: "B", caseID: "C-1"))
    }
}
