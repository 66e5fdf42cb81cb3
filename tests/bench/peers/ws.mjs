// The npm package ws: every text on /driver goes to all other sockets.
//   node ws.mjs PORT plain|framed    framed: one ready frame, written to each socket as it is
import http from "node:http";
import { Sender, WebSocketServer } from "ws";

const [port, way] = process.argv.slice(2);
const phones = new Set();
const sockets = new WebSocketServer({
  noServer: true,
  perMessageDeflate: false,
  clientTracking: false,
});

function plain(text) {
  for (const phone of phones) {
    phone.send(text, { binary: false });
  }
}

function framed(text) {
  const form = { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: true };
  const frame = Buffer.concat(Sender.frame(text, form));
  for (const phone of phones) {
    phone._socket.write(frame);
  }
}

const broadcast = { plain, framed }[way];
const server = http.createServer((_, answer) => answer.writeHead(426).end());
server.on("upgrade", (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, (phone) => {
    phone.on("error", () => {}); // a phone that is gone is gone
    if (request.url === "/driver") {
      phone.on("message", broadcast);
    } else {
      phones.add(phone);
      phone.on("close", () => phones.delete(phone));
    }
  });
});
server.listen({ port, host: "127.0.0.1", backlog: 4096 }, () => console.log("ready"));
process.on("SIGTERM", () => process.exit(0));
