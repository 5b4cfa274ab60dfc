/// A request for one device with no more than what the counter needs to begin: who walks in with
/// a letter in hand. The whole of Mẫu 06 is a `RequestForm`.
package struct CaseRequest: Equatable, Sendable {
    package var requestNumber: String
    package var managingBody: String
    package var deviceNumber: DeviceNumber
    /// The name on the certificate. Goes to the vault; the journal gets a commitment.
    package var holder: String

    package init(
        requestNumber: String, managingBody: String, deviceNumber: DeviceNumber, holder: String
    ) {
        self.requestNumber = requestNumber
        self.managingBody = managingBody
        self.deviceNumber = deviceNumber
        self.holder = holder
    }
}

extension CaseBook {
    /// Opens a case for one device.
    package func open(_ request: CaseRequest, who: Who) throws(CaseError)
        -> (file: CaseFile, receipt: Receipt)
    {
        let form = RequestForm(
            number: request.requestNumber, managingBody: request.managingBody,
            devices: [
                DeviceRow(
                    deviceNumber: request.deviceNumber.text, certificateName: request.holder)
            ])
        try RequestForm.check(.holder, request.holder, isNeeded: true)
        let received = try receive(form, missing: [], who: who, isOnceOnly: false)
        guard let id = received.request.cases.first, let file = file(id) else {
            throw .requestNotFound(received.request.id)
        }
        return (file, received.receipt)
    }
}

extension RequestForm {
    /// Characters of one field.
    package static let longestField = 200
    /// Characters of what was reported.
    package static let longestReport = 4000

    /// What no journal and no paper can hold. Whether the request is valid is another question.
    func check() throws(CaseError) {
        guard (1...RequestForm.mostDevices).contains(devices.count) else {
            throw .invalidField(
                .rows, "are \(devices.count), and must be 1 to \(RequestForm.mostDevices)")
        }
        try RequestForm.check(.requestNumber, number, isNeeded: true)
        try RequestForm.check(.managingBody, managingBody, isNeeded: true)
        try RequestForm.check(.permission, particulars.permission)
        try RequestForm.check(
            .report, particulars.report.split(separator: "\n").joined(separator: " "),
            longest: RequestForm.longestReport)
        for text in [
            contact.name, contact.personalNumber, contact.issuedOn, contact.issuedAt,
            contact.position, contact.workplace, contact.mobile,
        ] {
            try RequestForm.check(.contact, text)
        }
        for device in devices {
            try RequestForm.check(.deviceNumber, device.deviceNumber, isNeeded: true)
            try RequestForm.check(.holder, device.certificateName)
            for text in [device.workplace, device.mail, device.certificateSerial] {
                try RequestForm.check(.rows, text)
            }
        }
    }

    fileprivate static func check(
        _ field: JournalField, _ text: String, isNeeded: Bool = false,
        longest: Int = RequestForm.longestField
    ) throws(CaseError) {
        if isNeeded, text.allSatisfy(\.isWhitespace) { throw .invalidField(field, "is empty") }
        if isNeeded, !WrittenText.saysSomething(text) {
            throw .invalidField(field, "has no letter and no digit")
        }
        // The second bound is for characters made of many code points.
        guard text.count <= longest, text.utf8.count <= 20 * longest else {
            throw .invalidField(field, "is longer than \(longest) characters")
        }
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator:
                throw .invalidField(field, "holds a control character")
            // Characters that turn the writing direction make a name read as another.
            case .format where (0x202A...0x202E).contains(scalar.value)
                || (0x2066...0x2069).contains(scalar.value):
                throw .invalidField(field, "holds a control character")
            default: break
            }
        }
    }
}
