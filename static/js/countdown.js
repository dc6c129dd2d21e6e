// Countdowns tick by themselves between two answers of the server, which alone knows the calendar.
// data-left: counted minutes at data-now; data-hour: the kind of hours; data-warn: when it turns amber.
(() => {
  const { $, $$, say } = gc;

  const words = (minutes, hour) => {
    const h = Math.floor(Math.abs(minutes) / 60), m = Math.abs(minutes) % 60;
    const shape = !h ? "m" : m ? "hm" : h === 1 ? "1" : "h";
    return say(`${minutes < 0 ? "over" : "left"}-${hour}-${shape}`, { h, m });
  };

  const tone = (chip, name, sign) => {
    for (const other of ["soon", "late"]) chip.classList.toggle(`gc-count--${other}`, other === name);
    $("use", chip)?.setAttribute("href", `#i-${sign}`);
  };

  const tick = (chip) => {
    const { left, hour, now, warn } = chip.dataset;
    const passed = Math.max(0, Math.floor((Date.now() - (chip.gcFrom ??= Date.now())) / 60000));
    const minutes = Number(left) - passed;
    const text = $("[data-count-text]", chip);
    const said = words(minutes, hour);
    if (text.textContent !== said) text.textContent = said;
    if (minutes < 0) tone(chip, "late", "alert");
    else if (warn && Date.parse(now) + passed * 60000 >= Date.parse(warn)) tone(chip, "soon", "clock");
  };

  const clock = (el) => {
    const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });
    const began = Date.now(), served = Date.parse(el.dateTime);
    const show = () => { $("b", el).textContent = time.format(served + Date.now() - began); };
    setInterval(show, 15000);
  };

  gc.each("[data-count]", (chip) => { chip.gcFrom = Date.now(); });
  gc.each("[data-clock]", clock);
  setInterval(() => $$("[data-count]").forEach(tick), 15000);
})();
