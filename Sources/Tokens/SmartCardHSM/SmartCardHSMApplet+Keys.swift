import APDU
import Crypto

/// A key by its number on the device, from 1.
struct SmartCardHSMKey: Equatable {
    /// EF.C_DevAut.
    static let deviceCertificates: UInt16 = 0x2F02

    let number: UInt8

    init(_ number: UInt8) { self.number = number }

    init?(_ slot: KeySlot) {
        guard let bytes = Hex.bytes(slot.rawValue), bytes.count == 1, bytes[0] != 0 else {
            return nil
        }
        number = bytes[0]
    }

    var slot: KeySlot { KeySlot(rawValue: Hex.lower([number])) }

    /// The key's certificate, or the request it was born with.
    var certificateFile: UInt16 { 0xCE00 | UInt16(number) }
}

extension SmartCardHSMApplet {
    // MARK: Files

    /// Longest answer to ENUMERATE OBJECTS, in bytes.
    private static var longestList: Int { 1024 }
    private static var piece: Int { 256 }
    private static var mostPieces: Int { 128 }

    /// The identifiers of all files, two bytes each.
    func readList<C: CardChannel & ~Copyable>(
        _ card: inout C
    ) throws(TokenError) -> [UInt8] {
        let name = "ENUMERATE OBJECTS"
        let answer = try bench.ask(
            &card, CommandHeader(cla: 0x80, ins: 0x58, p1: 0, p2: 0),
            expecting: .exactly(Self.longestList), lengths: .automatic, named: name)
        if answer.status.hintsAtAnotherApplet {
            throw TokenError(.disturbed(answer.status), name)
        }
        guard answer.status == .success else { throw TokenError(.status(answer.status), name) }
        return answer.data
    }

    /// The first object of a file, or so many; nil where there is no such file, or not so much
    /// in it.
    func readFile<C: CardChannel & ~Copyable>(
        _ card: inout C, _ file: UInt16, objects: Int = 1
    ) throws(TokenError) -> [UInt8]? {
        var content: [UInt8] = []
        var length = 0
        for _ in 0..<objects {
            // The tag and the length of an object have five bytes at most.
            try read(&card, file, &content, upTo: length + 5)
            guard let more = SmartCardHSMObject.wholeLength(Array(content.dropFirst(length))),
                length + more <= Certificate.longestEncoding
            else { return nil }
            length += more
            try read(&card, file, &content, upTo: length)
            guard content.count >= length else { return nil }
        }
        return Array(content.prefix(length))
    }

    /// Reads on until there is so much, or no more.
    private func read<C: CardChannel & ~Copyable>(
        _ card: inout C, _ file: UInt16, _ content: inout [UInt8], upTo length: Int
    ) throws(TokenError) {
        // Some devices give less at a time than is asked for.
        for _ in 0..<Self.mostPieces where content.count < length {
            guard let more = try readPiece(&card, file, at: content.count) else { return }
            content += more
        }
    }

    /// READ BINARY with an offset object, 54; nil at the end of the file.
    private func readPiece<C: CardChannel & ~Copyable>(
        _ card: inout C, _ file: UInt16, at offset: Int
    ) throws(TokenError) -> [UInt8]? {
        let bytes = [file >> 8, file].map { UInt8(truncatingIfNeeded: $0) }
        let name = "READ BINARY " + Hex.upper(bytes)
        let place = [offset >> 8, offset].map { UInt8(truncatingIfNeeded: $0) }
        let answer = try bench.ask(
            &card, CommandHeader(ins: 0xB1, p1: bytes[0], p2: bytes[1]), [0x54, 2] + place,
            expecting: .exactly(Self.piece), named: name)
        if answer.status.hintsAtAnotherApplet {
            throw TokenError(.disturbed(answer.status), name)
        }
        // Data may come with the warning that the file ends before what was asked for.
        guard answer.status == .success || answer.status == .endOfFile else { return nil }
        return answer.data.isEmpty ? nil : answer.data
    }

    // MARK: Keys

    /// A key that still has the request it was born with was generated here, the device says;
    /// once a certificate has taken the request's place it says nothing any more.
    package func readTraits<C: CardChannel & ~Copyable>(
        _ card: inout C, of slot: KeySlot
    ) throws(TokenError) -> KeyTraits {
        guard let key = SmartCardHSMKey(slot) else { throw TokenError(.noKey, "key \(slot)") }
        let request = try readFile(&card, key.certificateFile).flatMap { SmartCardHSMRequest($0) }
        return KeyTraits(
            origin: request == nil ? nil : .generated, wantsPINEachTime: false, wantsTouch: false)
    }

    /// The request the key was born with, and who vouches for the device that signed it.
    package func readKeyRequest<C: CardChannel & ~Copyable>(
        _ card: inout C, of slot: KeySlot
    ) throws(TokenError) -> KeyRequest? {
        guard let key = SmartCardHSMKey(slot),
            let held = try readFile(&card, key.certificateFile),
            let request = SmartCardHSMRequest(held),
            let file = try readFile(&card, SmartCardHSMKey.deviceCertificates, objects: 2),
            let device = SmartCardHSMDevice(file: file)
        else { return nil }
        return KeyRequest(request: request, device: device)
    }

    /// RSA by the card's own padding of a DigestInfo (30), ECDSA over the hash (70), which
    /// comes back in X.509's encoding.
    package func sign<C: CardChannel & ~Copyable>(
        _ card: inout C, message: [UInt8], slot: KeySlot, key publicKey: PublicKey
    ) throws(TokenError) -> [UInt8] {
        let name = "SIGN \(slot)"
        let algorithm: UInt8
        switch publicKey.algorithm {
        case .rsa: algorithm = 0x30
        case .p256, .p384: algorithm = 0x70
        case .ed25519, .other: throw TokenError(.noKey, name)
        }
        guard let key = SmartCardHSMKey(slot), let length = publicKey.blockLength,
            let scheme = SignatureScheme.preferred(for: publicKey.algorithm),
            let input = try? SignatureInput.unpadded(
                for: message, key: publicKey.algorithm, scheme: scheme)
        else { throw TokenError(.noKey, name) }
        // A signature in DER is at most nine bytes longer than both its numbers.
        let answer = try bench.ask(
            &card, CommandHeader(cla: 0x80, ins: 0x68, p1: key.number, p2: algorithm), input,
            expecting: .exactly(algorithm == 0x30 ? max(length, Self.piece) : Self.piece),
            lengths: .automatic, named: name)
        if answer.status.hintsAtAnotherApplet {
            throw TokenError(.disturbed(answer.status), name)
        }
        guard answer.status == .success else { throw TokenError(.status(answer.status), name) }
        guard !answer.data.isEmpty else { throw TokenError(.malformed, name) }
        return answer.data
    }
}
