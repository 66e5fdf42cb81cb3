import assert from "node:assert/strict";
import test from "node:test";
import { networkOf, openAccounts } from "../../web/core/account";

test("an account is of the fediverse, of Bluesky, or of neither", () => {
    for (const [account, network] of [
        ["anna@example.social", "fediverse"],
        ["anna@example.social:8443", "fediverse"],
        ["anna@threads.net", "fediverse"],
        ["anna@notx.com", "fediverse"],
        ["anna.example.social", "bluesky"],
        ["x.com", "bluesky"],
        ["anna@x.com", "other"],
        ["anna@twitter.com", "other"],
    ] as const) {
        assert.equal(networkOf(account), network, account);
    }
});

test("only an account that its owner can log in with, or be found by, is offered", () => {
    assert.deepEqual(openAccounts(["anna@x.com", "anna@example.social", "anna.example"]), [
        "anna@example.social",
        "anna.example",
    ]);
});
