import Crypto
import System
import Tokens

/// What the station was given to check certificates with.
struct Trust: Sendable {
    /// The certificates that are trusted, and what lies between them and a token's.
    let roots: [Certificate]
    let intermediates: [Certificate]
    /// The same for what devices state of their keys: makers' roots, and what lies between.
    var attestation = AttestationTrust()
    /// Where lists of revoked certificates are put; nil where no folder is named.
    var revocation: RevocationFolder? = nil
}

struct AttestationTrust: Equatable, Sendable {
    var roots: [Certificate] = []
    var intermediates: [Certificate] = []
    /// Roots of SmartCard-HSMs: their scheme's own, and those that were installed besides.
    var devices = SmartCardHSMRoot.scheme.map { [$0] } ?? []

    init() {}

    /// Sorts the certificates of a folder: one that names itself as its issuer is a root.
    init(_ certificates: [Certificate], _ devices: [SmartCardHSMRoot] = []) {
        roots = certificates.filter { $0.subject == $0.issuer }
        intermediates = certificates.filter { $0.subject != $0.issuer }
        self.devices += devices
    }

    /// Whether anything that a device of this family states could be judged.
    func judges(_ family: Family) -> Bool {
        family == .smartCardHSM ? !devices.isEmpty : !roots.isEmpty
    }
}

extension Trust {
    /// Reads the certificate files that the configuration in `file` names.
    init(_ configuration: Configuration, of file: String) throws(ConfigurationError) {
        roots = try Trust.read(configuration.roots, "roots", of: file)
        intermediates = try Trust.read(configuration.intermediates, "intermediates", of: file)
        if let folder = configuration.attestationRoots {
            var devices: [SmartCardHSMRoot] = []
            let certificates = try Trust.read(folder: folder, "attestation_roots", of: file) {
                guard let root = SmartCardHSMRoot($0) else { return false }
                devices.append(root)
                return true
            }
            attestation = AttestationTrust(certificates, devices)
        }
        if let folder = configuration.revocationLists {
            revocation = RevocationFolder(folder)
            do throws(SystemError) { _ = try File.names(in: folder) } catch {
                throw ConfigurationError(
                    file: file, reason: "revocation_lists: \(folder): \(error.reason)")
            }
        }
    }

    /// The certificates of all files in a folder, in the order of their names.
    private static func read(
        folder: String, _ key: String, of file: String, taking other: ([UInt8]) -> Bool
    ) throws(ConfigurationError) -> [Certificate] {
        let names: [String]
        do throws(SystemError) {
            names = try File.names(in: folder)
        } catch {
            throw ConfigurationError(file: file, reason: "\(key): \(folder): \(error.reason)")
        }
        let paths = names.filter { !$0.hasPrefix(".") }.sorted().map { folder + "/" + $0 }
        return try read(paths, key, of: file, taking: other)
    }

    /// - Parameter other: takes what a file has that is no certificate; false where it is not.
    private static func read(
        _ paths: [String], _ key: String, of file: String,
        taking other: ([UInt8]) -> Bool = { _ in false }
    ) throws(ConfigurationError) -> [Certificate] {
        var certificates: [Certificate] = []
        for (i, path) in paths.enumerated() {
            func refusal(_ why: String) -> ConfigurationError {
                ConfigurationError(file: file, reason: "\(key)[\(i)]: \(path): \(why)")
            }
            let bytes: [UInt8]
            do throws(SystemError) {
                bytes = try File.contents(of: path, limit: 1 << 20)
            } catch {
                throw refusal("\(error.reason)")
            }
            if other(bytes) { continue }
            guard let found = try? PEM.certificates(in: bytes), !found.isEmpty else {
                throw refusal("holds no certificate in PEM or DER")
            }
            certificates += found
        }
        return certificates
    }
}
