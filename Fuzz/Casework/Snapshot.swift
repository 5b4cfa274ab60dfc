// A snapshot of any content behind a right frame and with a right checksum: the start ends, never
// in a trap, and with no restore running. With an odd first byte the rest is what stands behind
// the frame; with an even one each three bytes behind it change one byte of a real snapshot.
// sources: Sources/CLinux Sources/System Sources/Secrets Sources/JSON Sources/WorkingDays Sources/Requests Sources/Crypto Sources/Casework
// seed: 00000001
// seed: 01000000
import Casework
import Crypto
import System

private let folder = "/dev/shm/fuzz-snapshot-\(Process.id)"
private let journalPath = folder + "/" + JournalFormat.fileName
private let snapshotPath = folder + "/journal.snapshot"

/// A journal with a bit of everything, and a snapshot of it in two parts.
private struct Real: Sendable {
    var journal: [UInt8] = []
    /// Magic, version and anchor.
    var frame: [UInt8] = []
    var fold: [UInt8] = []

    init() throws {
        try File.makeFolder(folder)
        do {
            let book = try CaseBook(in: folder, mode: .training)
            let who = Who.thisProcess
            for kind in CaseKind.allCases {
                let rows = ["1", "2"].map { DeviceRow(deviceNumber: "\($0)\(kind.rawValue)") }
                let form = RequestForm(
                    kind: kind, number: "1/\(kind.rawValue)", managingBody: "b", devices: rows)
                let request = try book.receive(form, missing: [], who: who).request
                guard kind == .restore, let id = request.cases.first else { continue }
                let token = TokenFacts(serial: "s", family: "piv", counters: Counters())
                try book.record(
                    .restoreBegun(
                        RestoreBegun(
                            restore: "r", reader: "r", token: token,
                            permitExpires: Timestamp(milliseconds: 0))), case: id, who: who)
                let intent = RestoreIntent(
                    restore: "r", serial: "s", step: .unblock, code: "puk", counters: Counters())
                _ = try book.intend(intent, case: id, who: who).finish(
                    RestoreEnd(restore: "r", outcome: .unknown, triesSpent: .between(0, 1)))
            }
            try book.saveSnapshot()
        }
        journal = try File.contents(of: journalPath, limit: 1 << 24)
        let snapshot = try File.contents(of: snapshotPath, limit: 1 << 24)
        guard var at = snapshot.firstIndex(of: 0x0A) else { fatalError("no magic") }
        at += 1
        // Version; the line's number, its begin and its end; its hash.
        for _ in 0..<4 {
            while snapshot[at] >= 0x80 { at += 1 }
            at += 1
        }
        at += 32
        frame = Array(snapshot[..<at])
        fold = Array(snapshot[at..<(snapshot.count - 32)])
    }
}

private let real = Result { try Real() }

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeRawBufferPointer(start: start, count: count))
    guard let choice = bytes.first else { return 0 }
    do {
        let real = try real.get()
        var fold = Array(bytes.dropFirst())
        if choice & 1 == 0 {
            fold = real.fold
            for change in stride(from: 1, to: bytes.count - 2, by: 3) {
                let place = Int(bytes[change]) << 8 | Int(bytes[change + 1])
                fold[place % fold.count] ^= bytes[change + 2]
            }
        }
        let body = real.frame + fold
        for (path, content) in [
            (journalPath, real.journal), (snapshotPath, try body + SHA256.hash(SHA256.hash(body))),
        ] {
            try File.remove(path)
            try File.open(path, .appending).writeAll(content)
        }
    } catch {
        fatalError("\(error)")
    }
    if let book = try? CaseBook(in: folder, mode: .training) {
        precondition(book.running.isEmpty, "a restore without an end")
        _ = book.everything()
    }
    return 0
}
