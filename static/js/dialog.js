// A link or button with data-dialog opens its page's form above the present page. The page works without it.
// A form with data-dialog-form shows its answer there; a part with data-changed makes the page ask anew.
(() => {
  const { $ } = gc;
  const box = $("#dialog");
  let left = null; // the form that was answered by “somebody was first”, with what was typed and chosen in it

  const show = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const part = $(".gc-dialog", page) ?? $("form.gc-form", page) ?? $("main", page) ?? page.body;
    box.replaceChildren(document.adoptNode(part));
    if (left && part.matches("[data-stale]")) {
      $("[data-stale-back]", part).hidden = false;
      $("[data-stale-photos]", part)?.remove();
    } else left = null;
    box.classList.toggle("gc-modal--wide", part.hasAttribute("data-wide"));
    gc.begin(box);
    window.htmx?.process(box);
    if (!box.open) box.showModal();
    document.dispatchEvent(new Event("gc:dialog"));
    if (part.hasAttribute("data-changed")) document.dispatchEvent(new Event("gc:changed"));
    $("[autofocus], textarea, select, input:not([type=hidden]):not([data-close])", box)?.focus();
  };

  const open = async (url) => {
    try {
      const answer = await gc.send(url, { headers: { "HX-Request": "true", Accept: "text/html" } });
      if (answer.redirected && !answer.url.includes(url)) location.assign(answer.url);
      else show(await answer.text());
    } catch { location.assign(url); }
  };

  // Going on all the same sends the form that was left, its photos too, under the mark of the state now.
  const bodyOf = (form, button) => {
    if (!left || !form.matches("[data-stale]")) return new FormData(form, button);
    const body = new FormData(left);
    body.set("seen", form.dataset.seen);
    return body;
  };

  const back = (stale) => {
    const form = left;
    if (form.elements.seen) form.elements.seen.value = stale.dataset.seen;
    box.replaceChildren(form);
    $("textarea, select, input:not([type=hidden])", form)?.focus();
  };

  const submit = async (form, button) => {
    const body = bodyOf(form, button);
    const shown = form.matches("[data-stale]") ? left : form;
    form.setAttribute("aria-busy", "true");
    try {
      const answer = await gc.send(form.getAttribute("action"), { method: "POST", body, headers: { "HX-Request": "true", Accept: "text/html" } });
      const next = answer.headers.get("HX-Redirect") ?? (answer.redirected ? answer.url : "");
      if (answer.headers.get("HX-Refresh")) location.reload();
      else if (next) location.assign(next);
      else if (answer.status === 204) { box.close(); document.dispatchEvent(new Event("gc:changed")); }
      else { left = answer.status === 409 ? shown : null; show(await answer.text()); }
    } catch {
      gc.toast(gc.say("failed"), { tone: "late" });
    } finally {
      form.removeAttribute("aria-busy");
      gc.$$("button", form).forEach((b) => { b.disabled = false; });
    }
  };

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener && !event.metaKey && !event.ctrlKey && opener.getAttribute("aria-disabled") !== "true") {
      event.preventDefault();
      open(opener.dataset.dialog || opener.href);
    } else if (event.target.closest("[data-dialog-local]")) {
      const kept = document.getElementById(event.target.closest("[data-dialog-local]").dataset.dialogLocal);
      show(kept.innerHTML);
    } else if (event.target.closest("[data-stale-back]")) {
      back(event.target.closest("[data-stale]"));
    } else if (event.target === box) {
      box.close();
    }
  });
  box?.addEventListener("submit", (event) => {
    // by attribute: an input called “method” would hide the property
    if (event.target.getAttribute("method") !== "post") return;
    event.preventDefault();
    submit(event.target, event.submitter);
  });
  // Ctrl+Enter sends the form from wherever one is in it.
  box?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    $("form button:not([type=button]):not(:disabled)", box)?.click();
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-dialog-form]")) return;
    event.preventDefault();
    if (event.target.getAttribute("aria-busy") !== "true") submit(event.target, event.submitter);
  });
  gc.each("[data-view]", (link) => link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    const image = gc.make("img");
    image.src = link.href;
    image.alt = link.dataset.view;
    const close = gc.make("button", "gc-x", gc.icon("x"));
    close.type = "button";
    close.dataset.close = "";
    close.setAttribute("aria-label", gc.say("close"));
    const head = gc.make("div", "gc-row", gc.make("b", "gc-one", link.dataset.view), gc.make("span", "gc-push", close));
    const viewer = gc.make("div", "gc-dialog gc-viewer", head, image);
    viewer.dataset.wide = "";
    show(viewer.outerHTML);
  }));
  gc.dialog = { open, show };
})();
