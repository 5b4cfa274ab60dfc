import JSON
import StationInterface

// How long a token takes to sign.

extension Page {
    mutating func add(_ timing: Station.Timing) {
        let judgement =
            switch timing.judgement {
            case .unknown: ""
            case .inside: ", as this model does"
            case .suspicious: ", SUSPICIOUS"
            }
        field(
            "signatures", "\(timing.challenges)" + judgement,
            timing.judgement == .suspicious ? .warning : .plain)
        field(
            "time each",
            "min \(Words.time(microseconds: timing.minimum)), "
                + "median \(Words.time(microseconds: timing.median)), "
                + "p90 \(Words.time(microseconds: timing.p90)), "
                + "max \(Words.time(microseconds: timing.maximum))")
        if let jitter = timing.jitter { field("jitter", Words.time(microseconds: jitter)) }
        if let extensions = timing.timeExtensions {
            field("time extensions", "\(extensions)")
        }
        if timing.challenges > 1 { add(Histogram(timing.times)) }
    }
}

extension Run {
    /// The reader alone, then the token: what of a signature's time is the reader's shows from
    /// both.
    func timing(_ named: String?, _ challenges: Int, atPad: Bool) throws(Failure) -> ExitCode {
        let connection = try connect()
        let reader = try reader(named, connection)
        let measured = try connection.ask(
            Station.MeasureReader(reader: reader, times: challenges), .atTheToken)
        let checked = try checkKey(
            KeyCheckOrder(challenges: challenges, atPad: atPad), in: reader, connection)
        if console.json {
            console.put(["reader": measured.parameters, "check": checked.parameters])
        } else {
            console.show { page in
                page.title("Token \(checked.message.deviceNumber) in \(reader)")
                page.field(
                    "key",
                    "\(checked.message.verdict.slot), "
                        + checked.message.verdict.algorithm)
                if let timing = checked.message.timing {
                    page.add(timing)
                } else {
                    page.text("The token gave no signature.", .bad)
                }
                page.add(measured.message)
            }
        }
        return checked.message.verdict.proven ? .good : .failed
    }
}
