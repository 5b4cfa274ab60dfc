import Casework
import Expectations
import Foundation
import Glibc
import System
import Testing

/// A file system of 64 KiB, mounted for one test.
final class SmallDisk {
    let path: String
    private var fillers = 0

    static var isPossible: Bool {
        guard getuid() == 0, let disk = try? SmallDisk() else { return false }
        return disk.path.isEmpty == false
    }

    init() throws {
        path = NSTemporaryDirectory() + "casework-disk-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("none", path, "tmpfs", 0, "size=64k,mode=0700") == 0 else {
            try? FileManager.default.removeItem(atPath: path)
            throw POSIXError(.EPERM)
        }
    }

    deinit {
        umount2(path, Int32(MNT_DETACH))
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes until not one byte more goes on it.
    func fill() throws {
        fillers += 1
        let file = try File.open("\(path)/filler-\(fillers)", .appending)
        let block = [UInt8](repeating: 0x55, count: 512)
        var isFull = false
        while !isFull {
            do { try file.writeAll(block) } catch { isFull = true }
        }
    }

    func empty() throws {
        for i in 1...fillers { try File.remove("\(path)/filler-\(i)") }
        fillers = 0
    }
}

@Suite(.enabled(if: SmallDisk.isPossible, "mounting a small tmpfs takes root"))
struct RoomTests {
    /// As a file system without fallocate would have it.
    private func withoutFallocate<R>(_ isWithout: Bool, _ body: () throws -> R) rethrows -> R {
        let faults = SystemFaults { isWithout && $0 == .fallocate ? .notSupported : nil }
        return try SystemFaults.$current.withValue(faults) { try body() }
    }

    @Test(arguments: [false, true])
    func aFullDiskLosesNoOutcome(withoutFallocate without: Bool) throws {
        let disk = try SmallDisk()
        try withoutFallocate(without) {
            let book = try CaseBook(in: disk.path, mode: .training)
            let file = try book.open(.sample, who: officer).file
            try book.record(.restoreBegun(.sample()), case: file.id, who: officer)
            var open: OpenRestore? = try book.intend(.sample(), case: file.id, who: officer)
            try disk.fill()
            // Others find no room, however often they try, and leave no trace.
            let size = try File.status(of: book.journal.path).size
            for _ in 0..<20 {
                let error = caught(JournalError.self) {
                    try book.journal.append(.callerRefused, who: officer) {
                        $0.put(.method, String(repeating: "m", count: 4000))
                    }
                }
                #expect(error?.code == .noRoom)
            }
            #expect(try File.status(of: book.journal.path).size == size)
            try disk.fill()
            let steps = (0..<60).map {
                StepRecord(name: "step \($0)", milliseconds: 12, status: "9000")
            }
            _ = try open.take()?.finish(
                RestoreEnd(
                    restore: "r1", outcome: .restored, triesSpent: .exactly(0), steps: steps))
            #expect(book.file(file.id)?.state == .restored)
            try disk.empty()
            try book.record(.closed(reason: "done"), case: file.id, who: officer)
            #expect(try Journal.verify(book.journal.path).holds)
        }
    }

    @Test(arguments: [false, true])
    func linesInBetweenDoNotEatTheRoomOfOpenIntents(withoutFallocate without: Bool) throws {
        let disk = try SmallDisk()
        try withoutFallocate(without) {
            let journal = try Journal(in: disk.path, mode: .training)
            var first: Reservation? = try journal.reserve(.restoreIntent, who: officer)
            var second: Reservation? = try journal.reserve(.keycheckIntent, who: officer)
            #expect(journal.openIntents == [2, 3])
            // The journal itself fills the disk.
            var lines = 0
            while (try? journal.append(.callerRefused, who: officer)) != nil { lines += 1 }
            #expect(lines > 10)
            let long = String(repeating: "r", count: 7000)
            _ = try second.take()?.complete(.keycheckOutcome) { $0.put(.reason, long) }
            _ = try first.take()?.complete(.restoreOutcome) { $0.put(.reason, long) }
            #expect(journal.openIntents.isEmpty)
            #expect(try Journal.verify(journal.path).lines == Int64(lines + 5))
        }
    }

    @Test(arguments: [false, true])
    func withoutRoomThereIsNoIntent(withoutFallocate without: Bool) throws {
        let disk = try SmallDisk()
        try withoutFallocate(without) {
            let journal = try Journal(in: disk.path, mode: .training)
            try disk.fill()
            let size = try File.status(of: journal.path).size
            let error = caught(JournalError.self) {
                _ = try journal.reserve(.restoreIntent, who: officer)
            }
            #expect(error?.code == .noRoom)
            #expect(try File.status(of: journal.path).size == size)
            #expect(journal.openIntents.isEmpty && journal.state == .ready)
            try disk.empty()
            _ = try journal.reserve(.restoreIntent, who: officer)
        }
    }

