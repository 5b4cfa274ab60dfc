import StationInterface

extension Counter {
    func drawAct(_ form: ActForm, _ p: inout Painter) {
        p.line("\(p.text(form.act.title)) · \(form.found.number)", .heading)
        p.line(form.found.requestNumber + " · " + form.found.deviceNumber, .quiet)
        p.paragraph(p.text(form.act.meaning(form.found)), most: 3)
        p.gap()
        let below = (form.act.takesText ? 2 : 0) + 1
        drawOptions(form, room: max(p.rowsLeft - below, 1), &p)
        if form.act.takesText { drawText(form, &p) }
        if p.rowsLeft > 1 { p.gap() }
        let isChosen = form.row == .done
        p.line(
            padded("  ▸ " + p.text(awaiting == nil ? .actDo : .actDoing), p.width),
            isChosen ? .chosen : .strong)
        p.touch(from: p.row - 1, isChosen ? .enter : .choose(form.rows.count - 1))
    }

    private func drawOptions(_ form: ActForm, room: Int, _ p: inout Painter) {
        let count = form.options.count + form.own.count
        guard count > 0 else { return }
        let focus = min(form.focus, count - 1)
        let first = min(max(focus - room + 1, 0), max(count - room, 0))
        let top = p.row
        for place in first..<min(first + room, count) {
            let text =
                place < form.options.count
                ? p.text(form.options[place].phrase) : form.own[place - form.options.count]
            let isChosen = form.chosen.contains(place)
            let mark =
                form.act.takesSeveral ? (isChosen ? "[x] " : "[ ] ") : (isChosen ? "(•) " : "( ) ")
            let isFocused = form.row == .option(place)
            p.line(padded("  " + mark + text, p.width), isFocused ? .chosen : .text)
            p.touch(from: p.row - 1, isFocused ? .enter : .choose(place))
        }
        p.wheel(from: top)
    }

    private func drawText(_ form: ActForm, _ p: inout Painter) {
        let isFocused = form.row == .text
        let top = p.row
        let label: Phrase =
            switch form.act {
            case .refuse: .actOwnReason
            case .sendNotice: .actReference
            default: .actOtherReason
            }
        p.line(p.text(label), isFocused ? .strong : .text)
        let window = form.text.window(p.width - 2)
        p.field(
            window.text, width: p.width,
            cursor: isFocused && awaiting == nil ? window.cursor : nil)
        p.touch(from: top, .choose(form.rows.count - 2))
    }
}
