// What a person holds who wants to be seen: a card's key, and the messages that it signs. Written from
// server/wire/README.md alone.
import { randomBytes } from "node:crypto";
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { b64, text, u32, unb64 } from "./keys.mjs";

export const minuteNow = () => Math.floor(Date.now() / 60000);
export const u8 = (number) => Buffer.from([number]);

export function label(name) {
  return Buffer.concat([u8(name.length), Buffer.from(name, "latin1")]);
}

// Of a question's text, as a claim signs it.
export function textHash(event, words) {
  return b64(sha512(Buffer.concat([label("raute.1/text"), event, text(words)])).slice(0, 32));
}

// By any key over any fields.
export function signature(secret, name, event, fields) {
  return b64(ed25519.sign(Buffer.concat([label(`raute.1/${name}`), event, ...fields]), secret));
}

export const cardFields = (card) => [
  unb64(card.card),
  u32(card.rev),
  text(card.name),
  text(card.line ?? ""),
  text(card.web ?? ""),
  u8(card.accounts.length),
  ...card.accounts.map(text),
  u8(card.lists ? 1 : 0),
];
export const claimFields = ({ key, card, rev, minute, hash }) => [
  unb64(key),
  unb64(card),
  u32(rev),
  u32(minute),
  unb64(hash),
];

export class CardKey {
  constructor(eventId, secret = randomBytes(32)) {
    Object.assign(this, { event: unb64(eventId), secret });
    this.card = b64(ed25519.getPublicKey(secret));
  }

  sign(name, fields) {
    return signature(this.secret, name, this.event, fields);
  }

  publish({ rev = 1, name, line, web, accounts = [], lists = false, shown = true }) {
    const says = { card: this.card, rev, name, line, web, accounts, lists };
    return { cmd: "card", ...says, shown, sig: this.sign("card", cardFields(says)) };
  }

  // Of a question (lib/keys.mjs) as it stands: `rev` is the next one.
  claim(question, words, rev = 1, minute = minuteNow()) {
    const hash = textHash(this.event, words);
    const says = { key: question.key, card: this.card, rev, minute, hash };
    const fields = claimFields(says);
    return {
      cmd: "claim",
      ...says,
      sig: signature(question.secret, "claim-question", this.event, fields),
      card_sig: this.sign("claim-card", fields),
    };
  }

  // Taken back by either key; `rev` is the question's next one.
  unclaim(question, rev, by = "card") {
    const fields = [unb64(question.key), unb64(this.card), u32(rev)];
    const secret = by === "card" ? this.secret : question.secret;
    const sig = signature(secret, `unclaim-${by}`, this.event, fields);
    return { cmd: "unclaim", key: question.key, card: this.card, rev, by, sig };
  }

  remove(rev) {
    return {
      cmd: "card_delete",
      card: this.card,
      rev,
      sig: this.sign("card-delete", [unb64(this.card), u32(rev)]),
    };
  }

  interest(n, scope, minute = minuteNow()) {
    const sig = this.sign("interest", [unb64(this.card), u32(n), u32(minute), u8(scope)]);
    return { cmd: "interest", card: this.card, n, minute, scope, sig };
  }
}
