/// `vn.tokenstation.Devices`: readers, and the tokens in them.
package enum DevicesInterface {
    package static let name = "vn.tokenstation.Devices"
    package static let description = #"""
        # Readers, and the tokens in them. Nothing here spends a try or changes a token.
        #
        # The errors of this interface are also what Restore, KeyCheck and Maintenance answer
        # with when something is the matter with the reader or with the token in it.
        interface vn.tokenstation.Devices

        # A process that could hold a reader. It is named, never ended.
        type Holder (
          pid: int,
          program: string
        )

        # One reader as it was last seen. Asking never waits for the reader.
        #
        # insertion grows by one with each card that is put in, so that a token taken out and
        # put back can be told from one that stayed. detail says more where the state is mute,
        # busy, stuck or unavailable.
        type Reader (
          name: string,
          path: (pcsc, virtual, usb),
          state: (empty, present, mute, busy, stuck, unavailable),
          insertion: int,
          atr: ?string,
          detail: ?string,
          holders: []Holder
        )

        # A certificate on the token. Times are RFC 3339 in UTC; slot is the family's own name of
        # the key it belongs to (9a, 9c, 9d, 9e for PIV); sha256 is of its DER bytes.
        type Certificate (
          slot: string,
          subject: string,
          common_name: ?string,
          organization: ?string,
          email: ?string,
          issuer: string,
          serial_number: string,
          not_before: string,
          not_after: string,
          key: string,
          sha256: string
        )

        # Tries of one code. null is "unknown": the token does not show it, or was not asked
        # because asking is not safe. limit is how many there are after a success.
        type Counter (
          left: ?int,
          limit: ?int
        )

        # What a code must look like, in characters. digits: 0 to 9 only; printable: printable
        # ASCII, so that every keyboard types it alike; hex: 0 to 9 and A to F; any: byte for byte
        # as typed.
        type CodeRule (
          minimum: int,
          maximum: int,
          characters: (digits, printable, hex, any)
        )

        # One way to unblock a token, named by the code it takes: puk, resetting-code, admin-pin,
        # so-pin, admin-key; so-pin-counter (the tries come back and the old PIN stays);
        # admin-key-response (the key is held elsewhere and answers the token's challenge).
        # takes: a code, or the response to a challenge, which its rule wants in hexadecimal.
        # sets_new_pin: the holder chooses a new PIN.
        # obstacle: null, or why the way cannot be gone: not-set, not-set-or-blocked (the token does
        # not tell which), code-form-unknown (it wants codes in a form the station does not make),
        # switched-off, provider-only, not-in-profile.
        type UnblockingWay (
          form: string,
          takes: (code, response),
          sets_new_pin: bool,
          counter: Counter,
          rule: ?CodeRule,
          obstacle: ?string
        )

        # What the reader's own pad can do for the token in it: take the PIN; take the unblocking
        # code and the new PIN in one command, where this token wants both in one format and of
        # the same lengths. seconds is how long the pad waits for one code. A code entered there
        # goes from the reader to the token; no program sees it.
        type Pad (
          verify: bool,
          unblock: bool,
          seconds: int
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

        # What a token says of itself, without a code.
        #
        # device_numbers are the numbers by which a request may name this token, the best first:
        # the maker's serial, the card's GUID, serial numbers of its certificates.
        # locked: null where the token does not show it.
        # help: possible (it is locked, or may be, and can be restored), not_locked (it can be
        # restored where the officer records that the PIN was forgotten), impossible.
        # ways: how it can be unblocked, best first; unblocking_code and its rule are of the first
        # that may lead somewhere.
        # pad: null where the reader has none that may be used for a code.
        # profile: null where nothing is known of the model beyond its family.
        # reasons are words for programs, advice is a sentence for a person.
        type Token (
          reader: string,
          insertion: int,
          family: string,
          model: string,
          serial: ?string,
          guid: ?string,
          device_numbers: []string,
          certificates: []Certificate,
          pin: Counter,
          unblocking_code: Counter,
          pin_rule: CodeRule,
          unblocking_code_rule: ?CodeRule,
          ways: []UnblockingWay,
          pad: ?Pad,
          profile: ?Profile,
          locked: ?bool,
          help: (possible, not_locked, impossible),
          reasons: []string,
          advice: string
        )

        # Tries of one code that were spent: at least and at most. They differ only where the
        # token hides its counter, the answer was lost or its answers contradict each other.
        type Spent (
          least: int,
          most: int
        )

        # The account of an action that ended early: the step it ended in, tries spent by it, and
        # tries left (null: unknown).
        type Account (
          step: string,
          pin_spent: Spent,
          unblocking_spent: Spent,
          pin_left: ?int,
          unblocking_left: ?int
        )

        # A CCID class descriptor (CCID 1.1, 5.1) as the station goes by it: decoded, and corrected
        # where a quirk says so.
        type CCIDReader (
          # Release of the class specification: "1.10".
          release: string,
          # How much of the card's protocol the reader does by itself.
          level: (character, tpdu, short_apdu, extended_apdu),
          # Slots in all, and how many may be at work at once.
          slots: int,
          busy_slots: int,
          # "T=0", "T=1".
          protocols: []string,
          # "5 V", "3 V", "1.8 V".
          voltages: []string,
          # What the reader does by itself, in words.
          features: []string,
          # The longest message, header included, and the longest field of a T=1 block, in bytes.
          message_length: int,
          ifsd: int,
          # What the reader's own pad can do.
          pin_verify: bool,
          pin_modify: bool,
          # Lines and columns of the pad's display: "2 x 16".
          display: ?string,
          # Card clock in kHz; clocks is how many can be asked for.
          default_clock: int,
          maximum_clock: int,
          clocks: int,
          # Rates to the card in bit/s; rates is how many can be asked for.
          default_rate: int,
          maximum_rate: int,
          rates: int,
          # Class of the GET RESPONSE and of the ENVELOPE it sends by itself; "ff": the command's.
          get_response_class: string,
          envelope_class: string
        )

        # A reader this station drives itself over USB.
        type USBReader (
          # idVendor, idProduct, bcdDevice: four hexadecimal digits each.
          vendor: string,
          product: string,
          release: string,
          # Its own words; a serial number is not there in every model, nor always its own.
          manufacturer: ?string,
          product_name: ?string,
          serial_number: ?string,
          # Bus and ports as the kernel names them: "1-2.1".
          port: string,
          # The file under /dev/bus/usb.
          node: string,
          # In words: "12 Mbit/s".
          speed: ?string,
          # bInterfaceNumber, and the slot of this reader.
          interface: int,
          slot: int,
          # Whether cards coming and going are told; they are asked for where not.
          interrupt_pipe: bool,
          # How the station drives it: "TPDU, T=1".
          driven: string,
          # Its class descriptor as it stands in the device, in hexadecimal.
          class_descriptor: string,
          # The same decoded; not there where it cannot be, and unsupported then says why.
          ccid: ?CCIDReader,
          # Each with its reason.
          quirks: []string,
          # What this reader has or is and the station does not do, in words.
          unsupported: []string,
          # Since it was plugged in: commands sent, times the card asked for more time, commands
          # broken off, answers to other questions than the one that was asked.
          exchanges: int,
          time_extensions: int,
          aborts: int,
          strays: int
        )

        # What there is to know of one reader. usb is there for readers the station drives itself;
        # of those of pcscd, pcscd tells no more than ListReaders does.
        #
        # holders are the programs that have the reader, or the pcscd behind it, open.
        type ReaderDescription (
          reader: Reader,
          usb: ?USBReader,
          holders: []Holder
        )

        # Round trips of one kind, in microseconds: half of them took at most p50, and so on.
        type Latency (
          count: int,
          p50: int,
          p90: int,
          p99: int,
          max: int
        )

        # One field of a request beside what the token says of it. field: device_number,
        # certificate_name, body, mail, certificate_serial. asked is empty where the request says
        # nothing; held is what the token says, what fits best first. verdict: equal (after
        # Unicode's composition, case and blanks); near, and reason says in what both differ
        # (docs/requests.md); different; absent, where one side says nothing.
        type ComparedField (
          field: string,
          asked: string,
          held: []string,
          verdict: (equal, near, different, absent),
          reason: ?string
        )

        # A token beside the row of the request. overall: equal; near, where a person has to
        # compare the fields of to_compare; different, where it stops: it is another token, or
        # the request has to be corrected.
        type Comparison (
          overall: (equal, near, different),
          fields: []ComparedField,
          to_compare: []string
        )

        # All readers, as last seen.
        method ListReaders() -> (readers: []Reader)

        # Reads what the token in a reader says of itself: identity, certificates, counters, and
        # whether it can be helped. Takes the reader exclusively for that time and powers the
        # token down afterwards. Spends no try. case: the token is held against the row of that
        # case too, which is for those who may see the case.
        method Inspect(reader: string, case: ?string) -> (
          token: Token,
          comparison: ?Comparison
        )

        # How a reader is built, what is done about it, and who has it. Asking does not wait for the
        # reader and does not touch the card.
        method DescribeReader(reader: string) -> (description: ReaderDescription)

        # Takes the reader exclusively and times round trips, times of each kind (1 to 1000): status
        # is the question how the card stands, which goes no further than the reader; select is
        # SELECT of the PIV application, whatever the card answers to it. Each kind ends after 30
        # seconds, and count says how many it came to. Spends no try. While a restore has the
        # reader the answer is ReaderBusy.
        method MeasureReader(reader: string, times: int) -> (status: Latency, select: Latency)

        # With "more": all readers at once, and again after each change, until the caller hangs
        # up. Without "more" the same as ListReaders.
        method Watch() -> (readers: []Reader)

        # There is no reader of that name (any more).
        error ReaderNotFound (reader: string, message: string, next: string)

        # There is no card in the reader.
        error NoToken (reader: string, message: string, next: string)

        # Somebody else has the reader: another procedure of this station (holders is empty) or
        # other programs, named as far as can be known.
        error ReaderBusy (reader: string, holders: []Holder, message: string, next: string)

        # The reader still owes an answer to an earlier call.
        error ReaderStuck (reader: string, message: string, next: string)

        # pcscd, the USB node or the reader's driver does not answer.
        error ReaderUnavailable (reader: string, message: string, next: string)

        # The token was pulled out in the named step.
        error TokenRemoved (reader: string, account: Account, message: string, next: string)

        # The token did not answer within the step's time.
        error TokenMute (reader: string, account: Account, message: string, next: string)

        # Another program disturbed the token: it was reset, or another applet was selected.
        error TokenDisturbed (reader: string, account: Account, message: string, next: string)

        # The card is of no family this station can help; atr is its answer to reset.
        error TokenUnsupported (reader: string, atr: string, message: string, next: string)

        # The token answered with something its standard does not allow; status is the status word.
        error TokenFault (
          reader: string,
          account: Account,
          status: ?string,
          message: string,
          next: string
        )

        # A code was to be entered at the reader's pad, and there is no pad that takes this code of
        # this token. Nothing was sent.
        error PadUnusable (reader: string, message: string, next: string)

        # The caller cancelled, or hung up before a code had been sent.
        error Cancelled (reader: string, account: Account, message: string, next: string)

        # The record could not be written (disk full, read-only, or broken), or not be read, so the
        # token was not touched.
        error JournalUnavailable (message: string, next: string)
        """#
}
