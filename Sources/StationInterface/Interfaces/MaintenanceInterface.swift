/// `vn.tokenstation.Maintenance`: for the technician.
package enum MaintenanceInterface {
    package static let name = "vn.tokenstation.Maintenance"
    package static let description = #"""
        # For the technician: how the station stands, and what is wrong with it.
        interface vn.tokenstation.Maintenance

        type Spent (least: int, most: int)

        # One thing that was looked at: its state, what was seen, and what to do about it.
        type Finding (
          check: string,
          state: (good, warning, bad),
          message: string,
          remedy: ?string
        )

        # What is known of a model of tokens (docs/profiles.md). state: published (as public
        # documents describe it), commissioned (a technician tried it), provisional (neither; the
        # counter does not use it by itself), refused (the station does not help such tokens).
        # family: null for cards that no family knows. said is for a person.
        type Profile (
          name: string,
          title: string,
          family: ?string,
          state: (published, commissioned, provisional, refused),
          said: string
        )

        # The calendar of working days (docs/calendar.md): the days it covers, how many of them are
        # not confirmed. problem: why the files on the disk are not those that hold, since the last
        # reload.
        type Calendar (from: string, to: string, not_confirmed: int, problem: ?string)

        # How the station stands. clock: synced, unsynced or stepped. pcscd, and the readers the
        # station drives over USB itself: running, absent or disabled. calendar: null where there
        # is none. roles are the caller's own.
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
          calendar: ?Calendar,
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

        # The command is not one that may be sent; why says which rule it breaks.
        error CommandRefused (command: string, why: string, message: string, next: string)
        """#
}
