// The place of a report: from the phone's satellite receiver, corrected by dragging the pin, named by the grid it falls in.
//
//   data-place                      around inputs named lng, lat, accuracy and the elements below
//   data-locate-url                 …?lng=&lat= answers {grid, community, street}, each with a name
//   data-place-quiet                the phone is not asked by itself: the reporter is elsewhere
//   data-place-grid, -accuracy      are filled in · data-place-again: asks the phone once more
// Events on the element: gc:placed {lng, lat, accuracy}. The map inside (data-map="pick") tells gc:moved.
(() => {
  const GOOD = 12, PATIENCE = 20000;
  const { $, say } = gc;

  const name = (thing) => (thing && typeof thing === "object" ? thing.name : thing) || "";

  const locate = async (box, lng, lat) => {
    const into = $("[data-place-grid]", box);
    if (!box.dataset.locateUrl || !into) return;
    try {
      const answer = await gc.send(`${box.dataset.locateUrl}?${new URLSearchParams({ lng, lat })}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      into.textContent = found.grid ? [name(found.grid), name(found.community)].filter(Boolean).join("，") : say("outside");
    } catch { into.textContent = ""; }
  };

  const set = (box, lng, lat, accuracy) => {
    const values = { lng: lng.toFixed(6), lat: lat.toFixed(6), accuracy: accuracy ? Math.round(accuracy) : "" };
    for (const [key, value] of Object.entries(values)) {
      const input = $(`[name=${key}]`, box);
      if (input) input.value = value;
    }
    const told = $("[data-place-accuracy]", box);
    if (told) told.textContent = accuracy ? say("accuracy", { n: Math.round(accuracy) }) : "";
    locate(box, values.lng, values.lat);
    box.dispatchEvent(new CustomEvent("gc:placed", { bubbles: true, detail: { lng, lat, accuracy } }));
  };

  const ask = (box) => {
    const told = $("[data-place-accuracy]", box);
    const fail = () => { if (told && !$("[name=lng]", box).value) told.textContent = say("denied"); };
    if (!navigator.geolocation) return fail();
    if (told) told.textContent = say("locating");
    let best = Infinity;
    const watch = navigator.geolocation.watchPosition(({ coords }) => {
      if (coords.accuracy >= best || box.dataset.corrected) return;
      best = coords.accuracy;
      set(box, coords.longitude, coords.latitude, coords.accuracy);
      if (best <= GOOD) navigator.geolocation.clearWatch(watch);
    }, fail, { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 5000 });
    setTimeout(() => navigator.geolocation.clearWatch(watch), PATIENCE);
  };

  gc.each("[data-place]", (box) => {
    box.addEventListener("gc:moved", (event) => {
      box.dataset.corrected = "true";
      set(box, event.detail.lng, event.detail.lat, 0);
    });
    $("[data-place-again]", box)?.addEventListener("click", () => { delete box.dataset.corrected; ask(box); });
    const value = (name) => Number($(`[name=${name}]`, box)?.value);
    const show = () => set(box, value("lng"), value("lat"), value("accuracy"));
    box.closest("form")?.addEventListener("gc:brought", () => { if (value("lng")) show(); });
    if (value("lng") && value("lat")) show();
    else if (!("placeQuiet" in box.dataset)) ask(box);
  });

  gc.place = { set };
})();
