import APDU

/// The files of one card, read by path and in pieces (ISO 7816-4, 7.1.1 and 7.2.3).
struct PKCS15Files {
    let bench: Workbench
    /// The application's name.
    var name: [UInt8]
    let isFlat: Bool
    /// The application's path, where it is known: paths in the objects may be relative to it.
    var applicationPath: [UInt8]?

    /// Longest file and most pieces that are read.
    private static var longest: Int { 8192 }
    private static var mostPieces: Int { 64 }

    /// SELECT by the application's name; its answer, or nil where the card has none.
    func selectApplication<C: CardChannel & ~Copyable>(
        _ card: inout C
    ) throws(TokenError) -> [UInt8]? {
        let answer = try bench.ask(
            &card, CommandHeader(ins: 0xA4, p1: 0x04, p2: 0x00), name, named: "SELECT")
        return answer.status == .success ? answer.data : nil
    }

    /// SELECT by path; whether it is there.
    func select<C: CardChannel & ~Copyable>(
        _ card: inout C, path: [UInt8]
    ) throws(TokenError) -> Bool {
        let name = "SELECT FILE"
        let (p1, data) = way(path)
        var status = try bench.ask(
            &card, CommandHeader(ins: 0xA4, p1: p1, p2: 0x0C), data, expecting: .none,
            named: name
        ).status
        // A card that always tells what it selected.
        if status.meaning == .incorrectParameters {
            status = try bench.ask(
                &card, CommandHeader(ins: 0xA4, p1: p1, p2: 0x00), data, named: name
            ).status
        }
        return status == .success
    }

    /// P1 and the data: by path from the MF, else by identifier or path from here.
    private func way(_ path: [UInt8]) -> (UInt8, [UInt8]) {
        if isFlat { return (0x00, path.suffix(2)) }
        var whole = path
        if !path.starts(with: [0x3F, 0x00]), let applicationPath { whole = applicationPath + path }
        guard whole.starts(with: [0x3F, 0x00]) else {
            return (whole.count == 2 ? 0x00 : 0x09, whole)
        }
        return whole.count == 2 ? (0x00, whole) : (0x08, Array(whole.dropFirst(2)))
    }

    /// What a file holds; nil where it is not there or may not be read.
    ///
    /// - Parameter probing: nobody knows yet that the card has files at all.
    func read<C: CardChannel & ~Copyable>(
        _ card: inout C, _ path: PKCS15Object.Path, probing: Bool = false
    ) throws(TokenError) -> [UInt8]? {
        guard try select(&card, path: path.file), path.offset <= 0x7FFF else { return nil }
        var content: [UInt8] = []
        for _ in 0..<Self.mostPieces {
            let at = path.offset + content.count
            guard at <= 0x7FFF, content.count < Self.longest else { break }
            let header = CommandHeader(
                ins: 0xB0, p1: UInt8(truncatingIfNeeded: at >> 8), p2: UInt8(truncatingIfNeeded: at)
            )
            let answer = try bench.ask(&card, header, named: "READ BINARY")
            if !probing, content.isEmpty, answer.status.hintsAtAnotherApplet {
                throw TokenError(.disturbed(answer.status), "READ BINARY")
            }
            guard answer.status == .success || answer.status == .endOfFile, !answer.data.isEmpty
            else { break }
            content += answer.data
            if let count = path.count, content.count >= count { break }
            if answer.status == .endOfFile || isWhole(content, answer.data.count) { break }
        }
        if let count = path.count { content = Array(content.prefix(count)) }
        return content.isEmpty ? nil : content
    }

    /// Whether nothing can follow: the objects end where the file does, or in its padding.
    private func isWhole(_ content: [UInt8], _ lastPiece: Int) -> Bool {
        guard lastPiece < 256 || content.suffix(2) == [0, 0] else { return false }
        var reader = TLVReader(content, padding: .skipped)
        return (try? reader.all()) != nil
    }
}
