import JSON
import Paperwork

extension Run {
    /// Reads an office's file as the station would, and says what it means or what is wrong.
    func checkOffice(_ file: String) throws(Failure) -> ExitCode {
        let read = Office.parse(
            try Run.contents(of: file, limit: Office.longestFile), file: file)
        if console.json {
            console.put([
                "file": .string(file), "good": .bool(read.office != nil),
                "mistakes": .array(read.mistakes.map(\.document)),
            ])
        } else {
            console.show { page in
                page.add(file, read.mistakes)
                if let office = read.office { page.add(office) }
            }
        }
        return read.office == nil ? .failed : .good
    }
}
