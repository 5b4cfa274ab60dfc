import APDU
import Crypto

// Files, and the data objects in them: GET DATA, PUT DATA, CREATE, ACTIVATE and DELETE FILE
// (GIDS 2.0, 7.4).
extension GIDSCard {
    /// Bytes of an object at most.
    private static var longestObject: Int { 4096 }
    private static var mostObjects: Int { 64 }

    /// P1 P2 name the file, 3FFF what belongs to the application: codes and public keys.
    mutating func getData(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard Self.file(command.header) != Self.applicationFile else {
            return try applicationData(command.data)
        }
        let number = try dataFile(command.header, .getData)
        guard let list = try? TLVReader.find([0x5C], in: command.data) else {
            throw Refused(.incorrectData)
        }
        let file = state.files[number]
        guard !list.value.isEmpty else {
            let all = (file?.objects ?? [:]).sorted { $0.key < $1.key }
            return all.flatMap { DataObject.tlv($0.key, $0.value) }
        }
        let tag = list.value.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard list.value.count <= 3, let value = file?.objects[tag] else {
            throw Refused(.referenceDataNotFound)
        }
        return DataObject.tlv(tag, value)
    }

    private func applicationData(_ data: ArraySlice<UInt8>) throws(Refused) -> [UInt8] {
        if let list = try? TLVReader.find([0x5C], in: data) {
            let tag = list.value.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            guard list.value.count == 2, tag == 0x7F71 || tag == 0x7F72 else {
                throw Refused(.referenceDataNotFound)
            }
            return try pinStatus(tag)
        }
        // 70 { 84 key, A5 { 7F49 80 } }: the public half. What stands in A5 is no object.
        guard let wanted = try? TLVReader.find([0x70, 0x84], in: data), wanted.value.count == 1,
            let number = wanted.value.first
        else { throw Refused(.incorrectData) }
        return try publicKey(number)
    }

    /// One object; an empty one over an empty one takes it away.
    mutating func putData(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard let objects = try? TLVReader.all(command.data), objects.count == 1,
            let object = objects.first, object.tag.isValid
        else { throw Refused(.incorrectData) }
        guard Self.file(command.header) != Self.applicationFile else {
            return try putKey(object)
        }
        let number = try dataFile(command.header, .putData)
        let tag = object.tag.rawValue
        guard object.value.count <= Self.longestObject else { throw Refused(.wrongLength) }
        let old = state.files[number]?.objects[tag]
        guard old != nil || (state.files[number]?.objects.count ?? 0) < Self.mostObjects else {
            throw Refused(.notEnoughMemory)
        }
        let isTakenAway = object.value.isEmpty && old?.isEmpty == true
        state.files[number]?.objects[tag] = isTakenAway ? nil : Array(object.value)
        changed()
        return []
    }

    /// The file of data objects that P1 P2 name, or the current one for 0000; it becomes the
    /// current one.
    private mutating func dataFile(
        _ header: CommandHeader, _ operation: GIDSAccess.Operation
    ) throws(Refused) -> UInt16 {
        let named = Self.file(header)
        guard let number = named == 0 ? currentFile : named, let file = state.files[number] else {
            throw Refused(.fileNotFound)
        }
        guard file.kind == .dataObjects else { throw Refused(.incompatibleFile) }
        guard file.isActivated else { throw Refused(.conditionsNotSatisfied) }
        try permit(file.access, operation)
        currentFile = number
        return number
    }

    static func file(_ header: CommandHeader) -> UInt16 {
        UInt16(header.p1) << 8 | UInt16(header.p2)
    }

    // MARK: Files

    private static var mostFiles: Int { 64 }

    mutating func createFile(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard Self.file(command.header) == 0 else { throw Refused(.incorrectParameters) }
        guard let file = GIDSFile(parameters: Array(command.data)),
            file.number != Self.applicationFile
        else { throw Refused(.incorrectData) }
        try permitInApplication(.createFile)
        guard state.files[file.number] == nil else { throw Refused(.fileExists) }
        guard state.files.count < Self.mostFiles else { throw Refused(.notEnoughMemory) }
        state.files[file.number] = file
        currentFile = file.number
        changed()
        return []
    }

    /// The current file, or the application: from then on its access rules hold.
    mutating func activateFile(_ header: CommandHeader) throws(Refused) -> [UInt8] {
        guard Self.file(header) == 0 else { throw Refused(.incorrectParameters) }
        if let currentFile {
            state.files[currentFile]?.isActivated = true
        } else {
            state.isActivated = true
            security = Security()
        }
        changed()
        return []
    }

    /// The current file.
    mutating func deleteFile(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard Self.file(command.header) == 0 else { throw Refused(.incorrectParameters) }
        guard command.data.isEmpty else { throw Refused(.wrongLength) }
        guard let currentFile else { throw Refused(.commandNotAllowed) }
        try permitInApplication(.deleteChild)
        state.files[currentFile] = nil
        self.currentFile = nil
        security.environment = nil
        changed()
        return []
    }

    private func permitInApplication(_ operation: GIDSAccess.Operation) throws(Refused) {
        guard let access = GIDSAccess(parameters: GIDSState.applicationParameters) else { return }
        try permit(access, operation)
    }
}

extension TLVReader {
    /// All objects in these bytes, and nothing else.
    fileprivate static func all(_ bytes: ArraySlice<UInt8>) throws(APDUError) -> [TLV] {
        var reader = TLVReader(bytes)
        return try reader.all()
    }
}
