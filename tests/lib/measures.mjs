// How far two things of an evening are apart, by whatever can be measured.

export function grouped(list, nameOf) {
  const groups = new Map();
  for (const each of list) {
    const name = nameOf(each);
    groups.get(name)?.push(each) ?? groups.set(name, [each]);
  }
  return groups;
}

// Where each stands among its kind, from 0 to 1; things of the same value stand in the same place, and
// what has none in the middle. What stands in the same order everywhere is taken once.
export function standings(kinds, places) {
  const all = new Map();
  for (const [kind, things] of kinds) {
    const orders = new Map();
    for (const [name, values] of places.all) {
      const { place, count } = ranks(things, values);
      const order = place.join();
      if (count > 1 && !orders.has(order)) {
        orders.set(order, { name, place, count });
      }
    }
    all.set(kind, [...orders.values()]);
  }
  return all;
}

function ranks(things, values) {
  const compare = (x, y) =>
    typeof x === "number" && typeof y === "number" ? x - y : `${x}` < `${y}` ? -1 : 1;
  const all = [...things.keys()]
    .filter((at) => values.has(things[at]))
    .map((at) => [at, values.get(things[at])]);
  all.sort(([, x], [, y]) => (x === y ? 0 : compare(x, y)));
  const place = new Float32Array(things.length).fill(0.5);
  for (let from = 0, past; from < all.length; from = past) {
    for (past = from + 1; past < all.length && all[past][1] === all[from][1]; past++);
    for (let at = from; at < past; at++) {
      place[all[at][0]] = (from + past - 1) / 2 / Math.max(1, all.length - 1);
    }
  }
  return { place, count: all.length };
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

// In loops of their own, for there are many pairs of many things.
function addPlain(all, weight, place, where) {
  for (let i = 0; i < place.length; i++) {
    const row = all[i];
    for (let j = 0; j < where.length; j++) {
      row[j] += weight * Math.abs(place[i] - where[j]);
    }
  }
}

function addNear(all, weight, place, where, count) {
  for (let i = 0; i < place.length; i++) {
    const row = all[i];
    for (let j = 0; j < where.length; j++) {
      row[j] += weight * Math.log(Math.abs(place[i] - where[j]) + 1 / count);
    }
  }
}

// Two orders. Near and very near differ, so each distance is taken as it is and by its logarithm.
const ofPlaces = (name, place, where, count) => [
  {
    name,
    apart: (i, j) => Math.abs(place[i] - where[j]),
    add: (all, weight) => addPlain(all, weight, place, where),
  },
  {
    name: `${name}, near`,
    apart: (i, j) => Math.log(Math.abs(place[i] - where[j]) + 1 / count),
    add: (all, weight) => addNear(all, weight, place, where, count),
  },
];

function ofBytes(name, apartOf, firsts, seconds) {
  const apart = (i, j) => apartOf(firsts[i], seconds[j]);
  const add = (all, weight) =>
    all.forEach((row, i) => row.forEach((_, j) => (row[j] += weight * apart(i, j))));
  return { name, apart, add };
}

// {name, apart(i, j), add(all, weight)}: how far a first is from a second, and the same of all pairs.
export function measuresOf(kinds, standing, [kind, other]) {
  const measures = standing.get(kind).flatMap(({ name, place, count }) =>
    standing
      .get(other)
      .filter((each) => kind !== other || each.name === name)
      .flatMap((each) =>
        ofPlaces(kind === other ? name : `${name} / ${each.name}`, place, each.place, count),
      ),
  );
  const column = (wanted, name) => kinds.get(wanted).map(({ bytes }) => bytes[name]);
  const bytes = Object.keys(kinds.get(kind)[0].bytes).flatMap((first) =>
    Object.keys(kinds.get(other)[0].bytes).flatMap((second) => {
      const columns = [column(kind, first), column(other, second)];
      return [
        ofBytes(`bits of ${first}, ${second}`, bits, ...columns),
        ofBytes(`${first} − ${second}`, around, ...columns),
      ];
    }),
  );
  return [...measures, ...bytes];
}
