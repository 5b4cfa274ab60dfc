import APDU
import Crypto

// MANAGE SECURITY ENVIRONMENT and PERFORM SECURITY OPERATION: ISO 7816-4, 7.5.11; ISO 7816-8, 5.
extension EPass2003Card {
    /// What the next operation is done with.
    struct Environment: Sendable {
        var key: UInt8
        /// With an elliptic curve; else RSA of a whole block.
        var signs: Bool
    }

    /// Algorithms: 84 RSA without padding; 91 and 92 a curve over a SHA-1 or SHA-256.
    mutating func manageSecurityEnvironment(_ command: Command) throws(Refused) -> [UInt8] {
        guard command.header.p1 == 0x41 else { throw Refused(.functionNotSupported) }
        var reader = TLVReader(command.data)
        guard let parts = try? reader.all() else { throw Refused(.incorrectData) }
        func value(_ tag: TLVTag) -> [UInt8]? {
            parts.first { $0.tag == tag }.map { Array($0.value) }
        }
        guard let file = value(0x81), file.count == 2, file[0] == 0x29, file[1] & 0x1F == 0,
            let key = state.keys[file[1] >> 5]
        else { throw Refused(.fileNotFound) }
        var isRSA = false
        if case .rsa = key.algorithm { isRSA = true }
        switch (command.header.p2, value(0x80), isRSA) {
        case (0xB8, [0x84], true), (0xB6, [0x91], false), (0xB6, [0x92], false):
            environment = Environment(key: file[1] >> 5, signs: !isRSA)
            return []
        default: throw Refused(.functionNotSupported)
        }
    }

    mutating func performSecurityOperation(_ command: Command) throws(Refused) -> [UInt8] {
        guard proven.contains(.user) else { throw Refused(.securityStatusNotSatisfied) }
        guard let environment, let key = state.keys[environment.key] else {
            throw Refused(.conditionsNotSatisfied)
        }
        let block = command.data
        switch (command.header.p1, command.header.p2, environment.signs) {
        case (0x80, 0x86, false):
            guard block.count == key.publicKey.blockLength else { throw Refused(.wrongLength) }
            guard let result = try? key.signBlock(block) else { throw Refused(.incorrectData) }
            return result
        case (0x9E, 0x9A, true):
            guard (1...32).contains(block.count) else { throw Refused(.wrongLength) }
            guard let der = try? key.signBlock(block),
                let numbers = DataObject.numbers(ofSignature: der, 32)
            else { throw Refused(.executionError) }
            return numbers
        default: throw Refused(.incorrectParameters)
        }
    }
}
