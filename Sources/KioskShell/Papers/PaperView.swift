import StationInterface

/// A paper of a case, shown before it is printed.
struct PaperView: Equatable, Sendable {
    /// Columns of the text; what the smallest card has.
    static let width = 70

    let found: Station.Case
    /// The agent's word for the paper.
    let name: String
    /// The page itself; nil: being fetched.
    var html: String?
    var lines: [PaperLines.Line] = []
    /// The first line shown.
    var top = 0
    var printing = Printing.not

    enum Printing: Equatable, Sendable {
        case not
        case running(Ticket)
        case ended(PrintEnd)
    }

    init(_ name: String, of found: Station.Case) {
        self.name = name
        self.found = found
    }
}

/// How the command for printing ended.
enum PrintEnd: Equatable, Sendable {
    case done
    /// Its exit code, and what it said.
    case failed(Int32, String)
    /// It took too long and was ended.
    case timedOut(String)
    /// It could not be started.
    case notStarted(String)
}

extension Counter {
    mutating func showPaper(_ name: String, of found: Station.Case) {
        show(.paper(PaperView(name, of: found)))
        call(.getPaper(found.number, paper: name))
    }

    mutating func pressPaper(_ key: Key, _ was: PaperView) {
        var view = was
        let last = max(view.lines.count - 1, 0)
        switch key {
        case .escape: return showCase(view.found)
        case .function(5): return showPaper(view.name, of: view.found)
        case .up: view.top = max(view.top - 1, 0)
        case .down: view.top = min(view.top + 1, last)
        case .pageUp: view.top = max(view.top - 10, 0)
        case .pageDown: view.top = min(view.top + 10, last)
        case .home: view.top = 0
        case .end: view.top = last
        case .enter:
            guard let html = view.html else { return }
            guard canPrint else { return notice = Sentence(.noticeNoPrinter) }
            if case .running = view.printing { return }
            let ticket = newTicket()
            view.printing = .running(ticket)
            emit(.print(ticket, html: html))
        default: return
        }
        notice = nil
        screen = .paper(view)
    }

    mutating func answeredPaper(_ reply: AgentReply, _ was: PaperView) {
        guard case .paper(let paper) = reply else { return }
        var view = was
        view.html = paper.html
        do throws(PaperError) {
            view.lines = PaperLines.of(
                try PaperPage(Array(paper.html.utf8)[...]), width: PaperView.width)
        } catch {
            notice = Sentence(.noticeNoPreview, error.description)
        }
        screen = .paper(view)
    }

    mutating func failedPaper(_ fault: AgentFault, _ view: PaperView) {
        var problem = Problem(fault)
        problem.means = Sentence(.meansCaseSame)
        show(.problem(problem, back: .caseView(CaseView(found: view.found)), holdOff: nil))
    }

    /// The command has ended; whoever went on is told only where something went wrong.
    mutating func printed(_ ticket: Ticket, _ end: PrintEnd) {
        switch screen {
        case .paper(var view) where view.printing == .running(ticket):
            view.printing = .ended(end)
            screen = .paper(view)
        case .home, .cases, .caseView, .history, .paper:
            if end != .done { notice = Sentence(.noticePrintFailed) }
        default: break
        }
    }
}
