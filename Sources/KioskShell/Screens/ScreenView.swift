/// The whole screen from the counter's state alone: bar, banner, steps, card, readers, keys.
enum ScreenView {
    static func draw(_ counter: Counter, size: Size, pad: CodePad? = nil) -> CellGrid {
        let size = size.clamped
        var grid = CellGrid(size: size)
        if counter.isDark {
            // Every touch is a key that only brings the screen back.
            grid.fill(row: 0, column: 0, width: size.columns, height: size.rows, role: .dark)
            grid.touch(
                row: 0, column: 0, width: size.columns, height: size.rows, .key(.escape))
            return grid
        }
        guard size.isEnough else {
            drawTooSmall(counter.language, &grid)
            return grid
        }
        drawBar(counter, &grid)
        if !counter.screen.isHolders {
            drawSteps(counter, &grid)
            drawStatus(counter, &grid)
        }
        let card = Frame(size: size)
        drawFrame(card, &grid)
        let notice = counter.notice?.text(counter.language)
        let foot = notice.map { Painter.bandLines($0, width: card.width - 6).count } ?? 0
        let empty = grid
        func painted(mostGaps: Int) -> Painter {
            var painter = Painter(
                grid: empty, language: counter.language, left: card.left + 3, top: card.top + 1,
                width: card.width - 6, bottom: card.top + card.height - 1, foot: foot,
                mostGaps: mostGaps)
            painter.pad = pad
            counter.drawCard(&painter)
            return painter
        }
        var painter = painted(mostGaps: .max)
        // Empty rows give way before any text does, the last ones first.
        if painter.lost > 0 { painter = painted(mostGaps: max(painter.gaps - painter.lost, 0)) }
        painter.openFoot()
        if let notice { painter.band(notice, .notice) }
        grid = painter.grid
        drawKeys(counter, &grid)
        return grid
    }

    private struct Frame {
        let left, top, width, height: Int

        init(size: Size) {
            width = min(size.columns - 4, 96)
            left = (size.columns - width) / 2
            height = min(size.rows - 6, 24)
            top = 3 + (size.rows - 6 - height) / 3
        }
    }

    private static func drawTooSmall(_ language: Language, _ grid: inout CellGrid) {
        let size = grid.size
        let need = Size.smallest
        let lines = [
            Phrase.tooSmall.text(language),
            Phrase.tooSmallNeed.text(
                language,
                [need.columns, need.rows, size.columns, size.rows].map { String($0) }),
            Phrase.tooSmallDo.text(language),
        ]
        var row = max((size.rows - 5) / 2, 0)
        for line in lines.flatMap({ Wrapping.lines($0, width: size.columns, most: 3) }) {
            let column = max((size.columns - CharacterWidth.of(line)) / 2, 0)
            grid.put(line, row: row, column: column, role: .pageStrong)
            row += 1
        }
    }

    private static func drawBar(_ counter: Counter, _ grid: inout CellGrid) {
        let columns = grid.size.columns
        grid.fill(row: 0, column: 0, width: columns, height: 1, role: .bar)
        grid.put(Phrase.title.text(counter.language), row: 0, column: 2, role: .bar)
        if let officer = counter.station?.office.signedIn, !counter.screen.isHolders {
            let name = Phrase.barOfficer.text(counter.language, [officer.name])
            let column = columns - 2 - CharacterWidth.of(name)
            // The title gives way to nobody: a name that does not fit beside it is left out.
            if column > CharacterWidth.of(Phrase.title.text(counter.language)) + 4 {
                grid.put(name, row: 0, column: column, role: .bar)
            }
        }
        guard counter.isTraining else { return }
        grid.fill(row: 1, column: 0, width: columns, height: 1, role: .training)
        let banner = Phrase.trainingBanner.text(counter.language)
        let column = max((columns - CharacterWidth.of(banner)) / 2, 0)
        grid.put(banner, row: 1, column: column, role: .training)
    }

    static let stepNames: [Phrase] = [
        .stepCase, .stepToken, .stepUnblock, .stepPIN, .stepResult,
    ]

