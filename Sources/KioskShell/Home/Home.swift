import StationInterface

/// The first screen: what is due and late, how the station is, and what can be begun.
struct Home: Equatable, Sendable {
    /// Cases that something is still to be done for, oldest first; nil: being fetched.
    var due: [Station.Case]?
    var status: Station.Status?
    /// Why there is no list, where the agent gave none.
    var fault: AgentFault.Code?
    /// What can be begun here.
    var errands = Errand.allCases
    /// The rows of `due`, then the errands.
    var chosen = 0
    /// What is chosen once the rows are there, if nobody moved before.
    var sought: Choice?

    var rows: [Station.Case] { due ?? [] }
    var count: Int { rows.count + errands.count }

    enum Choice: Equatable, Sendable {
        case due(Station.Case)
        case errand(Errand)
    }

    var choice: Choice {
        let rows = rows
        if chosen < rows.count { return .due(rows[chosen]) }
        return .errand(errands[min(chosen - rows.count, errands.count - 1)])
    }

    func place(of choice: Choice) -> Int? {
        switch choice {
        case .due(let found): rows.firstIndex { $0.number == found.number }
        case .errand(let errand): errands.firstIndex(of: errand).map { rows.count + $0 }
        }
    }

    var late: Int { rows.count { $0.due?.late == true } }
}

/// What can be begun from the first screen.
enum Errand: Equatable, Sendable, CaseIterable {
    /// A restore by its four most needed fields.
    case restore
    /// Any kind of request with all its fields.
    case request
    /// Requests from a file of the document system.
    case files
    case cases
    case officer
    case technician
}

extension Counter {
    /// What can be begun at this counter.
    var errands: [Errand] { Errand.allCases.filter { $0 != .files || canImport } }

    mutating func pressHome(_ key: Key, _ was: Home) {
        var home = was
        home.sought = nil
        let last = home.count - 1
        let isErrand = home.chosen >= home.rows.count
        switch key {
        // Errands stand two in a line.
        case .up where isErrand && home.chosen >= home.rows.count + 2: home.chosen -= 2
        case .up where isErrand: home.chosen = max(home.rows.count - 1, 0)
        case .down where isErrand: home.chosen = min(home.chosen + 2, last)
        case .up: home.chosen = max(home.chosen - 1, 0)
        case .down: home.chosen = min(home.chosen + 1, last)
        case .left: home.chosen = max(home.chosen - 1, 0)
        case .right: home.chosen = min(home.chosen + 1, last)
        case .tab, .backTab: home.chosen = isErrand ? 0 : home.rows.count
        case .home, .pageUp: home.chosen = 0
        case .end, .pageDown: home.chosen = last
        case .choose(let number) where (0...last).contains(number): home.chosen = number
        case .function(5): return goHome()
        // What will stand first is not known yet.
        case .enter where home.due == nil: return
        case .enter: return choose(home.choice)
        // A word or a scanned device number looks for its case.
        case .character(let scalar) where scalar != " ":
            var list = CaseList()
            _ = list.search.edit(key)
            (leftHome, leftList) = (nil, CaseList())
            return showCases(list)
        default: return
        }
        screen = .home(home)
        notice = nil
    }

    private mutating func choose(_ choice: Home.Choice) {
        (leftHome, leftList) = (choice, CaseList())
        switch choice {
        case .due(let found): open(found)
        case .errand(.restore): show(.form(CaseForm()))
        case .errand(.request): show(.request(RequestDraft()))
        case .errand(.files): showFiles()
        case .errand(.cases): showCases(CaseList())
        case .errand(.officer): changeOfficer()
        case .errand(.technician): showTechnician()
        }
    }

    /// The shortest way on: to the token where one is to be restored, else to the case.
    mutating func open(_ found: Station.Case) {
        if found.isRestorable, !found.isRefused {
            wait(for: CaseRow(found), holdOff: nil, notice: nil)
        } else {
            showCase(found)
        }
    }

    mutating func answeredHome(_ reply: AgentReply, _ was: Home) {
        var home = was
        switch reply {
        case .due(let rows):
            home.due = rows
            home.chosen = home.sought.flatMap(home.place) ?? min(home.chosen, home.count - 1)
            home.sought = nil
            if let number = caseInHand {
                caseInHand = nil
                home.chosen = rows.firstIndex { $0.number == number } ?? home.chosen
            }
            screen = .home(home)
            // What is asked for its own sake alone: the list does not wait for it.
            if home.status == nil { call(.status) }
        case .status(let status):
            home.status = status
            screen = .home(home)
        default: break
        }
    }

    mutating func failedHome(_ fault: AgentFault, _ was: Home) {
        var home = was
        if home.due == nil {
            home.due = []
            home.fault = fault.code
        } else {
            notice = Sentence(Problem.words(fault.code).happened)
        }
        screen = .home(home)
    }
}

extension Station.Case {
    /// It was decided against: to restore its token all the same is a thing to choose.
    var isRefused: Bool { state == "refused" }

    /// Whether a token can be brought for it now.
    var isRestorable: Bool {
        kind == "restore"
            && ["open", "in-progress", "failed", "refused", "unblocked-unproven"].contains(state)
    }
}
