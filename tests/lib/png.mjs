// Makes a screenshot small: at most 128 colours, chosen by median cut, as a palette. Reads and writes
// the one kind of PNG that Chromium's screenshots are (8 bits, RGB or RGBA, not interlaced).
import { crc32, deflateSync, inflateSync } from "node:zlib";

function chunksOf(png) {
  const chunks = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    chunks.push([png.toString("latin1", at + 4, at + 8), png.subarray(at + 8, at + 8 + length)]);
    at += length + 12;
  }
  return chunks;
}

function paeth(a, b, c) {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

// The picture's pixels as 0xRRGGBB.
function pixelsOf(png) {
  const chunks = chunksOf(png);
  const head = chunks[0][1];
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const depth = head[9] === 6 ? 4 : 3;
  const bytes = inflateSync(
    Buffer.concat(chunks.filter(([type]) => type === "IDAT").map(([, data]) => data)),
  );
  const stride = width * depth;
  const lines = Buffer.alloc(height * stride);
  for (let y = 0; y < height; y++) {
    const filter = bytes[y * (stride + 1)];
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x >= depth ? lines[at - depth] : 0;
      const up = y ? lines[at - stride] : 0;
      const corner = x >= depth && y ? lines[at - stride - depth] : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      lines[at] = bytes[y * (stride + 1) + 1 + x] + guess;
    }
  }
  const pixels = new Uint32Array(width * height);
  for (let at = 0; at < pixels.length; at++) {
    pixels[at] = (lines[at * depth] << 16) | (lines[at * depth + 1] << 8) | lines[at * depth + 2];
  }
  return { width, height, pixels };
}

const part = (colour, shift) => (colour >> shift) & 255;

// Boxes of colours, the one with the widest weighted side cut in two until there are enough.
function paletteOf(counts, size) {
  let boxes = [[...counts.entries()]];
  const side = (box) => {
    const spans = [16, 8, 0].map((shift) => {
      const values = box.map(([colour]) => part(colour, shift));
      return [Math.max(...values) - Math.min(...values), shift];
    });
    return spans.sort((a, b) => b[0] - a[0])[0];
  };
  const weight = (box) => side(box)[0] * Math.sqrt(box.reduce((sum, [, count]) => sum + count, 0));
  while (boxes.length < size) {
    const widest = boxes.filter((box) => box.length > 1).sort((a, b) => weight(b) - weight(a))[0];
    if (!widest) {
      break;
    }
    const [, shift] = side(widest);
    widest.sort(([a], [b]) => part(a, shift) - part(b, shift));
    const half = widest.length >> 1;
    boxes = [...boxes.filter((box) => box !== widest), widest.slice(0, half), widest.slice(half)];
  }
  // A box is shown by its most frequent colour: flat areas keep theirs exactly.
  return boxes.map((box) => [
    box.reduce((best, each) => (each[1] > best[1] ? each : best))[0],
    box,
  ]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

export function shrunk(png, colours = 128) {
  const { width, height, pixels } = pixelsOf(png);
  const counts = new Map();
  pixels.forEach((colour) => counts.set(colour, (counts.get(colour) ?? 0) + 1));
  const palette = paletteOf(counts, colours);
  const indexOf = new Map(
    palette.flatMap(([, box], index) => box.map(([colour]) => [colour, index])),
  );
  const lines = Buffer.alloc(height * (width + 1));
  pixels.forEach((colour, at) => {
    lines[Math.floor(at / width) * (width + 1) + 1 + (at % width)] = indexOf.get(colour);
  });
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    png.subarray(0, 8),
    chunk("IHDR", head),
    chunk(
      "PLTE",
      Buffer.from(
        palette.flatMap(([colour]) => [part(colour, 16), part(colour, 8), part(colour, 0)]),
      ),
    ),
    chunk("IDAT", deflateSync(lines, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
