/// One thing a person did at the keyboard.
enum Key: Equatable, Sendable {
    case character(Unicode.Scalar)
    /// Ctrl with a letter, as its lower-case letter.
    case control(Unicode.Scalar)
    /// Alt with a character.
    case alt(Unicode.Scalar)
    case enter, escape, tab, backTab, backspace, delete, insert
    case up, down, left, right, home, end, pageUp, pageDown
    /// F1 to F12.
    case function(Int)
    /// A paste begins, brings one character (line ends come as a space), ends. An end without a
    /// begin is that of a paste whose first part was given up.
    case pasteBegin, pasted(Unicode.Scalar), pasteEnd
    /// A paste that has begun got no end.
    case pasteLost
    /// The mouse or a finger, before anybody looked what is there.
    case pointer(Pointer)
    /// A row of a list or a field of a form was touched: its number, from 0. No terminal sends it.
    case choose(Int)
}

/// Bytes from a terminal in, keys out: a state machine without I/O, in constant memory.
///
/// It keeps no text: of a typed character it holds at most the bytes of the one that is not
/// complete yet, and `feed` hands it out as soon as it is. Escape sequences it does not know
/// (focus reports, answers of the terminal) are swallowed whole, and so is all that a mouse
/// reports but a press of its first button and the wheel.
struct KeyDecoder: Sendable {
    private enum State: Equatable, Sendable {
        case ground
        /// A UTF-8 sequence: bytes still to come, the value so far, its least allowed value.
        case utf8(left: Int, value: UInt32, least: UInt32)
        case escape
        /// ESC O.
        case ss3
        /// ESC [ … with up to three numbers kept.
        case csi(Parameters)
        /// ESC [ [ of the Linux console: one letter names the function key.
        case console
        /// ESC [ M of the old mouse protocol: three bytes to drop.
        case mouse(left: Int)
        /// OSC, DCS, APC, PM, SOS: dropped up to their end; bytes still allowed.
        case string(left: Int, afterEscape: Bool)
    }

    private struct Parameters: Equatable, Sendable {
        var first = 0
        var second = 0
        var third = 0
        var index = 0
        var length = 0
        /// ESC [ <: a report of the mouse in its SGR form.
        var isMouse = false
        /// Another private marker or an intermediate: nothing a key sends.
        var foreign = false

        mutating func take(_ byte: UInt8) {
            length += 1
            switch byte {
            case 0x30...0x39:
                let digit = Int(byte - 0x30)
                if index == 0 { first = min(first * 10 + digit, 9999) }
                if index == 1 { second = min(second * 10 + digit, 9999) }
                if index == 2 { third = min(third * 10 + digit, 9999) }
            case 0x3B: index += 1
            case 0x3C where length == 1: isMouse = true
            default: foreign = true
            }
        }
    }

    private var state = State.ground
    private var pasting = false

    /// An escape byte waits for what it begins: `flush` makes it the Escape key.
    var hasPendingEscape: Bool {
        switch state {
        case .escape, .ss3, .console: true
        case .csi(let parameters): parameters.length == 0
        default: false
        }
    }

    /// Milliseconds that the next byte of what has begun is waited for; nil where nothing has.
    /// What comes of a paste that was given up too early would be typed as keys.
    var patience: Int64? {
        // A lone escape byte is the key when nothing follows at once; a slow line needs a moment.
        if hasPendingEscape { return 50 }
        if pasting { return 2_000 }
        return state != .ground ? 1_000 : nil
    }

    /// Time is up for what has begun: an escape byte was the key, and a paste or a sequence that
    /// got no end is over, or the keyboard would be deaf for good.
    mutating func flush() -> Key? {
        guard hasPendingEscape else {
            state = .ground
            guard pasting else { return nil }
            pasting = false
            return .pasteLost
        }
        let was = state
        state = .ground
        if pasting { return nil }
        switch was {
        case .ss3: return .alt("O")
        case .csi: return .alt("[")
        default: return .escape
        }
    }

    /// One byte in; the key it completes, if it does.
    mutating func feed(_ byte: UInt8) -> Key? {
        switch state {
        case .ground: return ground(byte)
        case .utf8(let left, let value, let least):
            guard byte & 0xC0 == 0x80 else {
                state = .ground
                return ground(byte)
            }
            let value = value << 6 | UInt32(byte & 0x3F)
            if left > 1 {
                state = .utf8(left: left - 1, value: value, least: least)
                return nil
            }
            state = .ground
            guard value >= least, let scalar = Unicode.Scalar(value) else { return nil }
            return typed(scalar)
        case .escape: return escape(byte)
        case .ss3:
            state = .ground
            return letter(byte, modifier: 0)
        case .csi(let parameters): return csi(byte, parameters)
        case .console:
            state = .ground
            guard (0x41...0x45).contains(byte) else { return nil }
            return key(.function(Int(byte - 0x40)))
        case .mouse(let left):
            state = left > 1 ? .mouse(left: left - 1) : .ground
            return nil
        case .string(let left, let afterEscape):
            string(byte, left: left, afterEscape: afterEscape)
            return nil
        }
    }

