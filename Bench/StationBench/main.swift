// The rooms' side of ./bench: what the agent does, measured without the agent's socket.
//
//   StationBench apdu READER COUNT HEX…   commands through a card session of the reader hub
//   StationBench raw READER COUNT HEX…    the same on the raw path, without pcscd
//   StationBench deadline READER COUNT HEX  the command in steps that are over before it is answered
//   StationBench journal FOLDER COUNT     lines appended to a journal, each flushed
//   StationBench verify FOLDER            one check of the whole chain
//   StationBench grow FOLDER LINES        a journal as years at a counter make it
//   StationBench start FOLDER             its cases, as a start reads them; how many there are
//   StationBench snapshot FOLDER          a snapshot beside it
//   StationBench rest FOLDER              the check of what that snapshot stood for
//
// Prints one time a line, in nanoseconds: one a command, one a line, one for the check, or by how
// much each deadline was missed, behind the ticks that a hypervisor took meanwhile.
import System

func fail(_ reason: String) -> Never {
    try? FileDescriptor.write("StationBench: \(reason)\n", to: Terminal.standardError)
    Process.exit(1)
}

func printTimes(_ times: [Int64]) {
    var text = ""
    for time in times { text += "\(time)\n" }
    try? FileDescriptor.write(text, to: Terminal.standardOutput)
}

let words = CommandLine.arguments.dropFirst()
switch words.first {
case "apdu" where words.count >= 4: CardBench.run(Array(words.dropFirst()), path: .pcsc)
case "raw" where words.count >= 4: CardBench.run(Array(words.dropFirst()), path: .usb)
case "deadline" where words.count == 4: DeadlineBench.run(Array(words.dropFirst()))
case "journal" where words.count == 3: JournalBench.append(Array(words.dropFirst()))
case "verify" where words.count == 2: JournalBench.verify(Array(words.dropFirst()))
case "grow" where words.count == 3: LongJournal.grow(Array(words.dropFirst()))
case "start" where words.count == 2: JournalBench.start(Array(words.dropFirst()))
case "snapshot" where words.count == 2: JournalBench.snapshot(Array(words.dropFirst()))
case "rest" where words.count == 2: JournalBench.rest(Array(words.dropFirst()))
default:
    fail(
        "usage: apdu|raw READER COUNT HEX… | deadline READER COUNT HEX | "
            + "journal|grow FOLDER COUNT | verify|start|snapshot|rest FOLDER")
}
