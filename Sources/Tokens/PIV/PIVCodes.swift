import APDU
import Secrets

/// PIN and PUK in the one encoding PIV has: eight bytes, FF behind a shorter code
/// (SP 800-73-4, part 2, 2.4.3).
enum PIVCode {
    static let length = 8

    static func padded(_ code: borrowing Secret) throws(CodeUnfit) -> Secret {
        var buffer = try CodeEncoding.room(2 * length)
        try append(code, to: &buffer)
        return try CodeEncoding.sealed(buffer)
    }

    /// PUK and new PIN, or old and new code, without delimiter (part 2, 3.2.2 and 3.2.3).
    static func pair(
        _ first: borrowing Secret, _ second: borrowing Secret
    ) throws(CodeUnfit) -> Secret {
        var buffer = try CodeEncoding.room(2 * length)
        try append(first, to: &buffer)
        try append(second, to: &buffer)
        return try CodeEncoding.sealed(buffer)
    }

    /// VERIFY and RESET RETRY COUNTER with room for codes of eight bytes, FF behind a shorter
    /// one (part 2, 3.2.1 and 3.2.3).
    static func padEntries(
        reference: UInt8, pin: CodeRule, unblocking: CodeRule
    ) -> PadEntries {
        do throws(PINPadError) {
            let format = try PINFormat(
                .ascii, digits: UInt8(clamping: pin.minimum)...UInt8(clamping: pin.maximum),
                blockLength: UInt8(length))
            let verify = PINPadOperation.verify(
                try PINVerification(
                    format,
                    in: PINTemplate(
                        CommandHeader(ins: 0x20, p1: 0, p2: reference), count: UInt8(length))))
            guard unblocking.hasLengths(of: pin) else {
                return PadEntries(verify: verify, unblock: nil)
            }
            let unblock = PINPadOperation.modify(
                try PINModification(
                    format,
                    in: PINTemplate(
                        CommandHeader(ins: 0x2C, p1: 0, p2: reference), count: 2 * UInt8(length)),
                    oldOffset: 0, newOffset: UInt8(length)))
            return PadEntries(verify: verify, unblock: unblock)
        } catch {
            return .none
        }
    }

    private static func append(
        _ code: borrowing Secret, to buffer: inout LockedBuffer
    ) throws(CodeUnfit) {
        guard code.count > 0 else { throw .tooShort }
        guard code.count <= length else { throw .tooLong }
        _ = code.withBytes { buffer.append(contentsOf: $0) }
        for _ in code.count..<length { _ = buffer.append(0xFF) }
    }
}
