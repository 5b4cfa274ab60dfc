import APDU
import Readers
import StationInterface
import System
import Tokens
import Varlink

extension Agent {
    /// How long round trips of one kind are timed; a slow reader comes to fewer of them.
    private static let measuringTime: Duration = .seconds(30)

    /// SELECT of the PIV application by its provider's identifier.
    private static let selectPIV: [UInt8] = [
        0x00, 0xA4, 0x04, 0x00, 0x05, 0xA0, 0x00, 0x00, 0x03, 0x08, 0x00,
    ]

    /// Times round trips to the reader and to the card in it.
    func measure(_ request: Station.MeasureReader, _ call: VarlinkCall) {
        work(
            on: request.reader, activity: "measure", call: call,
            answer: { (result: Swift.Result<Station.ReaderMeasured, StationError>) in
                call.answer(result)
            }
        ) { [self] session, ledger throws(WorkError) in
            let status = try time("status", request.times, &session, ledger) {
                session throws(CardFault) in
                try session.askStatus()
            }
            var response = ResponseBuffer()
            let select = try time("select", request.times, &session, ledger) {
                session throws(CardFault) in
                try send(Self.selectPIV, &session, &response)
            }
            // Whoever asked may want the reader next.
            session.powerDown()
            return Station.ReaderMeasured(status: status, select: select)
        }
    }

    /// One step of up to `times` round trips.
    private func time(
        _ step: String, _ times: Int, _ session: inout CardSession, _ ledger: Ledger,
        _ trip: (inout CardSession) throws(CardFault) -> Void
    ) throws(WorkError) -> Station.Latency {
        ledger.update { $0.step = step }
        session.clock.begin(step, budget: Self.measuringTime + configuration.budgets.read)
        defer { session.clock.end() }
        let end = Instant.now + Self.measuringTime
        var others: [Int] = []
        others.reserveCapacity(times)
        do throws(CardFault) {
            let first = try Self.microseconds(&session, trip)
            while others.count + 1 < times, Instant.now < end {
                others.append(try Self.microseconds(&session, trip))
            }
            return Station.Latency(of: first, others)
        } catch {
            throw .token(TokenError(.fault(error), step, mayHaveReached: true))
        }
    }

    private static func microseconds(
        _ session: inout CardSession, _ trip: (inout CardSession) throws(CardFault) -> Void
    ) throws(CardFault) -> Int {
        let began = Instant.now
        try trip(&session)
        return Int((Instant.now - began).wholeNanoseconds / 1000)
    }
}
