import APDU

// SELECT, READ BINARY and READ RECORD: ISO 7816-4, 7.1.1, 7.2.3 and 7.3.3.
extension EPass2003Card {
    private static let master: UInt16 = 0x3F00

    /// By identifier, one DF at a time, or the application by its name.
    mutating func select(_ command: Command) throws(Refused) -> [UInt8] {
        guard command.header.p2 == 0x00 else { throw Refused(.incorrectParameters) }
        switch command.header.p1 {
        case 0x00:
            guard command.data.count == 2 else { throw Refused(.wrongLength) }
            return try select(UInt16(command.data[0]) << 8 | UInt16(command.data[1]))
        case 0x04:
            switch command.data {
            case EPass2003Model.applicationName: return try select(EPass2003Model.application)
            case EPass2003Model.masterName: return try select(Self.master)
            default: throw Refused(.fileNotFound)
            }
        default: throw Refused(.incorrectParameters)
        }
    }

    private mutating func select(_ identifier: UInt16) throws(Refused) -> [UInt8] {
        if identifier == Self.master {
            (folder, file) = (.master, nil)
            return folderInformation(identifier, EPass2003Model.masterName)
        }
        if identifier == EPass2003Model.application {
            (folder, file) = (.application, nil)
            return folderInformation(identifier, EPass2003Model.applicationName)
        }
        let name = PKCS15FileName(folder, identifier)
        guard let content = state.files[name] else { throw Refused(.fileNotFound) }
        file = name
        let isRecords = identifier == EPass2003Model.directory
        return DataObject.tlv(
            0x6F,
            DataObject.tlv(0x80, Self.two(content.count))
                + DataObject.tlv(0x82, isRecords ? [4, 0, 0, 0x40, 0] : [1, 0])
                + DataObject.tlv(0x83, Self.two(Int(identifier)))
                + DataObject.tlv(0x86, [0x90, 0x90, 0xFF, 0x90, 0xFF, 0xFF, 0xFF, 0xFF]))
    }

    private func folderInformation(_ identifier: UInt16, _ name: [UInt8]) -> [UInt8] {
        DataObject.tlv(
            0x6F,
            DataObject.tlv(0x82, [0x38, 0x00]) + DataObject.tlv(0x83, Self.two(Int(identifier)))
                + DataObject.tlv(0x84, name))
    }

    private static func two(_ number: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
    }

    func readBinary(_ command: Command) throws(Refused) -> [UInt8] {
        guard command.header.p1 & 0x80 == 0 else { throw Refused(.incorrectParameters) }
        guard let file, file.identifier != EPass2003Model.directory,
            let content = state.files[file]
        else { throw Refused(.commandNotAllowed) }
        let offset = Int(command.header.p1) << 8 | Int(command.header.p2)
        guard offset <= content.count else { throw Refused(.wrongParameters) }
        return Array(content[offset...])
    }

    /// EF.DIR has one record.
    func readRecord(_ command: Command) throws(Refused) -> [UInt8] {
        guard let file, file.identifier == EPass2003Model.directory,
            let content = state.files[file], command.header.p2 & 0x07 == 0x04
        else { throw Refused(.commandNotAllowed) }
        guard command.header.p1 == 1 else { throw Refused(.recordNotFound) }
        return content
    }
}
