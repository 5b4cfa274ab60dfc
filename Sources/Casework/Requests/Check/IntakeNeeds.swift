extension Intake {
    /// Which fields a request of each kind needs. What is not listed may be left out.
    ///
    /// Mẫu 06 asks for all of its fields; the other forms' fields are not confirmed, so of them
    /// only what the act cannot do without must be there, and the rest is noticed.
    static func needs(_ kind: CaseKind) -> [(field: Field, severity: Severity)] {
        var needs: [(field: Field, severity: Severity)] = []
        needs.append((.number, kind == .restore ? .mustComplete : .notice))
        needs.append((.managingBody, .mustComplete))
        for field in Field.Contact.allCases {
            let isNeeded =
                switch kind {
                case .restore: true
                case .handOver, .takeBack: field != .mobile
                case .lost, .misuse: field == .name
                }
            needs.append((.contact(field), isNeeded ? .mustComplete : .notice))
        }
        if kind == .lost || kind == .misuse { needs.append((.report, .mustComplete)) }
        return needs
    }

    /// The same for a row of section 2.
    static func needs(
        _ kind: CaseKind, row: DeviceRow
    ) -> [(column: Field.Column, severity: Severity)] {
        switch kind {
        case .restore:
            return [
                (.deviceNumber, .mustComplete), (.certificateName, .mustComplete),
                (.workplace, .mustComplete), (.mail, .mustComplete),
            ]
        case .handOver, .takeBack:
            return [
                (.deviceNumber, .mustComplete), (.certificateName, .mustComplete),
                (.workplace, .notice), (.mail, .notice),
            ]
        case .lost, .misuse:
            // Who lost a device may not have its number; something has to name it.
            let isNamed = !row.certificateSerial.isEmpty || !row.certificateName.isEmpty
            return [
                (.deviceNumber, isNamed ? .notice : .mustComplete), (.certificateName, .notice),
            ]
        }
    }

    /// Characters that a field may have.
    static func longest(_ field: Field) -> Int {
        switch field {
        case .report: 4000
        case .contact(.name), .contact(.position): 120
        case .contact(.personalNumber), .contact(.issuedOn), .contact(.mobile): 40
        case .device(_, .deviceNumber), .device(_, .certificateSerial): 60
        case .number: 80
        default: 254
        }
    }
}

extension RequestForm {
    /// The texts of the form with the field each stands in, in the paper's order.
    var texts: [(field: Intake.Field, text: String)] {
        var all: [(field: Intake.Field, text: String)] = []
        all.append((.number, number))
        all.append((.managingBody, managingBody))
        for field in Intake.Field.Contact.allCases { all.append((.contact(field), contact[field])) }
        for (i, row) in devices.enumerated() {
            for column in Intake.Field.Column.allCases {
                all.append((.device(i, column), row[column]))
            }
        }
        all.append((.permission, particulars.permission))
        all.append((.report, particulars.report))
        return all
    }
}
