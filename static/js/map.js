// The map panel. Geometry comes as GeoJSON (WGS-84) and may be cached for long; figures and pins come apart and stay live.
//
//   data-map="paper"   one paper and what is around it · "pick": a pin to drag, tells gc:moved {lng, lat} · "grids": the whole district
//   data-lng, -lat, -accuracy, -zoom, -icon, -title   the paper itself
//   data-grids="/…"    GeoJSON polygons: properties code, name, community (code), label
//   data-outline="/…"  GeoJSON of streets and communities: properties kind ("street" | "community"), name
//   data-on="code"     the grid that is outlined · data-fit: fit to the polygons · data-bounds="w,s,e,n": what is shown first
//   data-figures="/…"  JSON {code: {open: 3, late: 1}} · data-figure="open" · data-breaks="1,2,3,5": colours the polygons
//   data-pins='[…]' or data-pins-url="/…"   [{lng, lat, tone, icon, title, url}] · data-workers='[{lng, lat, name}]'
//   data-card="/grids/CODE/card/"   asked for when a polygon is clicked, put into [data-map-card]
//   data-tiles, data-tiles-by       a tile server, where the installation has one
(() => {
  const MANY_PINS = 150, REST = 5000, NEAR = 14.5;
  const { $, $$, token } = gc;
  const TONES = { late: "--gc-late-mark", soon: "--gc-soon-mark", tough: "--gc-tough-mark", done: "--gc-done-mark", on: "--gc-act", still: "--gc-still-mark" };

  const json = async (url) => {
    const answer = await gc.send(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };
  const given = (text) => { try { return JSON.parse(text || "[]"); } catch { return []; } };
  const divIcon = (css, content, size, anchor) => {
    const el = gc.make("span", css);
    el.append(...content);
    return L.divIcon({ className: "", iconSize: size, iconAnchor: anchor, html: el });
  };

  const pin = ({ lng, lat, tone = "run", icon = "pin", title = "", url = "" }, extra = {}) => {
    const marker = L.marker([lat, lng], { title, alt: title, keyboard: Boolean(url), icon: divIcon(`gc-pin gc-pin--${tone}`, [gc.icon(icon)], [30, 30], [6, 34]), ...extra });
    if (url) marker.on("click keypress", () => location.assign(url));
    return marker;
  };
  const dot = ({ lng, lat, tone, title, url }, renderer) => {
    const marker = L.circleMarker([lat, lng], { renderer, radius: 5, weight: 1.5, color: token("--gc-surface"), fillColor: token(TONES[tone] ?? "--gc-run"), fillOpacity: 1, pane: "pins" });
    if (title) marker.bindTooltip(document.createTextNode(title).textContent);
    if (url) marker.on("click", () => location.assign(url));
    return marker;
  };
  const worker = ({ lng, lat, name }) => L.marker([lat, lng], { title: name, interactive: false, icon: divIcon("gc-worker", [gc.icon("user"), name], [0, 0], [0, 0]) });
  const label = (at, text, bold, css = "") => {
    const span = gc.make("span");
    span.append(bold ? gc.make("b", "", text) : text);
    const box = gc.make("div", `gc-map__label ${css}`, span);
    return L.marker(at, { interactive: false, keyboard: false, icon: L.divIcon({ className: "", iconSize: [0, 0], html: box }) });
  };

  // One panel and its layers
  const open = (el) => {
    const kind = el.dataset.map;
    const map = L.map(el, {
      zoomControl: false, attributionControl: Boolean(el.dataset.tilesBy), preferCanvas: kind === "grids",
      scrollWheelZoom: kind !== "paper" || "wheel" in el.dataset, dragging: true, minZoom: 9, maxZoom: 19, zoomSnap: 0.25, boxZoom: false,
    });
    map.createPane("pins").style.zIndex = 450;
    if (kind !== "pick" || el.clientWidth > 240) {
      L.control.zoom({ position: "bottomright", zoomInTitle: gc.say("zoom_in"), zoomOutTitle: gc.say("zoom_out") }).addTo(map);
      L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
    }
    if (el.dataset.tiles) L.tileLayer(el.dataset.tiles, { maxZoom: 19, attribution: el.dataset.tilesBy || "" }).addTo(map);
    map.setView([Number(el.dataset.lat) || 32.02, Number(el.dataset.lng) || 118.81], Number(el.dataset.zoom) || (kind === "grids" ? 13 : 16));
    const [west, south, east, north] = (el.dataset.bounds ?? "").split(",").map(Number);
    if (north) map.fitBounds([[south, west], [north, east]], { padding: [8, 8] });
    const far = () => el.classList.toggle("gc-map--far", map.getZoom() < NEAR);
    map.on("zoomend", far);
    far();
    return { el, kind, map, figures: {}, grids: null, pins: L.layerGroup().addTo(map), canvas: L.canvas({ pane: "pins" }) };
  };

  const value = (panel, code) => Number(panel.figures[code]?.[panel.el.dataset.figure || "open"] ?? 0);
  const grade = (panel, code) => {
    const breaks = (panel.el.dataset.breaks || "1,2,3,5").split(",").map(Number);
    return breaks.filter((from) => value(panel, code) >= from).length + 1;
  };
  const look = (panel) => {
    const scale = [1, 2, 3, 4, 5].map((n) => token(`--gc-scale-${n}`)), line = token("--gc-surface"), act = token("--gc-act");
    const late = panel.el.dataset.figure === "late" && token("--gc-late-mark");
    return (feature) => {
      const { code } = feature.properties, n = grade(panel, code);
      const fill = late && n > 1 ? { fillColor: late, fillOpacity: 0.2 * n - 0.1 } : { fillColor: scale[n - 1], fillOpacity: 1 };
      return code === panel.el.dataset.on ? { ...fill, color: act, weight: 3 } : { ...fill, color: line, weight: 0.8 };
    };
  };
  const named = (panel) => (feature) => ({ className: `gc-map__grid${feature.properties.code === panel.el.dataset.on ? " gc-map__on" : ""}` });

  const drawGrids = async (panel) => {
    const { el, map, kind } = panel;
    if (!el.dataset.grids) return;
    const [shapes, figures] = await Promise.all([json(el.dataset.grids), el.dataset.figures ? json(el.dataset.figures) : {}]);
    panel.figures = figures;
    panel.grids = L.geoJSON(shapes, { style: kind === "grids" ? look(panel) : named(panel), onEachFeature: (feature, layer) => touch(panel, feature, layer) }).addTo(map);
    panel.grids.bringToBack();
    if ("fit" in el.dataset && panel.grids.getLayers().length) map.fitBounds(panel.grids.getBounds(), { padding: [8, 8] });
    const own = shapes.features.find((feature) => feature.properties.code === el.dataset.on);
    if (own && kind !== "grids") label(L.geoJSON(own).getBounds().getCenter(), own.properties.label || own.properties.name, true).addTo(map);
  };

  const touch = (panel, feature, layer) => {
    const { code, name } = feature.properties;
    layer.bindTooltip(() => {
      const figure = panel.el.dataset.figures ? ` ${value(panel, code)}` : "";
      return gc.make("span", "", `${name}${figure}`);
    }, { sticky: true });
    if (panel.kind === "grids") layer.on("click", () => select(panel, code));
  };

  const select = async (panel, code) => {
    panel.el.dataset.on = code;
    panel.grids?.setStyle(look(panel));
    panel.grids?.eachLayer((layer) => { if (layer.feature.properties.code === code) layer.bringToFront(); });
    panel.el.dispatchEvent(new CustomEvent("gc:grid", { bubbles: true, detail: code }));
    const card = $(panel.el.dataset.cardInto || "[data-map-card]");
    if (!card || !panel.el.dataset.card) return;
    const answer = await gc.send(panel.el.dataset.card.replace("CODE", code), { headers: { "HX-Request": "true", Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    card.replaceChildren(...[...page.body.childNodes].map((node) => document.adoptNode(node)));
    card.hidden = false;
    gc.begin(card);
  };

  const drawOutline = async (panel) => {
    const { el, map, kind } = panel;
    if (!el.dataset.outline) return;
    const whole = kind !== "paper";
    const style = ({ properties }) => (properties.kind === "street"
      ? { className: "gc-map__street", color: token("--gc-ink-2"), weight: 2, opacity: 0.75, fill: false, interactive: false }
      : { className: "gc-map__comm", color: token("--gc-still-mark"), weight: 1.25, dashArray: "5 4", fill: false, interactive: false });
    panel.outline = L.geoJSON(await json(el.dataset.outline), { style, interactive: false, onEachFeature: ({ properties }, layer) => {
      if (!properties.name) return;
      const street = properties.kind === "street";
      label(layer.getBounds().getCenter(), properties.name, street || !whole, whole && !street ? "gc-map__label--near" : "").addTo(map);
    } }).addTo(map);
    panel.outlineStyle = style;
  };

  const drawPins = async (panel) => {
    const { el } = panel;
    const pins = el.dataset.pinsUrl ? await json(el.dataset.pinsUrl) : given(el.dataset.pins);
    const all = pins.pins ?? pins;
    panel.pins.clearLayers();
    for (const one of all) (all.length > MANY_PINS ? dot(one, panel.canvas) : pin(one)).addTo(panel.pins);
    given(el.dataset.workers).forEach((one) => worker(one).addTo(panel.pins));
  };

  const drawOwn = (panel) => {
    const { el, map, kind } = panel;
    const lng = Number(el.dataset.lng), lat = Number(el.dataset.lat);
    if (!lng || !lat || kind === "grids") return;
    panel.ring?.remove();
    panel.own?.remove();
    if (Number(el.dataset.accuracy)) panel.ring = L.circle([lat, lng], { radius: Number(el.dataset.accuracy), className: "gc-map__ring", renderer: L.svg() }).addTo(map);
    panel.own = pin({ lng, lat, tone: "on", icon: el.dataset.icon || "pin", title: el.dataset.title || "" }, { draggable: kind === "pick", autoPan: true, zIndexOffset: 1000 }).addTo(map);
    panel.own.on("dragend", () => { const at = panel.own.getLatLng(); moved(panel, at); });
  };

  const moved = (panel, at) => panel.el.dispatchEvent(new CustomEvent("gc:moved", { bubbles: true, detail: { lng: at.lng, lat: at.lat } }));

  const follow = (panel) => {
    panel.map.on("click", ({ latlng }) => moved(panel, latlng));
    panel.el.closest("[data-place]")?.addEventListener("gc:placed", ({ detail }) => {
      Object.assign(panel.el.dataset, { lng: detail.lng, lat: detail.lat, accuracy: detail.accuracy || 0 });
      drawOwn(panel);
      panel.map.setView([detail.lat, detail.lng], Math.max(panel.map.getZoom(), 16));
    });
  };

  const repaint = (panel) => {
    if (panel.kind === "grids") panel.grids?.setStyle(look(panel));
    if (panel.outline) panel.outline.setStyle(panel.outlineStyle);
  };
  // At once, but not again before REST is over: a whole district moves more often than one looks.
  const refresh = async (panel) => {
    if (panel.resting) { panel.again = true; return; }
    Object.assign(panel, { resting: true, again: false });
    setTimeout(() => { panel.resting = false; if (panel.again && panel.el.isConnected) refresh(panel).catch(() => {}); }, REST);
    if (panel.el.dataset.figures) { panel.figures = await json(panel.el.dataset.figures); repaint(panel); }
    if (panel.el.dataset.pinsUrl) await drawPins(panel);
  };

  if (!window.L) return;
  gc.each("[data-map]", async (el) => {
    const panel = open(el);
    el.gcMap = panel;
    if (panel.kind === "pick") follow(panel);
    drawOwn(panel);
    const gone = new AbortController();
    const sized = new ResizeObserver(() => {
      if (el.isConnected) { panel.map.invalidateSize(); return; }
      gone.abort();  // swapped out: let go of it, a desk opens hundreds of papers a day
      sized.disconnect();
      panel.map.remove();
    });
    sized.observe(el);
    addEventListener("gc:theme", () => repaint(panel), { signal: gone.signal });
    document.addEventListener("gc:live", () => { refresh(panel).catch(() => {}); }, { signal: gone.signal });
    $$(`[data-map-figure][data-map-for="${el.id}"]`).forEach((b) => b.addEventListener("click", () => { el.dataset.figure = b.dataset.mapFigure; repaint(panel); }));
    for (const draw of [drawGrids, drawOutline, drawPins]) {
      try { await draw(panel); } catch (error) { console.warn("map", error); }
    }
    panel.drawn = true;
    el.dispatchEvent(new CustomEvent("gc:drawn", { bubbles: true }));
  });
  gc.map = { select };
})();
