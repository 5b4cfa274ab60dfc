import StationInterface

/// What the command line asks for.
struct Options: Equatable, Sendable {
    enum Role: Equatable, Sendable {
        /// Keeps the terminal's modes, starts the screen process and cleans up after it.
        case keeper
        /// Draws and talks to the agent; started by the keeper.
        case screen
    }

    var role = Role.keeper
    var socket = Station.defaultSocket
    var language = Language.vietnamese
    /// The shell command that prints a page of HTML from its standard input.
    var print: String?
    /// The shell command that draws a QR code of its standard input, as SVG.
    var qr: String?
    /// Folders that files of requests come to.
    var imports: [String] = []
    /// How Vietnamese is typed; nil for the language's own.
    var input: InputMethod?
    /// Lines of text instead of a screen.
    var plain = false
    /// Minutes until a screen that nobody is signed in at goes dark; nil: never.
    var blank: Int?
    /// The open file of what the screen process before left; only the keeper says so.
    var kept: Int32?
    var wantsHelp = false
    var wantsVersion = false

    static let blankMinutes = 1...240

    static let version = "0.1.0"

    /// How the keeper starts the screen process; not for people.
    static let screenFlag = "--as-screen-process"
    static let keptFlag = "--kept"

    struct Mistake: Error, Equatable {
        var message: String
    }

    /// - Parameters:
    ///   - arguments: without the program's own name.
    ///   - environmentSocket: what TOKEN_STATION_SOCKET says; an option goes before it.
    ///   - terminal: what TERM says.
    init(
        _ arguments: [String], environmentSocket: String? = nil, terminal: String? = nil
    ) throws(Mistake) {
        // Such a terminal can print, and no more.
        plain = terminal == "dumb"
        if let environmentSocket, !environmentSocket.isEmpty { socket = environmentSocket }
        var rest = arguments[...]
        func value(of option: String) throws(Mistake) -> String {
            guard let value = rest.popFirst() else {
                throw Mistake(message: "\(option) wants a value")
            }
            return value
        }
        while let argument = rest.popFirst() {
            switch argument {
            case "--socket":
                socket = try value(of: argument)
                guard !socket.isEmpty else { throw Mistake(message: "--socket wants a path") }
            case "--language":
                let name = try value(of: argument)
                guard let language = Language(rawValue: name) else {
                    throw Mistake(message: "--language is vi or en, not \(name)")
                }
                self.language = language
            case "--input":
                let name = try value(of: argument)
                guard let method = InputMethod(rawValue: name) else {
                    throw Mistake(message: "--input is telex, vni or off, not \(name)")
                }
                input = method
            case "--plain": plain = true
            case "--print":
                let command = try value(of: argument)
                guard !command.isEmpty else { throw Mistake(message: "--print wants a command") }
                print = command
            case "--qr":
                let command = try value(of: argument)
                guard !command.isEmpty else { throw Mistake(message: "--qr wants a command") }
                qr = command
            case "--blank":
                let text = try value(of: argument)
                guard let minutes = Int(text), Options.blankMinutes.contains(minutes) else {
                    throw Mistake(message: "--blank is 1 to 240 minutes, not \(text)")
                }
                blank = minutes
            case "--import":
                let folder = try value(of: argument)
                guard folder.hasPrefix("/") else {
                    throw Mistake(message: "--import wants the whole path of a folder")
                }
                imports.append(folder)
            case "--help", "-h": wantsHelp = true
            case "--version": wantsVersion = true
            case Options.screenFlag: role = .screen
            case Options.keptFlag: kept = Int32(try value(of: argument))
            default: throw Mistake(message: "unknown argument \(argument)")
            }
        }
    }

    /// The same options for the screen process.
    var forScreen: [String] {
        var words = [Options.screenFlag, "--socket", socket, "--language", language.rawValue]
        if let input { words += ["--input", input.rawValue] }
        if plain { words.append("--plain") }
        if let kept { words += [Options.keptFlag, String(kept)] }
        if let print { words += ["--print", print] }
        if let qr { words += ["--qr", qr] }
        if let blank { words += ["--blank", String(blank)] }
        for folder in imports { words += ["--import", folder] }
        return words
    }

    static let help = """
        kiosk-shell [--socket PATH] [--language vi|en] [--input telex|vni|off] [--plain]
                    [--print C] [--qr C] [--import FOLDER]... [--blank MINUTES]

        The counter's screen: restores a locked token, step by step, on a whole terminal.
        It talks to the agent's socket only and needs no rights but the counter's.

          --socket PATH   the agent's socket (default $TOKEN_STATION_SOCKET, else
                          \(Station.defaultSocket))
          --language L    vi (default) or en; F2 or Ctrl-L changes it at any time
          --input M       how Vietnamese letters are typed in text fields: telex (default in
                          Vietnamese), vni, or off (default in English); F4 changes it. Numbers
                          of tokens and codes are always taken as typed.
          --plain         lines of text instead of a screen, for a screen reader or a terminal
                          that can only print (TERM=dumb has it by itself): each screen is told
                          as lines, then what changes; the keys are the same
          --print C       prints papers with /bin/sh -c C: the page as HTML on its standard input,
                          60 seconds, no terminal; for example "weasyprint -q - - | lp"
          --qr C          draws the QR code of receipts with /bin/sh -c C: its text on standard
                          input, SVG on standard output; for example "qrencode -t SVG -o -"
          --import FOLDER requests are read from files there (*.csv, *.json) and one folder
                          below, as this user: the document system's, or where a stick is mounted
          --blank MINUTES the screen goes dark after so long without a key, on the first screen
                          and where nobody is signed in; any key or touch brings it back
          --help          this text
          --version       this program's version

        Keys stand at the foot of each screen. F10 leaves, Esc goes back. With a mouse or a touch
        screen they can be touched there, and so can rows and fields; a second touch on a row
        goes on with it. For a code of digits F6, or a touch that led to it, shows keys of digits
        in random places.
        Colours follow TERM and NO_COLOR. At least 80 columns and 24 rows are needed.

        After a crash the screen comes back with what was being typed and the case in hand, but
        for codes: these are wiped. It is kept in memory, as long as the program runs.

        Only where both its processes are killed at once (kill -9) nobody is left to put the
        terminal back: its unit does, and in a terminal of your own the command reset, which is
        not seen while it is typed.

        Exit codes: 0 left by key, 1 the screen process failed, or crashed over and over (the
        terminal is put back first), 2 wrong arguments, 3 standard input or output is no terminal.

        """
}

/// What the program ends with.
enum ExitCode {
    static let left: Int32 = 0
    static let failed: Int32 = 1
    static let usage: Int32 = 2
    static let noTerminal: Int32 = 3
}
