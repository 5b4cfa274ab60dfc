/// Codes that stand in makers' manuals and in everybody's scripts: nobody's new code is one.
package enum PublishedDefaults {
    private static let all: [StaticString] = [
        "123456", "12345678", "1234567890", "0000", "000000", "00000000", "1111", "111111",
        "11111111", "1234", "648219", "77777777", "88888888", "3537363231383830",
    ]

    package static func contains(_ code: borrowing Secret) -> Bool {
        code.withBytes { contains($0) }
    }

    package static func contains(_ code: borrowing LockedBuffer) -> Bool {
        code.withBytes { contains($0) }
    }

    private static func contains(_ bytes: UnsafeRawBufferPointer) -> Bool {
        all.contains { published in
            published.withUTF8Buffer { $0.count == bytes.count && $0.elementsEqual(bytes) }
        }
    }
}
