import APDU

// SELECT and READ BINARY: ISO 7816-4, 7.1.1 and 7.2.3.
extension PKCS15Card {
    private static let master: UInt16 = 0x3F00

    private enum Found {
        case folder(PKCS15FileName.Place)
        case file(PKCS15FileName)
    }

    mutating func select(_ command: CardCommand) throws(Refused) -> [UInt8] {
        let data = Array(command.data)
        let header = command.header
        guard [0x00, 0x04, 0x0C].contains(header.p2) else { throw Refused(.incorrectParameters) }
        if header.p1 == 0x04, let applet = model.applet, data == applet {
            selectApplet()
            // IsoApplet answers with the version of its interface and what it can do.
            if model.kind == .isoApplet { return model.isVersion1 ? [1, 0, 7] : [0, 6, 6] }
            return information(.folder(.application), header.p2)
        }
        guard selection.isThere else { throw Refused(.fileNotFound) }
        let found: Found
        switch header.p1 {
        case 0x00:
            found = try child(data.isEmpty ? Self.master : Self.identifier(data))
        case 0x02: found = try child(Self.identifier(data))
        case 0x04:
            guard data == model.applicationName else { throw Refused(.fileNotFound) }
            found = .folder(.application)
        case 0x08: found = try walk(data, from: .master)
        case 0x09: found = try walk(data, from: selection.folder)
        default: throw Refused(.incorrectParameters)
        }
        switch found {
        case .folder(let place):
            selection.folder = place
            selection.file = nil
        case .file(let name):
            selection.folder = name.place
            selection.file = name
        }
        return information(found, header.p2)
    }

    private mutating func selectApplet() {
        selection = Selection(
            isThere: true, folder: model.kind == .vgca ? .application : .master, file: nil)
        isVerified = false
        environment = nil
    }

    private static func identifier(_ data: [UInt8]) throws(Refused) -> UInt16 {
        guard data.count == 2 else { throw Refused(.wrongLength) }
        return UInt16(data[0]) << 8 | UInt16(data[1])
    }

    /// A file by its identifier. IsoApplet finds it wherever it is.
    private func child(_ identifier: UInt16) throws(Refused) -> Found {
        if identifier == Self.master { return .folder(.master) }
        if identifier == model.applicationFile { return .folder(.application) }
        let places: [PKCS15FileName.Place] =
            model.kind == .isoApplet ? [.master, .application] : [selection.folder]
        for place in places {
            let name = PKCS15FileName(place, identifier)
            if state.files[name] != nil { return .file(name) }
        }
        throw Refused(.fileNotFound)
    }

    private func walk(
        _ path: [UInt8], from start: PKCS15FileName.Place
    ) throws(Refused) -> Found {
        guard !path.isEmpty, path.count.isMultiple(of: 2) else { throw Refused(.wrongLength) }
        var place = start
        for at in stride(from: 0, to: path.count, by: 2) {
            let identifier = try Self.identifier(Array(path[at..<(at + 2)]))
            let name = PKCS15FileName(place, identifier)
            if place == .master, identifier == model.applicationFile {
                place = .application
            } else if at + 2 == path.count, state.files[name] != nil {
                return .file(name)
            } else {
                throw Refused(.fileNotFound)
            }
        }
        return .folder(place)
    }

    /// FCI, FCP or nothing (7.4.3).
    private func information(_ found: Found, _ p2: UInt8) -> [UInt8] {
        guard p2 != 0x0C else { return [] }
        let content: [UInt8]
        switch found {
        case .folder(let place):
            let identifier = place == .master ? Self.master : model.applicationFile
            content =
                DataObject.tlv(0x82, [0x38])
                + (identifier.map { DataObject.tlv(0x83, Self.two(Int($0))) } ?? [])
                + (place == .application ? DataObject.tlv(0x84, model.applicationName) : [])
        case .file(let name):
            let count = state.files[name]?.count ?? 0
            content =
                DataObject.tlv(model.kind == .plain ? 0x80 : 0x81, Self.two(count))
                + DataObject.tlv(0x82, [0x01])
                + DataObject.tlv(0x83, Self.two(Int(name.identifier)))
        }
        return DataObject.tlv(p2 == 0x04 ? 0x62 : 0x6F, content)
    }

    private static func two(_ number: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
    }

    func readBinary(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard command.header.p1 & 0x80 == 0 else { throw Refused(.incorrectParameters) }
        guard let name = selection.file, let content = state.files[name] else {
            throw Refused(.commandNotAllowed)
        }
        let offset = Int(command.header.p1) << 8 | Int(command.header.p2)
        guard offset <= content.count else { throw Refused(.wrongParameters) }
        return Array(content[offset...].prefix(command.room))
    }
}
