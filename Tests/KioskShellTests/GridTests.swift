import Foundation
import StationInterface
import Testing

@testable import KioskShell

/// The main screens as cell grids, compared with those kept in Tests/screens. A change that is
/// meant is written there with KEEP_SCREENS=1, looked at, and committed with what made it.
@Suite struct GridTests {
    static let sizes = [
        Size(columns: 80, rows: 24), Size(columns: 100, rows: 30), Size(columns: 132, rows: 43),
    ]

    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "screens")

    @Test(arguments: Language.allCases, sizes)
    func screensAreThoseThatWereLookedAt(_ language: Language, _ size: Size) throws {
        let file = Self.folder.appending(
            path: "\(language.rawValue)-\(size.columns)x\(size.rows).txt")
        let drawn = Self.screens.map { name, fixture in
            var counter = fixture.counter
            counter.language = language
            let grid = ScreenView.draw(counter, size: size)
            // What means something by its colour is kept once, on the smallest screen.
            let roles = size == .smallest ? "\n" + Self.roles(grid) : ""
            return "== \(name)\n" + grid.lines.joined(separator: "\n") + roles + "\n"
        }.joined()
        if ProcessInfo.processInfo.environment["KEEP_SCREENS"] != nil {
            try drawn.write(to: file, atomically: true, encoding: .utf8)
        }
        let kept = try String(contentsOf: file, encoding: .utf8)
        guard drawn != kept else { return }
        let pairs = zip(
            drawn.split(separator: "\n", omittingEmptySubsequences: false),
            kept.split(separator: "\n", omittingEmptySubsequences: false))
        let line = pairs.enumerated().first { $0.element.0 != $0.element.1 }
        Issue.record(
            """
            \(file.lastPathComponent), line \((line?.offset ?? 0) + 1):
            drawn |\(line?.element.0 ?? "")|
            kept  |\(line?.element.1 ?? "")|
            """)
    }

    /// Every key that a screen names stands in the counter's page.
    @Test func thePageOfTheCounterHasEveryKey() throws {
        let page = Self.folder.deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "docs/tai-quay.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let table = try #require(text.range(of: "## Các phím"))
        for (name, fixture) in Self.screens {
            for hint in fixture.counter.keyHints where hint.key != KeyHint.letters {
                for key in hint.key.split(separator: " ") {
                    #expect(text[table.lowerBound...].contains("`\(key)`"), "\(name)")
                }
            }
        }
    }

    /// Each row's roles, as runs: a letter and how many columns have it.
    private static func roles(_ grid: CellGrid) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        return (0..<grid.size.rows).map { row in
            var runs: [(role: Role, count: Int)] = []
            for column in 0..<grid.size.columns {
                let role = grid[row, column].role
                if runs.last?.role == role {
                    runs[runs.count - 1].count += 1
                } else {
                    runs.append((role, 1))
                }
            }
            return runs.map { "\(letters[Int($0.role.rawValue)])\($0.count)" }.joined()
        }.joined(separator: "\n")
    }

    /// Name and way to it.
    private static var screens: [(name: String, fixture: CounterFixture)] {
        var screens = CounterFixture.Stage.allCases.map { stage in
            ("\(stage)", CounterFixture(at: stage))
        }
        let late = CounterFixture.found(
            due: Station.Due(term: "by-date", date: "2026-11-20", late: true))
        var fixture = CounterFixture(at: .home)
        fixture.key(.function(5))
        fixture.home([late, CounterFixture.found(state: "recorded", kind: "lost", number: "C-2")])
        screens.append(("home, late", fixture))
        fixture.key(.tab, .right, .right, .enter)
        fixture.reply(.found([late]))
        screens.append(("cases", fixture))
        fixture.type("khong co")
        screens.append(("cases, none found", fixture))
        screens += [("case", aCase), ("sign-in", signIn), ("technician", technician)]
        var record = technician
        record.key(.function(7))
        record.reply(.record(HomeTests.lines))
        screens.append(("technician, record", record))
        screens.append(
            (
                "case, incomplete",
                ActTests.opened(
                    CounterFixture.found(state: "incomplete", acts: ["complete", "refuse"]),
                    missing: ["devices[0].mail:mail-private", "contact.mobile:missing"])
            ))
        screens.append(
            (
                "case, much missing",
                ActTests.opened(
                    CounterFixture.found(
                        state: "incomplete", acts: ["complete", "refuse", "route", "close"],
                        papers: ["completion-request"]),
                    missing: RequestDraft.Contact.allCases.map {
                        RequestDraft.Entry.contact($0).field + ":missing"
                    })
            ))
        var failed = CounterFixture(at: .progress)
        failed.reply(
            .finished(CounterFixture.result(.failed, fault: AgentFault(.unblockingCodeBlocked))))
        screens.append(("result, failed", failed))
        screens += paper
        screens.append(("history", HistoryTests.shown()))
        screens += [("files", ImportTests.files()), ("file, read", ImportTests.checked())]
        var look = ImportTests.read()
        look.check([ImportTests.unknownMail])
        look.check([], known: "R2026-000007")
        screens.append(("file, to look at", look))
        screens.append(("file, mistakes", ImportTests.read("number,colour\n1\n")))
        let kind = ImportTests.read("Số văn bản;Loại yêu cầu\n12/UBND;mượn\n")
        screens.append(("file, no such kind", kind))
        let acts = CaseAct.allCases.map { act in
            ("act, \(act.rawValue)", ActTests.form(act, kind: act == .record ? "lost" : "restore"))
        }
        return screens + acts
    }

    private static var aCase: CounterFixture {
        let found = Station.Case(
            number: "C-1", request: "Y-1", kind: "hand-over", requestNumber: "12/UBND",
            managingBody: "UBND phường Gia Viên", deviceNumber: "0123456789",
            holder: "Nguyễn Văn An", opened: "", state: "open", restore: nil,
            acts: ["refuse", "record", "close"], papers: ["reception-slip"],
            due: Station.Due(term: "at-once"))
        var fixture = CounterFixture(at: .home)
        fixture.key(.function(5))
        fixture.home([found])
        fixture.key(.enter)
        return fixture
    }

    private static var signIn: CounterFixture {
        var fixture = CounterFixture(at: .connecting)
        let office = Office(officers: [OfficerTests.lan, OfficerTests.hai], isObliged: true)
        fixture.send(
            .agent(.connected(StationInfo(training: false, version: "0.1", office: office))))
        fixture.readers(.empty)
        return fixture
    }

    private static var technician: CounterFixture {
        var fixture = CounterFixture(at: .home)
        fixture.key(.end, .enter)
        fixture.reply(.status(CounterFixture.status()))
        fixture.reply(
            .findings([
                Station.Finding(
                    check: "pcscd", state: .bad, message: "is not running", remedy: "start it")
            ]))
        return fixture
    }

    /// The pages of a paper.
    private static var paper: [(String, CounterFixture)] {
        var fixture = CounterFixture(at: .home)
        fixture.key(.tab, .right, .enter, .tab)
        fixture.type("12/UBND")
        var pages: [(String, CounterFixture)] = []
        for page in ["letter", "contact", "device", "summary"] {
            pages.append(("paper, \(page)", fixture))
            fixture.key(.pageDown)
            fixture.reply(
                .checked(
                    Station.RequestChecked(findings: [
                        Station.IntakeFinding(
                            field: "managing_body", rule: "missing", mustComplete: true,
                            message: "m"),
                        Station.IntakeFinding(
                            field: "devices[0].mail", rule: "mail-private", mustComplete: true,
                            message: "m"),
                    ])))
        }
        return pages
    }
}
