// A template of any content, with parts: reading ends, in a template or in mistakes that have a
// place; what it is filled with stays text, and the paper runs nothing and fetches nothing.
// sources: Sources/CLinux Sources/Secrets Sources/System Sources/JSON Sources/WorkingDays Sources/Paperwork
// seed: 3c21646f63747970652068746d6c3e3c68746d6c206c616e673d227669223e3c686561643e3c6d65746120636861727365743d227574662d38223e3c7469746c653e413c2f7469746c653e3c7374796c653e70207b20636f6c6f723a2072676228302c302c3029207d207b7b3e205f612e6373737d7d3c2f7374796c653e3c2f686561643e3c626f647920636c6173733d2261223e7b7b3e205f612e68746d6c7d7d7b7b2369662071727d7d617b7b656c73657d7d627b7b2f69667d7d7b7b236561636820646576696365737d7d3c703e7b7b6465766963652e726f777d7d26616d703b3c2f703e7b7b2f656163687d7d3c703e7b7b6f66666963652e6e616d657c75707065727d7d207b7b636173652e6e756d6265727d7d207b7b626f64792e6e616d657d7d207b7b726571756573742e72656365697665647c6c6f6e677d7d207b7b6475657d7d207b7b636f6e746163742e6e616d657d7d3c2f703e3c2f626f64793e3c2f68746d6c3e003c7461626c653e3c74626f64793e3c74723e3c746420636f6c7370616e3d2232223e7b7b6164766963657d7d3c2f74643e3c2f74723e3c2f74626f64793e3c2f7461626c653e3c212d2d2063202d2d3e004070616765207b2073697a653a204134207d202f2a2061202a2f20703a3a6265666f7265207b20636f6e74656e743a20227822207d
// seed: 3c21646f63747970652068746d6c3e3c68746d6c206c616e673d227669223e3c686561643e3c6d65746120636861727365743d227574662d38223e3c7469746c653e413c2f7469746c653e3c2f686561643e3c626f64793e3c696d67207372633d22646174613a696d6167652f706e673b6261736536342c6956424f5277304b47676f3d2220616c743d2261223e3c70207374796c653d22636f6c6f723a20726564223e7b7b6f66666963652e6e616d657d7d207b7b636173652e6e756d6265727d7d207b7b626f64792e6e616d657d7d207b7b726571756573742e72656365697665647c6c6f6e677d7d207b7b6475657d7d3c2f703e3c2f626f64793e3c2f68746d6c3e
import Paperwork

private let office = Office(
    name: "<b>\"'&{{due}}", superior: "S", symbol: "K", place: "P", identifier: nil,
    address: nil, phone: nil, email: nil,
    provider: Office.Provider(name: "V", superior: nil, address: nil, identifier: nil),
    signer: Office.Signer(capacity: nil, position: "G", name: nil), bases: [], copies: ["</p>"])

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeRawBufferPointer(start: start, count: count))
    let pieces = bytes.split(separator: 0, omittingEmptySubsequences: false).map { Array($0) }
    let kind = DocumentKind.receptionSlip
    var files = [TemplateFile(name: kind.file, bytes: pieces[0])]
    for (name, piece) in zip(["_a.html", "_a.css"], pieces.dropFirst()) {
        files.append(TemplateFile(name: name, bytes: piece))
    }
    let read = TemplateSet.load(files, [kind])
    precondition((read.set == nil) != read.mistakes.isEmpty, "neither right nor wrong")
    for mistake in read.mistakes {
        precondition(mistake.line > 0 && mistake.column > 0, "no place")
        precondition(mistake.line <= count + 1 && mistake.column <= count + 1, "beyond the file")
        precondition(!mistake.wrong.isEmpty && !mistake.remedy.isEmpty)
    }
    guard let set = read.set else { return 0 }
    var values = DocumentValues.sample(kind, office, isTraining: true)
    values[.contactName] = .text(String(decoding: bytes.suffix(64), as: UTF8.self))
    values[.bodyName] = .text("<SCRIPT src='http://a'>\u{202E}\u{301}")
    guard let paper = try? set.render(kind, values) else {
        preconditionFailure("a right template does not take good values")
    }
    let text = String(decoding: paper, as: UTF8.self)
    precondition(Array(text.utf8) == paper, "not UTF-8")
    for what in ["<script", "<SCRIPT", "\u{202E}"] {
        precondition(!text.contains(what), what)
    }
    precondition(text.contains("TẬP DƯỢT"), "not marked")
    return 0
}
