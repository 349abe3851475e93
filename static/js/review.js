/* Checking how a document was read; every page works without this file, by links and buttons. */
"use strict";

/* --- Uploading: a file can be dropped on its field, and long reading says that it goes on. */
for (const hint of document.querySelectorAll("[data-drop-hint]")) hint.hidden = false;
for (const area of document.querySelectorAll("[data-drop]")) {
  const input = area.querySelector("input[type=file]");
  for (const name of ["dragenter", "dragover"]) {
    area.addEventListener(name, (event) => { event.preventDefault(); area.classList.add("drop-on"); });
  }
  for (const name of ["dragleave", "drop"]) area.addEventListener(name, () => area.classList.remove("drop-on"));
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
  });
}
document.addEventListener("submit", (event) => {
  const progress = event.target.querySelector("[data-reading-progress]");
  if (progress && !event.defaultPrevented) setTimeout(() => { progress.hidden = false; }, 700);
});
window.addEventListener("pageshow", () => {
  for (const progress of document.querySelectorAll("[data-reading-progress]")) progress.hidden = true;
});

/* --- The review. One piece is looked at: marked in both panes, its fields in the inspector. */
const review = () => document.querySelector("[data-review]");
const rowAt = (place) => document.getElementById(`at-${place}`);
const placeOf = (row) => row.id.slice(3);
const currentRow = () => document.querySelector(".pane-source .p-on");
const panes = () => document.querySelectorAll("[data-pane]");
let loading = null; /* the request for the inspector that is under way */
let pending = null; /* the key pressed before the inspector came */
let acting = false; /* an act is being saved: the form that sent it must stay until the answer */
let meanwhile = null; /* the piece chosen while it was */

/* One stop for the key Tab in each pane; the arrows go on from there. */
const roam = () => {
  const row = currentRow();
  for (const pane of panes()) {
    for (const link of pane.querySelectorAll("p > a.role, li[data-to] > a")) link.tabIndex = -1;
    const here = pane.querySelector(".p-on > a") || pane.querySelector("p > a.role, li[data-to] > a");
    if (here) here.tabIndex = 0;
  }
  return row;
};
/* In its own pane; with ``page`` the page moves too, where the element does not stand on the screen. */
const bring = (element, page) => {
  if (!element) return;
  const pane = element.closest("[data-pane]");
  const inner = pane.getBoundingClientRect();
  const outer = element.getBoundingClientRect();
  if (pane.scrollHeight > pane.clientHeight + 1) {
    const above = outer.top - inner.top - 48;
    const below = outer.bottom - inner.bottom + 48;
    if (above < 0) pane.scrollTop += above;
    else if (below > 0) pane.scrollTop += Math.min(below, above);
  }
  const seen = element.getBoundingClientRect();
  if (page && (seen.top < 0 || seen.top + 40 > window.innerHeight)) element.scrollIntoView({ block: "nearest" });
};
const mark = (row) => {
  for (const on of document.querySelectorAll("[data-pane] .p-on")) {
    on.classList.remove("p-on");
    const link = on.querySelector("a");
    if (link) { link.removeAttribute("aria-current"); link.tabIndex = -1; }
  }
  const place = placeOf(row);
  const twin = document.querySelector(`li[data-to="${place}"]`);
  for (const on of [row, twin]) {
    if (!on) continue;
    on.classList.add("p-on");
    const link = on.querySelector("a");
    link.setAttribute("aria-current", "true");
    link.tabIndex = 0;
  }
  return twin;
};

/* Both panes and the inspector fit on a wide screen, once the head of the page is scrolled away. */
const fit = () => {
  const inspector = document.getElementById("inspector");
  const frame = inspector.parentElement.getBoundingClientRect();
  const wide = getComputedStyle(inspector.parentElement).gridTemplateColumns.split(" ").length > 1;
  if (wide && Math.abs(frame.bottom - window.innerHeight) > 24) document.getElementById("doubts").scrollIntoView({ block: "start" });
};
const select = (row, from) => {
  if (!row) return;
  fit();
  const twin = mark(row);
  if (from === "outline") { bring(row); twin?.querySelector("a").focus({ preventScroll: true }); }
  else { bring(twin); row.querySelector("a").focus({ preventScroll: true }); }
  bring(from === "outline" ? twin : row, true);
  word = null;
  load(placeOf(row));
};

