// The four elements of a reply, ticked while they are written.
//
//   data-elements="word|word"   the list; words that say nothing are in it
//   data-element="name"         one element, written in the input of that name; data-given: it is there already
(() => {
  const { $, $$ } = gc;
  const SIGNS = /[^\p{L}\p{N}]+/gu;

  gc.each("[data-elements]", (list) => {
    const hollow = new Set(list.dataset.elements.split("|")), form = list.closest("form");
    const says = (text) => { const said = text.replace(SIGNS, ""); return Boolean(said) && !hollow.has(said); };
    const show = () => $$("[data-element]", list).forEach((row) => {
      const there = row.hasAttribute("data-given") || says(form.elements[row.dataset.element]?.value ?? "");
      row.classList.toggle("gc-elements__it--there", there);
      $("use", row).setAttribute("href", there ? "#i-check" : "#i-alert");
      $("[data-wanted]", row).hidden = there;
    });
    form.addEventListener("input", show);
    show();
  });
})();
