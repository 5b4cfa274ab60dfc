// A file of requests with any content: reading ends, in requests or in mistakes that have a
// place; what was read is checked, tidied once for all, and found equal to itself.
// sources: Sources/CLinux Sources/System Sources/Secrets Sources/JSON Sources/WorkingDays Sources/Requests Sources/Crypto Sources/Casework
// seed: 6e756d6265722c6d616e6167696e675f626f64792c6465766963655f6e756d6265722c636f6e746163745f6e616d652c6d61696c0d0a312c412c323331332c22422022222043222c6140676f762e766e0d0a2c2c32333134
// seed: 7365703d3b0a5354543b53e1bb912076c4836e2062e1baa36e3b53e1bb91206869e1bb87752074686962e1bb8b0a313b323b33
// seed: efbbbf5b7b226b696e64223a2272657475726e222c226e756d626572223a2231222c226d616e6167696e675f626f6479223a2241222c227265636569766564223a2232312f31312f323032362030393a3030222c22636f6e74616374223a7b226e616d65223a2242227d2c2264657669636573223a5b7b226465766963655f6e756d626572223a2231323334222c226d61696c223a226140622e676f762e766e227d5d2c2272657475726e5f726561736f6e223a2265787069726564227d5d
import Casework
import JSON

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeRawBufferPointer(start: start, count: count))
    let read = RequestImport.read(bytes, file: "f")
    precondition((read.requests == nil) != read.mistakes.isEmpty, "neither right nor wrong")
    for mistake in read.mistakes {
        precondition(mistake.line > 0 && mistake.column > 0 && !mistake.wrong.isEmpty)
        precondition(mistake.line <= count + 1 && mistake.column <= count + 1, "beyond the file")
    }
    let intake = Intake(now: Timestamp(milliseconds: 1_795_000_000_000))
    for request in (read.requests ?? []).prefix(16) {
        let form = request.form
        precondition(request.line > 0 && request.line <= count + 1)
        let tidied = form.tidied()
        precondition(tidied == tidied.tidied(), "tidied twice is otherwise")
        let findings = intake.findings(form, bodies: BodyTable()) { _ in nil }
        precondition(
            findings == intake.findings(tidied, bodies: BodyTable()) { _ in nil },
            "tidying changed what is found")
        for row in form.devices.prefix(4) {
            let token = Match.Token(
                deviceNumbers: [row.deviceNumber], commonName: row.certificateName,
                organizations: [row.workplace], mails: [row.mail],
                certificateSerial: row.certificateSerial)
            let match = Match(token, row: row, managingBody: form.managingBody)
            precondition(match.overall != .different, "a row that is not like itself")
        }
    }
    return 0
}
