// What a paper is filled with, of any content: it comes out as text, and a QR code as squares.
// sources: Sources/CLinux Sources/Secrets Sources/System Sources/JSON Sources/WorkingDays Sources/Paperwork
// seed: 3c7376672076696577426f783d2230203020323120323122203e3c7265637420783d22302220793d2230222077696474683d22323122206865696768743d223231222066696c6c3d2223666666666666222f3e3c7265637420783d22302220793d2230222077696474683d223122206865696768743d2231222066696c6c3d2223303030303030222f3e3c2f7376673e
// seed: 3c2623783330313b3e22277b7b61cc81e280ae
import Paperwork

private let template = """
    <!doctype html>
    <html lang="vi"><head><meta charset="utf-8"><title>T</title></head><body><p>[{{advice}}]</p>\
    <p>{{office.name}}{{case.number}}{{body.name|upper}}{{request.received}}{{due}}</p>\
    {{qr}}</body></html>
    """
private let set = TemplateSet.load(
    [TemplateFile(name: "reception-slip.html", bytes: Array(template.utf8))], [.receptionSlip]
).set
private let office = Office(
    name: "A", superior: "S", symbol: "K", place: "P", identifier: nil, address: nil, phone: nil,
    email: nil,
    provider: Office.Provider(name: "V", superior: nil, address: nil, identifier: nil),
    signer: Office.Signer(capacity: nil, position: "G", name: nil), bases: [], copies: [])

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeRawBufferPointer(start: start, count: count))
    let given = String(decoding: bytes, as: UTF8.self)
    var values = DocumentValues.sample(.receptionSlip, office, isTraining: false)
    values[.advice] = .text(given)
    values[.bodyName] = .text("x" + given)
    if let code = QRCode(svg: bytes) { values[.qr] = .qr(code) }
    guard let set, let paper = try? set.render(.receptionSlip, values) else {
        preconditionFailure("no paper")
    }
    let text = String(decoding: paper, as: UTF8.self)
    precondition(Array(text.utf8) == paper, "not UTF-8")
    guard let open = paper.firstIndex(of: UInt8(ascii: "[")),
        let close = paper.indices.first(where: { paper[$0...].starts(with: Array("]</p>".utf8)) })
    else { preconditionFailure("no text") }
    // Only line ends are markup within the value.
    var rest = paper[open...close]
    while let mark = rest.firstIndex(of: UInt8(ascii: "<")) {
        precondition(paper[mark...].starts(with: Array("<br>".utf8)), "markup in a value")
        rest = rest[(mark + 1)...]
    }
    precondition(!paper[open...close].contains(UInt8(ascii: "\"")), "a quote in a value")
    return 0
}
