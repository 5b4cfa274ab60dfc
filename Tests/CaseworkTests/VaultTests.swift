import Casework
import Crypto
import Expectations
import Foundation
import System
import Testing

@Suite struct VaultTests {
    private let folder = TemporaryFolder()

    @Test func aRecordComesBackByteForByte() throws {
        let vault = try Vault(folder.path)
        let record = Array(#"{ "holder" : "Nguyễn Thị Ánh", "n":[1, 2]}"#.utf8)
        let name = try vault.put(record)
        #expect(try vault.get(name) == record)
    }

    @Test func theCommitmentIsSaltThenDataUnderSHA256() throws {
        let vault = try Vault(folder.path)
        let record = Array(#"{"holder":"A"}"#.utf8)
        let name = try vault.put(record)
        vault.settle(name)
        let file = try JSONSerialization.jsonObject(with: Data(folder.bytes(name.hex + ".json")))
        let salt = try #require((file as? [String: Any])?["salt"] as? String)
        let bytes = try #require(Hex.bytes(salt))
        #expect(bytes.count == 32)
        #expect(try SHA256.hex(bytes + record) == name.hex)
    }

    @Test func theSameDataHasAnotherNameEachTime() throws {
        let vault = try Vault(folder.path)
        let record = Array("{}".utf8)
        #expect(try vault.put(record) != vault.put(record))
    }

    @Test func onlyTheOwnerMayReadARecord() throws {
        let vault = try Vault(folder.path)
        let name = try vault.put(Array("{}".utf8))
        vault.settle(name)
        #expect(try File.status(of: folder.path).mode & 0o777 == 0o700)
        #expect(try File.status(of: "\(folder.path)/\(name.hex).json").mode & 0o777 == 0o600)
    }

    @Test func anAlteredRecordIsNotGiven() throws {
        let vault = try Vault(folder.path)
        let name = try vault.put(Array(#"{"holder":"A"}"#.utf8))
        vault.settle(name)
        let good = try folder.bytes(name.hex + ".json")
        for i in good.indices {
            var bytes = good
            bytes[i] ^= 1
            try folder.write(bytes, to: name.hex + ".json")
            #expect(throws: VaultError.altered(name)) { try vault.get(name) }
        }
        for length in 0..<good.count {
            try folder.write(Array(good[..<length]), to: name.hex + ".json")
            #expect(throws: VaultError.altered(name)) { try vault.get(name) }
        }
    }

    @Test(arguments: ["a folder", "a pipe (FIFO)", "a link"])
    func whatStandsInARecordsPlaceIsNamedAndNotWaitedFor(stranger: String) throws {
        let vault = try Vault(folder.path)
        let name = try vault.put(Array("{}".utf8))
        vault.settle(name)
        let path = "\(folder.path)/\(name.hex).json"
        try File.rename(path, to: path + ".away")
        switch stranger {
        case "a folder": try File.makeFolder(path)
        case "a link": symlink(path + ".away", path)
        default: #expect(mkfifo(path, 0o600) == 0)
        }
        let error = caught(VaultError.self) { try vault.get(name) }
        #expect(
            error?.description == "vault: open \(path): is \(stranger), not a file: "
                + "move it away and put the file in its place")
    }

    /// What may be wrong with the folder, by who did it; the first words of the reason.
    private static let faults: [(String, @Sendable (String) throws -> Void, VaultFault)] = [
        ("removed", { try FileManager.default.removeItem(atPath: $0) }, .missing),
        (
            "a plain file",
            {
                try FileManager.default.removeItem(atPath: $0)
                try File.replace($0, with: [1])
            }, .notFolder("a file")
        ),
        (
            "a dangling link",
            {
                try FileManager.default.removeItem(atPath: $0)
                symlink("/nowhere/at/all", $0)
            }, .dangling
        ),
        ("open to all", { try File.setMode($0, 0o777) }, .open(mode: 0o777)),
        ("open to a group", { try File.setMode($0, 0o750) }, .open(mode: 0o750)),
    ]

    @Test(arguments: faults)
    func whatIsWrongWithTheFolderIsFoundAndEndsWithIt(
        what: String, spoil: @Sendable (String) throws -> Void, fault: VaultFault
    ) throws {
        do {
            let book = try CaseBook(in: folder.path, mode: .office)
            _ = try book.receive(.sample, missing: [], who: officer)
            #expect(book.vaultFault == nil)
            try spoil(book.vault.folder)
            #expect(book.vaultFault == fault, "\(what)")
            #expect(!fault.reason.isEmpty && !fault.remedy(for: "F").isEmpty)
        }
        // A start makes the folder where there is none, and tells that it was lost.
        let book = try CaseBook(in: folder.path, mode: .office)
        #expect(book.vaultFault == (fault == .missing ? .madeAnew : fault))
        let path = book.vault.folder
        if (try? File.status(of: path))?.isFolder != true { try File.remove(path) }
        try File.makeFolder(path)
        try File.setMode(path, 0o700)
        #expect(book.vaultFault == (fault == .missing ? .madeAnew : nil))
    }

    /// As a backup, an empty folder, or the mount point below a disk that went away does.
    @Test func anotherFolderInItsPlaceIsFoundAndEndsWithIt() throws {
        let book = try CaseBook(in: folder.path, mode: .office)
        _ = try book.receive(.sample, missing: [], who: officer)
        let path = book.vault.folder
        try File.rename(path, to: path + ".away")
        #expect(book.vaultFault == .missing)
        try File.makeFolder(path)
        #expect(book.vaultFault == .replaced)
        #expect(!VaultFault.replaced.reason.isEmpty)
        try FileManager.default.removeItem(atPath: path)
        try File.rename(path + ".away", to: path)
        #expect(book.vaultFault == nil)
    }

    @Test func aDiskThatMayNotBeWrittenIsTold() throws {
        let vault = try Vault(folder.path)
        let broken = SystemFaults { $0 == .access ? .readOnly : nil }
        let fault = try #require(SystemFaults.$current.withValue(broken) { vault.fault })
        #expect(fault.reason == "cannot be used: read-only file system")
        #expect(fault.remedy(for: "F").hasPrefix("Mount its file system for writing"))
    }

    @Test func aLinkToWhatMayNotBeWrittenIsSaidToBeALink() throws {
        let vault = try Vault(folder.path)
        try File.rename(folder.path, to: folder.path + ".away")
        defer {
            try? File.remove(folder.path)
            try? File.rename(folder.path + ".away", to: folder.path)
        }
        symlink(folder.path + ".away", folder.path)
        #expect(vault.fault == nil)
        let broken = SystemFaults { $0 == .access ? .readOnly : nil }
        let fault = try #require(SystemFaults.$current.withValue(broken) { vault.fault })
        #expect(fault.reason.hasPrefix("is a link, and what it leads to cannot be used: read-only"))
        #expect(!fault.remedy(for: "F").contains("for writing"))
    }

    @Test func whatCannotBeReadIsToldFromWhatCannotBeWritten() throws {
        let vault = try Vault(folder.path)
        let name = try vault.put(Array("{}".utf8))
        let broken = SystemFaults { $0 == .open ? .inputOutput : nil }
        SystemFaults.$current.withValue(broken) {
            let reading = caught(VaultError.self) { try vault.get(name) }
            #expect(reading?.isOfReading == true)
            let writing = caught(VaultError.self) { try vault.put(Array("{}".utf8)) }
            #expect(writing?.isOfReading == false)
        }
    }

    @Test func aRemovedRecordIsGoneAndTheChainStillVerifies() throws {
        let book = try CaseBook(in: folder.path, mode: .office)
        let file = try book.open(.sample, who: officer).file
        #expect(try book.holder(of: file.id) == "Nguyễn Thị Ánh")
        let personal = try #require(book.request(file.request)?.personal)
        try book.vault.remove(personal)
        #expect(throws: CaseError.vault(.notFound(personal))) { try book.holder(of: file.id) }
        #expect(throws: VaultError.notFound(personal)) { try book.vault.remove(personal) }
        #expect(try Journal.verify(folder.journal).holds)
    }

    @Test func theHolderDoesNotStandInTheJournal() throws {
        let book = try CaseBook(in: folder.path, mode: .office)
        _ = try book.open(.sample, who: officer).file
        let text = String(decoding: try folder.bytes(), as: UTF8.self)
        for part in CaseRequest.sample.holder.split(separator: " ") {
            #expect(!text.contains(part))
        }
    }

    @Test(arguments: ["", "{", "{}x", "nul"])
    func whatIsNotJSONIsNotKept(text: String) throws {
        let vault = try Vault(folder.path)
        let error = caught(VaultError.self) { try vault.put(Array(text.utf8)) }
        guard case .unfit = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try folder.names().isEmpty)
    }

    @Test(arguments: ["", "ABCD", "../../etc/passwd", String(repeating: "A", count: 64)])
    func onlyHexNamesARecord(text: String) {
        #expect(Commitment(text) == nil)
    }
}
