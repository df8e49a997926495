// Draws <canvas data-chart="id-of-json">: a bundle of its own, loaded only by pages with charts.
// JSON: {kind: "line"|"bar"|"stacked", labels: [], unit: "%", min?, max?, target?: {label, value},
//        series: [{label, values: [number|null], tone?: "ok"|"risk"|"bad", links?: [url], line?: true over bars,
//                  role?: "before"|"limit"|"center", marked?: [positions drawn as signals]}],
//        marks?: [{index, label, to?}: a line down at a position, with a short label above, shaded up to `to`]}
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Filler,
  Legend,
  LineController,
  LineElement,
  LinearScale,
  PointElement,
  Tooltip,
} from "chart.js";
import type { ChartConfiguration, ChartDataset, Plugin } from "chart.js";

Chart.register(
  BarController, BarElement, CategoryScale, Filler, Legend, LineController, LineElement, LinearScale, PointElement, Tooltip,
);

interface Series {
  label: string;
  values: Array<number | null>;
  tone?: "ok" | "risk" | "bad";
  links?: Array<string | null>;
  line?: boolean;
  role?: "before" | "limit" | "center";
  marked?: number[];
}

interface Mark {
  index: number;
  to?: number;
  label: string;
}

interface Description {
  kind: "line" | "bar" | "stacked";
  labels: string[];
  unit?: string;
  min?: number;
  max?: number;
  target?: { label: string; value: number };
  series: Series[];
  marks?: Mark[];
}

const ROLES = { before: ["muted", [2, 3]], limit: ["viz-bad", [6, 4]], center: ["muted", []] } as const;
const DASHES = [[], [6, 4], [2, 3], [6, 3, 2, 3], [1, 1]];
const charts = new Map<HTMLCanvasElement, Chart>();

/** The color a token has in the theme of the moment. */
function token(name: string): string {
  const probe = document.createElement("span");
  probe.style.setProperty("color", `var(--${name})`);
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}

function dataset(series: Series, index: number, kind: Description["kind"]): ChartDataset<"line" | "bar"> {
  if (series.role) return plain(series, series.role);
  const color = token(series.tone ? `viz-${series.tone}` : `cat-${Math.min(index, 4) + 1}`);
  const common = { label: series.label, data: series.values, borderColor: color, backgroundColor: color };
  if (kind !== "line" && !series.line) return { ...common, type: "bar", maxBarThickness: 32 } as ChartDataset<"bar">;
  return {
    ...common,
    type: "line",
    borderDash: DASHES[Math.min(index, 4)],
    borderWidth: 2,
    ...points(series, color),
    pointHoverRadius: 6,
    clip: 8,
    spanGaps: false,
    tension: 0,
  } as ChartDataset<"line">;
}

/** Lines that others are read against: limits, the mean, the time before. */
function plain(series: Series, role: NonNullable<Series["role"]>): ChartDataset<"line"> {
  const [name, dash] = ROLES[role];
  const color = token(name);
  return {
    type: "line",
    label: series.label,
    data: series.values,
    borderColor: color,
    backgroundColor: color,
    borderDash: [...dash],
    borderWidth: role === "before" ? 2 : 1,
    pointRadius: role === "before" ? 2 : 0,
    stepped: role === "limit" ? "middle" : false,
    spanGaps: false,
  };
}

/** Points of signals differ by shape, size and color. */
function points(series: Series, color: string): Partial<ChartDataset<"line">> {
  if (!series.marked?.length) return { pointRadius: 3 };
  const marked = new Set(series.marked);
  const each = <T>(yes: T, no: T): T[] => series.values.map((_value, at) => (marked.has(at) ? yes : no));
  return {
    pointRadius: each(6, 3),
    pointStyle: each("rectRot", "circle"),
    pointBackgroundColor: each(token("viz-bad"), color),
    pointBorderColor: each(token("viz-bad"), color),
  };
}

