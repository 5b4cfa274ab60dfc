import Casework
import Expectations
import Foundation
import System
import Testing

@Suite struct RequestTests {
    private let folder = TemporaryFolder()

    private func book() throws -> CaseBook { try CaseBook(in: folder.path, mode: .training) }

    /// One line holds all rows: none can be lost, none can come twice.
    @Test func aRequestWithManyDevicesIsOneLineAndACaseForEach() throws {
        let book = try book()
        let before = book.journal.head.sequence
        let (request, receipt) = try book.receive(.sample, missing: [], who: officer)
        #expect(receipt.sequence == before + 1 && book.journal.head == receipt)
        #expect(request.id.text == "R2026-000001" && request.cases.count == 2)
        #expect(request.validSince == RequestForm.sample.received && request.hasLabel)
        let files = request.cases.compactMap { book.file($0) }
        #expect(files.map(\.deviceNumber) == ["23130042", "23130043"])
        #expect(files.allSatisfy { $0.state == .open && $0.request == request.id })
        #expect(try book.holder(of: files[1].id) == "Lê Văn Bình")
        #expect(try book.personal(of: request.id).contact == RequestForm.sample.contact)
    }

    @Test func theSamePaperIsNotTakenInTwice() throws {
        let book = try book()
        let first = try book.receive(.sample, missing: [], who: officer).request.id
        var again = RequestForm.sample
        again.number = " 124/ubnd-vx "
        again.managingBody = "UBND  phường Gia Vie\u{0302}n"
        #expect(throws: CaseError.requestKnown(first)) {
            try book.receive(again, missing: [], who: officer)
        }
        var changes: [RequestForm] = Array(repeating: .sample, count: 5)
        changes[0].number = "125/UBND-VX"
        changes[1].managingBody = "UBND phường Lê Chân"
        changes[2].received = Timestamp("2026-11-20T18:00:00.000Z")
        changes[3].devices.removeLast()
        changes[4].kind = .lost
        for form in changes { _ = try book.receive(form, missing: [], who: officer) }
        #expect(book.count == 11)
    }

    @Test func whatKeepsARequestFromBeingValidKeepsItsTermFromRunning() throws {
        let book = try book()
        let (request, _) = try book.receive(.sample, missing: ["1.2:missing"], who: officer)
        #expect(request.validSince == nil)
        let id = try #require(request.cases.first)
        let file = try #require(book.file(id))
        #expect(file.state == .incomplete && file.term(of: request) == nil)
        #expect(throws: CaseError.notNow(.begin, .incomplete)) {
            try book.record(.restoreBegun(.sample()), case: id, who: officer)
        }
        let old = try #require(request.personal)
        var form = RequestForm.sample
        form.devices[0].deviceNumber = "23130044"
        // With the first paper's label the term would have begun, and ended, before.
        #expect(throws: CaseError.self) {
            try book.complete(request.id, form, missing: [], who: officer)
        }
        #expect(throws: CaseError.otherKind(.restore)) {
            var other = form
            other.kind = .misuse
            _ = try book.complete(request.id, other, missing: [], who: officer)
        }
        #expect(book.file(id)?.state == .incomplete)
        form.received = Timestamp("2026-11-21T02:00:00.000Z")
        let (whole, _) = try book.complete(request.id, form, missing: [], who: officer)
        #expect(whole.validSince == form.received && whole.missing.isEmpty)
        let now = try #require(book.file(id))
        #expect(now.state == .open && now.deviceNumber == "23130044")
        #expect(try now.term(of: whole) == .workingDays(1, from: #require(form.received)))
        // The first paper's data are gone.
        #expect(throws: VaultError.notFound(old)) { try book.vault.get(old) }
        #expect(throws: CaseError.notNow(.complete, .open)) {
            try book.complete(request.id, form, missing: [], who: officer)
        }
        form.devices.removeLast()
        let second = try book.receive(form, missing: ["1.2:missing"], who: officer).request.id
        form.devices += form.devices
        #expect(throws: CaseError.rowsDiffer(1)) {
            try book.complete(second, form, missing: [], who: officer)
        }
    }

    @Test func anotherDeviceInACompletedPaperIsOnRecordWithTheOneBefore() throws {
        var form = RequestForm.sample
        form.received = nil
        form.devices[1].deviceNumber = "23130099"
        let id: CaseID
        do {
            let book = try book()
            let (request, _) = try book.receive(.sample, missing: ["1.2:missing"], who: officer)
            id = request.cases[1]
            _ = try book.complete(request.id, form, missing: [], who: officer)
        }
        let line = String(decoding: try #require(lines(try folder.bytes()).last), as: UTF8.self)
        #expect(
            line.contains(
                #""changed":[{"case":"\#(id)","before":"23130043","deviceNumber":"23130099"}]"#))
        #expect(try book().file(id)?.deviceNumber == "23130099")
    }

    /// Nothing, the number, the body, or both other than in the first paper.
    @Test(arguments: [(false, false), (true, false), (false, true), (true, true)])
    func aCompletedPaperMayHaveAnotherNumberOrSayWhichBodyItIs(
        number: Bool, body: Bool
    ) throws {
        var form = RequestForm.sample
        form.received = nil
        if number { form.number = "130/UBND-VX" }
        if body { form.managingBody = "UBND phường Ven Sông" }
        let id: RequestID
        do {
            let book = try book()
            let (request, _) = try book.receive(.sample, missing: ["1.2:missing"], who: officer)
            id = request.id
            guard !(number && body) else {
                let before = try folder.bytes()
                #expect(
                    throws: CaseError.otherPaper(
                        number: request.number, body: request.managingBody)
                ) { _ = try book.complete(id, form, missing: [], who: officer) }
                #expect(try folder.bytes() == before)
                return
            }
            _ = try book.complete(id, form, missing: [], who: officer)
        }
        // As the lines make it, and as a snapshot has it.
        for _ in 0..<2 {
            let again = try book()
            let request = try #require(again.request(id))
            #expect(request.number == form.number && request.managingBody == form.managingBody)
            let file = try #require(again.file(request.cases[0]))
            #expect(file.requestNumber == form.number && file.managingBody == form.managingBody)
            // Neither paper is taken in once more.
            #expect(again.known(.sample) == id && again.known(form) == id)
            try again.saveSnapshot()
        }
    }

    @Test func whatCouldNotBeRemovedIsNotSaidToBeGone() throws {
        let book = try book()
        let (request, _) = try book.receive(.sample, missing: [], who: officer)
        for id in request.cases {
            try book.record(.closed(reason: .plain("nobody came")), case: id, who: officer)
        }
        let names = { try File.names(in: self.folder.path + "/vault") }
        let stuck = SystemFaults { $0 == .unlink ? .notPermitted : nil }
        for _ in 0..<2 {
            let error = caught(CaseError.self) {
                _ = try SystemFaults.$current.withValue(stuck) {
                    try book.removePersonal(of: request.id, who: officer)
                }
            }
            guard case .vault = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try names().count == 1)
        }
        #expect(throws: CaseError.personalRemoved(request.id)) {
            try book.removePersonal(of: request.id, who: officer)
        }
        #expect(try names().isEmpty)
    }

    @Test func aRowThatDidNotWaitKeepsItsDevice() throws {
        let book = try book()
        let (request, _) = try book.receive(.sample, missing: ["1.2:missing"], who: officer)
        // Refused, and a restore of it has begun all the same.
        _ = try book.refuse(
            request.cases[0], [try #require(GivenReason("Không đúng mẫu"))], who: officer)
        try book.record(.restoreBegun(.sample()), case: request.cases[0], who: officer)
        var form = RequestForm.sample
        form.received = nil
        form.devices[0].deviceNumber = "23130099"
        let before = try folder.bytes()
        let error = caught(CaseError.self) {
            _ = try book.complete(request.id, form, missing: [], who: officer)
        }
        #expect(
            error
                == .invalidField(
                    .deviceNumber,
                    "of row 1 must be 23130042, as in the first paper: case \(request.cases[0]) is "
                        + "in-progress"))
        #expect(try folder.bytes() == before)
        // Written otherwise it is the same device.
        form.devices[0].deviceNumber = "2313-0042"
        let (whole, _) = try book.complete(request.id, form, missing: [], who: officer)
        #expect(whole.missing.isEmpty && book.file(request.cases[1])?.state == .open)
        #expect(book.file(request.cases[0])?.deviceNumber == "23130042")
    }

    /// Kind, what is done, the state it leads to, whether a notice is then due.
    private static let walks: [(CaseKind, [CaseEvent], CaseStage, Bool)] = [
        (.lost, [.recorded], .recorded, true),
        (.lost, [.recorded, .noticeSent(.provider, reference: "1")], .sent, false),
        (.takeBack, [.recorded], .recorded, true),
        (
            .misuse,
            [
                .recorded, .noticeSent(.authority, reference: "1"),
                .noticeSent(.technologyUnit, reference: "2"),
            ], .sent, false
        ),
        (
            .handOver,
            [
                .keycheckOutcome(KeycheckEnd(serial: "1", isProven: true, triesSpent: .exactly(0))),
                .recorded,
            ], .recorded, true
        ),
        (.restore, [.routed(.simPKI)], .routed, true),
        (.restore, [.refused(reasons: ["x"])], .refused, true),
        (
            .restore,
            [
                .refused(reasons: ["x"]), .noticeSent(.managingBody, reference: "1"),
            ], .refused, false
        ),
        // What was refused and told may be restored after all, and that is told too.
        (
            .restore,
            [
                .refused(reasons: ["x"]), .noticeSent(.managingBody, reference: "1"),
                .restoreBegun(.sample()),
                .restoreOutcome(
                    RestoreEnd(restore: "r1", outcome: .restored, triesSpent: .exactly(0))),
            ], .restored, true
        ),
    ]

    @Test(arguments: walks.indices)
    func eachKindGoesItsWay(index: Int) throws {
        let (kind, events, stage, isDue) = Self.walks[index]
        let book = try book()
        let request = try book.receive(.sample(kind), missing: [], who: officer).request
        let id = try #require(request.cases.first)
        for event in events { try book.record(event, case: id, who: officer) }
        let file = try #require(book.file(id))
        #expect(file.state.stage == stage && file.awaitsNotice == isDue)
        #expect(book.unfinished().contains { $0.id == id } == (isDue || !stage.isDone))
        #expect(file.lines.count == events.count + 1)
        let last = CaseRule.papers(kind, stage)
        #expect(Set(last).count == last.count && !last.isEmpty)
    }

    @Test func aDeviceIsHandedOverOnlyOnceItsKeyIsProven() throws {
        let book = try book()
        let request = try book.receive(.sample(.handOver), missing: [], who: officer).request
        let id = try #require(request.cases.first)
        #expect(throws: CaseError.keyNotProven) {
            try book.record(.recorded, case: id, who: officer)
        }
        try book.record(
            .keycheckOutcome(KeycheckEnd(serial: "1", isProven: false, triesSpent: .exactly(0))),
            case: id, who: officer)
        #expect(throws: CaseError.keyNotProven) {
            try book.record(.recorded, case: id, who: officer)
        }
    }

    private static let terms: [(CaseKind, [CaseEvent], CaseTerm?)] = [
        (.restore, [], .workingDays(1, from: Timestamp("2026-11-20T02:00:00.000Z")!)),
        (
            .restore, [.refused(reasons: ["x"])],
            .workingDays(1, from: Timestamp("2026-11-20T02:00:00.000Z")!)
        ),
        (
            .restore, [.refused(reasons: ["x"]), .noticeSent(.managingBody, reference: "1")], nil
        ),
        (.takeBack, [], .workingDays(5, from: Timestamp("2026-11-18T03:00:00.000Z")!)),
        (.lost, [], .atOnce(from: Timestamp("2026-11-20T02:00:00.000Z")!)),
        (.misuse, [.closed(reason: "x")], nil),
        (.handOver, [], nil),
    ]

    @Test(arguments: terms.indices)
    func whatIsDueFollowsFromTheKindAndItsState(index: Int) throws {
        let (kind, events, term) = Self.terms[index]
        let book = try book()
        let request = try book.receive(.sample(kind), missing: [], who: officer).request
        let id = try #require(request.cases.first)
        for event in events { try book.record(event, case: id, who: officer) }
        #expect(book.file(id)?.term(of: request) == term)
    }

    @Test func anExpiredDevicesReturnHasNoTermThatIsKnown() throws {
        let book = try book()
        var form = RequestForm.sample(.takeBack)
        form.particulars.returnReason = .expired
        let request = try book.receive(form, missing: [], who: officer).request
        let file = try #require(request.cases.first.flatMap { book.file($0) })
        #expect(file.term(of: request) == .unconfirmed)
    }

    /// Every act on every kind and state comes to what its row says, or is in no row.
    @Test func nothingHappensThatIsNotInTheTable() throws {
        for kind in CaseKind.allCases {
            for stage in CaseStage.allCases {
                for act in CaseRule.acts(kind, stage) {
                    #expect(
                        CaseRule.table.contains {
                            $0.act == act && $0.mover == .officer && $0.kinds.contains(kind)
                                && $0.from.contains(stage)
                        })
                }
            }
        }
        // A way to an end leads from each state.
        for kind in CaseKind.allCases {
            for stage in CaseStage.allCases where stage != .closed && stage != .inProgress {
                #expect(CaseRule.acts(kind, stage).contains(.close))
            }
        }
    }

    @Test func whatARequestSaidOfPeopleIsRemovedOnlyWhenItsCasesAreDone() throws {
        let id: RequestID
        do {
            let book = try book()
            let request = try book.receive(.sample, missing: [], who: officer).request
            id = request.id
            let personal = try #require(request.personal)
            #expect(throws: CaseError.stillNeeded(request.cases[0])) {
                try book.removePersonal(of: id, who: officer)
            }
            for case_ in request.cases {
                try book.record(.closed(reason: "x"), case: case_, who: officer)
            }
            // A power cut between the line and the removal: the next start removes it.
            let record = try folder.bytes("vault/" + personal.hex + ".json")
            _ = try book.removePersonal(of: id, who: officer)
            try folder.write(record, to: "vault/" + personal.hex + ".json")
        }
        let book = try book()
        #expect(throws: CaseError.personalRemoved(id)) { try book.personal(of: id) }
        #expect(try folder.names().contains("vault"))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path + "/vault").isEmpty)
        #expect(try Journal.verify(folder.journal).holds)
    }

    @Test func whatARequestSaidOfPeopleStaysWhileANoticeIsStillToGo() throws {
        let book = try book()
        let request = try book.receive(.sample, missing: [], who: officer).request
        for id in request.cases {
            _ = try book.refuse(id, [GivenReason("not-locked")].compactMap { $0 }, who: officer)
        }
        #expect(throws: CaseError.stillNeeded(request.cases[0])) {
            try book.removePersonal(of: request.id, who: officer)
        }
        _ = try book.sendNotice(
            of: request.cases[0], to: .managingBody, reference: "12", who: officer)
        #expect(throws: CaseError.stillNeeded(request.cases[1])) {
            try book.removePersonal(of: request.id, who: officer)
        }
        _ = try book.close(request.cases[1], reason: "told by telephone", who: officer)
        _ = try book.removePersonal(of: request.id, who: officer)
        #expect(throws: CaseError.personalRemoved(request.id)) {
            try book.personal(of: request.id)
        }
    }

    @Test func whetherAPaperCompletesARequestIsToldBefore() throws {
        let book = try book()
        var form = RequestForm.sample
        form.received = Timestamp(milliseconds: 1_790_000_000_000)
        let id = try book.receive(form, missing: ["number:missing"], who: officer).request.id
        let rows = form.devices.count
        #expect(throws: CaseError.self) { try book.checkCompletion(id, form) }
        form.received = nil
        try book.checkCompletion(id, form)
        var other = form
        other.kind = .lost
        #expect(throws: CaseError.otherKind(form.kind)) { try book.checkCompletion(id, other) }
        other = form
        other.devices.removeLast()
        #expect(throws: CaseError.rowsDiffer(rows)) { try book.checkCompletion(id, other) }
        other = form
        other.number += "9"
        other.managingBody += " khác"
        #expect(
            throws: CaseError.otherPaper(number: form.number, body: form.managingBody)
        ) { try book.checkCompletion(id, other) }
        _ = try book.complete(id, form, missing: [], who: officer)
        #expect(throws: CaseError.notNow(.complete, .open)) { try book.checkCompletion(id, form) }
    }

    @Test func closedCasesAreKnownAsTheyWere() throws {
        let book = try book()
        let request = try book.receive(.sample, missing: [], who: officer).request
        let (first, second) = (request.cases[0], request.cases[1])
        _ = try book.refuse(first, [GivenReason("not-locked")].compactMap { $0 }, who: officer)
        let before = try #require(book.file(first))
        _ = try book.close(first, reason: "x", who: officer)
        let files = request.cases.compactMap { book.file($0) }
        let found = try book.beforeClosing(files)
        #expect(found == [first: before])
        #expect(try book.beforeClosing(files.filter { $0.id == second }).isEmpty)
    }

    /// What people write freely may name somebody: none of it is in the journal.
    @Test func whatPeopleWriteFreelyStandsInTheVaultAlone() throws {
        let book = try book()
        var form = RequestForm.sample(.handOver)
        form.particulars.permission = "7/QĐ-UBND của Chủ tịch Lê Văn Mẫu"
        let id = try book.receive(form, missing: ["1.2:missing"], who: officer).request.id
        form.received = nil
        _ = try book.complete(id, form, missing: [], who: officer)
        #expect(try book.personal(of: id).permission == form.particulars.permission)
        #expect(!String(decoding: try folder.bytes(), as: UTF8.self).contains("Mẫu"))
    }

    /// What officers write at their acts goes the same way: kept, shown, and removed with the rest,
    /// also what they write after that.
    @Test func whatOfficersWriteAtTheirActsStandsInTheVaultAlone() throws {
        let id: RequestID
        do {
            let book = try book()
            let request = try book.receive(.sample, missing: [], who: officer).request
            id = request.id
            let reasons = ["mail-private", "Ông Mẫu không phải thuê bao", "missing: thiếu tên Mẫu"]
            _ = try book.refuse(
                request.cases[0], reasons.compactMap { GivenReason($0) }, who: officer)
            _ = try book.sendNotice(
                of: request.cases[0], to: .managingBody, reference: "gọi bà Mẫu", who: officer)
            _ = try book.close(request.cases[1], reason: "bà Mẫu rút", who: officer)
            #expect(
                try written(book, id) == [
                    "refuse: mail-private; Ông Mẫu không phải thuê bao; thiếu tên Mẫu",
                    "send-notice: gọi bà Mẫu", "close: bà Mẫu rút",
                ])
            guard case .refused(let refusal) = book.file(request.cases[0])?.state else {
                Issue.record("the case is not refused")
                return
            }
            #expect(refusal.reasons == ["mail-private", "other", "missing"])
        }
        let book = try book()
        #expect(try written(book, id).count == 3)
        #expect(!String(decoding: try folder.bytes(), as: UTF8.self).contains("Mẫu"))
        _ = try book.removePersonal(of: id, who: officer)
        #expect(try written(book, id).isEmpty)
        let first = try #require(book.request(id)?.cases.first)
        _ = try book.close(first, reason: "bà Mẫu nhận lại", who: officer)
        #expect(try written(book, id) == ["close: bà Mẫu nhận lại"])
        _ = try book.removePersonal(of: id, who: officer)
        #expect(throws: CaseError.personalRemoved(id)) {
            try book.removePersonal(of: id, who: officer)
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path + "/vault").isEmpty)
        #expect(try Journal.verify(folder.journal).holds)
    }

    private func written(_ book: CaseBook, _ id: RequestID) throws -> [String] {
        try (book.request(id)?.cases ?? []).compactMap { book.file($0) }.flatMap(\.written).map {
            "\($0.act.rawValue): " + (try book.words($0.name)).joined(separator: "; ")
        }
    }

    /// Whose retention time is over: from the last case's end on, and only where it is known when
    /// that was.
    @Test func aRequestExpiresOnceNothingOfItIsLeftToBeDone() throws {
        let clock = HandClock()
        let book = try CaseBook(in: folder.path, mode: .office, clock: clock.clock())
        let request = try book.receive(.sample, missing: [], who: officer).request
        func expired() -> [RequestID] {
            book.requests(doneBefore: book.journal.now).map(\.request.id)
        }
        _ = try book.close(request.cases[0], reason: "a", who: officer)
        let refusal = ["not-locked"].compactMap { GivenReason($0) }
        _ = try book.refuse(request.cases[1], refusal, who: officer)
        clock.move(wall: .seconds(60), monotonic: .seconds(60))
        #expect(expired().isEmpty, "its notice is still to go")
        clock.synchronised(false)
        _ = try book.close(request.cases[1], reason: "a", who: officer)
        clock.synchronised(true)
        clock.move(wall: .seconds(60), monotonic: .seconds(60))
        #expect(expired().isEmpty, "nobody knows when that was")

        var other = RequestForm.sample(.lost)
        other.number = "125/UBND"
        let second = try book.receive(other, missing: [], who: officer).request
        let end = book.journal.now
        for id in second.cases { _ = try book.close(id, reason: "a", who: officer) }
        #expect(expired().isEmpty)
        clock.move(wall: .seconds(60), monotonic: .seconds(60))
        #expect(expired() == [second.id])
        #expect(book.requests(doneBefore: end).isEmpty)
        _ = try book.removePersonal(of: second.id, who: officer)
        #expect(expired().isEmpty)
    }

    /// A reason as given, its code, and what is kept of it beside the journal.
    private static let reasons: [(given: String, code: RefusalReason?, sentence: String?)] = [
        ("mail-private", .rule(.mailPrivate), nil),
        (" not-locked ", .token(.notLocked), nil),
        ("mail-private: của riêng", .rule(.mailPrivate), "của riêng"),
        ("mail-private:", .rule(.mailPrivate), nil),
        ("Lý do: không rõ", .other, "Lý do: không rõ"),
        ("other: không rõ", .other, "không rõ"),
        ("other", nil, nil), ("", nil, nil), (" \n", nil, nil),
        // Like a code, and none: no letter says it.
        ("mail-privat", nil, nil), ("mail-privat: của riêng", nil, nil), ("missin: thiếu", nil, nil),
        ("nonsense", nil, nil), ("Mail-private", .other, "Mail-private"),
        ("not locked", .other, "not locked"), ("ghi thêm: thiếu", .other, "ghi thêm: thiếu"),
        ("nguyenvan: thiếu", .other, "nguyenvan: thiếu"),
    ]

    @Test(arguments: reasons.indices)
    func aReasonIsACodeOrASentenceOrBoth(index: Int) {
        let (given, code, sentence) = Self.reasons[index]
        #expect(GivenReason(given)?.code == code)
        #expect(GivenReason(given)?.sentence == sentence)
    }

    @Test func whatTheCheckOfARequestFindsIsAReasonToRefuseIt() throws {
        let id = try #require(CaseID("2026-000001"))
        let rules: [Intake.Rule] = [
            .missing, .tooLong(most: 1), .hiddenCharacter, .looseMark, .personalNumber, .dateForm,
            .dateImpossible, .dateInFuture, .mobile, .mailForm, .mailPrivate, .mailNotOffice,
            .deviceForm, .deviceUnusual, .deviceTwice(row: 0), .deviceOpen(id),
            .tooManyDevices(most: 1), .bodySeveral([]), .contactElsewhere, .receivedInFuture,
            .permission,
        ]
        for rule in rules { #expect(RefusalReason(rawValue: rule.code) != nil, "\(rule)") }
    }

    @Test func theDevicesOpenCaseIsFoundByItsNumber() throws {
        let book = try book()
        let request = try book.receive(.sample, missing: [], who: officer).request
        #expect(book.openCase(ofDevice: DeviceNumber.key(" 2313-0043 ")) == request.cases[1])
        try book.record(.closed(reason: "x"), case: request.cases[1], who: officer)
        #expect(book.openCase(ofDevice: "23130043") == nil)
    }

    @Test func aStartFindsTheRequestsOfTheRunBefore() throws {
        var before: ([RequestFile], [CaseFile]) = ([], [])
        do {
            let book = try book()
            for kind in CaseKind.allCases {
                _ = try book.receive(.sample(kind), missing: [], who: officer)
            }
            let last = try book.receive(
                RequestForm(number: "9", managingBody: "b", devices: [.init(deviceNumber: "1")]),
                missing: ["1.1:missing"], who: officer
            ).request
            _ = try book.complete(
                last.id,
                RequestForm(number: "9", managingBody: "b", devices: [.init(deviceNumber: "2")]),
                missing: [], who: officer)
            before = book.everything()
        }
        let book = try book()
        #expect(book.everything().requests == before.0)
        #expect(book.everything().cases == before.1)
        #expect(book.anomalies.isEmpty)
    }
}
