import Casework
import JSON
import System

extension Run {
    /// Reads alias tables as the station would, and says what each holds or what is wrong with it.
    func checkBodies(_ files: [String]) throws(Failure) -> ExitCode {
        var checks: [BodiesCheck] = []
        for file in files {
            let bytes = try contents(
                file, limit: BodyTable.longestFile,
                next: "Name a table of at most 1 MiB, as a user who may read it.")
            checks.append(BodiesCheck(bytes, file))
        }
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
        return checks.allSatisfy { $0.table != nil } ? .good : .failed
    }

    func contents(_ file: String, limit: Int, next: String) throws(Failure) -> [UInt8] {
        do throws(SystemError) {
            return try File.contents(of: file, limit: limit)
        } catch {
            throw .own(.fileUnreadable, "\(file) cannot be read: \(error.reason).", next: next)
        }
    }
}

/// One file of `tokenctl bodies check`.
struct BodiesCheck {
    let file: String
    /// nil where there are mistakes.
    let table: BodyTable?
    let mistakes: [FileMistake]

    init(_ bytes: [UInt8], _ file: String) {
        self.file = file
        (table, mistakes) = BodyTable.parse(bytes, file: file)
    }

    var document: JSONValue {
        .object([
            ("file", .string(file)), ("good", .bool(table != nil)),
            ("changes", .integer(Int64(table?.changes.count ?? 0))),
            ("spellings", .integer(Int64(table?.spellings.count ?? 0))),
            (
                "divided",
                .array(
                    (table?.divided ?? []).map { division in
                        .object([
                            ("name", .string(division.name)),
                            ("new", .array(division.new.map { .string($0) })),
                        ])
                    })
            ),
            ("mistakes", .array(mistakes.map(\.document))),
        ])
    }
}