const load = async (place) => {
  const inspector = document.getElementById("inspector");
  if (acting) { meanwhile = place; return; }
  if (loading) loading.abort();
  if (!inspector || inspector.dataset.at === place) return;
  const request = loading = new AbortController();
  const url = `${location.pathname}?at=${place}`;
  try {
    const headers = { "HX-Request": "true", "HX-Target": "inspector" };
    const answer = await fetch(url, { headers, signal: request.signal });
    if (!answer.ok || answer.redirected) { location.assign(url); return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["doubts", "inspector"]) {
      const fresh = document.importNode(page.getElementById(id), true);
      document.getElementById(id).replaceWith(fresh);
      htmx.process(fresh);
    }
    history.replaceState(history.state, "", `${url}#at-${place}`);
    fill();
    if (pending) { const key = pending; pending = null; press(key); }
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url);
  } finally {
    if (loading === request) loading = null;
  }
};

/* --- Words: chosen by the mouse or by the arrows, they go into the fields of the inspector. */
let word = null; /* the words chosen by the arrows: the first and the last, by their order */
const letters = (text) => [...text].length; /* as the server counts: not halves of a pair */
const textOf = (row) => row.lastElementChild;
const offsetIn = (holder, node, at) => {
  const range = document.createRange();
  range.selectNodeContents(holder);
  range.setEnd(node, at);
  return range.toString();
};
const chosen = () => {
  const selection = document.getSelection();
  const row = currentRow();
  if (!row || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const holder = textOf(row);
  if (!holder.contains(range.startContainer) || !holder.contains(range.endContainer)) return null;
  const start = Number(row.dataset.s) + letters(offsetIn(holder, range.startContainer, range.startOffset));
  return { start, text: range.toString() };
};
const fill = () => {
  const found = chosen();
  const inspector = document.getElementById("inspector");
  if (!found || !inspector || inspector.dataset.at !== placeOf(currentRow())) return;
  const cut = inspector.querySelector("[name=at]");
  if (cut) {
    const places = [...cut.options].map((option) => Number(option.value));
    const exact = places.includes(found.start);
    for (const made of cut.querySelectorAll("[data-made]")) if (Number(made.value) !== found.start) made.remove();
    const whole = textOf(currentRow()).textContent;
    const from = found.start - Number(currentRow().dataset.s);
    if (!exact && from > 0 && from < letters(whole)) {
      /* The cursor stands inside a word: somebody typed «года.2. Вести» without a space. */
      const option = new Option([...whole].slice(from, from + 40).join(""), String(found.start));
      option.dataset.made = "1";
      cut.add(option);
    }
    if ([...cut.options].some((option) => Number(option.value) === found.start)) cut.value = String(found.start);
  }
  const words = inspector.querySelector("[name=words]");
  if (words && found.text.trim()) {
    words.value = found.text.trim().replaceAll("\u00a0", " ");
    inspector.querySelector("[name=from]").value = String(found.start);
  }
};
document.addEventListener("selectionchange", () => { if (review()) fill(); });

const wordsOf = (row) => [...textOf(row).textContent.matchAll(/[^\s\u00a0]+/g)].map((found) => [found.index, found.index + found[0].length]);
const nodeAt = (holder, offset) => {
  const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT);
  let node = walker.nextNode();
  while (node && offset > node.length) { offset -= node.length; node = walker.nextNode(); }
  return [node, offset];
};
const step = (row, by, further) => {
  const all = wordsOf(row);
  if (!all.length) return;
  const last = all.length - 1;
  const clip = (number) => Math.max(0, Math.min(last, number));
  if (!word) word = by > 0 ? [0, 0] : [last, last];
  else if (further) word = [word[0], Math.max(word[0], clip(word[1] + by))];
  else { const to = clip((by > 0 ? word[1] : word[0]) + by); word = [to, to]; }
  const [start, at] = nodeAt(textOf(row), all[word[0]][0]);
  const [end, to] = nodeAt(textOf(row), all[word[1]][1]);
  document.getSelection().setBaseAndExtent(start, at, end, to);
};

