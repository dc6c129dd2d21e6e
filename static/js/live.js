// Live pages: the stream only says which paper moved; the page asks again for what it may see.
//
//   body data-live-url, data-live-ticket   the stream, and the ticket that this page was served with
//   body data-live-again                   where the next ticket comes from: {"url", "ticket"}
//   data-live="workorder:7 whistle"        this element (it needs an id) is asked for again when one of these moves
//   data-live-src="/…"                     where from (default: the page itself); the answer holds the same id
//   data-live-rest="10"                    not again before so many seconds: a page of sums moves with every paper
//   data-live-hold="workorder"             a list that must not move: it only shows "n new" in its [data-live-new]
//
// When the stream is cut, everything is asked again every 15 seconds until it is back.
(() => {
  const POLL = 15000, GATHER = 250, DEAF = 40000;
  const { $, $$, say } = gc;
  const { liveUrl, liveTicket, liveAgain } = document.body.dataset;
  const waiting = new Set();
  let source = null, last = "", heard = 0, poll = 0, timer = 0;

  const kind = (topic) => topic.split(":")[0];
  const matches = (list, topic) => (list ?? "").split(/\s+/).some((t) => t && (t === topic || t === kind(topic)));
  const busy = (el) => Boolean($("[data-pick]:checked", el)) || el.contains(document.activeElement) && document.activeElement.matches("input, textarea, select, [contenteditable]");

  const fetchPage = async (url) => {
    const answer = await gc.send(url, { headers: { "HX-Request": "true", "X-Live": "1", Accept: "text/html" } });
    if (answer.redirected && /login/.test(answer.url)) { location.reload(); throw new Error("logged out"); }
    if (!answer.ok) throw new Error(String(answer.status));
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  };

  const keepOpen = (from, to) => $$("details[open][id]", from).forEach((d) => { const twin = to.querySelector(`#${CSS.escape(d.id)}`); if (twin) twin.open = true; });

  const refresh = async (elements) => {
    const bySource = new Map();
    for (const el of elements) {
      if (busy(el) || !el.id) continue;
      const url = el.dataset.liveSrc || location.href;
      bySource.set(url, [...(bySource.get(url) ?? []), el]);
    }
    for (const [url, group] of bySource) {
      try {
        const page = await fetchPage(url);
        for (const el of group) replace(el, page.getElementById(el.id));
      } catch { /* the next event, or the next poll, tries again */ }
    }
  };

  const replace = (el, fresh) => {
    if (!fresh || !el.isConnected || fresh.outerHTML === el.outerHTML) return;
    const next = document.adoptNode(fresh), top = el.scrollTop;
    keepOpen(el, next);
    el.replaceWith(next);
    next.scrollTop = top;
    window.htmx?.process(next);
    gc.begin(next);
  };

  const held = (list, page) => {
    const known = new Set($$("[data-row]", list).map((row) => row.dataset.row));
    const fresh = page.getElementById(list.id);
    if (!fresh) return;
    const arrived = $$("[data-row]", fresh).filter((row) => !known.has(row.dataset.row)).length;
    const line = $(list.dataset.liveLine || "[data-live-new]");
    list.gcFresh = fresh;
    if (!line) return;
    line.hidden = !arrived;
    $("[data-live-count]", line).textContent = say("new", { n: arrived });
    for (const row of $$("[data-row]", list)) {
      const twin = fresh.querySelector(`[data-row="${CSS.escape(row.dataset.row)}"]`);
      if (!twin) row.dataset.gone = "";
      else if (!busy(row) && !row.hasAttribute("aria-current")) replaceInside(row, twin);
    }
  };

  const replaceInside = (row, twin) => {
    const inside = twin.cloneNode(true);
    if (row.innerHTML === inside.innerHTML) return;
    row.replaceChildren(...inside.childNodes);
    gc.begin(row);
  };

  const look = async (list) => {
    try { held(list, await fetchPage(list.dataset.liveSrc || location.href)); } catch { /* tried again later */ }
  };

  // The first change shows at once; those after it together, when the element has rested.
  const rests = new Map();
  const awake = (el) => {
    const rest = Number(el.dataset.liveRest ?? 0) * 1000;
    if (!rest) return true;
    if (rests.has(el.id)) { rests.set(el.id, true); return false; }
    rests.set(el.id, false);
    setTimeout(() => {
      const missed = rests.get(el.id), again = document.getElementById(el.id);
      rests.delete(el.id);
      if (missed && again && awake(again)) refresh([again]);
    }, rest);
    return true;
  };

  const flush = () => {
    timer = 0;
    const topics = [...waiting];
    waiting.clear();
    const hit = (list) => topics.some((topic) => topic === "*" || matches(list, topic));
    refresh($$("[data-live]").filter((el) => hit(el.dataset.live)).filter(awake));
    $$("[data-live-hold]").filter((el) => hit(el.dataset.liveHold)).forEach(look);
    document.dispatchEvent(new CustomEvent("gc:live", { detail: topics }));
  };
  const wake = (topic) => { waiting.add(topic); timer ||= setTimeout(flush, GATHER); };

  const heardNow = (event) => { heard = Date.now(); if (event?.lastEventId) last = event.lastEventId; clearInterval(poll); poll = 0; mark(false); };
  const mark = (cut) => $$("[data-live-state]").forEach((el) => { el.hidden = !cut; el.textContent = cut ? say("cut", { n: POLL / 1000 }) : ""; });
  const startPolling = () => { mark(true); poll ||= setInterval(() => { if (!document.hidden) wake("*"); }, POLL); };

  // The ticket of the page knows what the page has read; a later one goes on from the last event heard.
  let place = { url: liveUrl, ticket: liveTicket };
  const nextPlace = async () => {
    const first = place;
    place = null;
    if (first) return first;
    const answer = await gc.send(liveAgain, { headers: { "X-Live": "1" } });
    if (answer.redirected || !answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };

  const connect = async () => {
    source?.close();
    try {
      if (!place && !last) wake("*");
      const { url, ticket } = await nextPlace();
      source = new EventSource(`${url}?${new URLSearchParams({ ticket, last })}`);
    } catch { return retry(); }
    source.addEventListener("beat", heardNow);
    source.addEventListener("change", (event) => {
      heardNow(event);
      const { paper, id } = JSON.parse(event.data);
      wake(`${paper.split(".").pop()}:${id}`);
    });
    source.addEventListener("reset", (event) => { heardNow(event); wake("*"); });
    source.addEventListener("error", retry);
  };

  let again = 0;
  const retry = () => {
    source?.close();
    source = null;
    startPolling();
    clearTimeout(again);
    again = setTimeout(connect, 2000 + Math.random() * 3000);
  };

  document.addEventListener("gc:changed", () => wake("*"));
  document.addEventListener("click", (event) => {
    const line = event.target.closest("[data-live-new]");
    if (!line || !event.target.closest("a, button")) return;
    event.preventDefault();
    line.hidden = true;
    $$("[data-live-hold]").filter((list) => list.gcFresh).forEach((list) => { const fresh = list.gcFresh; list.gcFresh = null; replace(list, fresh); });
  });

  if (!liveUrl) return;
  connect();
  setInterval(() => { if (source && Date.now() - heard > DEAF) retry(); }, 10000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden && !source) connect(); });
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
})();
