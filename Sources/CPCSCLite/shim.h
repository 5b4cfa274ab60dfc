// What Swift cannot import from libpcsclite by itself: function-like macros.
#ifndef TOKEN_STATION_CPCSCLITE_H
#define TOKEN_STATION_CPCSCLITE_H
#include <winscard.h>
#include <reader.h>

static inline DWORD token_station_feature_request(void) { return CM_IOCTL_GET_FEATURE_REQUEST; }
#endif
