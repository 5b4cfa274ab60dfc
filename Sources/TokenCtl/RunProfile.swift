import JSON
import StationInterface
import System
import Tokens

extension Run {
    /// Reads profiles as the station would, and says what each means or what is wrong with it.
    func checkProfiles(_ files: [String]) throws(Failure) -> ExitCode {
        var checks: [ProfileCheck] = []
        for file in files {
            let bytes: [UInt8]
            do throws(SystemError) {
                bytes = try File.contents(of: file, limit: TokenProfile.longestFile)
            } catch {
                throw .own(
                    .fileUnreadable, "\(file) cannot be read: \(error.reason).",
                    next: "Name a profile's file of at most 64 KiB, as a user who may read it.")
            }
            checks.append(ProfileCheck(bytes, file))
        }
        ProfileCheck.compare(&checks)
        witness(&checks)
        if console.json {
            console.put(["files": .array(checks.map(\.document))])
        } else {
            console.show { page in
                for (i, check) in checks.enumerated() {
                    if i > 0 { page.blank() }
                    page.add(check)
                }
            }
        }
        return checks.allSatisfy { $0.mistakes.isEmpty } ? .good : .failed
    }
}

extension Run {
    /// Asks the station about seals, where one answers.
    private func witness(_ checks: inout [ProfileCheck]) {
        var connection: Connection? = nil
        for i in checks.indices {
            guard case .whole(let seal)? = checks[i].read?.profile.seal else { continue }
            if connection == nil { connection = try? connect() }
            guard let connection else { return }
            let asked = Station.CheckSeal(
                sha256: seal.sha256, journalSequence: Int(clamping: seal.sequence),
                journalHead: seal.head)
            checks[i].isHere = (try? connection.ask(asked))?.message.here
        }
    }
}

/// One file of `tokenctl profile check`.
struct ProfileCheck: Equatable {
    /// What a commissioned profile's seal is worth.
    enum Seal: String { case here, elsewhere, changed, unwitnessed }

    let file: String
    let read: TokenProfile.InFile?
    private(set) var mistakes: [FileMistake]
    /// Whether the station's journal knows the seal; nil where no station told.
    var isHere: Bool? = nil

    /// nil for a profile written by hand.
    var seal: Seal? {
        switch read?.profile.seal {
        case nil, .absent?: nil
        case .broken?: .changed
        case .whole?: isHere.map { $0 ? .here : .elsewhere } ?? .unwitnessed
        }
    }

    init(_ bytes: [UInt8], _ file: String) {
        self.file = file
        (read, mistakes) = TokenProfile.parse(bytes, file: file)
    }

    /// Adds what is wrong between the files that are right by themselves.
    static func compare(_ checks: inout [ProfileCheck]) {
        let conflicts = TokenProfiles.conflicts(checks.compactMap(\.read))
        for i in checks.indices {
            checks[i].mistakes += conflicts.filter { $0.file == checks[i].file }
        }
    }

    var document: JSONValue {
        .object([
            ("file", .string(file)), ("name", read.map { .string($0.profile.name) } ?? .null),
            ("good", .bool(mistakes.isEmpty)),
            ("seal", seal.map { .string($0.rawValue) } ?? .null),
            ("mistakes", .array(mistakes.map(\.document))),
        ])
    }
}
