// Looks for what nobody may find: an order or a nearness that tells which rows have one author.
//
// An ordering is a list of groups' members as some artefact shows them, one after the other. If
// neighbours share their author more often than chance has it, the artefact tells something.

// Where every needle lies in the bytes: a list of places and names in that order. In one pass, by the
// needles' first four bytes.
export function places(bytes, needles) {
  const hay = Buffer.from(bytes);
  const starts = new Map();
  const first = new Uint8Array(65536);
  for (const [name, needle] of needles) {
    const wanted = Buffer.from(needle);
    const start = wanted.readUInt32LE(0);
    starts.set(start, [...(starts.get(start) ?? []), [name, wanted]]);
    first[start & 0xffff] = 1;
  }
  const found = [];
  for (let at = 0; at + 4 <= hay.length; at++) {
    if (first[hay[at] | (hay[at + 1] << 8)]) {
      for (const [name, wanted] of starts.get(hay.readUInt32LE(at)) ?? []) {
        if (wanted.equals(hay.subarray(at, at + wanted.length))) {
          found.push([at, name]);
        }
      }
    }
  }
  return found;
}

export const lying = (bytes, needles) => places(bytes, needles).map(([, name]) => name);

function neighbours(sequence, authorOf) {
  let same = 0;
  for (let at = 1; at < sequence.length; at++) {
    const [a, b] = [sequence[at - 1], sequence[at]];
    same += a !== b && authorOf.get(a) === authorOf.get(b) ? 1 : 0;
  }
  return same;
}

function shuffled(list, dice) {
  const copy = [...list];
  for (let at = copy.length - 1; at > 0; at--) {
    const other = dice(at + 1);
    [copy[at], copy[other]] = [copy[other], copy[at]];
  }
  return copy;
}

// How many standard deviations more neighbours share their author than when authors are dealt out at
// random. `circles`: lists of names among which authors may be exchanged, because it is public that
// they belong together (one release).
export function suspicion(sequence, circles, authorOf, dice, times = 400) {
  const real = neighbours(sequence, authorOf);
  const chance = Array.from({ length: times }, () => {
    const dealt = new Map();
    for (const circle of circles) {
      const authors = shuffled(
        circle.map((name) => authorOf.get(name)),
        dice,
      );
      circle.forEach((name, at) => dealt.set(name, authors[at]));
    }
    return neighbours(sequence, dealt);
  });
  const mean = chance.reduce((sum, each) => sum + each, 0) / times;
  const variance = chance.reduce((sum, each) => sum + (each - mean) ** 2, 0) / times;
  return (real - mean) / Math.sqrt(variance || 1);
}

// Rank correlation of two orders of the same names: 1 the same, −1 reversed, 0 nothing in common.
export function correlation(order, other) {
  const place = new Map(other.map((name, at) => [name, at]));
  const count = order.length;
  const squares = order.reduce((sum, name, at) => sum + (at - place.get(name)) ** 2, 0);
  return 1 - (6 * squares) / (count * (count * count - 1));
}

// ---- guesses: of two that look alike from outside, which one belongs to the first?

// [name, kinds, alike, belong]: `belong` is what is to be guessed; the other one is chosen so that all
// that everybody may know (which release, whether claimed) is the same of both.
export const relations = [
  {
    name: "question – question",
    kinds: ["question", "question"],
    belong: (a, b) => a.author === b.author,
    alike: (b, c) => b.when === c.when && b.claimed === c.claimed,
    left: (a, b) => !(a.claimed && b.claimed),
  },
  { name: "question – its asker's ballots", kinds: ["question", "ballot"], belong: sameAuthor },
  { name: "question – ballots for it", kinds: ["question", "ballot"], belong: (a, b) => a.about === b.about },
  { name: "ballot – ballot", kinds: ["ballot", "ballot"], belong: sameAuthor },
  { name: "ticket – question", kinds: ["ticket", "question"], belong: sameAuthor },
  { name: "ticket – ballot", kinds: ["ticket", "ballot"], belong: sameAuthor },
];

function sameAuthor(a, b) {
  return a.author === b.author;
}

// [first, the one that belongs, one that does not], at most `most`.
function choicesOf(things, { kinds, belong, alike = () => true, left = () => true }, most, dice) {
  const [firsts, seconds] = kinds.map((kind) => things.filter((thing) => thing.kind === kind));
  const pairs = firsts.flatMap((a) =>
    seconds.filter((b) => a !== b && belong(a, b) && left(a, b)).map((b) => [a, b]),
  );
  return shuffled(pairs, dice)
    .slice(0, most)
    .flatMap(([a, b]) => {
      const others = seconds.filter((c) => c !== a && !belong(a, c) && left(a, c) && alike(b, c));
      return others.length > 0 ? [[a, b, others[dice(others.length)]]] : [];
    });
}

// Where each stands among its kind, from 0 to 1; things of the same value stand in the same place.
function ranks(values, kind) {
  const all = [...values].filter(([thing]) => thing.kind === kind);
  const compare = (x, y) =>
    typeof x === "number" && typeof y === "number" ? x - y : `${x}` < `${y}` ? -1 : 1;
  all.sort(([, x], [, y]) => (x === y ? 0 : compare(x, y)));
  const place = new Map();
  for (let from = 0, past; from < all.length; from = past) {
    for (past = from + 1; past < all.length && all[past][1] === all[from][1]; past++);
    for (let at = from; at < past; at++) {
      place.set(all[at][0], (from + past - 1) / 2 / Math.max(1, all.length - 1));
    }
  }
  return place;
}

function bits(a, b) {
  let count = 0;
  for (let at = 0; at < 16; at++) {
    for (let left = a[at] ^ b[at]; left; left &= left - 1) {
      count++;
    }
  }
  return count / 128;
}

