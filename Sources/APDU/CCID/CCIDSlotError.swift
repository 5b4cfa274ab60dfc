/// Why a reader did not do a command: bError of an answer whose command failed (6.2.6).
package enum CCIDSlotError: Equatable, Sendable {
    /// FF: the host aborted it.
    case aborted
    /// FE: the card did not answer in time; also seen when a card is not quite seated.
    case mute
    /// FD: parity error on the way to or from the card.
    case parity
    /// FC: overrun on the way from the card.
    case overrun
    /// FB: hardware error.
    case hardware
    /// F8: TS of the answer to reset is wrong.
    case initialCharacter
    /// F7: TCK of the answer to reset is wrong.
    case checkCharacter
    /// F6: the card's protocol is not supported.
    case protocolNotSupported
    /// F5: the class of the card's command is not supported.
    case classNotSupported
    /// F4: a procedure byte that cannot be.
    case procedureByte
    /// F3: deactivated protocol.
    case deactivatedProtocol
    /// F2: busy with a sequence of its own.
    case busyWithOwnSequence
    /// F0: nobody entered a code at the pad in time.
    case pinTimeout
    /// EF: the holder pressed cancel at the pad.
    case pinCancelled
    /// E0: a command for this slot is not done yet.
    case slotBusy
    /// 00: the command is not supported.
    case unsupported
    /// 01…7F: the byte of the message with this offset is wrong or not supported.
    case badParameter(UInt8)
    /// A2: the card makes a short circuit; it is without power. Not of the standard.
    case shortCircuit
    /// A3: an answer to reset of more than 33 bytes. Not of the standard.
    case answerToResetTooLong
    /// AB: no data were exchanged. Not of the standard.
    case nothingExchanged
    /// B0: a reader in EMV mode refuses a T=1 block as too long. Not of the standard.
    case emvBlockTooLong
    /// BB: a reader in EMV mode refuses the card's protocol. Not of the standard.
    case emvProtocol
    /// BD: error during an exchange by T=1. Not of the standard.
    case blockExchange
    /// BE: a command of the wrong length. Not of the standard.
    case commandLength
    /// Any other byte, the maker's own or reserved.
    case vendor(UInt8)

    package init(_ byte: UInt8) {
        if let named = Self.names.first(where: { $0.byte == byte }) {
            self = named.error
        } else if (0x01...0x7F).contains(byte) {
            self = .badParameter(byte)
        } else {
            self = .vendor(byte)
        }
    }

    /// bError as it was sent.
    package var byte: UInt8 {
        switch self {
        case .badParameter(let byte), .vendor(let byte): byte
        default: Self.names.first(where: { $0.error == self })?.byte ?? 0
        }
    }

    private struct Name {
        let byte: UInt8
        let error: CCIDSlotError
        let words: String
    }

    private static let names: [Name] = [
        Name(byte: 0xFF, error: .aborted, words: "aborted by the host"),
        Name(byte: 0xFE, error: .mute, words: "card does not answer"),
        Name(byte: 0xFD, error: .parity, words: "parity error"),
        Name(byte: 0xFC, error: .overrun, words: "overrun"),
        Name(byte: 0xFB, error: .hardware, words: "hardware error"),
        Name(byte: 0xF8, error: .initialCharacter, words: "wrong first byte of the reset answer"),
        Name(byte: 0xF7, error: .checkCharacter, words: "wrong check byte of the reset answer"),
        Name(byte: 0xF6, error: .protocolNotSupported, words: "protocol not supported"),
        Name(byte: 0xF5, error: .classNotSupported, words: "class not supported"),
        Name(byte: 0xF4, error: .procedureByte, words: "procedure byte conflict"),
        Name(byte: 0xF3, error: .deactivatedProtocol, words: "deactivated protocol"),
        Name(byte: 0xF2, error: .busyWithOwnSequence, words: "busy with a sequence of its own"),
        Name(byte: 0xF0, error: .pinTimeout, words: "no pin entered in time"),
        Name(byte: 0xEF, error: .pinCancelled, words: "pin entry cancelled"),
        Name(byte: 0xE0, error: .slotBusy, words: "slot busy"),
        Name(byte: 0xBE, error: .commandLength, words: "wrong length of the command"),
        Name(byte: 0xBD, error: .blockExchange, words: "error during an exchange by T=1"),
        Name(byte: 0xBB, error: .emvProtocol, words: "protocol error in EMV mode"),
        Name(byte: 0xB0, error: .emvBlockTooLong, words: "block too long in EMV mode"),
        Name(byte: 0xAB, error: .nothingExchanged, words: "no data exchanged"),
        Name(byte: 0xA3, error: .answerToResetTooLong, words: "reset answer too long"),
        Name(byte: 0xA2, error: .shortCircuit, words: "card makes a short circuit"),
        Name(byte: 0x00, error: .unsupported, words: "command not supported"),
    ]
}

extension CCIDSlotError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badParameter(let offset): "byte " + String(offset) + " not accepted"
        case .vendor(let byte): "error " + Hexadecimal.of(byte)
        default: Self.names.first(where: { $0.error == self })?.words ?? "unknown error"
        }
    }
}
