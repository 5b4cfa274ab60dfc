import StationInterface
import Varlink

/// `docs/socket.md`, made from the interfaces' own texts, so that it cannot say anything else.
enum SocketDocument {
    static var text: String {
        var lines = SocketIntroduction.lines
        lines += SocketAccess.lines
        lines += SocketCases.lines
        lines += SocketExample.lines
        lines.append("## The interfaces")
        lines.append("")
        do throws(InterfaceError) {
            for description in try StationInterfaces.descriptions() {
                lines += SocketReference.lines(description)
            }
        } catch {
            // The texts are part of this program, and a test parses each of them.
            lines.append("An interface text of this program is malformed: \(error)")
        }
        while lines.last == "" { lines.removeLast() }
        return lines.joined(separator: "\n") + "\n"
    }
}
