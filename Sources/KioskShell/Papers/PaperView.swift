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
    var scroll = Scroll()
    var printing = Printing.not
    var code = Code.none

    enum Printing: Equatable, Sendable {
        case not
        case running(Ticket)
        case ended(CommandEnd)
    }

    /// The QR code of a paper: the case's number and the first digits of the journal's head, as
    /// the paper itself has them.
    enum Code: Equatable, Sendable {
        case none
        /// The head is asked for; how often that was done.
        case asked(times: Int)
        /// The command draws this.
        case drawing(Ticket, head: String, times: Int)
        /// The page comes with it.
        case drawn(head: String, times: Int)
    }

    /// Papers that have a place for one.
    static let withCode: Set = ["receipt", "reception-slip"]
    /// A line may come to the journal between the code and its page: then both are made anew.
    static let mostCodes = 3

    init(_ name: String, of found: Station.Case) {
        self.name = name
        self.found = found
    }
}

/// How a command of the office's ended.
enum CommandEnd: Equatable, Sendable {
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
        if canDrawCodes, PaperView.withCode.contains(name) {
            askHead(1)
        } else {
            call(.getPaper(found.number, paper: name))
        }
    }

    private mutating func askHead(_ times: Int) {
        guard case .paper(var view) = screen else { return }
        view.code = .asked(times: times)
        screen = .paper(view)
        call(.status)
    }

    /// The code goes into the page; without one the page comes all the same.
    mutating func codeDrawn(_ ticket: Ticket, _ svg: String?) {
        guard case .paper(var view) = screen,
            case .drawing(ticket, let head, let times) = view.code
        else { return }
        view.code = svg == nil ? .none : .drawn(head: head, times: times)
        screen = .paper(view)
        if svg == nil { notice = Sentence(.noticeNoCode) }
        call(.getPaper(view.found.number, paper: view.name, qr: svg))
    }

    mutating func pressPaper(_ key: Key, _ was: PaperView) {
        var view = was
        switch key {
        case .escape: return showCase(view.found, chosen: .paper(view.name))
        case .function(5): return showPaper(view.name, of: view.found)
        case .enter:
            guard let html = view.html else { return }
            guard canPrint else { return notice = Sentence(.noticeNoPrinter) }
            if case .running = view.printing { return }
            let ticket = newTicket()
            view.printing = .running(ticket)
            emit(.print(ticket, html: html))
        default: guard view.scroll.press(key, of: view.lines.count) else { return }
        }
        notice = nil
        screen = .paper(view)
    }

    mutating func answeredPaper(_ reply: AgentReply, _ was: PaperView) {
        var view = was
        if case .status(let status) = reply, case .asked(let times) = view.code {
            let ticket = newTicket()
            let head = String(status.journalHead.prefix(16))
            view.code = .drawing(ticket, head: head, times: times)
            screen = .paper(view)
            return emit(.drawCode(ticket, "\(view.found.number) \(head)"))
        }
        guard case .paper(let paper) = reply else { return }
        if case .drawn(let head, let times) = view.code, times < PaperView.mostCodes,
            !paper.html.contains(grouped(head))
        {
            return askHead(times + 1)
        }
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
        // What was drawn is no code: the paper is needed more.
        if case .drawn = view.code, fault.code == .fieldInvalid {
            var view = view
            view.code = .none
            screen = .paper(view)
            notice = Sentence(.noticeNoCode)
            return call(.getPaper(view.found.number, paper: view.name))
        }
        var problem = Problem(fault)
        problem.means = Sentence(.meansCaseSame)
        show(.problem(problem, back: .caseView(CaseView(found: view.found)), holdOff: nil))
    }

    /// The command has ended; whoever went on is told only where something went wrong.
    mutating func printed(_ ticket: Ticket, _ end: CommandEnd) {
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
