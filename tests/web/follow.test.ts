import assert from "node:assert/strict";
import test from "node:test";
import {
    askFollow,
    followAddress,
    followServer,
    keepHome,
    keptHome,
    knownServer,
} from "../../web/core/follow";
import { forgetInstance, keptInstance } from "../../web/core/share";
import { memoryStore } from "../../web/core/storage";

const home = {
    server: "example.social",
    template: "https://example.social/authorize_interaction?uri={uri}",
};

test("whatever people type for where they are at home", () => {
    for (const [typed, named] of [
        ["example.social", "example.social"],
        [" https://Example.Social/about ", "example.social"],
        ["@eva@example.social", "example.social"],
        ["eva@example.social", "example.social"],
        ["https://example.social/@eva", "example.social"],
        ["127.0.0.1:4321", "127.0.0.1:4321"],
    ] as const) {
        assert.equal(followServer(typed), named, typed);
    }
    for (const typed of [
        "",
        " ",
        "@",
        "eva",
        "eva@",
        "a b.example",
        "a@b@c.example",
        "example.social:99999999",
    ]) {
        assert.equal(followServer(typed), null, typed);
    }
});

test("the template is filled, and leads to the web or nowhere", () => {
    assert.equal(
        followAddress(home, "anna@example.org"),
        "https://example.social/authorize_interaction?uri=anna%40example.org",
    );
    for (const template of [
        "https://example.social/follow",
        "javascript:alert('{uri}')",
        "data:text/html,{uri}",
        "//example.social/{uri}",
        "https://{uri}",
        "{uri}",
        "",
    ]) {
        const address = followAddress({ ...home, template }, "anna@example.org");
        assert.ok(address === null || address.startsWith("https://anna%40"), template);
    }
});

function answering(status: number, body: unknown): string[] {
    const asked: string[] = [];
    globalThis.fetch = (async (url: string) => {
        asked.push(url);
        return new Response(JSON.stringify(body), { status });
    }) as typeof fetch;
    return asked;
}

test("our own server asks theirs", async () => {
    const asked = answering(200, { template: home.template });
    assert.deepEqual(await askFollow("hro", "@Eva@example.social"), { home });
    assert.deepEqual(asked, ["/e/hro/follow?server=example.social"]);
});

test("what fails is told apart: what was typed, their server, the network", async () => {
    const asked = answering(400, { error: { code: "bad_server", message: "" } });
    assert.deepEqual(await askFollow("hro", "eva"), { refused: "typed" });
    assert.deepEqual(asked, []);
    assert.deepEqual(await askFollow("hro", "example.social"), { refused: "server" });
    answering(200, { template: "javascript:{uri}" });
    assert.deepEqual(await askFollow("hro", "example.social"), { refused: "server" });
    globalThis.fetch = () => Promise.reject(new TypeError("offline"));
    assert.deepEqual(await askFollow("hro", "example.social"), { refused: "offline" });
});

test("the answer stays in this browser until it is forgotten", () => {
    const base = memoryStore();
    assert.equal(keptHome(base), null);
    assert.equal(knownServer(base), "");
    keepHome(home, base);
    assert.deepEqual(keptHome(base), home);
    assert.equal(keptInstance(base), "example.social");
    assert.equal(forgetInstance(base).length, 2);
    assert.equal(keptHome(base), null);
    assert.deepEqual(base.keys(), []);
});

test("what is kept and broken is nothing", () => {
    for (const kept of [
        "",
        "{",
        "null",
        "[]",
        '{"server":"a.example","template":"javascript:{uri}"}',
    ]) {
        const base = memoryStore();
        base.set("raute/follow", kept);
        assert.equal(keptHome(base), null, kept);
    }
});
