// ECharts on a canvas, in the page's colours, with its data as a table for whoever does not see it.
import * as echarts from "../vendor/echarts.mjs";
import { html, useEffect, useRef } from "./ui.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const still = matchMedia("(prefers-reduced-motion: reduce)");

export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

export function palette() {
  return ["chart-1", "chart-2", "chart-3", "chart-4", "chart-5", "chart-6"].map(colour);
}

// `option` is a function: it is asked again when the colours change
export function Chart({ option, label, height = 240, onClick, deps = [] }) {
  const place = useRef(null);
  const chart = useRef(null);
  useEffect(() => {
    const made = echarts.init(place.current, null, { renderer: "canvas" });
    chart.current = made;
    const size = new ResizeObserver(() => made.resize());
    size.observe(place.current);
    return () => {
      size.disconnect();
      made.dispose();
    };
  }, []);
  useEffect(() => {
    const draw = () => chart.current.setOption(base(option()), { notMerge: true });
    draw();
    dark.addEventListener("change", draw);
    chart.current.off("click");
    if (onClick) chart.current.on("click", onClick);
    return () => dark.removeEventListener("change", draw);
  }, deps);
  return html`<div class="chart" role="img" aria-label=${label} ref=${place} style=${{ height: `${height}px` }}></div>`;
}

function base(option) {
  const text = colour("text-soft");
  const axis = {
    axisLine: { lineStyle: { color: colour("line-strong") } }, axisTick: { show: false }, axisLabel: { color: text, fontSize: 12 },
    splitLine: { lineStyle: { color: colour("line") } }, nameTextStyle: { color: text, align: "left" },
  };
  const both = (wanted) => (Array.isArray(wanted) ? wanted : [wanted]).map((one) => ({
    ...axis, ...one, axisLabel: { ...axis.axisLabel, ...one?.axisLabel }, splitLine: { ...axis.splitLine, ...one?.splitLine },
    axisLine: { ...axis.axisLine, ...one?.axisLine },
  }));
  return {
    animation: !still.matches, animationDuration: 250, color: palette(), backgroundColor: "transparent",
    textStyle: { fontFamily: "system-ui, sans-serif", color: colour("text") },
    ...option,
    grid: { left: 8, right: 16, top: 32, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel", ...option.grid },
    tooltip: {
      renderMode: "richText", trigger: "axis", backgroundColor: colour("surface"), borderColor: colour("line-strong"), borderWidth: 1,
      textStyle: { color: colour("text"), fontSize: 12 }, axisPointer: { type: "shadow", shadowStyle: { color: colour("hover") } },
      ...option.tooltip,
    },
    legend: option.legend === null ? undefined : { top: 0, left: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10, textStyle: { color: text, fontSize: 12 }, ...option.legend },
    xAxis: option.xAxis ? both(option.xAxis) : undefined,
    yAxis: option.yAxis ? both(option.yAxis) : undefined,
  };
}
