/* Who we are to authorization servers of the AT Protocol. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "bridge/atproto.h"
#include "bridge/core.h"

bool bridge_client_metadata(const struct bridge *bridge, struct buffer *out) {
    const char *public_url = bridge->options.public_url;
    char *client_id = NULL, *redirect_uri = NULL;
    if (strncmp(public_url, "https://", 8) != 0 ||
        !atproto_client(public_url, ATPROTO_SCOPES, &client_id, &redirect_uri)) {
        return false;
    }
    json_t *metadata =
        json_pack("{s:s,s:s,s:s,s:s,s:[s,s],s:[s],s:s,s:[s],s:b,s:s}", "client_id", client_id,
                  "client_name", "Raute", "client_uri", public_url, "application_type", "web",
                  "grant_types", "authorization_code", "refresh_token", "response_types", "code",
                  "scope", ATPROTO_SCOPES, "redirect_uris", redirect_uri,
                  "dpop_bound_access_tokens", 1, "token_endpoint_auth_method", "none");
    INVARIANT(metadata != NULL);
    char *text = json_dumps(metadata, JSON_COMPACT);
    INVARIANT(text != NULL);
    buffer_text(out, text);
    json_decref(metadata);
    free(text);
    free(client_id);
    free(redirect_uri);
    return true;
}

bool bridge_offers(const struct bridge *bridge, enum network network) {
    return network != NETWORK_X || bridge->options.x_client_id != NULL;
}
