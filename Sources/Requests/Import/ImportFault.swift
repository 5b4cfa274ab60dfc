import JSON

/// What is wrong at a place of a file of requests: to be told in anybody's words.
package enum ImportFault: Equatable, Sendable {
    case longFile(most: Int)
    case encoding(TextEncoding.WrongEncoding.Found)
    case empty
    case noHeading
    case unknownHeading
    case headingTwice
    case manyLines(most: Int)
    case manyCells(most: Int)
    case manyRequests(most: Int)
    case cells(Int, headings: Int)
    /// A quotation mark that none closes, text behind one that does, one inside a cell.
    case openQuote
    case behindQuote
    case bareQuote
    case letters(TextEncoding.WrongLetters)
    case shortenedNumber
    case unknownKind
    case unknownReason
    case noTime
    /// Of one request, and otherwise than in the line where it begins.
    case otherThan(line: Int)
    /// Of a JSON document.
    case document(JSONError.Code)

    /// In English, and what to do.
    package var words: String {
        switch self {
        case .longFile(let most): "longer than \(most) bytes: cut the file in pieces"
        case .encoding(let found): found.wrong
        case .empty: "the file is empty: it needs a line of headings and one a device"
        case .noHeading: "the first line must be the headings, and none of them is known"
        case .unknownHeading:
            "no column is called so; name it otherwise, or empty the heading to pass over it"
        case .headingTwice: "this column stands twice"
        case .manyLines(let most): "more than \(most) lines: cut the file in pieces"
        case .manyCells(let most): "more than \(most) cells in one line"
        case .manyRequests(let most): "more than \(most) requests: cut the file"
        case .cells(let count, let headings):
            "has \(count) cells, and the headings are \(headings): look for a separator too many, "
                + "or one missing"
        case .openQuote: "a quotation mark opens here and none closes"
        case .behindQuote:
            "something follows the closing quotation mark; one inside is written twice"
        case .bareQuote:
            "a quotation mark inside a cell: put the whole cell in quotation marks, and write this "
                + "one twice"
        case .letters(let letters): letters.inATable
        case .shortenedNumber:
            "a spreadsheet has shortened this number: make the column text and enter it again"
        case .unknownKind: "no kind of request is called so"
        case .unknownReason: "no reason is called so"
        case .noTime: "is no day or time"
        case .otherThan(let line):
            "is otherwise in line \(line), which is of the same request (one number and one body): "
                + "make them equal, or leave it empty here"
        case .document(let code): JSONError(code: code, line: 1, column: 1, path: "").reason
        }
    }

    /// What a document's reader noted, and what stands there: of this module's own faults it keeps
    /// the words.
    static func read(_ code: JSONError.Code) -> (ImportFault, quoted: String?) {
        guard case .invalid(let reason) = code else { return (.document(code), nil) }
        let own: [ImportFault] =
            [.unknownKind, .unknownReason, .noTime]
            + TextEncoding.WrongLetters.allCases.map { .letters($0) }
        for fault in own {
            if reason == fault.words { return (fault, nil) }
            if let quote = ImportQuote(of: reason, before: fault.words) {
                return (fault, quote.text)
            }
        }
        return (.document(code), nil)
    }
}
