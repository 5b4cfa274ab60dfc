import JSON
import Paperwork
import System

extension Run {
    /// Reads templates as the station would, and says what is wrong with each.
    func checkTemplates(_ paths: [String]) throws(Failure) -> ExitCode {
        var checks: [TemplateCheck] = []
        for path in paths { checks += try TemplateCheck.all(at: path) }
        if console.json {
            console.put(["files": .array(checks.map(\.document))])
        } else {
            console.show { page in for check in checks { page.add(check) } }
        }
        return checks.allSatisfy { $0.mistakes.isEmpty } ? .good : .failed
    }

    /// Writes a paper with invented data.
    func previewTemplate(_ order: PreviewOrder) throws(Failure) -> ExitCode {
        let folder = order.templates ?? TemplateFile.usualFolder
        let read = TemplateSet.load(try TemplateCheck.files(in: folder), [order.kind])
        guard let set = read.set else {
            console.complain { page in for mistake in read.mistakes { page.add(mistake) } }
            return .failed
        }
        var values = DocumentValues.sample(
            order.kind, try previewOffice(order.office), isTraining: order.isTraining)
        if let file = order.qr {
            guard let code = QRCode(svg: try Run.contents(of: file, limit: QRCode.longestFile))
            else {
                throw .own(
                    .fileUnreadable, "\(file) is no QR code.",
                    next: "Make it with: qrencode -t SVG -o \(file) TEXT")
            }
            values[.qr] = .qr(code)
        }
        do throws(TemplateError) {
            console.put(String(decoding: try set.render(order.kind, values), as: UTF8.self))
        } catch {
            throw .own(.paperUnmade, "\(error).", next: "Take the shipped template.")
        }
        return .good
    }

    private func previewOffice(_ named: String?) throws(Failure) -> Office {
        if named == nil, !File.exists(Office.usualFile) {
            console.whisper("tokenctl: \(Office.usualFile) is not there; the office is invented\n")
            return .sample
        }
        let file = named ?? Office.usualFile
        let read = Office.parse(try Run.contents(of: file, limit: Office.longestFile), file: file)
        guard let office = read.office else {
            throw .own(
                .fileUnreadable, "\(file) is not right.", next: "See tokenctl office check \(file)."
            )
        }
        return office
    }

    /// A file that the command line names.
    /// - Parameter most: how long it may be, where more is read to say so with other mistakes.
    static func contents(
        of file: String, limit: Int, _ most: String? = nil
    ) throws(Failure) -> [UInt8] {
        do throws(SystemError) {
            return try File.contents(of: file, limit: limit)
        } catch {
            throw .own(
                .fileUnreadable, "\(file) cannot be read: \(error.reason).",
                next: "Name a file of at most \(most ?? "\(limit / 1024) KiB"), as a user who may "
                    + "read it.")
        }
    }
}

/// One file of `tokenctl template check`.
struct TemplateCheck: Equatable {
    let file: String
    let mistakes: [TemplateMistake]

    /// A folder's files, or one file with the parts beside it.
    static func all(at path: String) throws(Failure) -> [TemplateCheck] {
        let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        if let status = try? File.status(of: path), status.isFolder {
            return checks(try files(in: path))
        }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let around = try files(in: folder)
        let bytes = try Run.contents(of: path, limit: PaperLimits.read, PaperLimits.fileSize)
        let file = TemplateFile(name: path, bytes: bytes)
        if file.isPart {
            let others = around.filter { $0.base != file.base }
            return checks(others + [file]).filter { $0.file == path }
        }
        guard let kind = DocumentKind.of(file) else {
            return [TemplateCheck(file: path, mistakes: [TemplateMistake(ofNoPaper: file)])]
        }
        return [
            TemplateCheck(
                file: path, mistakes: TemplateSet.mistakes(kind, file, parts: around))
        ]
    }

    private static func checks(_ files: [TemplateFile]) -> [TemplateCheck] {
        let mistakes = TemplateSet.load(files).mistakes
        var names = files.map(\.name)
        for mistake in mistakes where !names.contains(mistake.file) { names.append(mistake.file) }
        return names.map { name in
            TemplateCheck(file: name, mistakes: mistakes.filter { $0.file == name })
        }
    }

    static func files(in folder: String) throws(Failure) -> [TemplateFile] {
        do throws(SystemError) {
            return try TemplateFile.all(in: folder)
        } catch  where error.context != folder {
            let link = try? File.target(ofLink: error.context)
            throw .own(
                .fileUnreadable, "\(error.context) cannot be read: \(error.reason).",
                next: link.map { "It is a link to \($0): put the template itself there." }
                    ?? "Make it readable, of at most \(PaperLimits.fileSize).")
        } catch {
            throw .own(
                .fileUnreadable, "The templates in \(folder) cannot be read: \(error.reason).",
                next: "Name the folder they lie in, as a user who may read it.")
        }
    }

    var document: JSONValue {
        .object([
            ("file", .string(file)), ("good", .bool(mistakes.isEmpty)),
            (
                "mistakes",
                .array(
                    mistakes.map { mistake in
                        [
                            "line": .integer(Int64(mistake.line)),
                            "column": .integer(Int64(mistake.column)),
                            "wrong": .string(mistake.wrong), "remedy": .string(mistake.remedy),
                        ]
                    })
            ),
        ])
    }
}
