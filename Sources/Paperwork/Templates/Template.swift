/// A file of a template, as it is named in mistakes, and its bytes.
package struct TemplateFile: Sendable {
    package let name: String
    package let bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// The name without its folder.
    package var base: String {
        guard let slash = name.lastIndex(of: "/") else { return name }
        return String(name[name.index(after: slash)...])
    }
}

/// The template of one kind of paper, checked.
struct Template: Sendable {
    enum Node: Sendable {
        case markup([UInt8])
        case value(DocumentField, Style)
        case when(DocumentField, [Node], otherwise: [Node])
        case each(DocumentField, [Node])
        /// Right behind `<head>`.
        case policy
        /// Right behind `<body>`.
        case trainingMark
    }

    /// How a value is written.
    enum Style: String, CaseIterable, Sendable {
        case plain
        /// A day in words.
        case long
        /// In capitals.
        case upper
    }

    let kind: DocumentKind
    let nodes: [Node]
}
