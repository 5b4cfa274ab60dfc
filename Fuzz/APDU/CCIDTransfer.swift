// A reader that chains as it likes: the transfer ends, sends each byte of the command once and
// in order, and the response stays in its buffer. The input is the level, the command's length,
// then answers: bChainParameter, a length byte, so many bytes.
// sources: Sources/APDU
// seed: 03000700029000
// seed: 0300070104010203040302050602029000
// seed: 0302001000100000029000
import APDU

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    guard count > 3 else { return 0 }
    let levels: [CCIDExchangeLevel] = [.character, .tpdu, .shortAPDU, .extendedAPDU]
    let length = Int(input[1]) << 8 | Int(input[2])
    guard
        var transfer = try? CCIDTransfer(
            commandCount: length, level: levels[Int(input[0] & 3)],
            maximumMessageLength: Int(input[0]) * 16)
    else { return 0 }
    var response = ResponseBuffer(capacity: 512)
    var sent = 0
    var blocks = 0
    var next: CCIDTransfer.Block? = transfer.first
    var rest = input.dropFirst(3)
    while let block = next {
        precondition(block.range.lowerBound == sent, "bytes left out or sent twice")
        sent = block.range.upperBound
        blocks += 1
        next = nil
        guard let chain = rest.first else { break }
        let data = rest.dropFirst(2).prefix(Int(rest.dropFirst().first ?? 0))
        rest = rest.dropFirst(2 + data.count)
        let header: [UInt8] = [
            0x80, UInt8(data.count), 0, 0, 0, 0, 5, 0, 0, chain,
        ]
        (header + data).withUnsafeBytes { message in
            guard let reply = try? CCIDReply(parsing: message) else {
                fatalError("a good message is refused")
            }
            switch try? transfer.receive(reply, in: message, into: &response) {
            case .send(let block): next = block
            case .finished: precondition(sent == length, "finished before all is sent")
            case nil: break
            }
        }
        precondition(response.count <= 512, "more than the buffer holds")
        precondition(blocks <= length / 261 + 512 + 2, "no end")
    }
    return 0
}
