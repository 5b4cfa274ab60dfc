// A GIDS card that is sent anything: it always answers, spends no more tries than it was sent
// commands, and what it keeps reads back the same. Each command has a length byte before it.
// sources: Sources/CLinux Sources/System Sources/Secrets Sources/APDU Sources/Crypto Sources/VirtualToken
// seed: 0E00A4040009A00000039742544659
// seed: 0E00A4040009A000000397425446590B00200080063132333435360A00CBA010045C02DF2300
// seed: 0E00A4040009A00000039742544659080022C1A4038301800A00870000047C02810000
// seed: 0E00A4040009A000000397425446590B00200080063132333435360B002241B60680011C840181
// seed: 0E00A4040009A000000397425446590B00200080063132333435361300E000000E620C8201398302A0208C0303300004004400000900DBA02004DF220101
import Crypto
import VirtualToken

private let made: GIDSCard? = {
    guard let authority = try? TrainingAuthority.make(now: 1_800_000_000) else { return nil }
    var recipe = GIDSRecipe()
    recipe.containers = [GIDSFiles.Container(.signature, .p256)]
    return try? recipe.make(now: 1_800_000_000, authority: authority) as? GIDSCard
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
        if command.count > 1, command[1] == 0x47 { continue }
        precondition(card.respond(to: command).count >= 2, "no status word")
        commands += 1
    }
    precondition(card.counters.reduce(0) { $0 + $1.spent } <= commands, "too many tries")
    precondition(card.counters.allSatisfy { (0...$0.total).contains($0.left) }, "a count")
    guard card.revision > 0 else { return 0 }
    guard let text = try? card.stateText(), let again = try? GIDSState(text),
        let kept = try? GIDSCard(card.model, again).stateText()
    else { preconditionFailure("what is kept does not read") }
    precondition(kept == text, "what is kept reads back as something else")
    return 0
}
