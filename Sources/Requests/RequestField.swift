/// A field of a request, by the form's own numbering where it has one.
package enum RequestField: Hashable, Sendable {
    /// Section 1 of Mẫu 06, from 1.1.
    package enum Contact: String, CaseIterable, Hashable, Sendable {
        case name
        case personalNumber = "personal_number"
        case issuedOn = "issued_on"
        case issuedAt = "issued_at"
        case position
        case workplace
        case mobile
    }

    /// Columns of section 2, from 2.1; the last one stands on other forms only.
    package enum Column: String, CaseIterable, Hashable, Sendable {
        case deviceNumber = "device_number"
        case certificateName = "certificate_name"
        case workplace
        case mail
        case certificateSerial = "certificate_serial"
    }

    case number
    case managingBody
    case received
    case contact(Contact)
    /// The table as a whole.
    case devices
    /// Rows are counted from 0.
    case device(Int, Column)
    case permission
    case returnReason
    case noticed
    case report

    /// For the socket, as `contact.personal_number` or `devices[0].mail`.
    package var name: String {
        switch self {
        case .number: "number"
        case .managingBody: "managing_body"
        case .received: "received"
        case .contact(let field): "contact." + field.rawValue
        case .devices: "devices"
        case .device(let row, let column): "devices[\(row)].\(column.rawValue)"
        case .permission: "permission"
        case .returnReason: "return_reason"
        case .noticed: "noticed"
        case .report: "report"
        }
    }

    /// The form's own numbering, as 1.2 or 2.4; nil where it has none. Columns of section 2
    /// are counted without the one for the row's number.
    package var label: String? {
        switch self {
        case .contact(let field):
            Contact.allCases.firstIndex(of: field).map { "1.\($0 + 1)" }
        case .device(_, .certificateSerial): nil
        case .device(_, let column):
            Column.allCases.firstIndex(of: column).map { "2.\($0 + 1)" }
        case .devices: "2"
        default: nil
        }
    }

    /// The row of section 2, from 0.
    package var row: Int? {
        guard case .device(let row, _) = self else { return nil }
        return row
    }
}

extension ContactPerson {
    package subscript(_ field: RequestField.Contact) -> String {
        get {
            switch field {
            case .name: name
            case .personalNumber: personalNumber
            case .issuedOn: issuedOn
            case .issuedAt: issuedAt
            case .position: position
            case .workplace: workplace
            case .mobile: mobile
            }
        }
        set {
            switch field {
            case .name: name = newValue
            case .personalNumber: personalNumber = newValue
            case .issuedOn: issuedOn = newValue
            case .issuedAt: issuedAt = newValue
            case .position: position = newValue
            case .workplace: workplace = newValue
            case .mobile: mobile = newValue
            }
        }
    }
}

extension DeviceRow {
    package subscript(_ column: RequestField.Column) -> String {
        get {
            switch column {
            case .deviceNumber: deviceNumber
            case .certificateName: certificateName
            case .workplace: workplace
            case .mail: mail
            case .certificateSerial: certificateSerial
            }
        }
        set {
            switch column {
            case .deviceNumber: deviceNumber = newValue
            case .certificateName: certificateName = newValue
            case .workplace: workplace = newValue
            case .mail: mail = newValue
            case .certificateSerial: certificateSerial = newValue
            }
        }
    }
}
