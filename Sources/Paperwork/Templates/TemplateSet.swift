import System

/// The templates of all papers, checked.
package struct TemplateSet: Sendable {
    private let templates: [DocumentKind: Template]

    /// Reads the templates and their parts.
    ///
    /// A template has the name that its kind says, a part begins with `_`; each may stand in any
    /// folder, and no two have one name.
    /// - Parameter kinds: the papers that will be made.
    /// - Returns: the templates, or every mistake that was found.
    package static func load(
        _ files: [TemplateFile], _ kinds: [DocumentKind] = DocumentKind.allCases
    ) -> (set: TemplateSet?, mistakes: [TemplateMistake]) {
        var mistakes: [TemplateMistake] = []
        if files.count > PaperLimits.files, let first = files.first {
            mistakes.append(
                TemplateMistake(
                    first, "the folder has more than \(PaperLimits.files) templates and parts",
                    "Take away what is not used"))
        }
        let files = files.prefix(PaperLimits.files)
        var templates: [DocumentKind: Template] = [:]
        for kind in kinds {
            guard let file = files.first(where: { $0.base == kind.file }) else {
                let near = files.filter { kind.isMeant(by: $0.base) }
                mistakes += near.map { TemplateMistake(misnamed: $0, for: kind) }
                guard near.isEmpty else { continue }
                mistakes.append(
                    TemplateMistake(
                        file: kind.file, line: 1, column: 1, wrong: "this template is missing",
                        remedy: "Put the one that was shipped back into the folder"))
                continue
            }
            let read = check(kind, file, parts: Array(files))
            templates[kind] = read.template
            for mistake in read.mistakes where !mistakes.contains(mistake) {
                mistakes.append(mistake)
            }
        }
        if kinds == DocumentKind.allCases {
            let strays = files.filter { !$0.isPart && DocumentKind.of($0) == nil }
            let told = mistakes.map(\.file)
            mistakes += strays.filter { !told.contains($0.name) }
                .map(TemplateMistake.init(ofNoPaper:))
        }
        return (mistakes.isEmpty ? TemplateSet(templates: templates) : nil, mistakes)
    }

    /// Reads one template with the parts it takes in.
    package static func mistakes(
        _ kind: DocumentKind, _ file: TemplateFile, parts: [TemplateFile]
    ) -> [TemplateMistake] {
        check(kind, file, parts: parts).mistakes
    }

    private static func check(
        _ kind: DocumentKind, _ file: TemplateFile, parts: [TemplateFile]
    ) -> (template: Template?, mistakes: [TemplateMistake]) {
        let parts = parts.filter(\.isPart).map { ($0.base, $0) }
        var parser = TemplateParser(
            kind, file, parts: Dictionary(parts, uniquingKeysWith: { first, _ in first }))
        let template = parser.template()
        return (template, parser.mistakes)
    }

    /// The paper, as an HTML document that is whole in itself.
    ///
    /// - Throws: where a value that the paper cannot be without is missing, or a value is of
    ///   another form or larger than papers take.
    package func render(
        _ kind: DocumentKind, _ values: DocumentValues
    ) throws(TemplateError) -> [UInt8] {
        guard let template = templates[kind] else {
            throw TemplateError(code: .missingValue, kind: kind, field: nil)
        }
        var renderer = Renderer(kind, values)
        return try renderer.paper(template)
    }
}

extension TemplateFile {
    /// What templates take in, and no template itself.
    package var isPart: Bool { base.hasPrefix("_") }
}

extension TemplateMistake {
    /// Of a file that is no paper's template.
    package init(ofNoPaper file: TemplateFile) {
        let names = DocumentKind.allCases.map(\.file).joined(separator: ", ")
        self.init(
            file, "no paper has this template",
            "Name it as one of \(names); a part's name begins with _")
    }

    /// Of the one file there is for a paper, under another name.
    fileprivate init(misnamed file: TemplateFile, for kind: DocumentKind) {
        self.init(
            file, "this file stands where \(kind.file) is missing", "Rename it to \(kind.file)")
    }

    /// Of a file as a whole.
    fileprivate init(_ file: TemplateFile, _ wrong: String, _ remedy: String) {
        self.init(file: file.name, line: 1, column: 1, wrong: wrong, remedy: remedy)
    }
}

extension DocumentKind {
    /// The kind whose template a file of that name is.
    package static func of(_ file: TemplateFile) -> DocumentKind? {
        allCases.first { $0.file == file.base }
    }

    /// Whether a file of that name is this paper's template but for letters and its ending.
    fileprivate func isMeant(by name: String) -> Bool {
        let small = name.lowercased()
        return name != file
            && [file, rawValue + ".htm", file + ".txt", rawValue + ".xhtml"].contains(small)
    }
}

// MARK: - Folders

extension TemplateFile {
    /// Where templates lie when nothing else is said.
    package static let usualFolder = "/etc/token-station/templates"

    /// The templates and parts of a folder: its files that end in .html, and parts in .css.
    /// One file more than are taken shows that there are too many. Of one that only its name
    /// keeps from being a template there is the name.
    package static func all(in folder: String) throws(SystemError) -> [TemplateFile] {
        var files: [TemplateFile] = []
        let all = try File.names(in: folder).sorted()
        let names = all.filter {
            $0.hasSuffix(".html") || ($0.hasPrefix("_") && $0.hasSuffix(".css"))
        }
        for name in names.prefix(PaperLimits.files + 1) {
            files.append(try TemplateFile(folder + "/" + name))
        }
        for kind in DocumentKind.allCases where !names.contains(kind.file) {
            for name in all where kind.isMeant(by: name) && !names.contains(name) {
                files.append(TemplateFile(name: folder + "/" + name, bytes: []))
            }
        }
        return files
    }

    /// - Throws: `EFBIG` as an errno for a file that is much too long.
    package init(_ path: String) throws(SystemError) {
        self.init(
            name: path, bytes: try File.contents(of: path, limit: PaperLimits.read))
    }
}
