import Casework
import Expectations
import Foundation
import Synchronization
import System
import Testing

/// Makes the `nth` use of one system call fail, once, and says whether that came to pass.
final class OneFault: Sendable {
    private let count = Atomic<Int>(0)
    private let call: SystemCall
    private let nth: Int
    private let errno: Errno

    init(_ call: SystemCall, nth: Int, _ errno: Errno) {
        self.call = call
        self.nth = nth
        self.errno = errno
    }

    var happened: Bool { count.load(ordering: .relaxed) >= nth }

    func run<R>(_ body: () throws -> R) rethrows -> R {
        let faults = SystemFaults { [self] call in
            guard call == self.call else { return nil }
            let now = count.wrappingAdd(1, ordering: .relaxed).newValue
            return now == nth ? errno : nil
        }
        return try SystemFaults.$current.withValue(faults) { try body() }
    }
}

@Suite struct FaultTests {
    static let calls: [SystemCall] = [
        .open, .write, .pread, .read, .fstat, .ftruncate, .fallocate, .fdatasync, .fsync, .flock,
        .rename, .mkdir, .unlink,
    ]

    /// One restore from an empty folder to a closed case; the receipts it was given.
    private func restore(in folder: String, clock: JournalClock, _ receipts: inout [Receipt])
        throws
    {
        let book = try CaseBook(in: folder, mode: .training, clock: clock)
        receipts.append(book.journal.head)
        let file = try book.open(.sample, who: officer).file
        receipts.append(
            try book.record(.restoreBegun(.sample()), case: file.id, who: officer))
        let open = try book.intend(.sample(), case: file.id, who: officer)
        receipts.append(
            try open.finish(
                RestoreEnd(restore: "r1", outcome: .restored, triesSpent: .exactly(0))))
        receipts.append(try book.record(.closed(reason: "done"), case: file.id, who: officer))
    }

    @Test(arguments: calls, [Errno.inputOutput, .noSpace, .readOnly])
    func anyOneFailedCallLeavesAJournalThatVerifiesAndATypedError(
        call: SystemCall, errno: Errno
    ) throws {
        for nth in 1...200 {
            let folder = TemporaryFolder()
            let clock = HandClock().clock()
            let fault = OneFault(call, nth: nth, errno)
            var receipts: [Receipt] = []
            do {
                try fault.run { try restore(in: folder.path, clock: clock, &receipts) }
            } catch is CaseError {
                // The only type there is to be caught; what it says is in other tests.
            }
            let happened = fault.happened
            if File.exists(folder.journal) {
                let result = try Journal.verify(folder.journal)
                #expect(result.holds && result.torn == nil, "\(call) \(nth)")
                // What was answered for stands where it was said to stand.
                var reader = try JournalReader(folder.journal)
                var hashes: [String] = []
                while let line = try reader.next() {
                    if let entry = line.entry, entry.sequence > 1 { hashes.append(entry.previous) }
                }
                hashes.append(result.head)
                for receipt in receipts {
                    #expect(hashes[Int(receipt.sequence) - 1] == receipt.hash, "\(call) \(nth)")
                }
            }
            let book = try CaseBook(in: folder.path, mode: .training, clock: clock)
            #expect(book.running.isEmpty && book.anomalies.isEmpty)
            if !happened {
                #expect(book.latest().map(\.state) == [.closed])
                return
            }
        }
        Issue.record("\(call) was used more than 200 times")
    }

    @Test(arguments: [SystemCall.write, .fdatasync])
    func anOutcomeIsTriedASecondTime(call: SystemCall) throws {
        let folder = TemporaryFolder()
        let book = try CaseBook(in: folder.path, mode: .training)
        let file = try book.open(.sample, who: officer).file
        try book.record(.restoreBegun(.sample()), case: file.id, who: officer)
        var open: OpenRestore? = try book.intend(.sample(), case: file.id, who: officer)
        let end = RestoreEnd(restore: "r1", outcome: .restored, triesSpent: .exactly(0))
        _ = try OneFault(call, nth: 1, .inputOutput).run { try open.take()?.finish(end) }
        #expect(book.file(file.id)?.state == .restored)
        #expect(book.journal.state == .ready)
        let kinds = try kinds(folder)
        #expect(kinds.suffix(2) == [.restoreOutcome, .journalRecovered])
        #expect(try Journal.verify(folder.journal).holds)
    }

