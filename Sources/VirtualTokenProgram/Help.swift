let version = "0.1.0"

let help = """
    virtual-token - a simulated token for training and tests

    USE
      virtual-token --vpcd [PORT] [OPTIONS]      behind a real pcscd, through vpcd
      virtual-token --attach SOCKET [OPTIONS]    behind a training agent
      virtual-token usb [OPTIONS]                a USB reader with the token in it, over USB/IP

    The program is one token in one reader; as a USB reader, one in each slot. It has real keys and certificates of an authority
    it makes itself, and it counts wrong codes down and locks as a real token does. It runs
    until the reader goes away, and keeps nothing unless --state says where.

    It is not a place for real codes or keys: those on its command line are test codes, and
    anyone on this machine can read them there.

    WHERE IT ATTACHES
      --vpcd [PORT]        vpcd on this machine; 35963 if no port is given (35964: second slot)
      --attach SOCKET      the socket a training agent listens on; vpcd's protocol
      --patience MS        go on trying to connect for so long; 5000
      --stay               when the connection ends, connect again until told to quit;
                           without it the program ends then, with exit status 0
                           With usb it is the host that comes: any number of times with
                           --stay, once without it. --patience does nothing then.

    WHICH USB READER IT IS (only after the word usb)
      The device is a CCID reader at bus id 1-1; on a machine with USB/IP's kernel modules
          usbip attach -r 127.0.0.1 -b 1-1
      plugs it in. It keeps to the CCID specification and ISO 7816-3, refuses what a host must
      not do, and notes it (complaints, below).
      --listen 127.0.0.1:PORT  3240; port 0 takes one that is free. No other address: whoever
                           connects gets the device
      --level LEVEL        character (a descriptor only), tpdu, short or extended APDUs; extended
      --protocol T=0|T=1   what the card in it speaks; T=1
      --edc lrc|crc        T=1: the card's check of a block; lrc
      --ifsc N             T=1: longest information the card takes, 1 to 254; 254
      --rate XX            TA1 of the card, in hex; 95
      --specific-mode      TA2: the rate holds from the start, PPS is forbidden
      --pps MANNER         the card answers PPS: echo, drop (without PPS1) or mute; echo
      --voltage V          the card works at any, 5, 3 or 1.8 V; any
      --auto WHAT          what the reader does by itself: all; none (parameters, PPS, IFSD and
                           voltage are the host's); or the low half of dwFeatures in hex; all
      --slots N            1 to 16, each with a token of its own, their serial numbers one after
                           the other; kept in FOLDER, FOLDER/slot-1 and so on; 1
      --message-length N   dwMaxCCIDMessageLength; 65556 at the extended level, else 271. Longer
                           APDUs are chained
      --ifsd N             dwMaxIFSD; 254
      --pinpad WHAT        PIN entry at the reader: verify, modify or both
      --typed CODE[,NEW[,NEW]]  what is typed at the pad when it is asked for next; may be given
                           more than once; "cancel" is the key. The host never sees it
      --abort MANNER       the abort sequence is answered or ignored; answered
      --speed full|high    packets of 64 or 512 bytes; full
      --no-interrupt       no interrupt endpoint: the host has to ask for slot changes
      --composite          a vendor's interface stands before the reader's
      --vendor-class       interface class FF instead of 0B
      --descriptor-on-endpoint  the class descriptor stands behind the last endpoint
      --iccd a|b           interface protocol 01 or 02, without bulk endpoints
      --patch OFFSET=XX    another byte in the class descriptor; may be given more than once
      --usb-id VVVV:PPPP   vendor and product; 1209:0001, a number for tests
      --release XXXX       bcdDevice; 0100
      --manufacturer, --product, --usb-serial TEXT  the strings; "" for no serial number

    WHICH TOKEN IT IS
      --model MODEL        the other options of this part and the next depend on it; piv-yubico
          piv-yubico       a PIV token with serial, version and metadata as on a YubiKey
          piv              a PIV token after the standard alone
          openpgp          an OpenPGP card 3.4
          isoapplet        a Java Card with the IsoApplet and ISO 7816-15 (PKCS #15) objects
          vgca             a VGCA Token (bit4id TokenME EVO v2), as far as its layout is published
          pkcs15           a card with ISO 7816-15 objects and short PINs of digits, which OpenSC
                           takes for a MyEID
          smartcard-hsm    a SmartCard-HSM
          gids             a card after Microsoft's Generic Identity Device Specification 2.0
          epass2003        a Feitian ePass2003, as OpenSC personalises it
      --no-extended        takes no extended length, only chaining; not of isoapplet, vgca, pkcs15,
                           smartcard-hsm, epass2003
      --oddity NAME        behaves as some real cards do (may be given more than once)
        of piv and piv-yubico
          empty-verify-spends  asking for the counter spends a try and answers 6300
          never-says-blocked   a blocked code answers 63C0 and never 6983
          wrong-is-6985        a wrong code answers 6985, is not counted and never blocks
          hides-count          a wrong code answers 6300, the counter cannot be asked for
        of openpgp
          wrong-is-6982        a wrong code answers 6982; it is counted, and only C4 tells it
          wraps-objects        constructed data objects come with their own tag and length
        of gids
          draft-counter-tag    the PIN's tries stand under 9F17, as in the first version
          hides-count          no object shows the PIN's tries
          empty-verify-counts  a VERIFY without a code spends a try
          counts-administrator wrong answers to the administrator's challenge are counted;
                               without tries left the key is of no use for ever
          mutual-only          no external authentication
          der-signatures       signatures of elliptic curves are in DER
      --yubico-version V   piv-yubico: the version it reports; 5.4.3
      --no-attestation     piv-yubico: has no key in slot F9, and states nothing of its keys
      --interface V        isoapplet: 0.6, which makes SHA-1 itself for elliptic curves, or 1.0,
                           which takes hashes and extended length; 0.6

    HOW IT IS MADE (nothing here changes a token that --state keeps already)
      --key SLOT=KIND      with ",imported" for a key not made on the token; may be given more
                           than once
          piv, piv-yubico  SLOT 9a, 9c, 9d, 9e or 82 to 95; KIND rsa1024, rsa2048, rsa3072, p256
                           or p384; 9a=p256 and 9c=p256 if never given
          openpgp          SLOT sign, decrypt or auth; KIND rsa2048, rsa3072 or p256; each p256
                           if never given; --key none for no keys
          isoapplet, vgca, pkcs15  SLOT 1, 2 and so on; KIND rsa2048, of isoapplet and pkcs15 also
                           p256, of vgca also rsa3072; 1=rsa2048, of vgca 1=rsa3072 if never given
          smartcard-hsm    SLOT the number of the key, 1 to 255; KIND rsa2048, rsa3072 or p256;
                           1=p256 if never given; --key none for no keys
          gids             SLOT kxc (signatures and deciphering) or ksc (signatures), containers
                           in their order; KIND as of piv, never imported; kxc=rsa2048 if never
                           given; --key none for no keys
          epass2003        SLOT 1, 2 and so on; KIND rsa1024, rsa2048 or p256; 1=rsa2048 if never
                           given; --key none for no keys
      --pin CODE           test PIN, of openpgp PW1; 123456
      --puk CODE           test PUK; 12345678, of isoapplet 0123456789abcdef (always 16 bytes). Of
                           openpgp the resetting code, which there is none of if nothing is said.
                           "none" for a card without one, but for piv and piv-yubico. gids,
                           smartcard-hsm and epass2003 have none
      --pin-tries N        1 to 15; 3, of epass2003 6
      --puk-tries N        1 to 15; 3, of isoapplet 5
      --locked             no tries left for the PIN
      --serial N           the serial number it reports; 12345678. At most eight digits, but for
                           piv and piv-yubico
      --holder NAME        CN of the certificates, and the name on an OpenPGP card
      --body NAME          O of the certificates
      --email ADDRESS      e-mail of the certificates; "" for none
      --expired            certificates that ended yesterday
      --not-yet-valid      certificates that begin tomorrow
        of piv and piv-yubico
      --gzip SLOT          stores that slot's certificate compressed
        of openpgp
      --admin CODE         test code of PW3; 12345678
      --admin-tries N      1 to 15; 3
      --kdf WHAT           codes are sent as hashes, which the KDF-DO says: none, one-salt or
                           three-salts; none
      --several            PW1 is good for several signatures
        of isoapplet, vgca and pkcs15
      --unblock-disabled   the PIN's flags say that it is never unblocked
      --puk-unlisted       the objects leave the PUK out, as OpenSC does when it writes them
        of vgca
      --compression WHAT   how the certificates are packed: zlib, gzip, deflate, or unknown, which
                           nobody can undo; zlib. The real token's way is not published
        of smartcard-hsm
      --so-pin DIGITS      test SO-PIN of 16 hexadecimal digits; 3537363231383830
      --so-tries N         1 to 15; 15
      --rrc WHAT           what RESET RETRY COUNTER can do: new-pin, counter-only or off; new-pin
      --transport-pin      the PIN has to be changed before it opens anything
      --combined           keys want public key authentication besides the PIN
      --certificates WHERE with-keys; apart or none, and the keys keep the requests they were
                           born with; with-keys
      --uninitialised      as it comes from its maker, without codes and keys
        of epass2003
      --so-pin CODE        the security officer's test PIN; 87654321
      --so-tries N         1 to 15; 6
      --protection WHAT    secure messaging with 3des or aes, or none; 3des
      --own-keys           its keys of secure messaging are not those that everybody knows
      --no-tries-file      does not tell how many tries a full counter has
        of gids
      --admin KEY          the administrator's test key, 48 hexadecimal digits; 0102030405060708
                           three times
      --admin-tries N      1 to 15, which only counts-administrator counts down; 3
      --blank              as delivered: no files, no PIN, no key
      --uncompressed       stores the certificates as they are

    WHAT IT KEEPS
      --state FOLDER       keeps the token in FOLDER, made for its owner alone
      --ca FOLDER          takes the authority from FOLDER, so that several tokens share one
      --ca-out FILE        writes the authority's certificate to FILE, in PEM
      --cvc-out FILE       writes the root of its SmartCard-HSMs to FILE, a card verifiable
                           certificate

    HOW IT FAILS
      --fault SPEC         plans one fault; may be given more than once. SPEC is

    """

