// A card that sends anything over T=1: every exchange ends within bounds, each block sent is one
// of the standard, and no command goes out again after S(RESYNCH request), nor one that the
// reader has sent with a code from its pad.
// The input is a byte of flags, then blocks: a byte, 00 to 1F for nothing, below 80 for so many
// bytes (less 20 hexadecimal) as they are, from 80 on for so many with a code that is right; at
// the end it begins again.
// sources: Sources/APDU
// seed: 00850000029000
// seed: 0184002001908500400100
// seed: 02830090008300800083009000850000029000
// seed: 088400C30105850040029000
// seed: 048400C101058300C2008300E00000
// seed: 4885000002900085004002900083008100
import APDU

/// What has gone over the line in one exchange.
private struct Watch {
    var blocks = 0
    var lastBlocks = 0
    /// S(RESYNCH request) went out after a part of the command.
    var isLost = false
    /// Bytes of the command the card must have, and the last part that went out.
    var acknowledged = 0
    var part = 0
    var number: T1Sequence?
}

private let capacity = 96
private let waits = 9

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    guard let flags = input.first, count > 1 else { return 0 }
    let edc: T1EDC = flags & 1 == 0 ? .lrc : flags & 2 == 0 ? .crc : .plainCRC
    var link = T1Link(ifsc: Int(flags >> 2), edc: edc, waitingLimit: waits)
    var response = ResponseBuffer(capacity: capacity)
    var sink = PlainBuffer(capacity: T1Block.largest)
    var position = 1
    let command = (0..<48).map { UInt8($0) }
    let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
    command.withUnsafeBytes { command in
        for round in 0..<4 {
            var watch = Watch()
            sink.wipe()
            let isSize = round == 0 && flags & 4 != 0
            // Its I-block is the reader's: one of ours would be more than an empty command.
            let isReaders =
                round == 1 && flags & 8 != 0 && (try? link.beginReadersBlock(count: 13)) != nil
            let current = isSize || isReaders ? nothing : command
            let first =
                isReaders
                ? answer(input, &position, edc, &link, current, &response, &sink)
                : isSize
                    ? try? link.negotiateIFSD(64, into: &sink)
                    : try? link.begin(command: command, into: &sink)
            guard var step = first else {
                precondition(link.isDead || isSize, "a link that is not dead does not begin")
                return
            }
            while case .send(let times) = step {
                precondition((1...255).contains(times), "a wait of no length")
                sink.withBytes { check($0, edc, current, &watch) }
                precondition(watch.blocks <= most, "no end")
                sink.wipe()
                step = answer(
                    input, &position, edc, &link, current, &response, &sink)
            }
            precondition(sink.withBytes { $0.isEmpty }, "a block after the end")
            precondition((1...254).contains(link.ifsc) && (1...254).contains(link.ifsd))
            precondition(response.count <= capacity, "more than the buffer")
            if step == .done, !isSize, !isReaders {
                precondition(watch.acknowledged + watch.part == command.count, "done too early")
                precondition(link.isCommandOut)
            }
        }
    }
    return 0
}

/// Each byte of command and response, each wait and each size brings an exchange on, and takes
/// three tries of three tries at most.
private var most: Int { 9 * (48 + capacity + waits + T1Link.ifsRequestLimit + 2) + 8 }

/// Checks one block of the link's.
private func check(
    _ bytes: UnsafeRawBufferPointer, _ edc: T1EDC, _ command: UnsafeRawBufferPointer,
    _ watch: inout Watch
) {
    guard let block = try? T1Block(parsing: bytes, edc: edc) else {
        fatalError("an impossible block is sent")
    }
    watch.blocks += 1
    switch block.content {
    case .information(let number, let more):
        precondition(!watch.isLost, "sent after the loss")
        let information = block.information(in: bytes)
        if let last = watch.number, last != number {
            watch.acknowledged += watch.part
            watch.lastBlocks = 0
        }
        watch.number = number
        watch.part = information.count
        watch.lastBlocks += 1
        let end = watch.acknowledged + watch.part
        precondition(watch.part > 0 && end <= command.count && more == (end < command.count))
        precondition(
            information.elementsEqual(command[watch.acknowledged..<end]), "another command")
        precondition(watch.lastBlocks <= T1Link.tries, "a block too often")
    case .request(.resynch): watch.isLost = watch.isLost || watch.number != nil
    case .request(.abort), .request(.wtx), .response(.resynch): fatalError("not ours to send")
    default: break
    }
}

/// Gives the link the input's next block.
private func answer(
    _ input: UnsafeRawBufferPointer, _ position: inout Int, _ edc: T1EDC, _ link: inout T1Link,
    _ command: UnsafeRawBufferPointer, _ response: inout ResponseBuffer, _ sink: inout PlainBuffer
) -> T1Step {
    if position >= input.count { position = 1 }
    let kind = input[position]
    position += 1
    if kind < 0x20 {
        let troubles: [T1Trouble] = [.silence, .damaged, .malformed]
        return link.receiveNothing(
            why: troubles[Int(kind) % 3], command: command, into: &sink)
    }
    let wanted = kind < 0x80 ? Int(kind) - 0x20 : Int(kind) - 0x80
    let body = input.dropFirst(position).prefix(wanted)
    position += body.count
    var bytes = Array(body)
    if kind >= 0x80 { bytes += code(bytes, edc) }
    return bytes.withUnsafeBytes {
        link.receive($0, command: command, response: &response, into: &sink)
    }
}

private func code(_ bytes: [UInt8], _ edc: T1EDC) -> [UInt8] {
    if edc == .lrc { return [bytes.reduce(0, ^)] }
    var sum: UInt16 = 0xFFFF
    for byte in bytes {
        sum ^= UInt16(byte)
        for _ in 0..<8 { sum = sum & 1 == 0 ? sum >> 1 : sum >> 1 ^ 0x8408 }
    }
    let (low, high) = (UInt8(truncatingIfNeeded: sum), UInt8(truncatingIfNeeded: sum >> 8))
    return edc == .crc ? [~low, ~high] : [high, low]
}
