// What a card takes as a command is written back byte for byte, and nothing traps.
// sources: Sources/APDU
// seed: 00A4040C
// seed: 00A4040C00
// seed: 00A4040C023F00
// seed: 00A4040C023F0000
// seed: 00A4040C000000
// seed: 00A4040C0000023F00
// seed: 00A4040C0000023F000000
import APDU

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    guard let command = try? CommandAPDU(parsing: bytes) else { return 0 }
    var sink = PlainBuffer()
    do throws(APDUError) {
        try CommandEncoder.encode(
            command.header, data: command.data(in: bytes), expecting: command.expecting,
            form: command.form, into: &sink)
    } catch {
        fatalError("a command that was parsed is not encoded")
    }
    precondition(sink.withBytes { $0.elementsEqual(bytes) }, "encoded differently")
    precondition(command.encodedCount == count, "counted differently")
    precondition(command.countForT0 <= count, "longer for T=0")
    return 0
}
