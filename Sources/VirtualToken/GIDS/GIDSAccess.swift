import APDU

/// Access rules of a file in the compact format (ISO 7816-4, 5.4.3): an access mode byte, then
/// a security condition byte for each of its bits that is set.
struct GIDSAccess: Equatable, Sendable {
    /// The bits of the access mode byte, as they are named for data objects and key files
    /// (GIDS 2.0, 5.4).
    struct Operation: Equatable, Sendable {
        let bit: UInt8
        static let getData = Operation(bit: 0x01)
        static let putData = Operation(bit: 0x02)
        static let readPublicKey = Operation(bit: 0x01)
        static let putKey = Operation(bit: 0x02)
        static let useKey = Operation(bit: 0x04)
        static let generateKey = Operation(bit: 0x08)
        static let deleteChild = Operation(bit: 0x01)
        static let createFile = Operation(bit: 0x02)
    }

    /// Security condition bytes by bit.
    private var conditions: [UInt8: UInt8] = [:]

    /// The rules in a template of file control parameters; nil for one that has none.
    init?(parameters: [UInt8]) {
        guard let object = try? TLVReader.find([0x62, 0x8C], in: parameters),
            let mode = object.value.first
        else { return nil }
        var rest = object.value.dropFirst()
        for bit: UInt8 in [0x40, 0x20, 0x10, 0x08, 0x04, 0x02, 0x01] where mode & bit != 0 {
            guard let condition = rest.popFirst() else { return nil }
            conditions[bit] = condition
        }
        guard rest.isEmpty else { return nil }
    }

    /// Without a condition everybody may; FF is nobody. 10 is the user, 20 the administrator,
    /// one of both unless bit 80 wants all (5.4.3.1); there is no secure messaging here.
    func allows(_ operation: Operation, user: Bool, admin: Bool) -> Bool {
        guard let condition = conditions[operation.bit], condition != 0 else { return true }
        guard condition != 0xFF else { return false }
        let met: UInt8 = (user ? 0x10 : 0) | (admin ? 0x20 : 0)
        let wanted = condition & 0x70
        return condition & 0x80 == 0 ? met & wanted != 0 : met & wanted == wanted
    }
}