    @Test func anOutcomeThatCannotBeWrittenLeavesTheRestoreUnknown() throws {
        let folder = TemporaryFolder()
        do {
            let book = try CaseBook(in: folder.path, mode: .training)
            let file = try book.open(.sample, who: officer).file
            try book.record(.restoreBegun(.sample()), case: file.id, who: officer)
            var open: OpenRestore? = try book.intend(.sample(), case: file.id, who: officer)
            let end = RestoreEnd(restore: "r1", outcome: .restored, triesSpent: .exactly(0))
            let broken = SystemFaults { $0 == .fdatasync ? .inputOutput : nil }
            let error = caught(CaseError.self) {
                try SystemFaults.$current.withValue(broken) { _ = try open.take()?.finish(end) }
            }
            guard case .journal(let cause) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(cause.cause?.call == .fdatasync)
            #expect(book.file(file.id)?.state == .unknown(["r1"]))
            #expect(book.journal.state != .ready)
            // Stopped: nobody's line gets in, not even with the disk well again.
            let refused = caught(JournalError.self) {
                try book.journal.append(.serviceStopped, who: officer)
            }
            #expect(refused?.code == .stopped)
            try book.journal.reopen()
            try book.journal.append(.serviceStopped, who: officer)
        }
        let again = try CaseBook(in: folder.path, mode: .training)
        #expect(again.unresolved(serial: TokenFacts.sample.serial).map(\.restore) == ["r1"])
        #expect(try kinds(folder).last == .restoreOutcome)
    }

