/// What the helper unit token-holders is asked: one line, in one connection.
enum HolderQuestion: Equatable, Sendable {
    /// Who talks to pcscd.
    case pcscd
    /// Who has the node of a USB device open.
    case node(USBDevice.Place)

    /// "pcscd", or bus and address as in "usb 1 4"; nothing else is a question.
    init?(_ line: some StringProtocol) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        switch words.first {
        case "pcscd" where words.count == 1: self = .pcscd
        case "usb" where words.count == 3:
            guard let bus = UInt8(words[1]), let address = UInt8(words[2]) else { return nil }
            self = .node(USBDevice.Place(bus: bus, address: address))
        default: return nil
        }
    }

    var line: String {
        switch self {
        case .pcscd: "pcscd"
        case .node(let place): "usb \(place.bus) \(place.address)"
        }
    }

    /// At most so many processes are named.
    static let most = 16

    /// The answer: a line a process, its number and its name, and a line that says that all came.
    static func answer(_ holders: [Holder]) -> String {
        let lines = holders.prefix(most).map { holder in
            // A process names itself: a name must not look like a line.
            let name = holder.program.unicodeScalars.map {
                $0.value < 0x20 || $0.value == 0x7F ? "?" : String($0)
            }
            return "\(holder.process) \(name.joined())\n"
        }
        return lines.joined() + "end\n"
    }

    /// The holders in an answer; nil where it is none, or not whole.
    static func holders(in answer: String) -> [Holder]? {
        guard answer.hasSuffix("\n") else { return nil }
        var lines = answer.dropLast().split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.popLast() == "end", lines.count <= most else { return nil }
        var holders: [Holder] = []
        for line in lines {
            let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            guard words.count == 2, let process = Int32(words[0]), process > 0 else { return nil }
            holders.append(Holder(process: process, program: String(words[1])))
        }
        return holders
    }
}
