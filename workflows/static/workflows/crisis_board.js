// Says when the board was last read, and that reading it again failed. Without it the page reads itself as a whole.
(() => {
  "use strict";

  document.addEventListener("htmx:afterRequest", (event) => {
    const asOf = event.detail.xhr?.getResponseHeader("X-Board-At");
    const stamp = document.querySelector("[data-pn-board-at]");
    const alarm = document.querySelector("[data-pn-board-failed]");
    if (event.detail.successful && asOf && stamp) {
      stamp.textContent = asOf;
    }
    if (alarm) {
      alarm.hidden = Boolean(event.detail.successful);
    }
  });
})();
