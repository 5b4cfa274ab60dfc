// A card that answers anything, and that the SmartCard-HSM family takes for one of its own:
// identity, counters, traits, unblocking and a signature end typed and after a bounded number of
// commands, and each code is sent at most once.
// Each answer is a length byte and so many bytes.
// sources: Sources/CLinux Sources/Secrets Sources/JSON Sources/APDU Sources/Crypto Sources/Tokens
// seed: 0B6F07850500010003069000
// seed: 0B6F0785050001000306900006CC00CC01900005670101009000157F21117F4E0D5F200A565431323334303030303190000263C30263CF029000029000
// seed: 0B6F0785050021000306900004CC009000026A820269830263CF029000029000
import APDU
import Secrets
import Tokens

private struct AnyCard: CardChannel {
    var rest: ArraySlice<UInt8>
    var unblocks = 0
    var verifies = 0
    var commands = 0
    let takesExtended = true

    mutating func transmit(
        _ command: UnsafeRawBufferPointer, writes: Bool, into response: inout ResponseBuffer
    ) throws(CardFault) {
        commands += 1
        precondition(commands < 10_000, "no end")
        precondition(command.count >= 4, "no command")
        if [0x20, 0x2C].contains(command[1]), command.count > 5 {
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
    var buffer = try LockedBuffer(capacity: 16)
    text.withUTF8Buffer { _ = buffer.append(contentsOf: UnsafeRawBufferPointer($0)) }
    return try Secret(buffer)
}

private func restore(_ card: inout AnyCard) throws {
    guard let applet = try SmartCardHSMApplet.select(&card, Workbench()) else { return }
    let identity = try applet.readIdentity(&card, slots: nil)
    if let serial = identity.serial { precondition((3...11).contains(serial.utf8.count)) }
    _ = identity.deviceNumbers.map(identity.match)
    let ways = try applet.readUnblocking(&card)
    precondition(ways.count == 1)
    _ = try applet.readPINCounter(&card, asking: .asFamilyKnows)
    if let proving = identity.provingCertificate() {
        _ = try applet.readTraits(&card, of: proving.slot)
    }
    let unblocking = try code("3537363231383830")
    let new = try code("482913")
    let answer =
        ways[0].form == .soPIN
        ? try applet.unblock(&card, .soPIN, code: unblocking, newPIN: new)
        : try applet.resetCounter(&card, .soPINCounterOnly, code: unblocking)
    guard answer == .accepted, try applet.verify(&card, pin: new) == .accepted,
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
