// Ready phrases beside a text.
//
//   data-phrases         the list of them; its text is the one of the same field, else of the same form
//   data-phrase="…"      puts its words in, at the caret; pressed while they stand in the text, and then takes them out
//                        Alt+1 … Alt+9 in the text do the same
//   data-phrase-keep     keeps what is written as a phrase of one's own (data-keep-url, data-flow, data-verb, data-field)
(() => {
  const { $, $$, say } = gc;
  const AND = document.documentElement.lang.startsWith("zh") ? "，" : ", ";
  const ENDS = /[，。；、,.;\s]$/;

  const chips = (list) => $$("[data-phrase]", list);
  const textOf = (list) => $("textarea", list.closest(".gc-form__f") ?? list.closest("form, [role=group]"));

  const write = (text, value, caret) => {
    text.value = value;
    text.setSelectionRange(caret, caret);
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  };

  const take = (list, chip) => {
    const text = textOf(list), phrase = chip.dataset.phrase, now = text.value;
    if (!now.trim() || chips(list).some((c) => c.dataset.phrase === now.trim())) {
      const value = now.trim() === phrase ? "" : phrase;
      return write(text, value, value.length);
    }
    if (now.includes(phrase)) {
      const value = now.replace(AND + phrase, "").replace(phrase, "");
      return write(text, value, value.length);
    }
    const at = text.selectionStart, before = now.slice(0, at), after = now.slice(text.selectionEnd);
    const lead = before && !ENDS.test(before) ? AND : "", tail = after && !ENDS.test(phrase) ? AND : "";
    write(text, before + lead + phrase + tail + after, at + lead.length + phrase.length);
  };

  const show = (list) => {
    const text = textOf(list), written = text.value.trim(), keep = $("[data-phrase-keep]", list);
    chips(list).forEach((chip) => chip.setAttribute("aria-pressed", String(text.value.includes(chip.dataset.phrase))));
    if (keep) keep.hidden = written.length < 2 || chips(list).some((chip) => chip.dataset.phrase === written);
  };

  const keep = async (list) => {
    const { flow, verb, field, keepUrl } = list.dataset, body = new FormData();
    Object.entries({ flow, verb, field, text: textOf(list).value }).forEach(([name, value]) => body.append(name, value));
    try {
      const answer = await gc.send(keepUrl, { method: "POST", body, headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (!answer.ok) return gc.toast(told.why, { tone: "soon" });
      const chip = gc.make("button", "gc-chip", told.text);
      chip.type = "button";
      chip.dataset.phrase = told.text;
      list.prepend(chip);
      show(list);
      gc.toast(say("kept"));
    } catch { gc.toast(say("failed"), { tone: "late" }); }
  };

  gc.each("[data-phrases]", (list) => {
    const text = textOf(list);
    if (!text) return;
    list.addEventListener("click", (event) => {
      const chip = event.target.closest("[data-phrase]");
      if (chip) take(list, chip);
      else if (event.target.closest("[data-phrase-keep]")) keep(list);
    });
    text.addEventListener("input", () => show(list));
    text.addEventListener("keydown", (event) => {
      const n = event.altKey && !event.ctrlKey && /^Digit([1-9])$/.exec(event.code)?.[1];
      const chip = n && chips(list)[n - 1];
      if (!chip) return;
      event.preventDefault();
      take(list, chip);
    });
    show(list);
  });
})();
