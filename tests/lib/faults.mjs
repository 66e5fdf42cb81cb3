// What a far server does wrong, switched on per test. A fault meets the next `times` requests that
// `when` (a method, a path, both as "POST /api/v1/statuses", or a function of the request) lets
// through; faults armed first go first. Without `when` it meets any request but the pages that people
// see in the browser.
export class Faults {
  #armed = [];

  #arm(kind, times, when, more = {}) {
    this.#armed.push({ kind, left: times, matches: matcher(when), ...more });
  }

  // Answers this status, having done nothing. 429 names a reset time, 503 a Retry-After.
  next(status, times = 1, { when, seconds = 2, headers = {} } = {}) {
    this.#arm("status", times, when, { status, seconds, headers });
  }

  // Answers 429 until the reset time is over, however often it is asked; names that time.
  limit(seconds, { when } = {}) {
    this.#arm("status", Infinity, when, {
      status: 429,
      until: Date.now() + seconds * 1000,
      headers: {},
    });
  }

  // Does what was asked, and breaks off in the middle of the answer's body.
  cut(times = 1, { when } = {}) {
    this.#arm("cut", times, when);
  }

  // Does what was asked, and closes without a word.
  lose(times = 1, { when } = {}) {
    this.#arm("lose", times, when);
  }

  // Closes without a word, having done nothing.
  drop(times = 1, { when } = {}) {
    this.#arm("drop", times, when);
  }

  // Takes the request and never answers.
  hang(times = 1, { when } = {}) {
    this.#arm("hang", times, when);
  }

  // Starts a JSON answer that never ends.
  endless(times = 1, { when } = {}) {
    this.#arm("endless", times, when);
  }

  // Answers that the resource is elsewhere.
  redirect(location, times = 1, { when, status = 302 } = {}) {
    this.#arm("redirect", times, when, { location, status });
  }

  // Does what was asked, `ms` later.
  delay(ms, times = 1, { when } = {}) {
    this.#arm("delay", times, when, { ms });
  }

  // Answers as if the connection were kept, and closes it.
  close(times = 1, { when } = {}) {
    this.#arm("close", times, when);
  }

  // Answers and keeps the connection, but drops it when the next request comes on it, doing nothing.
  stale(times = 1, { when } = {}) {
    this.#arm("stale", times, when);
  }

  // Everything works again.
  clear() {
    this.#armed = [];
  }

  take(request) {
    const now = Date.now();
    this.#armed = this.#armed.filter((fault) => fault.left > 0 && !(fault.until <= now));
    const fault = this.#armed.find((each) => each.matches(request));
    if (fault) {
      fault.left--;
    }
    return fault;
  }
}

export function matcher(when) {
  if (when === undefined) {
    return (request) => !request.page;
  }
  if (typeof when === "function") {
    return when;
  }
  const [method, path] = when.startsWith("/") ? [undefined, when] : when.split(" ");
  const parts = path?.split("/");
  return (request) => {
    const own = request.path.split("/");
    return (
      (method === undefined || request.method === method) &&
      (parts === undefined ||
        (own.length === parts.length &&
          parts.every((part, i) => part.startsWith(":") || part === own[i])))
    );
  };
}
