// The grid map: what the colours count, finding a grid, community or street, and the chosen grid in the address.
//
//   data-ground="ground"    around the map of that id · data-focus="code": the street to begin with · data-chosen="code": the grid
//   [data-ground-find]      an input; what it finds is listed in [data-ground-found]
(() => {
  const FEWEST = 2, MOST = 8, EVERY = 80;
  const { $, $$, make, say } = gc;

  const layers = (panel) => [...(panel.outline?.getLayers() ?? []), ...(panel.grids?.getLayers() ?? [])];
  const matches = ({ code = "", name = "" }, words) => name.toLowerCase().includes(words) || code.toLowerCase().startsWith(words);
  const show = (panel, layer) => panel.map.fitBounds(layer.getBounds(), { padding: [24, 24], maxZoom: 16.5 });
  const isGrid = (panel, layer) => Boolean(panel.grids?.hasLayer(layer));

  const choose = (panel, layer) => {
    show(panel, layer);
    if (isGrid(panel, layer)) gc.map.select(panel, layer.feature.properties.code);
  };

  const row = (panel, layer, done) => {
    const { name, code, kind } = layer.feature.properties;
    const above = isGrid(panel, layer) ? panel.outline?.getLayers().find((one) => one.feature.properties.kind === "community" && code.startsWith(one.feature.properties.code)) : null;
    const button = make("button", "gc-menu__it", make("b", "gc-one", name), make("span", "gc-mute gc-small gc-num gc-push", above?.feature.properties.name ?? (kind === "street" ? "" : code)));
    button.type = "button";
    button.addEventListener("click", () => { choose(panel, layer); done(); });
    return button;
  };

  const find = (box, panel) => {
    const input = $("[data-ground-find]", box), list = $("[data-ground-found]", box);
    const clear = () => { list.replaceChildren(); list.hidden = true; };
    const look = () => {
      const words = input.value.trim().toLowerCase();
      if (words.length < FEWEST) return clear();
      const found = layers(panel).filter((layer) => matches(layer.feature.properties, words)).slice(0, MOST);
      list.replaceChildren(...(found.length ? found.map((layer) => row(panel, layer, clear)) : [make("p", "gc-mute gc-small gc-pad", say("nothing"))]));
      list.hidden = false;
    };
    let timer = 0;
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, EVERY); });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") clear();
      if (event.key === "Enter") { event.preventDefault(); $("button", list)?.click(); }
      if (event.key === "ArrowDown") { event.preventDefault(); $("button", list)?.focus(); }
    });
    list.addEventListener("keydown", (event) => {
      const next = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
      if (next) { event.preventDefault(); (document.activeElement[next] ?? input).focus(); }
    });
  };

  const figures = (box, panel) => {
    const buttons = $$("[data-map-figure]", box);
    const mark = () => buttons.forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.mapFigure === panel.el.dataset.figure)));
    buttons.forEach((b) => b.addEventListener("click", () => { mark(); box.classList.toggle("gc-ground--late", panel.el.dataset.figure === "late"); }));
    mark();
  };

  const begin = (box, panel) => {
    const { focus, chosen } = box.dataset;
    const wanted = layers(panel).find((layer) => layer.feature.properties.code === (chosen || focus));
    if (wanted) choose(panel, wanted);
  };

  gc.each("[data-ground]", (box) => {
    const el = document.getElementById(box.dataset.ground);
    const start = () => { find(box, el.gcMap); figures(box, el.gcMap); begin(box, el.gcMap); };
    if (el.gcMap?.drawn) start();
    else el.addEventListener("gc:drawn", start, { once: true });
    el.addEventListener("gc:grid", ({ detail }) => {
      const url = new URL(location.href);
      url.searchParams.set("grid", detail);
      history.replaceState(null, "", url);
    });
  });
})();
