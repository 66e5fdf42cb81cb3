// Thrown by whoever finds a reason to refuse.
export class Refusal extends Error {
  constructor(status, body, headers = {}) {
    super(`${status}: ${JSON.stringify(body)}`);
    this.answer = { status, body, headers };
  }
}
