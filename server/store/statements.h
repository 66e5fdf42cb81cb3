/* Every statement that reads and writes rows, as a literal. Prepared once per connection, at its
 * first use. ?1 is the event's id. The _WIPE statements stay together, questions first, event last.
 */
#ifndef RAUTE_STORE_STATEMENTS_H
#define RAUTE_STORE_STATEMENTS_H

#define STATEMENTS(X)                                                                              \
    X(BEGIN_READ, "BEGIN DEFERRED")                                                                \
    X(BEGIN_WRITE, "BEGIN IMMEDIATE")                                                              \
    X(COMMIT, "COMMIT")                                                                            \
    X(ROLLBACK, "ROLLBACK")                                                                        \
                                                                                                   \
    X(EVENTS_GET, "SELECT id FROM events ORDER BY id")                                             \
    X(EVENT_GET, "SELECT slug, title, hashtags, language, start_minute, end_minute, moderation,"   \
                 " release_seconds, ask_burst, ask_seconds, retention_days, organiser_hash,"       \
                 " moderator_hash, stage_hash, public_seq, staff_seq, next_number, next_talk,"     \
                 " current_talk, closed, publish, publish_seconds, utc_offset, next_account,"      \
                 " tickets FROM events WHERE id = ?1")                                             \
    X(TALKS_GET, "SELECT id, title, open, fair_order FROM talks WHERE event = ?1 ORDER BY place")  \
    X(QUESTIONS_GET,                                                                               \
      "SELECT number, talk, key, salt, degree, state, reason, pinned, rev, minute, text, answer,"  \
      " approved, open, warning, answered, edited, coalesce(votes, 0), coalesce(exposure, 0)"      \
      " FROM questions"                                                                            \
      " LEFT JOIN counts USING (event, number) LEFT JOIN exposures USING (event, number)"          \
      " WHERE event = ?1 ORDER BY number")                                                         \
    X(HELD_GET, "SELECT key, salt, talk, number, rev, degree, text FROM held WHERE event = ?1"     \
                " ORDER BY key")                                                                   \
    X(BALLOTS_GET, "SELECT ballot FROM ballots WHERE event = ?1")                                  \
    X(ACCOUNTS_GET,                                                                                \
      "SELECT id, network, state, server, remote, name, url, post_limit, link_length, keeps,"      \
      " secret, avatar FROM accounts WHERE event = ?1 ORDER BY id")                                \
    X(OUTGOING_GET,                                                                                \
      "SELECT number, account, kind, state, act, trouble, dropped, emptied, due, sent, sending,"   \
      " token, far, url FROM outgoing WHERE event = ?1")                                           \
    X(CARDS_GET,                                                                                   \
      "SELECT key, rev, hidden, lists, minute, name, line, web, accounts, since, signature"        \
      " FROM cards WHERE event = ?1 ORDER BY key")                                                 \
    X(PROOFS_GET, "SELECT card, account, kind, minute, actor, source, number, salt FROM proofs"    \
                  " WHERE event = ?1")                                                             \
    X(KEPT_CARDS_GET, "SELECT name, sealed FROM kept_cards WHERE event = ?1")                      \
    X(CLAIMS_GET, "SELECT number, card, rev, minute, hash, by_question, by_card FROM claims"       \
                  " WHERE event = ?1")                                                             \
    X(INTERESTS_GET, "SELECT name, sealed FROM interests WHERE event = ?1")                        \
    X(TICKETS_GET, "SELECT hash, request, seats FROM tickets WHERE event = ?1")                    \
                                                                                                   \
    X(EVENT_PUT,                                                                                   \
      "INSERT INTO events (id, slug, title, hashtags, language, start_minute, end_minute,"         \
      " moderation, release_seconds, ask_burst, ask_seconds, retention_days, organiser_hash,"      \
      " moderator_hash, stage_hash, public_seq, staff_seq, next_number, next_talk, current_talk,"  \
      " closed, publish, publish_seconds, utc_offset, next_account, tickets)"                      \
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, 0, 0, 1, 1, 1,"  \
      " 0, ?16, ?17, ?18, 1, ?19) ON CONFLICT (id) DO UPDATE SET slug = ?2, title = ?3,"           \
      " hashtags = ?4, language = ?5, start_minute = ?6, end_minute = ?7, moderation = ?8,"        \
      " release_seconds = ?9, ask_burst = ?10, ask_seconds = ?11, retention_days = ?12,"           \
      " organiser_hash = ?13, moderator_hash = ?14, stage_hash = ?15, publish = ?16,"              \
      " publish_seconds = ?17, utc_offset = ?18, tickets = ?19")                                   \
    X(EVENT_COUNTERS,                                                                              \
      "UPDATE events SET public_seq = ?2, staff_seq = ?3, next_number = ?4,"                       \
      " next_talk = ?5, current_talk = ?6, closed = ?7, next_account = ?8 WHERE id = ?1")          \
    X(TALK_PUT, "REPLACE INTO talks (event, id, place, title, open, fair_order)"                   \
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6)")                                                \
    X(QUESTION_PUT,                                                                                \
      "REPLACE INTO questions (event, number, talk, key, salt, degree, state, reason, pinned,"     \
      " rev, minute, text, answer, approved, open, warning, answered, edited) VALUES (?1, ?2, ?3," \
      " ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)")                     \
    X(QUESTION_DROP, "DELETE FROM questions WHERE event = ?1 AND number = ?2")                     \
    X(COUNT_PUT, "REPLACE INTO counts (event, number, votes) VALUES (?1, ?2, ?3)")                 \
    X(COUNT_DROP, "DELETE FROM counts WHERE event = ?1 AND number = ?2")                           \
    X(EXPOSURE_PUT, "REPLACE INTO exposures (event, number, exposure) VALUES (?1, ?2, ?3)")        \
    X(EXPOSURE_DROP, "DELETE FROM exposures WHERE event = ?1 AND number = ?2")                     \
    X(HELD_PUT, "REPLACE INTO held (event, key, salt, talk, number, rev, degree, text)"            \
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")                                        \
    X(HELD_DROP, "DELETE FROM held WHERE event = ?1 AND key = ?2")                                 \
    X(BALLOT_PUT, "INSERT OR IGNORE INTO ballots (event, ballot) VALUES (?1, ?2)")                 \
    X(BALLOT_DROP, "DELETE FROM ballots WHERE event = ?1 AND ballot = ?2")                         \
    X(ACCOUNT_PUT,                                                                                 \
      "REPLACE INTO accounts (event, id, network, state, server, remote, name, url, post_limit,"   \
      " link_length, keeps, secret, avatar) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11," \
      " ?12, ?13)")                                                                                \
    X(ACCOUNT_DROP, "DELETE FROM accounts WHERE event = ?1 AND id = ?2")                           \
    X(OUTGOING_PUT,                                                                                \
      "REPLACE INTO outgoing (event, number, account, kind, state, act, trouble, dropped, "        \
      "emptied,"                                                                                   \
      " due, sent, sending, token, far, url) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"     \
      " ?11, ?12, ?13, ?14, ?15)")                                                                 \
    X(OUTGOING_DROP, "DELETE FROM outgoing WHERE event = ?1 AND number = ?2 AND account = ?3"      \
                     " AND kind = ?4")                                                             \
    X(CARD_PUT, "REPLACE INTO cards (event, key, rev, hidden, lists, minute, name, line, web,"     \
                " accounts, since, signature)"                                                     \
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)")                     \
    X(CARD_DROP, "DELETE FROM cards WHERE event = ?1 AND key = ?2")                                \
    X(PROOF_PUT, "REPLACE INTO proofs (event, card, account, kind, minute, actor, source, number," \
                 " salt) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")                             \
    X(PROOFS_DROP, "DELETE FROM proofs WHERE event = ?1 AND card = ?2")                            \
    X(KEPT_CARD_PUT, "REPLACE INTO kept_cards (event, name, sealed) VALUES (?1, ?2, ?3)")          \
    X(KEPT_CARD_DROP, "DELETE FROM kept_cards WHERE event = ?1 AND name = ?2")                     \
    X(CLAIM_PUT, "REPLACE INTO claims (event, number, card, rev, minute, hash, by_question,"       \
                 " by_card) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")                              \
    X(CLAIM_DROP, "DELETE FROM claims WHERE event = ?1 AND number = ?2")                           \
    X(INTEREST_PUT, "REPLACE INTO interests (event, name, sealed) VALUES (?1, ?2, ?3)")            \
    X(INTEREST_DROP, "DELETE FROM interests WHERE event = ?1 AND name = ?2")                       \
    X(TICKET_PUT, "REPLACE INTO tickets (event, hash, request, seats) VALUES (?1, ?2, ?3, ?4)")    \
    X(TICKET_DROP, "DELETE FROM tickets WHERE event = ?1 AND hash = ?2")                           \
                                                                                                   \
    X(QUESTIONS_WIPE, "DELETE FROM questions WHERE event = ?1")                                    \
    X(COUNTS_WIPE, "DELETE FROM counts WHERE event = ?1")                                          \
    X(EXPOSURES_WIPE, "DELETE FROM exposures WHERE event = ?1")                                    \
    X(HELD_WIPE, "DELETE FROM held WHERE event = ?1")                                              \
    X(CARDS_WIPE, "DELETE FROM cards WHERE event = ?1")                                            \
    X(PROOFS_WIPE, "DELETE FROM proofs WHERE event = ?1")                                          \
    X(KEPT_CARDS_WIPE, "DELETE FROM kept_cards WHERE event = ?1")                                  \
    X(CLAIMS_WIPE, "DELETE FROM claims WHERE event = ?1")                                          \
    X(INTERESTS_WIPE, "DELETE FROM interests WHERE event = ?1")                                    \
    X(BALLOTS_WIPE, "DELETE FROM ballots WHERE event = ?1")                                        \
    X(TICKETS_WIPE, "DELETE FROM tickets WHERE event = ?1")                                        \
    X(TALKS_WIPE, "DELETE FROM talks WHERE event = ?1")                                            \
    X(ACCOUNTS_WIPE, "DELETE FROM accounts WHERE event = ?1")                                      \
    X(OUTGOING_WIPE, "DELETE FROM outgoing WHERE event = ?1")                                      \
    X(EVENT_WIPE, "DELETE FROM events WHERE id = ?1")

enum statement {
#define X(name, sql) STATEMENT_##name,
    STATEMENTS(X)
#undef X
        STATEMENT_COUNT
};

#endif
