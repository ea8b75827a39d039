// Payments by day, as a chart and as a table.
import { html } from "../lib/ui.js";
import { Card, Definition, Shown } from "../lib/blocks.js";
import { Chart, colour } from "../lib/chart.js";
import { useKpi } from "../lib/data.js";
import { Csv } from "../lib/table.js";

const STEPS = ["initiated", "approved", "submitted", "settled", "returned"];

export function Volume({ period }) {
  const volume = useKpi("volume", period);
  const rows = volume.data?.rows ?? [];
  const columns = ["day", ...STEPS.flatMap((step) => [step, `${step}_amount`])].map((key) => ({ key }));
  return html`<${Card} wide title="Payments by day" hint="Each step on its own business date"
      actions=${html`${volume.data && html`<${Definition} kpi=${volume.data} asOf=${volume.data.as_of} />`}<${Csv} name="volume" columns=${columns} rows=${rows} />`}>
    <${Shown} of=${volume} empty="No payment in this period.">${() => html`<${Chart} height=${230} label=${`Payments by day, ${rows.length} business dates`} deps=${[volume.data]} option=${() => ({
      xAxis: { type: "category", data: rows.map((row) => row.day) }, yAxis: { type: "value", minInterval: 1 },
      series: [
        { name: "Asked for", type: "bar", data: rows.map((row) => row.initiated), barMaxWidth: 18 },
        { name: "Settled", type: "bar", data: rows.map((row) => row.settled), barMaxWidth: 18 },
        { name: "Returned", type: "bar", data: rows.map((row) => row.returned), barMaxWidth: 18, itemStyle: { color: colour("chart-4") } },
      ],
    })} />`}<//>
  <//>`;
}
