const SIZE = 32;
const SAMPLES = 4;
const GLOBE = [31, 95, 107] as const;
const RING = [205, 150, 84] as const;

/**
 * The built-in icon, a ringed planet, drawn here: an .ico holding one 32-bit bitmap. Browsers ask for /favicon.ico
 * whatever the page says, and a 404 in every log helps nobody.
 */
export function favicon(): Uint8Array {
  const pixels = Buffer.alloc(SIZE * SIZE * 4);
  for (let y = 0; y < SIZE; y += 1) {
    for (let x = 0; x < SIZE; x += 1) {
      const [red, green, blue, alpha] = colourAt(x, y);
      // Bitmaps are stored upside down, blue first.
      pixels.set([blue, green, red, alpha], ((SIZE - 1 - y) * SIZE + x) * 4);
    }
  }
  const mask = Buffer.alloc((SIZE * SIZE) / 8);
  const bitmap = bitmapHeader(pixels.length + mask.length);
  const imageLength = bitmap.length + pixels.length + mask.length;
  return Buffer.concat([iconHeader(imageLength), bitmap, pixels, mask]);
}

/** Averages a grid of samples, so edges are smooth. */
function colourAt(x: number, y: number): [number, number, number, number] {
  const sum = [0, 0, 0];
  let hits = 0;
  for (let i = 0; i < SAMPLES * SAMPLES; i += 1) {
    const colour = sample(x + ((i % SAMPLES) + 0.5) / SAMPLES, y + (Math.floor(i / SAMPLES) + 0.5) / SAMPLES);
    if (colour === undefined) continue;
    hits += 1;
    for (const channel of [0, 1, 2]) sum[channel] = (sum[channel] ?? 0) + (colour[channel] ?? 0);
  }
  const mean = (channel: number) => (hits === 0 ? 0 : Math.round((sum[channel] ?? 0) / hits));
  return [mean(0), mean(1), mean(2), Math.round((255 * hits) / (SAMPLES * SAMPLES))];
}

function sample(x: number, y: number): readonly [number, number, number] | undefined {
  const [dx, dy] = [x - SIZE / 2, y - SIZE / 2];
  const inGlobe = dx * dx + dy * dy <= 9.5 * 9.5;
  // The ring is an ellipse turned by some 20 degrees; its far half is behind the globe.
  const [u, v] = [dx * 0.94 - dy * 0.342, dx * 0.342 + dy * 0.94];
  const radius = Math.hypot(u / 15, v / 4.6);
  const onRing = radius <= 1 && radius >= 0.76;
  if (onRing && (v > 0 || !inGlobe)) return RING;
  return inGlobe ? GLOBE : undefined;
}

function iconHeader(imageLength: number): Buffer {
  const header = Buffer.alloc(22);
  header.writeUInt16LE(1, 2); // an icon
  header.writeUInt16LE(1, 4); // one image
  header.writeUInt8(SIZE, 6);
  header.writeUInt8(SIZE, 7);
  header.writeUInt16LE(1, 10);
  header.writeUInt16LE(32, 12);
  header.writeUInt32LE(imageLength, 14);
  header.writeUInt32LE(header.length, 18);
  return header;
}

function bitmapHeader(dataLength: number): Buffer {
  const header = Buffer.alloc(40);
  header.writeUInt32LE(header.length, 0);
  header.writeInt32LE(SIZE, 4);
  header.writeInt32LE(SIZE * 2, 8); // colours and mask count as one picture of double height
  header.writeUInt16LE(1, 12);
  header.writeUInt16LE(32, 14);
  header.writeUInt32LE(dataLength, 20);
  return header;
}
