import Crypto
import System

/// A folder in which a token, and the authority that signs for it, outlive the program.
///
/// The folder is made for its owner alone; each file is replaced as a whole, so after a crash
/// the old or the new state stands there.
package struct StateFolder: Sendable {
    package let path: String

    /// - Throws: `.file` when there is no such folder and none can be made.
    package init(_ path: String) throws(VirtualTokenError) {
        self.path = path
        do throws(SystemError) { try File.makeFolder(path, mode: 0o700) } catch {
            throw VirtualTokenError(.file, "\(error)")
        }
    }

    private var tokenFile: String { path + "/token" }
    private var authorityFile: String { path + "/authority" }

    /// The state of the token that is kept here; nil where there is none yet.
    package func token() throws(VirtualTokenError) -> String? { try Self.read(tokenFile) }

    /// What is wrong with the kept token, with the name of its file.
    package func naming<T>(
        _ body: () throws(VirtualTokenError) -> T
    ) throws(VirtualTokenError) -> T {
        do throws(VirtualTokenError) { return try body() } catch {
            throw VirtualTokenError(error.code, "\(tokenFile): \(error)")
        }
    }

    package func save(_ card: any SimulatedCard) throws(VirtualTokenError) {
        try Self.write(card.stateText(), to: tokenFile)
    }

    /// The authority that is kept here; made, and kept, where there is none yet.
    package func authority(now: Int64) throws(VirtualTokenError) -> CertificateIssuer {
        if let text = try Self.read(authorityFile) {
            return try StateText.decodeAuthority(text)
        }
        let made = try TrainingAuthority.make(now: now)
        try Self.write(StateText.encode(made), to: authorityFile)
        return made
    }

    private static func read(_ file: String) throws(VirtualTokenError) -> String? {
        do throws(SystemError) {
            return String(decoding: try File.contents(of: file, limit: 1 << 20), as: UTF8.self)
        } catch  where error.errno == .noEntry {
            return nil
        } catch {
            throw VirtualTokenError(.file, "\(error)")
        }
    }

    private static func write(_ text: String, to file: String) throws(VirtualTokenError) {
        do throws(SystemError) { try File.replace(file, with: Array(text.utf8)) } catch {
            throw VirtualTokenError(.file, "\(error)")
        }
    }
}
