import Foundation
import Testing

@testable import Paperwork

/// docs/templates.md and docs/office.md say what the code does.
struct ManualTests {
    private static func manual(_ name: String) throws -> [String] {
        let file = Shipped.config.deletingLastPathComponent().appendingPathComponent("docs/" + name)
        return try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
    }

    private static func names(_ fields: [DocumentField]) -> String {
        fields.map { "`\($0.rawValue)`" }.joined(separator: ", ")
    }

    @Test(arguments: DocumentKind.allCases) func everyPaperIsThere(_ kind: DocumentKind) throws {
        let lines = try Self.manual("templates.md")
        let head = try #require(
            lines.firstIndex(of: "### `\(kind.file)`: \(kind.title)"), "\(kind.title)")
        let text = lines[head...].dropFirst().prefix { !$0.hasPrefix("#") }
            .joined(separator: " ").split(separator: " ").joined(separator: " ")
        #expect(
            text.contains("Must show: " + Self.names(kind.required) + "."),
            "\(Self.names(kind.required))")
        #expect(
            text.contains("May show: " + Self.names(kind.optional) + "."),
            "\(Self.names(kind.optional))")
    }

    @Test(arguments: DocumentField.allCases) func everyPlaceholderIsThere(
        _ field: DocumentField
    ) throws {
        let form =
            switch field.form {
            case .text: "text"
            case .lines: "lines"
            case .day: "day"
            case .moment: "time"
            case .count: "count"
            case .qr: "picture"
            case .list: "list"
            case .row: "row"
            }
        let lines = try Self.manual("templates.md")
        #expect(lines.contains { $0.hasPrefix("| `\(field.rawValue)` | \(form) | ") })
    }

    /// What the station never fills, manual and preview promise of it nothing.
    @Test(arguments: DocumentField.allCases) func whatNobodyRecordsIsSaidToBeByHand(
        _ field: DocumentField
    ) throws {
        let row = try #require(
            try Self.manual("templates.md").first { $0.hasPrefix("| `\(field.rawValue)` | ") })
        let isByHand = row.hasSuffix("; left to be written in by hand |")
        #expect(isByHand == DocumentField.unrecorded.contains(field))
        guard isByHand else { return }
        for kind in DocumentKind.allCases {
            let sample = DocumentValues.sample(kind, Shipped.office, isTraining: false)
            #expect(sample.value(field, in: kind) == nil, "\(kind.rawValue)")
        }
    }

    @Test func everyElementIsThere() throws {
        let text = try Self.manual("templates.md").joined(separator: " ")
        for element in Markup.all { #expect(text.contains("`\(element.name)`"), "\(element.name)") }
    }

    @Test func everyKeyOfTheOfficeIsThere() throws {
        let lines = try Self.manual("office.md")
        for key in OfficeKey.all {
            let row =
                "| `\(key.path)` | \(key.allowed) | \(key.absent ?? "must be there") | \(key.meaning) |"
            #expect(lines.contains(row), "\(row)")
        }
    }
}
