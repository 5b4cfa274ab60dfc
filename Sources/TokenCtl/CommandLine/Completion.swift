import Paperwork

/// What a shell completes, made from the table the parser works from.
enum Completion: String, CaseIterable, Sendable {
    case bash, zsh

    /// The script; what made it stands at its head.
    var text: String {
        switch self {
        case .bash: "# made by: tokenctl completion bash\n" + Self.choices + Self.inBash
        case .zsh:
            "#compdef tokenctl\n# made by: tokenctl completion zsh\n" + Self.choices + Self.inZsh
        }
    }

    /// Stands among the choices for the names of files.
    private static let files = "<file>"

    /// Options whose value is a file or folder.
    private static let pathOptions = [
        "--bodies", "--calendar", "--office", "--out", "--qr", "--rules", "--socket", "--templates",
    ]

    /// Words behind an option or a command, as far as they can be told without a station.
    private static let known = [
        "--give": [Owner.raw, .pcsc].map(\.rawValue),
        "completion": allCases.map(\.rawValue),
        "journal export": [files],
        "journal verify": [files],
        "report": [files],
        "template preview": DocumentKind.allCases.map(\.rawValue),
    ]

    /// One function for both shells: given the words before the one that is being typed, it
    /// prints what may follow.
    private static var choices: String {
        let valued = ParsedWords.valued.sorted()
        let groups = CommandShape.groups.map(\.name)
        var text = """
            _tokenctl_choices() {
                local word wants= command=
                for word; do
                    if [ -n "$wants" ]; then
                        wants=
                        continue
                    fi
                    case $word in
                    \(valued.joined(separator: "|"))) wants=$word ;;
                    -*) ;;
                    *)
                        case $command in
                        '') command=$word ;;
                        \(groups.joined(separator: "|"))) command="$command $word" ;;
                        esac
                        ;;
                    esac
                done
                case ${wants:-$command} in

            """
        for option in valued { add(option, wordsBehind(option: option), to: &text) }
        add("''", firstWords + CommandShape.everywhere, to: &text)
        for group in groups {
            let start = group + " "
            let second = CommandShape.all.filter { $0.name.hasPrefix(start) }
            add("'\(group)'", second.map { String($0.name.dropFirst(start.count)) }, to: &text)
        }
        for shape in CommandShape.all {
            add(
                "'\(shape.name)'",
                words(of: shape) + shape.values + shape.lists + shape.flags
                    + CommandShape.everywhere, to: &text)
        }
        return text + "    esac\n}\n"
    }

    private static func add(_ pattern: String, _ words: [String], to text: inout String) {
        text += "    \(pattern)) echo '\(words.joined(separator: " "))' ;;\n"
    }

    private static func wordsBehind(option: String) -> [String] {
        known[option] ?? (pathOptions.contains(option) ? [files] : [])
    }

    private static func words(of shape: CommandShape) -> [String] {
        if shape.name == "help" { return firstWords }
        return known[shape.name] ?? (shape.lack.contains("FILE") ? [files] : [])
    }

    /// The first words of all commands, in the order of the table.
    private static var firstWords: [String] {
        var seen: Set<Substring> = []
        return CommandShape.all.compactMap { $0.name.split(separator: " ").first }
            .filter { seen.insert($0).inserted }.map(String.init)
    }

    private static let inBash = """
        _tokenctl() {
            local choices current=${COMP_WORDS[COMP_CWORD]}
            choices=$(_tokenctl_choices "${COMP_WORDS[@]:1:COMP_CWORD-1}")
            case " $choices " in
            *' \(files) '*)
                compopt -o filenames 2>/dev/null
                mapfile -t COMPREPLY < <(compgen -f -- "$current")
                choices=${choices/'\(files)'/}
                ;;
            *) COMPREPLY=() ;;
            esac
                mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "$choices" -- "$current")
        }
        complete -F _tokenctl tokenctl

        """

    private static let inZsh = """
        _tokenctl() {
            local -a choices
            choices=(${=$(_tokenctl_choices "${(@)words[2,CURRENT-1]}")})
            (( ${choices[(Ie)\(files)]} )) && _files
            compadd -- ${choices:#\(files)}
        }
        _tokenctl "$@"

        """
}
