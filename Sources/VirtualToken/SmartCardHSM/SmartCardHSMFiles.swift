import APDU

// ENUMERATE OBJECTS, READ BINARY, UPDATE BINARY and DELETE FILE.
extension SmartCardHSMCard {
    private static let longestFile = 4096

    /// Bytes in a file, nil where there is none; a key has none to read.
    func size(of file: UInt16) -> Int? {
        if file == SmartCardHSMFile.deviceCertificates { return state.deviceCertificates.count }
        if UInt8(truncatingIfNeeded: file >> 8) == SmartCardHSMFile.key {
            let number = UInt8(truncatingIfNeeded: file)
            return number == 0 || state.keys[number] != nil ? 0 : nil
        }
        return state.files[file]?.count
    }

    /// Two bytes each: the keys, that of the device first, then the files that go with them.
    func enumerateObjects(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard command.header.p1 == 0, command.header.p2 == 0, command.data.isEmpty else {
            throw Refused(.incorrectParameters)
        }
        let keys = [0] + state.keys.keys.sorted()
        let files = state.files.keys.filter { $0 != SmartCardHSMFile.tokenInfo }.sorted()
        return keys.flatMap { [SmartCardHSMFile.key, $0] }
            + files.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    }

    /// 54 is the offset; the file in P1 and P2, 0000 for the one selected.
    func readBinary(_ command: CardCommand) throws(Refused) -> [UInt8] {
        let file = try file(command.header)
        guard let offset = Self.offset(command.data) else { throw Refused(.incorrectData) }
        let prefix = UInt8(truncatingIfNeeded: file >> 8)
        guard prefix != SmartCardHSMFile.key,
            prefix != SmartCardHSMFile.protected || security.user
        else { throw Refused(.securityStatusNotSatisfied) }
        guard
            let content = file == SmartCardHSMFile.deviceCertificates
                ? state.deviceCertificates : state.files[file]
        else { throw Refused(.fileNotFound) }
        guard offset < content.count || offset == 0 else { throw Refused(.endOfFile) }
        return Array(content.dropFirst(offset).prefix(command.room))
    }

    /// 54 is the offset, 53 what to write there; what stood behind it is gone. A file that is
    /// not there is made.
    mutating func updateBinary(_ command: CardCommand) throws(Refused) -> [UInt8] {
        let file = try file(command.header)
        guard security.user else { throw Refused(.securityStatusNotSatisfied) }
        let prefix = UInt8(truncatingIfNeeded: file >> 8)
        guard SmartCardHSMFile.writable.contains(prefix) || file == SmartCardHSMFile.tokenInfo
        else { throw Refused(.securityStatusNotSatisfied) }
        guard let offset = Self.offset(command.data),
            let data = try? TLVReader.find([0x53], in: command.data)?.value
        else { throw Refused(.incorrectData) }
        let kept = state.files[file] ?? []
        guard offset <= kept.count else { throw Refused(.wrongParameters) }
        guard offset + data.count <= Self.longestFile else { throw Refused(.notEnoughMemory) }
        state.files[file] = Array(kept.prefix(offset)) + data
        current = file
        changed()
        return []
    }

    mutating func deleteFile(_ command: CardCommand) throws(Refused) -> [UInt8] {
        let name = Array(command.data)
        guard command.header.p1 == 2, command.header.p2 == 0 else {
            throw Refused(.incorrectParameters)
        }
        guard name.count == 2 else { throw Refused(.incorrectData) }
        guard security.user else { throw Refused(.securityStatusNotSatisfied) }
        let file = SmartCardHSMFile.identifier(name[0], name[1])
        let isGone =
            name[0] == SmartCardHSMFile.key
            ? state.keys.removeValue(forKey: name[1]) != nil
            : state.files.removeValue(forKey: file) != nil
        guard isGone else { throw Refused(.fileNotFound) }
        if current == file { current = nil }
        changed()
        return []
    }

    private func file(_ header: CommandHeader) throws(Refused) -> UInt16 {
        let named = SmartCardHSMFile.identifier(header.p1, header.p2)
        guard let file = named == 0 ? current : named else { throw Refused(.commandNotAllowed) }
        return file
    }

    private static func offset(_ data: ArraySlice<UInt8>) -> Int? {
        guard let value = try? TLVReader.find([0x54], in: data)?.value,
            (1...3).contains(value.count)
        else { return nil }
        return value.reduce(0) { $0 << 8 | Int($1) }
    }
}
