// Compressed bytes give no more than their limit, in bounded time; whatever is taken is what
// its own stored form gives too. The first two bytes are the limit.
// sources: Sources/CLinux Sources/Secrets Sources/APDU Sources/JSON Sources/Crypto Sources/Tokens
// seed: 00FF1F8B08000000000000034B4C4A4E494D4BCFC8CCCACEC9CD03009F8CB27E0C000000
// seed: 0FFF789C4B4C4A4E494D4BCFC8CCCACEC9CD03001E0704C3
// seed: 00FF010500FAFF48656C6C6F
// seed: 04004B4C4A06000000
import Tokens

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeRawBufferPointer(start: start, count: count))
    guard bytes.count >= 2 else { return 0 }
    let limit = Int(bytes[0]) << 8 | Int(bytes[1])
    guard let output = try? Inflate.unpack(Array(bytes[2...]), limit: limit) else { return 0 }
    precondition(output.count <= limit, "more than was allowed")
    guard (1...0xFFFF).contains(output.count) else { return 0 }
    let length = UInt16(output.count)
    let low = UInt8(truncatingIfNeeded: length)
    let high = UInt8(truncatingIfNeeded: length >> 8)
    let stored = [1, low, high, ~low, ~high] + output
    precondition((try? Inflate.unpack(stored, limit: limit)) == output, "its stored form differs")
    return 0
}
