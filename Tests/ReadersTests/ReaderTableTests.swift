import Synchronization
import System
import Testing

@testable import Readers

@Suite struct ReaderTableTests {
    @Test("whoever hears of a card can take it at once")
    func toldAndFree() throws {
        let table = ReaderTable()
        try table.appear("reader", .usb) { NoLink(reason: "") }
        let look = try #require(table.claimToLook("reader"))
        let outcomes = Mutex<[Result<UInt64, ReaderError>]>([])
        let number = table.observe { list in
            let isTold = list.readers.contains { $0.state == .present(atr: [0x3B]) }
            guard isTold, outcomes.withLock({ $0.isEmpty }) else { return }
            outcomes.withLock { $0.append(.failure(.empty)) }
            do throws(ReaderError) {
                let claim = try table.claim("reader", "read", insertion: nil)
                outcomes.withLock { $0 = [.success(claim.mark)] }
            } catch {
                outcomes.withLock { $0 = [.failure(error)] }
            }
        }
        table.release(look, found: .present(atr: [0x3B]), mark: 7)
        table.endObservation(number)
        let mark = try outcomes.withLock { $0.first }?.get()
        #expect(mark == 7)
        _ = table.end(by: .now + .seconds(1))
    }
}
