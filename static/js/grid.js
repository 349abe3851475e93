/* Grids: one stop for Tab, arrows from cell to cell. Without this file cells are plain links. */
"use strict";
{
  /* The links by row and column; a cell without a link is a hole, which the arrows jump over. */
  const plans = new WeakMap();
  const planOf = (grid) => {
    if (!plans.has(grid)) {
      plans.set(grid, [...grid.rows].map((row) => {
        const links = [];
        let column = 0;
        for (const cell of row.cells) {
          const link = cell.querySelector("a");
          if (link) links[column] = link;
          column += cell.colSpan;
        }
        return links;
      }));
    }
    return plans.get(grid);
  };
  const firstOf = (links) => links.find(Boolean);
  const lastOf = (links) => links[links.length - 1];

  const next = (grid, link, key, whole) => {
    const plan = planOf(grid);
    const row = link.closest("tr").rowIndex;
    const column = plan[row].indexOf(link);
    if (whole) {
      const rows = plan.filter((links) => links.length);
      return { Home: () => firstOf(rows[0]), End: () => lastOf(rows[rows.length - 1]) }[key]?.();
    }
    return {
      ArrowRight: () => firstOf(plan[row].slice(column + 1)),
      ArrowLeft: () => lastOf(plan[row].slice(0, column).filter(Boolean)),
      ArrowDown: () => firstOf(plan.slice(row + 1).map((links) => links[column])),
      ArrowUp: () => lastOf(plan.slice(0, row).map((links) => links[column]).filter(Boolean)),
      Home: () => firstOf(plan[row]),
      End: () => lastOf(plan[row]),
    }[key]?.();
  };

  const prepare = () => {
    for (const grid of document.querySelectorAll("table[data-grid]:not([data-ready])")) {
      grid.dataset.ready = "";
      for (const link of grid.querySelectorAll("a")) link.tabIndex = -1;
      const first = grid.querySelector("td a") || grid.querySelector("a");
      if (first) first.tabIndex = 0;
    }
  };
  prepare();
  document.addEventListener("htmx:afterSwap", prepare);

  document.addEventListener("focusin", (event) => {
    const grid = event.target.closest("table[data-grid]");
    if (!grid || event.target.tagName !== "A") return;
    for (const link of grid.querySelectorAll("a[tabindex='0']")) link.tabIndex = -1;
    event.target.tabIndex = 0;
  });
  document.addEventListener("keydown", (event) => {
    const link = event.target.closest("table[data-grid] a");
    if (!link || event.altKey || event.metaKey || event.shiftKey) return;
    const found = next(link.closest("table"), link, event.key, event.ctrlKey);
    if (!found) return;
    event.preventDefault();
    found.focus();
    /* The whole box, so that the heads of the columns are on the screen, too. */
    found.closest(".gridbox").scrollIntoView({ block: "nearest" });
  });
}
