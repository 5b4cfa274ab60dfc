import Requests

extension Station.RequestForm {
    /// A paper as a file has it; the station tidies it.
    package init(_ form: Requests.RequestForm) {
        func text(_ text: String) -> String? { text.isEmpty ? nil : text }
        var contact = Station.Contact()
        contact.name = form.contact.name
        contact.personalNumber = form.contact.personalNumber
        contact.issuedOn = form.contact.issuedOn
        contact.issuedAt = form.contact.issuedAt
        contact.position = form.contact.position
        contact.workplace = form.contact.workplace
        contact.mobile = form.contact.mobile
        let devices = form.devices.map { row in
            var device = Station.DeviceRow()
            device.deviceNumber = row.deviceNumber
            device.certificateName = row.certificateName
            device.workplace = row.workplace
            device.mail = row.mail
            device.certificateSerial = row.certificateSerial
            return device
        }
        self.init(
            kind: form.kind.rawValue, requestNumber: form.number,
            managingBody: form.managingBody, received: form.received?.description,
            contact: contact, devices: devices, permission: text(form.particulars.permission),
            returnReason: form.particulars.returnReason?.rawValue,
            noticed: form.particulars.noticed?.description, report: text(form.particulars.report))
    }
}
