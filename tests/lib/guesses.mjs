// Guesses what nobody may know: of two things that look alike from outside, which one belongs to the
// first? What is learnt from evenings of which everything is known is a weight for each way to measure
// how far two things are apart; how well it guesses elsewhere is compared with how well it does where
// nothing can be known, because the same things were dealt out to people anew.
import { shuffled } from "./matcher.mjs";
import { grouped, measuresOf } from "./measures.mjs";

const draws = 2000; // guesses of one evening and relation; a pair that comes up again has another rival
const dealings = 16; // per evening
const any = () => true;

// `look` is all that everybody may know of a thing (its release, whether it is claimed): the wrong one
// looks like the right one, but where `free` says that nothing is known.
export const relations = [
  {
    name: "question – question",
    kinds: ["question", "question"],
    // Whoever claims has one card here, so two questions with cards are known to have two askers. That
    // holds for claims taken back as well: everybody could see them.
    left: (a, b) => !(a.carded && b.carded),
  },
  { name: "question – its asker's ballots", kinds: ["question", "ballot"] },
  {
    name: "question – ballots for it",
    kinds: ["question", "ballot"],
    by: "about",
  },
  { name: "ballot – ballot", kinds: ["ballot", "ballot"] },
  { name: "ticket – question", kinds: ["ticket", "question"], free: true },
  { name: "ticket – ballot", kinds: ["ticket", "ballot"] },
  { name: "card – its owner's other questions", kinds: ["card", "question"], left: (_, b) => !b.carded },
  {
    name: "card – its claim taken back",
    kinds: ["card", "question"],
    left: (a, b) => a.look === "unclaimed" && b.fate === "unclaimed",
    free: true,
  },
  { name: "card – its owner's ballots", kinds: ["card", "ballot"] },
  { name: "sealed row – sealed row", kinds: ["sealed", "sealed"] },
  { name: "sealed row – its owner's questions", kinds: ["sealed", "question"] },
  { name: "sealed row – its owner's ballots", kinds: ["sealed", "ballot"] },
].map((relation) => ({ by: "author", left: any, free: false, ...relation }));

// ---- what there is to guess

// [first, the one that belongs, one that does not], as places in the lists of their kinds.
function choicesOf(kinds, { kinds: [kind, other], by, left, free }, count, dice) {
  const [firsts, seconds] = [kinds.get(kind), kinds.get(other)];
  const lookOf = (at) => (free ? "" : seconds[at].look);
  const own = grouped([...seconds.keys()], (at) => seconds[at][by]);
  const alike = grouped([...seconds.keys()], lookOf);
  const fits = (a, b) => a !== b && left(a, b);
  const pairs = firsts.flatMap((a, i) =>
    (own.get(a[by]) ?? []).filter((j) => fits(a, seconds[j])).map((j) => [i, j]),
  );
  const rival = (a, j) => {
    const others = alike.get(lookOf(j));
    for (let tries = 40; tries > 0; tries--) {
      const k = others[dice(others.length)];
      if (seconds[k][by] !== a[by] && fits(a, seconds[k])) {
        return k;
      }
    }
    return -1;
  };
  return Array.from({ length: pairs.length > 0 ? count : 0 }, (_, at) => {
    const [i, j] = pairs[pairs.length > count ? dice(pairs.length) : at % pairs.length];
    return [i, j, rival(firsts[i], j)];
  }).filter(([, , k]) => k >= 0);
}

// The same things, dealt out anew to the same people: among what looks alike, any may be anybody's.
function dealt(kinds, dice) {
  const anew = new Map();
  for (const [kind, things] of kinds) {
    const fresh = [...things];
    for (const places of grouped([...things.keys()], (at) => things[at].look).values()) {
      const owners = shuffled(places, dice);
      places.forEach((at, nth) => {
        const { author, about } = things[owners[nth]];
        fresh[at] = { ...things[at], author, ...(kind === "question" ? {} : { about }) };
      });
    }
    anew.set(kind, fresh);
  }
  return anew;
}

// ---- to learn from

// Of one evening and one relation: for every choice how much farther the wrong one is, by each measure.
export function lessons(kinds, standing, relation, dice, count) {
  const measures = measuresOf(kinds, standing, relation.kinds);
  const rows = choicesOf(kinds, relation, count, dice).map(([i, j, k]) =>
    Float32Array.from(measures, ({ apart }) => apart(i, k) - apart(i, j)),
  );
  return { names: measures.map(({ name }) => name), rows };
}

// Columns of several evenings by the same names; what one evening does not have tells nothing.
function columnsOf(evenings, names) {
  const count = evenings.reduce((sum, { rows }) => sum + rows.length, 0);
  const columns = names.map(() => new Float32Array(count));
  let past = 0;
  for (const { names: own, rows } of evenings) {
    const from = new Map(own.map((name, at) => [name, at]));
    names.forEach((name, at) => {
      if (from.has(name)) {
        rows.forEach((row, nth) => (columns[at][past + nth] = row[from.get(name)]));
      }
    });
    past += rows.length;
  }
  return columns;
}

function signs(list) {
  let sum = 0;
  for (const value of list) {
    sum += Math.sign(value);
  }
  return sum;
}

// The surest tenth of some guesses: where what they are made by is largest.
function surest(guesses) {
  const sizes = guesses.map(Math.abs).sort();
  const least = sizes[sizes.length - Math.ceil(sizes.length / 10)];
  return guesses.filter((each) => Math.abs(each) >= least);
}

