import JSON
import StationInterface

extension Run {
    /// Looks around, asks the station, and says what is wrong.
    func examine() throws(Failure) -> ExitCode {
        let facts = BoxFacts(lookingFor: socket)
        let (station, inside) = askStation()
        let findings = Examination(facts, station, inside: inside).findings
        if console.json {
            console.put(JSONValue(Station.Findings(findings)))
        } else {
            console.show { $0.add(findings) }
        }
        return findings.contains { $0.state == .bad } ? .failed : .good
    }

    /// How the station answers, and what it finds from the inside.
    private func askStation() -> (Examination.Station, [Station.Finding]) {
        let connection: Connection
        do throws(Failure) {
            connection = try connect()
        } catch {
            if case .forbidden = error { return (.forbidden, []) }
            return (.silent(error.message), [])
        }
        let process = connection.process
        do throws(Failure) {
            let status = try connection.ask(Station.GetStatus()).message
            return (
                .answers(
                    mode: status.mode, roles: status.roles, process: process ?? status.pid,
                    pcscd: status.pcscd),
                diagnose(connection)
            )
        } catch {
            if case .service(Failure.permissionDenied, _) = error {
                return (.answers(mode: nil, roles: [], process: process), [])
            }
            return (.silent(error.message, process: process), [])
        }
    }

    private func diagnose(_ connection: Connection) -> [Station.Finding] {
        do throws(Failure) {
            return try connection.ask(Station.Diagnose(), .atTheToken).message.findings
        } catch {
            return [
                Station.Finding(
                    check: "inside", state: .warning,
                    message: error.exit == .permissionDenied
                        ? "What it finds from the inside is told to technicians only."
                        : error.message,
                    remedy: error.exit == .permissionDenied
                        ? "Run this as a user with the role technician." : error.next)
            ]
        }
    }
}
