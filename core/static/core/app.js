// Makes pages quicker to use; every page does its work without it.
(() => {
  "use strict";

  const unsaved = new Set();

  const isBlocked = (element) => element.closest('[aria-disabled="true"]') !== null;

  const release = (form) => {
    delete form.dataset.pnSent;
    form.querySelectorAll("button[data-pn-busy]").forEach((button) => {
      button.removeAttribute("aria-disabled");
      button.removeAttribute("data-pn-busy");
    });
  };

  const markSent = (form, button) => {
    form.dataset.pnSent = "yes";
    unsaved.delete(form);
    if (button) {
      button.setAttribute("aria-disabled", "true");
      button.setAttribute("data-pn-busy", "");
    }
  };

  const askFirst = (button) => {
    const dialog = document.getElementById("pn-confirm");
    if (!dialog?.showModal) {
      return Promise.resolve(window.confirm(button.dataset.pnConfirm));
    }
    dialog.querySelector(".pn-dialog__sentence").textContent = button.dataset.pnConfirm;
    dialog.returnValue = "no";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    });
  };

  document.addEventListener("click", (event) => {
    if (isBlocked(event.target)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    document.querySelectorAll("details[data-pn-menu][open]").forEach((menu) => {
      if (!menu.contains(event.target)) {
        menu.open = false;
      }
    });
  }, true);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if (form.method === "dialog") {
      return;
    }
    if (form.dataset.pnSent) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (button?.dataset.pnConfirm && !button.dataset.pnConfirmed) {
      event.preventDefault();
      event.stopPropagation();
      askFirst(button).then((agreed) => {
        button.focus();
        if (agreed) {
          button.dataset.pnConfirmed = "yes";
          form.requestSubmit(button);
          delete button.dataset.pnConfirmed;
        }
      });
      return;
    }
    if (form.hasAttribute("data-pn-once") && !form.hasAttribute("hx-post")) {
      markSent(form, button);
    }
  }, true);

  // A page brought back by the browser's own memory can be sent again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      document.querySelectorAll("form[data-pn-sent]").forEach(release);
    }
  });

  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-pn-guard]");
    if (form) {
      unsaved.add(form);
    }
  });

  window.addEventListener("beforeunload", (event) => {
    const atStake = [...unsaved].some((form) => form.isConnected);
    if (atStake) {
      event.preventDefault();
    }
  });

  // Autosave: the element that carries hx-post and data-pn-autosave names the form it saves and where to say so.
  document.addEventListener("htmx:afterRequest", (event) => {
    const source = event.target.closest?.("[data-pn-autosave]");
    if (!source) {
      return;
    }
    const form = source.closest("form");
    if (event.detail.successful) {
      unsaved.delete(form);
      return;
    }
    const place = document.getElementById(source.dataset.pnAutosave);
    if (place && source.dataset.pnFailed) {
      place.textContent = source.dataset.pnFailed;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      return;
    }
    document.querySelectorAll("details[data-pn-menu][open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  const focusWhatMatters = (root) => root.querySelector("[data-pn-focus]")?.focus();
  document.addEventListener("htmx:afterSettle", (event) => focusWhatMatters(event.target));
  document.addEventListener("DOMContentLoaded", () => {
    focusWhatMatters(document);
    document.querySelectorAll("[data-pn-back]").forEach((button) => {
      button.hidden = window.history.length < 2;
      button.addEventListener("click", () => window.history.back());
    });
  });
})();
