// BER-TLV: objects lie inside what holds them, in order; what is written is read back.
// The first byte chooses whether padding is skipped.
// sources: Sources/APDU
// seed: 00530C70053003020105710100FE00
// seed: 0061114F0600001000010079074F05A000000308
// seed: 017F4906008103860101FF5FC1058400000002AABB00
import APDU

private func read(_ reader: TLVReader, _ padding: TLVReader.Padding) {
    var reader = reader
    var end = reader.rest.startIndex
    let limit = reader.rest.endIndex
    while let object = try? reader.next() {
        precondition(object.value.startIndex >= end + 2, "objects overlap")
        precondition(object.value.endIndex <= limit, "an object sticks out")
        end = object.value.endIndex
        if object.tag.isValid {
            let value = Array(object.value)
            guard let written = try? TLVWriter.object(object.tag, value),
                let back = try? TLVReader.find([object.tag], in: written)
            else { fatalError("an object that was read is not written") }
            precondition(back.value.elementsEqual(value), "read back differently")
        }
        if let inner = try? object.children(padding: padding) { read(inner, padding) }
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeRawBufferPointer(start: start, count: count))
    guard let choice = bytes.first else { return 0 }
    let padding: TLVReader.Padding = choice & 1 == 0 ? .refused : .skipped
    read(TLVReader(bytes[1...], padding: padding), padding)
    return 0
}
