import Casework
import Crypto
import JSON
import Secrets
import StationInterface
import System

extension Run {
    /// Signs in for this command. A sign-in is the process's, and its connection holds it.
    func signIn(_ order: SignInOrder) throws(Failure) -> Connection {
        switch order {
        case .password(let officer):
            let password = try heldCode("Password of \(officer)")
            let connection = try connect()
            _ = try connection.ask(
                Station.SignIn(officer: officer, password: password), .atTheToken)
            return connection
        case .token(let reader):
            console.whisper(Self.costOfPIN)
            let pin = try heldCode("PIN of the officer's token")
            let connection = try connect()
            _ = try connection.ask(Station.SignInByToken(reader: reader, pin: pin), .atTheToken)
            return connection
        }
    }

    /// A second officer sees what is approved, and enters their own password or their token's PIN.
    func approve(
        _ restore: String, _ approver: SignInOrder, _ connection: Connection
    ) throws(Failure) {
        let act = try connection.ask(Station.ShowAct(restore: restore)).message.act
        switch approver {
        case .password(let officer):
            console.whisper("To be approved by \(officer):\n\(act)")
            let password = try heldCode("Password of \(officer)")
            _ = try connection.ask(
                Station.Approve(restore: restore, officer: officer, password: password),
                .atTheToken)
        case .token(let reader):
            console.whisper(
                "To be approved by whose token is in \(reader); it signs this:\n\(act)"
                    + Self.costOfPIN)
            let pin = try heldCode("PIN of the officer's token")
            _ = try connection.ask(
                Station.ApproveByToken(restore: restore, reader: reader, pin: pin), .atTheToken)
        }
    }

    private static let costOfPIN =
        "A wrong PIN costs one try of the token; its last is never spent.\n"

    private func heldCode(_ words: String) throws(Failure) -> HeldSecret {
        try codes { (desk) throws(CodeDesk.Trouble) in HeldSecret(try desk.ask(words)) }
    }

    func listOfficers() throws(Failure) {
        let reply = try connect().ask(Station.ListOfficers())
        if console.json { return console.put(reply.parameters) }
        let listed = reply.message
        console.show { page in
            if listed.officers.isEmpty { page.text("No officers are listed.") }
            for officer in listed.officers {
                let proofs =
                    (officer.password ? ["password"] : []) + (officer.token ? ["token"] : [])
                page.field(officer.id, "\(officer.name), by \(proofs.joined(separator: " or "))")
            }
            page.field(
                "needs a sign-in",
                listed.required.isEmpty ? "nothing" : listed.required.joined(separator: ", "))
            if listed.twoPerson { page.field("a restore", "needs two of them") }
            page.field("ends when idle", "\(listed.idleMinutes) minutes")
            if let signedIn = listed.signedIn { page.field("signed in", signedIn.officer) }
        }
    }

    /// Reads the list of officers as the station would, and says what it means or what is wrong.
    func checkOfficers(_ file: String) throws(Failure) -> ExitCode {
        let read = OfficerTable.parse(
            try Run.contents(of: file, limit: OfficerTable.longestFile), file: file)
        let status = try? File.statusBehindLinks(of: file)
        let exposure = status.flatMap { read.table?.exposure(mode: $0.mode) }
        if console.json {
            console.put([
                "file": .string(file), "good": .bool(read.table != nil),
                "officers": .integer(Int64(read.table?.all.count ?? 0)),
                "mistakes": .array(read.mistakes.map(\.document)),
                "exposure": exposure.map { .string($0) } ?? .null,
            ])
        } else {
            console.show { page in
                page.add(file, read.mistakes)
                if let exposure {
                    page.text("\(exposure): chmod 600 \(file)", .warning, indent: 2)
                }
                if read.table?.all.isEmpty == true {
                    page.text("It has no officer: nobody may sign in.", .warning, indent: 2)
                }
                for officer in read.table?.all ?? [] { page.add(officer) }
            }
        }
        return read.table == nil ? .failed : .good
    }

    /// The hash of a new password, for the list of officers. The password is nowhere shown.
    func hashPassword() throws(Failure) {
        let entries = try codes { (desk) throws(CodeDesk.Trouble) in try PasswordEntries(desk) }
        guard entries.areAlike else {
            throw .own(
                .entriesDiffer, "The two entries of the password differ; nothing was made.",
                next: "Enter the password again.")
        }
        let hash: String
        do throws(CryptoError) {
            hash = try PasswordHash(of: entries.password.secret).text
        } catch {
            throw Failure(error)
        }
        if console.json {
            console.put(["password": .string(hash)])
        } else {
            console.put(hash + "\n")
            console.advise(
                "This line is for the technician: in double quotes it is \"password\" of the "
                    + "officer's entry\nin /etc/token-station/officers.json5. Nobody gets the "
                    + "password from it.\n")
        }
    }
}

/// A new password; typed twice where it is typed. A class: see `CodeDesk`'s users.
private final class PasswordEntries {
    let password: HeldSecret
    private let again: HeldSecret?

    init(_ desk: CodeDesk) throws(CodeDesk.Trouble) {
        password = HeldSecret(try desk.ask("New password"))
        again = desk.isTerminal ? HeldSecret(try desk.ask("The same again")) : nil
    }

    var areAlike: Bool { again.map { $0.secret.matches(password.secret) } ?? true }
}

extension Failure {
    fileprivate init(_ error: CryptoError) {
        guard case .wrongLength = error.code else {
            self = .own(
                .passwordUnfit, "The password could not be hashed: \(error).",
                next: "Make room in memory and try again.")
            return
        }
        let lengths = PasswordHash.lengths
        self = .own(
            .passwordUnfit,
            "A password has \(lengths.lowerBound) to \(lengths.upperBound) bytes; nothing was made.",
            next: "Choose another one; a letter with Vietnamese marks is two or three bytes.")
    }
}

extension Page {
    fileprivate mutating func add(_ officer: Officer) {
        var proofs: [String] = []
        if officer.password != nil { proofs.append("password") }
        if !officer.tokens.isEmpty {
            proofs.append(Words.counted(officer.tokens.count, "token", "tokens"))
        }
        let may =
            Role.allCases.filter(officer.roles.contains).map(\.rawValue)
            + Right.allCases.filter(officer.rights.contains).map(\.rawValue)
        field(
            officer.id,
            "\(officer.name): \(may.joined(separator: ", ")); by \(proofs.joined(separator: ", "))")
    }
}
