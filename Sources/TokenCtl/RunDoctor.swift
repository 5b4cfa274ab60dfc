import JSON
import StationInterface

extension Run {
    /// Looks around, asks the station, and says what is wrong.
    func examine() throws(Failure) -> ExitCode {
        let facts = BoxFacts(lookingFor: socket)
        let (station, inside) = askStation()
        let findings = Examination(facts, station).findings + inside
        if console.json {
            console.put(JSONValue(Station.Findings(findings)))
        } else {
            console.show { $0.add(findings) }
        }
        return findings.contains { $0.state == .bad } ? .failed : .good
    }

    /// How the station answers, and what it finds from the inside.
    private func askStation() -> (Examination.Station, [Station.Finding]) {
        do throws(Failure) {
            let connection = try connect()
            let status = try connection.ask(Station.GetStatus()).message
            return (.answers(mode: status.mode, roles: status.roles), diagnose(connection))
        } catch {
            switch error {
            case .forbidden: return (.forbidden, [])
            case .service(Failure.permissionDenied, _):
                return (.answers(mode: nil, roles: []), [])
            default: return (.silent(error.message), [])
            }
        }
    }

    private func diagnose(_ connection: Connection) -> [Station.Finding] {
        do throws(Failure) {
            return try connection.ask(Station.Diagnose(), .atTheToken).message.findings.map {
                Station.Finding(
                    check: "station: " + $0.check, state: $0.state, message: $0.message,
                    remedy: $0.remedy)
            }
        } catch {
            return [
                Station.Finding(
                    check: "station", state: .warning,
                    message: error.exit == .permissionDenied
                        ? "What it finds from the inside is told to technicians only."
                        : error.message,
                    remedy: error.exit == .permissionDenied
                        ? "Run this as a user with the role technician." : error.next)
            ]
        }
    }
}
