/// `vn.tokenstation.Cases`: requests to restore a token.
package enum CasesInterface {
    package static let name = "vn.tokenstation.Cases"
    package static let description = #"""
        # Requests on Mẫu 06 to restore a token. What personal data they hold lies beside the
        # journal, never in it.
        interface vn.tokenstation.Cases

        # One request for one token. state: open, in-progress, restored, unblocked-unproven,
        # refused, failed (a restore failed; it may be tried again), unknown (a code was sent and
        # its answer lost), closed. holder is null for callers who may not see it and after its
        # removal. opened is RFC 3339 in UTC.
        type Case (
          case: string,
          request_number: string,
          managing_body: string,
          device_number: string,
          holder: ?string,
          opened: string,
          state: string,
          restore: ?string
        )

        # Takes in a request: the managing body that asks, its letter's number, the holder of the
        # token, and the device number. Each is 1 to 200 characters on one line.
        method Open(
          request_number: string,
          managing_body: string,
          holder: string,
          device_number: string
        ) -> (case: string, journal_seq: int, journal_head: string)

        method Get(case: string) -> (case: Case)

        # The newest 200 cases, newest first; open_only leaves out those that are done.
        method List(open_only: ?bool) -> (cases: []Case)

        # Refuses the request with reasons, each a sentence for the managing body.
        method Refuse(case: string, reasons: []string) -> (journal_seq: int, journal_head: string)

        # Closes a case that nothing more will be done for.
        method Close(case: string, reason: string) -> (journal_seq: int, journal_head: string)

        # No case of that number.
        error CaseNotFound (case: string, message: string, next: string)

        # The case is closed, refused or done already.
        error CaseClosed (case: string, state: string, message: string, next: string)

        # A restore of this case is on its way, or its outcome is unknown.
        error CaseBusy (case: string, restore: ?string, message: string, next: string)

        # A field of the request is empty, too long, or holds control characters.
        error FieldInvalid (field: string, reason: string, message: string, next: string)
        """#
}
