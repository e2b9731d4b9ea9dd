// Only what a page cannot do by itself: suggestions come by htmx, everything else is plain HTML.
document.addEventListener("htmx:responseError", (event) => {
  // A suggestion that cannot be had is no reason to stop typing.
  event.preventDefault();
});
