// Shows who is listed under a name while it is being typed; without this the same is said when the form is sent.
{
  const form = document.querySelector("form[data-alike]");
  const place = document.querySelector('[data-part="alike"]');
  const field = form?.elements.name;
  if (field && place) {
    let waiting;
    let running;
    let asked = field.value.trim();
    const look = async () => {
      const name = field.value.trim();
      if (name === asked) return;
      asked = name;
      running?.abort();
      const mine = (running = new AbortController());
      if (name.length < 3) return place.replaceChildren();
      try {
        const reply = await fetch(`${form.dataset.alike}?${new URLSearchParams({ name })}`, { signal: mine.signal });
        const page = new DOMParser().parseFromString(await reply.text(), "text/html");
        const fresh = page.querySelector('[data-part="alike"]');
        if (fresh && running === mine) place.replaceChildren(...fresh.childNodes);
      } catch (error) {
        // Nothing is lost: sending the form tells it.
        if (error.name !== "AbortError") place.replaceChildren();
      }
    };
    field.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(look, 300);
    });
  }
}
