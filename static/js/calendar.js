// Days of the calendar are clicked: off, worked, by the week, and round again; a weekend day is worked first. What differs from what is entered stands
// as lines in the text field of the form, one a day; what is written there by hand shows in the calendar.
//
//   [data-calendar]        the year; data-off, data-on, data-week are the words for its marks
//   [data-day][data-was]   a day, and what is entered: "holiday", "workday" or nothing; [data-rest]: a Saturday or Sunday
(() => {
  const { $, $$ } = gc;
  const year = $("[data-calendar]"), field = $("[data-calendar-days]");
  if (!year || !field) return;
  const ROUND = ["", "holiday", "workday"], WORDS = { holiday: "休", workday: "班", "": "按星期" };
  const KINDS = { 休: "holiday", 放假: "holiday", 班: "workday", 上班: "workday", 按星期: "" };
  const MARKS = { holiday: year.dataset.off, workday: year.dataset.on, "": "" };

  const lines = () => field.value.split("\n").map((line) => line.trim()).filter(Boolean);
  const dayOf = (line) => line.slice(0, 10);
  const wanted = () => new Map(lines().map((line) => [dayOf(line), KINDS[line.split(/[\s,，]+/)[1]]]));

  const draw = (cell, kind) => {
    const changed = kind !== cell.dataset.was;
    cell.classList.toggle("gc-day--off", kind === "holiday");
    cell.classList.toggle("gc-day--on", kind === "workday");
    cell.classList.toggle("gc-day--changed", changed);
    $("i", cell)?.remove();
    const mark = MARKS[kind] || (changed ? year.dataset.week : "");
    if (mark) cell.append(gc.make("i", "", mark));
    cell.setAttribute("aria-label", [cell.title, changed ? mark : ""].filter(Boolean).join(" → "));
  };
  const show = () => {
    const said = wanted();
    for (const cell of $$("[data-day]", year)) draw(cell, said.get(cell.dataset.day) ?? cell.dataset.was);
  };

  year.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-day]");
    if (!cell) return;
    const { day, was } = cell.dataset, now = wanted().get(day) ?? was;
    const round = cell.hasAttribute("data-rest") ? [...ROUND].reverse() : ROUND;
    const next = round[(round.indexOf(now) + 1) % round.length];
    const kept = lines().filter((line) => dayOf(line) !== day);
    field.value = [...kept, ...(next === was ? [] : [`${day} ${WORDS[next]}`])].sort().join("\n");
    show();
  });
  field.addEventListener("input", show);
  show();
})();
