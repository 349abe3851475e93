/* What pages gain from JavaScript beyond htmx; every page works without this file. */
"use strict";

/* A double click sends a form once: the second submit of the same form is dropped. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
});
/* The page comes back from the browser's cache with the mark still set: take it off. */
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest("form");
  if (form) delete form.dataset.sent;
});

/* --- Picker of organisations: what is chosen already is not offered a second time. */
document.addEventListener("htmx:afterSwap", (event) => {
  const picker = event.target.closest("[data-picker]");
  if (!picker) return;
  const chosen = new Set([...picker.querySelectorAll("[data-chosen] input")].map((input) => input.value));
  for (const input of picker.querySelectorAll("[data-found] input")) {
    if (chosen.has(input.value)) input.closest(".form-check").remove();
  }
});
/* --- end of the picker */

/* --- Drafts of resolutions --- */
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const form = button.closest("form");
  /* «Take 01.09.2027»: the offered day becomes the due date set by a person. */
  if (button.dataset.fillDue && form) {
    form.querySelector("[name=due_on]").value = button.dataset.fillDue;
    const person = form.querySelector("[name=deadline_set_by][value=PERSON]");
    person.checked = true;
    person.closest("details").open = true;
    form.querySelector("[name=due_on]").focus();
  }
  /* «Split»: the cursor's place becomes the empty line at which the server splits. */
  if (button.dataset.split) {
    const text = document.getElementById(button.dataset.split);
    const at = text.selectionStart;
    if (at > 0 && at < text.value.trimEnd().length) text.setRangeText("\n\n", at, text.selectionEnd, "end");
  }
});
/* Typed and not saved: the browser asks before the page is left. */
let dirty = false;
document.addEventListener("input", (event) => { if (event.target.closest("form[data-guard]")) dirty = true; });
document.addEventListener("submit", () => { dirty = false; }, true);
document.addEventListener("htmx:afterSwap", () => { if (!document.querySelector("form[data-guard]")) dirty = false; });
window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
/* htmx swaps nothing on a refusal or without an answer: say so, and keep guarding what was typed. */
const notSaved = (shown) => { document.getElementById("not-saved").hidden = !shown; };
for (const name of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(name, (event) => {
    if (!event.target.closest("form, [data-guard]")) return;
    notSaved(true);
    dirty = true;
    document.getElementById("not-saved").scrollIntoView({ block: "center" });
  });
}
/* The keyboard goes on where the new part of the page is. */
document.addEventListener("htmx:afterSwap", (event) => {
  notSaved(false);
  if (document.activeElement === document.body && event.target.id === "editor") {
    document.getElementById("editor").focus({ preventScroll: true });
  }
});

/* Printing: folded text of a document is unfolded, and «Print» needs no second press. */
window.addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll(".sheet details.fold")) fold.open = true;
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-print]")) return;
  event.preventDefault();
  window.print();
});

/* --- Links to hand over: buttons to copy and to print, which need this file, stand hidden without it. */
for (const button of document.querySelectorAll("[data-copy], [data-print]")) button.hidden = false;
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  /* Without https a browser has no clipboard for pages: the text is selected for Ctrl+C. */
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(field.value);
    button.nextElementSibling.hidden = false;
  }
});
/* --- end of links to hand over */

/* --- Queue of reports: the arrows walk through it, one button ticks the page. Arrows and no letters,
   because a letter is also a command of screen readers and of voice control. */
const showExtras = () => {
  for (const extra of document.querySelectorAll("[data-keys], [data-tick-all]")) extra.hidden = false;
};
showExtras();
document.addEventListener("htmx:afterSwap", showExtras);
document.addEventListener("keydown", (event) => {
  const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  if (!rel || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable], .scroller")) return;
  const link = document.querySelector(`[data-walk] a[rel=${rel}]`);
  if (link) link.click();
});
document.addEventListener("click", (event) => {
  const all = event.target.closest("[data-tick-all]");
  if (!all) return;
  const boxes = [...all.form.elements].filter((each) => each.name === all.dataset.tickAll && each.type === "checkbox");
  const on = boxes.some((each) => !each.checked);
  for (const each of boxes) each.checked = on;
});
/* --- end of the queue */

/* --- Outcomes of a report: the frame follows the choice. */
document.addEventListener("change", (event) => {
  const group = event.target.closest(".choices");
  if (!group) return;
  for (const choice of group.querySelectorAll(".choice")) {
    choice.classList.toggle("choice-on", choice.querySelector("input").checked);
  }
});
/* --- end of the outcomes */
