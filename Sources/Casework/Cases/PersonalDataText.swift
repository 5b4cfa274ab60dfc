import JSON

/// The vault's record of a request.
extension PersonalData {
    private enum Key {
        static let contact = "contact"
        static let devices = "devices"
        static let permission = "permission"
        static let report = "report"
    }

    func text() throws(JSONWriteError) -> [UInt8] {
        var writer = JSONWriter(into: JSONBytes())
        writer.beginObject()
        writer.key(Key.contact)
        writer.beginObject()
        for (key, path) in ContactPerson.members { writer.member(key, contact[keyPath: path]) }
        writer.endObject()
        writer.key(Key.devices)
        writer.beginArray()
        for row in rows {
            writer.beginObject()
            for (key, path) in Row.members { writer.member(key, row[keyPath: path]) }
            writer.endObject()
        }
        writer.endArray()
        writer.member(Key.permission, permission)
        writer.member(Key.report, report)
        writer.endObject()
        return try writer.finish().bytes
    }

    init(reading record: [UInt8]) throws(JSONError) {
        let limits = JSONLimits(length: Vault.longestRecord)
        self = try JSONReader.over(record, limits: limits) {
            (reader) throws(JSONError) -> PersonalData in
            var data = PersonalData(RequestForm(number: "", managingBody: "", devices: []))
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case Key.contact: try reader.fill(&data.contact, ContactPerson.members)
                case Key.devices:
                    try reader.beginArray()
                    while try reader.nextElement() {
                        var row = Row(
                            certificateName: "", workplace: "", mail: "", certificateSerial: "")
                        try reader.fill(&row, Row.members)
                        data.rows.append(row)
                    }
                case Key.permission: data.permission = try reader.string()
                case Key.report: data.report = try reader.string()
                default: try reader.skip()
                }
            }
            try reader.finish()
            return data
        }
    }
}

/// A text member of a record: its name and where it belongs.
private typealias Members<T> = [(key: String, path: WritableKeyPath<T, String>)]

extension ContactPerson {
    fileprivate static var members: Members<ContactPerson> {
        [
            ("name", \.name), ("personal_number", \.personalNumber), ("issued_on", \.issuedOn),
            ("issued_at", \.issuedAt), ("position", \.position), ("workplace", \.workplace),
            ("mobile", \.mobile),
        ]
    }
}

extension PersonalData.Row {
    fileprivate static var members: Members<PersonalData.Row> {
        [
            ("certificate_name", \.certificateName), ("workplace", \.workplace),
            ("mail", \.mail), ("certificate_serial", \.certificateSerial),
        ]
    }
}

extension JSONReader {
    fileprivate mutating func fill<T>(_ value: inout T, _ members: Members<T>) throws(JSONError) {
        try beginObject()
        while let key = try nextKey() {
            guard let member = members.first(where: { $0.key == key }) else {
                try skip()
                continue
            }
            value[keyPath: member.path] = try string()
        }
    }
}
