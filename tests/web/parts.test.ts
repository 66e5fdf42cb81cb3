import assert from "node:assert/strict";
import test from "node:test";
import { modelFromSnapshot } from "../../web/core/state";
import { parseSnapshot } from "../../web/core/protocol";
import { hashtagsFrom } from "../../web/pages/organiser/hashtags";
import { fromLocalField, localField } from "../../web/pages/organiser/settings";
import { hashtagParts } from "../../web/parts/hashtag";
import { showOf } from "../../web/pages/stage/show";
import { questionOf, snapshotOf } from "./cases";

test("a hashtag breaks only before capitals", () => {
  assert.deepEqual(hashtagParts("NetzwerkenHRO"), ["Netzwerken", "HRO"]);
  assert.deepEqual(hashtagParts("GraphAngewandteKI26"), ["Graph", "Angewandte", "KI26"]);
  assert.deepEqual(hashtagParts("ÖPNVImLandkreis"), ["ÖPNVIm", "Landkreis"]);
  assert.deepEqual(hashtagParts("hro"), ["hro"]);
  assert.equal(hashtagParts("DonaudampfSchifffahrt").join(""), "DonaudampfSchifffahrt");
});

test("hashtags as people type them", () => {
  assert.deepEqual(hashtagsFrom(" #HRO, NetzwerkenHRO;Küste "), ["HRO", "NetzwerkenHRO", "Küste"]);
  assert.deepEqual(hashtagsFrom("  "), []);
});

test("minutes in the reader's local time, there and back", () => {
  const minute = 29384756;
  assert.equal(fromLocalField(localField(minute)), minute);
  assert.equal(fromLocalField(""), null);
});

test("the stage shows the question being answered, then those with the most votes; nothing pending counts", () => {
  const snapshot = parseSnapshot(
    snapshotOf({
      questions: [
        questionOf(1, { votes: 2 }),
        questionOf(2, { votes: 9 }),
        questionOf(3, { votes: 1, state: "answering" }),
        { n: 4, talk: 1, tag: "AAAAAAAAAAA", state: "pending", rev: 0 },
      ],
      url: "https://raute.example/",
    }),
  );
  assert.ok(snapshot !== null);
  const show = showOf(modelFromSnapshot(snapshot));
  assert.equal(show.now?.n, 3);
  assert.deepEqual(
    show.next.map((each) => each.n),
    [2, 1],
  );
  assert.equal(show.count, 3);
  assert.equal(show.link, `https://raute.example/${snapshot.event.slug}`);
  assert.equal(show.address, `raute.example/${snapshot.event.slug}`);
});
