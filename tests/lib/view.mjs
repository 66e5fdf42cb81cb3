// What a client knows: a snapshot, and every frame laid over it.

export class View {
  constructor(snapshot) {
    this.take(snapshot);
  }

  take(snapshot) {
    this.seq = snapshot.seq;
    this.event = snapshot.event;
    this.talks = snapshot.talks;
    this.current = snapshot.current;
    this.present = snapshot.present;
    this.accounts = snapshot.accounts;
    this.left = snapshot.left;
    this.offers = snapshot.offers;
    this.questions = new Map(snapshot.questions.map((question) => [question.n, question]));
    this.orders = new Map(snapshot.orders);
    this.cards = new Map(); // those that changed: a snapshot has none
    this.gap = false;
  }

  apply(frame) {
    if (frame.from > this.seq) {
      this.gap = true;
      return;
    }
    frame.changes.forEach((change) => this.#change(change));
    this.present = frame.present ?? this.present;
    this.seq = Math.max(this.seq, frame.seq);
  }

  #change({ k: kind, ...change }) {
    switch (kind) {
      case "question": {
        this.questions.set(change.n, change);
        return;
      }
      case "votes":
        for (const [number, votes] of change.v) {
          this.questions.set(number, { ...this.questions.get(number), votes });
        }
        return;
      case "gone":
        this.questions.delete(change.n);
        return;
      case "order":
        this.orders.set(change.talk, change.order);
        return;
      case "talks":
        this.talks = change.talks;
        this.current = change.current;
        return;
      case "event":
      case "accounts":
      case "left":
        this[kind] = change[kind];
        return;
      case "card":
        this.cards.set(change.tag, change);
        return;
      case "card_gone":
        this.cards.delete(change.tag);
        return;
      case "wiped":
        this.questions.clear();
        this.orders.forEach((_, talk) => this.orders.set(talk, []));
        return;
      default:
        throw new Error(`a change of an unknown kind: ${kind}`);
    }
  }

  // As a snapshot says it, but for what is outside seq.
  get state() {
    const { seq, event, talks, current, accounts, left } = this;
    const questions = [...this.questions.values()].sort((a, b) => a.n - b.n);
    const orders = [...this.orders].filter(([, order]) => order.length).sort(([a], [b]) => a - b);
    return { seq, event, talks, current, accounts, left, questions, orders };
  }
}

export const stateOf = (snapshot) => new View(snapshot).state;
