// A calendar of any content: reading ends, in days or in mistakes that have a place; a term over
// what is right ends on a working day or says that the calendar does; no date traps.
// sources: Sources/CLinux Sources/Secrets Sources/JSON Sources/WorkingDays
// seed: 7b2263616c656e646172223a312c227469746c65223a224c222c22636f76657273223a22323032362d30382d30312e2e323032362d30392d3330222c22686f6c6964617973223a5b7b2264617973223a2254756520323032362d30392d30312e2e543420323032362d30392d3032222c226e616d65223a2251227d5d2c227377617073223a5b7b226f6666223a22323032362d30382d3331222c22776f726b6564223a22323032362d30382d3232227d5d7d
// seed: 7b2263616c656e646172223a312c227469746c65223a224c222c22636f76657273223a22323032362d30312d30312e2e323032362d30312d3331222c227765656b6c795f72657374223a5b22434e225d2c22776f726b6564223a5b7b2264617973223a22323032362d30312d3034227d5d2c226e6f745f636f6e6669726d6564223a5b7b2264617973223a22323032362d30312d30352e2e323032362d30312d3039222c2272656d61726b223a2272227d5d7d
// seed: 7b2263616c656e646172223a312c227469746c65223a224c222c22636f76657273223a22323032362d30312d33312e2e323032362d30312d3031222c22686f6c6964617973223a5b7b2264617973223a224d6f6e20323032362d30312d3031222c226e616d65223a224e222c22636f6e6669726d6564223a66616c73657d5d2c227377617073223a5b7b226f6666223a22323032362d30322d3330227d5d7d
// seed: 323032362d31312d3231
// seed: 323032362d31312d32312030383a33303a3030
// seed: 2b30373a3030
import WorkingDays

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeRawBufferPointer(start: start, count: count))
    let read = CalendarFile.parse(bytes, name: "f")
    precondition((read.file == nil) != read.mistakes.isEmpty, "neither right nor wrong")
    for mistake in read.mistakes {
        precondition(mistake.line > 0 && mistake.column > 0 && !mistake.wrong.isEmpty)
        precondition(mistake.line <= count + 1 && mistake.column <= count + 1, "beyond the file")
    }
    texts(bytes)
    guard let file = read.file else { return 0 }
    let twice = WorkingCalendar.load([("f", bytes), ("g", bytes)])
    precondition(twice.calendar == nil && twice.mistakes.count == 1, "an overlap nobody saw")
    guard let calendar = WorkingCalendar.load([("f", bytes)]).calendar else {
        preconditionFailure("read otherwise")
    }
    precondition(calendar.covers == file.covers)
    var received: CivilDate? = file.covers.from
    for step in 1...40 {
        guard let date = received else { break }
        term(calendar, date, step)
        received = date.adding(step)
    }
    return 0
}

private func term(_ calendar: WorkingCalendar, _ date: CivilDate, _ days: Int) {
    do throws(CalendarError) {
        let due = try calendar.due(receivedOn: date, workingDays: days)
        precondition(due.date.days >= date.days + days, "sooner than so many days")
        let isWorking = try calendar.isWorkingDay(due.date)
        precondition(isWorking, "ends on a day of rest")
        let sooner = try calendar.due(receivedOn: date, calendarDays: days)
        precondition(sooner.date <= due.date, "days of the calendar take longer")
        precondition(due.doubtful.allSatisfy { date < $0.date && $0.date <= due.date })
    } catch {
        guard case .notCovered = error else { preconditionFailure("\(error)") }
    }
}

/// What is read is written back the same.
private func texts(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    if let date = CivilDate(text) { precondition(date.description == text) }
    if let label = TimeLabel(text) { precondition(TimeLabel(label.description) == label) }
    if let offset = UTCOffset(text), text != "-00:00" { precondition(offset.description == text) }
    var seconds: Int64 = 0
    for byte in bytes.prefix(8) { seconds = seconds << 8 | Int64(byte) }
    if let label = TimeLabel(wallClock: seconds, at: .vietnam) {
        precondition(label.wallClock(at: .vietnam) == seconds)
    }
}
