// What Swift cannot import from libusb by itself: variadic functions.
#ifndef TOKEN_STATION_CLIBUSB_H
#define TOKEN_STATION_CLIBUSB_H
#include <libusb.h>
#include <poll.h>

// For contexts made from now on: look at no bus, and open only what is handed over.
static inline int ts_usb_no_discovery(void) {
    return libusb_set_option(NULL, LIBUSB_OPTION_NO_DEVICE_DISCOVERY);
}
#endif
