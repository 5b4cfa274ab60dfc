/// One thing that is wrong in a template's file, where, and what to do about it.
package struct TemplateMistake: Error, Equatable, Sendable, CustomStringConvertible {
    package let file: String
    /// From 1.
    package let line: Int
    /// From 1, in characters.
    package let column: Int
    package let wrong: String
    package let remedy: String

    package init(file: String, line: Int, column: Int, wrong: String, remedy: String) {
        self.file = file
        self.line = line
        self.column = column
        self.wrong = wrong
        self.remedy = remedy
    }

    package var description: String {
        "\(file): line \(line), column \(column): \(wrong). \(remedy)."
    }
}

/// Why a paper was not made from its template and values.
package struct TemplateError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Equatable, Sendable {
        /// A value that the paper cannot be without is not there.
        case missingValue
        /// A value is of another form than its placeholder.
        case wrongForm
        /// A text has more characters than a paper takes.
        case tooLong
        /// A list has more rows than a paper takes.
        case tooManyRows
        /// The paper as a whole is too large.
        case tooLarge
    }

    package let code: Code
    package let kind: DocumentKind
    /// The placeholder it is about; nil for the paper as a whole.
    package let field: DocumentField?

    package var description: String {
        let name = field.map { "\(kind.rawValue), \($0.rawValue): " } ?? "\(kind.rawValue): "
        return name + reason
    }

    package var reason: String {
        switch code {
        case .missingValue: "the paper cannot be without this value"
        case .wrongForm: "the value is of another form than its placeholder"
        case .tooLong: "the text is longer than \(PaperLimits.text) characters"
        case .tooManyRows: "the list has more than \(PaperLimits.rows) rows"
        case .tooLarge: "the paper is larger than \(PaperLimits.paper) bytes"
        }
    }
}

/// What templates and papers may take.
package enum PaperLimits {
    /// Bytes of one file of a template.
    package static let file = 256 * 1024
    /// The same for people.
    package static let fileSize = "\(file / 1024) KiB"
    /// What is read of one: a file that is too long is told with the other mistakes.
    package static let read = 2 * file
    /// Files of a folder with templates.
    package static let files = 64
    /// Parts that one template takes in.
    static let parts = 16
    /// Elements and blocks open at once.
    static let depth = 64
    /// `{{#if}}` and `{{#each}}` within each other.
    static let blocks = 6
    /// Mistakes told of one file.
    static let mistakes = 64
    /// Characters (Unicode scalars) of one value.
    package static let text = 8000
    /// Rows of one list.
    package static let rows = 500
    /// Bytes of one paper.
    package static let paper = 4 << 20
}
