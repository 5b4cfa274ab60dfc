import Casework
import Crypto
import Foundation
import System
import Testing

/// What a snapshot may do, and what it may not: it makes a start shorter and hides nothing.
@Suite struct SnapshotTests {
    private let folder = TemporaryFolder()
    private static let name = "journal.snapshot"

    private func book() throws -> CaseBook {
        try CaseBook(in: folder.path, mode: .training, clock: HandClock().clock())
    }

    /// Of every kind, at every stage that a start may find.
    /// - Parameter isSaved: by the same run, from what it remembers.
    private func fill(saved isSaved: Bool = false) throws {
        let book = try book()
        for kind in CaseKind.allCases {
            let request = try book.receive(.sample(kind), missing: [], who: officer).request
            if kind == .lost, let id = request.cases.first {
                try book.record(.recorded, case: id, who: officer)
                try book.record(
                    .noticeSent(.provider, reference: "12/SKHCN"), case: id, who: officer)
            }
        }
        let ids = book.everything().cases.filter { $0.kind == .restore }.map(\.id)
        try book.record(.restoreBegun(.sample("r1")), case: ids[0], who: officer)
        _ = try book.intend(.sample("r1"), case: ids[0], who: officer).finish(
            RestoreEnd(
                restore: "r1", outcome: .restored, triesSpent: .exactly(0),
                key: String(repeating: "5c", count: 32)))
        try book.record(.restoreBegun(.sample("r2")), case: ids[1], who: officer)
        _ = try book.intend(.sample("r2"), case: ids[1], who: officer).finish(
            RestoreEnd(restore: "r2", outcome: .unknown, triesSpent: .between(0, 1)))
        let incomplete = try book.receive(
            RequestForm(number: "9", managingBody: "b", devices: [.init(deviceNumber: "1")]),
            missing: ["1.1:missing"], who: officer
        ).request
        _ = try book.complete(
            incomplete.id,
            RequestForm(number: "9", managingBody: "b", devices: [.init(deviceNumber: "2")]),
            missing: [], who: officer)
        let told = try closed(book, "7/UBND", ["3"])
        for id in book.request(told)?.cases ?? [] {
            try book.record(
                .noticeSent(.managingBody, reference: "13/SKHCN"), case: id, who: officer)
        }
        _ = try book.removePersonal(of: told, who: officer)
        book.noteUnsafeStatusQuery(TokenName(serial: "77", family: "piv"), who: officer)
        let last = try closed(book, "8/UBND", ["4", "5"])
        #expect(book.request(last)?.cases.count == 2)
        if isSaved { #expect(try book.saveSnapshot()) }
    }

    private func closed(_ book: CaseBook, _ number: String, _ devices: [String]) throws
        -> RequestID
    {
        let form = RequestForm(
            number: number, managingBody: "UBND xã An Lão",
            devices: devices.map { DeviceRow(deviceNumber: $0) })
        let request = try book.receive(form, missing: [], who: officer).request
        for id in request.cases {
            try book.record(.refused(reasons: ["x"]), case: id, who: officer)
        }
        return request.id
    }

    private func expectSame(_ a: CaseBook, _ b: CaseBook) {
        #expect(a.everything().requests == b.everything().requests)
        #expect(a.everything().cases == b.everything().cases)
        #expect(a.pending().map(\.id) == b.pending().map(\.id))
        #expect(a.unfinished().map(\.id) == b.unfinished().map(\.id))
        #expect(a.unresolved() == b.unresolved())
        #expect(a.running == b.running)
        #expect(a.anomalies == b.anomalies)
        for serial in ["77", TokenFacts.sample.serial] {
            let token = TokenName(serial: serial, family: "piv")
            #expect(a.ledger(of: token) == b.ledger(of: token))
        }
        let key = String(repeating: "5c", count: 32)
        #expect(
            a.sightings(ofKey: key) == b.sightings(ofKey: key) && !a.sightings(ofKey: key).isEmpty)
        #expect(a.journal.head == b.journal.head)
    }

