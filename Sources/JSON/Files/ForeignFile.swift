/// What another program's file is that stands where a text was meant.
package enum ForeignFile: Equatable, Sendable {
    case packed
    case oldOffice
    case pdf
    case richText
    case picture

    /// Told by its first bytes; nil where they are none of these.
    package init?(_ bytes: some Collection<UInt8>) {
        for (start, kind) in Self.starts where bytes.starts(with: start) {
            self = kind
            return
        }
        return nil
    }

    private static let starts: [(start: [UInt8], kind: ForeignFile)] = [
        (Array("PK\u{3}\u{4}".utf8), .packed),
        ([0xD0, 0xCF, 0x11, 0xE0], .oldOffice),
        (Array("%PDF-".utf8), .pdf),
        (Array("{\\rtf".utf8), .richText),
        ([0x89, 0x50, 0x4E, 0x47], .picture),
        ([0xFF, 0xD8, 0xFF], .picture),
    ]

    /// For a sentence: the file is …
    package var name: String {
        switch self {
        case .packed: "a spreadsheet or a document of a word processor (.xlsx, .docx, .ods, a zip)"
        case .oldOffice: "a spreadsheet or a document of a word processor (.xls, .doc)"
        case .pdf: "a PDF"
        case .richText: "a document of a word processor (.rtf)"
        case .picture: "a picture"
        }
    }
}
