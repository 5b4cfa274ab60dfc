import System
final class PCSCWatcher: Sendable {
    init(table: ReaderTable) {}
    func start() throws(SystemError) {}
    func stop(by deadline: Instant) -> Bool { true }
    func lookAgain() {}
    var state: PCSCState { .absent(reason: "") }
}
enum PCSCCode { init(rawValue: UInt32) { self = .x }; case x; var description: String { "" } }
