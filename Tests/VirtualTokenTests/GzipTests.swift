import APDU
import Crypto
import Foundation
import Testing
import VirtualToken

/// Judged by the `gzip` command.
@Suite struct GzipTests {
    static let inputs: [[UInt8]] = fixed + random

    private static let needle = Array("needle".utf8)

    private static let fixed: [[UInt8]] = [
        [], [0], Array("aaaaaaaaaaaaaaaaaaaaaaaaaaaa".utf8), Array("abcabcabcabcd".utf8),
        Array(0...255), [UInt8](repeating: 0xFF, count: 1000),
        (0..<70_000).map { (i: Int) in UInt8(truncatingIfNeeded: i / 300) },
        // A repeat at the farthest distance there is, and one beyond it.
        needle + [UInt8](repeating: 1, count: 32_762) + needle,
        needle + [UInt8](repeating: 1, count: 32_763) + needle,
    ]

    private static let random: [[UInt8]] = (1...20).map { (round: Int) -> [UInt8] in
        (0..<(round * 97)).map { _ in UInt8.random(in: 0...UInt8(round)) }
    }

    @Test(arguments: inputs.indices)
    func theGzipCommandGivesBackWhatWasCompressed(_ index: Int) throws {
        let input = Self.inputs[index]
        #expect(try Self.decompress(Gzip.compress(input)) == input)
    }

    @Test func aCompressedCertificateIsSmallerAndWhole() throws {
        let (state, authority) = try Samples.personalised(
            [.init(0x9A, .rsa(bits: 2048))], compressed: [0x9A])
        var card = PIVCard(.plain, state)
        _ = card.say(Samples.select)
        let object = card.certificateObject(0x9A).data
        let info = try #require(try TLVReader.find([0x53, 0x71], in: object))
        #expect(Array(info.value) == [1])
        let body = try #require(try TLVReader.find([0x53, 0x70], in: object))
        let der = try Self.decompress(Array(body.value))
        #expect(body.value.count < der.count)
        #expect(try Certificate(der: der).issuer == authority.certificate.subject)
    }

    static func decompress(_ bytes: [UInt8]) throws -> [UInt8] {
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("gzip-\(UUID().uuidString).gz")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/gzip")
        process.arguments = ["-dc", file.path]
        let out = Pipe()
        process.standardOutput = out
        try process.run()
        let data = out.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return [UInt8](data)
    }
}
