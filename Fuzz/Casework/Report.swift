// The statistics of any lines: the fold ends, never in a trap, and every way of counting adds up to
// the same. Each line is a kind, a case, a day and a `what`; times go forth and back.
// sources: Sources/CLinux Sources/System Sources/Secrets Sources/JSON Sources/WorkingDays Sources/Requests Sources/Crypto Sources/Casework
// seed: 00000900037b2272657175657374223a2252323032362d303030303031222c226e616d65223a22726573746f7265222c22726571756573744e756d626572223a2231222c226d616e6167696e67426f6479223a2262222c22706572736f6e616c223a2261626162616261626162616261626162616261626162616261626162616261626162616261626162616261626162616261626162616261626162616261626162222c22726f7773223a5b7b2263617365223a22323032362d303030303030222c226465766963654e756d626572223a2264227d2c7b2263617365223a22323032362d303030303031222c226465766963654e756d626572223a2265227d2c7b2263617365223a22323032362d303030303032222c226465766963654e756d626572223a2266227d5d7d0a0f00067b22726561736f6e73223a5b226e6f742d6c6f636b6564225d7d0a0e00067b22616464726573736565223a226d616e6167696e672d626f6479222c227265666572656e6365223a2231227d0a1000097b22726561736f6e223a2278227d0a1201067b22726573746f7265223a2272222c22726561646572223a2278222c22746f6b656e223a7b2273657269616c223a2231222c2266616d696c79223a22706976227d2c227065726d697445787069726573223a22323032362d31312d32315430333a34303a30302e3030305a227d0a1501067b22726573746f7265223a2272222c226f7574636f6d65223a22726573746f726564222c2274726965735370656e74223a307d
// seed: 03050900037b2272657175657374223a2252323032362d303030303031222c226e616d65223a22726573746f7265222c22726571756573744e756d626572223a2231222c226d616e6167696e67426f6479223a2262222c22706572736f6e616c223a2261626162616261626162616261626162616261626162616261626162616261626162616261626162616261626162616261626162616261626162616261626162222c22726f7773223a5b7b2263617365223a22323032362d303030303030222c226465766963654e756d626572223a2264227d2c7b2263617365223a22323032362d303030303031222c226465766963654e756d626572223a2265227d2c7b2263617365223a22323032362d303030303032222c226465766963654e756d626572223a2266227d5d7d0a1002057b227772697474656e223a2261626162616261626162616261626162616261626162616261626162616261626162616261626162616261626162616261626162616261626162616261626162227d0a1101057b22726561736f6e73223a5b2261225d7d
import Casework
import WorkingDays

private func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }

private func line(_ number: Int, _ piece: some Collection<UInt8>) -> [UInt8] {
    var rest = Array(piece)[...]
    let kinds = JournalKind.allCases
    let kind = kinds[Int(rest.popFirst() ?? 0) % kinds.count].rawValue
    let id = (rest.popFirst() ?? 0) % 4
    let when = Int(rest.popFirst() ?? 0)
    let clock = ClockState.allCases[when % ClockState.allCases.count].rawValue
    let day = "2026-\(two(when % 12 + 1))-\(two(when % 28 + 1))"
    let start = "{\"seq\":\(number),\"time\":\"\(day)T03:40:00.000Z\",\"clock\":\"\(clock)\""
    let middle = ",\"boot\":\"b\",\"mono\":5,\"kind\":\"\(kind)\",\"who\":{\"uid\":1}"
    let place = ",\"case\":\"2026-00000\(id)\",\"what\":"
    let end = ",\"prev\":\"\(String(repeating: "0", count: 64))\"}"
    var text = Array((start + middle + place).utf8)
    text += rest
    text += Array(end.utf8)
    return text
}

/// The parts of a tally are its whole, each way it is counted.
private func check(_ tally: CaseTally) {
    let total = tally.total
    precondition(tally.stages.total == total, "stages are not all cases")
    precondition(tally.done.total + tally.open.total == total, "done and open are not all")
    precondition(tally.taken.total == tally.done.total, "times are not all that are done")
    precondition(tally.awaitingNotice <= tally.done.total, "more notices than are done")
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeRawBufferPointer(start: start, count: count))
    guard bytes.count >= 2 else { return 0 }
    // Open at either end, or both, or turned round.
    let period = ReportPeriod(
        from: bytes[0] & 1 == 0 ? nil : CivilDate("2026-\(two(Int(bytes[0]) % 12 + 1))-10"),
        to: bytes[1] & 1 == 0 ? nil : CivilDate("2026-\(two(Int(bytes[1]) % 12 + 1))-20"))
    var fold = ReportFold(period, calendar: WorkingCalendar())
    var taken: Int64 = 0
    for (number, piece) in bytes.dropFirst(2).split(separator: 0x0A).prefix(256).enumerated() {
        let text = line(number + 1, piece)
        text.withUnsafeBytes { if fold.take($0) { taken += 1 } }
        if number % 16 == 0 { check(fold.result().total) }
    }
    let report = fold.result()
    precondition(report.lines == taken, "lines are not all that were taken")
    precondition(report.passedOver <= report.lines, "more passed over than there were")
    check(report.total)
    for tally in report.byBody.values { check(tally) }
    precondition(
        report.byBody.values.reduce(0) { $0 + $1.total } == report.total.total,
        "bodies are not all cases")
    precondition(
        report.refusals.values.allSatisfy { $0 > 0 && $0 <= report.total.total },
        "more refusals than cases")
    return 0
}
