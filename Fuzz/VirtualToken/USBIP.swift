// A USB/IP host that sends anything, in pieces, to a reader: what comes back is no
// more than the transfers that fit the input can bring, and the end is typed. The first byte
// chooses the size of the pieces.
// sources: Sources/CLinux Sources/System Sources/Secrets Sources/APDU Sources/Crypto Sources/VirtualToken
// seed: 400111800500000000
// seed: 0701118003000000003100000000000000000000000000000000000000000000000000000000000000
// seed: 4001118003000000003100312D310000000000000000000000000000000000000000000000000000
// seed: FF0111800300000000312D3100000000000000000000000000000000000000000000000000000000000000000100000001000100020000000100000000000000000000001200000000000000000000000080060001000012000000000100000002000100020000000000000000000000000000000000000000000000000000000000000900010000000000000000000001000000030001000200000000000000010000000000000000A00000000000000000000000000000000000000000650000000000090000000000000100000004000100020000000100000002000000000000004000000000000000000000000000000000000000
import VirtualToken

private func device() -> CCIDReader {
    let pin = PIVCode(value: [0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0xFF, 0xFF], total: 3)
    let state = PIVState(pin: pin, puk: pin, serial: 1)
    return CCIDReader(ReaderDesign(), [SimulatedToken(PIVCard(PIVModel(yubico: true), state))])
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let input = Array(UnsafeRawBufferPointer(start: start, count: count))
    guard let size = input.first else { return 0 }
    var rest = input.dropFirst()
    var reader = device()
    var session = USBIPSession()
    var output: [UInt8] = []
    var wasImported = false
    do throws(USBIPError) {
        while !rest.isEmpty {
            let piece = rest.prefix(max(1, Int(size)))
            rest = rest.dropFirst(piece.count)
            let answer = try session.receive(piece, &reader, isFree: true, now: 0)
            if wasImported { output += answer }
            wasImported = session.isImported
        }
    } catch {
        precondition(!"\(error)".isEmpty, "no reason")
    }
    // Headers alone are 48 bytes, so no input of 4 KB makes more than 86 transfers.
    precondition(output.count <= 86 * (48 + 1024), "more comes back than was asked for")
    return 0
}
