import assert from "node:assert/strict";
import test from "node:test";
import { newOwn, type Own } from "../../web/core/own";
import { ownSays } from "../../web/pages/audience/own";

const says = (own: Partial<Own>): string =>
    ownSays({ own: { ...newOwn("salt", 1, "Wer?", 0, 0), ...own }, question: undefined }, true, true);

/* Without a catalogue the words are their own names. */
test("what waits says what it waits for", () => {
    assert.equal(says({ refusal: null }), "audience.own.sending");
    assert.equal(says({ refusal: "busy" }), "audience.own.busy");
    assert.equal(says({ refusal: "storage" }), "audience.own.storage");
    assert.equal(says({ refusal: "members_only" }), "audience.own.ticket");
});
