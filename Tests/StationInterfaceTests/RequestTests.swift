import Expectations
import JSON
import Secrets
import StationInterface
import Testing
import Varlink

/// The requests against the methods they call.
@Suite struct RequestTests {
    /// A request as it was written, and a way to read it and write it again.
    struct Sample {
        let method: String
        let full: JSONValue
        let reread: (JSONValue) throws -> JSONValue
    }

    private static func sample<R: StationRequest & ~Copyable>(_ request: consuming R) throws
        -> Sample
    {
        var writer = JSONWriter(into: JSONBytes())
        writer.beginObject()
        request.write(into: &writer)
        writer.endObject()
        let full = try parsed(try writer.finish().bytes)
        return Sample(method: R.method, full: full) { value in
            try value.text.withUnsafeBytes { raw in
                var reader = JSONReader(raw)
                let request = try R(reading: &reader)
                try reader.finish()
                var writer = JSONWriter(into: JSONBytes())
                writer.beginObject()
                request.write(into: &writer)
                writer.endObject()
                return try parsed(try writer.finish().bytes)
            }
        }
    }

    private static func all() throws -> [Sample] {
        [
            try sample(Station.ListReaders()), try sample(Station.Watch()),
            try sample(Station.Inspect(reader: "Đầu đọc", caseNumber: "C-1")),
            try sample(Station.DescribeReader(reader: "Đầu đọc")),
            try sample(Station.MeasureReader(reader: "r", times: 1000)),
            try sample(
                Station.BeginRestore(
                    caseNumber: "C-1", reader: "r", pinForgotten: true,
                    compared: ["certificate_name", "mail"], form: "so-pin", provisional: true)),
            try sample(
                Station.Unblock(
                    restore: "r-1", unblockingCode: secret("123\u{1}45678"),
                    newPIN: secret("a\"\\é"),
                    lastTry: true)),
            try sample(Station.AskChallenge(restore: "r-1", lastTry: true)),
            try sample(
                Station.Respond(
                    restore: "r-1", response: HeldSecret(secret("0011223344556677")),
                    newPIN: HeldSecret(secret("482913")))),
            try sample(Station.AttachRestore(restore: "r-1")),
            try sample(Station.CancelRestore(restore: "r-1")), try sample(Station.ListRestores()),
            try sample(
                Station.CheckKey(
                    reader: "r", pin: secret("482913"), restore: "r-1", caseNumber: "C-1",
                    compared: ["body"], challenges: 50)),
            try sample(
                Station.OpenCase(
                    requestNumber: "12/SKHCN", managingBody: "Sở", holder: "Ánh",
                    deviceNumber: "12")),
            try sample(Station.GetCase(number: "C-1")),
            try sample(Station.GetHistory(number: "C-1")),
            try sample(Station.ListCases(openOnly: true)),
            try sample(Station.CheckRequest(form: MessageSample.form, completing: "R-1")),
            try sample(Station.ReceiveRequest(form: MessageSample.form)),
            try sample(Station.CompleteRequest(request: "R-1", form: MessageSample.form)),
            try sample(Station.GetRequest(request: "R-1", whole: true, writtenFrom: 201)),
            try sample(Station.RemovePersonal(request: "R-1")),
            try sample(Station.RouteCase(number: "C-1", carrier: "hsm")),
            try sample(Station.RecordCase(number: "C-1")),
            try sample(
                Station.SendNotice(number: "C-1", addressee: "provider", reference: "45/SKHCN")),
            try sample(Station.ListDue()), try sample(Station.ListExpired()),
            try sample(Station.GetPaper(number: "C-1", paper: "receipt", qr: "<svg/>")),
            try sample(Station.RefuseCase(number: "C-1", reasons: ["a", "b"])),
            try sample(Station.CloseCase(number: "C-1", reason: "a")),
            try sample(Station.ShowJournal(from: -5, count: 10)),
            try sample(Station.HeadOfJournal()), try sample(Station.VerifyJournal()),
            try sample(Station.GetStatus()), try sample(Station.Diagnose()),
            try sample(Station.ListProfiles()),
            try sample(Station.ListOfficers()), try sample(Station.SignOff()),
            try sample(Station.ShowAct(restore: "r-1")),
            try sample(
                Station.Approve(
                    restore: "r-1", officer: "hai", password: HeldSecret(secret("12345678")))),
            try sample(
                Station.ApproveByToken(
                    restore: "r-1", reader: "r", pin: HeldSecret(secret("482913")))),
            try sample(
                Station.SignInByToken(reader: "r", pin: HeldSecret(secret("482913")))),
            try sample(
                Station.SignIn(
                    officer: "lan", password: HeldSecret(secret("mật khẩu \"1\"")))),
            try sample(
                Station.Commission(
                    reader: "r", serial: "12", technician: "Lan", name: "a", title: "A",
                    wrongPINs: 3,
                    ways: [
                        Station.Commission.Way(
                            form: "puk", unblockingCode: HeldSecret(secret("12345678")),
                            pin: HeldSecret(secret("482913")))
                    ], challenges: 20)),
            try sample(Station.CancelCommission(commission: "c-1")),
            try sample(
                Station.CheckSeal(sha256: "ab", journalSequence: 9, journalHead: "cd")),
            try sample(
                Station.Exchange(
                    reader: "r", command: secret("00A40400"), aid: "A000", serial: "12")),
        ]
    }

