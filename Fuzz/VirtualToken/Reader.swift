// A CCID host that sends anything to a reader without faults: each answer has the length it
// says and belongs to a message that was sent, no message is answered twice, and the card's
// codes are never tried more often than commands were sent. The first byte chooses the reader;
// then come messages: a byte for what follows, a length byte, and so many bytes.
// sources: Sources/CLinux Sources/System Sources/Secrets Sources/APDU Sources/Crypto Sources/VirtualToken
// seed: 00000A62000000000001000000010F6F000000000002000000A4040005A000000308
// seed: 00000A62000000000001000000010D00A4040005A00000030800
// seed: 01000A62000000000001000000020800000500A404000000
// seed: 02000A62000000000001000000010500A4040000
// seed: 07000A620000000000010000000108FF1195000000000001
import VirtualToken

private let designs: [ReaderDesign] = {
    var all: [ReaderDesign] = []
    for level in ReaderDesign.Level.allCases {
        for type in [ReaderDesign.CardProtocol.t0, .t1] {
            for features in [ReaderDesign.automatic, ReaderDesign.manual] {
                var design = ReaderDesign()
                (design.level, design.cardProtocol, design.features) = (level, type, features)
                design.usesCRC = features == ReaderDesign.manual && level == .short
                design.pinSupport = [.verify, .modify]
                design.messageLength = 271
                design.slots = 2
                all.append(design)
            }
        }
    }
    return all
}()

private func device(_ design: ReaderDesign) -> CCIDReader {
    let pin = PIVCode(value: [0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0xFF, 0xFF], total: 3)
    let token = SimulatedToken(
        PIVCard(PIVModel(yubico: true), PIVState(pin: pin, puk: pin, serial: 1)))
    return CCIDReader(design, [token, token])
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    var rest = Array(UnsafeRawBufferPointer(start: start, count: count))[...]
    guard let choice = rest.popFirst() else { return 0 }
    var reader = device(designs[Int(choice) % designs.count])
    _ = reader.control(SetupPacket(0, 9, value: 1), [], now: 0)
    reader.type(["123456"], now: 0)
    reader.type(["123456", "654321"], now: 0)
    var now: Int64 = 0
    var asked = 0
    while let kind = rest.popFirst(), let length = rest.popFirst() {
        let bytes = Array(rest.prefix(Int(length)))
        rest = rest.dropFirst(bytes.count)
        now += 100
        asked += 1
        switch kind % 6 {
        case 0: _ = reader.out(1, bytes, endsWithEmptyPacket: true, now: now)
        case 1, 2: _ = reader.out(1, exchange(bytes, kind), endsWithEmptyPacket: true, now: now)
        case 3: _ = reader.out(1, secure(bytes), endsWithEmptyPacket: true, now: now)
        case 4:
            let setup = bytes + [UInt8](repeating: 0, count: 8)
            let answer = reader.control(
                SetupPacket(
                    setup[0], setup[1], value: UInt16(setup[2]) | UInt16(setup[3]) << 8,
                    index: UInt16(setup[4]), length: UInt16(setup[6])), [], now: now)
            if let answer, setup[0] & 0x80 != 0 { precondition(answer.count <= 1024) }
        default: reader.tick(now: now)
        }
        drain(&reader)
    }
    let codes = reader.token(0).card.counters[0].spent
    precondition(codes <= asked, "more tries than commands")
    return 0
}

/// XfrBlock with these data, as a T=1 block with its check where `kind` says so.
private func exchange(_ bytes: [UInt8], _ kind: UInt8) -> [UInt8] {
    var data = bytes
    if kind % 6 == 2, let pcb = bytes.first {
        data = [0, pcb, UInt8(bytes.count - 1)] + bytes.dropFirst()
        data.append(data.reduce(0, ^))
    }
    let chaining = kind & 0x40 != 0 ? kind >> 4 & 3 : 0
    return [0x6F, UInt8(data.count & 0xFF), UInt8(data.count >> 8), 0, 0, 0, 7, 0, chaining, 0]
        + data
}

private func secure(_ bytes: [UInt8]) -> [UInt8] {
    [0x69, UInt8(bytes.count), 0, 0, 0, 0, 8, 0, 0, 0] + bytes
}

private func drain(_ reader: inout CCIDReader) {
    var answers = 0
    while let transfer = reader.take(2, 65_600) {
        switch transfer {
        case .stall: return
        case .babble: fatalError("more than a message")
        case .data(let bytes):
            answers += 1
            precondition(bytes.count >= 10, "no message")
            let length = (1...4).reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) }
            precondition(length == bytes.count - 10, "dwLength lies")
            precondition((0x80...0x84).contains(bytes[0]), "no answer")
        }
    }
    // An abort is answered after the command it ends.
    precondition(answers <= 3, "more answers than messages")
}
