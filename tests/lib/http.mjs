// One HTTP request on a connection of its own, so that no pool hides what the server does.
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { within } from "./bounded.mjs";

export function request(address, { method = "GET", headers = {}, body, seconds = 15 } = {}) {
  const answered = new Promise((resolve, reject) => {
    const url = new URL(address);
    const { request: send } = url.protocol === "https:" ? https : http;
    const options = { method, headers, agent: false, rejectUnauthorized: false };
    const sent = send(url, options, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("error", reject);
      answer.on("end", () => {
        const bytes = Buffer.concat(parts);
        resolve({
          status: answer.statusCode,
          headers: answer.headers,
          bytes,
          text: bytes.toString(),
          get json() {
            return JSON.parse(bytes.toString());
          },
        });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
  return within(seconds, answered, `${method} ${address}`);
}

export function bearer(key) {
  return key === undefined ? {} : { authorization: `Bearer ${key}` };
}

// Bytes as they are, on a bare socket. `parts` are written one after the other, `pause` ms apart;
// answers with all that came until the server closed, until `enough` says so, or until `leave`
// seconds are over.
export async function raw(
  port,
  parts,
  { host = "127.0.0.1", seconds = 20, leave, pause = 0, enough = () => false } = {},
) {
  const socket = net.connect(port, host);
  const began = Date.now();
  const got = [];
  const text = () => Buffer.concat(got).toString("latin1");
  let timer;
  const talk = new Promise((resolve, reject) => {
    const done = (closed) => resolve({ text: text(), closed, ms: Date.now() - began });
    const write = (left) => {
      if (left.length && !socket.destroyed) {
        socket.write(left[0]);
        timer = setTimeout(write, pause, left.slice(1));
      }
    };
    socket.on("connect", () => write([parts].flat()));
    socket.on("data", (part) => {
      got.push(part);
      if (enough(text())) {
        done(false);
      }
    });
    socket.on("close", () => done(true));
    socket.on("error", (error) => {
      // A server that hangs up on bad input may well reset the connection.
      if (error.code !== "ECONNRESET" && error.code !== "EPIPE") {
        reject(error);
      }
    });
    if (leave) {
      setTimeout(done, leave * 1000, false);
    }
  });
  try {
    return await within(seconds, talk, `raw talk with port ${port}`);
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

export const statusOf = (text) => Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0);
