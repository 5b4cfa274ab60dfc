// PPS, and what a card and a reader agree on: bytes are taken whole or refused and written back
// the same; a plan asks for what the card offers and the reader can, and has times. The input is
// the reader's clock, maximum and one listed rate, two bytes each, then a PPS or an ATR.
// sources: Sources/APDU
// seed: 0FA0FFFF0000FF11957B
// seed: 0FA0FFFF7A12FF01FE
// seed: 12C0FFFF00003BF81300008131FE15597562696B657934D4
// seed: 0FA0FFFF00003B9F96C00A31FE45754A6176656C696E2D4F5320312E3051
// seed: 0FA0010000003B9096918131FE45
import APDU

private func parse(_ bytes: UnsafeRawBufferPointer) {
    guard let pps = try? PPS(parsing: bytes) else { return }
    precondition(pps.bytes.elementsEqual(bytes), "written back differently")
    for request in [PPS(.t0), PPS(.t1), PPS(.t0, rates: 0x18), PPS(.t1, rates: 0x96)] {
        guard let rates = try? request.agreed(by: pps) else { continue }
        precondition(rates == 0x11 || rates == request.rates, "rates nobody asked for")
    }
}

private func plan(_ atr: ATR, _ reader: ReaderRates) {
    if let preferred = atr.preferredProtocol(among: [.t0, .t1]) {
        guard (try? PPSPlan(atr, wanted: preferred, reader: reader)) != nil else {
            fatalError("no plan for the preferred protocol")
        }
    }
    for number in 0...15 as ClosedRange<UInt8> {
        let wanted = TransmissionProtocol(rawValue: number)
        guard let plan = try? PPSPlan(atr, wanted: wanted, reader: reader) else { continue }
        guard let rates = ATR.Rates(plan.rates) else { fatalError("reserved rates") }
        precondition(plan.transmissionProtocol == wanted, "another protocol")
        if let request = plan.request {
            precondition(atr.specificMode == nil, "asks in specific mode")
            precondition(request.rates == plan.rates, "asks for other rates")
            precondition(rates == .standard || reader.canWork(at: rates), "too fast")
        }
        guard let parameters = CardParameters(atr, wanted, rates: plan.rates) else {
            precondition(number > 1, "no parameters")
            continue
        }
        precondition(parameters.reader.bytes.count == (number == 0 ? 5 : 7), "not whole")
        for clock in [0, reader.clock, .max] {
            switch parameters.times(clock: clock) {
            case .t0(let wait): precondition(wait > 0)
            case .t1(let block, let character, let pause):
                precondition(block > 0 && character > 0 && pause > 0)
            }
        }
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    guard count >= 6 else { return 0 }
    let numbers = [0, 2, 4].map { UInt32(input[$0]) << 8 | UInt32(input[$0 + 1]) }
    let reader = ReaderRates(
        rates: numbers[2] == 0 ? [] : [10_752, numbers[2] << 4], maximum: numbers[1] << 4,
        clock: numbers[0])
    let bytes = UnsafeRawBufferPointer(rebasing: input.dropFirst(6))
    parse(bytes)
    var atr = Array(bytes)
    if let atr = try? ATR(parsing: atr) { plan(atr, reader) }
    // With a check byte that fits.
    guard atr.count > 2 else { return 0 }
    atr[atr.count - 1] = atr[1..<(atr.count - 1)].reduce(0, ^)
    if let atr = try? ATR(parsing: atr) { plan(atr, reader) }
    return 0
}