/** Lines down for what happened, numbered as in the list below; several in one period share a line. */
function marksPlugin(marks: Mark[]): Plugin<"line" | "bar"> {
  const labels = new Map<number, string[]>();
  for (const { index, label } of marks) labels.set(index, [...(labels.get(index) ?? []), label]);
  return {
    id: "marks",
    afterDatasetsDraw(chart) {
      const { ctx, chartArea, scales } = chart;
      ctx.save();
      ctx.strokeStyle = ctx.fillStyle = token("plan");
      ctx.setLineDash([2, 2]);
      ctx.font = `11px ${getComputedStyle(document.body).fontFamily}`;
      ctx.textAlign = "center";
      const xOf = (index: number): number => scales.x?.getPixelForValue(index) ?? 0;
      ctx.globalAlpha = 0.12;
      for (const { index, to } of marks) {
        if (to && to > index) ctx.fillRect(xOf(index), chartArea.top, xOf(to) - xOf(index), chartArea.bottom - chartArea.top);
      }
      ctx.globalAlpha = 1;
      for (const [index, said] of labels) {
        const x = xOf(index);
        ctx.beginPath();
        ctx.moveTo(x, chartArea.top);
        ctx.lineTo(x, chartArea.bottom);
        ctx.stroke();
        const text = said.length > 2 ? `${said[0]}–${said[said.length - 1]}` : said.join(", ");
        ctx.fillText(text, Math.min(Math.max(x, chartArea.left + 8), chartArea.right - 8), chartArea.top - 8);
      }
      ctx.restore();
    },
  };
}

function configuration(about: Description): ChartConfiguration<"line" | "bar"> {
  const muted = token("muted");
  const grid = token("border");
  const font = { family: getComputedStyle(document.body).fontFamily, size: 12 };
  const datasets = about.series.map((series, index) => dataset(series, index, about.kind));
  if (about.target) {
    const { label, value } = about.target;
    const line = { type: "line", label, data: about.labels.map(() => value), borderColor: token("text"), backgroundColor: token("text") };
    datasets.push({ ...line, borderDash: [4, 4], borderWidth: 1, pointRadius: 0 } as ChartDataset<"line">);
  }
  const isStacked = about.kind === "stacked";
  return {
    type: about.kind === "line" ? "line" : "bar",
    plugins: about.marks?.length ? [marksPlugin(about.marks)] : [],
    data: { labels: about.labels, datasets },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      layout: { padding: { top: about.marks?.length ? 20 : 0 } },
      interaction: { mode: "index", intersect: false },
      scales: {
        x: { stacked: isStacked, grid: { display: false }, border: { color: grid }, ticks: { color: muted, font, maxRotation: 0 } },
        y: {
          stacked: isStacked,
          beginAtZero: about.kind !== "line",
          min: about.min,
          max: about.max,
          grid: { color: grid },
          border: { display: false },
          ticks: { color: muted, font, maxTicksLimit: 6, callback: (value) => `${value}${about.unit ?? ""}` },
        },
      },
      plugins: {
        legend: {
          display: datasets.length > 1,
          position: "bottom",
          labels: { color: token("text"), font, boxHeight: 2, boxWidth: 24 },
        },
        tooltip: {
          backgroundColor: token("surface"),
          titleColor: token("text"),
          bodyColor: token("text"),
          borderColor: token("control"),
          borderWidth: 1,
          callbacks: { label: (item) => `${item.dataset.label}: ${item.formattedValue}${about.unit ?? ""}` },
        },
      },
      onClick: (_event, elements) => {
        const hit = elements[0];
        const url = hit && about.series[hit.datasetIndex]?.links?.[hit.index];
        if (url) location.assign(url);
      },
    },
  };
}

function draw(canvas: HTMLCanvasElement): void {
  charts.get(canvas)?.destroy();
  const json = document.getElementById(canvas.dataset.chart ?? "")?.textContent;
  if (json) charts.set(canvas, new Chart(canvas, configuration(JSON.parse(json) as Description)));
}

function drawAll(root: ParentNode): void {
  for (const [canvas, chart] of charts) {
    if (!canvas.isConnected) {
      chart.destroy();
      charts.delete(canvas);
    }
  }
  for (const canvas of root.querySelectorAll<HTMLCanvasElement>("canvas[data-chart]")) draw(canvas);
}

drawAll(document);
document.addEventListener("htmx:afterSettle", (event) => drawAll(event.target as Element));
document.addEventListener("steward:appearance", () => drawAll(document));
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll(document));
