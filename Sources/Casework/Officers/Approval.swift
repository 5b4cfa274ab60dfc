import Crypto
import JSON

/// What a second officer approves: one restore of one token, until its permit expires.
package struct Act: Equatable, Sendable {
    package let restore: String
    package let caseNumber: String
    package let device: String
    package let form: String
    /// nil for a token without a profile.
    package let profile: String?
    package let expires: Timestamp

    package init(
        restore: String, caseNumber: String, device: String, form: String, profile: String?,
        expires: Timestamp
    ) {
        self.restore = restore
        self.caseNumber = caseNumber
        self.device = device
        self.form = form
        self.profile = profile
        self.expires = expires
    }

    /// As it is shown, signed and recorded: UTF-8, a line each, an LF behind every line. What a
    /// token says of itself can make no line of its own.
    package var text: String {
        let lines = [
            "vn.tokenstation.approval.v1", "restore: \(restore)", "case: \(caseNumber)",
            "device: \(device)", "form: \(form)", "profile: \(profile ?? "none")",
            "expires: \(expires)",
        ]
        return lines.map { Self.oneLine($0) + "\n" }.joined()
    }

    private static func oneLine(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars {
            line.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7F ? "?" : scalar)
        }
        return line
    }
}

/// A second officer's yes, as `restore.approved` has it.
package struct Approval: Equatable, Sendable {
    /// By the officer's own token, over the text of the act.
    package struct Signature: Equatable, Sendable {
        /// DER.
        package let certificate: [UInt8]
        package let signature: [UInt8]

        package init(certificate: [UInt8], signature: [UInt8]) {
            self.certificate = certificate
            self.signature = signature
        }
    }

    package let restore: String
    package let act: String
    /// nil for an approval by password.
    package let signature: Signature?

    package init(restore: String, act: String, signature: Signature?) {
        self.restore = restore
        self.act = act
        self.signature = signature
    }

    package func write(into what: inout What) {
        what.put(.restore, restore)
        what.put(.act, act)
        what.put(.signer, signature.map { Self.digits($0.certificate) })
        what.put(.signature, signature.map { Self.digits($0.signature) })
    }

    private static func digits(_ bytes: [UInt8]) -> String {
        String(decoding: Base64.encode(bytes), as: UTF8.self)
    }

    /// Why what the record says does not hold; nil where it does.
    package var fault: String? {
        guard act.hasPrefix("vn.tokenstation.approval.v1\nrestore: \(restore)\n") else {
            return "approves another act than that of its restore"
        }
        guard let signature else { return nil }
        guard let certificate = try? Certificate(der: signature.certificate),
            let scheme = SignatureScheme.preferred(for: certificate.publicKey.algorithm),
            (try? certificate.publicKey.verify(
                signature.signature, of: Array(act.utf8), scheme: scheme)) == true
        else { return "has a signature that is not its signer's over the act" }
        return nil
    }

    /// nil for a line that is no approval, or one that holds.
    static func fault(of line: JournalLine) -> String? {
        guard JournalKind.named(line[line.kind]) == .restoreApproved else { return nil }
        var reader = JSONReader(line[line.what], limits: .journal)
        guard let what = try? reader.value(),
            let restore = what[JournalField.restore.rawValue]?.string,
            let act = what[JournalField.act.rawValue]?.string
        else { return "is no approval" }
        var signature: Signature? = nil
        if what[JournalField.signature.rawValue] != nil || what[JournalField.signer.rawValue] != nil
        {
            guard let signer = bytes(what, .signer), let signed = bytes(what, .signature) else {
                return "has a signature that cannot be read"
            }
            signature = Signature(certificate: signer, signature: signed)
        }
        return Approval(restore: restore, act: act, signature: signature).fault
    }

    private static func bytes(_ what: JSONValue, _ field: JournalField) -> [UInt8]? {
        what[field.rawValue]?.string.flatMap { Base64.decode(Array($0.utf8)) }
    }
}
