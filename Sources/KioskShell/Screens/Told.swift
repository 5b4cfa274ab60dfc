/// One line of a screen for somebody who hears it or reads it line by line: what the cells show
/// by place, colour and marks, in words.
enum ToldLine: Equatable, Sendable {
    case text(String)
    /// A row of a list.
    case choice(String, isChosen: Bool)
    case field(label: String, text: String, isFocused: Bool)
    /// A code: never more than how many characters it has.
    case code(label: String, characters: Int, isFocused: Bool)

    /// Whether nothing but the place of the keys is different.
    func says(_ other: ToldLine) -> Bool {
        switch (self, other) {
        case (.text(let a), .text(let b)), (.choice(let a, _), .choice(let b, _)): a == b
        case (.field(let a, let x, _), .field(let b, let y, _)): a == b && x == y
        case (.code(let a, let x, _), .code(let b, let y, _)): a == b && x == y
        default: false
        }
    }

    var hasKeys: Bool {
        switch self {
        case .text: false
        case .choice(_, let isChosen): isChosen
        case .field(_, _, let isFocused), .code(_, _, let isFocused): isFocused
        }
    }

    var isField: Bool {
        switch self {
        case .field, .code: true
        case .text, .choice: false
        }
    }
}

/// The lines of a card, gathered while it is drawn.
struct Telling: Equatable, Sendable {
    private(set) var lines: [ToldLine] = []
    /// The row each of them began at.
    private var rows: [Int] = []

    mutating func add(_ line: ToldLine, row: Int) {
        if case .text(let text) = line, text.isEmpty { return }
        lines.append(line)
        rows.append(row)
    }

    /// What stands right above a field is its label.
    mutating func takeLabel(above row: Int) -> String {
        guard rows.last == row - 1, case .text(let label)? = lines.last else { return "" }
        lines.removeLast()
        rows.removeLast()
        return label
    }

    /// What was told since `row` is one row of a list; fields stay what they are.
    mutating func makeChoice(from row: Int, isChosen: Bool) {
        let first = rows.firstIndex { $0 >= row } ?? rows.count
        let texts = lines[first...].compactMap { line in
            if case .text(let text) = line { text } else { nil }
        }
        guard !texts.isEmpty, texts.count == lines.count - first else { return }
        lines.replaceSubrange(
            first..., with: [.choice(texts.joined(separator: ", "), isChosen: isChosen)])
        rows.replaceSubrange(first..., with: [row])
    }

    /// One of several choices in the line drawn last.
    mutating func addChoice(_ text: String, row: Int, isChosen: Bool) {
        if rows.last == row, case .text? = lines.last {
            lines.removeLast()
            rows.removeLast()
        }
        add(.choice(text, isChosen: isChosen), row: row)
    }

    /// Text of cells as text of a line: no marks that words say too, no columns, and nothing that
    /// could steer a terminal.
    static func words(_ text: String) -> String {
        var parts: [String] = []
        var part = ""
        var spaces = 0
        for scalar in Composition.composed(text).unicodeScalars {
            switch scalar {
            case " ", "✓", "✗", "●", "○", "▸", "◂", "≈":
                spaces += 1
                continue
            default: break
            }
            if spaces == 1, !part.isEmpty { part.unicodeScalars.append(" ") }
            if spaces > 1, !part.isEmpty {
                parts.append(part)
                part = ""
            }
            spaces = 0
            part.unicodeScalars.append(CharacterWidth.of(scalar) == nil ? "\u{FFFD}" : scalar)
        }
        if !part.isEmpty { parts.append(part) }
        // A dot between columns is no word.
        return parts.filter { $0 != "·" }.joined(separator: ", ")
    }
}

/// A whole screen as lines.
struct ToldPage: Equatable, Sendable {
    /// What stands above the card: training, and where in the restore this is.
    var head: [String] = []
    var lines: [ToldLine] = []
    /// Readers and the service.
    var status: [String] = []
    var notice: String?
    var keys = ""
    var language = Language.vietnamese
}

extension ToldPage {
    /// Columns and rows that no card fills: nothing is cut off or left out.
    private static let room = Size(columns: 240, rows: 160)

    init(_ counter: Counter) {
        language = counter.language
        func words(_ phrase: Phrase, _ arguments: String...) -> String {
            Telling.words(phrase.text(counter.language, arguments))
        }
        if counter.isTraining { head.append(words(.trainingBanner)) }
        if let step = counter.screen.step {
            let name = ScreenView.stepNames[step].text(language)
            head.append(words(.toldStep, String(step + 1), name))
        }
        var painter = Painter(
            grid: CellGrid(size: Self.room), language: language, left: 0, top: 0,
            width: Self.room.columns, bottom: Self.room.rows)
        painter.telling = Telling()
        counter.drawCard(&painter)
        lines = painter.telling?.lines ?? []
        if !counter.screen.isHolders {
            if counter.isConnected {
                status = counter.readers.map {
                    Telling.words("\($0.name): \($0.words(counter.language))")
                }
                if status.isEmpty { status = [words(.readerNone)] }
            }
            status.append(words(counter.service))
        }
        notice = counter.notice.map { Telling.words($0.text(counter.language)) }
        // The pad is nothing to hear.
        let everywhere = ScreenView.everywhere(counter).filter { $0.phrase != .keyPad }
        let hints = (counter.keyHints + everywhere).map { hint in
            let key = hint.key == KeyHint.upAndDown ? words(.toldArrows) : hint.key
            return "\(key) \(hint.phrase.text(counter.language))"
        }
        keys = words(.toldKeys, hints.joined(separator: "; "))
    }
}
