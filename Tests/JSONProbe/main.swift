// Reads NUL-separated documents from standard input and answers each, NUL-separated, with
// the document as this project's writer writes it, or with `!` and the error. The judge is
// Tests/integration/json_oracle.py.
import Foundation
import JSON

func rewritten(_ document: UnsafeRawBufferPointer) -> [UInt8] {
    var reader = JSONReader(document, limits: JSONLimits(depth: 64))
    do {
        let value = try reader.value()
        try reader.finish()
        var writer = JSONWriter(into: JSONBytes())
        writer.value(value)
        return try writer.finish().bytes
    } catch {
        return Array("!\(error)".utf8)
    }
}

/// The same through `skip`, which must accept and refuse exactly what reading does.
func isSkipped(_ document: UnsafeRawBufferPointer) -> Bool {
    var reader = JSONReader(document, limits: JSONLimits(depth: 64))
    do {
        try reader.skip()
        try reader.finish()
        return true
    } catch {
        return false
    }
}

var pending: [UInt8] = []
while true {
    let chunk = FileHandle.standardInput.availableData
    if chunk.isEmpty { break }
    pending += chunk
    var answers: [UInt8] = []
    var start = 0
    while let end = pending[start...].firstIndex(of: 0) {
        var answer: [UInt8] = []
        Array(pending[start..<end]).withUnsafeBytes { document in
            answer = rewritten(document)
            if isSkipped(document) == (answer.first == UInt8(ascii: "!")) {
                answer = Array("!skipping and reading differ".utf8)
            }
        }
        answers += answer + [0]
        start = end + 1
    }
    pending.removeFirst(start)
    FileHandle.standardOutput.write(Data(answers))
}
