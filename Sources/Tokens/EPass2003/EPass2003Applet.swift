import APDU
import Crypto
import Secrets

/// A Feitian ePass2003 as OpenSC personalises it. Its way in is open; good until that token is
/// reset.
package final class EPass2003Applet: TokenApplet {
    let line: EPass2003Line
    private var isInApplication = false
    private var lists: Lists?
    private var tries: (pin: Int?, officer: Int?)?

    /// The codes by their number in commands.
    enum Code: UInt8 {
        case user = 1
        case officer = 2
    }

    /// What the token's ISO 7816-15 objects say.
    struct Lists {
        var keys: [PKCS15Object.PrivateKey] = []
        var certificates: [PKCS15Object.CertificateEntry] = []
        var token: PKCS15Object.TokenInfo?
    }

    // MARK: Selecting

    /// There is nothing to select: the token says in the clear how its commands are protected. A
    /// card of another kind is asked this one question.
    package static func select<C: CardChannel & ~Copyable>(
        _ card: inout C, _ bench: Workbench
    ) throws(TokenError) -> EPass2003Applet? {
        let answer = try bench.ask(
            &card, CommandHeader(ins: 0xCA, p1: 0x01, p2: 0x86), named: "GET DATA 0186")
        guard answer.status == .success,
            let protection = EPass2003Object.protection(answer.data)
        else { return nil }
        return EPass2003Applet(try EPass2003Line(&card, bench, protection))
    }

    private init(_ line: EPass2003Line) { self.line = line }

    // MARK: Rules and counters

    package var pinRule: CodeRule { CodeRule(4...16, .printable) }

    package func readPINCounter<C: CardChannel & ~Copyable>(
        _ card: inout C, asking query: StatusQuery
    ) throws(TokenError) -> Counter {
        guard query != .forbidden else { return .unknown(.queryUnsafe) }
        return try askStatus(&card, .user, limit: try readTries(&card).pin)
    }

    /// The security officer proves the PIN and writes the holder's. With the new PIN its tries are
    /// written, and how many those are stands in a file.
    package func readUnblocking<C: CardChannel & ~Copyable>(
        _ card: inout C
    ) throws(TokenError) -> [UnblockingWay] {
        let tries = try readTries(&card)
        return [
            UnblockingWay(
                .soPIN, rule: Self.officerRule,
                counter: try askStatus(&card, .officer, limit: tries.officer),
                obstacle: tries.pin == nil ? .providerOnly : nil)
        ]
    }

    private static let officerRule = CodeRule(4...16, .any)

    /// Tries of full counters; read once.
    private func readTries<C: CardChannel & ~Copyable>(
        _ card: inout C
    ) throws(TokenError) -> (pin: Int?, officer: Int?) {
        if let tries { return tries }
        let read = EPass2003Object.tries(try readFile(&card, 0x9F00) ?? [])
        tries = read
        return read
    }

    /// EXTERNAL AUTHENTICATE without an answer, behind a challenge as OpenSC asks for one: 63Cx.
    private func askStatus<C: CardChannel & ~Copyable>(
        _ card: inout C, _ code: Code, limit: Int?
    ) throws(TokenError) -> Counter {
        _ = try challenge(&card)
        let status = try line.send(
            &card, Self.header(code), nil, expected: nil, named: "EXTERNAL AUTHENTICATE (empty)"
        ).status
        switch status.meaning {
        case .triesLeft(let n): return Counter(.known(n), limit: limit)
        case .blocked: return Counter(.known(0), limit: limit)
        case .success: return .unknown(.verified)
        default: return .unknown(.oddAnswer)
        }
    }

    // MARK: Codes

    package func verify<C: CardChannel & ~Copyable>(
        _ card: inout C, pin: borrowing Secret
    ) throws(TokenError) -> CodeAnswer {
        try authenticate(&card, .user, pin)
    }

    package func unblock<C: CardChannel & ~Copyable>(
        _ card: inout C, _ form: UnblockingForm, code: borrowing Secret, newPIN: borrowing Secret
    ) throws(TokenError) -> CodeAnswer {
        let name = "UPDATE KEY 01"
        guard form == .soPIN, let tries = try readTries(&card).pin else {
            throw TokenError(.unsupported, form.rawValue)
        }
        let content: EPass2003Text
        do throws(EPass2003Failure) {
            // Before the officer's PIN goes out: nothing is to stop between the two.
            content = try EPass2003Text([UInt8(truncatingIfNeeded: tries << 4 | tries)])
            try Self.append(keyOf: newPIN, to: content)
        } catch {
            throw EPass2003Line.failed(error, name, sent: false)
        }
        let proven = try authenticate(&card, .officer, code)
        guard proven == .accepted else { return proven }
        let status = try line.send(
            &card, CommandHeader(0x80, 0xE5, 0x04, Code.user.rawValue), content, expected: nil,
            secret: true, named: name
        ).status
        // Whatever it says, it says nothing of the officer's PIN, which was right.
        return status == .success ? .accepted : .refused(status)
    }

    /// The PIN is the key to a challenge and never goes out itself.
    private func authenticate<C: CardChannel & ~Copyable>(
        _ card: inout C, _ code: Code, _ pin: borrowing Secret
    ) throws(TokenError) -> CodeAnswer {
        let name = "EXTERNAL AUTHENTICATE 0\(code.rawValue)"
        guard pin.count > 0 else { throw TokenError(.malformed, name) }
        let challenge = try challenge(&card)
        let proof: EPass2003Text
        do throws(EPass2003Failure) {
            let key = try EPass2003Text()
            try Self.append(keyOf: pin, to: key)
            proof = try EPass2003Text(challenge)
                .enciphered(by: .tripleDES, try key.sealed(), .ecb)
        } catch {
            throw EPass2003Line.failed(error, name, sent: false)
        }
        return CodeAnswer(
            try line.send(
                &card, Self.header(code), proof, expected: nil, secret: true, named: name
            ).status)
    }

    /// The key of a PIN: the SHA-1 of its characters and their number in four bytes.
    private static func append(
        keyOf pin: borrowing Secret, to text: EPass2003Text
    ) throws(EPass2003Failure) {
        try text.append(hash: .sha1, of: pin)
        text.append([0, 0, 0, UInt8(truncatingIfNeeded: pin.count)])
    }

    /// Sixteen bytes, as OpenSC asks for them; the first eight are meant.
    private func challenge<C: CardChannel & ~Copyable>(
        _ card: inout C
    ) throws(TokenError) -> [UInt8] {
        let name = "GET CHALLENGE"
        let answer = try line.send(
            &card, CommandHeader(ins: 0x84, p1: 0, p2: 0), nil, expected: 16, named: name)
        guard answer.status == .success else { throw TokenError(.status(answer.status), name) }
        guard answer.data.count >= 8 else { throw TokenError(.malformed, name) }
        return Array(answer.data.prefix(8))
    }

    private static func header(_ code: Code) -> CommandHeader {
        CommandHeader(ins: 0x82, p1: 0x01, p2: 0x80 | code.rawValue)
    }

    /// No pad makes keys of PINs.
    package func padEntries<C: CardChannel & ~Copyable>(
        _ card: inout C
    ) throws(TokenError) -> PadEntries { .none }

    // MARK: Files

    private static let longest = 8192
    private static let mostPieces = 96
    /// A piece whose protected answer has lengths below 128: above, the token's are no BER.
    private static let piece = 111

    /// What a file of the application holds; nil where it is not there or may not be read.
    func readFile<C: CardChannel & ~Copyable>(
        _ card: inout C, _ file: UInt16
    ) throws(TokenError) -> [UInt8]? {
        if !isInApplication {
            for folder: UInt16 in [0x3F00, 0x5015] {
                guard try selectFile(&card, folder) != nil else { return nil }
            }
            isInApplication = true
        }
        guard let information = try selectFile(&card, file) else { return nil }
        let size = min(EPass2003Object.fileSize(information) ?? Self.longest, Self.longest)
        var content: [UInt8] = []
        for _ in 0..<Self.mostPieces where content.count < size {
            let at = content.count
            let wanted = min(Self.piece, size - at)
            let answer = try line.send(
                &card,
                CommandHeader(
                    ins: 0xB0, p1: UInt8(truncatingIfNeeded: at >> 8),
                    p2: UInt8(truncatingIfNeeded: at)),
                nil, expected: UInt8(wanted), named: "READ BINARY")
            guard answer.status == .success || answer.status == .endOfFile, !answer.data.isEmpty
            else { break }
            content += answer.data.prefix(size - at)
            if answer.data.count < wanted || Self.isWhole(content) { break }
        }
        return content.isEmpty ? nil : content
    }

    /// Whether only the zeros behind the objects can follow.
    private static func isWhole(_ content: [UInt8]) -> Bool {
        guard content.suffix(2) == [0, 0] else { return false }
        var reader = TLVReader(content, padding: .skipped)
        return (try? reader.all()) != nil
    }

    /// The FCI; nil where it is not there.
    private func selectFile<C: CardChannel & ~Copyable>(
        _ card: inout C, _ file: UInt16
    ) throws(TokenError) -> [UInt8]? {
        let data: EPass2003Text
        do throws(EPass2003Failure) {
            data = try EPass2003Text([
                UInt8(truncatingIfNeeded: file >> 8), UInt8(truncatingIfNeeded: file),
            ])
        } catch {
            throw EPass2003Line.failed(error, "SELECT FILE", sent: false)
        }
        let answer = try line.send(
            &card, CommandHeader(ins: 0xA4, p1: 0, p2: 0), data, expected: 0,
            named: "SELECT FILE")
        return answer.status == .success ? answer.data : nil
    }

    /// The lists of objects; read once.
    func readLists<C: CardChannel & ~Copyable>(_ card: inout C) throws(TokenError) -> Lists {
        if let lists { return lists }
        var read = Lists()
        let directory =
            try readFile(&card, 0x5031).flatMap { PKCS15Object.directory($0) }
            ?? PKCS15Object.Directory()
        for path in directory.privateKeys.prefix(Self.mostLists) {
            read.keys += PKCS15Object.privateKeys(try readFile(&card, path) ?? [])
        }
        for path in directory.certificates.prefix(Self.mostLists) {
            read.certificates += PKCS15Object.certificates(try readFile(&card, path) ?? [])
        }
        read.token = try readFile(&card, 0x5032).flatMap { PKCS15Object.tokenInfo($0) }
        lists = read
        return read
    }

    private static let mostLists = 4

    func readFile<C: CardChannel & ~Copyable>(
        _ card: inout C, _ path: PKCS15Object.Path
    ) throws(TokenError) -> [UInt8]? {
        guard let file = EPass2003Object.file(path.file),
            let content = try readFile(&card, file)
        else { return nil }
        let part = content.dropFirst(path.offset)
        return Array(path.count.map { part.prefix($0) } ?? part)
    }
}
