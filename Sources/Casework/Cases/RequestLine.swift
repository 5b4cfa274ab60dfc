// What a request's lines make of it and of its cases, for every fold over them.

extension RequestFile {
    init(_ paper: RequestReceived, at time: Timestamp, _ clock: ClockState) {
        let received = paper.label ?? time
        self.init(
            id: paper.request, kind: paper.kind, number: paper.requestNumber,
            managingBody: paper.managingBody, received: received, hasLabel: paper.label != nil,
            recordedClock: clock, recorded: time, personal: paper.personal,
            cases: paper.rows.map(\.caseID), missing: paper.missing,
            validSince: paper.missing.isEmpty ? received : nil,
            returnReason: paper.returnReason, noticed: paper.noticed)
    }

    /// The same paper once more, with what was missing.
    mutating func take(_ paper: RequestCompleted, at time: Timestamp) {
        number = paper.requestNumber ?? number
        managingBody = paper.managingBody ?? managingBody
        received = paper.label ?? time
        personal = paper.personal
        hasLabel = paper.label != nil
        missing = paper.missing
        validSince = paper.missing.isEmpty ? received : nil
        returnReason = paper.returnReason
        noticed = paper.noticed
    }
}

extension CaseFile {
    /// The case of a row, from 0.
    init(
        _ paper: RequestReceived, row: Int, at time: Timestamp, _ clock: ClockState,
        line sequence: Int64
    ) {
        self.init(
            id: paper.rows[row].caseID, request: paper.request, row: row, kind: paper.kind,
            requestNumber: paper.requestNumber, managingBody: paper.managingBody,
            deviceNumber: paper.rows[row].deviceNumber, openedAt: time, openedClock: clock,
            state: paper.missing.isEmpty ? .open : .incomplete, since: time,
            sinceClock: clock, lines: [sequence])
    }
}
