import System
import VirtualToken

private func fail(_ code: Int32, _ reason: String) -> Never {
    Output.complain("virtual-token: \(reason)\n")
    Process.exit(code)
}

private func run(_ arguments: [String]) -> Never {
    let options: Options
    do throws(VirtualTokenError) { options = try Options(arguments) } catch {
        fail(2, "\(error)")
    }
    if options.wantsVersion {
        Output.say("virtual-token \(version)\n")
        Process.exit(0)
    }
    if options.wantsHelp {
        let faults = Fault.grammar.split(separator: "\n", omittingEmptySubsequences: false)
            .map { faultHelpIndent + $0 + "\n" }
        let readerFaults = ReaderFault.grammar
            .split(separator: "\n", omittingEmptySubsequences: false)
            .map { faultHelpIndent + $0 + "\n" }
        Output.say(help + faults.joined() + readerFaultHelp + readerFaults.joined() + helpEnd)
        Process.exit(0)
    }
    guard options.attachment != nil else {
        fail(2, "--vpcd or --attach SOCKET or the word usb says where the token goes; see --help")
    }
    SignalSource.ignoreBrokenPipes()
    do throws(Session.End) {
        if case .usb(let port) = options.attachment {
            try USBSession(options, port: port).run()
        } else {
            try Session(options).run()
        }
    } catch {
        switch error {
        case .finished: Process.exit(0)
        case .failed(let reason): fail(1, reason)
        }
    }
    Process.exit(0)
}

run(Array(CommandLine.arguments.dropFirst()))
