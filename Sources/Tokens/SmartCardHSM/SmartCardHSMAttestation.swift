import APDU
import Crypto

/// Who vouches for a SmartCard-HSM: its own certificate and that of its issuer, as EF.C_DevAut
/// holds them. Nothing is verified by reading them.
package struct SmartCardHSMDevice: Equatable, Sendable {
    package let certificate: CardVerifiableCertificate
    package let issuer: CardVerifiableCertificate

    /// Both objects of the file, the device's first; nil for anything else, as a device has
    /// that signs for itself.
    package init?(file: [UInt8]) {
        var reader = TLVReader(file)
        guard let first = try? reader.next(), first.tag == 0x7F21,
            let second = try? reader.next(), second.tag == 0x7F21,
            let certificate = CardVerifiableCertificate(content: first.value),
            let issuer = CardVerifiableCertificate(content: second.value)
        else { return nil }
        self.certificate = certificate
        self.issuer = issuer
    }

    /// Whether root, issuer and device are signed each by the one before.
    package func leads(to root: SmartCardHSMRoot) -> Bool { curve(under: root) != nil }

    /// The curve of the device's key; nil where it does not lead to the root.
    func curve(under root: SmartCardHSMRoot) -> CardCurve? {
        guard issuer.issuer == root.certificate.holder, certificate.issuer == issuer.holder,
            root.certificate.hasSigned(issuer.body, issuer.signature, on: root.curve),
            let middle = issuer.curve(below: root.curve),
            issuer.hasSigned(certificate.body, certificate.signature, on: middle)
        else { return nil }
        return certificate.curve(below: middle)
    }
}

/// A root of SmartCard-HSMs.
package struct SmartCardHSMRoot: Equatable, Sendable {
    package let certificate: CardVerifiableCertificate
    let curve: CardCurve

    /// Reads a certificate that is signed by itself, on a curve it names; nil for any other.
    package init?(_ bytes: [UInt8]) {
        guard let certificate = CardVerifiableCertificate(bytes),
            certificate.issuer == certificate.holder,
            let curve = certificate.curve(below: nil),
            certificate.hasSigned(certificate.body, certificate.signature, on: curve)
        else { return nil }
        self.certificate = certificate
        self.curve = curve
    }

    /// CardContact's scheme root DESRCACC100001, 2012-11-09 to 2032-11-08, as its own scripts
    /// and three programs of others have it.
    package static let scheme = SmartCardHSMRoot(
        Hex.bytes(
            "7F218201B47F4E82016C5F290100420E44455352434143433130303030317F4982011D060A04007F00"
                + "0702020202038120A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E53"
                + "7782207D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9832026DC"
                + "5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B68441048BD2AEB9CB7E"
                + "57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262547EF835C3DAC4FD97F8461A14"
                + "611DC9C27745132DED8E545C1D54C72F0469978520A9FB57DBA1EEA9BC3E660A909D838D718C39"
                + "7AA3B561A6F7901E0E82974856A78641046D025A8026CDBA245F10DF1B72E9880FFF746DAB40A4"
                + "3A3D5C6BEBF27707C30F6DEA72430EE3287B0665C1EAA6EAA4FA26C46303001983F82BD1AA31E0"
                + "3DA0628701015F200E44455352434143433130303030317F4C10060B2B0601040181C31F030101"
                + "5301C05F25060102010100095F24060302010100085F37409DBB382B1711D2BAACB0C623D40C62"
                + "67D0B52BA455C01F56333DC9554810B9B2878DAF9EC3ADA19C7B065D780D6C9C3C2ECEDFD78DEB"
                + "18AF40778ADF89E861CA") ?? [])
}

/// What a device states of a key by the request it was born with.
package struct KeyRequest: Equatable, Sendable {
    package let request: SmartCardHSMRequest
    package let device: SmartCardHSMDevice

    /// The device's name without the sequence number of its key.
    package var serial: String { String(device.certificate.holder.dropLast(5)) }
}

/// The request a key was born with: the device vouches for its public half. It stands where the
/// certificate will, so that a key with a certificate has none any more.
package struct SmartCardHSMRequest: Equatable, Sendable {
    package let request: CardVerifiableCertificate
    /// The device that signed around it.
    package let device: String
    private let signed: [UInt8]
    private let signature: [UInt8]

    /// Reads the object 67, with no byte behind it; nil for anything else.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count <= CardVerifiableCertificate.longestEncoding else { return nil }
        var reader = TLVReader(bytes)
        guard let object = try? reader.next(), object.tag == 0x67, reader.rest.isEmpty,
            var parts = try? object.children(),
            let inner = try? parts.next(), inner.tag == 0x7F21,
            let request = CardVerifiableCertificate(content: inner.value),
            let name = try? parts.next(), name.tag == 0x42,
            let device = CardVerifiableCertificate.name(name.value)
        else { return nil }
        signed = Array(object.value[object.value.startIndex..<parts.rest.startIndex])
        guard let seal = try? parts.next(), seal.tag == 0x5F37, parts.rest.isEmpty else {
            return nil
        }
        self.request = request
        self.device = device
        signature = Array(seal.value)
    }

    /// Whether the device signed it, and the root stands behind the device.
    package func isVouchedFor(
        by device: SmartCardHSMDevice, under root: SmartCardHSMRoot
    ) -> Bool {
        guard self.device == device.certificate.holder, let curve = device.curve(under: root)
        else { return false }
        return device.certificate.hasSigned(signed, signature, on: curve)
    }

    /// Whether the request is for this key.
    package func isFor(_ key: PublicKey) -> Bool {
        switch request.key {
        case .rsa(let modulus, let exponent):
            guard let numbers = try? key.rsaNumbers() else { return false }
            return numbers.modulus.elementsEqual(modulus.drop { $0 == 0 })
                && numbers.exponent.elementsEqual(exponent.drop { $0 == 0 })
        case .point(let point, let curve):
            guard let made = try? curve?.key(point: point) else { return false }
            return made == key
        }
    }
}
