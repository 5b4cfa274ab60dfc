import Crypto
import System

/// The folder in which somebody puts revocation lists, as their issuers publish them. Read anew
/// for each check, so that a list counts from the moment it lies there.
struct RevocationFolder: Equatable, Sendable {
    /// So many files are read, and so many bytes of all of them together.
    private static let mostFiles = 64
    private static let mostBytes = 32 << 20

    let path: String

    init(_ path: String) { self.path = path }

    struct Contents: Sendable {
        var lists: [RevocationList] = []
        /// Names of files that are no revocation list, or were too many or too large.
        var unread: [String] = []
    }

    /// Reads the lists, PEM or DER. A folder that cannot be read has none.
    func read() -> Contents {
        var contents = Contents()
        let names = ((try? File.names(in: path)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
        var room = Self.mostBytes
        for (i, name) in names.enumerated() {
            guard i < Self.mostFiles, let bytes = bytes(name, room),
                let lists = try? PEM.revocationLists(in: bytes)
            else {
                contents.unread.append(name)
                continue
            }
            room -= bytes.count
            contents.lists += lists
        }
        return contents
    }

    /// nil for what is no file: whoever opened a pipe would wait for its other end.
    private func bytes(_ name: String, _ room: Int) -> [UInt8]? {
        let file = path + "/" + name
        guard let status = try? File.status(of: file), status.isFile else {
            return nil
        }
        return try? File.contents(of: file, limit: room)
    }
}
