/// Names a case: the year it was opened in and a number within it, `2026-000123`.
package struct CaseID: Hashable, Sendable, CustomStringConvertible {
    package let text: String
    package var description: String { text }

    /// nil unless `text` is 1 to 40 of the ASCII letters, digits, `-` and `.`: then it needs
    /// no escape in a journal line, a path or an argument.
    package init?(_ text: String) {
        var text = text
        let found = text.withUTF8 { CaseID(UnsafeRawBufferPointer($0)) }
        guard let found else { return nil }
        self = found
    }

    init?(_ text: UnsafeRawBufferPointer) {
        guard (1...40).contains(text.count) else { return nil }
        for byte in text {
            let isDigit = byte >= 0x30 && byte <= 0x39
            let isLetter = byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A
            guard isDigit || isLetter || byte == 0x2D || byte == 0x2E else { return nil }
        }
        self.text = String(decoding: text, as: UTF8.self)
    }

    /// The `number`th case of `year`.
    init(year: Int, number: Int) {
        func padded(_ value: Int, _ width: Int) -> String {
            let digits = String(max(value, 0))
            return String(repeating: "0", count: max(width - digits.count, 0)) + digits
        }
        text = padded(year, 4) + "-" + padded(number, 6)
    }

    /// Year and number; nil for an id of another form.
    var parts: (year: Int, number: Int)? { CaseID.parts(of: text, from: 0) }

    /// The same of a text that an id stands in, from its byte `start` on.
    static func parts(of text: String, from start: Int) -> (year: Int, number: Int)? {
        var text = text
        return text.withUTF8 { parts($0.dropFirst(start)) }
    }

    private static func parts(
        _ text: Slice<UnsafeBufferPointer<UInt8>>
    ) -> (year: Int, number: Int)? {
        var numbers = (year: 0, number: 0)
        var count = 0
        for byte in text {
            if count == 4 {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                // Ten digits fit any number.
                guard byte >= 0x30, byte <= 0x39, count < 15 else { return nil }
                let digit = Int(byte - 0x30)
                if count < 4 {
                    numbers.year = numbers.year * 10 + digit
                } else {
                    numbers.number = numbers.number * 10 + digit
                }
            }
            count += 1
        }
        return count >= 11 ? numbers : nil
    }
}

extension CaseID: Snapshotted {
    func write(to snapshot: SnapshotWriter) { snapshot.put(text) }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        text = try snapshot.name()
    }
}
