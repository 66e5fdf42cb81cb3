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

export function shuffled(list, dice) {
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
