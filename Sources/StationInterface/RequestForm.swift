import JSON

extension Station {
    /// A paper that came in: Mẫu 06 and its kin.
    package struct RequestForm: StationMessage, Equatable {
        /// restore, hand-over, return, lost or misuse.
        package var kind: String
        package var requestNumber: String
        package var managingBody: String
        package var received: String?
        package var contact: Contact?
        package var devices: [DeviceRow]
        package var permission: String?
        package var returnReason: String?
        package var noticed: String?
        package var report: String?

        package init(
            kind: String, requestNumber: String, managingBody: String, received: String? = nil,
            contact: Contact? = nil, devices: [DeviceRow], permission: String? = nil,
            returnReason: String? = nil, noticed: String? = nil, report: String? = nil
        ) {
            self.kind = kind
            self.requestNumber = requestNumber
            self.managingBody = managingBody
            self.received = received
            self.contact = contact
            self.devices = devices
            self.permission = permission
            self.returnReason = returnReason
            self.noticed = noticed
            self.report = report
        }

        package init(_ fields: Fields) throws(FieldError) {
            kind = try fields.string("kind")
            requestNumber = try fields.string("request_number")
            managingBody = try fields.string("managing_body")
            received = try fields.optionalString("received")
            contact = try fields.optionalMessage("contact")
            devices = try fields.messages("devices")
            permission = try fields.optionalString("permission")
            returnReason = try fields.optionalString("return_reason")
            noticed = try fields.optionalString("noticed")
            report = try fields.optionalString("report")
        }

        package init(reading reader: inout JSONReader) throws(JSONError) {
            var form = RequestForm(kind: "", requestNumber: "", managingBody: "", devices: [])
            try reader.parameters(
                [
                    "kind", "request_number", "managing_body", "received", "contact", "devices",
                    "permission", "return_reason", "noticed", "report",
                ],
                optional: [
                    "received", "contact", "permission", "return_reason", "noticed", "report",
                ]
            ) { key, value throws(JSONError) in
                switch key {
                case "kind": form.kind = try value.string(maxLength: 40)
                // Longer than the case room allows, so that its error names the field's rule.
                case "request_number": form.requestNumber = try value.string(maxLength: 4096)
                case "managing_body": form.managingBody = try value.string(maxLength: 4096)
                case "received": form.received = try value.string(maxLength: 40)
                case "contact": form.contact = try Contact(reading: &value)
                case "devices":
                    try value.beginArray()
                    while try value.nextElement() {
                        guard form.devices.count < 1000 else {
                            throw value.invalid("more than 1000 devices")
                        }
                        form.devices.append(try DeviceRow(reading: &value))
                    }
                case "permission": form.permission = try value.string(maxLength: 4096)
                case "return_reason": form.returnReason = try value.string(maxLength: 40)
                case "noticed": form.noticed = try value.string(maxLength: 40)
                default: form.report = try value.string(maxLength: 20_000)
                }
            }
            self = form
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("kind", kind)
            writer.member("request_number", requestNumber)
            writer.member("managing_body", managingBody)
            writer.member("received", received)
            writer.message("contact", contact)
            writer.messages("devices", devices)
            writer.member("permission", permission)
            writer.member("return_reason", returnReason)
            writer.member("noticed", noticed)
            writer.member("report", report)
        }
    }

    /// Section 1 of Mẫu 06.
    package struct Contact: TextMessage, Equatable {
        package var name = ""
        package var personalNumber = ""
        package var issuedOn = ""
        package var issuedAt = ""
        package var position = ""
        package var workplace = ""
        package var mobile = ""

        package init() {}

        package static var members: TextMembers<Contact> {
            [
                ("name", \.name), ("personal_number", \.personalNumber), ("issued_on", \.issuedOn),
                ("issued_at", \.issuedAt), ("position", \.position), ("workplace", \.workplace),
                ("mobile", \.mobile),
            ]
        }
    }

    /// One row of section 2 of Mẫu 06.
    package struct DeviceRow: TextMessage, Equatable {
        package var deviceNumber = ""
        package var certificateName = ""
        package var workplace = ""
        package var mail = ""
        package var certificateSerial = ""

        package init() {}

        package static var members: TextMembers<DeviceRow> {
            [
                ("device_number", \.deviceNumber), ("certificate_name", \.certificateName),
                ("workplace", \.workplace), ("mail", \.mail),
                ("certificate_serial", \.certificateSerial),
            ]
        }
    }
}

/// Members that are texts: their names and where they belong.
package typealias TextMembers<T> = [(name: String, path: WritableKeyPath<T, String>)]

/// A message of texts alone, which are empty where they are absent or null.
package protocol TextMessage: StationMessage {
    init()
    static var members: TextMembers<Self> { get }
}

extension TextMessage {
    package init(_ fields: Fields) throws(FieldError) {
        self.init()
        for (name, path) in Self.members {
            self[keyPath: path] = try fields.optionalString(name) ?? ""
        }
    }

    init(reading reader: inout JSONReader) throws(JSONError) {
        self.init()
        let names = Self.members.map(\.name)
        try reader.parameters(names, optional: Set(names)) { key, value throws(JSONError) in
            let text = try value.string(maxLength: 4096)
            if let member = Self.members.first(where: { $0.name == key }) {
                self[keyPath: member.path] = text
            }
        }
    }

    package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
        for (name, path) in Self.members {
            let text = self[keyPath: path]
            writer.member(name, text.isEmpty ? nil : text)
        }
    }
}
