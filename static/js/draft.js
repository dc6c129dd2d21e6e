// What has been typed is never lost, and what cannot be sent now is sent later.
//
//   form[data-draft="report"]   text, choices and photos are kept in the phone while they are filled in
//   form[data-queue]            is sent by this script with a key of its own; without a network it waits here and goes later
//   data-queue-note             is shown while something waits; data-queue-text in it: "3 waiting to be sent"; data-queue-now: tries at once
//   data-draft-state            says when the draft was kept · data-draft-save: keeps it on a click
(() => {
  const { $, $$, say } = gc;
  const STORES = ["drafts", "queue"];

  const opened = new Promise((done, fail) => {
    const ask = indexedDB.open("govcenter", 1);
    ask.onupgradeneeded = () => STORES.forEach((name) => ask.result.createObjectStore(name));
    ask.onsuccess = () => done(ask.result);
    ask.onerror = () => fail(ask.error);
  });
  opened.catch(() => {});
  const store = async (name, act, mode = "readwrite") => {
    const base = await opened;
    return new Promise((done, fail) => {
      const ask = act(base.transaction(name, mode).objectStore(name));
      ask.onsuccess = () => done(ask.result);
      ask.onerror = () => fail(ask.error);
    });
  };
  const owner = document.body.dataset.user ?? "";
  const newKey = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

  const content = (form) => [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && !(value instanceof File && !value.size));
  const filled = (form) => content(form).some(([name, value]) => value instanceof File || (value && $(`[name="${name}"]`, form)?.type !== "hidden"));

  // Drafts
  const draftKey = (form) => `${owner}:${form.dataset.draft}`;
  const keep = async (form) => {
    if (!filled(form)) return;
    await store("drafts", (s) => s.put({ at: Date.now(), content: content(form) }, draftKey(form)));
    const time = new Date().toTimeString().slice(0, 5);
    $$("[data-draft-state]").forEach((el) => { el.textContent = say("draft", { time }); });
  };
  const bring = async (form) => {
    const kept = await store("drafts", (s) => s.get(draftKey(form)), "readonly");
    if (!kept || Date.now() - kept.at > 86400000) return;
    for (const [name, value] of kept.content) {
      const input = form.elements.namedItem(name);
      if (!input) continue;
      if (value instanceof File) gc.photos?.put(input, [value]);
      else if (input instanceof RadioNodeList) input.value = value;
      else if (input.type === "checkbox") input.checked = input.value === value;
      else if (!input.value) input.value = value;
    }
    form.dispatchEvent(new CustomEvent("gc:brought"));
  };
  gc.each("form[data-draft]", (form) => {
    const later = () => { clearTimeout(form.gcDraft); form.gcDraft = setTimeout(() => keep(form).catch(() => {}), 600); };
    for (const name of ["input", "gc:photos", "gc:placed"]) form.addEventListener(name, later);
    $$("[data-draft-save]").forEach((b) => b.addEventListener("click", () => keep(form).catch(() => {})));
    if (!$("[aria-invalid=true]", form)) bring(form).catch(() => {});
  });
  const forget = (form) => {
    clearTimeout(form.gcDraft);
    return form.dataset.draft && store("drafts", (s) => s.delete(draftKey(form))).catch(() => {});
  };

  // The queue
  const tell = async () => {
    const n = (await mine()).length;
    $$("[data-queue-note]").forEach((note) => { note.hidden = !n; });
    $$("[data-queue-text]").forEach((el) => { el.textContent = say("waiting", { n }); });
  };
  const mine = async () => (await store("queue", (s) => s.getAllKeys(), "readonly")).filter((key) => key.startsWith(`${owner}:`));

  const post = ({ url, key, content: entries }) => {
    const body = new FormData();
    entries.forEach(([name, value]) => body.append(name, value));
    body.set("key", key);
    return gc.send(url, { method: "POST", body, headers: { "Idempotency-Key": key, Accept: "text/html" } });
  };

  // Logged out meanwhile: nothing was taken, it goes once somebody is logged in again.
  const loggedOut = (answer) => answer.redirected && /\/login\//.test(answer.url);

  let sending = false;
  const flush = async () => {
    if (sending || !navigator.onLine) return;
    sending = true;
    try {
      for (const key of await mine()) {
        const answer = await post(await store("queue", (s) => s.get(key), "readonly"));
        if (answer.status >= 500 || answer.status === 403 || loggedOut(answer)) break;
        await store("queue", (s) => s.delete(key));
        if (answer.ok) gc.toast(say("sent", { n: 1 }));
        else gc.toast(say("refused"), { tone: "late" });
      }
    } catch { /* still no network: the next chance comes by itself */ }
    sending = false;
    tell().catch(() => {});
  };

  const show = async (answer, entries) => {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = document.adoptNode($("#main", page));
    $("#main").replaceWith(fresh);
    gc.begin(fresh);
    for (const [name, value] of entries) {
      const input = value instanceof File && $(`input[type=file][name="${name}"]`, fresh);
      if (input) gc.photos?.put(input, [value]);
    }
    ($("[aria-invalid=true]", fresh) ?? fresh).scrollIntoView();
  };

  const wait = (paper) => store("queue", (s) => s.put(paper, `${owner}:${paper.key}`));

  const empty = (form) => {
    form.reset();
    $$("input[type=file]", form).forEach((input) => gc.photos?.put(input, []));
    $("#main").scrollTop = 0;
  };
  // What the answer's page would have told is told on the page that is opened instead of it.
  const carry = async (answer) => {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const told = $$("#toasts [data-toast] > span", page).map((el) => el.textContent);
    if (told.length) sessionStorage.setItem("told", JSON.stringify(told));
  };
  const tellCarried = () => {
    const told = JSON.parse(sessionStorage.getItem("told") ?? "[]");
    sessionStorage.removeItem("told");
    told.forEach((text) => gc.toast(text));
  };

  const sendNow = async (form, button) => {
    const entries = content(form);
    if (button?.name) entries.push([button.name, button.value]);
    const paper = { url: button?.getAttribute("formaction") || form.action, key: (form.dataset.key ||= newKey()), content: entries };
    try {
      const answer = await post(paper);
      if (loggedOut(answer)) { await wait(paper); location.assign(answer.url); }
      else if (answer.redirected) { await forget(form); await carry(answer); location.assign(answer.url); }
      else if (answer.status < 500) await show(answer, entries);
      else throw new Error(String(answer.status));
    } catch {
      await wait(paper);
      await forget(form);
      empty(form);
      delete form.dataset.key;
      gc.toast(say("offline"), { tone: "soon" });
      tell();
    }
  };

  gc.each("form[data-queue]", (form) => form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy") === "true") return;
    form.setAttribute("aria-busy", "true");
    sendNow(form, event.submitter).finally(() => form.removeAttribute("aria-busy"));
  }));
  document.addEventListener("click", (event) => { if (event.target.closest("[data-queue-now]")) { event.preventDefault(); flush(); } });
  addEventListener("online", flush);
  tellCarried();
  tell().then(flush).catch(() => {});
})();
