// What a reader sends, over and over: answers, notifications, and how an exchange and an abort
// take them. The first byte chooses the command, the second how the rest is cut into reads.
// sources: Sources/APDU
// seed: 000C800200000000050000009000
// seed: 010A80000000000005800300800000000005800000
// seed: 020A81000000000005000000
// seed: 0302500350C1
import APDU

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    guard count > 2 else { return 0 }
    let commands: [CCIDCommand] = [
        .xfrBlock(waiting: 0, level: 0), .getSlotStatus, .getParameters, .escape,
        .setDataRateAndClock, .iccPowerOn(.automatic),
    ]
    var exchange = CCIDExchange(
        commands[Int(input[0]) % commands.count], slot: 0, sequence: 5)
    var abort = CCIDAbort(slot: 0, sequence: 5, interface: 0)
    var isOver = false
    var rest = input.dropFirst(2)
    while !rest.isEmpty {
        let read = UnsafeRawBufferPointer(rebasing: rest.prefix(max(Int(input[1]), 1)))
        rest = rest.dropFirst(max(read.count, 1))
        if let reply = try? CCIDReply(parsing: read) {
            // One reader announces none of its parameters and sends them.
            let isBare = read[0] == 0x82 && reply.payload.isEmpty
            precondition(
                isBare || reply.data(in: read).count == read.count - 10, "data elsewhere")
            if case .parameters(let kind) = reply.kind,
                let parameters = try? CCIDParameters(parsing: reply.data(in: read), kind)
            {
                precondition(parameters.bytes.count == reply.payload.count, "another length")
            }
        }
        if case .slotChange(let changes) = try? CCIDNotification(
            parsing: read, slots: Int(input[0]))
        {
            precondition(changes.count <= max(Int(input[0]), 1), "more than there are")
        }
        switch exchange.receive(read) {
        case .readAgain, .extended: precondition(!isOver, "goes on after its end")
        case .reply(let reply):
            precondition(!isOver && reply.slot == 0 && reply.sequence == 5, "another's answer")
            isOver = true
        case .broken: isOver = true
        }
        precondition(exchange.stale <= CCIDExchange.mostStale, "reads on without end")
        _ = abort.receive(read)
        precondition(abort.discarded <= CCIDAbort.mostMessages, "reads on without end")
    }
    return 0
}
