import APDU
import Testing

@Suite struct T0ExchangeTests {
    @Test(arguments: T0Script.short + T0Script.extended + T0Script.hostile)
    func everyCaseIsCarried(_ script: T0Script) throws {
        var exchange = T0Exchange(try parse(script.command))
        var response = ResponseBuffer()
        _ = response.set(ResponseAPDU(data: [1, 2, 3], status: .success))
        var answers = script.answers[...]
        var sent: [[UInt8]] = []
        var failure: T0Error.Code?
        var end: StatusWord?
        while end == nil, failure == nil, let answer = answers.popFirst() {
            sent.append(try exchange.tpdu(script.command))
            do throws(T0Error) {
                let step = try exchange.receive(answer, &response)
                if case .finished(let status) = step { end = status }
            } catch {
                failure = error.code
            }
        }
        #expect(answers.isEmpty)
        #expect(sent.map(text) == script.sent.map(text))
        #expect(failure == script.error)
        if script.error == nil {
            #expect(text(response.withBytes { Array($0) }) == text(script.response))
            #expect(end.map { [$0.sw1, $0.sw2] } == Array(script.response.suffix(2)))
        }
        #expect(throws: T0Error(.unexpected)) { _ = try exchange.tpdu(script.command) }
        var late: T0Error.Code?
        do throws(T0Error) { _ = try exchange.receive(hex("9000"), &response) } catch {
            late = error.code
        }
        #expect(late == .unexpected)
    }

    /// 65535 bytes of data go out in 257 segments of 255 and one of 9; 65536 come back.
    @Test func theLongestCommandAndResponse() throws {
        let data = pattern(65535)
        let command = hex("00CB3FFF 00 FFFF") + data + hex("0000")
        var exchange = T0Exchange(try parse(command))
        var response = ResponseBuffer()
        var carried: [UInt8] = []
        var came = 0
        var step = T0Exchange.Step.send
        while step == .send {
            let tpdu = try exchange.tpdu(command)
            if tpdu[1] == 0xC2 {
                carried += tpdu[5...]
                step = try exchange.receive(carried == command ? [0x61, 0] : [0x90, 0], &response)
            } else {
                came += 256
                step = try exchange.receive(
                    pattern(256) + (came < 65536 ? [0x61, 0] : [0x90, 0]), &response)
            }
        }
        #expect(carried == command)
        #expect(step == .finished(.success))
        #expect(response.withBytes { $0.count } == 65538)
    }

    /// A byte at a time, and each time first a wrong length: two steps for each byte.
    @Test func theNumberOfStepsIsBounded() throws {
        let command = hex("00CB3FFF 01 5C 00")
        var exchange = T0Exchange(try parse(command))
        var response = ResponseBuffer(capacity: 258)
        var steps = 0
        var step = T0Exchange.Step.send
        var corrected = false
        while step == .send {
            steps += 1
            let isGet = try exchange.tpdu(command)[1] == 0xC0
            corrected = isGet && !corrected
            step = try exchange.receive(
                !isGet ? hex("6100") : corrected ? hex("6C01") : hex("AA 6100"), &response)
        }
        #expect(steps == 1 + 2 * 256)
        #expect(response.withBytes { $0.count } == 258)
    }

    @Test func aSmallResponseBufferIsTold() throws {
        let command = hex("00B0000003")
        var exchange = T0Exchange(try parse(command))
        var response = ResponseBuffer(capacity: 4)
        var code: T0Error.Code?
        do throws(T0Error) { _ = try exchange.receive(hex("010203 9000"), &response) } catch {
            code = error.code
        }
        #expect(code == .responseTooLong(limit: 2))
    }

    @Test func otherBytesThanTheCommandsAreRefused() throws {
        let exchange = T0Exchange(try parse(hex("00B0000003")))
        #expect(throws: T0Error(.commandChanged)) { _ = try exchange.tpdu(hex("00B00000")) }
        #expect(throws: T0Error(.commandChanged)) { _ = try exchange.tpdu([]) }
    }

    @Test func anInstructionThatLooksLikeAStatusIsRefused() throws {
        for command in [hex("80680102"), hex("FA6B7E00")] {
            let exchange = T0Exchange(try parse(command))
            #expect(throws: T0Error(.instructionInvalid)) { _ = try exchange.tpdu(command) }
        }
    }

    @Test func aFullSinkIsTold() throws {
        for (command, needs) in [
            (hex("00B0000003"), 5), (hex("00D6000002AABB"), 7), (T0Script.command3E, 260),
        ] {
            let exchange = T0Exchange(try parse(command))
            for capacity in [0, 4, 5, needs - 1] where capacity < needs {
                #expect(throws: T0Error(.sinkFull)) {
                    _ = try exchange.tpdu(command, capacity: capacity)
                }
            }
            let whole = try exchange.tpdu(command, capacity: needs)
            #expect(whole.count == needs)
        }
    }

    /// The whole way: each TPDU character by character, and the case 4 command comes out whole.
    @Test func charactersAndExchangeFitTogether() throws {
        let command = hex("00A4040002 3F0000")
        let card = [hex("A4 60 6103"), hex("60 C0 010203 9000")]
        var exchange = T0Exchange(try parse(command))
        var response = ResponseBuffer()
        for turn in card {
            var characters = try T0Characters.make(try exchange.tpdu(command))
            var sink = PlainBuffer(capacity: T0Characters.longestResponse)
            _ = try characters.start()
            for byte in turn { _ = try characters.receive(byte, into: &sink) }
            _ = try exchange.receive(sink.bytes, &response)
        }
        #expect(text(response.withBytes { Array($0) }) == "0102039000")
    }
}

extension T0Exchange {
    func tpdu(_ command: [UInt8], capacity: Int = 260) throws(T0Error) -> [UInt8] {
        var sink = PlainBuffer(capacity: capacity)
        try command.withBytes { bytes throws(T0Error) in
            try encode(bytes, into: &sink)
        }
        return sink.bytes
    }

    mutating func receive(
        _ tpdu: [UInt8], _ response: inout ResponseBuffer
    ) throws(T0Error) -> Step {
        try tpdu.withBytes { bytes throws(T0Error) in
            try receive(bytes, into: &response)
        }
    }
}
