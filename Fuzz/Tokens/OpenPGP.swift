// An OpenPGP card that answers anything: what a restore does with it ends typed, and each code
// goes out at most once, hashed where the card has a KDF-DO.
// Each answer is a length byte and so many bytes; the first byte says which way is gone.
// sources: Sources/CLinux Sources/Secrets Sources/APDU Sources/JSON Sources/Crypto Sources/Tokens
// seed: 01F14F10D276000124010304FFFE1234567800005F520A0031C573C001C00590007F660802020FFF02020FFF7381C2C00A5D0001000C0000FE0001C109132A8648CE3D030107C206010800001100C306010800001100C40700404040000303C53C8976811F05650DFD6932FFC4F5557DC3ED86579C00000000000000000000000000000000000000000000000000000000000000000000000000000000C63C000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000CD0C6B4880800000000000000000DE0601010200030090005C8101038201088304000186A08408DF30EDED41CA82788720810661DB74E76831A105264B37BE184B056F5FC5944BDDB5561897CAC016C95C882055FA751FB1498BBF55818CED4E0A86D837B961C11C8140942C8ACF80709426C39000487F4943864104B1C2DAA995D3E30201506FE883E4641B50544AA4D54AAA9016D0E985DD58D90BEC543C2B923AC5AB4C4207C606448B535FC91F78A784CC7388A744F6A9163E139000029000FE3082026E30820215A003020102020860A2CD893A285ABE300A06082A8648CE3D0403023057310B300906035504061302564E31163014060355040A0C0D54E1BAAC502044C6AFE1BBA2543130302E06035504030C2743412074E1BAAD702064C6B0E1BBA3742C206B68C3B46E672063C3B3206769C3A1207472E1BB8B301E170D3237303131343038303030305A170D3332303131343038303030305A30819F310B300906035504061302564E3115301306035504070C0C48E1BAA369205068C3B26E6731363034060355040A0C2D53E1BB9F204B686F612068E1BB8D632076C3A02043C3B46E67206E6768E1BB872048E1BAA369205068C3B26E67311C301A066100FE035504030C134E677579E1BB856E205468E1BB8B20C3816E683123302106092A864886F70D0109011614616E686E74406578616D706C652E676F762E766E3059301306072A8648CE3D020106082A8648CE3D03010703420004B1C2DAA995D3E30201506FE883E4641B50544AA4D54AAA9016D0E985DD58D90BEC543C2B923AC5AB4C4207C606448B535FC91F78A784CC7388A744F6A9163E13A38181307F300C0603551D130101FF04023000300E0603551D0F0101FF0404030206C0301D0603551D0E041604140D86926CB79D6FF573468D184259F334BA90F56F301F0603551D23041830168014D38936D8932D61283EF977BC5C315F77BDE8227E301F0603617274551D11041830168114616E686E74406578616D706C652E676F762E766E300A06082A8648CE3D0403020347003044022100892A9D76AC52C06F8437501FB93843353CC332229CF39FFDD746D5ACC98ED2A9021F7121F0A0EB480AA9DCD1BE5B4938F64199711A2E54EB5C222782AB5D36CA099000026A88029000029000029000425F01A65E71E66704A0B16F84586A07A7DCC70AB6E252D4AFE90A4CB2F063BDFE89F17579A935215F089E0B1FF7117B3B6E2DE627398D8497A2774FB231A7F9429000
import APDU
import Secrets
import Tokens

private struct AnyCard: CardChannel {
    var rest: ArraySlice<UInt8>
    var sent: [ArraySlice<UInt8>] = []
    var commands = 0
    let takesExtended = false

    mutating func transmit(
        _ command: UnsafeRawBufferPointer, writes: Bool, into response: inout ResponseBuffer
    ) throws(CardFault) {
        commands += 1
        precondition(commands < 100_000, "no end")
        precondition(command.count >= 4, "no command")
        precondition(command[1] != 0x47 || command[2] == 0x81, "a new key")
        precondition(command[1] != 0xDA && command[1] != 0xFB, "an object was written")
        if [0x20, 0x24, 0x2C].contains(command[1]), command.count > 5 {
            precondition(writes, "a code that could be cut off")
            let header = Array(command.prefix(4))[...]
            precondition(!sent.contains(header), "a code was sent twice")
            sent.append(header)
        }
        response.clear()
        guard !select(command, &response) else { return }
        guard let length = rest.popFirst() else { throw .removed }
        // FF is a fault, FE a full response.
        if length == 0xFF { throw .transport(1) }
        let answer = Array(rest.prefix(length == 0xFE ? 258 : Int(length)))
        rest = rest.dropFirst(answer.count)
        _ = answer.withUnsafeBytes { response.append(contentsOf: $0) }
    }

    /// No application but OpenPGP's.
    private func select(
        _ command: UnsafeRawBufferPointer, _ response: inout ResponseBuffer
    ) -> Bool {
        guard command[1] == 0xA4, command.count > 5 else { return false }
        let status: [UInt8] = command[5] == 0xD2 ? [0x90, 0x00] : [0x6A, 0x82]
        _ = status.withUnsafeBytes { response.append(contentsOf: $0) }
        return true
    }
}

private func code(_ text: StaticString) throws -> Secret {
    var buffer = try LockedBuffer(capacity: 8)
    text.withUTF8Buffer { _ = buffer.append(contentsOf: UnsafeRawBufferPointer($0)) }
    return try Secret(buffer)
}

private func restore(_ card: inout AnyCard, _ form: UnblockingForm) throws {
    let applet = try TokenFamilies.recognise(&card)
    let identity = try applet.readIdentity(&card, slots: nil)
    precondition(identity.serial?.count == 13, "a number of another form")
    _ = identity.deviceNumbers.map(identity.match)
    let ways = try applet.readUnblocking(&card)
    precondition(ways.count == 2, "ways")
    for way in ways { precondition((0...255).contains(way.counter.known ?? -1), "a count") }
    precondition(applet.pinRule.minimum <= applet.pinRule.maximum, "a rule nothing keeps")
    let proving = identity.provingCertificate()
    if let proving { _ = try applet.readTraits(&card, of: proving.slot) }
    _ = try applet.padEntries(&card, opening: proving?.slot)
    let unblocking = try code("12345678")
    let new = try code("482913")
    guard try applet.unblock(&card, form, code: unblocking, newPIN: new) == .accepted,
        let proving, try applet.verify(&card, pin: new, opening: proving.slot) == .accepted
    else { return }
    _ = try applet.sign(
        &card, message: [1, 2, 3], slot: proving.slot, key: proving.certificate.publicKey)
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeRawBufferPointer(start: start, count: count))
    guard let way = bytes.first else { return 0 }
    // A form the card does not have is refused as well.
    let forms: [UnblockingForm] = [.resettingCode, .adminPIN, .puk, .soPIN]
    var card = AnyCard(rest: bytes[1...])
    do { try restore(&card, forms[Int(way) % forms.count]) } catch {
        precondition(error is TokenError, "untyped: \(error)")
    }
    return 0
}
