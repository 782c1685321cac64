import { createTestSet, type TestSet } from "@zkcmp/network/testset";
import { type Random, seededRandom } from "./random.ts";

/** Side of a digit image in pixels; a row has 196 of them. */
export const DIGIT_SIDE = 14;

type Point = readonly [x: number, y: number];
type Stroke = readonly Point[];

/** A part of an ellipse, angles in turns, clockwise from the right. */
function arc(centre: Point, radii: Point, from: number, to: number): Stroke {
  const steps = 10;
  return Array.from({ length: steps + 1 }, (_, i) => {
    const angle = 2 * Math.PI * (from + ((to - from) * i) / steps);
    return [centre[0] + radii[0] * Math.cos(angle), centre[1] + radii[1] * Math.sin(angle)];
  });
}

/** One or more ways to write each digit, in the unit square, y downwards. */
const GLYPHS: readonly (readonly (readonly Stroke[])[])[] = [
  [[arc([0.5, 0.5], [0.27, 0.4], 0, 1)]],
  [
    [
      [
        [0.52, 0.1],
        [0.52, 0.9],
      ],
    ],
    [
      [
        [0.32, 0.3],
        [0.55, 0.1],
        [0.55, 0.9],
      ],
    ],
  ],
  [
    [
      arc([0.5, 0.32], [0.25, 0.22], -0.5, 0.1),
      [
        [0.7, 0.45],
        [0.25, 0.9],
        [0.78, 0.9],
      ],
    ],
  ],
  [[arc([0.48, 0.3], [0.24, 0.2], -0.42, 0.25), arc([0.48, 0.7], [0.27, 0.21], -0.25, 0.42)]],
  [
    [
      [
        [0.6, 0.1],
        [0.22, 0.62],
        [0.8, 0.62],
      ],
      [
        [0.62, 0.35],
        [0.62, 0.92],
      ],
    ],
    [
      [
        [0.28, 0.12],
        [0.26, 0.5],
        [0.74, 0.5],
      ],
      [
        [0.7, 0.12],
        [0.7, 0.9],
      ],
    ],
  ],
  [
    [
      [
        [0.72, 0.1],
        [0.34, 0.1],
        [0.31, 0.45],
      ],
      arc([0.46, 0.66], [0.27, 0.23], -0.34, 0.4),
    ],
  ],
  [
    [
      [
        [0.62, 0.1],
        [0.36, 0.36],
        [0.27, 0.66],
      ],
      arc([0.5, 0.68], [0.23, 0.21], 0, 1),
    ],
  ],
  [
    [
      [
        [0.24, 0.12],
        [0.76, 0.12],
        [0.42, 0.9],
      ],
    ],
    [
      [
        [0.24, 0.12],
        [0.76, 0.12],
        [0.42, 0.9],
      ],
      [
        [0.36, 0.5],
        [0.7, 0.5],
      ],
    ],
  ],
  [[arc([0.5, 0.3], [0.21, 0.19], 0, 1), arc([0.5, 0.7], [0.25, 0.21], 0, 1)]],
  [
    [
      arc([0.5, 0.32], [0.23, 0.21], 0, 1),
      [
        [0.73, 0.34],
        [0.7, 0.6],
        [0.56, 0.92],
      ],
    ],
  ],
];

/** How much the digits differ from their glyphs. */
const ROTATION = 0.12;
const SLANT = 0.15;
const SHIFT = 0.9;
const WOBBLE = 0.035;
const NOISE = 24;

/**
 * Draws labelled digit images of 14 x 14 pixels, 8 bits each: the strokes of a glyph, scaled, slanted, rotated a
 * little, shifted, with a pen of random width and with noise. All classes are equally frequent; the order is random.
 * The same seed gives the same set, and different seeds give independent sets.
 */
export function drawDigits(count: number, seed: number): TestSet {
  const random = seededRandom(seed);
  const labels = random.shuffled(Array.from({ length: count }, (_, i) => i % GLYPHS.length));
  const rows = labels.map((label) => drawDigit(label, random));
  return createTestSet({ inputBits: 8, classes: GLYPHS.length, rows, labels });
}

function drawDigit(label: number, random: Random): number[] {
  const glyphs = GLYPHS[label] as readonly (readonly Stroke[])[];
  const glyph = glyphs[Math.floor(random.between(0, glyphs.length))] as readonly Stroke[];
  const place = randomPlacement(random);
  const strokes = glyph.map((stroke) =>
    stroke.map(([x, y]) => place([x + WOBBLE * random.normal(), y + WOBBLE * random.normal()])),
  );
  const pen = random.between(0.45, 1.05);
  const ink = random.between(170, 255);
  return Array.from({ length: DIGIT_SIDE * DIGIT_SIDE }, (_, at) => {
    const pixel: Point = [(at % DIGIT_SIDE) + 0.5, Math.floor(at / DIGIT_SIDE) + 0.5];
    const distance = Math.min(...strokes.map((stroke) => distanceToStroke(pixel, stroke)));
    const value = ink * Math.min(Math.max(pen + 0.5 - distance, 0), 1) + NOISE * random.normal();
    return Math.round(Math.min(Math.max(value, 0), 255));
  });
}

/** A map from the unit square to pixels. */
function randomPlacement(random: Random): (point: Point) => Point {
  const angle = ROTATION * random.normal();
  const slant = SLANT * random.normal();
  const [scaleX, scaleY] = [random.between(8, 13), random.between(9.5, 13)];
  const [shiftX, shiftY] = [random.between(-SHIFT, SHIFT), random.between(-SHIFT, SHIFT)];
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  return ([x, y]) => {
    const v = (y - 0.5) * scaleY;
    const u = (x - 0.5) * scaleX - slant * v;
    return [cosine * u - sine * v + DIGIT_SIDE / 2 + shiftX, sine * u + cosine * v + DIGIT_SIDE / 2 + shiftY];
  };
}

function distanceToStroke([x, y]: Point, stroke: Stroke): number {
  let smallest = Infinity;
  for (let i = 1; i < stroke.length; i++) {
    const [ax, ay] = stroke[i - 1] as Point;
    const [bx, by] = stroke[i] as Point;
    const [dx, dy] = [bx - ax, by - ay];
    const along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1);
    const t = Math.min(Math.max(along, 0), 1);
    smallest = Math.min(smallest, (x - ax - t * dx) ** 2 + (y - ay - t * dy) ** 2);
  }
  return Math.sqrt(smallest);
}
