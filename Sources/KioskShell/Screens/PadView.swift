// The keys of digits beside the fields of a code.

/// The screens that have such keys.
enum PadScreen: Equatable, Sendable {
    case unblockingCode, newPIN, proof, keyProof
}

extension Counter {
    /// The screen of a code that can be of digits alone, where this is one.
    var padScreen: PadScreen? {
        guard codeSlot != nil else { return nil }
        switch screen {
        case .unblockingCode(let session):
            return session.subject.report.unblockingRule.takesDigits ? .unblockingCode : nil
        case .newPIN(let session):
            return session.subject.report.pinRule.takesDigits ? .newPIN : nil
        case .officer(let proof):
            // A password has letters too.
            if case .token = proof.stage { return .proof }
            return nil
        case .keyProof(let proof):
            return proof.subject.report.pinRule.takesDigits ? .keyProof : nil
        default: return nil
        }
    }
}

extension CodeRule {
    /// Whether somebody with digits alone has all keys of it.
    var takesDigits: Bool { maximum > 0 && characters != .hex }
}

extension Painter {
    /// Draws the pad, where there is one and it fits, at the right of all that follows.
    mutating func openPad() {
        let rows = CodePad.rows
        // Two rows stay for a notice.
        let room = cardRowsLeft
        guard let pad, room >= rows * 2 + 1 else { return }
        let keyHeight = min(max((room - 3) / rows - 1, 1), 3)
        let keyWidth = min(max((width - 52) / CodePad.columns, 6), 10)
        let drawn = PadFrame(
            row: row, column: left + width - CodePad.columns * (keyWidth + 1) - 1,
            keyWidth: keyWidth, keyHeight: keyHeight)
        drawn.draw(pad, language, &grid)
        narrow(to: drawn.column - left - 2)
    }
}

private struct PadFrame {
    let row, column, keyWidth, keyHeight: Int

    func draw(_ pad: CodePad, _ language: Language, _ grid: inout CellGrid) {
        let bar = String(repeating: "─", count: keyWidth)
        let bars = Array(repeating: bar, count: CodePad.columns)
        for line in 0...CodePad.rows {
            let (first, middle, last) =
                line == 0
                ? ("┌", "┬", "┐") : line < CodePad.rows ? ("├", "┼", "┤") : ("└", "┴", "┘")
            grid.put(
                first + bars.joined(separator: middle) + last, row: row + line * (keyHeight + 1),
                column: column, role: .frame)
        }
        for place in 0..<CodePad.rows * CodePad.columns {
            let top = row + place / CodePad.columns * (keyHeight + 1) + 1
            let start = column + place % CodePad.columns * (keyWidth + 1) + 1
            for line in top..<top + keyHeight {
                grid.put("│", row: line, column: start - 1, role: .frame)
                grid.put("│", row: line, column: start + keyWidth, role: .frame)
            }
            grid.fill(row: top, column: start, width: keyWidth, height: keyHeight, role: .key)
            let name = label(pad[place], language)
            grid.put(
                name, row: top + keyHeight / 2,
                column: start + (keyWidth - CharacterWidth.of(name)) / 2, role: .key)
            // The line below and right of a key is still the key's.
            grid.touch(
                row: top, column: start, width: keyWidth + 1, height: keyHeight + 1, .pad(place))
        }
    }

    private func label(_ act: CodePad.Act?, _ language: Language) -> String {
        switch act {
        case .type(let digit): String(Character(digit))
        case .clear: Phrase.padClear.text(language)
        case .erase: Phrase.padErase.text(language)
        case nil: ""
        }
    }
}
