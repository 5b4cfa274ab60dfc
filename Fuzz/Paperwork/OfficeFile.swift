// An office's file of any content: reading ends, in an office or in mistakes that have a place.
// sources: Sources/CLinux Sources/Secrets Sources/System Sources/JSON Sources/WorkingDays Sources/Paperwork
// seed: 7b226f6666696365223a312c226e616d65223a2241222c227375706572696f72223a2242222c2273796d626f6c223a22432d31222c22706c616365223a2244222c2270726f7669646572223a7b226e616d65223a2245227d2c227369676e6572223a7b22706f736974696f6e223a2246227d2c226261736573223a5b7b2274657874223a2254222c227374617465223a22696e2d666f726365222c22706170657273223a5b2272656365697074225d7d5d2c22636f70696573223a5b2261225d7d
import Paperwork

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeRawBufferPointer(start: start, count: count))
    let read = Office.parse(bytes, file: "f")
    precondition((read.office == nil) != read.mistakes.isEmpty, "neither right nor wrong")
    for mistake in read.mistakes {
        precondition(mistake.line > 0 && mistake.column > 0 && !mistake.wrong.isEmpty)
        precondition(mistake.line <= count + 1 && mistake.column <= count + 1, "beyond the file")
    }
    return 0
}
