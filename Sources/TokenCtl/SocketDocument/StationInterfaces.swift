import StationInterface
import Varlink

/// The socket's interfaces, in the order in which a restore meets them.
enum StationInterfaces {
    struct Entry: Sendable {
        let name: String
        let text: String
    }

    static let all: [Entry] = [
        Entry(name: DevicesInterface.name, text: DevicesInterface.description),
        Entry(name: CasesInterface.name, text: CasesInterface.description),
        Entry(name: RestoreInterface.name, text: RestoreInterface.description),
        Entry(name: KeyCheckInterface.name, text: KeyCheckInterface.description),
        Entry(name: OfficersInterface.name, text: OfficersInterface.description),
        Entry(name: JournalInterface.name, text: JournalInterface.description),
        Entry(name: MaintenanceInterface.name, text: MaintenanceInterface.description),
    ]

    /// The texts as their parser reads them.
    static func descriptions() throws(InterfaceError) -> [InterfaceDescription] {
        var descriptions: [InterfaceDescription] = []
        for entry in all { descriptions.append(try InterfaceDescription(parsing: entry.text)) }
        return descriptions
    }
}
