import Casework
import Foundation
import System
import Testing

/// A folder of its own for one test, removed with it.
final class TemporaryFolder {
    let path: String

    init() {
        // In memory where there is such a place: thousands of flushes are then quick.
        let parent = File.exists("/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()
        path = parent + "casework-" + UUID().uuidString
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var journal: String { path + "/" + JournalFormat.fileName }

    func bytes(_ name: String = JournalFormat.fileName) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)))
    }

    func write(_ bytes: [UInt8], to name: String = JournalFormat.fileName) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
    }

    func size(_ name: String = JournalFormat.fileName) throws -> Int64 {
        try File.status(of: path + "/" + name).size
    }

    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path) }
}

/// Clocks a test moves by hand.
final class HandClock: @unchecked Sendable {
    // Every access goes through `lock`.
    private let lock = NSLock()
    private var reading: ClockReading

    init(wall: Int64 = 1_795_232_400_000_000_000, monotonic: Int64 = 5_000_000_000) {
        reading = ClockReading(
            wallNanoseconds: wall, monotonicNanoseconds: monotonic, isSynchronised: true)
    }

    func move(wall: Duration, monotonic: Duration) {
        lock.withLock {
            reading.wallNanoseconds += wall.wholeNanoseconds
            reading.monotonicNanoseconds += monotonic.wholeNanoseconds
        }
    }

    func synchronised(_ value: Bool) { lock.withLock { reading.isSynchronised = value } }

    func clock(boot: String = "b0010000-0000-4000-8000-000000000001") -> JournalClock {
        JournalClock(boot: boot) { self.lock.withLock { self.reading } }
    }
}

let officer = Who(user: 1000, name: "quay1", officer: "lan", proof: "password")

extension CaseRequest {
    static let sample: CaseRequest = {
        guard let number = try? DeviceNumber("23130042") else { fatalError("no device number") }
        return CaseRequest(
            requestNumber: "123/UBND-VX", managingBody: "UBND phường Gia Viên",
            deviceNumber: number, holder: "Nguyễn Thị Ánh")
    }()
}

extension RequestForm {
    /// Two devices of one body, with everything Mẫu 06 asks for. All of it is invented.
    static let sample = RequestForm(
        number: "124/UBND-VX", managingBody: "UBND phường Gia Viên",
        received: Timestamp("2026-11-20T02:00:00.000Z"),
        contact: ContactPerson(
            name: "Trần Thị Mẫu", personalNumber: "031000000001", issuedOn: "01/02/2022",
            issuedAt: "Cục Cảnh sát QLHC về TTXH", position: "Chuyên viên",
            workplace: "UBND phường Gia Viên", mobile: "0900000001"),
        devices: [
            DeviceRow(
                deviceNumber: "23130042", certificateName: "Nguyễn Thị Ánh",
                workplace: "UBND phường Gia Viên", mail: "anhnt@haiphong.gov.vn"),
            DeviceRow(
                deviceNumber: "23130043", certificateName: "Lê Văn Bình",
                workplace: "UBND phường Gia Viên", mail: "binhlv@haiphong.gov.vn"),
        ])

    static func sample(_ kind: CaseKind) -> RequestForm {
        var form = sample
        form.kind = kind
        form.particulars = Particulars(
            permission: "7/QĐ-UBND", returnReason: .revoked,
            noticed: Timestamp("2026-11-18T03:00:00.000Z"), report: "mất trên đường")
        return form
    }
}

extension TokenFacts {
    static let sample = TokenFacts(
        serial: "23130042", family: "piv", certificate: String(repeating: "ab", count: 32),
        counters: Counters(pin: .left(0), unblocking: .unknown))
}

extension RestoreBegun {
    static func sample(_ restore: String = "r1") -> RestoreBegun {
        RestoreBegun(
            restore: restore, reader: "reader 0", token: .sample,
            permitExpires: Timestamp(milliseconds: 1_795_233_000_000))
    }
}

extension RestoreIntent {
    static func sample(_ restore: String = "r1") -> RestoreIntent {
        RestoreIntent(
            restore: restore, serial: TokenFacts.sample.serial, step: .unblock,
            code: "puk", counters: TokenFacts.sample.counters)
    }
}

/// The lines of a journal file, each without its LF.
func lines(_ bytes: [UInt8]) -> [[UInt8]] {
    bytes.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast().map(Array.init)
}

/// Texts stand in a test as lines of earlier versions have them.
extension Remark: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) { self = .plain(text) }
}
