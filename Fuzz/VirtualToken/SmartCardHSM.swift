// A SmartCard-HSM that is sent anything: it always answers, spends no more tries than it was
// sent commands, and what it keeps reads back the same. Each command has a length byte before
// it.
// sources: Sources/CLinux Sources/System Sources/Secrets Sources/APDU Sources/Crypto Sources/VirtualToken
// seed: 1000A404000BE82B0601040181C31F0201
// seed: 1000A404000BE82B0601040181C31F02010B002000810631323334353608805800000000000AB1CE01000454020000F0
// seed: 1000A404000BE82B0601040181C31F02010D0020008808353736323138383008002C0381
// seed: 1000A404000BE82B0601040181C31F020113002C00810E3537363231383830363534333231
// seed: 1000A404000BE82B0601040181C31F02010B00200081063132333435360CD7CE02000754020000530131
import Crypto
import VirtualToken

private let made: SmartCardHSMCard? = {
    guard let authority = try? TrainingAuthority.make(now: 1_800_000_000) else { return nil }
    return try? SmartCardHSMRecipe().make(now: 1_800_000_000, authority: authority)
        as? SmartCardHSMCard
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    guard var card = made else { preconditionFailure("no card") }
    var rest = Array(UnsafeRawBufferPointer(start: start, count: count))[...]
    var commands = 0
    while let length = rest.popFirst() {
        let command = Array(rest.prefix(Int(length)))
        rest = rest.dropFirst(command.count)
        // Making an RSA key would take all the time there is.
        if command.count > 1, command[1] == 0x46 { continue }
        precondition(card.respond(to: command).count >= 2, "no status word")
        commands += 1
    }
    precondition(card.counters.reduce(0) { $0 + $1.spent } <= commands, "too many tries")
    precondition(card.counters.allSatisfy { (0...$0.total).contains($0.left) }, "a count")
    guard card.revision > 0 else { return 0 }
    guard let text = try? card.stateText(), let again = try? SmartCardHSMState(text),
        let kept = try? SmartCardHSMCard(card.model, again).stateText()
    else { preconditionFailure("what is kept does not read") }
    precondition(kept == text, "what is kept reads back as something else")
    return 0
}
