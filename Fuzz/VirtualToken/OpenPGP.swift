// An OpenPGP card that is sent anything: it always answers, spends no more tries than it was
// sent commands, and what it keeps reads back the same. Each command has a length byte before
// it.
// sources: Sources/CLinux Sources/System Sources/Secrets Sources/APDU Sources/Crypto Sources/VirtualToken
// seed: 0B00A4040006D27600012401
// seed: 0B00A4040006D276000124010B0020008106313233343536
// seed: 0B00A4040006D276000124010D00200083083132333435363738
// seed: 0B00A4040006D276000124010D0020008308313233343536370700DA00C401010500CA006E00
// seed: 0B00A4040006D276000124010D0020008308313233343536373800E600000400440000
import Crypto
import VirtualToken

private let made: OpenPGPCard? = {
    guard let authority = try? TrainingAuthority.make(now: 1_800_000_000) else { return nil }
    return try? OpenPGPRecipe().make(now: 1_800_000_000, authority: authority) as? OpenPGPCard
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
        if command.count > 2, command[1] == 0x47, command[2] == 0x80 { continue }
        precondition(card.respond(to: command).count >= 2, "no status word")
        commands += 1
    }
    precondition(card.counters.reduce(0) { $0 + $1.spent } <= commands, "too many tries")
    precondition(card.counters.allSatisfy { (0...$0.total).contains($0.left) }, "a count")
    guard card.revision > 0 else { return 0 }
    guard let text = try? card.stateText(), let again = try? OpenPGPState(text),
        let kept = try? OpenPGPCard(card.model, again).stateText()
    else { preconditionFailure("what is kept does not read") }
    precondition(kept == text, "what is kept reads back as something else")
    return 0
}
