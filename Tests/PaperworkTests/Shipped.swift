import Foundation

@testable import Paperwork

/// The files under config/, and an office made up for tests.
enum Shipped {
    static let config = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("config")

    static let files = (try? TemplateFile.all(in: config.path + "/templates")) ?? []
    static let read = TemplateSet.load(files)

    static let office = Office(
        name: "Sở Khoa học và Công nghệ", superior: "Ủy ban nhân dân tỉnh Sông Vân",
        symbol: "SKHCN", place: "Sông Vân", identifier: nil, address: nil, phone: nil, email: nil,
        provider: Office.Provider(
            name: "Cục Chứng thực", superior: nil, address: nil, identifier: nil),
        signer: Office.Signer(capacity: nil, position: "Giám đốc", name: nil),
        bases: [
            Office.Basis(text: "Nghị định A", state: .inForce, papers: [.restoreNotice]),
            Office.Basis(text: "Quyết định B", state: .draft, papers: DocumentKind.allCases),
        ], copies: [])
}

/// The smallest template of the reception slip, with `body` in it.
func slip(_ body: String, style: String = "", head: String = "", required: Bool = true) -> String {
    let needed =
        "<p>{{office.name}} {{case.number}} {{body.name}} {{request.received}} {{due}}</p>"
    return "<!doctype html>\n<html lang=\"vi\"><head><meta charset=\"utf-8\">"
        + "<title>A</title>\(head)<style>\(style)</style></head>\n<body>\n\(body)\n"
        + (required ? needed : "") + "</body></html>\n"
}

/// What is wrong in a template of the reception slip.
func mistakes(_ template: String, parts: [String: String] = [:]) -> [TemplateMistake] {
    mistakes(Array(template.utf8), parts: parts)
}

func mistakes(_ template: [UInt8], parts: [String: String] = [:]) -> [TemplateMistake] {
    TemplateSet.mistakes(
        .receptionSlip, TemplateFile(name: "t", bytes: template),
        parts: parts.sorted { $0.key < $1.key }
            .map { TemplateFile(name: $0.key, bytes: Array($0.value.utf8)) })
}

/// The paper that a template of the reception slip makes.
func paper(
    _ template: String, _ change: (inout DocumentValues) -> Void = { _ in },
    isTraining: Bool = false
) throws -> String {
    var parser = TemplateParser(
        .receptionSlip, TemplateFile(name: "t", bytes: Array(template.utf8)), parts: [:])
    guard let template = parser.template() else { throw parser.mistakes[0] }
    var values = DocumentValues.sample(.receptionSlip, Shipped.office, isTraining: isTraining)
    change(&values)
    var renderer = Renderer(.receptionSlip, values)
    return String(decoding: try renderer.paper(template), as: UTF8.self)
}
