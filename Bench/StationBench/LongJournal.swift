import Casework
import Synchronization
import System

/// A journal as years at a counter make it: cases opened, restores, key checks, the service's
/// own lines. The cases and what comes of them are the same on each run.
enum LongJournal {
    private static let bodies = [
        "UBND phường Gia Viên", "UBND phường Hồng Bàng", "Sở Tài chính", "Sở Xây dựng",
        "UBND xã An Lão", "UBND xã Tiên Lãng", "Bệnh viện đa khoa Kiến An", "Sở Nội vụ",
    ]

    /// Appends until the journal in `folder` has `count` lines.
    static func grow(_ words: [String]) {
        guard let count = Int64(words[1]), count > 0 else { fail("\(words[1]) is no number") }
        let moment = Atomic<Int64>(1_735_693_200_000)
        let clock = JournalClock(boot: "6f1c2a54-2ab0-4c0e-9a51-0f1f6f9e9b11") {
            let now = moment.add(41_000, ordering: .relaxed).newValue
            return ClockReading(
                wallNanoseconds: now * 1_000_000,
                monotonicNanoseconds: (now - 1_735_693_000_000) * 1_000_000, isSynchronised: true)
        }
        do throws(JournalError) {
            let journal = try Journal(in: words[0], mode: .training, clock: clock)
            var (number, cases) = (0, 0)
            while journal.head.sequence < count {
                number += 1
                if number % 60 == 1 { try day(journal, number) }
                try request(journal, number, &cases, upTo: count)
            }
        } catch {
            fail("\(error)")
        }
    }

    private static let who = Who(user: 1000, proof: "peer-credentials")

    /// What a morning adds besides its cases.
    private static func day(_ journal: Journal, _ number: Int) throws(JournalError) {
        try journal.append(.serviceStopped, who: .thisProcess)
        try journal.append(.serviceStarted, who: .thisProcess) { $0.put(.version, "0.1.0") }
        try journal.append(.callerRefused, who: Who(user: 1003, proof: "peer-credentials")) {
            $0.put(.method, "vn.tokenstation.Journal.Show")
            $0.put(.count, 1 + number % 3)
        }
    }

    /// One request with a row or more, each to its end.
    private static func request(
        _ journal: Journal, _ number: Int, _ cases: inout Int, upTo count: Int64
    ) throws(JournalError) {
        let rows = [1, 1, 2, 3, 6][number % 5]
        let year = 2025 + number / 25_000
        let ids = (cases + 1...cases + rows).compactMap { id(year, $0) }
        let devices = (cases..<cases + rows).map {
            DeviceRow(deviceNumber: String(23_000_000 + $0 % 40_000))
        }
        guard let request = RequestID("R\(year)-" + padded(number)),
            let personal = Commitment(hex(number, 64)), ids.count == rows
        else { fail("request \(number) has no name") }
        let form = RequestForm(
            number: "\(number % 4000 + 1)/UBND-VX", managingBody: bodies[number % bodies.count],
            devices: devices)
        let event = CaseEvent.received(
            RequestReceived(
                request: request, form: form, personal: personal, cases: ids, missing: []))
        try journal.append(event.kind, who: who) { event.write(to: &$0) }
        for (id, device) in zip(ids, devices) {
            cases += 1
            try one(journal, id, cases, device.deviceNumber, upTo: count)
        }
    }

    private static func id(_ year: Int, _ number: Int) -> CaseID? {
        CaseID("\(year)-" + padded(number))
    }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(6 - digits.count, 0)) + digits
    }

    /// One case, to its end: of ten, eight are restored, one is refused and one fails.
    private static func one(
        _ journal: Journal, _ id: CaseID, _ number: Int, _ serial: String, upTo count: Int64
    ) throws(JournalError) {
        let restore = "r-" + hex(number + 7, 16)
        func write(_ event: CaseEvent) throws(JournalError) {
            guard journal.head.sequence < count else { return }
            try journal.append(event.kind, who: who, case: id) { event.write(to: &$0) }
        }
        if number % 10 == 3 {
            try write(.refused(reasons: ["device-number-not-of-this-body"]))
            return try write(.closed(reason: .plain("refused in writing")))
        }
        let counters = Counters(pin: .left(0), unblocking: .left(3))
        try write(
            .restoreBegun(
                RestoreBegun(
                    restore: restore, reader: "ACS ACR39U ICC Reader 00 00",
                    token: TokenFacts(
                        serial: serial, family: "piv", certificate: hex(number % 40_000, 64),
                        counters: counters),
                    permitExpires: Timestamp(milliseconds: 1_735_693_200_000))))
        try write(
            .restoreIntent(
                RestoreIntent(
                    restore: restore, serial: serial, step: .unblock, code: "puk",
                    counters: counters)))
        let isRestored = number % 10 != 7
        try write(
            .restoreOutcome(
                RestoreEnd(
                    restore: restore, outcome: isRestored ? .restored : .failed,
                    triesSpent: isRestored ? .exactly(0) : .exactly(1),
                    answered: isRestored ? nil : .left(2),
                    counters: Counters(
                        pin: isRestored ? .left(3) : .left(0),
                        unblocking: isRestored ? .left(3) : .left(2)),
                    reasons: isRestored ? [] : ["wrong-unblocking-code"],
                    steps: steps(isRestored ? 7 : 4),
                    evidence: isRestored ? "signature 9c ECC P-256" : nil,
                    key: isRestored ? hex(number % 40_000 + 1_000_003, 64) : nil)))
        if number % 4 == 0 {
            try write(
                .keycheckIntent(
                    KeycheckIntent(
                        serial: serial, counters: Counters(pin: .left(3), unblocking: .left(3)))))
            try write(
                .keycheckOutcome(
                    KeycheckEnd(
                        serial: serial, isProven: true, triesSpent: .exactly(0),
                        counters: Counters(pin: .left(3), unblocking: .left(3)), steps: steps(3),
                        evidence: "signature 9c ECC P-256",
                        key: hex(number % 40_000 + 1_000_003, 64))))
        }
        if isRestored {
            try write(
                .noticeSent(.managingBody, reference: .plain("\(number % 4000 + 1)/TB-SKHCN")))
        }
        try write(.closed(reason: .plain("handed back")))
    }

    private static func steps(_ count: Int) -> [StepRecord] {
        ["connect", "read", "record", "unblock", "verify", "sign", "reset"].prefix(count).map {
            StepRecord(name: $0, milliseconds: 3, status: "9000")
        }
    }

    /// Digits that look drawn, the same for the same number.
    private static func hex(_ number: Int, _ count: Int) -> String {
        var state = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15
        var text = ""
        for _ in 0..<count {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            text.append(Array("0123456789abcdef")[Int(state >> 60)])
        }
        return text
    }
}
