import Crypto

/// A certification authority for training: its name says that it is worth nothing.
package enum TrainingAuthority {
    /// - Parameter now: Unix seconds.
    package static func make(now: Int64) throws(VirtualTokenError) -> CertificateIssuer {
        do throws(CryptoError) {
            return try CertificateIssuer(
                subject: [
                    ("C", "VN"), ("O", "TẬP DƯỢT"), ("CN", "CA tập dượt, không có giá trị"),
                ],
                key: KeyPair(generating: .p256), notBefore: now - 10 * 365 * 86_400,
                notAfter: now + 30 * 365 * 86_400)
        } catch {
            throw VirtualTokenError(.crypto, "making a training authority: \(error)")
        }
    }
}

/// Whom a token's certificates name, and when they are valid.
package struct CertificateSubject: Sendable {
    package var holder = "Nguyễn Thị Ánh"
    package var body = "Sở Khoa học và Công nghệ Hải Phòng"
    package var email: String? = "anhnt@example.gov.vn"
    /// Seconds of validity before and after `now`.
    package var validity: ClosedRange<Int64> = -86_400...(5 * 365 * 86_400)

    /// Takes one option of the command line; false where it is none of these.
    mutating func set(
        _ option: String, _ value: () throws(VirtualTokenError) -> String
    ) throws(VirtualTokenError) -> Bool {
        switch option {
        case "--holder": holder = try value()
        case "--body": body = try value()
        case "--email":
            let address = try value()
            email = address.isEmpty ? nil : address
        case "--expired": validity = (-2 * 365 * 86_400)...(-86_400)
        case "--not-yet-valid": validity = 86_400...(2 * 365 * 86_400)
        default: return false
        }
        return true
    }

    /// A certificate for `key`.
    func certificate(
        for key: PublicKey, usage: KeyUsage, now: Int64, authority: CertificateIssuer
    ) throws(CryptoError) -> Certificate {
        var subject = [("C", "VN"), ("L", "Hải Phòng"), ("O", body), ("CN", holder)]
        if let email { subject.append(("E", email)) }
        var content = CertificateContent(
            subject: subject, key: key, notBefore: now + validity.lowerBound,
            notAfter: now + validity.upperBound, alternativeEmails: email.map { [$0] } ?? [])
        content.keyUsage = usage
        return try authority.issue(content)
    }
}
