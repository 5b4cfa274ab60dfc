import JSON
import Paperwork
import StationInterface
import System

/// A paper of a case to fetch.
struct PaperOrder: Equatable, Sendable {
    var caseNumber: String
    var paper: String
    /// nil for standard output.
    var file: String? = nil
    /// A file that is there may be replaced.
    var replaces = false
    /// A QR code as qrencode writes it.
    var qr: String? = nil
}

extension PaperOrder {
    init(_ parsed: ParsedWords) throws(UsageError) {
        caseNumber = parsed.words.first ?? ""
        paper = parsed.words.last ?? ""
        file = parsed.values["--out"]
        replaces = parsed.flags.contains("--force")
        qr = parsed.values["--qr"]
        guard file != nil || !replaces else {
            throw UsageError(message: "--force belongs to --out", command: "case paper")
        }
    }
}

extension Run {
    /// Fetches a paper and writes it out. It names people: the file is its owner's alone.
    func fetchPaper(_ order: PaperOrder) throws(Failure) {
        if let file = order.file, !order.replaces, File.exists(file) {
            throw Run.isThere(file)
        }
        var qr: String? = nil
        if let file = order.qr {
            let bytes = try Run.contents(of: file, limit: QRCode.longestFile)
            qr = String(decoding: bytes, as: UTF8.self)
        }
        let reply = try connect(hasLongCalls: qr != nil).ask(
            Station.GetPaper(number: order.caseNumber, paper: order.paper, qr: qr))
        guard let file = order.file else {
            if console.json { return console.put(reply.parameters) }
            return console.put(reply.message.html)
        }
        try Run.write(reply.message.html, to: file, replacing: order.replaces)
        if console.json {
            return console.put(["name": .string(reply.message.name), "file": .string(file)])
        }
        console.show { $0.text("\(file) is written.", .good) }
    }

    private static func write(
        _ text: String, to file: String, replacing: Bool
    ) throws(Failure) {
        do throws(SystemError) {
            if replacing { return try File.replace(file, with: Array(text.utf8)) }
            let made = try File.open(file, .creating(mode: 0o600))
            do throws(SystemError) {
                try made.writeAll(Array(text.utf8))
                try made.syncData()
            } catch {
                // Half a paper is none.
                try? File.remove(file)
                throw error
            }
        } catch {
            if error.errno == .exists { throw isThere(file) }
            throw .own(
                .fileUnwritable, "\(file) cannot be written: \(error.reason).",
                next: "Name a place that you may write to and that has room.")
        }
    }

    private static func isThere(_ file: String) -> Failure {
        .own(
            .fileUnwritable, "\(file) is there already.",
            next: "Name another file, or say --force to replace it.")
    }
}
