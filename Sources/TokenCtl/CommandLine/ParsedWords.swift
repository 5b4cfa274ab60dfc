/// A command line taken apart: the command's name, and what was given to it.
struct ParsedWords: Equatable, Sendable {
    private(set) var command: String?
    private(set) var words: [String] = []
    private(set) var values: [String: String] = [:]
    private(set) var lists: [String: [String]] = [:]
    private(set) var flags: Set<String> = []

    /// - Parameter arguments: without the program's own name. Options may stand anywhere;
    ///   behind `--` nothing is an option.
    init(_ arguments: [String]) throws(UsageError) {
        var plain: [String] = []
        var options: [(name: String, value: String?)] = []
        var isOver = false
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            // A single "-" is standard input, "-5" a number.
            guard !isOver, argument.hasPrefix("--") || argument == "-h" else {
                plain.append(argument)
                continue
            }
            if argument == "--" {
                isOver = true
                continue
            }
            var option = Self.split(argument)
            if Self.wantsValue(option.name), option.value == nil {
                guard let value = rest.popFirst() else {
                    throw UsageError(message: "\(option.name) needs a value", command: plain.first)
                }
                option.value = value
            }
            options.append(option)
        }
        let shape = try takeCommand(&plain, options)
        words = plain
        for (name, value) in options { try take(name, value, shape) }
        if let shape, !flags.contains("--help"), !shape.words.contains(words.count) {
            throw UsageError(
                message: words.count > shape.words.upperBound
                    ? "one word too many: \"\(words[shape.words.upperBound])\""
                    : "\(shape.name) needs \(shape.lack)", command: shape.name)
        }
    }

    private static func split(_ argument: String) -> (name: String, value: String?) {
        if argument == "-h" { return ("--help", nil) }
        guard let sign = argument.firstIndex(of: "=") else { return (argument, nil) }
        return (String(argument[..<sign]), String(argument[argument.index(after: sign)...]))
    }

    /// Options with a value that every command has.
    private static let everywhere = ["--socket", "--timeout", "--officer", "--officer-token"]

    /// Options that take a value, wherever they may stand.
    static let valued = Set(
        CommandShape.all.flatMap { $0.values + $0.lists } + everywhere)

    private static func isKnown(_ option: String) -> Bool {
        CommandShape.everywhere.contains(option) || valued.contains(option)
            || CommandShape.all.contains { $0.flags.contains(option) }
    }

    private static func wantsValue(_ name: String) -> Bool { valued.contains(name) }

    /// Finds the command at the front of `plain` and takes its name away.
    private mutating func takeCommand(
        _ plain: inout [String], _ options: [(name: String, value: String?)]
    ) throws(UsageError) -> CommandShape? {
        let wantsHelp = options.contains { $0.name == "--help" }
        guard let first = plain.first else {
            guard wantsHelp || options.contains(where: { $0.name == "--version" }) else {
                let unknown = options.first { !Self.isKnown($0.name) }
                throw UsageError(
                    message: unknown.map { "there is no option \($0.name)" }
                        ?? "no command was given")
            }
            command = wantsHelp ? "help" : "version"
            return CommandShape(name: "help", flags: ["--version"])
        }
        plain.removeFirst()
        guard let group = CommandShape.groups.first(where: { $0.name == first }) else {
            guard let shape = CommandShape.all.first(where: { $0.name == first }) else {
                throw UsageError(message: "there is no command \"\(first)\"")
            }
            command = first
            return shape
        }
        guard let second = plain.first ?? (wantsHelp ? nil : group.alone) else {
            if wantsHelp {
                command = first
                return nil
            }
            throw UsageError(
                message: "\(first) needs a word more: \(Self.wordsBehind(first))", command: first)
        }
        let name = "\(first) \(second)"
        guard let shape = CommandShape.all.first(where: { $0.name == name }) else {
            throw UsageError(
                message: "\(first) cannot \"\(second)\", only \(Self.wordsBehind(first))",
                command: first)
        }
        if !plain.isEmpty { plain.removeFirst() }
        command = name
        return shape
    }

    /// The second words of a group: "show or verify".
    private static func wordsBehind(_ group: String) -> String {
        let start = group + " "
        let words = CommandShape.all.filter { $0.name.hasPrefix(start) }.map {
            String($0.name.dropFirst(start.count))
        }
        guard let last = words.last, words.count > 1 else { return words.joined() }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }

    private mutating func take(
        _ name: String, _ value: String?, _ shape: CommandShape?
    ) throws(UsageError) {
        let isList = shape?.lists.contains(name) ?? false
        let isValue =
            Self.everywhere.contains(name)
            || (shape?.values.contains(name) ?? false)
        let isFlag =
            ["--json", "--help"].contains(name)
            || (shape?.flags.contains(name) ?? false)
        guard isList || isValue || isFlag else {
            // Behind --help nothing else matters.
            if shape == nil { return }
            if ["--pin", "--puk", "--code", "--new-pin", "--so-pin", "--password"].contains(name) {
                throw UsageError(
                    message: "a code is never an argument, where everybody on this box could "
                        + "read it: it is asked for, or read from standard input",
                    command: command)
            }
            throw UsageError(
                message: "\(command ?? "tokenctl") has no option \(name)", command: command)
        }
        if isFlag {
            guard value == nil else {
                throw UsageError(message: "\(name) takes no value", command: command)
            }
            flags.insert(name)
            return
        }
        guard let value, !value.isEmpty else {
            throw UsageError(message: "\(name) needs a value", command: command)
        }
        if isList {
            lists[name, default: []].append(value)
            return
        }
        guard values.updateValue(value, forKey: name) == nil else {
            throw UsageError(message: "\(name) is given twice", command: command)
        }
    }
}
