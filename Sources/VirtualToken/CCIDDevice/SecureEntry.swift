/// PC_to_RDR_Secure's data (CCID 1.1, 6.1.11): a PIN typed at the pad into a command the host
/// prepared.
struct SecureEntry: Equatable, Sendable {
    enum Operation: Equatable, Sendable {
        case verify
        /// Offsets of old and new PIN in the command's data.
        case modify(old: Int, new: Int, asksOld: Bool, confirms: Bool)
    }

    let operation: Operation
    /// Seconds.
    let timeOut: Int
    private let format: UInt8
    private let block: UInt8
    private let lengthFormat: UInt8
    /// Digits.
    let lengths: ClosedRange<Int>
    /// NAD, PCB and LEN of a T=1 block.
    let prologue: [UInt8]
    private let template: [UInt8]

    /// A wrong byte: bError is its offset in the message.
    struct Refusal: Error, Equatable {
        let error: UInt8
        init(_ offset: Int) { error = UInt8(clamping: offset) }
    }

    /// - Parameter data: the message without its header.
    init(parsing data: [UInt8]) throws(Refusal) {
        guard let first = data.first else { throw Refusal(1) }
        guard first <= 1 else { throw Refusal(10) }
        let isModify = first == 1
        let fixed = isModify ? 15 : 12
        guard data.count > fixed else { throw Refusal(1) }
        timeOut = data[1] == 0 ? 30 : Int(data[1])
        (format, block, lengthFormat) = (data[2], data[3], data[4])
        let (most, least) = isModify ? (data[7], data[8]) : (data[5], data[6])
        guard least <= most else { throw Refusal(isModify ? 17 : 15) }
        lengths = Int(least)...Int(most)
        var next = fixed
        if isModify {
            guard data[9] <= 3 else { throw Refusal(19) }
            operation = .modify(
                old: Int(data[5]), new: Int(data[6]), asksOld: data[9] & 2 != 0,
                confirms: data[9] & 1 != 0)
            // The second and third message's number are there when they are shown.
            next += data[11] == 3 ? 2 : data[11] == 2 ? 1 : 0
        } else {
            operation = .verify
        }
        guard data.count >= next + 3 + 4 else { throw Refusal(1) }
        prologue = Array(data[next..<(next + 3)])
        template = Array(data[(next + 3)...])
        // Characters as digits, BCD or ASCII; a place in whole bytes.
        guard format & 3 != 3 else { throw Refusal(12) }
        guard format & 0x80 != 0 || format >> 3 & 7 == 0 else { throw Refusal(12) }
        guard block & 0x0F <= 15, block >> 4 == 0 || block >> 4 == 8 else { throw Refusal(13) }
    }

    /// The command with what was typed in it; nil where it has no room.
    ///
    /// - Parameter typed: the PIN, or old and new one.
    func command(_ typed: [String]) -> [UInt8]? {
        var command = template
        let size = Int(block & 0x0F)
        if command.count == 4 { command.append(UInt8(size)) }
        if command.count == 5 {
            command += [UInt8](repeating: 0xFF, count: Int(command[4]))
        }
        switch operation {
        case .verify:
            guard let pin = typed.first, put(pin, at: 0, size, &command) else { return nil }
        case .modify(let old, let new, let asksOld, _):
            var rest = typed[...]
            if asksOld {
                guard let pin = rest.popFirst(), put(pin, at: old, size, &command) else {
                    return nil
                }
            }
            guard let pin = rest.first, put(pin, at: new, size, &command) else { return nil }
        }
        return command
    }

    private func put(
        _ pin: String, at offset: Int, _ size: Int, _ command: inout [UInt8]
    ) -> Bool {
        let characters = encoded(pin)
        let place = 5 + offset + Int(format >> 3 & 0x0F)
        let room = size == 0 ? characters.count : size
        guard characters.count <= room, place + room <= command.count else { return false }
        let start = format & 4 != 0 ? place + room - characters.count : place
        command.replaceSubrange(start..<(start + characters.count), with: characters)
        if block >> 4 == 8 {
            let position = 5 + Int(lengthFormat & 0x0F)
            guard lengthFormat & 0x10 != 0, position < command.count else { return false }
            command[position] = UInt8(pin.utf8.count)
        }
        return true
    }

    private func encoded(_ pin: String) -> [UInt8] {
        let ascii = Array(pin.utf8)
        switch format & 3 {
        case 0: return ascii.map { $0 & 0x0F }
        case 1:
            return stride(from: 0, to: ascii.count, by: 2).map { index in
                let low = index + 1 < ascii.count ? ascii[index + 1] & 0x0F : 0x0F
                return ascii[index] << 4 | low
            }
        default: return ascii
        }
    }
}
