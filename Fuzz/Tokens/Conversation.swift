// A card that answers anything: what a restore does with it ends typed, sends the unblocking
// code and the PIN at most once each.
// Each answer is a length byte and so many bytes.
// sources: Sources/CLinux Sources/Secrets Sources/APDU Sources/JSON Sources/Crypto Sources/Tokens
// seed: 0461009000029000056A82
// seed: 15611100000000000000000000000000000000009000050504039000026A82026A82026A82026A8216531434103132333435363738393031323334353637389000041234567890000263C3029000029000
// seed: 0461029000026D00026A82026A820A53087003010203710101900002900002630002690002690002690002
import APDU
import Secrets
import Tokens

private struct AnyCard: CardChannel {
    var rest: ArraySlice<UInt8>
    var unblocks = 0
    var verifies = 0
    var commands = 0
    let takesExtended = false

    mutating func transmit(
        _ command: UnsafeRawBufferPointer, writes: Bool, into response: inout ResponseBuffer
    ) throws(CardFault) {
        commands += 1
        precondition(commands < 100_000, "no end")
        precondition(command.count >= 4, "no command")
        let carriesCode = [0x20, 0x24, 0x2C].contains(command[1]) && command.count > 5
        if carriesCode {
            precondition(writes, "a code that could be cut off")
            if command[1] == 0x2C { unblocks += 1 } else { verifies += 1 }
        }
        response.clear()
        guard let length = rest.popFirst() else { throw .removed }
        // FF is a fault, FE a full response.
        if length == 0xFF { throw .transport(1) }
        let answer = Array(rest.prefix(length == 0xFE ? 258 : Int(length)))
        rest = rest.dropFirst(answer.count)
        _ = answer.withUnsafeBytes { response.append(contentsOf: $0) }
    }
}

private func code(_ text: StaticString) throws -> Secret {
    var buffer = try LockedBuffer(capacity: 8)
    text.withUTF8Buffer { _ = buffer.append(contentsOf: UnsafeRawBufferPointer($0)) }
    return try Secret(buffer)
}

private func restore(_ card: inout AnyCard) throws {
    let applet = try TokenFamilies.recognise(&card)
    let identity = try applet.readIdentity(&card, slots: nil)
    if let guid = identity.guid { precondition(guid.count == 32) }
    _ = identity.deviceNumbers.map(identity.match)
    let counters = try applet.readCounters(&card, of: .puk, asking: .asFamilyKnows)
    if let left = counters.pin.known { precondition((0...255).contains(left)) }
    if let proving = identity.provingCertificate() {
        _ = try applet.readTraits(&card, of: proving.slot)
        _ = try applet.readAttestation(&card, of: proving.slot)
    }
    let unblocking = try code("12345678")
    let new = try code("482913")
    guard try applet.unblock(&card, .puk, code: unblocking, newPIN: new) == .accepted,
        try applet.verify(&card, pin: new) == .accepted,
        let proving = identity.provingCertificate()
    else { return }
    _ = try applet.sign(
        &card, message: [1, 2, 3], slot: proving.slot, key: proving.certificate.publicKey)
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    var card = AnyCard(rest: Array(UnsafeRawBufferPointer(start: start, count: count))[...])
    do { try restore(&card) } catch { precondition(error is TokenError, "untyped: \(error)") }
    precondition(card.unblocks <= 1 && card.verifies <= 1, "a code was sent twice")
    return 0
}
