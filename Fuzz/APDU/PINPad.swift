// What a reader says of its pad through PC/SC, and descriptions of entries: taken or refused;
// one that is taken is written with the codes inside the command.
// sources: Sources/APDU
// seed: 060442330006070442330007120442330012
// seed: 010210020201070301000601040701080A04000000000B02E6080C027834
// seed: 8206080008001008
import APDU

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    if let list = try? PINPadFeatures(parsing: bytes) {
        precondition(list.features.count * 6 == count, "features left out")
    }
    _ = try? PINPadProperties(parsing: bytes)
    guard count >= 8, bytes[1] <= bytes[2] else { return 0 }
    let places: [PINFormat.Position] = [.bytes(bytes[4]), .bits(bytes[4])]
    guard
        let format = try? PINFormat(
            PINFormat.Encoding(rawValue: bytes[0] & 3) ?? .ascii, digits: bytes[1]...bytes[2],
            blockLength: bytes[3], position: places[Int(bytes[0] >> 7)],
            length: bytes[0] & 8 == 0
                ? nil : PINFormat.LengthField(bits: bytes[5] >> 4, position: places[0])),
        let template = try? PINTemplate(CommandHeader(0, 0x24, 0, 0x80), count: bytes[6]),
        let entry = try? PINEntry(timeout: bytes[5], showsMessages: bytes[0] & 16 != 0)
    else { return 0 }
    if let verify = try? PINVerification(format, in: template) {
        let operation = PINPadOperation.verify(verify)
        precondition(operation.ccid(entry).count == 15 + 5 + template.data.count)
        precondition(operation.pcsc(entry).count == 19 + 5 + template.data.count)
    }
    let old = bytes[0] & 32 == 0 ? nil : bytes[5]
    if let modify = try? PINModification(format, in: template, oldOffset: old, newOffset: bytes[7])
    {
        let end = Int(max(old ?? 0, modify.newOffset)) + Int(format.blockLength)
        precondition(format.blockLength == 0 || end <= template.data.count, "outside")
        let operation = PINPadOperation.modify(modify)
        precondition((18...20).contains(operation.ccid(entry).count - 5 - template.data.count))
        precondition(operation.pcsc(entry).count == 24 + 5 + template.data.count)
    }
    return 0
}