/* --- Mouse: a click on a piece of either pane shows it in both. */
document.addEventListener("click", (event) => {
  if (!review() || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("#doubts a[data-at]");
  const inOutline = event.target.closest("li[data-to]");
  const row = event.target.closest(".pane-source p[data-i]");
  const place = link ? link.dataset.at : inOutline?.dataset.to;
  const wanted = row || (place && rowAt(place));
  if (!wanted) return;
  event.preventDefault();
  event.stopPropagation();
  select(wanted, inOutline ? "outline" : "source");
}, true);

/* --- Keys, while the keyboard is in one of the panes or on a button of the inspector. */
const nameOf = (event) => `${event.shiftKey ? "Shift+" : ""}${event.code === "NumpadEnter" ? "Enter" : event.code}`;
const press = (key) => {
  const inspector = document.getElementById("inspector");
  const row = currentRow();
  if (acting || (row && inspector.dataset.at !== placeOf(row))) { pending = key; return; }
  const button = document.querySelector(`#review [data-key="${key}"]`);
  if (button) button.click();
};
const walk = (row, by, wanted) => {
  const rows = [...document.querySelectorAll(".pane-source p[data-i]")];
  for (let at = rows.indexOf(row) + by; rows[at]; at += by) if (!wanted || wanted in rows[at].dataset) return rows[at];
  return null;
};
const MOVES = { ArrowDown: [1], ArrowUp: [-1], KeyJ: [1, "b"], KeyK: [-1, "b"] };
document.addEventListener("keydown", (event) => {
  if (!review() || event.altKey || event.ctrlKey || event.metaKey) return;
  const inside = event.target.closest("[data-pane], #inspector, #doubts");
  if (!inside) return;
  const row = currentRow();
  if (event.key === "Escape" && row) { row.querySelector("a").focus(); return; }
  if (event.target.closest("input, textarea, select")) return;
  const key = nameOf(event);
  const pane = event.target.closest("[data-pane]");
  if (pane && row && MOVES[key]) select(walk(row, ...MOVES[key]), pane.dataset.pane);
  else if (pane && row && /^(Shift\+)?Arrow(Left|Right)$/.test(key)) step(row, key.endsWith("Right") ? 1 : -1, event.shiftKey);
  else if (pane && key === "KeyE") document.querySelector("#inspector input:not([type=hidden]), #inspector button")?.focus();
  else if (document.querySelector(`#review [data-key="${key}"]`)) press(key);
  else return;
  event.preventDefault();
});

/* --- After an act the page comes anew: the panes stay where they were, and so does the keyboard. */
let kept = [];
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!review() || event.detail.target.id !== "review") return;
  acting = true;
  if (loading) loading.abort();
});
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:sendAbort", "htmx:timeout"]) {
  document.addEventListener(name, () => { acting = false; meanwhile = null; pending = null; });
}
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "review") return;
  kept = [...panes()].map((pane) => [pane.dataset.pane, pane.scrollTop]);
});
document.addEventListener("htmx:afterSettle", () => {
  if (!review() || !acting) return;
  acting = false;
  for (const [name, top] of kept) {
    const pane = document.querySelector(`[data-pane="${name}"]`);
    if (pane) pane.scrollTop = top;
  }
  kept = [];
  word = null;
  const row = roam();
  if (!row) return;
  bring(document.querySelector(".pane-outline .p-on"));
  bring(row, true);
  if (!document.activeElement || document.activeElement === document.body || document.activeElement.id === "review") {
    row.querySelector("a").focus({ preventScroll: true });
  }
  const other = meanwhile && rowAt(meanwhile);
  meanwhile = null;
  if (other) select(other, "source");
  else if (pending) { const key = pending; pending = null; press(key); }
});

if (review()) {
  const row = roam();
  if (row) {
    if (location.hash) fit();
    bring(document.querySelector(".pane-outline .p-on"));
    bring(row, Boolean(location.hash));
  }
}
