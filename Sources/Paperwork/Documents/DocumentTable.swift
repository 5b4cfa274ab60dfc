// Which placeholders the template of each paper may have, and which it must: the one table that
// loading, rendering and the manual go by.

extension DocumentKind {
    /// What its template must show, and what must be given to fill it.
    package var required: [DocumentField] {
        switch self {
        case .restoreNotice:
            [
                .officeName, .bodyName, .requestNumber, .devices, .deviceNumber,
                .deviceCertificate, .deviceOutcome,
            ]
        case .refusal:
            [.officeName, .bodyName, .requestNumber, .devices, .deviceNumber, .deviceReason]
        case .completionRequest:
            [.officeName, .bodyName, .requestNumber, .findings, .findingField, .findingText]
        case .routingLetter:
            [
                .officeName, .providerName, .bodyName, .requestNumber, .devices, .deviceNumber,
                .deviceKind,
            ]
        case .handOverRecord:
            [
                .bodyName, .giverName, .receiverName, .devices, .deviceNumber, .deviceCertificate,
            ]
        case .form07:
            [
                .bodyName, .providerName, .devices, .deviceNumber, .deviceCertificate,
                .deviceSerial,
            ]
        case .form08:
            [
                .bodyName, .giverName, .receiverName, .devices, .deviceNumber, .deviceCertificate,
                .deviceSerial, .deviceReason,
            ]
        case .form09:
            [
                .bodyName, .providerName, .reporterName, .devices, .deviceNumber,
                .deviceCertificate, .deviceSerial, .eventText,
            ]
        case .misuseRecord:
            [
                .officeName, .reporterName, .eventText, .devices, .deviceNumber, .told, .toldWho,
                .toldMoment,
            ]
        case .receipt:
            [
                .officeName, .caseNumber, .holderName, .devices, .deviceNumber, .resultText,
                .resultMoment, .resultTries, .journalHead,
            ]
        case .receptionSlip:
            [.officeName, .caseNumber, .bodyName, .requestReceived, .due]
        }
    }

    /// What it may show besides.
    package var optional: [DocumentField] {
        let head: [DocumentField] = [
            .officeName, .officeSuperior, .officeSymbol, .officePlace, .officeIdentifier,
            .officeAddress, .officePhone, .officeEmail, .documentNumber, .documentDay,
            .caseNumber, .requestNumber, .requestDay, .requestReceived, .bases, .basisText,
            .copies, .copyName, .signerCapacity, .signerPosition, .signerName, .officerName,
            .bodyName, .bodySuperior, .bodyFormer, .bodyPlace, .journalHead, .journalLine,
        ]
        let provider: [DocumentField] = [
            .providerName, .providerSuperior, .providerAddress, .providerIdentifier,
        ]
        let contact: [DocumentField] = [
            .contactName, .contactPosition, .contactBody, .contactPhone,
        ]
        let device: [DocumentField] = [
            .devices, .deviceRow, .deviceNumber, .deviceKind, .deviceCertificate, .deviceSerial,
            .deviceBody, .deviceEmail, .deviceReason,
        ]
        let giving: [DocumentField] = [
            .giverName, .giverPosition, .giverBody, .giverID, .giverIDDay, .giverIDPlace,
            .receiverName, .receiverPosition, .receiverBody, .receiverID, .receiverIDDay,
            .receiverIDPlace, .eventMoment, .eventPlace,
        ]
        let reporting: [DocumentField] = [
            .reporterName, .reporterPosition, .reporterBody, .reporterPhone, .reporterID,
            .reporterIDDay, .reporterIDPlace, .eventMoment, .eventPlace, .eventText,
        ]
        let besides: [[DocumentField]] =
            switch self {
            case .restoreNotice: [contact, device, [.deviceOutcome, .deviceDone, .advice]]
            case .refusal: [contact, device, [.advice]]
            case .completionRequest:
                [contact, device, [.findings, .findingRow, .findingRule, .advice]]
            case .routingLetter: [provider, contact, device, [.advice]]
            case .handOverRecord:
                [
                    giving, device,
                    [
                        .permissionNumber, .permissionDay, .permissionBy, .resultText,
                        .resultMoment, .resultEvidence,
                    ],
                ]
            case .form07: [provider, giving, device]
            case .form08: [provider, giving, device, [.noticeDay]]
            case .form09: [provider, reporting, device]
            case .misuseRecord: [reporting, device, [.told, .toldHow, .advice]]
            case .receipt:
                [
                    contact, device,
                    [
                        .receiverName, .deviceOutcome, .resultEvidence, .resultLine, .resultCode,
                        .advice, .qr,
                    ],
                ]
            case .receptionSlip: [contact, device, [.term, .advice, .qr]]
            }
        let all = Set(besides.joined()).union(head).subtracting(required)
        return DocumentField.allCases.filter { all.contains($0) }
    }

    func has(_ field: DocumentField) -> Bool {
        required.contains(field) || optional.contains(field)
    }
}
