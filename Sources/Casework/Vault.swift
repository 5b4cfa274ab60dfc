import Crypto
import JSON
import System

/// Names a record in the vault without saying anything about it: SHA-256 over 32 random
/// bytes of salt and the data, in 64 lower-case hex digits.
package struct Commitment: Equatable, Hashable, Sendable, CustomStringConvertible {
    let hash: Hash256
    package var hex: String { hash.hex }
    package var description: String { hex }

    /// nil for anything but 64 lower-case hex digits, so that it can stand in a path.
    package init?(_ hex: String) {
        guard let hash = Hash256(hex: hex) else { return nil }
        self.hash = hash
    }

    init(_ hash: Hash256) { self.hash = hash }

    fileprivate init(salt: [UInt8], data: [UInt8]) throws(CryptoError) {
        hash = try Hash256.of(salt + data)
    }
}

/// Why the vault could not keep or give a record.
package enum VaultError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no such record; it may have been removed after its retention time.
    case notFound(Commitment)
    /// The record is not what was committed to.
    case altered(Commitment)
    /// More bytes than `Vault.longestRecord`, or not JSON.
    case unfit(String)
    /// No room on the disk; nothing was written.
    case noRoom(SystemError)
    /// What is there could not be read.
    case unreadable(SystemError)
    case system(SystemError)
    case crypto(CryptoError)

    package var description: String {
        switch self {
        case .notFound(let name): "no record \(name) in the vault (it may have been removed)"
        case .altered(let name): "record \(name) in the vault is not what was committed to"
        case .unfit(let reason): "a record unfit for the vault: \(reason)"
        case .noRoom(let cause), .unreadable(let cause), .system(let cause): "vault: \(cause)"
        case .crypto(let cause): "vault: \(cause)"
        }
    }

    /// Whether it was to be read from, and not written.
    package var isOfReading: Bool {
        switch self {
        case .notFound, .altered, .unreadable: true
        case .unfit, .noRoom, .system, .crypto: false
        }
    }
}

