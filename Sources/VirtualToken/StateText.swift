import Crypto

/// A token's state as lines of text: a word, then values, bytes in hex. The first line names
/// the family, PIV where it does not.
///
/// Test codes and test keys stand in it as they are.
enum StateText {
    private static let heading = "virtual-token 1"

    /// The whole text of a state of these lines.
    static func text(_ family: String, _ lines: [String]) -> String {
        let first = family == PIVCard.family ? heading : heading + " " + family
        return ([first] + lines).joined(separator: "\n") + "\n"
    }

    /// Whose state it is.
    static func family(_ text: String) throws(VirtualTokenError) -> String {
        let words = text.prefix { $0 != "\n" }.split(separator: " ").map(String.init)
        guard words.prefix(2).joined(separator: " ") == heading, words.count <= 3 else {
            throw VirtualTokenError(.damagedState, "line 1: \(heading) expected")
        }
        return words.count == 3 ? words[2] : PIVCard.family
    }

    /// Gives the words of each line after the first to `take`, which says whether they read.
    static func read(
        _ text: String, of family: String, _ take: ([String]) -> Bool
    ) throws(VirtualTokenError) {
        let kept = try Self.family(text)
        guard kept == family else {
            throw VirtualTokenError(
                .damagedState, "line 1: a token of family \(kept), not \(family)")
        }
        for (number, line) in text.split(separator: "\n").enumerated().dropFirst() {
            let words = line.split(separator: " ").map(String.init)
            guard take(words) else {
                throw VirtualTokenError(
                    .damagedState, "line \(number + 1): \(words.first ?? "") does not read")
            }
        }
    }

    // MARK: Codes

    /// The words of a code behind its name.
    static func words(_ code: CardCode) -> String {
        let value = code.value.isEmpty ? "-" : Hex.lower(code.value)
        return "\(value) \(code.total) \(code.left) \(code.spent)"
    }

    /// A code from a line of five words, its name before it.
    static func code(_ words: [String]) -> CardCode? {
        guard words.count == 5, let value = words[1] == "-" ? [] : Hex.bytes(words[1]),
            let total = Int(words[2]), (1...15).contains(total), let left = Int(words[3]),
            (0...total).contains(left), let spent = Int(words[4]), spent >= 0
        else { return nil }
        return CardCode(value: value, total: total, left: left, spent: spent)
    }

    // MARK: The authority

    static func encode(_ authority: CertificateIssuer) throws(VirtualTokenError) -> String {
        do throws(CryptoError) {
            return "\(heading)\ncertificate \(Hex.lower(authority.certificate.der))\n"
                + "key \(Hex.lower(try authority.key.pkcs8()))\n"
        } catch {
            throw VirtualTokenError(.crypto, "the training authority's key: \(error)")
        }
    }

    static func decodeAuthority(_ text: String) throws(VirtualTokenError) -> CertificateIssuer {
        let lines = text.split(separator: "\n")
            .map { $0.split(separator: " ").map(String.init) }
        guard lines.count == 3, lines[0].joined(separator: " ") == heading,
            lines[1].count == 2, lines[1][0] == "certificate", lines[2].count == 2,
            lines[2][0] == "key",
            let certificate = Hex.bytes(lines[1][1]).flatMap({ try? Certificate(der: $0) }),
            let key = Hex.bytes(lines[2][1]).flatMap({ try? KeyPair(pkcs8: $0) }),
            key.publicKey == certificate.publicKey
        else { throw VirtualTokenError(.damagedState, "the training authority does not read") }
        return CertificateIssuer(certificate: certificate, key: key)
    }
}