    private static func parameters(_ method: String) throws -> (Conformance, [Description.Field]) {
        let (interface, member) = try Interfaces.member(
            String(method.dropFirst("vn.tokenstation.".count)))
        guard case .method(let parameters, _) = member.kind else {
            Issue.record("\(method) is no method")
            return (Conformance(interface: interface), [])
        }
        return (Conformance(interface: interface), parameters)
    }

    @Test func everyMethodHasARequest() throws {
        let methods = Set(try Self.all().map(\.method))
        for interface in try Interfaces.all().values {
            for method in interface.methods {
                #expect(methods.contains(interface.name + "." + method.name))
            }
        }
    }

    @Test func aRequestIsWrittenAsItsMethodWantsItAndReadBack() throws {
        for sample in try Self.all() {
            let (conformance, parameters) = try Self.parameters(sample.method)
            #expect(
                conformance.check(sample.full, parameters, isFull: true) == [], "\(sample.method)")
            #expect(try sample.reread(sample.full) == sample.full, "\(sample.method)")
        }
    }

    @Test func whatIsMissingOrUnknownIsNamed() throws {
        for sample in try Self.all() {
            let (_, parameters) = try Self.parameters(sample.method)
            for field in parameters {
                let place = "\(sample.method) \(field.name)"
                let without = sample.full.replacing(field.name, by: nil)
                if sample.method == Station.Unblock.method, field.name == "new_pin" {
                    // Left out where the old PIN stays.
                    #expect(try sample.reread(without) == without, "\(place)")
                } else if ["pin", "unblocking_code"].contains(field.name) {
                    // Only a code at the pad may be left out.
                    let error = caught(JSONError.self, "\(place)") {
                        try sample.reread(without)
                    }
                    #expect(error?.code == .missingKey(field.name), "\(place)")
                } else if case .optional = field.type {
                    let null = sample.full.replacing(field.name, by: .null)
                    #expect(try sample.reread(null) == sample.reread(without), "\(place)")
                } else {
                    let error = caught(JSONError.self, "\(place)") {
                        try sample.reread(without)
                    }
                    #expect(error?.code == .missingKey(field.name), "\(place)")
                }
                // Of another kind than any parameter here.
                let error = caught(JSONError.self, "\(place)") {
                    try sample.reread(sample.full.replacing(field.name, by: ["x": 1]))
                }
                #expect(error?.path.hasPrefix(field.name) == true, "\(place)")
            }
            guard case .object(let members) = sample.full else { continue }
            let more = JSONValue.object(members + [("nonsense", 1)])
            let error = caught(JSONError.self) { try sample.reread(more) }
            #expect(error?.path == "nonsense", "\(sample.method)")
        }
    }

    @Test(arguments: [
        ("vn.tokenstation.Restore.Unblock", "new_pin"),
        ("vn.tokenstation.Restore.Unblock", "unblocking_code"),
        ("vn.tokenstation.KeyCheck.Check", "pin"),
        ("vn.tokenstation.Officers.SignIn", "password"),
        ("vn.tokenstation.Officers.SignInByToken", "pin"),
        ("vn.tokenstation.Officers.Approve", "password"),
        ("vn.tokenstation.Officers.ApproveByToken", "pin"),
    ])
    func aCodeOfMoreThan64BytesIsRefusedAndNotRepeated(_ method: String, _ field: String) throws {
        let sample = try #require(try Self.all().first { $0.method == method })
        let code = String(repeating: "8", count: 65)
        let error = caught(JSONError.self) {
            try sample.reread(sample.full.replacing(field, by: .string(code)))
        }
        #expect(error?.path == field)
        #expect(error?.description.contains("888") == false)
        let longest = sample.full.replacing(field, by: .string(String(code.dropFirst())))
        #expect(try sample.reread(longest) == longest)
    }

    @Test(
        arguments: [
            // Codes and at_pad; the key that is told to be wrong, nil where the request stands.
            ("KeyCheck.Check", ["pin": "482913"], nil, nil),
            ("KeyCheck.Check", ["pin": "482913"], false, nil),
            ("KeyCheck.Check", [:], true, nil),
            ("KeyCheck.Check", ["pin": "482913"], true, "at_pad"),
            ("Officers.SignInByToken", ["pin": "482913"], true, "at_pad"),
            ("Officers.SignInByToken", [:], true, nil), ("Officers.SignInByToken", [:], nil, "pin"),
            ("KeyCheck.Check", [:], false, "pin"), ("KeyCheck.Check", [:], nil, "pin"),
            ("Restore.Unblock", ["unblocking_code": "12345678", "new_pin": "482913"], nil, nil),
            ("Restore.Unblock", [:], true, nil),
            ("Restore.Unblock", ["unblocking_code": "12345678"], true, "at_pad"),
            ("Restore.Unblock", ["new_pin": "482913"], true, "at_pad"),
            ("Restore.Unblock", ["new_pin": "482913"], nil, "unblocking_code"),
            ("Restore.Unblock", ["unblocking_code": "12345678"], false, nil),
            ("Restore.Unblock", [:], nil, "unblocking_code"),
        ] as [(String, [String: String], Bool?, String?)])
    func aCodeComesInTheMessageOrAtThePadAndNeverBoth(
        _ method: String, _ codes: [String: String], _ atPad: Bool?, _ wrong: String?
    ) throws {
        let sample = try #require(
            try Self.all().first { $0.method == "vn.tokenstation." + method })
        var request = sample.full
        for key in ["pin", "unblocking_code", "new_pin", "at_pad"] {
            request = request.replacing(key, by: nil)
        }
        guard case .object(var members) = request else { return }
        for (key, code) in codes { members.append((key, .string(code))) }
        if let atPad { members.append(("at_pad", .bool(atPad))) }
        do {
            let read = try sample.reread(.object(members))
            #expect(wrong == nil)
            #expect(read["at_pad"] == .bool(atPad ?? false))
        } catch let error as JSONError {
            #expect(error.path == wrong)
        }
    }

    @Test(
        arguments: [
            ("Journal.Show", "count", 0), ("Journal.Show", "count", 1001),
            ("Devices.MeasureReader", "times", 0), ("Devices.MeasureReader", "times", 1001),
            ("Journal.Show", "from", 3_000_000_000), ("Journal.Show", "from", -1_000_001),
        ] as [(String, String, Int64)])
    func aNumberOutOfRangeIsRefused(_ method: String, _ field: String, _ number: Int64) throws {
        let sample = try #require(
            try Self.all().first { $0.method == "vn.tokenstation." + method })
        #expect(throws: JSONError.self) {
            try sample.reread(sample.full.replacing(field, by: .integer(number)))
        }
    }

    @Test func thereAreAtMostSixteenReasons() throws {
        let sample = try #require(try Self.all().first { $0.method.hasSuffix("Cases.Refuse") })
        func reasons(_ count: Int) -> JSONValue {
            sample.full.replacing("reasons", by: .array((0..<count).map { _ in "x" }))
        }
        #expect(try sample.reread(reasons(16)) == reasons(16))
        #expect(throws: JSONError.self) { try sample.reread(reasons(17)) }
    }
}
