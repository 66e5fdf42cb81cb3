// A name server on loopback with a table of names; what is not in it does not exist.
//   const dns = await Dns.start({ "_atproto.vera.test": { TXT: ["did=did:plc:x"] } });
//   dns.server is "127.0.0.1:PORT"; dns.names may be changed meanwhile; dns.asked says "NAME TYPE".
// Types A, AAAA and TXT, over UDP. Several TXT values are several records.
import dgram from "node:dgram";

const types = { 1: "A", 16: "TXT", 28: "AAAA" };
const internet = 1;
const nameError = 3;

function address6(text) {
  const [left, right = ""] = text.split("::");
  const groups = (part) => part.split(":").filter(Boolean);
  const zeros = text.includes("::") ? 8 - groups(left).length - groups(right).length : 0;
  const all = [...groups(left), ...Array(zeros).fill("0"), ...groups(right)];
  return Buffer.from(all.map((group) => group.padStart(4, "0")).join(""), "hex");
}

const encode = {
  A: (text) => Buffer.from(text.split(".").map(Number)),
  AAAA: address6,
  // Pieces of at most 255 bytes, each after its length.
  TXT: (text) =>
    Buffer.concat(
      (Buffer.from(text).toString("hex").match(/.{1,510}/g) ?? [""]).flatMap((piece) => [
        Buffer.from([piece.length / 2]),
        Buffer.from(piece, "hex"),
      ]),
    ),
};

// The only question of a message: its name in lower case, its type, and where it ends.
function question(message) {
  const labels = [];
  let at = 12;
  while (message[at] > 0 && message[at] < 64) {
    labels.push(message.toString("latin1", at + 1, at + 1 + message[at]));
    at += 1 + message[at];
  }
  return {
    name: labels.join(".").toLowerCase(),
    type: types[message.readUInt16BE(at + 1)],
    end: at + 5,
  };
}

function record(type, value) {
  const data = encode[type](value);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0); // the name of the question
  head.writeUInt16BE(Number(Object.keys(types).find((number) => types[number] === type)), 2);
  head.writeUInt16BE(internet, 4);
  head.writeUInt16BE(data.length, 10); // after a time to live of 0
  return Buffer.concat([head, data]);
}

export class Dns {
  static async start(names = {}) {
    const dns = new Dns();
    dns.names = names;
    dns.asked = [];
    dns.socket = dgram.createSocket("udp4");
    await new Promise((resolve, reject) =>
      dns.socket.on("error", reject).bind(0, "127.0.0.1", resolve),
    );
    dns.socket.unref();
    dns.server = `127.0.0.1:${dns.socket.address().port}`;
    dns.socket.on("message", (message, { port, address }) => {
      dns.socket.send(dns.answer(message), port, address);
    });
    return dns;
  }

  answer(message) {
    const { name, type, end } = question(message);
    this.asked.push(`${name} ${type}`);
    const known = this.names[name];
    const records = (known?.[type] ?? []).map((value) => record(type, value));
    const head = Buffer.alloc(12);
    message.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8580 | (known ? 0 : nameError), 2); // an answer, authoritative, recursive
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(records.length, 6);
    return Buffer.concat([head, message.subarray(12, end), ...records]);
  }

  stop() {
    return new Promise((resolve) => this.socket.close(resolve));
  }
}
