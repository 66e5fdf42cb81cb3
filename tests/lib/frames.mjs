// WebSocket frames by hand, to say what a well-behaved library refuses to say.
import { randomBytes } from "node:crypto";
import net from "node:net";
import { until, within } from "./bounded.mjs";

export function frame(
  payload,
  { opcode = 1, fin = true, reserved = 0, masked = true, length } = {},
) {
  const bytes = Buffer.from(payload);
  const said = length ?? BigInt(bytes.length);
  const head = [(fin ? 0x80 : 0) | (reserved << 4) | opcode];
  const maskBit = masked ? 0x80 : 0;
  if (said < 126n) {
    head.push(maskBit | Number(said));
  } else if (said < 65536n) {
    head.push(maskBit | 126, Number(said >> 8n), Number(said & 255n));
  } else {
    head.push(maskBit | 127);
    for (let shift = 56n; shift >= 0n; shift -= 8n) {
      head.push(Number((said >> shift) & 255n));
    }
  }
  if (!masked) {
    return Buffer.concat([Buffer.from(head), bytes]);
  }
  const mask = randomBytes(4);
  return Buffer.concat([Buffer.from(head), mask, bytes.map((byte, at) => byte ^ mask[at % 4])]);
}

export function handshake(
  event,
  { origin = event.server.url, protocol = "raute.1", host, more = [] } = {},
) {
  return [
    `GET /e/${event.slug}/live HTTP/1.1`,
    `Host: ${host ?? new URL(event.server.url).host}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
    "Sec-WebSocket-Version: 13",
    ...(protocol ? [`Sec-WebSocket-Protocol: ${protocol}`] : []),
    ...(origin ? [`Origin: ${origin}`] : []),
    ...more,
    "\r\n",
  ].join("\r\n");
}

// A socket after its handshake; `messages` gathers the server's texts, `code` its close code.
export class Bare {
  static async open(event) {
    const bare = new Bare();
    const { port, hostname } = new URL(event.server.url);
    bare.socket = net.connect(Number(port), hostname);
    bare.socket.setNoDelay(true);
    bare.buffer = Buffer.alloc(0);
    bare.messages = [];
    bare.closed = new Promise((resolve) => bare.socket.on("close", resolve));
    bare.socket.on("close", () => (bare.over = true));
    bare.socket.on("error", () => {});
    bare.socket.on("data", (part) => bare.#take(part));
    bare.socket.write(handshake(event));
    await until(() => bare.open, "the handshake is answered");
    return bare;
  }

  #take(part) {
    this.buffer = Buffer.concat([this.buffer, part]);
    if (!this.open) {
      const end = this.buffer.indexOf("\r\n\r\n");
      if (end < 0) {
        return;
      }
      this.open = this.buffer.subarray(0, end).toString();
      this.buffer = this.buffer.subarray(end + 4);
    }
    while (this.buffer.length >= 2) {
      let length = this.buffer[1] & 127;
      let start = 2;
      if (length === 126) {
        length = this.buffer.length >= 4 ? this.buffer.readUInt16BE(2) : Infinity;
        start = 4;
      } else if (length === 127) {
        length = this.buffer.length >= 10 ? Number(this.buffer.readBigUInt64BE(2)) : Infinity;
        start = 10;
      }
      if (this.buffer.length < start + length) {
        return;
      }
      const payload = this.buffer.subarray(start, start + length);
      const opcode = this.buffer[0] & 15;
      this.buffer = this.buffer.subarray(start + length);
      if (opcode === 1) {
        this.messages.push(JSON.parse(payload.toString()));
      } else if (opcode === 8) {
        this.code = payload.length >= 2 ? payload.readUInt16BE(0) : 0;
      } else if (opcode === 10) {
        this.pong = payload.toString();
      }
    }
  }

  send(bytes) {
    this.socket.write(bytes);
  }

  async say(message, options) {
    const before = this.answers.length;
    const raw = typeof message === "string" || Buffer.isBuffer(message);
    this.send(frame(raw ? message : JSON.stringify(message), options));
    await until(() => this.answers.length > before || this.over, "an answer");
    return this.answers[before];
  }

  async ended(seconds = 10) {
    await within(seconds, this.closed, "the server closes the socket");
    return this.code;
  }

  // Frames of changes left out.
  get answers() {
    return this.messages.filter((message) => "id" in message);
  }

  close() {
    this.socket.destroy();
  }
}
