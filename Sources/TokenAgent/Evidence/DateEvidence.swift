import Casework
import Crypto

/// A date in UTC, as people write it: 2026-11-21.
struct Day: CustomStringConvertible {
    let description: String

    init(_ unixTime: Int64) { self.init(Timestamp(seconds: unixTime)) }
    init(_ time: Timestamp) { description = String(time.description.prefix(10)) }
}

extension Proof.Item {
    /// The two longest times the decree allows, in days, leap days counted.
    private static let fiveYears: Int64 = 5 * 365 + 2
    private static let threeYears: Int64 = 3 * 365 + 1

    static func validity(_ certificate: Certificate, _ now: Int64?) -> Self {
        func item(_ finding: Finding, _ how: String) -> Self { Self("validity", finding, how) }
        guard let now else {
            return item(
                .notShown, "the station's clock is not synchronised, so dates are unknown")
        }
        if now < certificate.notBefore {
            return item(.contradicted, "the certificate begins on \(Day(certificate.notBefore))")
        }
        if now > certificate.notAfter {
            return item(.contradicted, "the certificate ended on \(Day(certificate.notAfter))")
        }
        return item(
            .shown,
            "the certificate is valid from \(Day(certificate.notBefore)) to "
                + "\(Day(certificate.notAfter))")
    }

    /// Five years at most for a new certificate, three for an extended one; which of them it is,
    /// a certificate does not say.
    static func lifetime(_ certificate: Certificate) -> Self {
        let seconds = certificate.notAfter - certificate.notBefore
        let days = (seconds + 86_399) / 86_400
        func item(_ finding: Finding, _ how: String) -> Self {
            Self("lifetime", finding, "valid for \(days) days in all: " + how)
        }
        if days > fiveYears {
            return item(.contradicted, "longer than the five years of a new certificate")
        }
        return days > threeYears
            ? item(
                .shown,
                "within the five years of a new certificate; an extended one may have three")
            : item(.shown, "within the three years of an extended certificate")
    }

    /// Whether the certificate names the holder of the request. Names are equal whatever way
    /// their accents are encoded.
    static func holder(_ holder: String, _ certificate: Certificate) -> Self {
        func plain(_ name: String) -> String {
            name.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        let names = certificate.subject.values("CN")
        return names.contains { plain($0) == plain(holder) }
            ? Self("holder", .shown, "the certificate names the holder of the request")
            : Self(
                "holder", .notShown,
                "the certificate writes the name otherwise than the request; that both mean the same "
                    + "was a person's word")
    }
}
