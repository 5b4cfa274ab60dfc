// Anything on the control socket or as a fault on the command line: a command or a reason.
// sources: Sources/CLinux Sources/System Sources/Secrets Sources/APDU Sources/Crypto Sources/VirtualToken
// seed: 736C6F742031206661756C74206D73673D36462C6B696E643D657874656E643A332F4646
// seed: 6661756C74206F75743D312C6B696E643D736571
// seed: 6661756C742073656E743D312C6B696E643D7774783A30
// seed: 7479706520313233343536
import VirtualToken

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let text = String(
        decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    do throws(VirtualTokenError) { _ = try ControlCommand(parsing: text) } catch {
        precondition(!error.reason.isEmpty, "no reason")
    }
    do throws(VirtualTokenError) { _ = try ReaderFault(parsing: text) } catch {
        precondition(error.code == .badFault, "another error")
    }
    return 0
}
