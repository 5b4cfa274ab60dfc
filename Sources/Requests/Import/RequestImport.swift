import JSON

/// Requests read from a file of the document system: a table (CSV) or JSON.
package enum RequestImport {
    /// A request and the line it begins on.
    package struct Read: Equatable, Sendable {
        package var form: RequestForm
        package let line: Int
        /// The line of each device, in the form's order.
        package internal(set) var deviceLines: [Int] = []
    }

    /// Something that is wrong in a file, for technicians, and what it is for everybody else.
    package struct Mistake: Equatable, Sendable {
        package let told: FileMistake
        package let fault: ImportFault
        /// What stands there, made fit to be shown; nil where that says nothing.
        package let quoted: String?
        /// The heading of its column, as the table has it.
        package let heading: String?

        init(
            _ file: String, _ line: Int, _ column: Int, _ path: String, _ fault: ImportFault,
            quoted: ImportQuote? = nil, heading: String? = nil, allowed: String? = nil
        ) {
            var wrong = fault.words
            switch (quoted, heading) {
            case (let quoted?, let heading?):
                wrong = "\"\(quoted.text)\" under \"\(heading)\": " + wrong
            case (let quoted?, nil): wrong = quoted.before(wrong)
            case (nil, _): break
            }
            told = FileMistake(
                file: file, line: line, column: column, path: path, wrong: wrong, allowed: allowed)
            self.fault = fault
            self.quoted = quoted?.text
            self.heading = heading
        }

        /// Of a document: its reader's words, which name what would be right.
        init(_ told: FileMistake, _ error: JSONError) {
            self.told = told
            (fault, quoted) = ImportFault.read(error.code)
            heading = nil
        }
    }

    package enum Format: String, Equatable, Sendable, CaseIterable {
        case csv
        case json
    }

    /// Bytes of a file.
    package static let longestFile = 1 << 20
    package static let mostRequests = 500

    /// Reads a whole file. Texts are as the file has them: tidy a form before it is kept, and let
    /// the station say what is missing.
    ///
    /// - Parameter minutesEast: of local time from UTC, for times without a zone.
    /// - Returns: the requests, or every mistake, in the order of the file (64 at most).
    package static func read(
        _ bytes: [UInt8], file: String, minutesEast: Int64 = 420
    ) -> (format: Format, requests: [Read]?, mistakes: [FileMistake]) {
        let (format, requests, mistakes) = content(bytes, file: file, minutesEast: minutesEast)
        return (format, requests, mistakes.map(\.told))
    }

    /// The same with what each mistake is.
    package static func content(
        _ bytes: [UInt8], file: String, minutesEast: Int64 = 420
    ) -> (format: Format, requests: [Read]?, mistakes: [Mistake]) {
        let format = format(bytes)
        guard bytes.count <= longestFile else {
            return (format, nil, [Mistake(file, 1, 1, "", .longFile(most: longestFile))])
        }
        let text: String
        switch TextEncoding.text(bytes) {
        case .success(let read): text = read
        case .failure(let wrong):
            let (line, column) = place(bytes, wrong.offset)
            return (format, nil, [Mistake(file, line, column, "", .encoding(wrong.found))])
        }
        let read: (requests: [Read], mistakes: [Mistake])
        switch format {
        case .csv:
            var table = RequestTable(file, minutesEast)
            read = table.read(
                CSVTable(text) { RequestColumn.of($0).count { $0 != nil } })
        case .json: read = RequestDocument.read(Array(text.utf8), file, minutesEast)
        }
        let isGood = read.mistakes.isEmpty
        return (format, isGood ? read.requests : nil, Array(read.mistakes.prefix(64)))
    }

    /// JSON begins with a bracket or brace, and no table's heading does.
    private static func format(_ bytes: [UInt8]) -> Format {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        let first = start.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        return first == UInt8(ascii: "[") || first == UInt8(ascii: "{") ? .json : .csv
    }

    /// Line and column of a byte that is not UTF-8; what is before it is.
    private static func place(_ bytes: [UInt8], _ offset: Int) -> (line: Int, column: Int) {
        var line = 1
        var column = 1
        let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        for byte in bytes[min(mark, offset)..<offset] {
            if byte == 0x0A {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return (line, column)
    }

    /// What a time must look like.
    static let times = "2026-11-21T10:40:00+07:00, 21/11/2026 10:40 or 21/11/2026"
    static let kinds = CaseKind.allCases.map(\.rawValue).joined(separator: ", ")
    static let returnReasons = ReturnReason.allCases.map(\.rawValue).joined(separator: ", ")
}
