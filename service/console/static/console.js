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
