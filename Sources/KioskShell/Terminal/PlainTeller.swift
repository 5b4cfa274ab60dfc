/// Turns one screen after another into lines of text: the line mode, for a screen reader or a
/// terminal that can do no more than print. It moves no cursor and sets no colour; after a small
/// change only what changed is told.
struct PlainTeller: Sendable {
    private var page: ToldPage?
    /// A field's line that has no end yet: what is typed goes on in it.
    private var hasOpenLine = false
    private var out = ""

    /// Forgets what was told: the next screen is told whole.
    mutating func forget() { page = nil }

    /// The bytes that tell what is new in `next`.
    mutating func tell(_ next: ToldPage) -> [UInt8] {
        out = ""
        if let page, page.lines.first == next.lines.first, page.head == next.head {
            tellChanges(from: page, to: next)
        } else {
            tellAll(next)
        }
        page = next
        return Array(out.utf8)
    }

    private mutating func tellAll(_ next: ToldPage) {
        line("")
        for text in next.head { line(text) }
        for (i, one) in next.lines.enumerated() where !(one.isField && one.hasKeys) {
            line(words(one, i, next))
        }
        for text in next.status { line(text) }
        if let notice = next.notice { line(notice) }
        line(next.keys)
        ask(next)
    }

    private mutating func tellChanges(from was: ToldPage, to next: ToldPage) {
        var texts: [String] = []
        for (i, one) in next.lines.enumerated() where !(one.isField && one.hasKeys) {
            let before = was.lines.first { $0.says(one) }
            // What is chosen now is told again, what it was not.
            if before == nil || one.hasKeys && before?.hasKeys == false {
                texts.append(words(one, i, next))
            }
        }
        texts += next.status.filter { !was.status.contains($0) }
        if let notice = next.notice, notice != was.notice { texts.append(notice) }
        if next.keys != was.keys { texts.append(next.keys) }
        let prompt = next.focused
        if texts.isEmpty, let prompt, let before = was.focused, prompt.label == before.label {
            guard prompt.text != before.text else { return }
            if hasOpenLine, !prompt.isCode, prompt.text.hasPrefix(before.text) {
                out += prompt.text.dropFirst(before.text.count)
            } else if prompt.isCode {
                line(prompt.text)
            } else {
                ask(next)
            }
            return
        }
        for text in texts { line(text) }
        if !texts.isEmpty || prompt != was.focused { ask(next) }
    }

    /// The field that has the keys, on a line that stays open for what is typed.
    private mutating func ask(_ page: ToldPage) {
        guard let focused = page.focused else { return }
        let text = "\(focused.label): \(focused.text)"
        if focused.isCode { return line(text) }
        end()
        out += text
        hasOpenLine = true
    }

    private mutating func line(_ text: String) {
        end()
        out += text + "\r\n"
    }

    private mutating func end() {
        if hasOpenLine { out += "\r\n" }
        hasOpenLine = false
    }

    private func words(_ line: ToldLine, _ place: Int, _ page: ToldPage) -> String {
        switch line {
        case .text(let text): return text
        case .field(let label, let text, _): return "\(label): \(text)"
        case .code(let label, let count, _):
            return "\(label): " + Phrase.toldCharacters.text(page.language, [String(count)])
        case .choice(let text, let isChosen):
            let number = page.lines[...place].count { if case .choice = $0 { true } else { false } }
            let numbered = "\(number). \(text)"
            return isChosen ? Phrase.toldChosen.text(page.language, [numbered]) : numbered
        }
    }
}

extension ToldPage {
    struct Prompt: Equatable {
        var label: String
        var text: String
        var isCode: Bool
    }

    /// The field that has the keys.
    var focused: Prompt? {
        for line in lines where line.hasKeys {
            switch line {
            case .field(let label, let text, _):
                return Prompt(label: label, text: text, isCode: false)
            case .code(let label, let count, _):
                return Prompt(
                    label: label, text: Phrase.toldCharacters.text(language, [String(count)]),
                    isCode: true)
            case .text, .choice: continue
            }
        }
        return nil
    }
}
