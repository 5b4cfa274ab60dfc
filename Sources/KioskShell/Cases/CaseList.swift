import StationInterface

/// The newest cases, and a search in them that no accent has to be typed for.
struct CaseList: Equatable, Sendable {
    /// Nil: being fetched.
    var rows: [Station.Case]? {
        didSet { keys = (rows ?? []).map(CaseList.key) }
    }
    /// What is searched in each row, made once and not at every key.
    private var keys: [String] = []
    /// Why there are none, where the agent gave none.
    var fault: AgentFault.Code?
    var search = TextField()
    var withDone = false
    var chosen = Scroll()
    /// The number of the case that is chosen once the rows are there, if nobody moved before.
    var sought: String?

    init(rows: [Station.Case]? = nil) {
        self.rows = rows
        keys = (rows ?? []).map(CaseList.key)
    }

    /// The rows that hold every word of the search.
    var found: [Station.Case] {
        let words = Folding.key(search.text).split(separator: " ")
        guard !words.isEmpty else { return rows ?? [] }
        return zip(rows ?? [], keys).filter { _, key in words.allSatisfy { key.contains($0) } }
            .map(\.0)
    }

    private static func key(_ row: Station.Case) -> String {
        Folding.key(
            [
                row.number, row.requestNumber, row.managingBody, row.deviceNumber,
                row.holder ?? "",
            ].joined(separator: " "))
    }
}

extension Counter {
    mutating func showCases(_ list: CaseList, _ notice: Sentence? = nil) {
        show(.cases(list), notice)
        call(.findCases(openOnly: !list.withDone))
    }

    mutating func pressCases(_ key: Key, _ was: CaseList) {
        var list = was
        list.sought = nil
        let found = list.found
        switch key {
        case .up, .down, .pageUp, .pageDown: _ = list.chosen.press(key, of: found.count)
        case .choose(let number): list.chosen.move(to: number, of: found.count)
        case .function(5): return showCases(list)
        case .function(7):
            list.withDone.toggle()
            list.chosen = Scroll()
            return showCases(list)
        case .escape where list.search.text.isEmpty: return goHome()
        case .escape:
            list.search = TextField()
            list.chosen = Scroll()
        case .enter:
            guard list.chosen.place < found.count else { return }
            leftList = list
            return showCase(found[list.chosen.place])
        default:
            guard list.search.edit(key) else { return }
            list.chosen = Scroll()
        }
        notice = nil
        screen = .cases(list)
    }

    mutating func answeredCases(_ reply: AgentReply, _ was: CaseList) {
        guard case .found(let rows) = reply else { return }
        var list = was
        list.rows = rows
        list.fault = nil
        let found = list.found
        let sought = found.firstIndex { $0.number == list.sought }
        list.chosen.move(to: sought ?? list.chosen.place, of: found.count)
        list.sought = nil
        screen = .cases(list)
    }

    mutating func failedCases(_ fault: AgentFault, _ was: CaseList) {
        var list = was
        if list.rows == nil { list.rows = [] }
        list.fault = fault.code
        screen = .cases(list)
    }
}
