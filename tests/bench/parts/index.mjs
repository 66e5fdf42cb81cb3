// The parts in the order in which they run, and the file in which each is a function of its name.
export const parts = {
  fanout: "fanout",
  swallow: "fanout",
  syscalls: "fanout",
  last: "fanout",
  memory: "phones",
  handshakes: "phones",
  votes: "votes",
  latency: "votes",
  idle: "votes",
  storm: "votes",
  mute: "phones",
  join: "phones",
  start: "stored",
  instructions: "instructions",
  scaling: "scaling",
  growth: "votes",
};
