/* The forms of what a card names: accounts on open networks, web addresses. Nothing is repaired:
 * the browser sends them as they are signed. */
#ifndef RAUTE_WIRE_FORMS_H
#define RAUTE_WIRE_FORMS_H

#include <stdbool.h>

/* "anna@example.social", perhaps with a port, or an AT handle, which is a host name with a dot and
 * no number at its end; lower case, A-labels, at most LIMIT_CARD_ACCOUNT_BYTES. */
bool account_form(const char *text);
/* https:// or http://, a host name, and printable ASCII as browsers write it, without a user. */
bool web_form(const char *text);

#endif