const greatest = (list) =>
  list.reduce((top, each, at) => (Math.abs(each) > Math.abs(list[top]) ? at : top), 0);

// Weights: the one measure that was right most often, the one that was right most often where it was
// surest, and all of them (logistic regression).
export function learn(evenings) {
  const names = [...new Set(evenings.flatMap((each) => each.names))];
  const columns = columnsOf(evenings, names);
  const alone = (right) => ({
    names: [names[greatest(right)]],
    weights: [Math.sign(right[greatest(right)])],
  });
  const sharp = columns.map((column) => {
    const sure = surest(column);
    return signs(sure) / Math.sqrt(sure.length);
  });
  return {
    often: alone(columns.map(signs)),
    sharp: alone(sharp),
    all: { names, weights: regression(columns) },
  };
}

// In plain loops: nearly all of learning is these two.
function addTo(sums, column, weight) {
  for (let row = 0; row < sums.length; row++) {
    sums[row] += weight * column[row];
  }
}

function product(a, b) {
  let sum = 0;
  for (let row = 0; row < a.length; row++) {
    sum += a[row] * b[row];
  }
  return sum;
}

function regression(columns) {
  const count = columns[0].length;
  const spread = columns.map((column) => Math.sqrt(product(column, column) / count) || 1);
  const weights = new Float64Array(columns.length);
  const pace = 4 / Math.sqrt(columns.length);
  for (let step = 0; step < 40; step++) {
    const sums = new Float64Array(count);
    columns.forEach((column, at) => addTo(sums, column, weights[at] / spread[at]));
    const wrong = sums.map((sum) => 1 / (1 + Math.exp(sum)));
    columns.forEach((column, at) => {
      const slope = product(wrong, column) / spread[at] / count;
      weights[at] += pace * (slope - 0.01 * weights[at]);
    });
  }
  return [...weights].map((weight, at) => weight / spread[at]);
}

const average = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;

// ---- to guess

const right = (sums) =>
  average(sums.map((sum) => (Math.abs(sum) < 1e-9 ? 0.5 : Number(sum > 0))));

// By what was learnt in other evenings: how much farther the wrong one is, of lists of choices.
function farther(kinds, measures, relation, { names, weights }, lists) {
  const weightOf = new Map(names.map((name, at) => [name, weights[at]]));
  const weighed = measures.filter(({ name }) => weightOf.has(name));
  if (lists.length === 1) {
    const far = (i, j) => weighed.reduce((sum, { name, apart }) => sum + weightOf.get(name) * apart(i, j), 0);
    return lists.map((choices) => Float64Array.from(choices, ([i, j, k]) => far(i, k) - far(i, j)));
  }
  const [firsts, seconds] = relation.kinds.map((kind) => kinds.get(kind).length);
  const all = Array.from({ length: firsts }, () => new Float64Array(seconds));
  weighed.forEach(({ name, add }) => add(all, weightOf.get(name)));
  return lists.map((choices) => Float64Array.from(choices, ([i, j, k]) => all[i][k] - all[i][j]));
}

// By each way of `learnt`: how often the guesses are right, of all and of the surest tenth; and `blind`,
// the same where everything was dealt out anew.
export function guess(kinds, standing, relation, learnt, dice, blind) {
  const dealtOut = Array.from({ length: blind ? dealings : 0 }, () => dealt(kinds, dice));
  const count = blind ? draws : draws / 4;
  const lists = [kinds, ...dealtOut].map((each) => choicesOf(each, relation, count, dice));
  if (lists[0].length === 0) {
    return undefined;
  }
  const measures = measuresOf(kinds, standing, relation.kinds);
  const told = Object.entries(learnt).map(([way, weights]) => {
    const [real, ...others] = farther(kinds, measures, relation, weights, lists).map((sums) => ({
      all: right(sums),
      sure: right(surest(sums)),
    }));
    return [way, { ...real, blind: others }];
  });
  return Object.fromEntries(told);
}

// ---- what is chance

// How many standard deviations a normal value exceeds with this probability (below one in ten).
export function deviations(probability) {
  const beyond = (z) => {
    let rest = z;
    for (let depth = 60; depth > 0; depth--) {
      rest = z + depth / rest;
    }
    return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI) / rest;
  };
  let [low, high] = [1, 10];
  while (high - low > 1e-6) {
    const middle = (low + high) / 2;
    [low, high] = beyond(middle) > probability ? [middle, high] : [low, middle];
  }
  return high;
}

// `halves`: of each half of the evenings, how often it was right in each, and in how many dealings of
// each. The halves have taught each other, so they are not independent; but their mean is above the
// mean of their limits only where one of them is above its own. `error`: over the evenings.
export function judged(halves, probability) {
  const each = halves.flatMap(({ rates }) => rates);
  const mean = average(each);
  const spread = Math.sqrt(average(each.map((rate) => (rate - mean) ** 2)) / (each.length - 1));
  const limits = halves.map(({ rates, blind }) => {
    const deviation = Math.sqrt(average(blind.map((rate) => (rate - 0.5) ** 2)) / rates.length);
    return 0.5 + deviations(probability / 2) * deviation;
  });
  return { mean, error: spread, limit: average(limits) };
}
