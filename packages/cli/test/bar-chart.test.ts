import type { BarChart } from "@zkcmp/chain/rounds/bar-chart";
import { expect } from "chai";
import { chartLines } from "../src/bar-chart.ts";

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

describe("bar chart in a terminal", () => {
  it("draws negative bars to the left", () => {
    const lines = chartLines(chart);
    const line = (words: string): string => lines.find((each) => each.endsWith(words))!;
    const [left, right] = line(" 60 %").split("│") as [string, string];
    expect(left).to.not.contain("█");
    expect(right.match(/█/g)).to.have.length(30);
    const [negative, none] = line("-20 %").split("│") as [string, string];
    expect(negative.match(/█/g)).to.have.length(10);
    expect(none).to.not.contain("█");
    expect(negative.length, "the axes stand below each other").to.equal(left.length);
    expect(line(" 0 %")).to.not.contain("█");
  });

  it("draws nothing where all values are zero", () => {
    const flat: BarChart = {
      ...chart,
      panels: [{ title: "reward", tone: "reward", bars: chart.labels.map(() => ({ value: 0, text: "0" })) }],
    };
    expect(chartLines(flat).join()).to.not.match(/█|NaN/);
  });
});
