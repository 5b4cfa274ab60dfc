// A card of the kind ePass2003 that is sent anything: it always answers, spends no more tries than
// it was sent commands, and what it keeps reads back the same. The first byte says how its
// commands are protected; each command has a length byte before it. Then objects of secure
// messaging are read from the same bytes.
// sources: Sources/CLinux Sources/System Sources/Secrets Sources/APDU Sources/Crypto Sources/VirtualToken
// seed: 000500CA0186000700A40000023F000700A40000022F000500B20104FF
// seed: 0005008400001004008201810D00820181080000000000000000
// seed: 000C002241B807800184810229200600A40000025015
// seed: 010D80500000080102030405060708050CCA01800A
// seed: 02158482030010446E8614734A424FAE347A584EF46025
import APDU
import Crypto
import VirtualToken

private let made: [EPass2003Card] = {
    guard let authority = try? TrainingAuthority.make(now: 1_800_000_000) else { return [] }
    return [EPass2003Model.Protection.none, .tripleDES, .aes128].compactMap { protection in
        var recipe = EPass2003Recipe()
        recipe.model.protection = protection
        recipe.keys = [EPass2003Recipe.Key(.p256)]
        return try? recipe.make(now: 1_800_000_000, authority: authority) as? EPass2003Card
    }
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    precondition(made.count == 3, "no cards")
    var rest = Array(UnsafeRawBufferPointer(start: start, count: count))[...]
    guard let choice = rest.popFirst() else { return 0 }
    var card = made[Int(choice) % made.count]
    var commands = 0
    while let length = rest.popFirst() {
        let command = Array(rest.prefix(Int(length)))
        rest = rest.dropFirst(command.count)
        precondition(card.respond(to: command).count >= 2, "no status word")
        commands += 1
    }
    precondition(card.counters.reduce(0) { $0 + $1.spent } <= commands, "too many tries")
    precondition(card.counters.allSatisfy { (0...$0.total).contains($0.left) }, "a count")
    // Secure messaging looks at its objects only in a session that is open.
    let bytes = Array(UnsafeRawBufferPointer(start: start, count: count))
    let host = Array(bytes.prefix(8))
    if host.count == 8,
        var session = try? EPass2003Session(
            cipher: choice & 1 == 0 ? .aes128 : .tripleDES, transport: Array(1...16), host: host,
            card: host)
    {
        _ = try? session.unwrap(
            CommandHeader(0x0C, 0xCA, 1, 0x80), Array(bytes.dropFirst(8)))
    }
    guard card.revision > 0 else { return 0 }
    guard let text = try? card.stateText(), let again = try? EPass2003State(text),
        let kept = try? EPass2003Card(again).stateText()
    else { preconditionFailure("what is kept does not read") }
    precondition(kept == text, "what is kept reads back as something else")
    return 0
}
