import JSON

extension Office {
    /// Reads an office's file.
    /// - Returns: the office, or every mistake that was found, in the order of the file.
    package static func parse(
        _ bytes: [UInt8], file: String
    ) -> (office: Office?, mistakes: [FileMistake]) {
        var reader = FileReader(OfficeKey.keys)
        var draft: OfficeDraft?
        do throws(JSONError) {
            let limits = JSONLimits(depth: 4, length: longestFile, stringLength: 4096, keys: 32)
            draft = try JSONReader.over(bytes, dialect: .configuration, limits: limits) {
                (json) throws(JSONError) in
                try OfficeDraft(&json, &reader)
            }
        } catch {
            reader.note(error)
        }
        let mistakes = reader.mistakes(in: file)
        return (mistakes.isEmpty ? draft?.office : nil, mistakes)
    }
}

/// The values of an office's file as they stand there.
private struct OfficeDraft {
    private var texts: [String: String] = [:]
    private var bases: [Office.Basis] = []
    private var copies: [String] = []

    init(_ json: inout JSONReader, _ reader: inout FileReader) throws(JSONError) {
        _ = try reader.object(
            &json, "",
            required: ["office", "name", "superior", "symbol", "place", "provider", "signer"]
        ) { (reader, json, key) throws(JSONError) in
            switch key {
            case "office": _ = try reader.integer(&json, in: 1...1)
            case "name", "superior": texts[key] = try reader.words(&json, longest: 200)?.value
            case "identifier", "address", "phone", "email":
                let line = try reader.words(&json, longest: 200, orElse: Self.orStrike)
                texts[key] = line?.value
                if key == "email", let line, !OfficeSlip.isMail(line.value) {
                    reader.note(line.place, "is no mail address, as sokhcn@haiphong.gov.vn")
                }
            case "place": texts[key] = try reader.words(&json, longest: 60)?.value
            case "symbol":
                texts[key] =
                    try reader.text(
                        &json, "must be 1 to 20 letters, digits, hyphens and dots", Self.symbol)?
                    .value
            case "provider":
                try readTexts(
                    &reader, &json, key, ["name", "superior", "address", "identifier"],
                    required: ["name"])
            case "signer":
                try readTexts(
                    &reader, &json, key, ["capacity", "position", "name"],
                    required: ["position"])
            case "bases": try readBases(&reader, &json)
            case "copies":
                copies =
                    try reader.list(&json, most: 10) { (reader, json) throws(JSONError) in
                        try reader.words(&json, longest: 200)?.value
                    }?.value ?? []
            default: return false
            }
            return true
        }
        try json.finish()
    }

    private static let orStrike = "strike the line where there is none"

    private static func symbol(_ text: String) -> String? {
        let isSymbol = text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar == "-" || scalar == "."
                || ("0"..."9").contains(scalar)
        }
        return isSymbol && (1...20).contains(text.unicodeScalars.count) ? text : nil
    }

    private mutating func readTexts(
        _ reader: inout FileReader, _ json: inout JSONReader, _ object: String,
        _ known: [String], required: [String]
    ) throws(JSONError) {
        _ = try reader.object(&json, object, required: required) {
            (reader, json, key) throws(JSONError) in
            guard known.contains(key) else { return false }
            let orElse = required.contains(key) ? nil : Self.orStrike
            texts[object + "." + key] =
                try reader.words(&json, longest: 200, orElse: orElse)?.value
            return true
        }
    }

    private mutating func readBases(
        _ reader: inout FileReader, _ json: inout JSONReader
    ) throws(JSONError) {
        var lines: [String: Int] = [:]
        let list = try reader.list(&json, most: 20) {
            (reader, json) throws(JSONError) -> Office.Basis? in
            guard let (basis, place) = try Self.basis(&reader, &json) else { return nil }
            let key = OfficeSlip.key(ofBasis: basis.text)
            if let line = lines[key] {
                reader.note(
                    place,
                    "stands in line \(line) already, and papers would cite it twice: strike one, "
                        + "and name every paper in the other's \"papers\"")
            }
            lines[key] = lines[key] ?? place.line
            return basis
        }
        bases = list?.value ?? []
    }

    private static func basis(
        _ reader: inout FileReader, _ json: inout JSONReader
    ) throws(JSONError) -> (Office.Basis, FilePlace)? {
        var text: Placed<String>?
        var state: Office.Basis.State?
        var papers = DocumentKind.allCases
        _ = try reader.object(&json, "bases[]", required: ["text", "state"]) {
            (reader, json, key) throws(JSONError) in
            switch key {
            case "text": text = try reader.words(&json, longest: 400)
            case "state":
                state =
                    try reader.text(&json, "no state is called so") {
                        Office.Basis.State(rawValue: $0)
                    }?.value
            case "papers":
                let named = try reader.list(&json, most: DocumentKind.allCases.count) {
                    (reader, json) throws(JSONError) in
                    try reader.text(&json, "no paper is called so") {
                        DocumentKind(rawValue: $0)
                    }?.value
                }
                papers = named?.value ?? papers
                if let named, papers.isEmpty, !reader.hasNoted(below: named.place.path) {
                    reader.note(
                        named.place,
                        "is empty, and no paper would cite it: name one, or strike the line for "
                            + "every paper")
                }
            case "remark": _ = try reader.words(&json, longest: 400, orElse: orStrike)
            default: return false
            }
            return true
        }
        guard let text, let state else { return nil }
        if let slip = OfficeSlip.inBasis(text.value, state) { reader.note(text.place, slip) }
        return (Office.Basis(text: text.value, state: state, papers: papers), text.place)
    }

    /// Nil where something is missing, which has been noted.
    var office: Office? {
        guard let name = texts["name"], let superior = texts["superior"],
            let symbol = texts["symbol"], let place = texts["place"],
            let provider = texts["provider.name"], let position = texts["signer.position"]
        else { return nil }
        return Office(
            name: name, superior: superior, symbol: symbol, place: place,
            identifier: texts["identifier"], address: texts["address"], phone: texts["phone"],
            email: texts["email"],
            provider: Office.Provider(
                name: provider, superior: texts["provider.superior"],
                address: texts["provider.address"], identifier: texts["provider.identifier"]),
            signer: Office.Signer(
                capacity: texts["signer.capacity"], position: position,
                name: texts["signer.name"]),
            bases: bases, copies: copies)
    }
}
