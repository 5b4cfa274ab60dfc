// A journal's lines: the quick scanner, the entry and the event reader agree with each other,
// and a line that was read is one that strict JSON reads too.
// sources: Sources/CLinux Sources/System Sources/Secrets Sources/JSON Sources/WorkingDays Sources/Requests Sources/Crypto Sources/Casework
// seed: 7b22736571223a312c2274696d65223a22323032362d31312d32315430333a34303a30302e3030305a222c22636c6f636b223a2273796e636564222c22626f6f74223a2262222c226d6f6e6f223a352c226b696e64223a226b6579636865636b2e6f7574636f6d65222c2277686f223a7b22756964223a317d2c2263617365223a22323032362d303030303031222c2277686174223a7b2273657269616c223a2231222c226f7574636f6d65223a2270726f76656e222c2274726965735370656e74223a22302e2e31222c22636f756e74657273223a7b2270696e223a332c22756e626c6f636b696e67223a22756e6b6e6f776e227d7d2c2270726576223a2230303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030227d
import Casework
import JSON

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    guard let entry = try? JournalEntry(bytes, number: 1) else { return 0 }
    precondition(entry.bytes.elementsEqual(bytes), "a line was changed")
    precondition(entry.previous.utf8.count == 64, "a hash of another length")
    precondition(Timestamp(entry.time.description) == entry.time, "a time does not read back")
    var reader = JSONReader(bytes)
    guard let whole = try? reader.value() else { fatalError("a line that is not strict JSON") }
    precondition(whole["seq"]?.integer == entry.sequence, "another sequence number")
    precondition(whole["kind"]?.string == entry.kindName, "another kind")
    precondition(whole["prev"]?.string == entry.previous, "another hash")
    if let what = try? entry.what() {
        precondition(whole["what"] == what, "another what")
    }
    _ = try? entry.caseEvent()
    return 0
}
