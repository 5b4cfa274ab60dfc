import JSON
import StationInterface
import System
import Varlink

/// The station behind its socket, asked one question after another.
final class Connection {
    let path: String
    let client: VarlinkClient
    /// What --timeout says.
    private let timeout: Int?

    /// Bytes of the longest call that a station takes.
    static let longestCall = VarlinkLimits().message

    /// - Parameter hasLongCalls: a request with many devices, or a picture, is to go out.
    init(_ path: String, timeout: Int?, hasLongCalls: Bool = false) throws(Failure) {
        self.path = path
        self.timeout = timeout
        do throws(VarlinkClientError) {
            client = try VarlinkClient(
                connectingTo: path, timeout: .seconds(timeout ?? Pace.prompt.seconds),
                messageLimit: hasLongCalls ? Self.longestCall : VarlinkClient.usualMessage)
        } catch {
            throw Failure(error, path: path)
        }
    }

    /// The process that answers; nil where only a service manager is seen, or one of another
    /// PID namespace.
    var process: Int? {
        guard let peer = try? client.peer(), peer.process > 1 else { return nil }
        return Int(peer.process)
    }

    enum Pace {
        /// Answered from what the station knows.
        case prompt
        /// A token is at work; the station's own deadlines end that.
        case atTheToken
        /// Somebody types at the reader's pad.
        case atThePad

        var seconds: Int {
            switch self {
            case .prompt: 10
            case .atTheToken: 90
            case .atThePad: 240
            }
        }
    }

    func patience(_ pace: Pace) -> Duration {
        .seconds(timeout ?? pace.seconds)
    }

    /// Calls and waits; the reply as it came.
    func ask<R: StationRequest & ~Copyable>(
        _ request: borrowing R, _ pace: Pace = .prompt
    ) throws(Failure) -> Reply<R.Reply> {
        let parameters: JSONValue
        do throws(VarlinkClientError) {
            parameters = try client.call(R.method, timeout: patience(pace)) {
                request.write(into: &$0)
            }
        } catch {
            throw Failure(error, path: path)
        }
        return try Reply(parameters)
    }

    /// Calls with "more"; replies are taken from `client`.
    func begin<R: StationRequest & ~Copyable>(_ request: borrowing R) throws(Failure) {
        do throws(VarlinkClientError) {
            try client.send(R.method, .more, deadline: .now + patience(.prompt)) {
                request.write(into: &$0)
            }
        } catch {
            throw Failure(error, path: path)
        }
    }
}

/// A reply in both its forms.
struct Reply<Message: StationMessage>: Sendable {
    let message: Message
    let parameters: JSONValue

    init(_ parameters: JSONValue) throws(Failure) {
        self.parameters = parameters
        do throws(FieldError) {
            message = try Message(Fields(parameters))
        } catch {
            throw .broken("the reply is of another version: \(error)")
        }
    }
}
