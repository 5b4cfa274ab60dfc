import JSON
import System

/// Standard output and error, in the form that was asked for.
final class Console {
    /// One JSON document instead of text.
    let json: Bool
    /// Columns to wrap at; nil where standard output is no terminal.
    let width: Int?
    private let colours: Bool
    /// Somebody may read standard error as it comes.
    private let isWatched: Bool
    private let output: (String) -> Bool
    private let errors: (String) -> Bool
    /// Nobody reads standard output any more.
    private(set) var isClosed = false

    init(
        json: Bool, width: Int?, colours: Bool, isWatched: Bool,
        output: @escaping (String) -> Bool, errors: @escaping (String) -> Bool
    ) {
        self.json = json
        self.width = width
        self.colours = colours
        self.isWatched = isWatched
        self.output = output
        self.errors = errors
    }

    /// The program's own.
    convenience init(json: Bool) {
        let terminal = Terminal(Terminal.standardOutput)
        let width = terminal.map { min(max($0.size()?.columns ?? 80, 60), 100) }
        let noColour = Process.variable("NO_COLOR").map { !$0.isEmpty } ?? false
        self.init(
            json: json, width: width, colours: terminal != nil && !noColour,
            isWatched: Terminal(Terminal.standardError) != nil,
            output: { Console.write($0, Terminal.standardOutput) },
            errors: { Console.write($0, Terminal.standardError) })
    }

    private static func write(_ text: String, _ number: Int32) -> Bool {
        (try? FileDescriptor.write(text, to: number)) != nil
    }

    /// Shows a page to people; programs that asked for JSON do not see it.
    func show(_ fill: (inout Page) -> Void) {
        guard !json else { return }
        var page = Page(width: width)
        fill(&page)
        put(page.lines.map { (colours ? $0.coloured() : $0.text) + "\n" }.joined())
    }

    /// Shows what went wrong: to people on standard error.
    func complain(_ fill: (inout Page) -> Void) {
        var page = Page(width: width)
        fill(&page)
        let isColoured = colours && isWatched
        _ = errors(page.lines.map { (isColoured ? $0.coloured() : $0.text) + "\n" }.joined())
    }

    /// Words beside the output, such as a prompt.
    func whisper(_ text: String) { _ = errors(text) }

    /// What to do with the output, for whoever reads along: a script's log has no use for it.
    func advise(_ text: String) { if isWatched { _ = errors(text) } }

    /// Text as it is: a help page, a document.
    func put(_ text: String) {
        if !output(text) { isClosed = true }
    }

    /// One document on one line.
    func put(_ document: JSONValue) {
        var writer = JSONWriter(into: JSONBytes())
        writer.value(document)
        guard let bytes = try? writer.finish().bytes else { return }
        put(visibleJSON(String(decoding: bytes, as: UTF8.self)) + "\n")
    }
}
