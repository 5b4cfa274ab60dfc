import Casework
import Crypto
import Expectations
import Foundation
import JSON
import System
import Testing

@Suite struct JournalTests {
    @Test func aLineHoldsItsMembersInTheOrderOfTheFormat() throws {
        let folder = TemporaryFolder()
        let clock = HandClock()
        let journal = try Journal(
            in: folder.path, mode: .training, clock: clock.clock(), who: officer)
        let id = try #require(CaseID("2026-000001"))
        try journal.append(.caseRefused, who: Who(user: 0), case: id) {
            $0.put(.reasons, ["a \"quoted\" reason"])
        }
        let written = lines(try folder.bytes()).map { String(decoding: $0, as: UTF8.self) }
        #expect(
            written[0] == #"""
                {"seq":1,"time":"2026-11-21T03:40:00.000Z","clock":"synced",\#
                "boot":"b0010000-0000-4000-8000-000000000001","mono":5000000000,\#
                "kind":"journal.opened",\#
                "who":{"uid":1000,"name":"quay1","officer":"lan","proof":"password"},\#
                "what":{"mode":"training","version":1},"prev":"\#(String(repeating: "0", count: 64))"}
                """#)
        let hash = try SHA256.hex(Array(written[0].utf8))
        #expect(
            written[1] == #"""
                {"seq":2,"time":"2026-11-21T03:40:00.000Z","clock":"synced",\#
                "boot":"b0010000-0000-4000-8000-000000000001","mono":5000000000,\#
                "kind":"case.refused","who":{"uid":0},"case":"2026-000001",\#
                "what":{"reasons":["a \"quoted\" reason"]},"prev":"\#(hash)"}
                """#)
        #expect(try journal.head.hash == SHA256.hex(Array(written[1].utf8)))
        #expect(journal.head.sequence == 2)
    }

    @Test func whoElseMayChangeTheFileIsTold() throws {
        let folder = TemporaryFolder()
        _ = try Journal(in: folder.path, mode: .office)
        let path = folder.journal
        #expect(JournalExposure(lookingAt: path) == nil)
        for mode: UInt32 in [0o666, 0o640, 0o601] {
            try File.setMode(path, mode)
            #expect(JournalExposure(lookingAt: path) == .open(mode: mode))
        }
        let owner = Process.userID
        let found = JournalExposure(lookingAt: path, user: owner + 1)
        #expect(found == .foreign(owner: owner))
        #expect(found?.remedy(for: "F").hasPrefix("chown ") == true)
        #expect(JournalExposure(lookingAt: path + ".none") == nil)
    }

    @Test func theChainGoesOnAfterReopening() throws {
        let folder = TemporaryFolder()
        for _ in 0..<3 {
            let journal = try Journal(in: folder.path, mode: .office)
            try journal.append(.serviceStarted, who: officer)
        }
        let result = try Journal.verify(folder.journal)
        #expect(result.holds)
        #expect(result.lines == 4)
    }

    @Test func aJournalOfTheOtherModeIsRefused() throws {
        let folder = TemporaryFolder()
        _ = try Journal(in: folder.path, mode: .office)
        let error = caught(JournalError.self) {
            _ = try Journal(in: folder.path, mode: .training)
        }
        #expect(error?.code == .wrongMode(.office))
    }

    @Test func aSecondOwnerIsRefused() throws {
        let folder = TemporaryFolder()
        let first = try Journal(in: folder.path, mode: .office)
        let error = caught(JournalError.self) {
            _ = try Journal(in: folder.path, mode: .office)
        }
        #expect(error?.code == .inUse)
        _ = first.head
    }

    @Test func linesOfManyThreadsFormOneChain() throws {
        let folder = TemporaryFolder()
        let journal = try Journal(in: folder.path, mode: .training)
        let receipts = Monitor<[Receipt]>([])
        for thread in 0..<4 {
            try Thread.start(name: "writer \(thread)") {
                for _ in 0..<50 {
                    let receipt = try? journal.append(
                        .callerRefused, who: Who(user: UInt32(thread)))
                    receipts.withLock { $0 += receipt.map { [$0] } ?? [] }
                }
            }
        }
        let all = receipts.wait(until: .now + .seconds(60)) { $0.count == 200 ? $0 : nil }
        #expect(all.map { Set($0.map(\.sequence)) } == Set(2...201))
        let result = try Journal.verify(folder.journal)
        #expect(result.lines == 201 && result.head == journal.head.hash)
    }

    @Test func readingBeginsAtAnyLine() throws {
        let folder = TemporaryFolder()
        let journal = try Journal(in: folder.path, mode: .training)
        for _ in 0..<2100 { try journal.append(.serviceStarted, who: officer) }
        for first in [-1, 0, 1, 2, 1023, 1024, 1025, 1026, 2049, 2101, 2102] as [Int64] {
            var reader = try journal.lines(from: first)
            var numbers: [Int64] = []
            while let line = try reader.next() {
                #expect(line.entry?.sequence == line.number)
                numbers.append(line.number)
            }
            #expect(numbers == Array(max(first, 1)..<2102))
        }
        // The same places after a start, which finds them while it checks.
        let end = journal.head
        var reader = try JournalReader(folder.journal, from: 2101)
        #expect(try reader.next()?.entry?.sequence == end.sequence)
    }

    @Test func aLineOfMoreThan64KiBIsRefusedAndLeavesNothing() throws {
        let folder = TemporaryFolder()
        let journal = try Journal(in: folder.path, mode: .training)
        let size = try folder.bytes().count
        for length in [65_300, 65_536, 200_000] {
            let error = caught(JournalError.self) {
                try journal.append(.serviceStarted, who: officer) {
                    $0.put(.reason, String(repeating: "x", count: length))
                }
            }
            #expect(error?.code == .lineTooLong)
        }
        #expect(try folder.bytes().count == size)
        try journal.append(.serviceStarted, who: officer) {
            $0.put(.reason, String(repeating: "x", count: 65_000))
        }
        #expect(try Journal.verify(folder.journal).lines == 2)
    }

    @Test(arguments: [
        ("\"version\":1", "\"version\":2", JournalError.Code.unsupportedVersion(2)),
        ("\"mode\":\"training\"", "\"mode\":\"holiday\"", .broken(line: 1)),
        ("journal.opened", "journal.closed", .broken(line: 1)),
    ])
    func aFirstLineThatOpensNoJournalOfOursIsRefused(
        old: String, new: String, code: JournalError.Code
    ) throws {
        let folder = TemporaryFolder()
        do { _ = try Journal(in: folder.path, mode: .training) }
        let text = String(decoding: try folder.bytes(), as: UTF8.self)
        try folder.write(Array(text.replacingOccurrences(of: old, with: new).utf8))
        let error = caught(JournalError.self) {
            _ = try Journal(in: folder.path, mode: .training)
        }
        #expect(error?.code == code)
    }

    @Test func anIntentDroppedWithoutOutcomeGivesItsRoomBack() throws {
        let folder = TemporaryFolder()
        let journal = try Journal(in: folder.path, mode: .training)
        do {
            let open = try journal.reserve(.restoreIntent, who: officer)
            #expect(journal.openIntents == [open.receipt.sequence])
        }
        #expect(journal.openIntents.isEmpty)
        #expect(journal.head.sequence == 2)
    }
}
