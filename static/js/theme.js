// Light or dark, decided before the first paint: a stored choice goes before the server's guess.
(() => {
  const root = document.documentElement;
  let kept = "";
  try { kept = localStorage.getItem("theme") || ""; } catch { /* a locked-down browser keeps nothing */ }
  if (kept && !root.classList.contains("gc-onwall")) root.dataset.bsTheme = kept;

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    const next = root.dataset.bsTheme === "dark" ? "light" : "dark";
    root.dataset.bsTheme = next;
    try { localStorage.setItem("theme", next); } catch { /* the cookie alone then */ }
    document.cookie = `theme=${next};path=/;max-age=31536000;samesite=lax`;
    dispatchEvent(new Event("gc:theme"));
  });
})();
