import StationInterface

/// What `tokenctl help` prints.
enum Help {
    static let version = "0.1.0"

    /// The name of the page asked for; nil for the general one.
    static func topic(_ words: [String]) throws(UsageError) -> String? {
        guard let first = words.first else { return nil }
        let name = words.joined(separator: " ")
        if pages[name] != nil { return name }
        if words.count == 2, pages[first] != nil,
            CommandShape.all.contains(where: { $0.name == name })
        {
            return first
        }
        throw UsageError(message: "there is no command \"\(name)\"")
    }

    /// The page about a command, or about all.
    static func page(_ topic: String?) -> String {
        guard let topic else { return general }
        let group = topic.split(separator: " ").first.map(String.init) ?? topic
        guard let page = pages[topic] ?? pages[group] else { return general }
        return page + "\n" + foot
    }

    private static let foot = """
        Options of every command: --socket PATH, --json, --timeout SECONDS, --officer ID. Exit
        status and the rest: tokenctl help

        """

    static let general = """
        tokenctl - the Token Station's command for technicians

        USE
          tokenctl COMMAND [OPTIONS]
          tokenctl help COMMAND

        WHAT IS IN THE READERS
          status                     how the station stands, and what you may do with it
          readers                    the readers, as last seen
          reader NAME ...            how one is built and driven, how fast it is; whose it is
          inspect [READER]           what the token says of itself; spends no try
          watch                      the readers, again after each change, until ^C
          apdu [READER] HEX          one reading command to the token, and its answer

        RESTORING A TOKEN
          restore [READER] ...       unlocks a token: case, permit, codes, proof, result
          restores [list]            restores of this run, and those that ended unknown
          restores follow ID         follows one to its end
          restores cancel ID         stops one, as long as no code was sent
          check-key [READER]         whether the certificate's key is in the device
          timing [READER]            how long a token takes to sign, drawn as bars
          case open|list|show|history|due|refuse|route|record|notice|paper|close
                                     devices of requests, and what is done with each
          request receive FILE       takes requests in from a file; findings are shown first
          request complete ID FILE   one that was incomplete, with what was missing
          request show|expired|forget
                                     a request as it came in; whose retention time is over

        TOKEN MODELS
          profile list               what the station knows of single models
          profile check FILE...      whether profiles are right and what they mean; needs no station
          commission [READER] ...    tries a model on a token that may be lost; writes its profile

        PAPERWORK
          bodies check FILE...       whether tables of old and new names are right; needs no station
          request check FILE         what a file of requests says, and what is wrong; needs no station

        WORKING DAYS
          calendar check FILE...     whether calendars are right, alone and together
          calendar show YEAR         a year, month by month
          calendar due DATE ...      when a term ends; none of the three needs a station

        PAPERS
          template check PATH...     whether templates of papers are right; needs no station
          template preview KIND      a paper with invented data, as HTML; needs no station
          office check FILE          whether the office's file is right; needs no station

        OFFICERS
          officer check FILE         whether the list of officers is right; needs no station
          officer list               who may sign in at the station, and what needs a sign-in
          officer password           the hash of a new password, for that list; needs no station

        THE STATION ITSELF
          doctor                     what is wrong on this box and what to do; needs no station
          journal show               the record, line by line
          journal export [FILE]      its lines as NDJSON: of a period, a kind, a case
          journal verify [FILE]      whether the record holds; a file needs no station
          report [FILE]              statistics of a period: table, CSV, JSON, a page with charts
          interface [NAME]           the socket's interfaces, as their text describes them
          completion bash|zsh        what these shells complete behind tokenctl
          version                    versions of this program and of the station

        READER is a name as `tokenctl readers` shows it, in quotes where it has blanks. It may be
        left out while exactly one reader holds a token.

        OPTIONS
          --socket PATH      the station's socket
                             (default $TOKEN_STATION_SOCKET, else \(Station.defaultSocket))
          --json             one JSON document on standard output. What went wrong is one too:
                             {"error": NAME, "parameters": {...}}
          --timeout SECONDS  for the connection and for each answer; 10, or 90 where a token is
                             at work, 240 where somebody types at a reader's pad. Only watch,
                             and for what is typed in, waits without an end
          --officer ID       signs in as this officer for the command: the password is asked for
                             first, or is the first line of standard input
          --officer-token READER  the same by the officer's own token, and its PIN
          --help             the page of a command

        CODES
          PIN, unblocking code and password are never arguments. At a terminal they are asked for and not
          shown; where standard input is no terminal they are read from it, one a line. They are
          held in locked memory, sent once, and wiped.

        EXIT STATUS
        \(statusTable)
        ENVIRONMENT
          TOKEN_STATION_SOCKET  the station's socket, where --socket is not given
          NO_COLOR              no colours; there are none either where output is no terminal

        EXAMPLES
          tokenctl inspect
          tokenctl restore --request 45/SYT --body 'Sở Y tế' --holder 'Trần Văn Bình' --device 12345678
          tokenctl check-key --restore r-0123456789abcdef
          tokenctl journal verify /var/lib/token-station/journal.ndjson
          tokenctl --json status

        WHAT IT DOES NOT DO
          It has no rights of its own: the station asks the kernel who calls, and decides. It
          keeps nothing and never sends a code a second time. It executes nothing but udevadm, where
          root gives a reader to somebody.

        """

    private static var statusTable: String {
        ExitCode.allCases.map { "  \($0.rawValue)  \($0.meaning)\n" }.joined()
    }
}
