/// `vn.tokenstation.Maintenance`: for the technician.
package enum MaintenanceInterface {
    package static let name = "vn.tokenstation.Maintenance"
    package static let description = #"""
        # For the technician: how the station stands, and what is wrong with it.
        interface vn.tokenstation.Maintenance

        type Spent (least: int, most: int)

        # One thing that was looked at: its state, what was seen, and what to do about it. check is
        # one of journal, vault, cases, later-lines, snapshot, restores, pcscd, usb, reader NAME,
        # readers, virtual-driver, memory, clock, profiles, papers, office files, calendar,
        # profile NAME, officers, roots.
        type Finding (
          check: string,
          state: (good, warning, bad),
          message: string,
          remedy: ?string
        )

        # What is known of a model of tokens (docs/profiles.md). state: published (as public
        # documents describe it), commissioned (a technician tried it), provisional (neither; the
        # counter does not use it by itself), refused (the station does not help such tokens).
        # family: null for cards that no family knows. said is for a person. seal: of one that came
        # of a commissioning, whether this station's journal knows it (here) or not (elsewhere), or
        # the file was changed since, which makes it provisional; null for one written by hand.
        type Profile (
          name: string,
          title: string,
          family: ?string,
          state: (published, commissioned, provisional, refused),
          said: string,
          seal: ?(here, elsewhere, changed)
        )

        # One step of a commissioning. sent: codes that went to the token, or may have. spent:
        # tries of the step's own code, the PIN's or the unblocking code's. Counts that the token
        # does not show are null.
        type CommissionStep (
          step: (block, unblock, prove),
          form: string,
          outcome: (done, failed, cancelled, unknown),
          sent: int,
          spent: Spent,
          pin_before: ?int,
          pin_after: ?int,
          unblocking_before: ?int,
          unblocking_after: ?int
        )

        # A profile's file: its text with the seal behind it, the SHA-256 of what stands before
        # the seal, and the journal's line that says so.
        type SealedProfile (
          name: string,
          text: string,
          sha256: string,
          journal_seq: int,
          journal_head: string
        )

        # How a commissioning stands. outcome is null while it runs. step is the one that runs or
        # was the last, steps are those that ended. times_us are the signatures that were timed.
        type CommissionResult (
          commission: string,
          reader: string,
          device_number: string,
          outcome: ?(commissioned, failed, cancelled, unknown),
          reason: ?string,
          step: string,
          steps: []CommissionStep,
          pin_spent: Spent,
          unblocking_spent: Spent,
          times_us: []int,
          profile: ?SealedProfile,
          message: string,
          next: string
        )

        # The calendar of working days (docs/calendar.md): the days it covers, how many of them are
        # not confirmed, the folder of its files. problem: why the files on the disk are not those
        # that hold.
        type Calendar (
          from: string,
          to: string,
          not_confirmed: int,
          folder: string,
          problem: ?string
        )

        # How the station stands. clock: synced, unsynced or stepped. pcscd, and the readers the
        # station drives over USB itself: running, absent or disabled. calendar: null where there
        # is none. vault_problem: what is wrong with the folder that keeps what requests say of
        # people. office_problem: what is wrong in the office's files (calendar, bodies, officers,
        # office, templates), a mistake a line; of a file that is wrong what was read before holds,
        # or nothing. roles are the caller's own.
        method Status() -> (
          version: string,
          mode: (office, training),
          pid: int,
          uptime_s: int,
          clock: (synced, unsynced, stepped),
          pcscd: (running, absent, disabled),
          usb: (running, absent, disabled),
          readers: int,
          open_cases: int,
          unresolved_restores: int,
          journal_seq: int,
          journal_head: string,
          journal_problem: ?string,
          vault_problem: ?string,
          calendar: ?Calendar,
          office_problem: ?string,
          memory_locked: bool,
          real_time: bool,
          roles: []string
        )

        # Looks at service, readers, record and configuration from the inside.
        method Diagnose() -> (findings: []Finding)

        # The profiles the station has loaded, by name.
        method ListProfiles() -> (profiles: []Profile)

        # Sends one command APDU (hexadecimal, at most 128 bytes) to the token in a reader and
        # returns the response.
        #
        # Reading commands are always allowed: SELECT, READ BINARY and RECORD, GET DATA, GET
        # RESPONSE, GET VERSION, GET SERIAL, GET METADATA, and the empty VERIFY where that is
        # known to be safe. A command that carries a code is refused, always. Anything else needs
        # the right "raw", the token's serial in serial, and no case in progress; it is written in
        # the journal before it is sent. aid is selected first where it is given.
        method Exchange(
          reader: string,
          command: string,
          aid: ?string,
          serial: ?string
        ) -> (response: string, time_us: int)

        # Tries a model on a sacrificial token: one that may be lost. It blocks the token on
        # purpose, and wants the right "commission". For each way of unblocking, in that order:
        # wrong PINs until the token is locked, at most wrong_pins of them; the unblocking code;
        # the PIN, and signatures under it that must verify under the token's certificate,
        # "challenges" of them (1 to 50, null for 20) after the last way and one after the others;
        # a cold reset, and the counters compared. A wrong PIN is drawn at random; should it be
        # the right one, that is told and the commissioning ends. A way's pin is what the token has
        # afterwards: the new one, or the old one where that stays.
        #
        # serial is the token's number, typed in by whoever has it in the hand. technician is who
        # answers for the result. name and title are the profile's, 1 to 40 of a-z, 0-9 and -,
        # and a person's words for the model (null: the token's own). Each step stands in the
        # journal before its first code goes out, with the tries it may cost, and after.
        #
        # With "more" the reply comes once for each step and again at the end. Hanging up, or
        # CancelCommission, stops it before its next code. What comes of it is a profile's text,
        # sealed by a line of this station's journal (docs/profiles.md).
        method Commission(
          reader: string,
          serial: string,
          technician: string,
          name: string,
          title: ?string,
          wrong_pins: int,
          ways: [](form: string, unblocking_code: string, pin: string),
          challenges: ?int
        ) -> (result: CommissionResult)

        # Stops a commissioning before its next code. running: it was running; how it ends, its
        # own reply says.
        method CancelCommission(commission: string) -> (running: bool)

        # Whether this station's journal has the line that a profile's seal names, about that
        # content.
        method CheckSeal(sha256: string, journal_seq: int, journal_head: string) -> (here: bool)

        # Nothing was sent to the token. reasons, beside those of Inspect: no-right,
        # wrong-serial, live-certificate (it leads to an authority of the government or to a root
        # that is installed, so the token is somebody's), no-roots (no root is installed, so that
        # cannot be told), case-open, too-few-wrong-pins, way-not-there, code-unfit, new-pin-unfit,
        # name-unfit, no-wrong-pin.
        error CommissionRefused (reader: string, reasons: []string, message: string, next: string)

        # It did not come to its end; commission says how far it came and what that cost. After
        # the outcome unknown the token's counters tell more than the station knows.
        error CommissionEnded (commission: CommissionResult, message: string, next: string)

        # The command is not one that may be sent; why says which rule it breaks.
        error CommandRefused (command: string, why: string, message: string, next: string)
        """#
}
