/* A clock that tests turn, and a network whose other end they are. */

import type { Surroundings } from "../../web/core/surroundings";

export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export class Clock {
  now = 1_000_000_000_000;
  private timers: { due: number; run: () => void }[] = [];

  readonly after = (ms: number, run: () => void): (() => void) => {
    const timer = { due: this.now + ms, run };
    this.timers.push(timer);
    return () => void (this.timers = this.timers.filter((each) => each !== timer));
  };

  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      await settle();
      const next = this.timers.filter((each) => each.due <= end).sort((a, b) => a.due - b.due)[0];
      if (next === undefined) {
        break;
      }
      this.timers = this.timers.filter((each) => each !== next);
      this.now = Math.max(this.now, next.due);
      next.run();
    }
    this.now = end;
    await settle();
  }
}

export class FakeSocket {
  readyState = 0;
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  readonly sent: string[] = [];

  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    if (this.readyState !== 3) {
      this.readyState = 3;
      this.onclose?.();
    }
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  get commands(): Record<string, unknown>[] {
    return this.sent.map((text) => JSON.parse(text) as Record<string, unknown>);
  }
  get last(): Record<string, unknown> {
    return this.commands.at(-1) ?? {};
  }
}

/* As a browser does: what was aborted fails, also while the body is being read. */
function abortable<T>(work: T | Promise<T>, signal: AbortSignal | null): Promise<T> {
  const aborted = new Promise<never>((_, reject) =>
    signal?.addEventListener("abort", () => reject(new Error("aborted"))),
  );
  return Promise.race([work, aborted]);
}

export class FakeNetwork {
  readonly clock = new Clock();
  readonly sockets: FakeSocket[] = [];
  readonly fetched: { url: string; authorization: string | undefined; signal: AbortSignal | null }[] = [];
  answer: (url: string) => Response | Promise<Response> = () => new Response("", { status: 500 });
  network: (back: boolean) => void = () => undefined;

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) {
      throw new Error("no socket was opened");
    }
    return socket;
  }

  readonly surroundings: Surroundings = {
    origin: "https://raute.example",
    fetch: async (url, init) => {
      const headers = (init?.headers ?? {}) as Record<string, string>;
      const signal = init?.signal ?? null;
      this.fetched.push({ url, authorization: headers["Authorization"], signal });
      const response = await abortable(this.answer(url), signal);
      const text = response.text.bind(response);
      response.text = () => abortable(text(), signal);
      return response;
    },
    socket: () => {
      const socket = new FakeSocket();
      this.sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    after: this.clock.after,
    random: () => 0.5,
    now: () => this.clock.now,
    watch: (network) => {
      this.network = network;
      return () => undefined;
    },
  };
}
