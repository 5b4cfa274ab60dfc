import StationInterface
import Varlink

/// What stands before everything else: how to talk to the station at all.
enum SocketIntroduction {
    private static let limits = VarlinkLimits()

    static var lines: [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private static let text = #"""
        # The socket

        <!-- Made by `tokenctl interface --markdown` from the interface texts. Do not edit. -->

        Everything the kiosk shell and `tokenctl` do, they do through one Unix socket, and any
        other program on the box can do the same. It speaks [Varlink](https://varlink.org): one
        JSON object a message, each ended by one NUL byte.

        The socket is `\#(Station.defaultSocket)`; a training station has its own. Nothing is
        reachable over a network.

        ## Connecting

        With `varlinkctl`, which comes with systemd 255 and later:

        ```sh
        S=\#(Station.defaultSocket)
        varlinkctl info $S
        varlinkctl introspect $S vn.tokenstation.Restore
        varlinkctl call $S vn.tokenstation.Devices.ListReaders '{}'
        varlinkctl call --more $S vn.tokenstation.Devices.Watch '{}'
        ```

        With Python and the `varlink` package, in a virtual environment:

        ```python
        import varlink

        with varlink.Client(address="unix:\#(Station.defaultSocket)") as client:
            with client.open("vn.tokenstation.Devices") as devices:
                readers = devices.ListReaders()["readers"]
                for reader in readers:
                    print(reader["name"], reader["state"])
                if readers:
                    try:
                        print(devices.Inspect(readers[0]["name"])["token"]["advice"])
                    except varlink.VarlinkError as error:
                        print(error.error(), error.parameters())
        ```

        With nothing but Python itself, since it is JSON and a NUL:

        ```python
        import socket

        with socket.socket(socket.AF_UNIX) as link:
            link.connect("\#(Station.defaultSocket)")
            link.sendall(b'{"method":"vn.tokenstation.Devices.ListReaders"}\0')
            print(link.recv(65536).rstrip(b"\0").decode())
        ```

        In a shell, with `nc` of the package netcat-openbsd (others know no Unix sockets):

        ```sh
        S=\#(Station.defaultSocket)
        printf '{"method":"vn.tokenstation.Devices.ListReaders"}\0' | nc -U -q 1 $S | tr '\0' '\n'
        ```

        A call is `{"method": NAME, "parameters": {...}}`. With `"more": true` it may be answered
        by several replies, all but the last with `"continues": true`: that is how progress and
        changes come. With `"oneway": true` it is not answered. Calls on one connection are
        answered in their order.

        Parameters are read strictly: one that is missing, unknown or of another kind is refused
        with `org.varlink.service.InvalidParameter`, which names it. What is not JSON by RFC 8259,
        and that is also a member given twice, is answered by hanging up. A member that may be
        null (`?`) may be left out, and is left out in replies.

        A message may have \#(limits.message / 1024) KiB, and must be whole within \#(limits.messageTime.components.seconds) s of its first byte.
        There may be \#(limits.connectionsPerUser) connections of one user and \#(limits.connections) in all (the configuration can say
        otherwise); one more is hung up on at once. Users without a role have a quarter of all
        between them (\#(limits.connectionsOfStrangers)), however many they are, and \#(limits.connectionsForKeepers) are kept for root: whoever has no role
        can lock out others without one, but nobody else, and no other user locks out root. A
        caller who does not read its replies is hung up on. Whoever goes beyond these limits costs
        those with a role nothing.

        ## Codes

        PIN and unblocking code go over this socket in these fields only: `unblocking_code` and
        `new_pin` of `Restore.Unblock`, `response` and `new_pin` of `Restore.Respond`, `pin` of
        `KeyCheck.Check` and `Officers.SignInByToken`, and the ways of `Maintenance.Commission`;
        officers' passwords in `Officers.SignIn` and `Officers.Approve`. The station reads them
        straight into locked memory, sends each to the token once, and wipes them before it
        answers. A program that calls these methods should take the same care: no argument of a
        command, no log, no string that stays.

        Where the reader has a pad of its own that takes these codes of this token (`pad` of
        `Devices.Inspect` and of the permit), they need not pass here at all: with `at_pad` the
        call carries none, and they go from the pad to the token. A message that has a code
        and `at_pad` is refused.

        ## Errors

        Besides those of `org.varlink.service` every error is typed and meant to be shown:
        `message` says what happened and what it means for the token, `next` what to do, both for
        people. The other fields are for programs: the step it ended in, tries spent (`least` and
        `most` differ only where the token hides its counter, the answer was lost or the token's
        answers contradict each other), tries left (absent: unknown), and for a restore its whole
        `result`. Names of errors, fields and reasons stay as they are; sentences may become
        better.
        """#
}
