import Testing

@testable import Secrets

private func secret(_ text: String) throws -> Secret {
    var buffer = try LockedBuffer(capacity: 64)
    for byte in text.utf8 { _ = buffer.append(byte) }
    return try Secret(buffer)
}

@Suite struct SecretsTests {
    @Test func holdsItsBytesAndTellsOnlyTheirNumber() throws {
        let code = try secret("73519264")
        #expect(code.count == 8)
        code.withBytes { #expect($0.elementsEqual("73519264".utf8)) }
    }

    @Test(arguments: [
        ("1234", "1234", true), ("1234", "1235", false), ("1234", "12345", false), ("", "", true),
    ])
    func matchesOnlyTheSameBytes(_ a: String, _ b: String, _ same: Bool) throws {
        let left = try secret(a)
        let right = try secret(b)
        let matches = left.matches(right)
        #expect(matches == same)
    }

    @Test func aTooLongSecretIsRefused() throws {
        var buffer = try LockedBuffer(capacity: Secret.longest + 1)
        for _ in 0...Secret.longest { _ = buffer.append(7) }
        let tooLong = SecretError(code: .tooLong(limit: Secret.longest))
        buffer.withBytes { bytes -> Void in
            #expect(throws: tooLong) { _ = try Secret(copying: bytes) }
        }
    }

    @Test func aFullBufferTakesNothingMore() throws {
        var buffer = try LockedBuffer(capacity: 3)
        let more: [UInt8] = [1, 2, 3, 4]
        let four = more.withUnsafeBytes { buffer.append(contentsOf: $0) }
        let nothing = buffer.count
        let three = more.prefix(3).withUnsafeBytes { buffer.append(contentsOf: $0) }
        let another = buffer.append(9)
        #expect([four, three, another] == [false, true, false])
        #expect(nothing == 0)
        buffer.withBytes { #expect($0.elementsEqual([1, 2, 3])) }
    }

    @Test func removedBytesAreWipedInPlace() throws {
        var buffer = try LockedBuffer(capacity: 8)
        for byte in UInt8(1)...6 { _ = buffer.append(byte) }
        buffer.removeFirst(4)
        buffer.withBytes { held in
            #expect(held.elementsEqual([5, 6]))
            // Look behind the held bytes: nothing of the old content may stand there.
            let all = UnsafeRawBufferPointer(start: held.baseAddress, count: 8)
            #expect(all.elementsEqual([5, 6, 0, 0, 0, 0, 0, 0]))
        }
        buffer.removeLast()
        buffer.withBytes { held in
            #expect(
                UnsafeRawBufferPointer(start: held.baseAddress, count: 2).elementsEqual([5, 0]))
        }
        buffer.wipe()
        buffer.withBytes { held in
            #expect(
                UnsafeRawBufferPointer(start: held.baseAddress, count: 8).allSatisfy { $0 == 0 })
        }
    }

    @Test func fillNeverTakesMoreThanThereIsRoomFor() throws {
        var buffer = try LockedBuffer(capacity: 4)
        let taken = [99, 1, -1].map { said in buffer.fill { _ in said } }
        #expect(taken == [4, 0, 0])
    }

    @Test func aHandOverGivesTheSecretOnce() throws {
        let handOver = SecretHandOver(HeldSecret(try secret("24681357")))
        let first = handOver.take()?.secret.count
        let second = handOver.take()?.secret.count
        #expect(first == 8)
        #expect(second == nil)
    }
}
