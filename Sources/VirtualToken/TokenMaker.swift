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
        let authority = try self.authority(folder, now)
        if let authorityOut {
            let pem = Array(PEM.encode(authority.certificate).utf8)
            do throws(SystemError) {
                try File.replace(authorityOut, with: pem, mode: 0o644)
            } catch {
                throw VirtualTokenError(.file, "\(error)")
            }
        }
        var token = SimulatedToken(PIVCard(model, try state(folder, authority, now)))
        for fault in faults { token.arm(fault) }
        return (token, folder)
    }

    private func authority(
        _ folder: StateFolder?, _ now: Int64
    ) throws(VirtualTokenError) -> CertificateIssuer {
        if let authorityFolder { return try StateFolder(authorityFolder).authority(now: now) }
        if let folder { return try folder.authority(now: now) }
        return try Personalisation.authority(now: now)
    }

    private func state(
        _ folder: StateFolder?, _ authority: CertificateIssuer, _ now: Int64
    ) throws(VirtualTokenError) -> PIVState {
        if let kept = try folder?.token() { return kept }
        let made = try personalisation.make(now: now, authority: authority)
        try folder?.save(made)
        return made
    }
}
