/// `vn.tokenstation.Restore`: the walk-in restore of a locked token.
package enum RestoreInterface {
    package static let name = "vn.tokenstation.Restore"
    package static let description = #"""
        # The restore of a locked token: Begin reads the token and gives a permit, Unblock does it.
        #
        # A restore belongs to the station, not to the connection: Attach follows it from any
        # other connection, Cancel stops it. Hanging up cancels only before a code has been sent.
        # No code is kept, and none is ever sent twice.
        #
        # Besides the errors below, those of vn.tokenstation.Devices (the reader and the token)
        # and of vn.tokenstation.Cases (the case) are answered.
        interface vn.tokenstation.Restore

        type Holder (pid: int, program: string)
        type Spent (least: int, most: int)
        type Counter (left: ?int, limit: ?int)
        type CodeRule (minimum: int, maximum: int, characters: (digits, printable, hex, any))

        # One way to unblock the token, as in vn.tokenstation.Devices.
        type UnblockingWay (
          form: string,
          takes: (code, response),
          sets_new_pin: bool,
          counter: Counter,
          rule: ?CodeRule,
          obstacle: ?string
        )

        # What the reader's pad can do for the token; as in vn.tokenstation.Devices. unblock is said
        # only where the pad takes the PIN too, which the key check needs afterwards.
        type Pad (verify: bool, unblock: bool, seconds: int)

        # The holder is to enter codes at the reader's pad now: the unblocking code and then the
        # new PIN twice, or the new PIN once more for the key check. seconds counts from the
        # beginning of the step; the pad has given up by then.
        type AtPad (codes: (unblocking_code_and_new_pin, pin), seconds: int)

        # One step: its budget, and what it took. time_us is null until it ended.
        type Step (
          name: string,
          budget_ms: int,
          time_us: ?int,
          state: (running, done, failed, overdue)
        )

        # One piece of evidence about the key: what was looked at, what was found, and how.
        type Evidence (
          item: string,
          finding: (shown, not_shown, contradicted),
          how: string
        )

        # What is known of the key in the device after the check. grade, best first: attested,
        # device-says-generated, personaliser-says, possession, not-shown; and imported.
        type Verdict (
          proven: bool,
          grade: string,
          slot: string,
          algorithm: string,
          certificate_sha256: string,
          evidence: []Evidence
        )

        # What a key that is held elsewhere is to answer: challenge in hexadecimal, of the token of
        # that family and number, in a card session of its own, from issued until expires
        # (RFC 3339 UTC).
        type Challenge (
          restore: string,
          family: string,
          device_number: string,
          form: string,
          challenge: string,
          session: string,
          issued: string,
          expires: string
        )

        # A token beside the row of its request, as in vn.tokenstation.Devices.
        type ComparedField (
          field: string,
          asked: string,
          held: []string,
          verdict: (equal, near, different, absent),
          reason: ?string
        )
        type Comparison (
          overall: (equal, near, different),
          fields: []ComparedField,
          to_compare: []string
        )

        # Leave to unblock one token once: for one case, bound to the token's number, its
        # certificate and its counters, until expires (RFC 3339 UTC).
        # matched: the token's own number that the request names; null where a person compared
        # what is printed on it. compared: the fields that a person compared.
        # form: the way the permit is for, among ways; unblocking_code and its rule are of it.
        # pad: null where the reader has none that may be used for a code.
        # pin_each_signature and touch announce what the key check will want.
        # profile: what is known of the model goes by that name. rights: those without which the
        # token would not have been taken on (provisional, last_try); both stand in the journal.
        type Permit (
          restore: string,
          case: string,
          reader: string,
          expires: string,
          family: string,
          model: string,
          device_number: string,
          matched: ?string,
          compared: []string,
          certificate_sha256: ?string,
          holder: ?string,
          organization: ?string,
          email: ?string,
          pin: Counter,
          unblocking_code: Counter,
          pin_rule: CodeRule,
          unblocking_code_rule: ?CodeRule,
          form: string,
          ways: []UnblockingWay,
          pad: ?Pad,
          pin_each_signature: bool,
          touch: bool,
          profile: ?string,
          rights: []string
        )

        # How a restore stands.
        #
        # state: permitted, running, overdue (a command that writes in the token is still out: do
        # not pull it), finished. outcome is null until finished, then one of refused, failed,
        # unblocked-unproven, restored, unknown. message and next are sentences for a person.
        # journal_seq and journal_head are the outcome's line and its hash; the head's first
        # digits go on paper.
        #
        # reason is a word for programs where the outcome is not restored. refused: superseded,
        # expired, cancelled, token-changed, challenge-expired. failed: wrong-unblocking-code,
        # unblocking-code-blocked, refused-by-token, token-removed, token-mute, token-disturbed,
        # token-fault, no-locked-memory, pad-timed-out, pad-cancelled, pad-entries-differ,
        # pad-wrong-length, pad-refused (no code left the pad), and the names of the errors of Devices and Cases in the
        # form reader-busy. unblocked-unproven: old-pin-stays, no-proving-key, no-challenge, pin-not-taken,
        # pin-not-entered (at the pad),
        # signature-invalid, token-changed-after-reset, token-removed, token-mute,
        # token-disturbed, token-fault. unknown: answer-lost.
        #
        # at_pad is there only while the holder is to enter codes at the reader's pad.
        type Result (
          restore: string,
          case: string,
          reader: string,
          device_number: string,
          state: (permitted, running, overdue, finished),
          outcome: ?string,
          reason: ?string,
          step: string,
          steps: []Step,
          at_pad: ?AtPad,
          pin_spent: Spent,
          unblocking_spent: Spent,
          pin_left: ?int,
          unblocking_left: ?int,
          verdict: ?Verdict,
          message: string,
          next: string,
          journal_seq: ?int,
          journal_head: ?string
        )

        # Checks whose token it is and whether it can be helped, before anybody is asked for a
        # code, and gives a permit. pin_forgotten: the officer records that the holder forgot the
        # PIN, so that a token which is not locked may be restored too. form: the way to unblock
        # it, one of the token's ways; without it the first that may lead somewhere. provisional:
        # somebody with that right takes on a token whose model is provisional.
        #
        # The token is held against the row of the request. Where that ends near, a person has
        # to look: the answer is ComparisonNeeded, and compared names the fields that a person
        # held side by side and found to mean the same. That decision stands in the record.
        method Begin(
          case: string,
          reader: string,
          pin_forgotten: ?bool,
          compared: ?[]string,
          form: ?string,
          provisional: ?bool
        ) -> (permit: Permit)

        # new_pin is left out where the permit's way sets none (its sets_new_pin is false): the old
        # PIN stays, and the outcome is unblocked-unproven until the key is checked with it.
        #
        # Unblocks: reads the token again, compares it with the permit, sends the unblocking code
        # with the new PIN once, proves the key with the new PIN, resets the token and reads its
        # counters again. With "more", progress comes as replies whose state is not finished.
        # The codes are wiped before the reply goes out. last_try: somebody with that right says
        # that the last try, or one of an unknown number, may be spent.
        #
        # at_pad: the codes are entered at the reader's pad, and the message has none; with a code
        # beside it the call is refused as InvalidParameter. All rules hold but those about the
        # new PIN itself, which only the pad sees: its length is held to, and the station cannot
        # tell a published default. Progress says in at_pad when to enter what. A pad that sent no
        # code ends the restore as failed with tries spent 0.
        method Unblock(
          restore: string,
          unblocking_code: ?string,
          new_pin: ?string,
          at_pad: ?bool,
          last_try: ?bool
        ) -> (result: Result)

        # Asks the token for a challenge, where the permit's way is a response. The token is held,
        # powered and by the station alone, from here to the response. The challenge dies with a
        # pull, a reset, or its time; the restore has ended then, and its reason says which
        # (token-removed, token-disturbed, challenge-expired). last_try as in Unblock.
        method AskChallenge(restore: string, last_try: ?bool) -> (challenge: Challenge)

        # Sends the response (hexadecimal) and the new PIN, and goes on as Unblock does. The
        # response may come from wherever the key is: a person, a program, another token.
        method Respond(
          restore: string,
          response: string,
          new_pin: string
        ) -> (result: Result)

        # Follows a restore: with "more" each change, else how it stands. One that ended badly is
        # answered with the error that Unblock ended with, its result in it; one of an earlier run
        # of the station, whose end nobody saw, with OutcomeUnknown.
        method Attach(restore: string) -> (result: Result)

        # Stops a restore. Before a code was sent it ends with outcome refused; afterwards it
        # cannot be stopped, and the reply says so by its state. One that has ended is answered
        # with its result, never with an error, however it ended; one of an earlier run of the
        # station with RestoreNotFound.
        method Cancel(restore: string) -> (result: Result)

        # Restores of this run of the station, and those whose outcome is still unknown.
        method List() -> (restores: []Result)

        # No restore of that name.
        error RestoreNotFound (restore: string, message: string, next: string)

        # The token cannot be helped, or may not be: reasons are words for programs. Tries spent 0.
        error Refused (case: string, reader: string, reasons: []string, message: string, next: string)

        # The token is not the one of the case, or the request says otherwise than its certificate.
        error TokenMismatch (
          case: string,
          comparison: Comparison,
          message: string,
          next: string
        )

        # A person has to compare the fields of to_compare, and say so in compared. Tries spent 0.
        error ComparisonNeeded (
          case: string,
          comparison: Comparison,
          message: string,
          next: string
        )

        # The token or its counters are not as they were when the permit was given.
        error TokenChanged (result: Result, what: []string, message: string, next: string)

        # The permit was used, has expired, or is in use; or its way is another: wants_response
        # (AskChallenge), no_challenge (there is none open).
        error PermitInvalid (
          restore: string,
          reason: (used, expired, running, wants_response, no_challenge),
          message: string,
          next: string
        )

        # A code cannot be of this token; nothing was sent. field is unblocking_code, response or
        # new_pin; a new PIN is missing, or not_wanted where the old one stays.
        error CodeUnfit (
          restore: string,
          field: string,
          reason: (too_short, too_long, not_digits, not_hex, not_printable, published_default, same_as_other, missing, not_wanted),
          rule: CodeRule,
          message: string,
          next: string
        )

        # One try of the unblocking code is left, or an unknown number: only somebody with the
        # right to say so may spend it (last_try). Nothing was sent.
        error LastTry (restore: string, left: ?int, message: string, next: string)

        # The token refused the unblocking code.
        error WrongUnblockingCode (result: Result, message: string, next: string)

        # The unblocking code has no tries left: this token cannot be helped here.
        error UnblockingCodeBlocked (result: Result, message: string, next: string)

        # The restore failed otherwise; result says in which step and why.
        error Failed (result: Result, message: string, next: string)

        # A code was sent and its answer lost. The token tells when it is seen again.
        error OutcomeUnknown (result: Result, message: string, next: string)

        # The time of a step is over while a command that writes in the token is still out. Do not
        # pull the token; Attach follows the restore to its end.
        error StillWorking (result: Result, message: string, next: string)
        """#
}