    private mutating func ground(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x1B:
            state = .escape
            return nil
        case 0x0D, 0x0A: return pasting ? .pasted(" ") : .enter
        case 0x09: return pasting ? .pasted(" ") : .tab
        case 0x7F, 0x08: return key(.backspace)
        case 0x00: return nil
        case 0x01...0x1A: return key(.control(Unicode.Scalar(byte + 0x60)))
        case 0x1C...0x1F: return nil
        case 0x20...0x7E: return typed(Unicode.Scalar(byte))
        case 0xC2...0xDF: state = .utf8(left: 1, value: UInt32(byte & 0x1F), least: 0x80)
        case 0xE0...0xEF: state = .utf8(left: 2, value: UInt32(byte & 0x0F), least: 0x800)
        case 0xF0...0xF4: state = .utf8(left: 3, value: UInt32(byte & 0x07), least: 0x10000)
        default: return nil
        }
        return nil
    }

    private mutating func escape(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x1B: return pasting ? nil : .escape  // the first one stood alone
        case 0x5B: state = .csi(Parameters())
        case 0x4F: state = .ss3
        case 0x5D, 0x50, 0x58, 0x5E, 0x5F: state = .string(left: 4096, afterEscape: false)
        case 0x20...0x7E:
            state = .ground
            return key(.alt(Unicode.Scalar(byte)))
        case 0x7F, 0x08:
            state = .ground
            return nil
        default:
            // Escape, and then something of its own.
            state = .ground
            if pasting { return ground(byte) }
            if let second = ground(byte), second == .enter || second == .tab { return second }
            return nil
        }
        return nil
    }

    private mutating func csi(_ byte: UInt8, _ parameters: Parameters) -> Key? {
        switch byte {
        case 0x1B:
            state = .escape
            return nil
        case 0x18, 0x1A:
            state = .ground
            return nil
        case 0x5B where parameters.length == 0:
            state = .console
            return nil
        case 0x4D where parameters.length == 0:
            state = .mouse(left: 3)
            return nil
        case 0x20...0x3F:
            var parameters = parameters
            parameters.take(byte)
            // Longer than any key: read on to its end, but keep nothing of it.
            if parameters.length > 32 { parameters.foreign = true }
            if parameters.length > 4096 {
                state = .ground
            } else {
                state = .csi(parameters)
            }
            return nil
        case 0x40...0x7E:
            state = .ground
            guard !parameters.foreign else { return nil }
            if parameters.isMouse { return pointer(byte, parameters) }
            if byte == 0x7E { return tilde(parameters) }
            return letter(byte, modifier: parameters.second)
        default:
            state = .ground
            return nil
        }
    }

    private mutating func tilde(_ parameters: Parameters) -> Key? {
        switch parameters.first {
        case 200:
            guard !pasting else { return nil }
            pasting = true
            return .pasteBegin
        case 201:
            pasting = false
            return .pasteEnd
        case 1, 7: return key(.home)
        case 2: return key(.insert)
        case 3: return key(.delete)
        case 4, 8: return key(.end)
        case 5: return key(.pageUp)
        case 6: return key(.pageDown)
        case 11...15: return key(.function(parameters.first - 10))
        case 17...21: return key(.function(parameters.first - 11))
        case 23...24: return key(.function(parameters.first - 12))
        default: return nil
        }
    }

    private func letter(_ byte: UInt8, modifier: Int) -> Key? {
        switch byte {
        case 0x41: key(.up)
        case 0x42: key(.down)
        case 0x43: key(.right)
        case 0x44: key(.left)
        case 0x46: key(.end)
        case 0x48: key(.home)
        case 0x4D: key(.enter)
        case 0x50...0x53: key(.function(Int(byte - 0x4F)))
        case 0x5A: key(.backTab)
        default: nil
        }
    }

    /// ESC [ < button ; column ; row M (m when let go), counted from 1.
    private func pointer(_ byte: UInt8, _ parameters: Parameters) -> Key? {
        guard byte == 0x4D, parameters.index == 2, parameters.second > 0, parameters.third > 0
        else { return nil }
        let act: Pointer.Act
        // Shift, Alt and Ctrl (4, 8, 16) change nothing; 32 is a movement.
        switch parameters.first & ~0x1C {
        case 0: act = .press
        case 64: act = .wheelUp
        case 65: act = .wheelDown
        default: return nil
        }
        let place = Position(row: parameters.third - 1, column: parameters.second - 1)
        return key(.pointer(Pointer(act: act, position: place)))
    }

    private mutating func string(_ byte: UInt8, left: Int, afterEscape: Bool) {
        if byte == 0x07 || byte == 0x18 || byte == 0x1A || (afterEscape && byte == 0x5C)
            || left <= 1
        {
            state = .ground
        } else if afterEscape {
            // ESC and no backslash: the string was cut off, a new sequence has begun.
            state = .escape
            _ = escape(byte)
        } else {
            state = .string(left: left - 1, afterEscape: byte == 0x1B)
        }
    }

    private func typed(_ scalar: Unicode.Scalar) -> Key? {
        // C1 controls as text are nothing a key sends.
        if (0x80...0x9F).contains(scalar.value) { return nil }
        return pasting ? .pasted(scalar) : .character(scalar)
    }

    /// Keys inside a paste are bytes of the paste, not wishes of a person.
    private func key(_ key: Key) -> Key? { pasting ? nil : key }
}
