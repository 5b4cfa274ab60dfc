import Crypto
import Foundation
import System
import Testing
import VirtualToken

@testable import TokenAgent

/// Lists of revoked certificates in a folder, made by the `openssl` command.
@Suite struct RevocationFolderTests {
    static let now = Int64(Date().timeIntervalSince1970)

    /// An authority of the `openssl` command and a leaf it issued.
    final class Office {
        let folder = TemporaryFolder()
        let lists: RevocationFolder
        let authority: Certificate
        let leaf: Certificate

        init() throws {
            try File.makeFolder(folder.path + "/lists")
            lists = RevocationFolder(folder.path + "/lists")
            let issuer = try Personalisation.authority(now: now)
            authority = issuer.certificate
            leaf = try issuer.issue(
                CertificateContent(
                    subject: [("CN", "leaf")], key: KeyPair(generating: .p256).publicKey,
                    notBefore: now - 3600, notAfter: now + 86_400))
            try write("ca.pem", Array(PEM.encode(authority).utf8))
            try write("leaf.pem", Array(PEM.encode(leaf).utf8))
            try write("key.der", issuer.key.pkcs8())
            try run("pkey", "-inform", "DER", "-in", "key.der", "-out", "key.pem")
            try write("index", [])
            try write("number", Array("01\n".utf8))
            try write(
                "ca.cnf",
                Array(
                    """
                    [ca]
                    default_ca = d
                    [d]
                    database = index
                    crlnumber = number
                    default_md = sha256

                    """.utf8))
        }

        func write(_ name: String, _ bytes: [UInt8]) throws {
            try File.replace(folder.path + "/" + name, with: bytes)
        }

        func run(_ words: String...) throws { try run(words) }

        func run(_ words: [String]) throws {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
            process.arguments = words
            process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
            process.standardError = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            process.standardInput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0, "openssl \(words)")
        }

        private let signing = ["ca", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "key.pem"]

        func revoke() throws {
            try run(signing + ["-revoke", "leaf.pem", "-crl_reason", "keyCompromise"])
        }

        /// Puts a list in the folder, so many days old and good for seven.
        func publish(daysOld: Int64, as name: String = "a.crl") throws {
            func stamp(_ time: Int64) -> String {
                let format = DateFormatter()
                format.locale = Locale(identifier: "en_US_POSIX")
                format.timeZone = TimeZone(secondsFromGMT: 0)
                format.dateFormat = "yyyyMMddHHmmss'Z'"
                return format.string(from: Date(timeIntervalSince1970: Double(time)))
            }
            let made = now - daysOld * 86_400 - 60
            try run(
                signing + [
                    "-gencrl", "-out", "lists/" + name, "-crl_lastupdate", stamp(made),
                    "-crl_nextupdate", stamp(made + 7 * 86_400),
                ])
        }

        func item(at time: Int64? = now) -> Proof.Item {
            PathEvidence.revocation([leaf, authority], lists.read(), time)
        }
    }

    @Test func aListCountsFromTheMomentItLiesThere() throws {
        let office = try Office()
        #expect(office.item().finding == .notShown)
        #expect(office.item().how == "there is no revocation list of its issuer")
        try office.publish(daysOld: 3)
        #expect(office.item().finding == .shown)
        #expect(office.item().how.hasPrefix("not on the revocation list of 20"))
        #expect(office.item().how.hasSuffix(", 3 days old"))
        try office.revoke()
        #expect(office.item().finding == .shown)
        try office.publish(daysOld: 0, as: "b.crl")
        #expect(office.item().finding == .contradicted)
        #expect(office.item().how.hasPrefix("the certificate was revoked on 20"))
        #expect(office.item().how.contains("(key compromised)"))
        #expect(office.item().how.hasSuffix(", less than a day old"))
    }

    @Test func anOldListAndAnUnknownAgeProveNothing() throws {
        let office = try Office()
        try office.publish(daysOld: 9)
        #expect(office.item().finding == .notShown)
        #expect(office.item().how.contains(", 9 days old; a newer one was due on 20"))
        #expect(office.item(at: nil).finding == .notShown)
        #expect(office.item(at: nil).how.contains("of an age that is unknown"))
        // What was revoked stays so, whatever the age.
        try office.revoke()
        try office.publish(daysOld: 9)
        #expect(office.item().finding == .contradicted)
        #expect(office.item(at: nil).finding == .contradicted)
    }

    @Test func anIssuersOwnRevocationCountsToo() throws {
        let office = try Office()
        try office.publish(daysOld: 1)
        // The same list read one link higher: the leaf as somebody's issuer.
        let below = try Personalisation.authority(now: Self.now).certificate
        try office.revoke()
        try office.publish(daysOld: 0)
        let item = PathEvidence.revocation(
            [below, office.leaf, office.authority], office.lists.read(), Self.now)
        #expect(item.finding == .contradicted)
        #expect(item.how.hasPrefix("the certificate's issuer \"leaf\""))
    }

    @Test func whatIsNoListIsNotReadAndSaid() throws {
        let office = try Office()
        let path = office.lists.path
        try File.replace(path + "/note.txt", with: Array("no list".utf8))
        try File.replace(path + "/.hidden", with: [1])
        try File.makeFolder(path + "/folder")
        #expect(mkfifo(path + "/pipe", 0o600) == 0)
        let contents = office.lists.read()
        #expect(contents.lists.isEmpty)
        #expect(contents.unread == ["folder", "note.txt", "pipe"])
        #expect(office.item().how.hasSuffix("; 3 files were not read"))
        for number in 0..<70 { try File.replace(path + "/x\(100 + number)", with: []) }
        try office.publish(daysOld: 0, as: "zz.crl")
        // Beyond the first files nothing is read.
        #expect(office.lists.read().lists.isEmpty)
        #expect(RevocationFolder("/nonexistent").read().lists.isEmpty)
    }

    @Test func withoutAPathOrAFolderNothingIsLookedUp() throws {
        let office = try Office()
        try office.publish(daysOld: 0)
        let contents = office.lists.read()
        #expect(PathEvidence.revocation([], contents, Self.now).finding == .notShown)
        #expect(PathEvidence.revocation([office.leaf], contents, Self.now).finding == .notShown)
        #expect(
            PathEvidence.revocation([office.leaf, office.authority], nil, Self.now).finding
                == .notShown)
    }
}
