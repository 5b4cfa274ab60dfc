/// `vn.tokenstation.Officers`: who of the office is signed in.
package enum OfficersInterface {
    package static let name = "vn.tokenstation.Officers"
    package static let description = #"""
        # Who of the office is at work. The kernel names the login of a caller; an officer is named
        # by signing in, and from then on the record says of each act who it was and how that was
        # proven (docs/officers.md).
        #
        # A sign-in is one process's, as the kernel names it, and holds for all its connections. It
        # ends with SignOff, with the connection it was made on, with the next sign-in of that
        # process, and after idle_minutes without a call that not every observer may make.
        #
        # While it lasts, a caller has those of its login's roles that the officer has too, and the
        # officer's rights in place of the login's.
        interface vn.tokenstation.Officers

        type Spent (least: int, most: int)

        # One who may sign in, and by what.
        type Officer (id: string, name: string, password: bool, token: bool)

        # roles and rights are those that hold in this process.
        type SignedIn (
          officer: string,
          name: string,
          proof: (password, token),
          roles: []string,
          rights: []string
        )

        # The officers, what counts only while one is signed in (roles and rights by name), whether
        # a restore needs two of them, and who is signed in in the caller's process.
        method List() -> (
          officers: []Officer,
          required: []string,
          two_person: bool,
          idle_minutes: int,
          signed_in: ?SignedIn
        )

        # Signs in with the password from the technician's list. It costs no try of any token.
        #
        # After the third wrong password in a row each further one has to wait, twice as long each
        # time and at most five minutes. Only that officer at that login waits: all others go on,
        # and a sign-in by token never waits.
        #
        # A station that serves read-only, because a line of its journal is wrong, signs in by password
        # alone and to look: nothing is recorded, and journal_seq and journal_head are those of the
        # last line that holds.
        method SignIn(officer: string, password: string) -> (
          signed_in: SignedIn,
          journal_seq: int,
          journal_head: string
        )

        # Signs in the officer whose own token is in the reader: its certificate, or the key of it,
        # is on the technician's list, and it signs a fresh challenge that is made for this and
        # serves for nothing else.
        #
        # The PIN is sent once. A wrong one costs one try of the token, as KeyCheck.Check tells; it is
        # never sent when one try is left, nor to a token that is nobody's on the list. at_pad: it
        # is entered at the reader's pad, as in KeyCheck.Check. Errors of vn.tokenstation.Devices
        # and of vn.tokenstation.KeyCheck are answered too.
        method SignInByToken(reader: string, pin: ?string, at_pad: ?bool) -> (
          signed_in: SignedIn,
          pin_spent: Spent,
          pin_left: ?int,
          journal_seq: int,
          journal_head: string
        )

        # Ends the sign-in of the caller's process.
        method SignOff() -> (journal_seq: int, journal_head: string)

        # What a second officer approves of a restore that has its permit: a text of a line each for
        # restore, case, device, form, profile and expiry, to be shown as it is. approved_by: null
        # while nobody has.
        method ShowAct(restore: string) -> (act: string, approved_by: ?string)

        # Where the configuration wants two (two_person), a restore is begun by an officer who is
        # signed in, and its code goes out only once a second one has approved: one with the role
        # counter who did not begin it and is not signed in where the code comes from. The second
        # officer signs nobody off.
        #
        # By password, as in SignIn.
        method Approve(restore: string, officer: string, password: string) -> (
          officer: string,
          act: string,
          journal_seq: int,
          journal_head: string
        )

        # By the own token of the second officer, in a reader besides; PIN and tries as in
        # SignInByToken. The token signs the text of the act itself. Certificate and signature
        # stand in the journal, whose Verify checks them.
        method ApproveByToken(restore: string, reader: string, pin: ?string, at_pad: ?bool) -> (
          officer: string,
          act: string,
          pin_spent: Spent,
          pin_left: ?int,
          journal_seq: int,
          journal_head: string
        )

        # The caller's login may use the method, but only once an officer has signed in.
        error SignInRequired (method: string, message: string, next: string)

        # Nobody was signed in; whoever was before still is. officer is null where none is known: what
        # was typed instead is not said again, for it may be a password.
        # reason: unknown_officer, no_password (the officer signs in by token), unknown_token (it is
        # nobody's on the list; no PIN was sent), wrong_password, key_not_proven (the signature is
        # missing or not the key's), certificate_refused (it is not valid today, or revoked),
        # must_wait (for wait_s seconds; the
        # password was not looked at), not_checked (there was no memory for it), process_unknown (the kernel does not name the caller's
        # process, so that there is nothing to hold a sign-in).
        error SignInRefused (
          officer: ?string,
          reason: (
            unknown_officer,
            no_password,
            unknown_token,
            wrong_password,
            key_not_proven,
            certificate_refused,
            must_wait,
            not_checked,
            process_unknown
          ),
          wait_s: ?int,
          message: string,
          next: string
        )

        # A second officer has to approve act first; nothing was sent.
        error ApprovalRequired (restore: string, act: string, message: string, next: string)

        # The officer is proven, and may not approve this restore: it is who began it
        # (same_officer), or has not the role counter (no_counter).
        error ApprovalRefused (
          restore: string,
          officer: string,
          reason: (same_officer, no_counter),
          message: string,
          next: string
        )

        # Nobody is signed in in the caller's process.
        error NotSignedIn (message: string, next: string)
        """#
}
