// A card that answers anything and says that its commands need no protection: what the ePass2003
// family does with it ends typed and after a bounded number of commands, and each code is sent at
// most once.
// Each answer is a length byte and so many bytes.
// sources: Sources/CLinux Sources/Secrets Sources/JSON Sources/APDU Sources/Crypto Sources/Tokens
// seed: 1380010281020000820200008301008401009000029000029000026A820263C6
// seed: 1380010281020000820200008301008401009000029000029000056F03800102900004060606900012000000000000000000000000000000009000026A82
// seed: 1380010181020000820200008301008401019000
// seed: 872101464D8F264CE4B592E7FCCE8FAC093E410F567224DC9715313D6D66BA808157BA990290008E088A8D05E52FC4A794
import APDU
import Secrets
import Tokens

private struct AnyCard: CardChannel {
    var rest: ArraySlice<UInt8>
    var proofs = 0
    var writes = 0
    var commands = 0
    let takesExtended = true

    mutating func transmit(
        _ command: UnsafeRawBufferPointer, writes isWrite: Bool,
        into response: inout ResponseBuffer
    ) throws(CardFault) {
        commands += 1
        precondition(commands < 10_000, "no end")
        precondition(command.count >= 4, "no command")
        if command[0] & 0x0C == 0, command.count > 5, [0x82, 0xE5].contains(command[1]) {
            precondition(isWrite, "a code that could be cut off")
            if command[1] == 0x82 { proofs += 1 } else { writes += 1 }
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
    guard let applet = try EPass2003Applet.select(&card, Workbench()) else { return }
    let identity = try applet.readIdentity(&card, slots: nil)
    _ = identity.deviceNumbers.map(identity.match)
    let ways = try applet.readUnblocking(&card)
    precondition(ways.count == 1)
    _ = try applet.readPINCounter(&card, asking: .asFamilyKnows)
    if let proving = identity.provingCertificate() {
        _ = try applet.readTraits(&card, of: proving.slot)
    }
    guard ways[0].isOpen else { return }
    let officer = try code("87654321")
    let new = try code("482913")
    guard try applet.unblock(&card, .soPIN, code: officer, newPIN: new) == .accepted,
        try applet.verify(&card, pin: new) == .accepted,
        let proving = identity.provingCertificate()
    else { return }
    _ = try applet.sign(
        &card, message: [1, 2, 3], slot: proving.slot, key: proving.certificate.publicKey)
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeRawBufferPointer(start: start, count: count))
    var card = AnyCard(rest: bytes[...])
    do { try restore(&card) } catch { precondition(error is TokenError, "untyped: \(error)") }
    precondition(card.proofs <= 2 && card.writes <= 1, "a code was sent twice")
    return 0
}
