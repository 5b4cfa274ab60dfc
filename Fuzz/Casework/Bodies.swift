// An alias table of any content: reading ends, in a table or in mistakes that have a place; what
// is right can be asked about any name, and finds each old name it has.
// sources: Sources/CLinux Sources/System Sources/Secrets Sources/JSON Sources/WorkingDays Sources/Requests Sources/Crypto Sources/Casework
// seed: 7b22626f64696573223a312c226368616e676573223a5b7b226f6c64223a227868203120222c226469737472696374223a227120322c222c226e6577223a22702033222c2266726f6d223a22323032352d30372d3031227d5d7d
// seed: 7b22626f64696573223a312c22706c616365223a22747020612062222c226368616e676573223a5b7b226f6c64223a22612062222c226e6577223a22632064222c2266726f6d223a22323032352d30372d3031227d2c7b226f6c64223a22632064222c226e6577223a22612062222c2266726f6d223a22323032352d30372d3031227d5d2c227370656c6c696e6773223a5b7b226e616d65223a22612062222c22616c736f223a5b22616263225d7d5d7d
import Casework
import JSON

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeRawBufferPointer(start: start, count: count))
    let read = BodyTable.parse(bytes, file: "f")
    precondition((read.table == nil) != read.mistakes.isEmpty, "neither right nor wrong")
    for mistake in read.mistakes {
        precondition(mistake.line > 0 && mistake.column > 0 && !mistake.wrong.isEmpty)
        precondition(mistake.line <= count + 1 && mistake.column <= count + 1, "beyond the file")
    }
    guard let table = read.table else { return 0 }
    _ = table.standing(of: String(decoding: bytes, as: UTF8.self))
    for change in table.changes.prefix(8) {
        let written = change.old + (change.district.map { ", " + $0 } ?? "")
        switch table.standing(of: written) {
        case .good:
            precondition(change.district == nil, "an old name that is not found")
        case .renamed, .several: break
        }
        let row = DeviceRow(
            deviceNumber: "1234", certificateName: change.new, workplace: change.new)
        let token = Match.Token(
            deviceNumbers: ["1234"], commonName: change.new,
            organizations: [change.district, change.old].compactMap { $0 })
        _ = Match(token, row: row, managingBody: change.old, bodies: table)
    }
    return 0
}
