import Synchronization

/// The certificates that were read last: one and the same token's are read several times in a
/// row, and OpenSSL takes longer over a certificate than a card over most commands.
///
/// Keyed by every byte, so what comes out is what reading them again would give.
final class RecentCertificates: Sendable {
    static let shared = RecentCertificates()

    private static let most = 16
    /// Longer ones are not kept, in bytes.
    private static let longest = 4096

    /// The one that was asked for last stands last.
    private let kept = Mutex<[Certificate]>([])

    func certificate(_ der: [UInt8]) -> Certificate? {
        kept.withLock { kept in
            guard let place = kept.firstIndex(where: { $0.der == der }) else { return nil }
            let found = kept.remove(at: place)
            kept.append(found)
            return found
        }
    }

    func keep(_ certificate: Certificate) {
        guard certificate.der.count <= Self.longest else { return }
        kept.withLock { kept in
            if kept.count == Self.most { kept.removeFirst() }
            kept.append(certificate)
        }
    }
}
