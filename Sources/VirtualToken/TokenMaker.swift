import Crypto
import System

extension Options {
    /// The token these options ask for: the one kept in the state folder, else a new one. The
    /// options for making a token do nothing to one that is kept.
    ///
    /// - Parameter now: Unix seconds.
    package func token(now: Int64) throws(VirtualTokenError) -> (SimulatedToken, StateFolder?) {
        let folder = try stateFolder.map { (path) throws(VirtualTokenError) in
            try StateFolder(path)
        }
        let authority = try publishedAuthority(folder, now)
        return (try token(folder, authority, now), folder)
    }

    /// One token for each slot of a reader, all of one authority. Those after the first have
    /// serial numbers that follow its own, and are kept in `slot-N` of the state folder.
    package func tokens(
        now: Int64, count: Int
    ) throws(VirtualTokenError) -> [(SimulatedToken, StateFolder?)] {
        let folder = try stateFolder.map { (path) throws(VirtualTokenError) in
            try StateFolder(path)
        }
        let authority = try publishedAuthority(folder, now)
        var made = [(try token(folder, authority, now), folder)]
        for slot in 1..<max(count, 1) {
            var other = self
            other.recipe.serial &+= UInt32(slot)
            other.faults = []
            let folder = try stateFolder.map { (path) throws(VirtualTokenError) in
                try StateFolder(path + "/slot-\(slot)")
            }
            made.append((try other.token(folder, authority, now), folder))
        }
        return made
    }

    private func token(
        _ folder: StateFolder?, _ authority: CertificateIssuer, _ now: Int64
    ) throws(VirtualTokenError) -> SimulatedToken {
        var token = SimulatedToken(try card(folder, authority, now))
        for fault in faults { token.arm(fault) }
        return token
    }

    /// The authority, its certificates written where the options say.
    private func publishedAuthority(
        _ folder: StateFolder?, _ now: Int64
    ) throws(VirtualTokenError) -> CertificateIssuer {
        let authority = try self.authority(folder, now)
        if let authorityOut {
            try Self.publish(Array(PEM.encode(authority.certificate).utf8), authorityOut)
        }
        if let deviceRootOut {
            let root: [UInt8]
            do throws(CryptoError) {
                root = try SmartCardHSMTrust.rootCertificate(authority.key)
            } catch {
                throw VirtualTokenError(.crypto, "the root of devices: \(error)")
            }
            try Self.publish(root, deviceRootOut)
        }
        return authority
    }

    private static func publish(_ bytes: [UInt8], _ file: String) throws(VirtualTokenError) {
        do throws(SystemError) { try File.replace(file, with: bytes, mode: 0o644) } catch {
            throw VirtualTokenError(.file, "\(error)")
        }
    }

    private func authority(
        _ folder: StateFolder?, _ now: Int64
    ) throws(VirtualTokenError) -> CertificateIssuer {
        if let authorityFolder { return try StateFolder(authorityFolder).authority(now: now) }
        if let folder { return try folder.authority(now: now) }
        return try TrainingAuthority.make(now: now)
    }

    private func card(
        _ folder: StateFolder?, _ authority: CertificateIssuer, _ now: Int64
    ) throws(VirtualTokenError) -> any SimulatedCard {
        if let folder, let kept = try folder.token() {
            return try folder.naming { () throws(VirtualTokenError) in try recipe.keeping(kept) }
        }
        let made = try recipe.make(now: now, authority: authority)
        try folder?.save(made)
        return made
    }
}
