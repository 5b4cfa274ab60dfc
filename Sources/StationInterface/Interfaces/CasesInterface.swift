/// `vn.tokenstation.Cases`: requests, and the cases of their devices.
package enum CasesInterface {
    package static let name = "vn.tokenstation.Cases"
    package static let description = #"""
        # What comes over the counter: requests to restore a token (Mẫu 06), hand-overs, returns,
        # losses and misuse. A request has a row a device, and each row is a case that lives its
        # own life. What a request says of people lies beside the journal, never in it.
        interface vn.tokenstation.Cases

        # By when something is to be done. term: by-date (the working-day calendar; date is its last
        # day, YYYY-MM-DD, and ends at 24:00), at-once, unconfirmed (no source names a term: a
        # person decides), unknown (problem says why there is no date: the clock is not
        # synchronised, or the calendar does not reach that far). late is null where it cannot be
        # said. rests_on names days in the calendar that are not confirmed yet and that the date
        # depends on.
        type Due (
          term: string,
          date: ?string,
          late: ?bool,
          rests_on: []string,
          problem: ?string
        )

        # One device of one request. kind: restore, hand-over, return, lost, misuse. state:
        # incomplete (the request is not valid yet), open, in-progress, restored,
        # unblocked-unproven, refused, failed (a restore failed; it may be tried again), unknown (a
        # code was sent and its answer lost), routed (no PKI token: the Cục has it), recorded (its
        # record is made, its notice is still to go), sent (nothing is left), closed. holder is the
        # name on the certificate as the request says it; null for callers who may not see it and
        # after its removal. opened is RFC 3339 in UTC. acts: what an officer may do with it now,
        # of complete, refuse, route, record, send-notice, close. papers: what is printed for it
        # now; of a closed one Get names those of what it came to, a list its slip alone.
        # awaits_notice: a notice to the body, the Cục or an authority is still to go. key_proven:
        # the device's key proved itself in this case, by a restore or a key check, without which
        # a hand-over is not recorded. due is null where nothing is due.
        type Case (
          case: string,
          request: string,
          kind: string,
          request_number: string,
          managing_body: string,
          device_number: string,
          holder: ?string,
          opened: string,
          state: string,
          restore: ?string,
          acts: []string,
          papers: []string,
          awaits_notice: bool,
          key_proven: bool,
          due: ?Due
        )

        # Who the body sends, as section 1 of Mẫu 06 has it. A field that the paper leaves out is
        # empty or null. issued_on is as written, dd/mm/yyyy.
        type Contact (
          name: ?string,
          personal_number: ?string,
          issued_on: ?string,
          issued_at: ?string,
          position: ?string,
          workplace: ?string,
          mobile: ?string
        )

        # A row of section 2 of Mẫu 06: the device's number, the name on its certificate, where its
        # subscriber works, the official mail address. certificate_serial is for papers that have
        # it.
        type DeviceRow (
          device_number: ?string,
          certificate_name: ?string,
          workplace: ?string,
          mail: ?string,
          certificate_serial: ?string
        )

        # A paper that came in. received is the document system's time label in RFC 3339; null for
        # a paper handed in at the counter. permission: number and date of the written permission
        # to hand a body's device to somebody else. return_reason: expired or revoked. noticed: when
        # the body got the notice of revocation, RFC 3339. report: what happened, as reported. 1 to
        # 100 devices; each text is at most 200 characters on one line, report 4000.
        type Request (
          kind: string,
          request_number: string,
          managing_body: string,
          received: ?string,
          contact: ?Contact,
          devices: []DeviceRow,
          permission: ?string,
          return_reason: ?string,
          noticed: ?string,
          report: ?string
        )

        # What a check found: the field, by the paper's own numbering where it has one; the rule;
        # whether the request is not valid until it is answered.
        type RequestFinding (field: string, rule: string, must_complete: bool, message: string)

        # Says what Receive would find, and records nothing; with request, what Complete of that
        # request would, and fails where Complete would refuse the paper as another one. known is
        # the request on record that the paper is already, null where it is none.
        method Check(form: Request, request: ?string) -> (
          valid: bool,
          findings: []RequestFinding,
          known: ?string
        )

        # Takes a request in, with a case for each row. One that is not valid is incomplete, and
        # its term does not run yet. The same paper (kind, number, body, day and devices) is not
        # taken in twice: a program that lost the answer asks again and learns the number.
        method Receive(form: Request) -> (
          request: string,
          cases: []string,
          valid: bool,
          findings: []RequestFinding,
          journal_seq: int,
          journal_head: string
        )

        # Takes an incomplete request in again with what was missing, as many rows in the same
        # order. Its term runs from the new paper's time. Its number or its body may be another
        # than the first paper's, and then stands on record; both are somebody else's paper.
        method Complete(request: string, form: Request) -> (
          request: string,
          cases: []string,
          valid: bool,
          findings: []RequestFinding,
          journal_seq: int,
          journal_head: string
        )

        # What an officer wrote at an act of a case: refuse (the reasons), close, send-notice (the
        # reference).
        type Written (case: string, act: string, texts: []string)

        # A request with its cases. Of a personal number only the last three digits are shown, and
        # nothing of what officers wrote, unless whole is set by somebody with the right
        # "personal". form is null once what it said of people was removed. written is a page of what
        # they wrote, from written_from on (1, if null): 200 acts at most, and no more once 64 KiB are
        # in it; written_next is where the next page begins, null where nothing is left.
        method GetRequest(request: string, whole: ?bool, written_from: ?int) -> (
          request: string,
          recorded: string,
          valid_since: ?string,
          missing: []string,
          form: ?Request,
          cases: []Case,
          written: []Written,
          written_next: ?int
        )

        # Removes what a request says of people and what officers wrote in its cases, once all of
        # them are done and none waits for its notice; the record stays and still verifies. What
        # is written after that is removed by asking again.
        method RemovePersonal(request: string) -> (journal_seq: int, journal_head: string)

        # A request whose retention time is over: the last of its cases came to its end at done
        # (RFC 3339, UTC), and no notice is still to go.
        type Expired (
          request: string,
          request_number: string,
          managing_body: string,
          done: string
        )

        # Requests of which personal data may go by the office's retention time (retention_days of
        # the configuration), the oldest first; 500 at most. Nothing goes by itself: RemovePersonal
        # removes it. problem says why none can be told: no time is configured, or the clock is not
        # synchronised. One whose end was recorded while it was not is never listed.
        method ListExpired() -> (
          retention_days: ?int,
          problem: ?string,
          requests: []Expired
        )

        # A row whose key is not in a PKI token goes to the Cục. carrier: sim-pki, hsm,
        # centralised, other.
        method Route(case: string, carrier: string) -> (journal_seq: int, journal_head: string)

        # The record of a hand-over, return, loss or misuse is made. A hand-over's key must have
        # proven itself in the case first.
        method Record(case: string) -> (journal_seq: int, journal_head: string)

        # A notice has gone. to: managing-body, provider (the Cục), authority (the person in
        # charge), technology-unit. reference: the letter's number, or how it was told; it lies
        # beside the journal, as all that people write. The same notice (case, addressee and
        # reference) is not recorded twice.
        method SendNotice(case: string, to: string, reference: string) -> (
          journal_seq: int,
          journal_head: string
        )

        # Cases that something is still to be done for, notices counted: those due
        # first come first, those without a day last, of equals the older; 500 at most.
        method ListDue() -> (cases: []Case)

        # A paper of a case as one HTML page with nothing outside it, made from the office's
        # templates; see papers of Case. qr: a QR code as `qrencode -t SVG` draws it, for receipts.
        # Of a personal number only the last three digits stand on it, and where it was issued does
        # not, unless the caller has the right "personal"; the paper says that the rest is written
        # by hand.
        method GetPaper(case: string, paper: string, qr: ?string) -> (name: string, html: string)

        # Opens a restore case for one device with no more than is needed to begin: the managing
        # body that asks, its letter's number, the holder of the token, and the device number. Each
        # is 1 to 200 characters on one line. A device whose case is open already gets no second.
        method Open(
          request_number: string,
          managing_body: string,
          holder: string,
          device_number: string
        ) -> (case: string, journal_seq: int, journal_head: string)

        method Get(case: string) -> (case: Case)

        # Tries that were spent: at least and at most.
        type Spent (least: int, most: int)

        # One line of the journal that is about a case. kind: the line's own (`case.refused`,
        # `restore.outcome`; docs/journal.md); pass over those you do not know. time is RFC 3339
        # in UTC; clock (synced, unsynced, stepped) how far it can be trusted. user is the login
        # and officer who was signed in at it. outcome: of a restore restored,
        # unblocked-unproven, refused, failed, unknown; of a key check proven, not-proven.
        # reasons: codes; of what a person compared, field:reason. to: whom a notice went to, or
        # what holds the key that the Cục has to do with. restore: the one that the line is of.
        type Happening (
          seq: int,
          time: string,
          clock: string,
          kind: string,
          user: int,
          officer: ?string,
          outcome: ?string,
          reasons: []string,
          unblocking_spent: ?Spent,
          pin_spent: ?Spent,
          to: ?string,
          restore: ?string
        )

        # What happened in a case, oldest first: its newest 200 lines; earlier says how many more
        # there are (Journal.Show has them). What officers wrote is not in it.
        method GetHistory(case: string) -> (history: []Happening, earlier: int)

        # The newest 200 cases, newest first; open_only leaves out those that are done.
        method List(open_only: ?bool) -> (cases: []Case)

        # Refuses the request with reasons for the managing body, each a sentence, a code
        # (`mail-private`: the rules of RequestFinding, and not-locked, token-mismatch,
        # request-differs, certificate-expired, unblocking-code-blocked, model-provisional), or a
        # code, a colon and a sentence. The journal has the codes, `other` for a sentence without
        # one; sentences lie beside it. At most 16, each of 1000 bytes at most and with a letter
        # or a digit that can be read.
        method Refuse(case: string, reasons: []string) -> (journal_seq: int, journal_head: string)

        # Closes a case that nothing more will be done for. reason: as one of Refuse.
        method Close(case: string, reason: string) -> (journal_seq: int, journal_head: string)

        # The act is not for this case as it stands; acts are those that are.
        error ActRefused (
          case: string,
          state: string,
          acts: []string,
          message: string,
          next: string
        )

        # No request of that number, or what it said of people was removed.
        error RequestNotFound (request: string, message: string, next: string)

        # The same paper is on record already, as this request with these cases.
        error RequestKnown (request: string, cases: []string, message: string, next: string)

        # The same notice is on record already: nothing is to be done.
        error NoticeKnown (case: string, message: string, next: string)

        # The device has a case that is not done yet: this one.
        error DeviceOpen (case: string, message: string, next: string)

        # No such paper for this case now, or its template cannot be used.
        error PaperUnavailable (case: string, paper: string, message: string, next: string)

        # No case of that number.
        error CaseNotFound (case: string, message: string, next: string)

        # The case is closed, refused or done already.
        error CaseClosed (case: string, state: string, message: string, next: string)

        # A restore of this case is on its way, or its outcome is unknown.
        error CaseBusy (case: string, restore: ?string, message: string, next: string)

        # A field of the request is empty, has no letter and no digit that can be read, is too long,
        # or holds a character that it cannot have: reason says which.
        error FieldInvalid (field: string, reason: string, message: string, next: string)
        """#
}
