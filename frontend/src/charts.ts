// Draws <canvas data-chart="id-of-json">: a bundle of its own, loaded only by pages with charts.
// JSON: {kind: "line"|"bar"|"stacked", labels: [], unit: "%", min?, max?, target?: {label, value},
//        series: [{label, values: [number|null], tone?: "ok"|"risk"|"bad", links?: [url], line?: true over bars}]}
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
import type { ChartConfiguration, ChartDataset } from "chart.js";

Chart.register(
  BarController, BarElement, CategoryScale, Filler, Legend, LineController, LineElement, LinearScale, PointElement, Tooltip,
);

interface Series {
  label: string;
  values: Array<number | null>;
  tone?: "ok" | "risk" | "bad";
  links?: Array<string | null>;
  line?: boolean;
}

interface Description {
  kind: "line" | "bar" | "stacked";
  labels: string[];
  unit?: string;
  min?: number;
  max?: number;
  target?: { label: string; value: number };
  series: Series[];
}

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
  const color = token(series.tone ? `viz-${series.tone}` : `cat-${Math.min(index, 4) + 1}`);
  const common = { label: series.label, data: series.values, borderColor: color, backgroundColor: color };
  if (kind !== "line" && !series.line) return { ...common, type: "bar", maxBarThickness: 32 } as ChartDataset<"bar">;
  return {
    ...common,
    type: "line",
    borderDash: DASHES[Math.min(index, 4)],
    borderWidth: 2,
    pointRadius: 3,
    pointHoverRadius: 5,
    clip: 8,
    spanGaps: false,
    tension: 0,
  } as ChartDataset<"line">;
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
    data: { labels: about.labels, datasets },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
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
