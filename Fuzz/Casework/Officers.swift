// A list of officers of any content: reading ends, in a table or in mistakes that have a place.
// What is right has each officer once, and each password's hash reads back as it is written.
// With an even first byte the rest is a password's hash.
// sources: Sources/CLinux Sources/System Sources/Secrets Sources/JSON Sources/WorkingDays Sources/Requests Sources/Crypto Sources/Casework
// seed: 017b226f66666963657273223a312c2270656f706c65223a5b7b226964223a226c616e222c226e616d65223a224c222c22726f6c6573223a5b22636f756e746572225d2c22726967687473223a5b226c6173745f747279225d2c22746f6b656e73223a5b5d7d5d7d
// seed: 0024736372797074246c6e3d31352c723d382c703d33244141414141414141414141414141414141414141414124414141414141414141414141414141414141414141414141414141414141414141414141414141414141414141
import Casework
import Crypto

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeRawBufferPointer(start: start, count: count))
    guard let choice = bytes.first else { return 0 }
    let rest = Array(bytes.dropFirst())
    if choice & 1 == 0 {
        guard let hash = try? PasswordHash(String(decoding: rest, as: UTF8.self)) else { return 0 }
        let again = try? PasswordHash(hash.text)
        precondition(again == hash, "a hash that does not read back")
        return 0
    }
    let read = OfficerTable.parse(rest, file: "f")
    precondition((read.table == nil) != read.mistakes.isEmpty, "neither right nor wrong")
    for mistake in read.mistakes {
        precondition(mistake.line > 0 && mistake.column > 0 && !mistake.wrong.isEmpty)
        precondition(mistake.line <= count + 1 && mistake.column <= count + 1, "beyond the file")
    }
    guard let table = read.table else { return 0 }
    for officer in table.all {
        precondition(table.officer(officer.id) == officer, "an officer of another's name")
        precondition(!officer.roles.isEmpty && !officer.id.isEmpty, "an officer who is nobody")
        if let hash = officer.password {
            let again = try? PasswordHash(hash.text)
            precondition(again == hash, "a hash that does not read back")
        }
    }
    return 0
}
