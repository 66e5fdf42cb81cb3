/* From a handle to a DID to a PDS, as the AT Protocol specifies (protocols §3, Identity), checked
 * in both directions: TXT record or well-known document of the handle, then the DID's document,
 * which must name the handle. */
#ifndef RAUTE_BRIDGE_HANDLE_H
#define RAUTE_BRIDGE_HANDLE_H

#include <stdbool.h>

#include "bridge/http.h"
#include "event/refusal.h"

struct reach;

#define HANDLE_BYTES 253

/* "@Anna.Example" and "at://anna.example" → "anna.example"; false: no handle by its syntax. */
bool handle_read(char handle[HANDLE_BYTES + 1], const char *text);
/* A did:plc or did:web (host only) by its syntax. */
bool did_valid(const char *did);

struct identity {
    const char *did, *handle, *pds; /* handle "" when the document has none that leads back */
};
/* Resolves "@anna.example", "anna.example" or "did:…". `done` is called once, never within; OK, or
 * BAD_ACCOUNT (nobody has this handle, says who must know), BAD_SERVER (no answer that counts, no
 * PDS), UNREACHABLE. */
void identity_resolve(struct reach *reach, const char *name,
                      void (*done)(void *context, enum refusal refusal,
                                   const struct identity *identity),
                      void *context);

#endif
