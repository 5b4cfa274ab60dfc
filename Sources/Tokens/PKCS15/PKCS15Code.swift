import APDU
import Secrets

/// Codes in the encodings of ISO 7816-15, 8.9.2: made from the attributes of the code they are
/// of, and by nothing else.
enum PKCS15Code {
    /// One code, as VERIFY takes it.
    static func encoded(
        _ code: borrowing Secret, _ attributes: PKCS15Authentication
    ) throws(CodeUnfit) -> Secret {
        var buffer = try room(attributes.stored)
        try append(code, attributes, pads: attributes.needsPadding, to: &buffer)
        return try CodeEncoding.sealed(buffer)
    }

    /// PUK and new PIN, as RESET RETRY COUNTER takes them: each in its own encoding. The first
    /// is as long as it is kept, since the card could not tell where it ends; a card that pads
    /// its PINs pads its PUKs.
    static func pair(
        _ puk: borrowing Secret, _ pukAttributes: PKCS15Authentication,
        _ pin: borrowing Secret, _ pinAttributes: PKCS15Authentication
    ) throws(CodeUnfit) -> Secret {
        var buffer = try room(pukAttributes.stored + pinAttributes.stored)
        try append(
            puk, pukAttributes, pads: pukAttributes.needsPadding || pinAttributes.needsPadding,
            to: &buffer)
        try append(pin, pinAttributes, pads: pinAttributes.needsPadding, to: &buffer)
        return try CodeEncoding.sealed(buffer)
    }

    private static func append(
        _ code: borrowing Secret, _ attributes: PKCS15Authentication, pads: Bool,
        to buffer: inout LockedBuffer
    ) throws(CodeUnfit) {
        guard code.count >= attributes.minimum else { throw .tooShort }
        guard code.count <= attributes.maximum else { throw .tooLong }
        let isText = attributes.kind == .asciiNumeric || attributes.kind == .utf8
        let written: Int? = code.withBytes { bytes in
            guard isText || bytes.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            switch attributes.kind {
            case .asciiNumeric, .utf8: return buffer.append(contentsOf: bytes) ? bytes.count : 0
            case .halfNibble:
                for byte in bytes { _ = buffer.append(0xF0 | byte & 0x0F) }
                return bytes.count
            case .bcd:
                return pack(bytes, fill: attributes.padding & 0x0F, to: &buffer)
            case .iso9564:
                _ = buffer.append(0x20 | UInt8(truncatingIfNeeded: bytes.count))
                var count = 1 + pack(bytes, fill: 0x0F, to: &buffer)
                while count < 8 {
                    _ = buffer.append(0xFF)
                    count += 1
                }
                return count
            }
        }
        guard var written else { throw .notDigits }
        guard written <= attributes.stored else { throw .tooLong }
        while pads, written < attributes.stored {
            _ = buffer.append(attributes.padding)
            written += 1
        }
    }

    /// Two digits a byte; how many bytes.
    private static func pack(
        _ digits: UnsafeRawBufferPointer, fill: UInt8, to buffer: inout LockedBuffer
    ) -> Int {
        for at in stride(from: 0, to: digits.count, by: 2) {
            let low = at + 1 < digits.count ? digits[at + 1] & 0x0F : fill
            _ = buffer.append(digits[at] << 4 | low)
        }
        return (digits.count + 1) / 2
    }

    private static func room(_ count: Int) throws(CodeUnfit) -> LockedBuffer {
        // A packed code of the longest kind is never longer than it is kept, but one that does
        // not fit is found out only when it was written.
        try CodeEncoding.room(count + 16)
    }
}

extension PKCS15Code {
    /// How these codes are entered at a pad: one character a byte, padded as the token wants it.
    /// A block of more than 15 bytes is more than a pad can fill.
    static func padEntries(
        reference: UInt8, _ pin: PKCS15Authentication, puk: PKCS15Authentication?
    ) -> PadEntries {
        do throws(PINPadError) {
            guard pin.kind == .asciiNumeric || pin.kind == .utf8, pin.stored <= 15,
                pin.needsPadding
            else { return .none }
            let block = UInt8(truncatingIfNeeded: pin.stored)
            let format = try PINFormat(
                .ascii,
                digits: UInt8(clamping: pin.minimum)...UInt8(clamping: pin.maximum),
                blockLength: block)
            let verify = PINPadOperation.verify(
                try PINVerification(
                    format,
                    in: PINTemplate(
                        CommandHeader(ins: 0x20, p1: 0, p2: reference), filler: pin.padding,
                        count: block)))
            guard let puk, puk.kind == .asciiNumeric || puk.kind == .utf8,
                puk.stored == pin.stored, puk.padding == pin.padding,
                puk.rule.hasLengths(of: pin.rule)
            else { return PadEntries(verify: verify, unblock: nil) }
            let unblock = PINPadOperation.modify(
                try PINModification(
                    format,
                    in: PINTemplate(
                        CommandHeader(ins: 0x2C, p1: 0, p2: reference), filler: pin.padding,
                        count: 2 * block),
                    oldOffset: 0, newOffset: block))
            return PadEntries(verify: verify, unblock: unblock)
        } catch {
            return .none
        }
    }
}
