import APDU
import Crypto
import Secrets

/// An application with ISO 7816-15 (PKCS #15) objects: VGCA's token, IsoApplet, MyEID, and cards
/// of which nothing is known but these objects. Selected on a card, its lists of objects read;
/// good until that card is reset.
package final class PKCS15Applet: TokenApplet {
    let bench: Workbench
    private let files: PKCS15Files
    let model: PKCS15Model
    private let token: PKCS15Object.TokenInfo?
    let keys: [PKCS15Object.PrivateKey]
    private let certificates: [PKCS15Object.CertificateEntry]
    /// The PIN of the key that would prove a restore; nil where the objects name none.
    private let pin: PKCS15Authentication?
    /// The code that unblocks it.
    private let puk: PKCS15Authentication?

    // MARK: Selecting

    private static let objects = PKCS15Object.Path(file: [0x50, 0x31])
    private static let tokenInfo = PKCS15Object.Path(file: [0x50, 0x32])
    private static let directory = PKCS15Object.Path(file: [0x3F, 0x00, 0x2F, 0x00])
    private static var mostApplications: Int { 4 }

    /// The models with an application of their own first, then the standard's, then what EF.DIR
    /// names. A card that is none of them is asked three SELECTs by name and one by path.
    package static func select<C: CardChannel & ~Copyable>(
        _ card: inout C, _ bench: Workbench
    ) throws(TokenError) -> PKCS15Applet? {
        var files = PKCS15Files(bench: bench, name: PKCS15Model.chipDocName, isFlat: true)
        if try files.selectApplication(&card) != nil,
            let applet = try PKCS15Applet(&card, files, PKCS15Model(kind: .chipDoc))
        {
            return applet
        }
        files = PKCS15Files(bench: bench, name: PKCS15Model.isoAppletName, isFlat: false)
        if let version = try files.selectApplication(&card) {
            let known = version.count >= 3 ? version : [0, 0, 0]
            let model = PKCS15Model(kind: .isoApplet(major: known[0], minor: known[1]))
            files.applicationPath = model.applicationPath
            if let applet = try PKCS15Applet(&card, files, model) { return applet }
        }
        files.name = PKCS15Model.standardName
        if try files.selectApplication(&card) != nil {
            let model = try standardModel(&card, bench)
            files.applicationPath = model.applicationPath
            if let applet = try PKCS15Applet(&card, files, model) { return applet }
        }
        guard let directory = try files.read(&card, directory, probing: true) else { return nil }
        for application in PKCS15Object.applications(directory).prefix(mostApplications) {
            files.name = application.name
            files.applicationPath = application.path
            if application.path == nil {
                guard try files.selectApplication(&card) != nil else { continue }
            }
            let found = try PKCS15Applet(&card, files, PKCS15Model(kind: .generic))
            if let found { return found }
        }
        return nil
    }

    /// MyEID tells its version in 20 bytes about its applet.
    private static func standardModel<C: CardChannel & ~Copyable>(
        _ card: inout C, _ bench: Workbench
    ) throws(TokenError) -> PKCS15Model {
        let answer = try bench.ask(
            &card, CommandHeader(ins: 0xCA, p1: 0x01, p2: 0xA0), expecting: .exactly(20),
            named: "GET DATA 01A0")
        guard answer.status == .success, answer.data.count == 20 else {
            return PKCS15Model(kind: .generic)
        }
        return PKCS15Model(kind: .myEID(major: answer.data[5], minor: answer.data[6]))
    }

    /// Reads the lists of objects; nil where there are none.
    private init?<C: CardChannel & ~Copyable>(
        _ card: inout C, _ files: PKCS15Files, _ model: PKCS15Model
    ) throws(TokenError) {
        guard
            let directory = try files.read(&card, Self.objects, probing: true).flatMap({
                PKCS15Object.directory($0)
            })
        else { return nil }
        let keys = PKCS15Object.privateKeys(
            try Self.joined(&card, files, directory.privateKeys))
        let certificates = PKCS15Object.certificates(
            try Self.joined(&card, files, directory.certificates))
        let codes = PKCS15Authentication.all(
            try Self.joined(&card, files, directory.authentication))
        token = try files.read(&card, Self.tokenInfo).flatMap { PKCS15Object.tokenInfo($0) }
        pin = Self.pin(codes, keys, certificates)
        puk = pin?.unblockedBy.flatMap { link in
            codes.first { $0.identifier == link && $0.unblocks }
        }
        bench = files.bench
        self.files = files
        self.model = model
        self.keys = keys
        self.certificates = certificates
    }

    /// The lists of one kind, one after the other.
    private static func joined<C: CardChannel & ~Copyable>(
        _ card: inout C, _ files: PKCS15Files, _ paths: [PKCS15Object.Path]
    ) throws(TokenError) -> [UInt8] {
        var all: [UInt8] = []
        for path in paths.prefix(mostApplications) {
            all += try files.read(&card, path) ?? []
        }
        return all
    }

    /// The PIN behind the key that would prove a restore, else the first that is a holder's.
    private static func pin(
        _ codes: [PKCS15Authentication], _ keys: [PKCS15Object.PrivateKey],
        _ certificates: [PKCS15Object.CertificateEntry]
    ) -> PKCS15Authentication? {
        let holders = codes.filter { !$0.unblocks }
        let certified = keys.filter { key in
            certificates.contains { $0.identifier == key.identifier }
        }
        let proving =
            certified.first { $0.use == .signature }
            ?? certified.first { $0.use == .authentication }
        return holders.first { $0.identifier == proving?.authentication }
            ?? holders.first { !$0.isOfficers } ?? holders.first
    }

    // MARK: Identity

    package var pinRule: CodeRule { pin.map { model.ruleOfNew($0) } ?? CodeRule(4...8, .digits) }

    package func readIdentity<C: CardChannel & ~Copyable>(
        _ card: inout C, slots: [KeySlot]?
    ) throws(TokenError) -> TokenIdentity {
        var read: [TokenCertificate] = []
        for key in keys where slots?.contains(key.slot) ?? true {
            guard !read.contains(where: { $0.slot == key.slot }),
                let entry = certificates.first(where: { $0.identifier == key.identifier }),
                let certificate = try readCertificate(&card, entry)
            else { continue }
            read.append(
                TokenCertificate(slot: key.slot, use: key.use, certificate: certificate))
        }
        return TokenIdentity(
            family: .pkcs15, model: model.name(token?.label), serial: serial, guid: nil,
            certificates: read,
            marks: TokenMarks(
                aid: Hex.upper(files.name), label: token?.label, manufacturer: token?.manufacturer,
                version: model.version,
                pin: pin.map {
                    CodeFrame(
                        reference: model.reference(of: $0), stored: $0.stored, padding: $0.padding)
                },
                unblocking: puk.map {
                    CodeFrame(reference: $0.reference, stored: $0.stored, padding: $0.padding)
                }))
    }

    /// Nil for one that cannot be read: the others still count.
    private func readCertificate<C: CardChannel & ~Copyable>(
        _ card: inout C, _ entry: PKCS15Object.CertificateEntry
    ) throws(TokenError) -> Certificate? {
        switch entry.place {
        case .here(let der): return PKCS15Object.certificate(der)
        case .file(let path):
            return try files.read(&card, path).flatMap { PKCS15Object.certificate($0) }
        }
    }

    /// Digits where the token wrote it in digits, else hex; nil where it is all zero.
    private var serial: String? {
        guard let bytes = token?.serial, bytes.count <= 32,
            bytes.contains(where: { $0 != 0 && $0 != 0x30 })
        else { return nil }
        if bytes.count >= 4, bytes.allSatisfy({ (0x30...0x39).contains($0) }) {
            return String(decoding: bytes, as: UTF8.self)
        }
        return Hex.lower(bytes)
    }

    // MARK: Counters

    package func readPINCounter<C: CardChannel & ~Copyable>(
        _ card: inout C, asking query: StatusQuery
    ) throws(TokenError) -> Counter {
        guard let pin else { return .unknown(.notShown) }
        guard model.bears(query) else { return .unknown(.queryUnsafe) }
        try selectHome(&card, of: pin)
        return try bench.askStatus(&card, reference: model.reference(of: pin))
    }

    package func readUnblocking<C: CardChannel & ~Copyable>(
        _ card: inout C
    ) throws(TokenError) -> [UnblockingWay] {
        guard let pin else { return [] }
        let obstacle: UnblockingObstacle? =
            pin.isNeverUnblocked ? .switchedOff : unblocking == nil ? .notSet : nil
        return [
            UnblockingWay(
                .puk, rule: unblocking?.rule ?? pin.rule, counter: .unknown(.notShown),
                obstacle: obstacle)
        ]
    }

    /// What the PUK looks like, also where the objects leave it out.
    private var unblocking: PKCS15Authentication? {
        puk ?? pin.flatMap { model.unlistedPUK(of: $0) }
    }

    /// A PIN of a DF wants that DF selected.
    private func selectHome<C: CardChannel & ~Copyable>(
        _ card: inout C, of code: PKCS15Authentication
    ) throws(TokenError) {
        guard !files.isFlat, let path = code.path else { return }
        guard try files.select(&card, path: path.file) else {
            throw TokenError(.malformed, "SELECT FILE")
        }
    }

    // MARK: Codes

    package func unblock<C: CardChannel & ~Copyable>(
        _ card: inout C, _ form: UnblockingForm, code: borrowing Secret, newPIN: borrowing Secret
    ) throws(TokenError) -> CodeAnswer {
        let name = "RESET RETRY COUNTER"
        guard let pin, let unblocking, !pin.isNeverUnblocked else {
            throw TokenError(.unsupported, name)
        }
        try selectHome(&card, of: pin)
        return try bench.answer(
            &card, CommandHeader(ins: 0x2C, p1: 0, p2: model.reference(of: pin)),
            try CodeEncoding.made(for: name) { () throws(CodeUnfit) in
                try PKCS15Code.pair(code, unblocking, newPIN, pin)
            },
            named: name)
    }

    package func verify<C: CardChannel & ~Copyable>(
        _ card: inout C, pin code: borrowing Secret
    ) throws(TokenError) -> CodeAnswer {
        guard let pin else { throw TokenError(.unsupported, "VERIFY") }
        try selectHome(&card, of: pin)
        return try bench.answer(
            &card, CommandHeader(ins: 0x20, p1: 0, p2: model.reference(of: pin)),
            try CodeEncoding.made(for: "VERIFY") { () throws(CodeUnfit) in
                try PKCS15Code.encoded(code, pin)
            },
            named: "VERIFY")
    }

    package func padEntries<C: CardChannel & ~Copyable>(
        _ card: inout C
    ) throws(TokenError) -> PadEntries {
        // A pad selects no file first.
        guard let pin, pin.path == nil || model.isFlat || files.applicationPath != nil else {
            return .none
        }
        return PKCS15Code.padEntries(
            reference: model.reference(of: pin), pin,
            puk: pin.isNeverUnblocked ? nil : unblocking)
    }
}
