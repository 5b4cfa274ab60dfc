/* transmit READER COUNT HEX...: the same commands by a bare SCardTransmit loop. */
#include "common.h"
#include <winscard.h>

static unsigned hex(const char *text, unsigned char *out) {
    unsigned n = 0;
    for (; text[0] && text[1] && n < 261; text += 2, n++) sscanf(text, "%2hhx", &out[n]);
    return n;
}

int main(int argc, char **argv) {
    if (argc < 4) return 2;
    SCARDCONTEXT context;
    SCARDHANDLE card;
    DWORD protocol;
    LONG rc = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context);
    if (rc == SCARD_S_SUCCESS)
        rc = SCardConnect(context, argv[1], SCARD_SHARE_EXCLUSIVE,
                          SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card, &protocol);
    if (rc != SCARD_S_SUCCESS) {
        fprintf(stderr, "transmit: %s\n", pcsc_stringify_error(rc));
        return 1;
    }
    int count = atoi(argv[2]);
    long long *times = malloc(sizeof *times * count * (argc - 3));
    long n = 0;
    const SCARD_IO_REQUEST *pci = protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
    unsigned char command[64][261], answer[65538];
    unsigned length[64];
    for (int i = 3; i < argc && i < 67; i++) length[i - 3] = hex(argv[i], command[i - 3]);
    for (int round = 0; round < count; round++)
        for (int i = 0; i < argc - 3; i++) {
            DWORD got = sizeof answer;
            long long began = now();
            rc = SCardTransmit(card, pci, command[i], length[i], NULL, answer, &got);
            times[n++] = now() - began;
            if (rc != SCARD_S_SUCCESS) {
                fprintf(stderr, "transmit: %s\n", pcsc_stringify_error(rc));
                return 1;
            }
        }
    SCardDisconnect(card, SCARD_UNPOWER_CARD);
    SCardReleaseContext(context);
    for (long i = 0; i < n; i++) printf("%lld\n", times[i]);
    return 0;
}
