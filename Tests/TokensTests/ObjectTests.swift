import APDU
import Crypto
import Testing
import VirtualToken

@testable import Tokens

/// PIV's objects as bytes: what the standard writes is read, and nothing else can do harm.
@Suite struct ObjectTests {
    private typealias Object = Tokens.PIVObject

    private static func chuid() throws -> [UInt8] {
        let inner: [UInt8] = [0x30, 2, 1, 2, 0x34, 16] + Array(1...16) + [0x3E, 0, 0xFE, 0]
        return try TLVWriter.object(0x53, inner)
    }

    private static func certificate(compressed: Bool) throws -> [UInt8] {
        let inner = VirtualToken.PIVObject.certificate(
            try Sample.certificate(), compressed: compressed)
        return try TLVWriter.object(0x53, inner)
    }

    @Test func theGUIDIsReadFromTheCHUID() throws {
        #expect(try Object.guid(ofCHUID: Self.chuid()) == "0102030405060708090a0b0c0d0e0f10")
    }

    @Test func aBombIsNotUnpackedBeyondACertificatesLength() throws {
        let bomb = Gzip.compress([UInt8](repeating: 0, count: 200_000))
        let object = try TLVWriter.object(0x53, TLVWriter.object(0x70, bomb))
        #expect(throws: Object.Malformed.self) { try Object.certificate(object) }
    }

    @Test func aRequestHoldsTheBlockBehindAnEmptyResponse() throws {
        #expect(try Object.authenticationRequest([1, 2]) == [0x7C, 6, 0x82, 0, 0x81, 2, 1, 2])
        let long = try Object.authenticationRequest([UInt8](repeating: 7, count: 384))
        let block = try #require(try TLVReader.find([0x7C, 0x81], in: long))
        #expect(block.value.count == 384)
    }

    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func damagedObjectsAreReadOrRefusedAndNeverTrap(_ seed: UInt64) throws {
        for bytes in try Self.chuid().mutations(300, seed: seed) {
            if let guid = (try? Object.guid(ofCHUID: bytes)) ?? nil { #expect(guid.count == 32) }
        }
        let discovery = Hex.bytes("7E124F0BA0000003080000100001005F2F026020") ?? []
        #expect(try Object.prefersGlobalPIN(discovery: discovery))
        for bytes in discovery.mutations(300, seed: seed) {
            _ = try? Object.prefersGlobalPIN(discovery: bytes)
        }
        for bytes in ([0x7C, 4, 0x82, 2, 1, 2] as [UInt8]).mutations(200, seed: seed) {
            if let value = try? Object.authenticationResponse(bytes) { #expect(!value.isEmpty) }
        }
        let metadata = Hex.bytes("0101070202030103010104028180050100060203 02".filter { $0 != " " })
        let tries = try #require(metadata)
        #expect(try Object.metadata(tries).triesLeft == 2)
        for bytes in tries.mutations(300, seed: seed) { _ = try? Object.metadata(bytes) }
    }

    @Test(arguments: [false, true], [11, 12] as [UInt64])
    func aDamagedCertificateIsRefusedOrIsAnother(_ compressed: Bool, _ seed: UInt64) throws {
        let object = try Self.certificate(compressed: compressed)
        #expect(try Object.certificate(object) != nil)
        for bytes in object.mutations(150, seed: seed) { _ = try? Object.certificate(bytes) }
    }
}
