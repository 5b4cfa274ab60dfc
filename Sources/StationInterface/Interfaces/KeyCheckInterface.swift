/// `vn.tokenstation.KeyCheck`: whether the certificate's private key is in the device.
package enum KeyCheckInterface {
    package static let name = "vn.tokenstation.KeyCheck"
    package static let description = #"""
        # Whether the private key of a token's certificate is in the device: it signs fresh
        # challenges, and each signature must verify under the certificate. What else is known is
        # graded honestly. Errors of vn.tokenstation.Devices are answered too.
        #
        # grade, best first: attested (the device's maker answers for the key, up to a root that
        # the technician installed, and key and serial number are equal), device-says-generated,
        # personaliser-says, possession, not-shown; and imported, which is worse than it looks.
        #
        # Items of evidence: possession, origin, attestation, holder (against the request, where the
        # check is for a restore), validity, lifetime, path, revocation, seen-before (the same key
        # in another device), same-token, timing. Only possession, origin and attestation make the
        # grade.
        interface vn.tokenstation.KeyCheck

        type Spent (least: int, most: int)
        type Evidence (item: string, finding: (shown, not_shown, contradicted), how: string)
        type Verdict (
          proven: bool,
          grade: string,
          slot: string,
          algorithm: string,
          certificate_sha256: string,
          evidence: []Evidence
        )
        type Step (
          name: string,
          budget_ms: int,
          time_us: ?int,
          state: (running, done, failed, overdue)
        )

        # How long the signatures took, in microseconds. jitter_us is the mean difference of one to
        # the next. time_extensions: how often the token asked for more time, null where the way
        # to it does not show that (pcscd). judgement is unknown where the times of the model are
        # not known, and suspicious where the times are not those of the chip: it informs, and
        # proves nothing.
        type Timing (
          challenges: int,
          min_us: int,
          median_us: int,
          p90_us: int,
          max_us: int,
          jitter_us: ?int,
          times_us: []int,
          time_extensions: ?int,
          judgement: (unknown, inside, suspicious)
        )

        # Checks the key with the holder's PIN. The PIN is sent once, or once for each signature
        # where the key wants that, and never when one try is left. restore names a restore whose outcome is unblocked-unproven, or one whose outcome
        # is unknown where the PIN had no tries left before it (only then does a PIN that works
        # prove the unblocking): a check that proves the key with the new PIN completes it.
        # completed says whether it did.
        #
        # case names a hand-over whose device it is: the token is held against its row as for a
        # restore (TokenMismatch, ComparisonNeeded; compared as there), and a key that proves
        # itself lets the hand-over be recorded.
        #
        # at_pad: the PIN is entered at the reader's pad, and the message has none; with a PIN
        # beside it the call is refused as InvalidParameter. The pad asks as soon as the token has
        # been read, and waits for so many seconds as Inspect tells.
        #
        # challenges: how many signatures are made and timed, 1 to 50; 5 where it is not said. One
        # is made where the key wants a touch, or a PIN each time that is entered at the pad; and
        # no more are begun when they took as long together as one may.
        method Check(
          reader: string,
          pin: ?string,
          at_pad: ?bool,
          restore: ?string,
          case: ?string,
          compared: ?[]string,
          challenges: ?int
        ) -> (
          device_number: string,
          verdict: Verdict,
          timing: ?Timing,
          steps: []Step,
          pin_spent: Spent,
          pin_left: ?int,
          completed: bool,
          message: string,
          next: string,
          journal_seq: int,
          journal_head: string
        )

        # The PIN cannot be of this token; nothing was sent.
        error PINUnfit (
          reader: string,
          reason: (too_short, too_long, not_digits, not_printable),
          message: string,
          next: string
        )

        # The token refused the PIN. That spent one try; 0 or 1 where it tells no count.
        error WrongPIN (
          reader: string,
          pin_spent: Spent,
          pin_left: ?int,
          message: string,
          next: string
        )

        # The pad sent no PIN to the token: nobody entered one in time, the holder pressed cancel,
        # it was too short or too long, or the reader did not take the command. Tries spent 0
        # unless pin_spent, which is measured, says otherwise.
        error PINNotEntered (
          reader: string,
          reason: (pad_timed_out, pad_cancelled, pad_entries_differ, pad_wrong_length, pad_refused),
          pin_spent: Spent,
          message: string,
          next: string
        )

        # The PIN is blocked; nothing was sent, or the try just spent was the last.
        error PINBlocked (reader: string, pin_spent: Spent, message: string, next: string)

        # One try of the PIN is left, or an unknown number; nothing was sent.
        error LastTry (reader: string, left: ?int, message: string, next: string)

        # The token holds no certificate with a key that may sign.
        error NoKey (reader: string, message: string, next: string)

        # The restore named is not waiting for a check, or is of another token.
        error RestoreNotWaiting (restore: string, message: string, next: string)
        """#
}
