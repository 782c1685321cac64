import { expect } from "chai";
import { type BarChart, chartSvg } from "../../src/rounds/bar-chart.ts";

/** A well-formed XML element. */
interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decoded(text: string): string {
  expect(text, "no bare markup").to.not.match(/<|&(?!(?:amp|lt|gt|quot|apos);)/);
  return text.replace(/&(\w+);/g, (_, name: string) => ENTITIES[name]!);
}

/** A strict reader of the XML that charts use: elements, attributes, text. */
function parseXml(source: string): Element {
  const body = source.replace(/^<\?xml[^?]*\?>\s*/, "");
  const root: Element = { name: "", attributes: {}, children: [], text: "" };
  const open: Element[] = [root];
  let at = 0;
  for (const match of body.matchAll(/<(\/?)([a-z]+)((?:\s+[\w:]+="[^"<]*")*)\s*(\/?)>/gi)) {
    const [whole, closing, name, attributes, empty] = match as unknown as [string, string, string, string, string];
    const current = open.at(-1)!;
    current.text += decoded(body.slice(at, match.index));
    at = match.index + whole.length;
    if (closing === "/") {
      expect(name).to.equal(current.name);
      open.pop();
      continue;
    }
    const pairs = [...attributes.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, key, value]) => [key!, decoded(value!)]);
    const element: Element = { name, attributes: Object.fromEntries(pairs), children: [], text: "" };
    current.children.push(element);
    if (empty === "") open.push(element);
  }
  expect(decoded(body.slice(at)).trim()).to.equal("");
  expect(open).to.have.length(1);
  expect(root.children).to.have.length(1);
  return root.children[0]!;
}

const chart: BarChart = {
  title: 'Round <b>"1"</b> & co',
  subtitle: "what each brought",
  labels: ["usa", "<script>", "europe\u0007"],
  panels: [
    {
      title: "Shapley value",
      tone: "value",
      bars: [
        { value: 60, text: "60 %" },
        { value: -20, text: "-20 %" },
        { value: 0, text: "0 %" },
      ],
    },
    {
      title: "reward",
      tone: "reward",
      bars: [
        { value: 3, text: "3 ether" },
        { value: 0, text: "0 ether" },
        { value: 0, text: "0 ether" },
      ],
    },
  ],
};

describe("bar chart", () => {
  const svg = parseXml(chartSvg(chart));
  const barsOf = (...classes: string[]) =>
    svg.children.filter(({ name, attributes }) => name === "rect" && classes.includes(attributes.class!));

  it("is well-formed SVG without scripts, links or foreign content", () => {
    expect(svg.name).to.equal("svg");
    expect(new Set(svg.children.map(({ name }) => name))).to.deep.equal(
      new Set(["title", "style", "rect", "text", "line"]),
    );
    expect(svg.children[0]!.text).to.equal(chart.title);
  });

  it("shows every label and text, escaped, without control characters", () => {
    const texts = svg.children.filter(({ name }) => name === "text").map(({ text }) => text);
    expect(texts).to.include.members(["usa", "<script>", "europe?", "60 %", "-20 %", "3 ether", "Shapley value"]);
  });

  it("draws lengths in proportion, and negative values to the left of the axis", () => {
    const axis = Number(svg.children.find(({ name }) => name === "line")!.attributes.x1);
    const [first, second, third] = barsOf("value", "negative");
    const numbers = ({ attributes }: Element) => [Number(attributes.x), Number(attributes.width)] as const;
    const [start, width] = numbers(first!);
    expect(start).to.equal(axis);
    expect(second!.attributes.class).to.equal("negative");
    const [negativeStart, negativeWidth] = numbers(second!);
    expect(negativeStart + negativeWidth).to.be.closeTo(axis, 0.02);
    expect(width / negativeWidth).to.be.closeTo(3, 0.01);
    expect(numbers(third!)[1]).to.equal(0);
    expect(barsOf("reward")).to.have.length(3);
  });

  it("stays within its page", () => {
    const { width, height } = svg.attributes;
    for (const { attributes } of barsOf("value", "negative", "reward")) {
      expect(Number(attributes.x)).to.be.at.least(0);
      expect(Number(attributes.x) + Number(attributes.width)).to.be.at.most(Number(width));
      expect(Number(attributes.y) + Number(attributes.height)).to.be.at.most(Number(height));
    }
    for (const words of ["1.721589039402663214 ether", "x"]) {
      const long = {
        ...chart,
        panels: [{ ...chart.panels[1]!, bars: chart.labels.map(() => ({ value: 1, text: words })) }],
      };
      const page = parseXml(chartSvg({ ...long, title: `A title of some length ${words.repeat(3)}` }));
      for (const { attributes: place, text, name } of page.children) {
        if (name === "text")
          expect(Number(place.x) + 7 * text.length, text).to.be.at.most(Number(page.attributes.width));
      }
    }
  });

  it("has colours for a light and for a dark page", () => {
    const style = svg.children.find(({ name }) => name === "style")!.text;
    const [light, dark] = style.split("@media (prefers-color-scheme: dark)") as [string, string];
    for (const name of ["page", "title", "label", "axis", "value", "negative", "reward"]) {
      expect(light).to.contain(`.${name}`);
      expect(dark).to.contain(`.${name}`);
    }
  });

  it("draws nothing where all values are zero", () => {
    const flat: BarChart = {
      ...chart,
      panels: [{ title: "reward", tone: "reward", bars: chart.labels.map(() => ({ value: 0, text: "0" })) }],
    };
    expect(chartSvg(flat)).to.not.contain("NaN");
  });
});
