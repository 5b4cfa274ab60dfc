import System

/// kiosk-shell: the counter's screen. See `Options.help`.
func run() -> Int32 {
    let arguments = CommandLine.arguments
    do throws(Options.Mistake) {
        let options = try Options(
            Array(arguments.dropFirst()),
            environmentSocket: Process.variable("TOKEN_STATION_SOCKET"),
            terminal: Process.variable("TERM"))
        if options.wantsHelp {
            Console.write(Array(Options.help.utf8))
            return ExitCode.left
        }
        if options.wantsVersion {
            Console.write(Array("kiosk-shell \(Options.version)\n".utf8))
            return ExitCode.left
        }
        switch options.role {
        case .keeper:
            return Keeper(options: options, name: arguments.first ?? "kiosk-shell").run()
        case .screen: return ScreenProcess(options: options).run()
        }
    } catch {
        Console.complain("kiosk-shell: \(error.message); see kiosk-shell --help")
        return ExitCode.usage
    }
}

Process.exit(run())
