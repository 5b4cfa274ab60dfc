import JSON
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
                    .fileUnreadable, "\(file) cannot be read: \(error.errno).",
                    next: "Name a profile's file of at most 64 KiB, as a user who may read it.")
            }
            checks.append(ProfileCheck(bytes, file))
        }
        ProfileCheck.compare(&checks)
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

/// One file of `tokenctl profile check`.
struct ProfileCheck: Equatable {
    let file: String
    let read: TokenProfile.InFile?
    private(set) var mistakes: [FileMistake]

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
            ("mistakes", .array(mistakes.map(\.document))),
        ])
    }
}
