// A journal file of any content: the check ends, never in a trap, and what it says agrees
// with itself; the fold over what chains ends too. With an odd first byte the rest is the
// file; with an even one each line is a kind, a case and a `what`, put into a chain that
// holds.
// sources: Sources/CLinux Sources/System Sources/Secrets Sources/JSON Sources/WorkingDays Sources/Requests Sources/Crypto Sources/Casework
// seed: 017b22736571223a310a7b7d0a00000a
// seed: 0006307b7d0a09307b22726573746f7265223a2272222c22746f6b656e223a7b2273657269616c223a2231227d2c227065726d697445787069726573223a22323032362d31312d32315430333a34303a30302e3030305a227d0a1b307b22726573746f7265223a2272222c2273657269616c223a2231222c2273746570223a22756e626c6f636b227d0a1c307b22726573746f7265223a2272222c226f7574636f6d65223a226661696c6564222c2274726965735370656e74223a312c22616e737765726564223a327d0a
import Casework
import Crypto
import System

private let folder = "/dev/shm/fuzz-casework-\(Process.id)"

private func line(_ number: Int, _ kind: String, _ id: String?, _ what: String, _ before: String)
    -> [UInt8]
{
    let place = id.map { ",\"case\":\"\($0)\"" } ?? ""
    let start = "{\"seq\":\(number),\"time\":\"2026-11-21T03:40:00.000Z\",\"clock\":\"synced\""
    let middle = ",\"boot\":\"b\",\"mono\":5,\"kind\":\"\(kind)\",\"who\":{\"uid\":1}"
    return Array("\(start)\(middle)\(place),\"what\":\(what),\"prev\":\"\(before)\"}".utf8)
}

private func chained(_ bytes: some Collection<UInt8>) throws -> [UInt8] {
    var before = String(repeating: "0", count: 64)
    var text = line(1, "journal.opened", nil, "{\"mode\":\"training\",\"version\":1}", before)
    before = try SHA256.hex(text)
    text.append(0x0A)
    let holder = String(repeating: "ab", count: 32)
    let opened = "\"requestNumber\":\"1\",\"managingBody\":\"b\",\"deviceNumber\":\"d\""
    for (i, piece) in bytes.split(separator: 0x0A).prefix(64).enumerated() {
        guard let kind = piece.first else { continue }
        let kinds = JournalKind.allCases
        let name = kinds[Int(kind) % kinds.count]
        let id = piece.dropFirst().first.map { "2026-00000\($0 % 4)" }
        var what = String(decoding: piece.dropFirst(2), as: UTF8.self)
        if what == "{}" { what = "{\(opened),\"holder\":\"\(holder)\"}" }
        let next = line(i + 2, name.rawValue, id, what, before)
        before = try SHA256.hex(next)
        text += next + [0x0A]
    }
    return text
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeRawBufferPointer(start: start, count: count))
    guard let choice = bytes.first else { return 0 }
    let path = folder + "/" + JournalFormat.fileName
    do {
        try File.makeFolder(folder)
        for name in try File.names(in: folder) where name.hasPrefix("journal") {
            try File.remove(folder + "/" + name)
        }
        let text = choice & 1 == 1 ? Array(bytes.dropFirst()) : try chained(bytes.dropFirst())
        let file = try File.open(path, .appending)
        try file.writeAll(text)
        let result = try Journal.verify(path)
        precondition(result.firstBad == nil || result.torn == nil, "both wrong and torn")
        var reader = try JournalReader(path)
        var lines: Int64 = 0
        while try reader.next() != nil { lines += 1 }
        precondition(result.lines <= lines, "more lines chain than there are")
    } catch {
        fatalError("\(error)")
    }
    if let book = try? CaseBook(in: folder, mode: .training) {
        precondition(book.running.isEmpty, "a restore without an end")
    }
    return 0
}
