// Only what a page cannot do by itself: suggestions come by htmx, everything else is plain HTML.
document.addEventListener("htmx:responseError", (event) => {
  // A suggestion that cannot be had is no reason to stop typing.
  event.preventDefault();
});

// What a correction changes is marked while it is typed.
for (const form of document.querySelectorAll("form[data-marks-changes]")) {
  form.addEventListener("input", ({ target }) => {
    const before = target.tagName === "SELECT" ? [...target.options].find((one) => one.defaultSelected)?.value ?? "" : target.defaultValue;
    target.closest(".field")?.classList.toggle("changed", target.value !== before);
  });
}

// A field for a day is read back in words under whatever name it has.
document.addEventListener("htmx:configRequest", (event) => {
  const { elt, parameters } = event.detail;
  if ("day" in elt.dataset) {
    for (const name of Object.keys(parameters)) delete parameters[name];
    parameters.day = elt.value;
  }
});

// A picture as PNG: the file of the very same drawing, put on a canvas of twice its size.
async function savePng(button) {
  const drawn = new Image();
  drawn.src = button.dataset.png;
  await drawn.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: 2 * drawn.naturalWidth, height: 2 * drawn.naturalHeight });
  canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
  const link = document.createElement("a");
  link.href = canvas.toDataURL("image/png");
  link.download = `${new URL(drawn.src).searchParams.get("file").replace(/[.]svg$/, "")}.png`;
  link.click();
}
for (const button of document.querySelectorAll("button[data-png]")) {
  button.hidden = false;
  button.addEventListener("click", () => savePng(button));
}

// What takes long says so at once: the page that was asked for is a page of its own, and begins only when it is there.
const progress = document.getElementById("progress");
const SOON_MS = 300;
let soon = 0;
const working = () => { clearTimeout(soon); soon = setTimeout(() => { progress.hidden = false; }, SOON_MS); };
const idle = () => { clearTimeout(soon); progress.hidden = true; };
document.addEventListener("submit", ({ target }) => { if (!("file" in target.dataset)) working(); });
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  const plain = link && !event.defaultPrevented && event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey);
  const page = plain && link.origin === location.origin && !link.hasAttribute("download") && !link.target;
  if (page && !(link.hash && link.pathname === location.pathname && link.search === location.search)) working();
});
addEventListener("pageshow", idle);