/// Personal data beside the journal: a file a record, named by its commitment.
///
/// The journal holds the commitment alone. With the file gone nobody can learn from the
/// journal what stood in it (the salt went with it), and the chain still verifies.
package struct Vault: Sendable {
    /// The folder; only its owner may look into it.
    package let folder: String
    /// Bytes of JSON.
    package static let longestRecord = 256 * 1024

    /// Whether opening it made the folder.
    let isNew: Bool
    /// The folder's number in its file system; nil where opening it found none.
    private let inode: UInt64?

    private static let beforeSalt = Array("{\"salt\":\"".utf8)
    private static let beforeData = Array("\",\"data\":".utf8)

    /// Makes the folder where there is none.
    package init(_ folder: String) throws(VaultError) {
        self.folder = folder
        isNew = !File.exists(folder)
        do throws(SystemError) {
            try File.makeFolder(folder, mode: 0o700)
        } catch  where [.readOnly, .noSpace, .quotaExceeded].contains(error.errno) {
            // Told by `fault`.
        } catch {
            throw Vault.sorted(error)
        }
        inode = Vault.inode(of: folder)
    }

    private static func inode(of folder: String) -> UInt64? {
        guard let status = try? File.statusBehindLinks(of: folder), status.isFolder else {
            return nil
        }
        return status.inode
    }

    /// Keeps `record` (a JSON text) as a draft; on the medium when this returns, so that a journal
    /// line may name it. Once one does, `settle` makes it a record.
    package func put(_ record: [UInt8]) throws(VaultError) -> Commitment {
        guard record.count <= Vault.longestRecord else { throw .unfit("longer than 256 KiB") }
        do throws(JSONError) {
            let limits = JSONLimits(length: Vault.longestRecord)
            try JSONReader.over(record, limits: limits) { (reader) throws(JSONError) in
                try reader.skip()
                try reader.finish()
            }
        } catch {
            throw .unfit(error.description)
        }
        let salt: [UInt8]
        let name: Commitment
        do throws(CryptoError) {
            salt = try SecureRandom.bytes(32)
            name = try Commitment(salt: salt, data: record)
        } catch {
            throw .crypto(error)
        }
        try keep(
            Vault.beforeSalt + Array(Hex.lower(salt).utf8) + Vault.beforeData + record
                + Array("}".utf8),
            as: name)
        return name
    }

    private func keep(_ text: [UInt8], as name: Commitment) throws(VaultError) {
        do throws(SystemError) {
            try File.replace(draft(name), with: text, mode: 0o600)
        } catch {
            throw Vault.sorted(error)
        }
    }

    /// Says that a line names it. Where the medium does not take that now, a later start says it.
    package func settle(_ name: Commitment) { try? File.rename(draft(name), to: path(name)) }

    /// The JSON text that was put under this name, checked against it.
    package func get(_ name: Commitment) throws(VaultError) -> [UInt8] {
        let text: [UInt8]
        do throws(SystemError) {
            text = try File.contents(
                of: place(name), limit: Vault.longestRecord + 256, .readingOwn)
        } catch {
            throw error.errno == .noEntry ? .notFound(name) : .unreadable(error)
        }
        let saltAt = Vault.beforeSalt.count
        let dataAt = saltAt + 64 + Vault.beforeData.count
        guard text.count > dataAt, text.starts(with: Vault.beforeSalt),
            text[(saltAt + 64)..<dataAt].elementsEqual(Vault.beforeData),
            text.last == UInt8(ascii: "}"),
            let salt = Hex.bytes(String(decoding: text[saltAt..<(saltAt + 64)], as: UTF8.self))
        else { throw .altered(name) }
        let data = Array(text[dataAt..<(text.count - 1)])
        let found: Commitment
        do throws(CryptoError) {
            found = try Commitment(salt: salt, data: data)
        } catch {
            throw .crypto(error)
        }
        guard found == name else { throw .altered(name) }
        return data
    }

    /// What is wrong with the folder now; nil where nothing is. Asks the disk.
    package var fault: VaultFault? {
        if let fault = VaultFault(lookingAt: folder) { return fault }
        // The number outlives the file system being mounted again; its device's may not.
        guard let inode, let now = Vault.inode(of: folder), now != inode else { return nil }
        return .replaced
    }

    /// What lies in the folder.
    struct Content {
        var records: [Commitment] = []
        /// Those that were not settled: a line may name them, or none.
        var drafts: [Commitment] = []
        /// Paths of what was not written to its end.
        var torn: [String] = []
    }

    func content() throws(SystemError) -> Content {
        var content = Content()
        for file in try File.names(in: folder) {
            if file.hasSuffix(".json"), let name = Commitment(String(file.dropLast(5))) {
                content.records.append(name)
            } else if file.hasSuffix(".json.new"), let name = Commitment(String(file.dropLast(9))) {
                content.drafts.append(name)
            } else if file.hasSuffix(".json.new.new"), Commitment(String(file.dropLast(13))) != nil {
                content.torn.append(folder + "/" + file)
            }
        }
        return content
    }

    func removeTorn(_ path: String) { try? File.remove(path) }

    /// Whether there is such a record, or such a draft.
    func has(_ name: Commitment) -> Bool { File.exists(place(name)) }

    /// Removes a record after its retention time. What a medium keeps of a removed file is
    /// the medium's; the state folder belongs on an encrypted disk.
    package func remove(_ name: Commitment) throws(VaultError) {
        do throws(SystemError) {
            try File.remove(place(name))
            try File.syncFolder(of: path(name))
        } catch {
            throw error.errno == .noEntry ? .notFound(name) : Vault.sorted(error)
        }
    }

    func path(_ name: Commitment) -> String { folder + "/" + name.hex + ".json" }

    private func draft(_ name: Commitment) -> String { path(name) + ".new" }

    private func place(_ name: Commitment) -> String {
        File.exists(path(name)) ? path(name) : draft(name)
    }

    private static func sorted(_ error: SystemError) -> VaultError {
        error.errno == .noSpace || error.errno == .quotaExceeded ? .noRoom(error) : .system(error)
    }
}
