import JSON
import StationInterface

extension Run {
    /// Removes what all requests whose retention time is over say of people, one by one; a timer
    /// may do it.
    func removeExpired() throws(Failure) -> ExitCode {
        let connection = try connect(hasLongCalls: true)
        var removed: [String] = []
        while true {
            let list = try connection.ask(Station.ListExpired()).message
            if let problem = list.problem {
                throw .own(
                    .nothingExpires, "No request's time is known to be over: \(problem).",
                    next: "Set retention_days in the station's configuration (docs/requests.md), "
                        + "and see that its clock is set.")
            }
            // A list has an end; what came over meanwhile is for the next time.
            let next = list.requests.filter { !removed.contains($0.request) }
            if next.isEmpty { break }
            for one in next {
                _ = try connection.ask(Station.RemovePersonal(request: one.request))
                removed.append(one.request)
                console.show { $0.text("Removed what request \(one.request) said of people.") }
            }
        }
        if console.json { console.put(["removed": .array(removed.map { .string($0) })]) }
        if removed.isEmpty { console.show { $0.text("No request's time is over.", .good) } }
        return .good
    }
}

extension Page {
    mutating func add(_ list: Station.ExpiredList) {
        if let problem = list.problem { return text("None can be told: \(problem).", .warning) }
        guard !list.requests.isEmpty else { return text("No request's time is over.", .good) }
        table(
            ["REQUEST", "DONE", "NUMBER", "BODY"],
            list.requests.map { one in
                [
                    (one.request, .strong), (Words.moment(one.done), .plain),
                    (one.requestNumber, .plain), (one.managingBody, .plain),
                ]
            })
    }
}