    private static func drawSteps(_ counter: Counter, _ grid: inout CellGrid) {
        guard let current = counter.screen.step else { return }
        let done = counter.screen.stepsDone ?? current
        let names = stepNames
        var pieces: [(String, Role)] = []
        for (i, name) in names.enumerated() {
            if i > 0 { pieces.append((" ── ", .pageQuiet)) }
            let mark = i < done ? "✓" : String(i + 1)
            let role: Role = i == current ? .key : i < done ? .page : .pageQuiet
            let text = " \(mark) \(name.text(counter.language)) "
            pieces.append((i == current ? text : String(text.dropFirst().dropLast()), role))
        }
        let width = pieces.reduce(0) { $0 + CharacterWidth.of($1.0) }
        var column = max((grid.size.columns - width) / 2, 0)
        for (text, role) in pieces {
            column += grid.put(text, row: 2, column: column, role: role)
        }
    }

    private static func drawFrame(_ card: Frame, _ grid: inout CellGrid) {
        let last = card.top + card.height - 1
        grid.fill(
            row: card.top, column: card.left, width: card.width, height: card.height, role: .text)
        let bar = String(repeating: "─", count: card.width - 2)
        grid.put("┌" + bar + "┐", row: card.top, column: card.left, role: .frame)
        grid.put("└" + bar + "┘", row: last, column: card.left, role: .frame)
        for row in card.top + 1..<last {
            grid.put("│", row: row, column: card.left, role: .frame)
            grid.put("│", row: row, column: card.left + card.width - 1, role: .frame)
        }
    }

    private static func drawStatus(_ counter: Counter, _ grid: inout CellGrid) {
        let row = Footer(grid.size).top - 1
        let service = counter.service.text(counter.language)
        let right = grid.size.columns - 2 - CharacterWidth.of(service)
        grid.put(
            service, row: row, column: right, role: counter.isConnected ? .pageQuiet : .pageStrong)
        guard counter.isConnected else { return }
        let readers = counter.readers.map { "\($0.name): \($0.words(counter.language))" }
        let text =
            readers.isEmpty
            ? Phrase.readerNone.text(counter.language) : readers.joined(separator: " · ")
        grid.put(text, row: row, column: 2, limit: right - 4, role: .pageQuiet)
    }

    /// Keys that do the same on many screens.
    static func everywhere(_ counter: Counter) -> [KeyHint] {
        var fixed: [KeyHint] = [KeyHint("F2", .keyLanguage)]
        if counter.screen.takesWords { fixed.insert(KeyHint("F4", counter.input.phrase), at: 0) }
        if counter.padScreen != nil { fixed.insert(KeyHint("F6", .keyPad), at: 0) }
        if counter.screen.mayQuit { fixed.append(KeyHint("F10", .keyQuit)) }
        return fixed
    }

    private static func drawKeys(_ counter: Counter, _ grid: inout CellGrid) {
        let footer = Footer(grid.size)
        var fixed = everywhere(counter)
        let hints = counter.keyHints
        func width(_ hints: [KeyHint]) -> Int {
            hints.reduce(0) { $0 + $1.width(counter.language) + 2 }
        }
        // Leaving and language are the first to give way on a narrow screen.
        while !fixed.isEmpty, width(hints) + width(fixed) + 2 > grid.size.columns {
            fixed.removeLast()
        }
        var column = 2
        for hint in hints { column += hint.draw(counter.language, footer, column, &grid) + 2 }
        column = max(column, grid.size.columns - width(fixed))
        for hint in fixed { column += hint.draw(counter.language, footer, column, &grid) + 2 }
    }
}

/// One key and what it does.
struct KeyHint: Equatable {
    var key: String
    var phrase: Phrase

    init(_ key: String, _ phrase: Phrase) {
        self.key = key
        self.phrase = phrase
    }

    func width(_ language: Language) -> Int {
        CharacterWidth.of(key) + 3 + CharacterWidth.of(phrase.text(language))
    }

    func draw(
        _ language: Language, _ footer: Footer, _ column: Int, _ grid: inout CellGrid
    ) -> Int {
        let row = footer.row
        let name = CharacterWidth.of(key) + 2
        grid.fill(
            row: footer.top, column: column, width: name, height: footer.height, role: .key)
        grid.put(" \(key) ", row: row, column: column, role: .key)
        let text = grid.put(
            phrase.text(language), row: row, column: column + name + 1, role: .page)
        if let pressed {
            footer.touch(column, name + 1 + text, pressed, &grid)
        } else if key == KeyHint.upAndDown {
            footer.touch(column, name / 2, .up, &grid)
            footer.touch(column + name / 2, name - name / 2, .down, &grid)
        }
        return name + 1 + text
    }

    static let upAndDown = "↑ ↓"
    static let letters = "a–z 0–9"
    /// Both lead on to the same.
    static let bothOn = "Enter Esc"

