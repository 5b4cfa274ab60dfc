import JSON
import StationInterface

extension Run {
    /// A request with all that officers wrote in its cases, page by page.
    func showRequest(_ id: String, whole: Bool) throws(Failure) {
        let connection = try connect()
        var shown = try connection.ask(Station.GetRequest(request: id, whole: whole)).message
        while let next = shown.writtenNext {
            let page = try connection.ask(
                Station.GetRequest(request: id, whole: whole, writtenFrom: next)
            ).message
            shown.written += page.written
            shown.writtenNext = page.writtenNext
        }
        if console.json { return console.put(JSONValue(shown)) }
        console.show { $0.add(shown) }
    }
}
