import JSON
import Paperwork

// Templates and the office's file: what is wrong in them, or what they mean.

extension Page {
    mutating func add(_ check: TemplateCheck) {
        var head = TextLine(check.file + ": ", .strong)
        guard !check.mistakes.isEmpty else {
            head.add("right", .good)
            return line(head)
        }
        head.add(Words.counted(check.mistakes.count, "mistake", "mistakes"), .bad)
        line(head)
        for mistake in check.mistakes {
            text("line \(mistake.line), column \(mistake.column): \(mistake.wrong)", indent: 2)
            text("\(mistake.remedy).", .quiet, indent: 4)
        }
    }

    /// One mistake with its file.
    mutating func add(_ mistake: TemplateMistake) {
        text(
            "\(mistake.file): line \(mistake.line), column \(mistake.column): \(mistake.wrong)",
            .bad)
        text("\(mistake.remedy).", indent: 2)
    }

    /// The head line of a file, and what is wrong in it.
    mutating func add(_ file: String, _ mistakes: [FileMistake]) {
        var head = TextLine(file + ": ", .strong)
        guard !mistakes.isEmpty else {
            head.add("right", .good)
            return line(head)
        }
        head.add(Words.counted(mistakes.count, "mistake", "mistakes"), .bad)
        line(head)
        for mistake in mistakes { add(mistake) }
    }

    mutating func add(_ office: Office) {
        field("office", office.name)
        field("under", office.superior)
        field("numbers", "15/TB-\(office.symbol)")
        field("place", office.place)
        for (name, value) in [
            ("identifier", office.identifier), ("address", office.address),
            ("telephone", office.phone), ("mail", office.email),
        ] {
            if let value { field(name, value) }
        }
        field(
            "provider",
            office.provider.name + (office.provider.superior.map { ", " + $0 } ?? ""))
        let signer = [office.signer.capacity, office.signer.position].compactMap { $0 }
        field("signs", signer.joined(separator: " ") + (office.signer.name.map { ": " + $0 } ?? ""))
        for basis in office.bases {
            let papers =
                basis.papers == DocumentKind.allCases
                ? "every paper that cites bases"
                : basis.papers.map(\.rawValue).joined(separator: ", ")
            switch basis.state {
            case .inForce: field("cited", "\(basis.text) (in \(papers))")
            case .draft: field("not cited", "\(basis.text) (a draft)", .warning)
            }
        }
        for copy in office.copies { field("copy to", copy) }
    }
}
