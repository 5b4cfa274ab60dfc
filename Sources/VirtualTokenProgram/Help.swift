let version = "0.1.0"

let help = """
    virtual-token - a simulated PIV token for training and tests

    USE
      virtual-token --vpcd [PORT] [OPTIONS]      behind a real pcscd, through vpcd
      virtual-token --attach SOCKET [OPTIONS]    behind a training agent

    The program is one token in one reader. It has real keys and certificates of an authority
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

    WHICH TOKEN IT IS
      --model MODEL        piv-yubico (serial, version and metadata as on a YubiKey), or piv
                           (the standard alone); piv-yubico
      --yubico-version V   the version it reports; 5.4.3
      --no-extended        takes no extended length, only chaining
      --oddity NAME        behaves as some real cards do (may be given more than once):
          empty-verify-spends  asking for the counter spends a try and answers 6300
          never-says-blocked   a blocked code answers 63C0 and never 6983
          wrong-is-6985        a wrong code answers 6985, is not counted and never blocks
          hides-count          a wrong code answers 6300, the counter cannot be asked for

    HOW IT IS MADE (nothing here changes a token that --state keeps already)
      --key SLOT=KIND      SLOT 9a, 9c, 9d, 9e or 82 to 95; KIND rsa1024, rsa2048, rsa3072, p256
                           or p384, with ",imported" for a key not made on the token; may be
                           given more than once; 9a=p256 and 9c=p256 if never
      --gzip SLOT          stores that slot's certificate compressed
      --pin CODE           test PIN; 123456
      --puk CODE           test PUK; 12345678
      --pin-tries N        1 to 15; 3
      --puk-tries N        1 to 15; 3
      --locked             no tries left for the PIN
      --serial N           the serial number it reports; 12345678
      --holder NAME        CN of the certificates
      --body NAME          O of the certificates
      --email ADDRESS      e-mail of the certificates; "" for none
      --expired            certificates that ended yesterday
      --not-yet-valid      certificates that begin tomorrow

    WHAT IT KEEPS
      --state FOLDER       keeps the token in FOLDER, made for its owner alone
      --ca FOLDER          takes the authority from FOLDER, so that several tokens share one
      --ca-out FILE        writes the authority's certificate to FILE, in PEM

    HOW IT FAILS
      --fault SPEC         plans one fault; may be given more than once. SPEC is

    """

let faultHelpIndent = "        "

let helpEnd = """

      A token that was pulled by a fault stays away if there is --control, comes back after a
      second with --stay, and otherwise ends the program.

    WHILE IT RUNS
      --control SOCKET     listens there for lines of text, one command each, one line back:
          counters         {"pin":3,"puk":3,"pinSpent":0,"pukSpent":0}: tries left, and tries
                           spent since the token was made
          log              headers and status words of all commands since the start, no data
          fault SPEC       plans a fault; counting starts now
          clear-faults     forgets faults that did not happen yet
          pull, insert     takes the token out, puts it back
          swap FOLDER      takes it out and puts in the token kept in FOLDER
          lock             no tries left for the PIN
          quit             ends the program
                           It answers "ok", the JSON, or "error: " and a reason.

    It prints one line when the token is in its reader. SIGTERM and SIGINT end it.
    --version prints its version, --help this page.

    EXIT STATUS
      0  the other end hung up, or it was told to quit
      1  it could not connect, or its state could not be read or written
      2  the command line is wrong

    EXAMPLES
      virtual-token --vpcd --key 9a=rsa2048 --key 9c=rsa2048 --locked
      virtual-token --attach /run/token-station/training/tokens.sock --model piv --locked \\
          --holder 'Trần Văn Bình' --state ~/training/binh --fault ins=2C,kind=pull-during

    """
