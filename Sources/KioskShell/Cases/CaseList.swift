import StationInterface

/// The newest cases, and a search in them that no accent has to be typed for.
struct CaseList: Equatable, Sendable {
    /// Nil: being fetched.
    var rows: [Station.Case]?
    var search = TextField()
    var withDone = false
    var chosen = 0

    /// The rows that hold every word of the search.
    var found: [Station.Case] {
        let words = Folding.key(search.text).split(separator: " ")
        guard !words.isEmpty else { return rows ?? [] }
        return (rows ?? []).filter { row in
            let text = Folding.key(
                [
                    row.number, row.requestNumber, row.managingBody, row.deviceNumber,
                    row.holder ?? "",
                ].joined(separator: " "))
            return words.allSatisfy { text.contains($0) }
        }
    }
}

extension Counter {
    mutating func showCases(_ list: CaseList, _ notice: Sentence? = nil) {
        show(.cases(list), notice)
        call(.findCases(openOnly: !list.withDone))
    }

    mutating func pressCases(_ key: Key, _ was: CaseList) {
        var list = was
        let found = list.found
        let last = max(found.count - 1, 0)
        switch key {
        case .up: list.chosen = max(list.chosen - 1, 0)
        case .down: list.chosen = min(list.chosen + 1, last)
        case .pageUp: list.chosen = max(list.chosen - 10, 0)
        case .pageDown: list.chosen = min(list.chosen + 10, last)
        case .choose(let number) where (0...last).contains(number): list.chosen = number
        case .function(5): return showCases(list)
        case .function(7):
            list.withDone.toggle()
            list.chosen = 0
            return showCases(list)
        case .escape where list.search.text.isEmpty: return goHome()
        case .escape:
            list.search = TextField()
            list.chosen = 0
        case .enter:
            guard list.chosen < found.count else { return }
            return showCase(found[list.chosen])
        default:
            guard list.search.edit(key) else { return }
            list.chosen = 0
        }
        notice = nil
        screen = .cases(list)
    }

    mutating func answeredCases(_ reply: AgentReply, _ was: CaseList) {
        guard case .found(let rows) = reply else { return }
        var list = was
        list.rows = rows
        list.chosen = min(list.chosen, max(list.found.count - 1, 0))
        screen = .cases(list)
    }

    mutating func failedCases(_ fault: AgentFault, _ was: CaseList) {
        var list = was
        if list.rows == nil { list.rows = [] }
        screen = .cases(list)
        notice = Sentence(Problem.words(fault.code).happened)
    }
}
