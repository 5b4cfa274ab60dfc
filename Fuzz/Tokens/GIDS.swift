// What a GIDS card sends: its objects are values or malformed, and whatever it answers to an
// unblocking with the administrator's key, here or elsewhere, the new PIN goes out only after
// the key was right, once. The first byte says which; then each answer is a length byte and so
// many bytes, or it is one object.
// sources: Sources/CLinux Sources/Secrets Sources/JSON Sources/APDU Sources/Crypto Sources/Tokens
// seed: 001661124F0BA00000039742544659020173034001C090000290000E7C0C810801020304050607089000029000029000
// seed: 011661124F0BA00000039742544659020173034001C090000290000E7C0A810801020304050607089000029000029000029000
// seed: 027F7106970103930103
// seed: 0261124F0BA00000039742544659020173034001C0
// seed: 02016D73637000000000000000000000000000000000000000000000A0000000
// seed: 0201007800789C4B4C4A4E494D4BCFC8CCCACEC9CDCB07
import APDU
import Crypto
import Secrets
import Tokens

private struct AnyCard: CardChannel {
    var rest: ArraySlice<UInt8>
    var proofs = 0
    var pins = 0
    var isRight = false
    let takesExtended = false

    mutating func transmit(
        _ command: UnsafeRawBufferPointer, writes: Bool, into response: inout ResponseBuffer
    ) throws(CardFault) {
        precondition(command.count >= 4, "no command")
        precondition(command[1] != 0x20 || command.count > 5, "a VERIFY without a code")
        let isProof = command[1] == 0x87 && command.count > 8 && command[7] == 0x82
        if isProof { proofs += 1 }
        if command[1] == 0x2C {
            precondition(isRight && writes, "a PIN for a card that did not take the key")
            pins += 1
        }
        response.clear()
        guard let length = rest.popFirst() else { throw .removed }
        if length == 0xFF { throw .transport(1) }
        let answer = Array(rest.prefix(length == 0xFE ? 258 : Int(length)))
        rest = rest.dropFirst(answer.count)
        if isProof { isRight = answer.suffix(2) == [0x90, 0] }
        if command[1] == 0xC0 { isRight = isRight || answer.suffix(2) == [0x90, 0] }
        _ = answer.withUnsafeBytes { response.append(contentsOf: $0) }
    }
}

private func code(_ text: String) throws -> Secret {
    var buffer = try LockedBuffer(capacity: text.utf8.count)
    for byte in text.utf8 { _ = buffer.append(byte) }
    return try Secret(buffer)
}

private func unblock(_ card: inout AnyCard, elsewhere: Bool) throws {
    guard let applet = try GIDSApplet.select(&card, Workbench()) else { return }
    let new = try code("482913")
    guard elsewhere else {
        let key = try code(String(repeating: "0102030405060708", count: 3))
        _ = try applet.unblock(&card, .adminKey, code: key, newPIN: new)
        return
    }
    let challenge = try applet.askChallenge(&card, .adminKeyResponse)
    precondition(challenge.count == 8, "a challenge")
    _ = try applet.unblock(
        &card, .adminKeyResponse, response: code("0102030405060708"), newPIN: new)
}

private func look(_ object: [UInt8]) {
    _ = try? GIDSObject.application(object)
    if let counter = (try? GIDSObject.counter(object)) ?? nil, let limit = counter.limit {
        precondition((0...limit).contains(counter.known ?? 0), "a count")
    }
    let files = (try? GIDSObject.masterFile(object)) ?? []
    precondition(files.count <= 128 && files.allSatisfy { !$0.name.isEmpty }, "a file")
    for container in GIDSObject.containerMap(object) {
        precondition(GIDSContainer(container.slot) == container, "a container")
    }
    if let certificate = try? GIDSObject.certificate(object) {
        precondition(certificate.der.count <= 0xFFFF, "a certificate")
    }
    _ = try? GIDSObject.authentication(0x82, object)
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    var input = Array(UnsafeRawBufferPointer(start: start, count: count))[...]
    guard let kind = input.popFirst() else { return 0 }
    guard kind < 2 else {
        look(Array(input))
        return 0
    }
    var card = AnyCard(rest: input)
    do { try unblock(&card, elsewhere: kind == 1) } catch {
        precondition(error is TokenError, "untyped: \(error)")
    }
    precondition(card.proofs <= 1 && card.pins <= 1, "sent twice")
    return 0
}
