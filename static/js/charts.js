// Charts on the slate scale. data-chart holds JSON:
//   {"x": ["10-1", …], "every": 1, "series": [{"name", "kind": "bar" | "line", "tone": "" | "done" | "late" | "soon" | "tough", "dashed": false, "values": […]}]}
// The words of aria-label say what the picture says; a table stands one click away.
(() => {
  const { $$, token } = gc;
  const TONES = { done: "--gc-done-mark", late: "--gc-late-mark", soon: "--gc-soon-mark", tough: "--gc-tough-mark" };

  const series = ({ name, kind, tone, dashed, values }, index) => {
    const color = token(TONES[tone] ?? (kind === "bar" ? ["--gc-scale-2", "--gc-scale-4", "--gc-scale-3"][index % 3] : "--gc-ink-2"));
    const common = { name, data: values, itemStyle: { color } };
    if (kind === "bar") return { ...common, type: "bar", barWidth: "52%", itemStyle: { color, borderRadius: [2, 2, 0, 0] } };
    return { ...common, type: "line", symbol: "none", lineStyle: { color, width: 2, type: dashed ? "dashed" : "solid" } };
  };

  const options = (el, data) => {
    const size = Math.round(12 * parseFloat(getComputedStyle(document.documentElement).fontSize) / 16);
    const ink = token("--gc-ink-2"), strong = token("--gc-line-strong");
    const label = { color: ink, fontSize: size };
    return {
      animation: false, aria: { enabled: true },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: size },
      tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: token("--gc-surface"), borderColor: strong, textStyle: { color: token("--gc-ink"), fontSize: size } },
      legend: { top: 0, left: 0, itemWidth: 16, itemHeight: 8, itemGap: 16, textStyle: label },
      grid: { left: 4, right: 8, top: 30, bottom: 0, containLabel: true },
      xAxis: { type: "category", data: data.x, axisTick: { show: false }, axisLine: { lineStyle: { color: strong } }, axisLabel: { ...label, interval: el.clientWidth < 480 ? Math.ceil(data.x.length / 6) : (data.every ?? 1) } },
      yAxis: { type: "value", splitNumber: 3, minInterval: 1, axisLabel: label, splitLine: { lineStyle: { color: token("--gc-line") } } },
      series: data.series.map(series),
    };
  };

  // A chart whose element a live page has replaced would stay in memory for ever.
  const drawn = new Set();
  const forget = () => drawn.forEach((el) => {
    if (el.isConnected) return;
    echarts.dispose(el);
    drawn.delete(el);
  });

  const draw = (el) => {
    forget();
    drawn.add(el);
    const chart = echarts.getInstanceByDom(el) ?? echarts.init(el);
    chart.setOption(options(el, JSON.parse(el.dataset.chart)), true);
  };

  if (!window.echarts) return;
  gc.each("[data-chart]", (el) => { draw(el); new ResizeObserver(() => echarts.getInstanceByDom(el)?.resize()).observe(el); });
  addEventListener("gc:theme", () => $$("[data-chart]").forEach(draw));
})();
