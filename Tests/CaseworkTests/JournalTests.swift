import Casework
import Crypto
import Foundation
import JSON
import System
import Testing

@Suite struct JournalTests {
    @Test func aLineHoldsItsMembersInTheOrderOfTheFormat() throws {
        let folder = TemporaryFolder()
        let clock = HandClock()
        let journal = try Journal(in: folder.path, mode: .training, clock: clock.clock(), who: officer)
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
        #expect(journal.head.hash == (try SHA256.hex(Array(written[1].utf8))))
        #expect(journal.head.sequence == 2)
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
        let error = #expect(throws: JournalError.self) {
            _ = try Journal(in: folder.path, mode: .training)
        }
        #expect(error?.code == .wrongMode(.office))
    }

    @Test func aSecondOwnerIsRefused() throws {
        let folder = TemporaryFolder()
        let first = try Journal(in: folder.path, mode: .office)
        let error = #expect(throws: JournalError.self) {
            _ = try Journal(in: folder.path, mode: .office)
        }
        #expect(error?.code == .inUse)
        _ = first.head
    }
}