    @Test func aStartOnAFullDiskShowsAndGoesOnOnceThereIsRoom() throws {
        let disk = try SmallDisk()
        do {
            let book = try CaseBook(in: disk.path, mode: .training)
            let request = try book.receive(.sample, missing: [], who: officer).request
            try book.record(.restoreBegun(.sample()), case: request.cases[0], who: officer)
        }
        try disk.fill()
        let path = disk.path + "/" + JournalFormat.fileName
        let before = try File.contents(of: path, limit: 1 << 20)
        let book = try CaseBook(in: disk.path, mode: .training)
        guard case .stopped(let why) = book.journal.state else {
            Issue.record("it takes lines")
            return
        }
        #expect(why.code == .noRoom && why.mayPass && !book.isWhole && book.count == 2)
        #expect(throws: CaseError.self) {
            _ = try book.receive(.sample(.lost), missing: [], who: officer)
        }
        // Still full: it stays as it is.
        #expect(throws: JournalError.self) { try book.journal.reopen() }
        #expect(try File.contents(of: path, limit: 1 << 20) == before)
        try disk.empty()
        var news: [JournalNews] = []
        book.takeUpJournal(every: .zero) { news.append($0) }
        #expect(news == [.stopped(why), .takenUp])
        _ = try book.receive(.sample(.lost), missing: [], who: officer)
        let kinds = try lines(File.contents(of: path, limit: 1 << 20)).dropFirst(3).map { line in
            try line.withUnsafeBytes { try JournalEntry($0, number: 1).kindName }
        }
        #expect(kinds == ["journal.recovered", "restore.outcome", "request.received"])
        #expect(try Journal.verify(path).holds)
    }

    @Test func aTornLineSetAsideBeforeTheDiskWasFullIsToldOnceThereIsRoom() throws {
        let disk = try SmallDisk()
        do { _ = try CaseBook(in: disk.path, mode: .training) }
        try File.replace(disk.path + "/journal.torn-2", with: Array("half".utf8))
        try disk.fill()
        let book = try CaseBook(in: disk.path, mode: .training)
        try disk.empty()
        book.takeUpJournal(every: .zero) { _ in }
        let path = disk.path + "/" + JournalFormat.fileName
        let kinds = try lines(File.contents(of: path, limit: 1 << 20)).map { line in
            try line.withUnsafeBytes { try JournalEntry($0, number: 1).kindName }
        }
        #expect(kinds == ["journal.opened", "journal.torn", "journal.recovered"])
    }

    @Test func aTornLineThatAFullDiskKeepsFromBeingSetAsideIsLeftToAStart() throws {
        let disk = try SmallDisk()
        do { _ = try CaseBook(in: disk.path, mode: .training) }
        let path = disk.path + "/" + JournalFormat.fileName
        let torn = try File.contents(of: path, limit: 1 << 20) + Array("half".utf8)
        try File.replace(path, with: torn)
        try disk.fill()
        do {
            let book = try CaseBook(in: disk.path, mode: .training)
            guard case .stopped(let why) = book.journal.state else {
                Issue.record("it takes lines")
                return
            }
            #expect(why.code == .noRoom)
            try disk.empty()
            book.takeUpJournal(every: .zero) { _ in }
            #expect(try File.contents(of: path, limit: 1 << 20) == torn)
        }
        let book = try CaseBook(in: disk.path, mode: .training)
        #expect(book.isWhole && File.exists(disk.path + "/journal.torn-2"))
    }

    @Test func aDiskThatFillsIsToldAndAlsoThatThereIsRoomAgain() throws {
        let disk = try SmallDisk()
        let book = try CaseBook(in: disk.path, mode: .training)
        book.journal.look()
        #expect(book.journal.refusal == nil)
        try disk.fill()
        book.journal.look()
        #expect(book.journal.refusal?.code == .noRoom && book.journal.state == .ready)
        try disk.empty()
        book.journal.look()
        #expect(book.journal.refusal == nil)
        try disk.fill()
        // What is left of the last block may take some.
        var refusal: JournalError?
        for _ in 1...100 where refusal == nil {
            do throws(JournalError) {
                try book.journal.append(.callerRefused, who: officer)
            } catch {
                refusal = error
            }
        }
        #expect(refusal?.code == .noRoom && book.journal.refusal == refusal)
        try disk.empty()
        try book.journal.append(.callerRefused, who: officer)
        #expect(book.journal.refusal == nil)
    }

    @Test func theVaultSaysThatThereIsNoRoom() throws {
        let disk = try SmallDisk()
        let book = try CaseBook(in: disk.path, mode: .training)
        try disk.fill()
        let error = caught(CaseError.self) { try book.open(.sample, who: officer).file }
        guard case .vault(.noRoom) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(book.count == 0)
        #expect(try File.names(in: disk.path + "/vault").isEmpty)
    }

    @Test func aReadOnlyFileSystemIsSaidBeforeAnyStep() throws {
        let disk = try SmallDisk()
        let book = try CaseBook(in: disk.path, mode: .training)
        let file = try book.open(.sample, who: officer).file
        try book.record(.restoreBegun(.sample()), case: file.id, who: officer)
        try disk.fill()
        // A file open for writing keeps a file system from being made read-only, so the
        // answer that the kernel would give comes from the table.
        let readOnly = SystemFaults { $0 == .write || $0 == .fallocate ? .readOnly : nil }
        let error = caught(CaseError.self) {
            try SystemFaults.$current.withValue(readOnly) {
                _ = try book.intend(.sample(), case: file.id, who: officer)
            }
        }
        guard case .journal(let cause) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(cause.code == .readOnly)
        #expect(book.running.first?.intents.isEmpty == true)
    }
}
