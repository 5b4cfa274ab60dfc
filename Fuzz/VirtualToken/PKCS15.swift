// A card with ISO 7816-15 objects that is sent anything: it always answers, spends no more tries
// than it was sent commands, and what it keeps reads back the same. The first byte says which
// model; each command has a length byte before it.
// sources: Sources/CLinux Sources/System Sources/Secrets Sources/APDU Sources/Crypto Sources/VirtualToken
// seed: 001100A404000CF276A288BCFBA69D34F310010700A40800022F000500B0000000
// seed: 001100A404000CF276A288BCFBA69D34F310010B00200001063132333435360C002241B606800121840100092A9E9A0431323334
// seed: 010F00A404000AE828BD080F014E5850300700A4000C0250320500B0000000040020008304002C0083
// seed: 020D0020000108313233343536FFFF0A002241B80580010084010006002A808600FF
// seed: 020900A408040450155031050 0B0000000
import Crypto
import VirtualToken

private let made: [PKCS15Card] = {
    guard let authority = try? TrainingAuthority.make(now: 1_800_000_000) else { return [] }
    return PKCS15Model.Kind.allCases.compactMap { kind in
        var recipe = PKCS15Recipe(kind)
        recipe.keys = [PKCS15Recipe.Key(kind == .vgca ? .rsa(bits: 2048) : .p256)]
        return try? recipe.make(now: 1_800_000_000, authority: authority) as? PKCS15Card
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
    guard card.revision > 0 else { return 0 }
    guard let text = try? card.stateText(), let again = try? PKCS15State(text),
        let kept = try? PKCS15Card(again).stateText()
    else { preconditionFailure("what is kept does not read") }
    precondition(kept == text, "what is kept reads back as something else")
    return 0
}
