// What Swift cannot import from OpenSSL by itself: its macros.
#ifndef TOKEN_STATION_COPENSSL_H
#define TOKEN_STATION_COPENSSL_H
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <openssl/rand.h>
#include <openssl/err.h>
#endif
