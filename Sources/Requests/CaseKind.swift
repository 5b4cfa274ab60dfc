/// What people come to the counter for. Each row of a request is a case of its request's kind.
package enum CaseKind: String, Equatable, Hashable, Sendable, CaseIterable {
    /// A locked device is to be restored: Mẫu 06.
    case restore
    /// A device goes to its subscriber, or from one person to another: NĐ 30/2020 Điều 32.
    case handOver = "hand-over"
    /// A device comes back after its certificate expired or was revoked: Mẫu 08.
    case takeBack = "return"
    /// A device is lost: Mẫu 09.
    case lost
    /// Somebody else used a device, or stole it.
    case misuse
}

/// Where a private key lies that is not in a PKI token: such a row goes to the Cục.
package enum OtherCarrier: String, Equatable, Hashable, Sendable, CaseIterable {
    case simPKI = "sim-pki"
    case hsm
    case centralised
    case other
}

/// Why a device comes back.
package enum ReturnReason: String, Equatable, Hashable, Sendable, CaseIterable {
    case expired
    case revoked
}
