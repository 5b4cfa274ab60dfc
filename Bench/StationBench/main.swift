// The rooms' side of ./bench: what the agent does, measured without the agent's socket.
//
//   StationBench apdu READER COUNT HEX…   commands through a card session of the reader hub
//   StationBench raw READER COUNT HEX…    the same on the raw path, without pcscd
//   StationBench journal FOLDER COUNT     lines appended to a journal, each flushed
//   StationBench verify FOLDER            one check of the whole chain
//
// Prints one time a line, in nanoseconds: one a command, one a line, or one for the check.
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
case "journal" where words.count == 3: JournalBench.append(Array(words.dropFirst()))
case "verify" where words.count == 2: JournalBench.verify(Array(words.dropFirst()))
default: fail("usage: apdu|raw READER COUNT HEX… | journal FOLDER COUNT | verify FOLDER")
}