    /// The cases of the folder without a snapshot, from a copy of the journal.
    private func readWhole() throws -> (CaseBook, TemporaryFolder) {
        let copy = TemporaryFolder()
        try copy.write(try folder.bytes())
        let book = try CaseBook(in: copy.path, mode: .training, clock: HandClock().clock())
        #expect(book.snapshotUse == .none)
        return (book, copy)
    }

    /// Papers say of a time whose clock nobody vouches for that it is one.
    @Test func aNoticeKnowsHowFarItsTimeCanBeTrusted() throws {
        let clock = HandClock()
        func book() throws -> CaseBook {
            try CaseBook(in: folder.path, mode: .training, clock: clock.clock())
        }
        var id: CaseID?
        do {
            let book = try book()
            let first = try #require(
                try book.receive(.sample(.lost), missing: [], who: officer).request.cases.first)
            try book.record(.recorded, case: first, who: officer)
            clock.synchronised(false)
            try book.record(.noticeSent(.provider, reference: "1"), case: first, who: officer)
            clock.synchronised(true)
            try book.record(.noticeSent(.authority, reference: "2"), case: first, who: officer)
            #expect(book.file(first)?.notices.map(\.clock) == [.unsynced, .synced])
            try book.saveSnapshot()
            id = first
        }
        let again = try book()
        guard case .used = again.snapshotUse else {
            Issue.record("\(again.snapshotUse)")
            return
        }
        #expect(try again.file(#require(id))?.notices.map(\.clock) == [.unsynced, .synced])
    }

    @Test func aStartWithASnapshotComesToTheSameCases() throws {
        try fill()
        var line: Int64 = 0
        do {
            let book = try book()
            try book.saveSnapshot()
            line = book.journal.head.sequence
        }
        do {
            let book = try book()
            #expect(book.snapshotUse == .used(line: line))
            let (whole, copy) = try readWhole()
            expectSame(book, whole)
            // And lines behind it are added as without one.
            let form = RequestForm(
                number: "10", managingBody: "c", devices: [.init(deviceNumber: "6")])
            _ = try book.receive(form, missing: [], who: officer)
            #expect(copy.path != folder.path)
        }
        let book = try book()
        #expect(book.snapshotUse == .used(line: line))
        let (whole, _) = try readWhole()
        expectSame(book, whole)
        #expect(try book.journal.checkTheRest())
        #expect(book.journal.uncheckedLines == nil)
    }

    /// What the thread behind a start does, and what it tells.
    private func check(_ book: CaseBook) -> [JournalNews] {
        var news: [JournalNews] = []
        book.takeUpJournal(every: .zero) { news.append($0) }
        return news
    }

    @Test(arguments: [false, true])
    func aSnapshotIsWhatTheLinesMakeByteForByte(isOfTheSameRun: Bool) throws {
        try fill(saved: isOfTheSameRun)
        if !isOfTheSameRun { #expect(try book().saveSnapshot()) }
        for number in 20..<23 {
            let book = try book()
            guard case .used = book.snapshotUse else {
                Issue.record("\(book.snapshotUse)")
                return
            }
            #expect(check(book).isEmpty && !book.snapshotWasFalse)
            #expect(book.journal.uncheckedLines == nil)
            _ = try closed(book, "\(number)/UBND", ["7"])
            #expect(try book.saveSnapshot())
        }
    }

    /// Well-formed, with its sum, and of this very journal: only the lines can tell.
    private func forge(_ text: String, as other: String) throws {
        let snapshot = try folder.bytes(Self.name)
        let body = String(decoding: snapshot.dropLast(32), as: UTF8.self)
        #expect(body.contains(text) && text.utf8.count == other.utf8.count)
        var bytes = Array(snapshot.dropLast(32))
        let wanted = Array(text.utf8)
        for place in 0...(bytes.count - wanted.count)
        where bytes[place..<(place + wanted.count)].elementsEqual(wanted) {
            bytes.replaceSubrange(place..<(place + wanted.count), with: other.utf8)
        }
        try folder.write(bytes + SHA256.hash(SHA256.hash(bytes)), to: Self.name)
    }

    @Test func aForgedSnapshotIsFoundOutAndTheLinesHaveTheLastWord() throws {
        try fill(saved: true)
        try forge("UBND xã An Lão", as: "UBND xã An Láo")
        do {
            let book = try book()
            guard case .used(let line) = book.snapshotUse else {
                Issue.record("\(book.snapshotUse)")
                return
            }
            let stray = try book.vault.put(Array("{}".utf8))
            #expect(book.sweepVault() == 0, "a forger may have said what is named")
            // What is recorded before it is found out stays.
            let late = try closed(book, "9/UBND", ["7"])
            #expect(book.everything().requests.contains { $0.managingBody == "UBND xã An Láo" })
            #expect(check(book) == [.falseSnapshot(line: line)])
            #expect(book.snapshotWasFalse && book.request(late) != nil)
            let (whole, _) = try readWhole()
            expectSame(book, whole)
            #expect(try !folder.names().contains(Self.name))
            #expect(throws: VaultError.notFound(stray)) { try book.vault.get(stray) }
            #expect(check(book).isEmpty)
            #expect(try book.saveSnapshot())
        }
        let book = try book()
        #expect(check(book).isEmpty && !book.snapshotWasFalse)
    }

    /// The fold that the lines make takes over once nobody is in the middle of something.
    @Test func whatRanOnlyInAForgedSnapshotIsNotSettledTwice() throws {
        do {
            let book = try book()
            let request = try book.receive(.sample, missing: [], who: officer).request
            try book.record(.restoreBegun(.sample()), case: request.cases[0], who: officer)
            let open = try book.intend(.sample(), case: request.cases[0], who: officer)
            try book.saveSnapshot()
            _ = consume open
        }
        try forge("reader 0", as: "reader 1")
        let book = try book()
        guard case .used(let line) = book.snapshotUse else {
            Issue.record("\(book.snapshotUse)")
            return
        }
        #expect(check(book) == [.falseSnapshot(line: line)])
        let (whole, _) = try readWhole()
        #expect(book.unresolved() == whole.unresolved() && book.running.isEmpty)
        #expect(book.everything().cases == whole.everything().cases)
        #expect(book.anomalies.isEmpty)
    }

    /// Ids out of order, of another form, or of the same numbers written otherwise, and more cases
    /// than stand together in a snapshot.
    @Test func casesAreFoundByIdsOfAnyFormWithAndWithoutASnapshot() throws {
        let odd = [
            "2026-000005", "2026-0000005", "2026-000003", "2026-900000", "2026-000007", "x.1",
            "1999-000001", "9999-000001", "2026-000006",
        ]
        let many = (10..<610).map { "2026-" + String("000000\($0)".suffix(6)) }
        let ids = (odd + many).compactMap { CaseID($0) }
        #expect(Set(ids).count == 609)
        do {
            let journal = try Journal(
                in: folder.path, mode: .training, clock: HandClock().clock())
            for (number, id) in ids.enumerated() {
                let request = try #require(RequestID("R2026-\(100_000 + number * 7)"))
                let personal = try #require(Commitment(String(repeating: "ab", count: 32)))
                let event = CaseEvent.received(
                    RequestReceived(
                        request: request,
                        form: RequestForm(
                            number: "1", managingBody: "b",
                            devices: [DeviceRow(deviceNumber: id.text)]),
                        personal: personal, cases: [id], missing: []))
                try journal.append(event.kind, who: officer) { event.write(to: &$0) }
            }
        }
        for use in [SnapshotUse.none, .used(line: 610)] {
            let book = try book()
            #expect(book.snapshotUse == use && book.anomalies.isEmpty)
            #expect(book.everything().cases.map(\.id) == ids)
            #expect(book.latestRequests(2).map(\.cases) == [[ids[608]], [ids[607]]])
            for id in ids { #expect(book.file(id)?.deviceNumber == id.text) }
            for id in ["2026-000004", "2026-00000003", "1999-000002", "x.2", "2027-000001"] {
                #expect(CaseID(id).flatMap { book.file($0) } == nil)
            }
            try book.saveSnapshot()
        }
    }

    @Test func aSnapshotOfARunningRestoreIsSettledAsWithoutOne() throws {
        do {
            let book = try book()
            let request = try book.receive(.sample, missing: [], who: officer).request
            try book.record(.restoreBegun(.sample()), case: request.cases[0], who: officer)
            let open = try book.intend(.sample(), case: request.cases[0], who: officer)
            try book.saveSnapshot()
            _ = consume open
        }
        let (whole, _) = try readWhole()
        let book = try book()
        #expect(book.running.isEmpty && book.unresolved().map(\.restore) == ["r1"])
        #expect(book.everything().cases == whole.everything().cases)
    }

    /// Every byte of a snapshot, changed or cut away, is noticed before it is believed.
    @Test func aDamagedSnapshotIsPassedOverAndSaid() throws {
        do { _ = try book().receive(.sample, missing: [], who: officer) }
        do { try book().saveSnapshot() }
        let good = try folder.bytes(Self.name)
        for i in good.indices {
            var bytes = good
            bytes[i] ^= 0x10
            try folder.write(bytes, to: Self.name)
            try expectUnusable("byte \(i)")
        }
        for length in stride(from: 0, to: good.count, by: 7) {
            try folder.write(Array(good[..<length]), to: Self.name)
            try expectUnusable("\(length) bytes")
        }
        try folder.write(good + [0], to: Self.name)
        try expectUnusable("a byte more")
    }

    private func expectUnusable(_ what: String) throws {
        let book = try book()
        guard case .unusable(let reason) = book.snapshotUse else {
            Issue.record("\(what): \(book.snapshotUse)")
            return
        }
        #expect(!reason.isEmpty)
        #expect(book.count == RequestForm.sample.devices.count && book.anomalies.isEmpty)
        #expect(book.journal.uncheckedLines == nil)
    }

    /// Whoever changes what the fold holds raises `SnapshotFormat.version`, and this number.
    @Test func aSnapshotOfAnotherVersionIsPassedOver() throws {
        do { _ = try book().receive(.sample, missing: [], who: officer) }
        do { try book().saveSnapshot() }
        var bytes = try folder.bytes(Self.name)
        let place = Array("token-station snapshot\n".utf8).count
        #expect(bytes[place] == 26, "the version, doubled as integers are written")
        bytes[place] = 28
        bytes.replaceSubrange(
            (bytes.count - 32)..., with: try SHA256.hash(SHA256.hash(Array(bytes.dropLast(32)))))
        try folder.write(bytes, to: Self.name)
        try expectUnusable("version 14")
        #expect(try book().snapshotUse == .unusable("has format 14, not 13"))
    }

    @Test(arguments: ["a pipe (FIFO)", "a folder", "a link"])
    func whatIsNoFileInItsPlaceIsPassedOverAndNotWaitedFor(stranger: String) throws {
        try fill()
        let path = folder.path + "/" + Self.name
        switch stranger {
        case "a folder": try File.makeFolder(path)
        case "a link": symlink(folder.journal, path)
        default: #expect(mkfifo(path, 0o600) == 0)
        }
        let book = try book()
        #expect(
            book.snapshotUse
                == .unusable(
                    "cannot be read: open \(path): is \(stranger), not a file: "
                        + "move it away and put the file in its place"))
        #expect(book.count > 0 && book.isWhole)
    }

    @Test func aSnapshotOfAnotherJournalOrOfOneThatWasCutIsPassedOver() throws {
        do { _ = try book().receive(.sample, missing: [], who: officer) }
        do { try book().saveSnapshot() }
        let snapshot = try folder.bytes(Self.name)
        let other = TemporaryFolder()
        do {
            let book = try CaseBook(in: other.path, mode: .training, clock: HandClock().clock())
            for number in 0..<3 {
                let form = RequestForm(
                    number: "\(number)", managingBody: "b", devices: [.init(deviceNumber: "1")])
                _ = try book.receive(form, missing: [], who: officer)
            }
        }
        try other.write(snapshot, to: Self.name)
        let book = try CaseBook(in: other.path, mode: .training, clock: HandClock().clock())
        guard case .unusable = book.snapshotUse else {
            Issue.record("a foreign snapshot was used")
            return
        }
        #expect(book.count == 3)
        // A backup of the journal from before the snapshot: its last line cut off.
        let whole = try folder.bytes()
        let kept: [UInt8] = lines(whole).dropLast().flatMap { (line: [UInt8]) -> [UInt8] in
            line + [0x0A]
        }
        try folder.write(kept)
        let cut = try self.book()
        guard case .unusable = cut.snapshotUse else {
            Issue.record("a snapshot from the future was used")
            return
        }
        #expect(cut.count == 0)
    }

    /// Each byte before the snapshot's line: the start may pass over it, the check behind it
    /// does not, and from then on nothing is written.
    @Test func aChangedLineBeforeTheSnapshotStopsTheWriter() throws {
        do { _ = try book().receive(.sample, missing: [], who: officer) }
        do { try book().saveSnapshot() }
        let good = try folder.bytes()
        let all = lines(good)
        var line: Int64 = 1
        for i in stride(from: 0, to: good.count - all[all.count - 1].count - 1, by: 3) {
            line = Int64(good[..<i].count { $0 == 0x0A }) + 1
            var bytes = good
            bytes[i] ^= 0x02
            try folder.write(bytes)
            let book = try book()
            let holds = try? book.journal.checkTheRest()
            // The first line says what journal it is, and is always read.
            #expect(holds == false || (line == 1 && !book.isWhole), "byte \(i)")
            guard case .stopped(let error) = book.journal.state else {
                Issue.record("byte \(i): the writer goes on")
                continue
            }
            #expect(error.code == .broken(line: line), "byte \(i)")
            #expect(throws: JournalError.self) { try book.journal.reopen() }
            #expect(throws: JournalError.self) {
                try book.journal.append(.serviceStarted, who: officer)
            }
        }
        #expect(line == Int64(all.count) - 1)
    }

    @Test func aChangedLineBehindTheSnapshotStopsTheWriterAsWithoutOne() throws {
        do { _ = try book().receive(.sample, missing: [], who: officer) }
        do { try book().saveSnapshot() }
        do {
            let book = try book()
            let id = try #require(book.everything().cases.first?.id)
            try book.record(.refused(reasons: ["x"]), case: id, who: officer)
            try book.record(.closed(reason: "x"), case: id, who: officer)
        }
        var bytes = try folder.bytes()
        bytes[bytes.count - lines(bytes)[3].count - 20] ^= 1
        try folder.write(bytes)
        let verified = try Journal.verify(folder.journal)
        let line = try #require(verified.firstBad?.line)
        let book = try book()
        guard case .stopped(let cause) = book.journal.state else {
            Issue.record("the writer goes on")
            return
        }
        #expect(cause.code == .broken(line: line) && !book.isWhole)
        #expect(try folder.bytes() == bytes)
    }

    @Test func aFullDiskLeavesTheOldSnapshotAndNoDraft() throws {
        do { _ = try book().receive(.sample, missing: [], who: officer) }
        let book = try book()
        try book.saveSnapshot()
        let before = try folder.bytes(Self.name)
        let names = try folder.names().sorted()
        for call in [SystemCall.open, .write, .fdatasync, .rename] {
            #expect(throws: SystemError.self) {
                try OneFault(call, nth: 1, .noSpace).run { try book.saveSnapshot() }
            }
            #expect(try folder.bytes(Self.name) == before, "\(call)")
            #expect(try folder.names().sorted() == names, "\(call)")
        }
    }

    /// An end that the journal did not take is shown, but it is no fold of the lines.
    @Test func whatTheJournalDidNotTakeIsInNoSnapshot() throws {
        let book = try book()
        let request = try book.receive(.sample, missing: [], who: officer).request
        try book.record(.restoreBegun(.sample()), case: request.cases[0], who: officer)
        #expect(try book.saveSnapshot())
        OneFault(.write, nth: 1, .noSpace).run { book.settle("r1", who: officer) }
        #expect(book.running.isEmpty)
        #expect(try !book.saveSnapshot())
    }

    @Test func aStopWritesASnapshotOnlyWhereManyLinesHaveCome() throws {
        let book = try book()
        book.endUpkeep()
        #expect(try !folder.names().contains(Self.name))
        for _ in 0..<1000 { try book.journal.append(.serviceStarted, who: officer) }
        book.endUpkeep()
        #expect(try folder.names().contains(Self.name))
    }
}
