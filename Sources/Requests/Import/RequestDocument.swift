import JSON

/// Requests from JSON: an array of objects.
enum RequestDocument {
    static func read(
        _ bytes: [UInt8], _ file: String, _ minutesEast: Int64
    ) -> ([RequestImport.Read], [RequestImport.Mistake]) {
        var reader = FileReader(RequestKey.keys)
        var requests: [RequestImport.Read] = []
        do throws(JSONError) {
            let limits = JSONLimits(
                depth: 6, length: RequestImport.longestFile, stringLength: 1 << 16, keys: 64)
            requests = try JSONReader.over(bytes, dialect: .strict, limits: limits) {
                (json) throws(JSONError) in
                try document(&reader, &json, minutesEast)
            }
        } catch {
            reader.note(error)
        }
        return (requests, reader.errors(in: file).map { RequestImport.Mistake($1, $0) })
    }

    private static func document(
        _ reader: inout FileReader, _ json: inout JSONReader, _ minutesEast: Int64
    ) throws(JSONError) -> [RequestImport.Read] {
        let read = try reader.list(&json, most: RequestImport.mostRequests) {
            (reader, json) throws(JSONError) in
            try request(&reader, &json, minutesEast)
        }
        try json.finish()
        return read?.value ?? []
    }

    private static func request(
        _ reader: inout FileReader, _ json: inout JSONReader, _ minutesEast: Int64
    ) throws(JSONError) -> RequestImport.Read? {
        var form = RequestForm(number: "", managingBody: "", devices: [])
        var lines: [Int] = []
        let place = try reader.object(&json, "[]") { (reader, json, key) throws(JSONError) in
            switch key {
            case "kind":
                form.kind =
                    try word(&reader, &json, .unknownKind) { CaseKind(rawValue: $0) } ?? form.kind
            case "number": form.number = try text(&reader, &json)
            case "managing_body": form.managingBody = try text(&reader, &json)
            case "received": form.received = try time(&reader, &json, minutesEast)
            case "contact": try readContact(&reader, &json, &form.contact)
            case "devices":
                // How many there may be is the check's to say.
                let devices =
                    try reader.list(&json, most: CSVTable.mostRecords) {
                        (reader, json) throws(JSONError) in
                        try device(&reader, &json)
                    }?.value ?? []
                form.devices = devices.map(\.row)
                lines = devices.map(\.line)
            case "permission": form.particulars.permission = try text(&reader, &json)
            case "return_reason":
                if try json.nullIfNext() { return true }
                form.particulars.returnReason =
                    try word(&reader, &json, .unknownReason) { ReturnReason(rawValue: $0) }
            case "noticed": form.particulars.noticed = try time(&reader, &json, minutesEast)
            case "report": form.particulars.report = try text(&reader, &json)
            default: return false
            }
            return true
        }
        return place.map { RequestImport.Read(form: form, line: $0.line, deviceLines: lines) }
    }

    private static func readContact(
        _ reader: inout FileReader, _ json: inout JSONReader, _ contact: inout ContactPerson
    ) throws(JSONError) {
        _ = try reader.object(&json, "[].contact") { (reader, json, key) throws(JSONError) in
            guard let field = RequestField.Contact(rawValue: key) else { return false }
            contact[field] = try text(&reader, &json)
            return true
        }
    }

    private static func device(
        _ reader: inout FileReader, _ json: inout JSONReader
    ) throws(JSONError) -> (row: DeviceRow, line: Int)? {
        var row = DeviceRow(deviceNumber: "")
        let place = try reader.object(&json, "[].devices[]") {
            (reader, json, key) throws(JSONError) in
            guard let column = RequestField.Column(rawValue: key) else { return false }
            row[column] = try text(&reader, &json)
            return true
        }
        return place.map { (row, $0.line) }
    }

    /// A text, or null for none.
    private static func text(
        _ reader: inout FileReader, _ json: inout JSONReader
    ) throws(JSONError) -> String {
        if try json.nullIfNext() { return "" }
        let read = try reader.text(&json) { text -> Understood<String> in
            guard let letters = TextEncoding.wrongLetters(text) else { return .as(text) }
            return .wrong(quoting(text, .letters(letters)))
        }
        return read?.value ?? ""
    }

    /// A text that `meaning` understands; another is quoted with what is wrong with it.
    private static func word<Value>(
        _ reader: inout FileReader, _ json: inout JSONReader, _ fault: ImportFault,
        _ meaning: (String) -> Value?
    ) throws(JSONError) -> Value? {
        try reader.text(&json) { text -> Understood<Value> in
            meaning(text).map { .as($0) } ?? .wrong(quoting(text, fault))
        }?.value
    }

    private static func quoting(_ text: String, _ fault: ImportFault) -> String {
        ImportQuote(text)?.before(fault.words) ?? fault.words
    }

    private static func time(
        _ reader: inout FileReader, _ json: inout JSONReader, _ minutesEast: Int64
    ) throws(JSONError) -> Timestamp? {
        if try json.nullIfNext() { return nil }
        return try word(&reader, &json, .noTime) {
            Timestamp(written: $0, minutesEast: minutesEast)
        }
    }
}

/// The keys of a request in JSON: the names of the socket.
enum RequestKey {
    static let keys = FileKeys(all)

    private static let all: [FileKey] = {
        var all: [FileKey] = [
            FileKey("[]", "an object", absent: "no requests", "a request"),
            FileKey("[].kind", RequestImport.kinds, absent: "restore", "what is asked"),
            FileKey("[].received", RequestImport.times, absent: "none", "the time label"),
            FileKey("[].contact", "an object", absent: "empty", "section 1 of Mẫu 06"),
            FileKey("[].devices", "a list of objects", absent: "empty", "section 2"),
            FileKey("[].return_reason", RequestImport.returnReasons, absent: "none", "why"),
            FileKey("[].noticed", RequestImport.times, absent: "none", "when it was told"),
        ]
        func addText(_ path: String) {
            all.append(FileKey(path, "text", absent: "empty", "as the paper has it"))
        }
        for name in ["number", "managing_body", "permission", "report"] { addText("[]." + name) }
        for field in RequestField.Contact.allCases { addText("[].contact." + field.rawValue) }
        for column in RequestField.Column.allCases { addText("[].devices[]." + column.rawValue) }
        return all
    }()
}
