import StationInterface

extension Counter {
    func drawPaper(_ view: PaperView, _ p: inout Painter) {
        p.line(
            "\(view.found.number) · " + Phrase.paper(view.name, language), .heading)
        drawPrinting(view, &p)
        guard view.html != nil else { return p.line(p.text(.paperLoading), .quiet) }
        p.line(String(repeating: "─", count: p.width), .frame)
        let room = max(p.rowsLeft - 1, 1)
        let rows = view.scroll.rows(room, of: view.lines.count)
        let top = p.row
        for line in view.lines[rows] { p.line(line.text, line.isStrong ? .strong : .text) }
        p.wheel(from: top)
        let hidden = view.lines.count - rows.upperBound
        if hidden > 0 { p.line(p.text(.paperMore, String(hidden)), .quiet) }
    }

    /// What a program said, its lines behind each other.
    private func inOneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    private func drawPrinting(_ view: PaperView, _ p: inout Painter) {
        switch view.printing {
        case .running: p.line(p.text(.paperPrinting), .warning)
        case .ended(.done): p.line("✓ " + p.text(.paperPrinted), .good)
        case .ended(.failed(let code, let said)):
            p.line("✗ " + p.text(.paperFailed, String(code)), .bad)
            p.paragraph(inOneLine(said), .quiet, most: 3)
        case .ended(.timedOut(let said)):
            p.line("✗ " + p.text(.paperTimedOut), .bad)
            p.paragraph(inOneLine(said), .quiet, most: 3)
        case .ended(.notStarted(let why)):
            p.line("✗ " + p.text(.paperNotStarted), .bad)
            p.paragraph(inOneLine(why), .quiet, most: 3)
        case .not where !canPrint: p.paragraph(p.text(.paperNoCommand), .quiet, most: 2)
        case .not: break
        }
    }
}

extension Phrase {
    /// A paper's name in a list; the agent's own word where the counter has none.
    static func paper(_ name: String, _ language: Language) -> String {
        let phrase: Phrase
        switch name {
        case "reception-slip": phrase = .paperReception
        case "completion-request": phrase = .paperCompletion
        case "restore-notice": phrase = .paperNotice
        case "refusal": phrase = .paperRefusal
        case "routing-letter": phrase = .paperRouting
        case "hand-over-record": phrase = .paperHandOver
        case "form-07": phrase = .paperForm07
        case "form-08": phrase = .paperForm08
        case "form-09": phrase = .paperForm09
        case "misuse-record": phrase = .paperMisuse
        case "receipt": phrase = .paperReceipt
        default: return name
        }
        return phrase.text(language)
    }
}
