// ATR: taken whole or refused; all values of one that is taken can be asked for. Each input is
// tried as it is and with a check byte that fits.
// sources: Sources/APDU
// seed: 3BFF1800008131FE45006B150C03020101014234441031800D
// seed: 3BFD1300008131FE158073C021C057597562694B657940
// seed: 3F6525002C09699000
// seed: 3B9F96801FC78031A073BE21136743200718000001A5
import APDU

private func look(_ bytes: [UInt8]) {
    guard let atr = try? ATR(parsing: bytes) else { return }
    var length = 2 + atr.historicalBytes.count + (atr.checkByte == nil ? 0 : 1)
    for group in atr.interface {
        length += [group.ta, group.tb, group.tc, group.td].compactMap { $0 }.count
    }
    precondition(length == bytes.count && length <= 33, "not whole")
    precondition(!atr.protocols.isEmpty, "no protocol")
    _ = (atr.rates, atr.t1, atr.waitingInteger, atr.specificMode, atr.clockStop)
    _ = (atr.voltageClasses, atr.extraGuardTime, atr.historical.capabilities, atr.description)
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    var bytes = Array(UnsafeRawBufferPointer(start: start, count: count))
    look(bytes)
    guard bytes.count > 2 else { return 0 }
    bytes[bytes.count - 1] = bytes[1..<(bytes.count - 1)].reduce(0, ^)
    look(bytes)
    return 0
}
