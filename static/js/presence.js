// Says that a paper is open here, and shows who else has it open.
//
//   data-present="/present/…"   shown while somebody else is there; data-present-text in it
//
// A sign every 20 seconds while the page is looked at, and at once when a form is opened or put away
// or the stream tells that somebody else came, went or began to write.
(() => {
  const BEAT = 20000;
  const { $, $$ } = gc;
  let there = "", told = { text: "", writing: false }, timer = 0;

  const paint = () => $$("[data-present]").forEach((el) => {
    const ours = el.dataset.present === there && told.text;
    el.hidden = !ours;
    el.classList.toggle("gc-present--writing", told.writing);
    $("[data-present-text]", el).textContent = ours ? told.text : "";
  });

  const leave = () => {
    if (!there) return;
    const body = new FormData();
    body.append("leave", "1");
    body.append("csrfmiddlewaretoken", gc.csrf());
    navigator.sendBeacon(there, body);
    there = "";
  };

  const beat = async () => {
    const el = $("[data-present]");
    if (!el || el.dataset.present !== there) leave();
    if (!el || document.hidden) return;
    there = el.dataset.present;
    const body = new FormData();
    if ($("#dialog[open] form:not([method=dialog])")) body.append("writing", "1");
    try {
      const answer = await gc.send(there, { method: "POST", body, headers: { "X-Live": "1", Accept: "application/json" } });
      if (!answer.ok || answer.redirected) return;
      told = await answer.json();
      paint();
    } catch { /* no network: the next beat tries again */ }
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(beat, 400); };

  gc.each("[data-present]", (el) => { if (el.dataset.present === there) paint(); else soon(); });
  if (!$("[data-present]") && !$("#desk-open")) return;
  setInterval(beat, BEAT);
  document.addEventListener("gc:dialog", soon);
  document.addEventListener("gc:live", ({ detail }) => {
    const [flow, pk] = there.split("/").slice(2);
    if (detail.includes(`presence-${flow}:${pk}`)) soon();
  });
  $("#dialog")?.addEventListener("close", soon);
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : soon()));
  addEventListener("pagehide", leave);
})();
