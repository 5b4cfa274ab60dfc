/// A value that papers show: the name of its placeholder.
///
/// What stands in a list has the list's word for one of them before the dot: `{{#each devices}}`
/// repeats what shows `{{device.number}}`.
package enum DocumentField: String, CaseIterable, Sendable {
    // The office, from its configuration.
    case officeName = "office.name"
    case officeSuperior = "office.superior"
    case officeSymbol = "office.symbol"
    case officePlace = "office.place"
    case officeIdentifier = "office.identifier"
    case officeAddress = "office.address"
    case officePhone = "office.phone"
    case officeEmail = "office.email"
    case providerName = "provider.name"
    case providerSuperior = "provider.superior"
    case providerAddress = "provider.address"
    case providerIdentifier = "provider.identifier"
    case signerCapacity = "signer.capacity"
    case signerPosition = "signer.position"
    case signerName = "signer.name"
    case bases
    case basisText = "basis.text"
    case copies
    case copyName = "copy.name"

    // The paper, the case and the request.
    case documentNumber = "document.number"
    case documentDay = "document.day"
    case caseNumber = "case.number"
    case requestNumber = "request.number"
    case requestDay = "request.day"
    case requestReceived = "request.received"
    case due
    case term

    // The managing body and its contact person.
    case bodyName = "body.name"
    case bodySuperior = "body.superior"
    case bodyFormer = "body.former"
    case bodyPlace = "body.place"
    case contactName = "contact.name"
    case contactPosition = "contact.position"
    case contactBody = "contact.body"
    case contactPhone = "contact.phone"

    // Devices.
    case devices
    case deviceRow = "device.row"
    case deviceNumber = "device.number"
    case deviceKind = "device.kind"
    case deviceCertificate = "device.certificate"
    case deviceSerial = "device.serial"
    case deviceBody = "device.body"
    case deviceEmail = "device.email"
    case deviceOutcome = "device.outcome"
    case deviceDone = "device.done"
    case deviceReason = "device.reason"

    // What a request lacks.
    case findings
    case findingRow = "finding.row"
    case findingField = "finding.field"
    case findingText = "finding.text"
    case findingRule = "finding.rule"

    // People who give, receive and report.
    case giverName = "giver.name"
    case giverPosition = "giver.position"
    case giverBody = "giver.body"
    case giverID = "giver.id"
    case giverIDDay = "giver.id_day"
    case giverIDPlace = "giver.id_place"
    case receiverName = "receiver.name"
    case receiverPosition = "receiver.position"
    case receiverBody = "receiver.body"
    case receiverID = "receiver.id"
    case receiverIDDay = "receiver.id_day"
    case receiverIDPlace = "receiver.id_place"
    case reporterName = "reporter.name"
    case reporterPosition = "reporter.position"
    case reporterBody = "reporter.body"
    case reporterPhone = "reporter.phone"
    case reporterID = "reporter.id"
    case reporterIDDay = "reporter.id_day"
    case reporterIDPlace = "reporter.id_place"

    // What happened, when and where.
    case eventMoment = "event.moment"
    case eventPlace = "event.place"
    case eventText = "event.text"
    case permissionNumber = "permission.number"
    case permissionDay = "permission.day"
    case permissionBy = "permission.by"
    case noticeDay = "notice.day"
    case told
    case toldWho = "told.who"
    case toldMoment = "told.moment"
    case toldHow = "told.how"

    // What the station did.
    case holderName = "holder.name"
    case resultText = "result.text"
    case resultMoment = "result.moment"
    case resultTries = "result.tries"
    case resultEvidence = "result.evidence"
    case resultLine = "result.line"
    case resultCode = "result.code"
    case advice
    case officerName = "officer.name"
    case journalHead = "journal.head"
    case journalLine = "journal.line"
    case qr
}

extension DocumentField {
    /// What a value of it is, and how it is shown.
    package enum Form: Equatable, Sendable {
        /// Text on one line.
        case text
        /// Text that may have several lines.
        case lines
        /// A day: 03/02/2026, or with `long` ngày 03 tháng 02 năm 2026.
        case day
        /// A minute of a day: 14:05 ngày 03/02/2026, or long.
        case moment
        /// A count, with a 0 before a single digit.
        case count
        case qr
        /// A list, and what each of its rows may have.
        case list([DocumentField])
        /// The number of a row, from 1, which nobody gives.
        case row
    }

    package var form: Form {
        switch self {
        case .documentDay, .requestDay, .giverIDDay, .receiverIDDay, .reporterIDDay,
            .permissionDay, .noticeDay:
            .day
        case .requestReceived, .due, .deviceDone, .eventMoment, .toldMoment, .resultMoment: .moment
        case .eventText, .advice: .lines
        case .term: .count
        case .qr: .qr
        case .deviceRow, .findingRow: .row
        case .bases: .list([.basisText])
        case .copies: .list([.copyName])
        case .devices:
            .list([
                .deviceRow, .deviceNumber, .deviceKind, .deviceCertificate, .deviceSerial,
                .deviceBody, .deviceEmail, .deviceOutcome, .deviceDone, .deviceReason,
            ])
        case .findings: .list([.findingRow, .findingField, .findingText, .findingRule])
        case .told: .list([.toldWho, .toldMoment, .toldHow])
        default: .text
        }
    }

    /// The list whose rows have it; nil for what stands alone.
    package var list: DocumentField? {
        for list in DocumentField.lists {
            if case .list(let members) = list.form, members.contains(self) { return list }
        }
        return nil
    }

    static let lists: [DocumentField] = [.bases, .copies, .devices, .findings, .told]
}

extension DocumentField {
    /// What no record of the station has: it is left to be written in by hand, in a preview too.
    package static let unrecorded: Set<DocumentField> = [
        .documentNumber, .requestDay, .bodySuperior, .bodyFormer, .bodyPlace, .eventMoment,
        .eventPlace, .permissionDay, .permissionBy, .advice,
    ]
}
