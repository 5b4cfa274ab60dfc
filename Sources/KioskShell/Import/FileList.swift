import Requests

/// The files that requests can be read from.
struct FileList: Equatable, Sendable {
    /// Nil: being looked for.
    var found: RequestFileList?
    var chosen = Scroll()
    /// The file that is chosen once they are there.
    var sought: RequestFile?
    /// The file that is being read.
    var reads: RequestFile?

    var files: [RequestFile] { found?.files ?? [] }
}

extension Counter {
    /// - Parameter sought: the file that somebody comes back from.
    mutating func showFiles(at sought: RequestFile? = nil) {
        show(.files(FileList(sought: sought)))
        emit(.listFiles)
    }

    mutating func pressFiles(_ key: Key, _ was: FileList) {
        var list = was
        switch key {
        case .escape: return goHome()
        case .function(5):
            let isThere = list.files.indices.contains(list.chosen.place)
            return showFiles(at: isThere ? list.files[list.chosen.place] : nil)
        case .choose(let number): list.chosen.move(to: number, of: list.files.count)
        case .enter:
            guard list.files.indices.contains(list.chosen.place) else { return }
            let file = list.files[list.chosen.place]
            list.reads = file
            emit(.readFile(file))
        default: guard list.chosen.press(key, of: list.files.count) else { return }
        }
        notice = nil
        screen = .files(list)
    }

    mutating func listed(_ found: RequestFileList) {
        guard case .files(var list) = screen else { return }
        list.found = found
        let sought = found.files.firstIndex { $0.path == list.sought?.path }
        list.chosen.move(to: sought ?? list.chosen.place, of: found.files.count)
        list.sought = nil
        screen = .files(list)
    }

    mutating func fileRead(_ file: RequestFile, _ content: RequestFileContent) {
        guard case .files(var list) = screen, list.reads == file else { return }
        switch content {
        case .requests(let read): showIntake(FileIntake(file, read))
        case .mistakes(let mistakes): showIntake(FileIntake(file, mistakes: mistakes))
        case .tooLong:
            list.reads = nil
            screen = .files(list)
            let most = String(RequestImport.longestFile / 1_024)
            notice = Sentence(.noticeFileTooLong, file.name, most)
        case .unreadable(let why):
            list.reads = nil
            screen = .files(list)
            notice = Sentence(.noticeFileUnreadable, why)
        }
    }

    func drawFiles(_ list: FileList, _ p: inout Painter) {
        p.line(p.text(.filesTitle), .heading)
        p.paragraph(p.text(.filesMeans), .quiet, most: 2)
        p.gap()
        guard let found = list.found else { return p.line(p.text(.paperLoading), .quiet) }
        for folder in found.unreadable { p.paragraph("! " + folder, .warning, most: 2) }
        for folder in found.crowded {
            let most = String(RequestFolder.mostEntries)
            p.paragraph("! " + p.text(.filesCrowded, folder, most), .warning, most: 3)
        }
        if found.leftOut > 0 {
            let shown = String(found.files.count)
            let phrase: Phrase = found.crowded.isEmpty ? .filesLeftOut : .filesLeftOutOfSeen
            p.paragraph("! " + p.text(phrase, shown, String(found.leftOut)), .warning, most: 3)
        }
        guard !found.files.isEmpty else { return p.paragraph(p.text(.filesNone), .quiet) }
        let rows = list.chosen.rowsAround(max(p.rowsLeft - 1, 1), of: found.files.count)
        let top = p.row
        for place in rows {
            let file = found.files[place]
            let isChosen = place == list.chosen.place
            let kilobytes = "\((file.size + 1_023) / 1_024) KiB"
            let text =
                "  " + padded(file.name, p.width * 45 / 100) + "  "
                + padded(kilobytes, 9) + "  " + file.folder
            p.line(padded(text, p.width), isChosen ? .chosen : .text)
            p.touch(from: p.row - 1, isChosen ? .enter : .choose(place))
        }
        p.wheel(from: top)
        let hidden = found.files.count - rows.upperBound
        if hidden > 0 { p.line("  " + p.text(.filesMore, String(hidden)), .quiet) }
    }
}
