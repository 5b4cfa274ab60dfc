// CCID class descriptors and what stands around them: found or not, taken or refused, and one
// that is taken is possible. The first byte chooses quirks.
// sources: Sources/APDU
// seed: 0036210001000703000000A00F0000A00F000000002A0000164005000000FE00000000000000000000003002010000010F010000000000000001
// seed: 0109210000000000000036211001000701000000A00F000000000100008025000000C2010000FE0000000000000000000000FE04010012000100FFFF00000101
import APDU

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    guard let choice = input.first else { return 0 }
    let bytes = UnsafeRawBufferPointer(rebasing: input.dropFirst())
    let rows = CCIDQuirk.table
    let quirks = choice & 1 == 0 ? [] : [rows[Int(choice) % rows.count].quirk]
    let found = CCIDDescriptor.find(inExtra: bytes)
    if let found { precondition(found.count == CCIDDescriptor.length, "found another length") }
    for candidate in [found, bytes] {
        guard let candidate,
            let descriptor = try? CCIDDescriptor(parsing: candidate, quirks: quirks)
        else { continue }
        precondition(
            CCIDDescriptor.messageLengths.contains(descriptor.maximumMessageLength),
            "an impossible message length")
        precondition((1...256).contains(descriptor.slots), "an impossible number of slots")
        precondition(CCIDExchangeLevel(descriptor.features) == descriptor.level, "two levels")
        if descriptor.level == .tpdu, descriptor.protocols.contains(.t1) {
            precondition((1...254).contains(descriptor.maximumIFSD), "an impossible size")
        }
        precondition(descriptor.applying(quirks) == descriptor, "corrected twice differently")
    }
    return 0
}
