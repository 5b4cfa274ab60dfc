import APDU
import Casework
import Crypto
import Foundation
import Readers
import StationInterface
import System
import Testing
import Tokens
import VirtualToken

@testable import TokenAgent

/// A folder of its own for one test, removed with it.
final class TemporaryFolder {
    let path: String

    init() {
        // In memory where there is such a place: every line is flushed.
        let parent = File.exists("/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()
        path = parent + "agent-" + UUID().uuidString
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A station without readers and socket, on a journal of its own.
final class Bench {
    let folder = TemporaryFolder()
    let agent: Agent
    let who = Who(user: 1000, proof: "test")

    init(_ configuration: Configuration = Configuration()) throws {
        let book = try CaseBook(in: folder.path, mode: .training)
        agent = Agent(
            configuration, book: book,
            hub: ReaderHub(configuration: ReaderHub.Configuration(pcsc: false, virtualSocket: nil)),
            trust: Trust(roots: [], intermediates: []), isMemoryLocked: false)
    }

    /// Takes in a request and begins a restore of its token.
    func begin(_ reading: Reading, restore: String = "r-1") throws -> RestoreRun {
        let number = try #require(reading.identity.deviceNumber)
        let opened = try agent.book.open(
            CaseRequest(
                requestNumber: "12/SKHCN", managingBody: "Sở",
                deviceNumber: try DeviceNumber(number), holder: "Nguyễn Thị Ánh"), who: who)
        let expiry = Timestamp(milliseconds: WallClock.nanoseconds / 1_000_000 + 600_000)
        let begun = RestoreBegun(
            restore: restore, reader: "r",
            token: TokenFacts(
                serial: number, family: "piv", counters: Casework.Counters(reading.counters)),
            permitExpires: expiry)
        _ = try agent.book.record(.restoreBegun(begun), case: opened.file.id, who: who)
        let run = RestoreRun(
            Permit(
                restore: restore, caseID: opened.file.id, reader: "r", insertion: 1,
                deviceNumber: number, reading: reading, way: try #require(reading.way),
                expires: .now + .seconds(600), expiresAt: expiry), who: who)
        agent.restores.add(run)
        return run
    }

    /// Puts the intent to send the unblocking code on record.
    func intend(_ run: RestoreRun) throws {
        let open = try agent.book.intend(
            RestoreIntent(
                restore: run.permit.restore, serial: run.permit.deviceNumber, step: .unblock, code: "puk",
                counters: Casework.Counters(run.permit.reading.counters)),
            case: run.permit.caseID, who: who)
        run.keep(RestoreRun.OutcomeRoom(open))
    }

    func state(_ run: RestoreRun) -> CaseState? { agent.book.file(run.permit.caseID)?.state }
}

enum Sample {
    static let now: Int64 = 1_800_000_000

    static func card(
        yubico: Bool = true, _ change: (inout Personalisation) -> Void = { _ in }
    ) throws -> PIVCard {
        var wanted = Personalisation()
        wanted.isLocked = true
        change(&wanted)
        return PIVCard(
            PIVModel(yubico: yubico),
            try wanted.make(now: now, authority: Personalisation.authority(now: now)))
    }

    static func reading(of card: PIVCard, for number: String? = nil) throws -> Reading {
        var channel = VirtualChannel(card)
        return try Reading.take(&channel, for: number, querySafety: { _ in true })
    }

    /// A reading with counters as the table wants them.
    static func reading(
        pin: Tokens.Counter, unblocking: Tokens.Counter, serial: String? = "12345678",
        proving: TokenCertificate? = nil
    ) -> Reading {
        let way = UnblockingWay(
            .puk, rule: Tokens.CodeRule(8...8, .any), counter: unblocking)
        return Reading(
            identity: TokenIdentity(
                family: .piv, model: "PIV", serial: serial, guid: nil,
                certificates: proving.map { [$0] } ?? []),
            counters: Tokens.Counters(pin: pin, unblocking: unblocking),
            pinRule: Tokens.CodeRule(6...8, .digits),
            ways: [way], way: way, proving: proving, traits: nil)
    }

    static func proving(
        valid: ClosedRange<Int64> = (now - 10)...(now + 10)
    ) throws -> TokenCertificate {
        let certificate = try Personalisation.authority(now: now).issue(
            CertificateContent(
                subject: [("CN", "Ánh")], key: try KeyPair(generating: .p256).publicKey,
                notBefore: valid.lowerBound, notAfter: valid.upperBound))
        return TokenCertificate(
            slot: KeySlot(rawValue: "9c"), use: .signature, certificate: certificate)
    }
}
