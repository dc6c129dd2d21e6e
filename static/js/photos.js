// Photographs are made small in the phone: at most 1600 px, JPEG, upright, without the camera's hidden data.
//
//   input[type=file][data-shrink]   every chosen file is replaced by its small copy before the form is sent
//   data-slot                       the label around the input: it shows the photo, with a button that takes it away
(() => {
  const EDGE = 1600, QUALITY = 0.82;
  const { say } = gc;
  const pending = new Map();

  const draw = (picture, scale) => {
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  };

  const shrink = async (file) => {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const canvas = draw(picture, Math.min(1, EDGE / Math.max(picture.width, picture.height)));
    picture.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
  };

  const put = (input, files) => {
    const bag = new DataTransfer();
    files.forEach((file) => bag.items.add(file));
    input.files = bag.files;
    input.dispatchEvent(new CustomEvent("gc:photos", { bubbles: true, detail: files }));
  };

  const preview = (input) => {
    const slot = input.closest("[data-slot]");
    if (!slot) return;
    slot.querySelectorAll("img, .gc-drop__x").forEach((el) => el.remove());
    const [file] = input.files;
    slot.classList.toggle("gc-photo--empty", !file);
    slot.querySelectorAll("[data-empty]").forEach((el) => { el.hidden = Boolean(file); });
    if (!file) return;
    const image = gc.make("img");
    image.src = URL.createObjectURL(file);
    image.alt = slot.dataset.slot;
    const away = gc.make("button", "gc-drop__x", gc.icon("x"));
    away.type = "button";
    away.setAttribute("aria-label", say("remove"));
    away.addEventListener("click", (event) => { event.preventDefault(); put(input, []); preview(input); });
    slot.append(image, away);
  };

  const take = async (input) => {
    input.setAttribute("aria-busy", "true");
    try {
      put(input, await Promise.all([...input.files].map(shrink)));
    } catch {
      put(input, []);
      gc.toast(say("bad_photo"), { tone: "soon" });
    }
    input.removeAttribute("aria-busy");
    preview(input);
  };

  gc.each("input[type=file][data-shrink]", (input) => input.addEventListener("change", () => {
    const work = take(input);
    pending.set(input, work);
    work.finally(() => pending.delete(input));
  }));

  // A form that is sent while a photo is still being made smaller waits for it.
  document.addEventListener("submit", (event) => {
    const working = [...pending].filter(([input]) => event.target.contains(input)).map(([, work]) => work);
    if (!working.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    gc.toast(say("shrinking"));
    Promise.all(working).then(() => event.target.requestSubmit(event.submitter));
  }, true);

  gc.photos = { put: (input, files) => { put(input, files); preview(input); } };
})();