function around(a, b) {
  const apart = Math.abs(a.readUInt32BE(0) - b.readUInt32BE(0)) / 2 ** 32;
  return Math.min(apart, 1 - apart);
}

// How far two things are apart, by whatever can be measured: {name, apart}. Near and very near differ,
// so each distance is taken as it is and by its logarithm.
function measuresOf(things, places, [kind, other]) {
  const standing = (wanted) => {
    const all = things.filter((thing) => thing.kind === wanted);
    const orders = new Map(); // what stands in the same order everywhere is measured once
    for (const [name, values] of places.all) {
      const place = ranks(values, wanted);
      const order = all.map((thing) => place.get(thing)).join();
      if (place.size > 1 && !orders.has(order)) {
        orders.set(order, { name, place });
      }
    }
    return [...orders.values()];
  };
  const theirs = standing(other);
  const measures = standing(kind).flatMap(({ name, place }) =>
    theirs
      .filter((each) => kind !== other || each.name === name)
      .flatMap(({ name: second, place: where }) => {
        const apart = (a, b) => Math.abs((place.get(a) ?? 0.5) - (where.get(b) ?? 0.5));
        const near = (a, b) => Math.log(apart(a, b) + 1 / place.size);
        const title = kind === other ? name : `${name} / ${second}`;
        return [
          { name: title, apart },
          { name: `${title}, near`, apart: near },
        ];
      }),
  );
  const [a, b] = [kind, other].map((wanted) => things.find((thing) => thing.kind === wanted));
  const bytes = Object.keys(a.bytes).flatMap((first) =>
    Object.keys(b.bytes).flatMap((second) => [
      { name: `bits of ${first}, ${second}`, apart: (x, y) => bits(x.bytes[first], y.bytes[second]) },
      { name: `${first} − ${second}`, apart: (x, y) => around(x.bytes[first], y.bytes[second]) },
    ]),
  );
  return [...measures, ...bytes];
}

// Of one evening and one relation: for every choice how much farther the wrong one is, by each measure.
export function choices(things, places, relation, dice, most = 200) {
  const measures = measuresOf(things, places, relation.kinds);
  const rows = choicesOf(things, relation, most, dice).map(([a, b, c]) =>
    Float32Array.from(measures, ({ apart }) => apart(a, c) - apart(a, b)),
  );
  return { names: measures.map(({ name }) => name), rows };
}

// Rows of several evenings by the same names; what one evening does not have tells nothing.
function together(evenings, names) {
  return evenings.flatMap(({ names: own, rows }) => {
    const from = names.map((name) => own.indexOf(name));
    return rows.map((row) => Float32Array.from(from, (at) => (at < 0 ? 0 : row[at])));
  });
}

// The surest tenth of some guesses: where what they are made by is largest.
function surest(guesses) {
  const sure = [...guesses].sort((a, b) => Math.abs(b) - Math.abs(a));
  return sure.slice(0, Math.ceil(sure.length / 10));
}

const greatest = (list) =>
  list.reduce((top, each, at) => (Math.abs(each) > Math.abs(list[top]) ? at : top), 0);
const signs = (list) => list.reduce((sum, value) => sum + Math.sign(value), 0);

// What is learnt from evenings of which everything is known: weights. The one measure that was right
// most often, the one that was right most often where it was surest, and all of them (logistic regression).
export function learn(evenings) {
  const names = [...new Set(evenings.flatMap((each) => each.names))];
  const rows = together(evenings, names);
  const columns = names.map((_, at) => rows.map((row) => row[at]));
  const alone = (right) => ({
    names: [names[greatest(right)]],
    weights: [Math.sign(right[greatest(right)])],
  });
  const spread = columns.map((column) => Math.sqrt(average(column.map((value) => value ** 2))) || 1);
  const weights = regression(rows.map((row) => row.map((value, at) => value / spread[at])));
  return {
    often: alone(columns.map(signs)),
    sharp: alone(columns.map((column) => signs(surest(column)))),
    all: { names, weights: weights.map((weight, at) => weight / spread[at]) },
  };
}

const product = (a, b) => {
  let sum = 0;
  for (let at = 0; at < a.length; at++) {
    sum += a[at] * b[at];
  }
  return sum;
};

function regression(rows) {
  const weights = new Float64Array(rows[0].length);
  const pace = 4 / Math.sqrt(weights.length);
  for (let step = 0; step < 40; step++) {
    const slope = new Float64Array(weights.length);
    for (const row of rows) {
      const wrong = 1 / (1 + Math.exp(product(weights, row)));
      for (let at = 0; at < row.length; at++) {
        slope[at] += wrong * row[at];
      }
    }
    for (let at = 0; at < weights.length; at++) {
      weights[at] += pace * (slope[at] / rows.length - 0.01 * weights[at]);
    }
  }
  return [...weights];
}

const average = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;

// How often the guesses are right in evenings that nothing was learnt from; chance is one half.
export function guesses(evenings, { names, weights }, sure = false) {
  return evenings.map((one) => {
    const all = together([one], names).map((row) => product(weights, row));
    return (sure ? surest(all) : all).map((sum) => (Math.abs(sum) < 1e-9 ? 0.5 : Number(sum > 0)));
  });
}

// Of guesses by evening. `error` is the standard error over the evenings, never less than that of so
// many independent guesses.
export function rate(evenings) {
  const each = evenings.map(average);
  const mean = average(each);
  const spread = Math.sqrt(average(each.map((value) => (value - mean) ** 2)) / (each.length - 1));
  const count = evenings.flat().length;
  return { mean, error: Math.max(spread, 0.5 / Math.sqrt(count)), count };
}
