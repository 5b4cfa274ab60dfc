/// A mail address as requests and certificates write it: one `@`, ASCII, no quoted parts.
package struct MailAddress: Equatable, Sendable {
    package let mailbox: String
    /// In lower case.
    package let domain: String

    /// nil for what no office's mail address looks like (RFC 5321, 4.1.2, dot-strings only).
    package init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= 254, (1...64).contains(parts[0].utf8.count)
        else { return nil }
        let mailbox = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        guard mailbox.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isAtom) }),
            labels.count >= 2,
            labels.allSatisfy({ label in
                (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { Self.isLetterOrDigit($0) || $0 == 0x2D }
            })
        else { return nil }
        self.mailbox = String(parts[0])
        domain = parts[1].lowercased()
    }

    /// Whether the domain is one of `suffixes` or below it; a suffix is `.gov.vn` or `gov.vn`.
    package func isOffice(_ suffixes: [String]) -> Bool {
        suffixes.contains { suffix in
            let bare = suffix.lowercased().drop { $0 == "." }
            return !bare.isEmpty && (domain == bare || domain.hasSuffix("." + bare))
        }
    }

    /// Whether the domain is one that anybody can have an address at.
    package func isPrivate(_ providers: [String]) -> Bool {
        providers.contains { provider in
            guard !provider.hasSuffix(".*") else {
                // `yahoo.*`: at the provider's own domain and those of single countries.
                let start = String(provider.dropLast())
                guard domain.hasPrefix(start) else { return false }
                let rest = String(domain.dropFirst(start.count))
                if rest == "com" || rest.utf8.count == 2 { return true }
                return rest.utf8.count <= 6 && (rest.hasPrefix("com.") || rest.hasPrefix("co."))
            }
            return domain == provider || domain.hasSuffix("." + provider)
        }
    }

    /// How a certificate's address fits that of a request.
    static func verdict(_ asked: String, _ held: String, _ suffixes: [String]) -> Match.Verdict {
        if asked.utf8.elementsEqual(held.utf8) { return .equal }
        guard let a = MailAddress(asked), let b = MailAddress(held) else { return .different }
        if a == b { return .equal }
        guard a.mailbox.lowercased() == b.mailbox.lowercased() else { return .different }
        if a.domain == b.domain { return .near(.mailCase) }
        return a.isOffice(suffixes) && b.isOffice(suffixes) ? .near(.mailDomain) : .different
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }

    private static func isAtom(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || Array("!#$%&'*+-/=?^_`{|}~".utf8).contains(byte)
    }
}