    /// The key that the hint names; nil where it names two.
    var pressed: Key? {
        switch key {
        case "Enter", KeyHint.bothOn: return .enter
        case "Esc": return .escape
        case "Tab": return .tab
        case "PgDn": return .pageDown
        default: break
        }
        if key.hasPrefix("F"), let number = Int(key.dropFirst()) { return .function(number) }
        if key.hasPrefix("Ctrl-"), let letter = key.unicodeScalars.last {
            return .control(letter.properties.lowercaseMapping.unicodeScalars.first ?? letter)
        }
        return nil
    }
}

/// Where the keys stand: the last row, or buttons of three rows where the screen has room.
struct Footer {
    let size: Size

    init(_ size: Size) { self.size = size }

    var height: Int { size.rows >= 32 ? 3 : 1 }
    var top: Int { size.rows - height }
    /// The row of the text.
    var row: Int { top + height / 2 }

    /// A finger needs more than the last row alone: a key's place reaches into the row above.
    func touch(_ column: Int, _ width: Int, _ key: Key, _ grid: inout CellGrid) {
        let rows = max(height, 2)
        grid.touch(
            row: size.rows - rows, column: column, width: width, height: rows, .key(key))
    }
}

extension InputMethod {
    fileprivate var phrase: Phrase {
        switch self {
        case .off: .inputOff
        case .telex: .inputTelex
        case .vni: .inputVNI
        }
    }
}

extension Counter {
    /// How the station's service is; while it is asked for the first time nothing was lost.
    var service: Phrase {
        if isConnected { return .agentThere }
        if case .connecting(nil, _, _, _) = screen { return .agentSought }
        return .agentGone
    }
}

extension ReaderStatus {
    func words(_ language: Language) -> String {
        switch state {
        case .empty: Phrase.readerEmpty.text(language)
        case .present: Phrase.readerPresent.text(language)
        case .mute: Phrase.readerMute.text(language)
        case .stuck: Phrase.readerStuck.text(language)
        case .busy where holders.isEmpty: Phrase.readerBusy.text(language)
        case .busy:
            Phrase.readerBusyBy.text(language, [holders.joined(separator: ", ")])
        case .unavailable: Phrase.readerUnavailable.text(language)
        }
    }
}

extension Screen {
    /// Turned to the holder: nothing of the staff's work is on it.
    var isHolders: Bool {
        switch self {
        case .newPIN, .turnBack, .keyProof: true
        default: false
        }
    }

    /// Names and words are typed here, by the input method; a search needs no accents.
    var takesWords: Bool {
        switch self {
        case .form: true
        case .act(let form): form.row == .text
        case .request(let draft): draft.entry?.takesWords ?? false
        default: false
        }
    }

    var mayQuit: Bool {
        switch self {
        case .progress, .newPIN, .keyProof: false
        default: true
        }
    }

    /// Which of the restore's five steps this is, from 0; nil on the screens beside it.
    var step: Int? {
        switch self {
        case .connecting(_, _, _, let resume): resume.step
        case .problem(_, let back, _): back.step
        case .home, .cases, .caseView, .history, .act, .paper, .technician, .request, .files,
            .intake, .taken, .keyProof, .keyProved:
            nil
        case .officer(let proof): proof.session == nil ? nil : 2
        case .form: 0
        case .waiting(let request, _, _), .reading(let request, _): request.provesKey ? nil : 1
        case .identity(let subject), .help(let subject): subject.request.provesKey ? nil : 1
        case .unblockingCode, .turnBack: 2
        case .newPIN: 3
        case .progress, .result: 4
        }
    }
}

extension Screen {
    /// How many of the steps succeeded, where that is not as many as were gone through.
    fileprivate var stepsDone: Int? {
        guard case .result(_, let result) = self else { return nil }
        switch result.outcome {
        case .restored, .unblockedUnproven: return nil
        // It may have got further: nothing here says so.
        case .failed, .refused, .unknown: return 2
        }
    }
}

extension Resume {
    /// A token is waited for there.
    var isToken: Bool {
        switch self {
        case .request, .proof: true
        default: false
        }
    }

    fileprivate var step: Int? {
        switch self {
        case .home, .cases, .caseView, .act, .draft, .intake, .proof: nil
        case .form: 0
        case .request(let request): request.provesKey ? nil : 1
        case .restore: 4
        }
    }
}
