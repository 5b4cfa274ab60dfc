import JSON
import StationInterface
import System

/// `tokenctl`: understands its arguments, does the one thing they ask for, says how it went.
@main
enum Program {
    static func main() {
        SignalSource.ignoreBrokenPipes()
        let arguments = Array(CommandLine.arguments.dropFirst())
        let invocation: Invocation
        do throws(UsageError) {
            invocation = try Invocation(
                arguments, environmentSocket: Process.variable("TOKEN_STATION_SOCKET"))
        } catch {
            let console = Console(json: arguments.contains("--json"))
            if console.json { console.put(error.document) }
            console.complain { $0.add(error) }
            Process.exit(ExitCode.usage.rawValue)
        }
        let console = Console(json: invocation.json)
        Process.exit(Run(invocation, console).status().rawValue)
    }
}
