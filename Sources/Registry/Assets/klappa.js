// Enhancements only: every page works without this file.

// After a form came back with errors the reader starts at their summary, whose links lead into the fields.
const errors = document.getElementById("errors");
errors?.focus();
errors?.addEventListener("click", ({ target }) => {
  const field = target.closest("a")?.hash.slice(1);
  if (field) document.getElementById(field)?.focus();
});

// A search form that answers while it is being filled in: a change fetches the same page that a submit would
// open, and its parts (data-part) take the place of the old ones.
const form = document.querySelector("form[data-live]");
if (form) {
  let running;
  let shown = location.search;

  const address = () => {
    const query = new URLSearchParams(new FormData(form));
    for (const [name, value] of [...query]) if (!value) query.delete(name, value);
    return query.size ? `${form.action}?${query}` : form.action;
  };

  const replace = (page) => {
    const focused = document.activeElement?.id;
    const open = new Map([...document.querySelectorAll("details[id]")].map((d) => [d.id, d.open]));
    for (const part of document.querySelectorAll("[data-part]")) {
      const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
      // What is being typed is never overwritten, unless it is wrong.
      const typing = part.dataset.part === "fields" && part.contains(document.activeElement);
      if (fresh && (!typing || fresh.querySelector("[aria-invalid]"))) part.replaceChildren(...fresh.childNodes);
    }
    document.title = page.title;
    document.dispatchEvent(new CustomEvent("klappa:results", { detail: page }));
    for (const details of document.querySelectorAll("details[id]")) {
      if (open.has(details.id)) details.open = open.get(details.id);
    }
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  };

  const show = async (target) => {
    running?.abort();
    const mine = (running = new AbortController());
    form.setAttribute("aria-busy", "true");
    try {
      const reply = await fetch(target, { signal: mine.signal, headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      if (!page.querySelector('[data-part="results"]')) throw new Error("not a page of results");
      replace(page);
      history.pushState(null, "", reply.url);
      shown = location.search;
    } catch (error) {
      // Whatever went wrong: the browser opens the page itself and shows it.
      if (error.name !== "AbortError") location.assign(target);
    } finally {
      if (running === mine) form.removeAttribute("aria-busy");
    }
  };

  form.addEventListener("change", ({ target }) => {
    // Half a period asks for nothing yet.
    if (target.name === "from" && !form.elements.to.value) return;
    show(address());
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    document.activeElement?.blur();
    if (form.matches(":popover-open")) form.hidePopover();
    show(address());
  });
  // Back and forth between searches; a leap within the page asks for nothing.
  addEventListener("popstate", () => {
    if (location.search !== shown) location.reload();
  });
}
