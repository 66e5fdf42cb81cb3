// What a browser holds of its own: a seed per event, a key per question, and the signed messages.
// Written from server/wire/README.md alone.
import { randomBytes } from "node:crypto";
import { ed25519 } from "@noble/curves/ed25519.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha512 } from "@noble/hashes/sha2.js";

export const b64 = (bytes) => Buffer.from(bytes).toString("base64url");
export const unb64 = (text) => Buffer.from(text, "base64url");

function label(text) {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text, "latin1")]);
}

export function text(words) {
  const bytes = Buffer.from(words);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

export function u32(number) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
}

export class Seed {
  constructor(eventId, seed = randomBytes(32)) {
    this.event = unb64(eventId);
    this.seed = seed;
  }

  question(salt = randomBytes(16)) {
    const mac = hmac(
      sha512,
      this.seed,
      Buffer.concat([label("raute.1/question"), this.event, salt]),
    );
    const secret = mac.slice(0, 32);
    return new QuestionKey(this.event, secret, salt);
  }
}

export class QuestionKey {
  constructor(event, secret, salt) {
    Object.assign(this, { event, secret, saltBytes: salt });
    this.bytes = Buffer.from(ed25519.getPublicKey(secret));
    this.key = b64(this.bytes);
    this.salt = b64(salt);
    this.tag = b64(this.bytes.subarray(0, 8));
  }

  sign(name, ...fields) {
    const message = Buffer.concat([label(`raute.1/${name}`), this.event, this.bytes, ...fields]);
    return b64(ed25519.sign(message, this.secret));
  }

  ask({ text: words, talk = 1, degree = 0 }) {
    const sig = this.sign("ask", this.saltBytes, u32(talk), Buffer.from([degree]), text(words));
    return { cmd: "ask", key: this.key, salt: this.salt, talk, degree, text: words, sig };
  }

  edit(rev, words) {
    return {
      cmd: "edit",
      key: this.key,
      rev,
      text: words,
      sig: this.sign("edit", u32(rev), text(words)),
    };
  }

  withdraw(rev) {
    return { cmd: "withdraw", key: this.key, rev, sig: this.sign("withdraw", u32(rev)) };
  }

  degree(rev, degree) {
    const sig = this.sign("degree", u32(rev), Buffer.from([degree]));
    return { cmd: "degree", key: this.key, rev, degree, sig };
  }
}

// ask and edit all look alike on the line: trailing spaces to a multiple of 1,024 bytes.
export function padded(json) {
  const over = Buffer.byteLength(json) % 1024;
  return over ? json + " ".repeat(1024 - over) : json;
}
