/* readers: the names of pcscd's readers in which there is a card, one a line. */
#include "common.h"
#include <string.h>
#include <winscard.h>

int main(void) {
    SCARDCONTEXT context;
    char names[4096];
    DWORD length = sizeof names;
    if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context) != SCARD_S_SUCCESS) return 1;
    if (SCardListReaders(context, NULL, names, &length) != SCARD_S_SUCCESS) return 1;
    for (char *name = names; *name; name += strlen(name) + 1) {
        SCARD_READERSTATE state = {.szReader = name};
        if (SCardGetStatusChange(context, 0, &state, 1) == SCARD_S_SUCCESS &&
            state.dwEventState & SCARD_STATE_PRESENT)
            puts(name);
    }
    SCardReleaseContext(context);
    return 0;
}