/// Between the token's faults and the reader's.
let readerFaultHelp = """

          or, of the USB reader and the line to the card, SPEC is

    """

let faultHelpIndent = "        "

let helpEnd = """

      A token that was pulled by a fault stays away if there is --control, comes back after a
      second with --stay, and otherwise ends the program. So does a USB reader that was
      unplugged; a card pulled from it does not end the program, but stays away.

    WHILE IT RUNS
      --control SOCKET     listens there for lines of text, one command each, one line back:
          counters         {"pin":3,"puk":3,"pinSpent":0,"pukSpent":0}: tries left, and tries
                           spent since the token was made; of openpgp besides "admin" and
                           "adminSpent", and "puk" is the resetting code; of gids "admin" in
                           place of "puk", of smartcard-hsm and epass2003 "so"
          log              headers, lengths of data and status words of all commands since the
                           start, no data
          clear-log        forgets them
          fault SPEC       plans a fault; counting starts now
          clear-faults     forgets faults that did not happen yet
          pull, insert     takes the token out, puts it back
          swap FOLDER      takes it out and puts in the token kept in FOLDER, of any family
          lock             no tries left for the PIN
          quit             ends the program
                           With usb besides
          slot N COMMAND   counters, log, clear-log, fault, clear-faults, pull, insert, swap or
                           lock for the token in slot N, from 0; without it slot 0 is meant
          unplug, plug     takes the whole reader off its bus, puts it back
          type CODE [NEW [NEW]]  types at the pad; "type cancel" is the key
          complaints       what the host did that it must not do: texts, no data
          messages         bulk OUT messages: type, slot and sequence number in hex
          forget           forgets complaints and messages so far
                           It answers "ok", the JSON, or "error: " and a reason.

    It prints one line when the token is in its reader, or the USB reader can be attached. SIGTERM and SIGINT end it.
    --version prints its version, --help this page.

    EXIT STATUS
      0  the other end hung up, or it was told to quit
      1  it could not connect or listen, or its state could not be read or written
      2  the command line is wrong

    EXAMPLES
      virtual-token --vpcd --key 9a=rsa2048 --key 9c=rsa2048 --locked
      virtual-token --attach /run/token-station/training/tokens.sock --model piv --locked \\
          --holder 'Trần Văn Bình' --state ~/training/binh --fault ins=2C,kind=pull-during
      virtual-token --vpcd --model openpgp --key sign=rsa2048 --puk 87654321 --kdf one-salt
      virtual-token --vpcd --model smartcard-hsm --key 1=rsa2048 --locked --rrc counter-only
      virtual-token --vpcd --model gids --key kxc=rsa2048 --locked
      virtual-token usb --level tpdu --protocol T=0 --stay --control /tmp/reader --locked

    """
