// What Swift cannot import from OpenSSL by itself: its macros, and its typed stacks.
#ifndef TOKEN_STATION_COPENSSL_H
#define TOKEN_STATION_COPENSSL_H
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <string.h>

static inline void ts_openssl_free(void *memory) { OPENSSL_free(memory); }

/// Zeroes more of the stack below the caller than a hash function uses.
static __attribute__((noinline)) void ts_openssl_wipe_stack(void) {
    unsigned char below[8192];
    OPENSSL_cleanse(below, sizeof below);
}

/// Year, month, day, hour, minute, second of an ASN.1 time in UTC; 1 when it is one.
static inline int ts_openssl_time(const ASN1_TIME *time, int parts[6]) {
    struct tm t;
    memset(&t, 0, sizeof t);
    if (time == NULL || ASN1_TIME_to_tm(time, &t) != 1) return 0;
    parts[0] = t.tm_year + 1900; parts[1] = t.tm_mon + 1; parts[2] = t.tm_mday;
    parts[3] = t.tm_hour; parts[4] = t.tm_min; parts[5] = t.tm_sec;
    return 1;
}

/// A date as UTCTime up to 2049 and as GeneralizedTime after it (RFC 5280, 4.1.2.5).
static inline ASN1_TIME *ts_openssl_time_new(int64_t seconds) {
    return ASN1_TIME_set(NULL, (time_t)seconds);
}

/// The alternative names of a certificate's subject, or NULL.
static inline GENERAL_NAMES *ts_openssl_alternative_names(const X509 *certificate) {
    return (GENERAL_NAMES *)X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
}
static inline int ts_openssl_name_count(const GENERAL_NAMES *names) {
    return sk_GENERAL_NAME_num(names);
}
/// The e-mail address at `index`, owned by `names`, or NULL for a name of another kind.
static inline const ASN1_STRING *ts_openssl_email_at(const GENERAL_NAMES *names, int index) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
    return (name != NULL && name->type == GEN_EMAIL) ? name->d.rfc822Name : NULL;
}

static inline STACK_OF(X509) *ts_openssl_stack_new(void) { return sk_X509_new_null(); }
/// Adds a certificate and counts its reference; `stack` lets go of it in ts_openssl_stack_free.
static inline int ts_openssl_stack_add(STACK_OF(X509) *stack, X509 *certificate) {
    if (X509_up_ref(certificate) != 1) return 0;
    if (sk_X509_push(stack, certificate) > 0) return 1;
    X509_free(certificate);
    return 0;
}
static inline int ts_openssl_stack_count(const STACK_OF(X509) *stack) {
    return stack == NULL ? 0 : sk_X509_num(stack);
}
static inline X509 *ts_openssl_stack_at(const STACK_OF(X509) *stack, int index) {
    return sk_X509_value(stack, index);
}
static inline void ts_openssl_stack_free(STACK_OF(X509) *stack) {
    sk_X509_pop_free(stack, X509_free);
}

/// Puts the entries of a revocation list in the order they are looked up by.
static inline void ts_openssl_sort_revoked(X509_CRL *list) {
    STACK_OF(X509_REVOKED) *revoked = X509_CRL_get_REVOKED(list);
    if (revoked != NULL) sk_X509_REVOKED_sort(revoked);
}
static inline int ts_openssl_revoked_count(X509_CRL *list) {
    STACK_OF(X509_REVOKED) *revoked = X509_CRL_get_REVOKED(list);
    return revoked == NULL ? 0 : sk_X509_REVOKED_num(revoked);
}
/// The reason of a revocation (RFC 5280, 5.3.1), or -1 where it is not said.
static inline int ts_openssl_revocation_reason(const X509_REVOKED *entry) {
    ASN1_ENUMERATED *code = (ASN1_ENUMERATED *)X509_REVOKED_get_ext_d2i(
        entry, NID_crl_reason, NULL, NULL);
    long reason = code == NULL ? -1 : ASN1_ENUMERATED_get(code);
    ASN1_ENUMERATED_free(code);
    return (reason < 0 || reason > 10) ? -1 : (int)reason;
}
#endif
