import Crypto
import Foundation
import Testing
import VirtualToken

@testable import Tokens

/// Inflate against Python's zlib and gzip, and against what no compressor writes.
@Suite struct InflateTests {
    /// All levels, strategies and wrappings over texts of many kinds, one a line in hex.
    private static let maker = """
        import zlib, gzip, random
        random.seed(7)
        texts = [b"", b"a", b"abc" * 200, bytes(range(256)) * 2, bytes(700),
                 random.randbytes(400), b"".join(b"%d," % (i * i) for i in range(200)),
                 bytes(random.choice(b"abcdefgh") for _ in range(900))]
        strategies = [zlib.Z_DEFAULT_STRATEGY, zlib.Z_FILTERED, zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE,
                      zlib.Z_FIXED]
        for text in texts:
            for level in (0, 1, 9):
                for strategy in strategies:
                    for window in (31, 9, -15):
                        c = zlib.compressobj(level, zlib.DEFLATED, window, 8, strategy)
                        half = len(text) // 2
                        packed = c.compress(text[:half])
                        # A block's end in the middle: an empty stored block, or a bit boundary.
                        packed += c.flush(random.choice([zlib.Z_SYNC_FLUSH, zlib.Z_FULL_FLUSH,
                                                         zlib.Z_NO_FLUSH, zlib.Z_PARTIAL_FLUSH]))
                        packed += c.compress(text[half:]) + c.flush()
                        print(packed.hex(), text.hex())
            print(gzip.compress(text, 9, mtime=0).hex(), text.hex())
        # A repeat at nearly the farthest distance there is.
        far = random.randbytes(40)
        far += bytes(32700) + far
        print(gzip.compress(far, 9, mtime=0).hex(), far.hex())
        """

    private static func python(_ script: String) throws -> [Substring] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script]
        let out = Pipe()
        process.standardOutput = out
        try process.run()
        let data = out.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self).split(separator: "\n")
    }

    private static func vectors() throws -> [(packed: [UInt8], text: [UInt8])] {
        try python(maker).compactMap { line in
            let parts = line.split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 2, let packed = Hex.bytes(String(parts[0])),
                let text = Hex.bytes(String(parts[1]))
            else { return nil }
            return (packed, text)
        }
    }

    @Test func whatPythonPacksIsUnpackedToTheByte() throws {
        let vectors = try Self.vectors()
        #expect(vectors.count == 8 * (3 * 5 * 3 + 1) + 1)
        for (packed, text) in vectors {
            let limit = text.count
            #expect(try Inflate.unpack(packed, limit: limit) == text)
            guard limit > 0 else { continue }
            // The limit is the last byte that is allowed, in every kind of block.
            #expect(throws: Inflate.Failure.tooLong) {
                try Inflate.unpack(packed, limit: limit - 1)
            }
        }
    }

    private static let gzip = Gzip.compress(Array("Hội đồng hội đồng hội đồng".utf8))

    @Test func aStreamCutAtAnyByteIsRefused() throws {
        for stream in try Self.short() {
            for length in stream.indices {
                #expect(throws: Inflate.Failure.self, "\(length) of \(stream.count)") {
                    try Inflate.unpack(Array(stream.prefix(length)), limit: 4096)
                }
            }
        }
    }

    /// gzip, and zlib with a stored, a fixed and a dynamic block.
    private static func short() throws -> [[UInt8]] {
        let script = """
            import zlib
            text = "Hội đồng hội đồng hội đồng".encode()
            print(zlib.compress(text, 0).hex())
            for text, strategy in ((text, zlib.Z_FIXED), (text * 40, zlib.Z_HUFFMAN_ONLY)):
                c = zlib.compressobj(9, zlib.DEFLATED, 15, 8, strategy)
                print((c.compress(text) + c.flush()).hex())
            """
        let streams = try python(script).compactMap { Hex.bytes(String($0)) }
        #expect(streams.count == 3)
        return [gzip] + streams
    }

    @Test func anyChangedCheckValueIsNoticed() throws {
        for (index, stream) in try Self.short().enumerated() {
            let tail = index == 0 ? 8 : 4
            for at in (stream.count - tail)..<stream.count {
                var changed = stream
                changed[at] ^= 0x10
                #expect(throws: Inflate.Failure.checkFailed) {
                    try Inflate.unpack(changed, limit: 8192)
                }
            }
        }
    }

    @Test(arguments: [
        ("a block of the reserved kind", "07", Inflate.Failure.malformed),
        ("a stored length that is not confirmed", "010500FBFF61", .malformed),
        ("a stored block that is cut", "010500FAFF6161", .truncated),
        ("a repeat before the beginning", "030200", .malformed),
        ("no literal of length", "0502", .truncated),
        ("288 literal codes", "FDFFFF", .malformed),
        ("an empty stream", "", .truncated),
        ("a gzip header of an unknown method", "1F8B0700000000000003 0300 00000000 00000000", .malformed),
        ("a gzip header with reserved flags", "1F8B0880000000000003 0300 00000000 00000000", .malformed),
        ("a gzip name without end", "1F8B0808000000000003 4141 41414141 41414141", .truncated),
        ("a gzip extra field beyond the end", "1F8B0804000000000003 FFFF 00000000 00000000", .truncated),
    ] as [(String, String, Inflate.Failure)])
    func whatNoCompressorWritesIsRefused(
        _ name: String, _ hex: String, _ failure: Inflate.Failure
    ) throws {
        let bytes = try #require(Hex.bytes(hex.filter { $0 != " " }))
        #expect(throws: failure, "\(name)") { try Inflate.unpack(bytes, limit: 4096) }
    }

    /// A gzip header with all its optional parts (RFC 1952, 2.3).
    @Test func aHeaderWithNameCommentExtraFieldAndCheckIsPassedOver() throws {
        let plain = Self.gzip
        var long = Array(plain.prefix(10))
        long[3] = 0x1F
        long += [3, 0, 1, 2, 3] + Array("name".utf8) + [0] + Array("comment".utf8) + [0, 0xAB, 0xCD]
        long += plain.dropFirst(10)
        #expect(
            try Inflate.unpack(long, limit: 100) == Array("Hội đồng hội đồng hội đồng".utf8))
    }

    @Test(arguments: [21, 22, 23] as [UInt64])
    func damagedStreamsStayWithinTheirLimit(_ seed: UInt64) throws {
        for stream in try Self.short() {
            for bytes in stream.mutations(200, seed: seed) {
                if let text = try? Inflate.unpack(bytes, limit: 500) { #expect(text.count <= 500) }
            }
        }
    }

    @Test func aBombStopsAtTheLimit() {
        let bomb = Gzip.compress([UInt8](repeating: 65, count: 200_000))
        #expect(throws: Inflate.Failure.tooLong) { try Inflate.unpack(bomb, limit: 16_384) }
    }
}
