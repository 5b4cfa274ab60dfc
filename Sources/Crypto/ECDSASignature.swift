/// An ECDSA signature in its two forms.
package enum ECDSASignature {
    /// The DER that X.509 wants (RFC 3279, 2.2.3) of r and s side by side, each as long as the
    /// other (BSI TR-03111, 5.2.1), as cards give them; nil for an odd or zero number of bytes.
    package static func der(ofPlain signature: [UInt8]) -> [UInt8]? {
        guard !signature.isEmpty, signature.count % 2 == 0 else { return nil }
        let half = signature.count / 2
        return DER.sequence(
            DER.unsigned(Array(signature[..<half])) + DER.unsigned(Array(signature[half...])))
    }
}