    @Test func afterAFailedFlushNothingIsAppendedUntilReopened() throws {
        let folder = TemporaryFolder()
        let journal = try Journal(in: folder.path, mode: .training)
        let before = journal.head
        let size = try folder.bytes().count
        let error = caught(JournalError.self) {
            try OneFault(.fdatasync, nth: 1, .inputOutput).run {
                _ = try journal.append(.serviceStarted, who: officer)
            }
        }
        #expect(error?.code == .system)
        #expect(journal.head == before)
        #expect(try folder.bytes().count == size)
        #expect(throws: JournalError.self) {
            try journal.append(.serviceStarted, who: officer)
        }
        try journal.reopen()
        #expect(try kinds(folder) == [.journalOpened, .journalRecovered])
    }

    /// Fails a flush of a line that nobody was answered for.
    private func stop(_ book: CaseBook) {
        _ = try? OneFault(.fdatasync, nth: 1, .noSpace).run {
            try book.journal.append(.serviceStarted, who: officer)
        }
        guard case .stopped(let error) = book.journal.state, error.mayPass else {
            Issue.record("\(book.journal.state)")
            return
        }
    }

    @Test func aJournalThatStoppedIsTakenUpOnceTheDiskTakesAFlushAndIsReadWhole() throws {
        let folder = TemporaryFolder()
        let book = try CaseBook(in: folder.path, mode: .training)
        stop(book)
        #expect(throws: CaseError.self) {
            try OneFault(.fdatasync, nth: 1, .inputOutput).run { try book.reopenJournal() }
        }
        #expect(book.journal.state != .ready)
        var news: [JournalNews] = []
        book.takeUpJournal(every: .zero) { news.append($0) }
        #expect(news.count == 2 && news.last == .takenUp)
        #expect(book.journal.state == .ready && book.journal.uncheckedLines == nil)
        _ = try book.open(.sample, who: officer)
        #expect(try kinds(folder) == [.journalOpened, .journalRecovered, .requestReceived])
        #expect(try Journal.verify(folder.journal).holds)
    }

    /// What the medium gives back after a failed flush is not what was written: the last lines are
    /// looked at before anything is added, all others behind that.
    @Test(arguments: [2, 1101])
    func linesThatAreNotWhatTheyWereEndTheRecording(line: Int) throws {
        let folder = TemporaryFolder()
        let book = try CaseBook(in: folder.path, mode: .training)
        for _ in 0..<1100 { try book.journal.append(.serviceStarted, who: officer) }
        stop(book)
        let all = lines(try folder.bytes())
        let place = all[..<(line - 1)].reduce(0) { $0 + $1.count + 1 } + 40
        let file = try #require(FileHandle(forUpdatingAtPath: folder.journal))
        try file.seek(toOffset: UInt64(place))
        try file.write(contentsOf: [all[line - 1][40] ^ 1])
        try file.close()
        var news: [JournalNews] = []
        if line == 2 {
            book.takeUpJournal(every: .zero) { news.append($0) }
            #expect(news.count == 3 && news[1] == .takenUp)
        } else {
            let error = caught(CaseError.self) { try book.reopenJournal() }
            guard case .journal(let cause) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(cause.code == .changed)
            book.takeUpJournal(every: .zero) { news.append($0) }
            #expect(news.count == 1)
        }
        guard case .damaged(let error) = news.last, !error.mayPass else {
            Issue.record("\(news)")
            return
        }
        #expect(book.journal.state == .stopped(error))
        #expect(line != 2 || error.code == .broken(line: 2))
    }

    /// How a restore ended is known though the journal did not take it: it is written late, behind
    /// the `unknown` that was shown meanwhile.
    @Test func anOutcomeThatTheJournalDidNotTakeIsWrittenOnceItDoes() throws {
        let folder = TemporaryFolder()
        let id: CaseID
        do {
            let book = try CaseBook(in: folder.path, mode: .training)
            id = try book.open(.sample, who: officer).file.id
            try book.record(.restoreBegun(.sample()), case: id, who: officer)
            var open: OpenRestore? = try book.intend(.sample(), case: id, who: officer)
            let end = RestoreEnd(restore: "r1", outcome: .restored, triesSpent: .exactly(0))
            let broken = SystemFaults { $0 == .fdatasync ? .noSpace : nil }
            #expect(throws: CaseError.self) {
                try SystemFaults.$current.withValue(broken) { _ = try open.take()?.finish(end) }
            }
            #expect(book.file(id)?.state == .unknown(["r1"]))
            try book.reopenJournal()
            #expect(book.file(id)?.state == .restored && book.unresolved().isEmpty)
        }
        #expect(
            try kinds(folder).suffix(3) == [.journalRecovered, .restoreOutcome, .restoreResolved])
        let again = try CaseBook(in: folder.path, mode: .training)
        #expect(again.file(id)?.state == .restored && again.anomalies.isEmpty)
    }

    /// A full disk stops nothing; what it kept out is written before what comes later.
    @Test func whatTheJournalDidNotTakeIsWrittenBeforeWhatComesLater() throws {
        let folder = TemporaryFolder()
        let id: CaseID
        do {
            let book = try CaseBook(in: folder.path, mode: .training)
            id = try book.open(.sample, who: officer).file.id
            try book.record(.restoreBegun(.sample("r1")), case: id, who: officer)
            OneFault(.write, nth: 1, .noSpace).run { book.settle("r1", who: officer) }
            #expect(book.running.isEmpty && book.journal.state == .ready)
            try book.record(.restoreBegun(.sample("r2")), case: id, who: officer)
        }
        #expect(
            try kinds(folder).suffix(3) == [.restoreBegun, .restoreOutcome, .restoreBegun])
        let again = try CaseBook(in: folder.path, mode: .training)
        #expect(again.file(id)?.state == .open && again.anomalies.isEmpty)
    }

    @Test func aFileSomebodyElseWroteToStopsTheWriter() throws {
        let folder = TemporaryFolder()
        let journal = try Journal(in: folder.path, mode: .training)
        let stranger = try File.open(folder.journal, .appending)
        try stranger.writeAll(Array("mine\n".utf8))
        for _ in 0..<2 {
            let error = caught(JournalError.self) {
                try journal.append(.serviceStarted, who: officer)
            }
            #expect(error?.code == .changed || error?.code == .stopped)
        }
        let error = caught(JournalError.self) { try journal.reopen() }
        #expect(error?.code == .changed)
    }

    @Test func aRemovedFileStopsTheWriter() throws {
        let folder = TemporaryFolder()
        let journal = try Journal(in: folder.path, mode: .training)
        try File.remove(folder.journal)
        let error = caught(JournalError.self) {
            try journal.append(.serviceStarted, who: officer)
        }
        #expect(error?.code == .changed)
    }

    /// What was done to the file is found by a look, and not only with the next line.
    @Test(arguments: ["written to", "overwritten", "replaced", "removed"])
    func aLookFindsAFileThatIsAnother(_ what: String) throws {
        let folder = TemporaryFolder()
        let journal = try Journal(in: folder.path, mode: .training)
        journal.look()
        #expect(journal.state == .ready)
        let bytes = try folder.bytes()
        switch what {
        case "written to": try File.open(folder.journal, .appending).writeAll([0x0A])
        case "overwritten": try Data("[]".utf8).write(to: URL(filePath: folder.journal))
        case "replaced": try File.replace(folder.journal, with: bytes)
        default: try File.remove(folder.journal)
        }
        journal.look()
        guard case .stopped(let cause) = journal.state else {
            Issue.record("\(journal.state)")
            return
        }
        #expect(cause.code == .changed)
    }

    private func kinds(_ folder: TemporaryFolder) throws -> [JournalKind] {
        var reader = try JournalReader(folder.journal)
        var kinds: [JournalKind] = []
        while let line = try reader.next() {
            if let kind = line.entry?.kind { kinds.append(kind) }
        }
        return kinds
    }

    /// A disk that dies at any call, and comes back with the next start: what a line names is
    /// there, and nothing else is.
    @Test func aDyingDiskLeavesNoLineWithoutItsDataAndNoDataWithoutItsLine() throws {
        var stood = 0
        for nth in 1...40 {
            let folder = TemporaryFolder()
            do {
                let book = try CaseBook(in: folder.path, mode: .training)
                let count = Atomic<Int>(0)
                let dying = SystemFaults { _ in
                    count.wrappingAdd(1, ordering: .relaxed).newValue >= nth ? .inputOutput : nil
                }
                try? SystemFaults.$current.withValue(dying) {
                    let request = try book.receive(.sample, missing: ["a:missing"], who: officer)
                    var form = RequestForm.sample
                    form.received = nil
                    _ = try book.complete(request.request.id, form, missing: [], who: officer)
                    _ = try book.refuse(
                        try #require(request.request.cases.first),
                        [try #require(GivenReason("Không đúng mẫu"))], who: officer)
                }
            }
            let book = try CaseBook(in: folder.path, mode: .training)
            book.sweepVault()
            let (requests, files) = book.everything()
            for request in requests { _ = try book.personal(of: request.id) }
            for file in files {
                if case .refused(let refusal) = file.state { _ = try book.words(of: refusal) }
            }
            let refused = files.filter { $0.state.name == "refused" }.count
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/vault")
            #expect(left.count == requests.count + refused, "from call \(nth) on")
            stood += requests.count
        }
        #expect(stood > 0)
    }

    /// Opens the journal while its file system takes no writing.
    private func startWithoutWriting(_ folder: TemporaryFolder) throws -> CaseBook {
        let isFirst = Atomic<Bool>(true)
        let refusing = SystemFaults { call in
            call == .open && isFirst.exchange(false, ordering: .relaxed) ? .readOnly : nil
        }
        // A clock that opens no file of its own.
        let clock = HandClock().clock()
        return try SystemFaults.$current.withValue(refusing) {
            try CaseBook(in: folder.path, mode: .training, clock: clock)
        }
    }

    @Test func aStartThatMayNotWriteShowsAndGoesOnOnceItMay() throws {
        let folder = TemporaryFolder()
        do {
            let book = try CaseBook(in: folder.path, mode: .training)
            let request = try book.receive(.sample, missing: [], who: officer).request
            try book.record(.restoreBegun(.sample()), case: request.cases[0], who: officer)
        }
        let before = try folder.bytes()
        let book = try startWithoutWriting(folder)
        guard case .stopped(let why) = book.journal.state else {
            Issue.record("it takes lines")
            return
        }
        #expect(why.code == .readOnly && why.mayPass && !book.isWhole)
        #expect(book.count == 2 && book.running.isEmpty)
        #expect(throws: CaseError.self) {
            _ = try book.receive(.sample(.lost), missing: [], who: officer)
        }
        #expect(try folder.bytes() == before)
        // Nobody else may have it meanwhile.
        #expect(throws: CaseError.self) { _ = try CaseBook(in: folder.path, mode: .training) }
        var news: [JournalNews] = []
        book.takeUpJournal(every: .zero) { news.append($0) }
        #expect(news == [.stopped(why), .takenUp])
        _ = try book.receive(.sample(.lost), missing: [], who: officer)
        let kinds = try lines(folder.bytes()).dropFirst(3).map { line in
            try line.withUnsafeBytes { try JournalEntry($0, number: 1).kindName }
        }
        #expect(kinds == ["journal.recovered", "restore.outcome", "request.received"])
        #expect(try Journal.verify(folder.journal).holds)
    }

    @Test func aTornLineThatCouldNotBeSetAsideIsLeftToAStart() throws {
        let folder = TemporaryFolder()
        do {
            let book = try CaseBook(in: folder.path, mode: .training)
            _ = try book.receive(.sample, missing: [], who: officer)
        }
        let torn = try folder.bytes() + Array("half a line".utf8)
        try folder.write(torn)
        do {
            let book = try startWithoutWriting(folder)
            #expect(book.count == 2)
            book.takeUpJournal(every: .zero) { _ in }
            guard case .stopped(let why) = book.journal.state else {
                Issue.record("it takes lines")
                return
            }
            #expect(why.code == .changed && why.reason.contains("torn line"))
            #expect(try folder.bytes() == torn)
        }
        let book = try CaseBook(in: folder.path, mode: .training)
        #expect(book.isWhole && book.count == 2)
        #expect(try folder.names().contains { $0.hasPrefix("journal.torn-") })
    }

    @Test func whereThereIsNoJournalAStartThatMayNotWriteEnds() {
        let folder = TemporaryFolder()
        #expect(throws: CaseError.self) { _ = try startWithoutWriting(folder) }
    }

    @Test func whatNoLineNamedIsSweptOutOfTheVault() throws {
        let folder = TemporaryFolder()
        let book = try CaseBook(in: folder.path, mode: .training)
        let request = try book.receive(.sample, missing: [], who: officer).request
        let stray = try book.vault.put(Array(#"{"a":1}"#.utf8))
        try folder.write([0x7B], to: "vault/" + stray.hex + ".json.new.new")
        try folder.write([0x7B], to: "vault/something-else")
        #expect(book.sweepVault() == 2)
        #expect(book.sweepVault() == 0)
        #expect(throws: VaultError.notFound(stray)) { try book.vault.get(stray) }
        _ = try book.personal(of: request.id)
        #expect(book.vaultFault == nil)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path + "/vault").count == 2)
    }

    /// Whoever puts an older journal, or none, beside a vault finds all of it again with the right
    /// one.
    @Test(arguments: [true, false])
    func aJournalThatIsNotTheVaultsTakesNothingOutOfIt(_ isOlder: Bool) throws {
        let folder = TemporaryFolder()
        var book: CaseBook? = try CaseBook(in: folder.path, mode: .training)
        _ = try book?.receive(.sample, missing: [], who: officer)
        let older = try folder.bytes("journal.ndjson")
        var second = RequestForm.sample
        second.number = "46/SYT"
        let request = try #require(try book?.receive(second, missing: [], who: officer)).request
        book = nil
        let whole = try folder.bytes("journal.ndjson")
        if isOlder {
            try folder.write(older, to: "journal.ndjson")
        } else {
            try FileManager.default.removeItem(atPath: folder.path + "/journal.ndjson")
        }
        book = try CaseBook(in: folder.path, mode: .training)
        #expect(book?.sweepVault() == 0)
        guard case .unnamed(let count, _) = book?.vaultFault else {
            Issue.record("\(String(describing: book?.vaultFault))")
            return
        }
        #expect(count == (isOlder ? 1 : 2))
        book = nil
        try folder.write(whole, to: "journal.ndjson")
        let mended = try CaseBook(in: folder.path, mode: .training)
        #expect(mended.sweepVault() == 0 && mended.vaultFault == nil)
        _ = try mended.personal(of: request.id)
    }

    /// A power cut between a line and that its record was settled.
    @Test func aDraftThatALineNamesIsARecord() throws {
        let folder = TemporaryFolder()
        var book: CaseBook? = try CaseBook(in: folder.path, mode: .training)
        let request = try #require(try book?.receive(.sample, missing: [], who: officer)).request
        book = nil
        let personal = try #require(request.personal)
        let path = folder.path + "/vault/" + personal.hex + ".json"
        try FileManager.default.moveItem(atPath: path, toPath: path + ".new")
        let next = try CaseBook(in: folder.path, mode: .training)
        _ = try next.personal(of: request.id)
        #expect(next.sweepVault() == 0)
        #expect(FileManager.default.fileExists(atPath: path))
        _ = try next.personal(of: request.id)
    }

    @Test func whatCouldNotBeRemovedIsNotSaidToBeGone() throws {
        let folder = TemporaryFolder()
        let book = try CaseBook(in: folder.path, mode: .training)
        let request = try book.receive(.sample, missing: [], who: officer).request
        for id in request.cases {
            _ = try book.close(id, reason: "rút lại", who: officer)
        }
        let broken = SystemFaults { $0 == .unlink ? .inputOutput : nil }
        #expect(throws: CaseError.self) {
            try SystemFaults.$current.withValue(broken) {
                _ = try book.removePersonal(of: request.id, who: officer)
            }
        }
        book.sweepVault()
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path + "/vault").isEmpty)
    }
}
