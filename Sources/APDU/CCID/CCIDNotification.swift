/// A message over the interrupt pipe (6.3).
package enum CCIDNotification: Equatable, Sendable {
    /// 50: what became of the slots; those that the message has no bits for are not in it.
    case slotChange([CCIDSlotChange])
    /// 51: something is wrong with a slot's hardware; 1 is overcurrent.
    case hardwareError(slot: UInt8, sequence: UInt8, code: UInt8)

    /// - Parameter slots: how many slots the reader has, 1 to 256.
    /// - Throws: `.messageTruncated`, `.messageType`.
    package init(parsing message: UnsafeRawBufferPointer, slots: Int) throws(CCIDError) {
        guard let type = message.first else { throw CCIDError(.messageTruncated, at: 0) }
        switch type {
        case 0x50:
            guard message.count > 1 else { throw CCIDError(.messageTruncated, at: 1) }
            var changes: [CCIDSlotChange] = []
            // Some readers send more bytes than they have slots.
            for slot in 0..<min(max(slots, 1), 256, (message.count - 1) * 4) {
                let bits = message[1 + slot / 4] >> UInt8(truncatingIfNeeded: slot % 4 * 2)
                changes.append(
                    CCIDSlotChange(
                        slot: UInt8(truncatingIfNeeded: slot), isPresent: bits & 1 != 0,
                        hasChanged: bits & 2 != 0))
            }
            self = .slotChange(changes)
        case 0x51:
            guard message.count >= 4 else {
                throw CCIDError(.messageTruncated, at: message.count)
            }
            self = .hardwareError(slot: message[1], sequence: message[2], code: message[3])
        default:
            throw CCIDError(.messageType(type), at: 0)
        }
    }
}

/// One slot's two bits of NotifySlotChange.
package struct CCIDSlotChange: Equatable, Sendable {
    package let slot: UInt8
    /// Whether a card is in the slot now.
    package let isPresent: Bool
    /// Whether that changed since the last message.
    package let hasChanged: Bool

    package init(slot: UInt8, isPresent: Bool, hasChanged: Bool) {
        self.slot = slot
        self.isPresent = isPresent
        self.hasChanged = hasChanged
    }
}
