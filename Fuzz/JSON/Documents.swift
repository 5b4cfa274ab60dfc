// Reading a document whole and stepping over it accept the same; what was read is written and
// reads back as the same value; every error has a place; and nothing traps. The first byte
// chooses dialect and limits.
// sources: Sources/Secrets Sources/JSON
// seed: 007B2261223A5B312C2D302E35652B332C6E756C6C2C747275655D2C2262223A7B7D7D
// seed: 01225C75643833645C7564653030C3A95C6E22
// seed: 022F2F20610A5B312C2F2A2A2F5D
// seed: 035B5B5B5B5D5D5D5D
import JSON

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    guard let options = input.first else { return 0 }
    let document = UnsafeRawBufferPointer(rebasing: input.dropFirst())
    let dialect: JSONDialect = options & 2 == 0 ? .strict : .configuration
    let limits =
        options & 1 == 0
        ? JSONLimits() : JSONLimits(depth: 3, length: 64, stringLength: 8, keys: 2)

    let whole = read(document, dialect, limits)
    let skipped = skip(document, dialect, limits)
    switch whole {
    case .failure(let error):
        precondition(skipped == error, "stepping over refuses otherwise")
        precondition(error.line > 0 && error.column > 0 && !error.description.isEmpty)
        precondition(error.line <= count && error.column <= count, "beyond the document")
    case .success(let value):
        precondition(skipped == nil, "stepping over refuses what reading takes")
        var writer = JSONWriter(into: JSONBytes())
        writer.value(value)
        guard let written = try? writer.finish() else { fatalError("not written") }
        written.bytes.withUnsafeBytes { bytes in
            let again = read(bytes, .strict, JSONLimits(length: .max))
            precondition(again == .success(value), "reads back otherwise")
        }
    }
    return 0
}

private func read(
    _ document: UnsafeRawBufferPointer, _ dialect: JSONDialect, _ limits: JSONLimits
) -> Result<JSONValue, JSONError> {
    var reader = JSONReader(document, dialect: dialect, limits: limits)
    do throws(JSONError) {
        let value = try reader.value()
        try reader.finish()
        return .success(value)
    } catch {
        return .failure(error)
    }
}

private func skip(
    _ document: UnsafeRawBufferPointer, _ dialect: JSONDialect, _ limits: JSONLimits
) -> JSONError? {
    var reader = JSONReader(document, dialect: dialect, limits: limits)
    do throws(JSONError) {
        try reader.skip()
        try reader.finish()
        return nil
    } catch {
        return error
    }
}
