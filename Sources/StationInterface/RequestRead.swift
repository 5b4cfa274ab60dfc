import Requests

extension Station.RequestForm {
    /// A paper as a file has it; the station tidies it.
    package init(_ form: Requests.RequestForm) {
        func text(_ text: String) -> String? { text.isEmpty ? nil : text }
        self.init(
            kind: form.kind.rawValue, requestNumber: form.number,
            managingBody: form.managingBody, received: form.received?.description,
            contact: Station.Contact(form.contact),
            devices: form.devices.map { Station.DeviceRow($0) },
            permission: text(form.particulars.permission),
            returnReason: form.particulars.returnReason?.rawValue,
            noticed: form.particulars.noticed?.description, report: text(form.particulars.report))
    }
}

extension Station.Contact {
    package init(_ contact: ContactPerson) {
        self.init()
        name = contact.name
        personalNumber = contact.personalNumber
        issuedOn = contact.issuedOn
        issuedAt = contact.issuedAt
        position = contact.position
        workplace = contact.workplace
        mobile = contact.mobile
    }
}

extension Station.DeviceRow {
    package init(_ row: Requests.DeviceRow) {
        self.init()
        deviceNumber = row.deviceNumber
        certificateName = row.certificateName
        workplace = row.workplace
        mail = row.mail
        certificateSerial = row.certificateSerial
    }
}
