
// Sorting of the summary: a heading sorts up, then down, then restores the order of the run.
for (const table of document.querySelectorAll("table.summary")) {
  const body = table.tBodies[0];
  const original = Array.from(body.rows);
  const headings = Array.from(table.tHead.rows[0].cells);
  const compare = (a, b) => {
    if (typeof a === "number") {
      const missing = Number.isNaN(a) - Number.isNaN(b);
      return missing !== 0 || a === b ? missing : Math.sign(a - b);
    }
    return a.localeCompare(b, "en", { numeric: true });
  };
  headings.forEach((heading, column) => {
    const numeric = heading.classList.contains("number");
    const key = row => {
      const cell = row.cells[column];
      return numeric ? parseFloat(cell ? cell.dataset.value : "") : cell ? cell.textContent : "";
    };
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const order = heading.ariaSort === "ascending" ? "descending" : heading.ariaSort === "descending" ? "" : "ascending";
      headings.forEach(other => other.removeAttribute("aria-sort"));
      table.classList.toggle("sorted", order !== "");
      if (order !== "") heading.setAttribute("aria-sort", order);
      const sign = order === "descending" ? -1 : 1;
      const rows = order === "" ? original : original.slice().sort((a, b) => {
        const x = key(a), y = key(b);
        return Number.isNaN(x) || Number.isNaN(y) ? compare(x, y) : sign * compare(x, y);
      });
      body.append(...rows);
    });
  });
}

// Searching: by name and by warning, in the summary and among the tensors alike.
for (const table of document.querySelectorAll("table.summary")) {
  const anchor = document.getElementById("only-best");
  if (!anchor) continue;
  const rows = Array.from(table.tBodies[0].rows);
  const sections = Array.from(document.querySelectorAll("details.tensor"));
  const place = table.parentElement;
  const input = document.createElement("input");
  input.type = "search";
  input.className = "search";
  input.placeholder = "Search tensor, op or warning";
  input.setAttribute("aria-label", input.placeholder);
  const found = document.createElement("span");
  found.className = "found";
  found.setAttribute("aria-live", "polite");
  anchor.before(input);
  place.before(found);
  const shown = sections.map(section => {
    const heading = section.querySelector("summary");
    return { section, text: heading.textContent.toLowerCase(), link: "#" + section.querySelector(".content").id };
  });
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(word => word !== "");
    const links = new Set();
    for (const { section, text, link } of shown) {
      const matches = words.every(word => text.includes(word));
      section.hidden = !matches;
      if (matches) links.add(link);
    }
    for (const row of rows) row.hidden = !links.has(row.cells[0].querySelector("a").getAttribute("href"));
    found.textContent = words.length === 0 ? "" : links.size + (links.size === 1 ? " tensor" : " tensors");
  });
}

// All tensors at once: opened, closed, and open on paper.
{
  const sections = Array.from(document.querySelectorAll("details.tensor"));
  if (sections.length > 1) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "openall";
    const state = () => sections.some(section => !section.open);
    const name = () => { button.textContent = state() ? "Open all" : "Close all"; };
    button.addEventListener("click", () => {
      const open = state();
      for (const section of sections) section.open = open;
      name();
    });
    for (const section of sections) section.addEventListener("toggle", name);
    name();
    sections[0].before(button);
  }
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = sections.filter(section => !section.open);
    for (const section of closed) section.open = true;
  });
  addEventListener("afterprint", () => { for (const section of closed) section.open = false; });
}
