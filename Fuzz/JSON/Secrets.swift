// A secret says the same as a string: same acceptance, same bytes, and written it reads back.
// sources: Sources/Secrets Sources/JSON
// seed: 2231323334355C75303033365C2222
// seed: 225C75643833645C756465303022
import JSON
import Secrets

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let document = UnsafeRawBufferPointer(start: start, count: count)
    var reader = JSONReader(document)
    let text = try? reader.string(maxLength: 32)
    guard let secret = secret(in: document) else {
        precondition(text == nil, "a secret refuses what a string takes")
        return 0
    }
    guard let text else { fatalError("a secret takes what a string refuses") }
    precondition(secret.withBytes { $0.elementsEqual(text.utf8) }, "a secret says otherwise")
    guard let sink = try? LockedBuffer(capacity: 256) else { return 0 }
    var writer = JSONWriter(into: sink)
    writer.secret(secret)
    guard let written = try? writer.finish() else { fatalError("not written") }
    let again: String? = written.withBytes { bytes in
        var reader = JSONReader(bytes)
        return try? reader.string()
    }
    precondition(again?.utf8.elementsEqual(text.utf8) == true, "reads back otherwise")
    return 0
}

private func secret(in document: UnsafeRawBufferPointer) -> Secret? {
    var reader = JSONReader(document)
    return try? reader.secret(maxLength: 32)
}
