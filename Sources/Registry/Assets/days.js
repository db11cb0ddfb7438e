// The month of one's own calendar: the first press takes a day, a later second one the last day; both stand in the form,
// which sends them. The arrow keys walk through the month. Without this file each day is a link that does the same.
{
  const table = document.querySelector("table[data-days]");
  const form = document.querySelector("form[data-mark]");
  if (table && form) {
    const { from, to } = form.elements;
    const days = [...table.querySelectorAll("a[data-day]")];
    const plain = new Map(days.map((day) => [day, day.ariaLabel.replace(`, ${table.dataset.picked}`, "")]));

    const show = () => {
      const last = to.value || from.value;
      for (const day of days) {
        const picked = from.value && from.value <= day.dataset.day && day.dataset.day <= last;
        day.classList.toggle("picked", Boolean(picked));
        day.ariaPressed = String(Boolean(picked));
        day.ariaLabel = plain.get(day);
      }
      // The choice is kept while the month is turned.
      for (const link of document.querySelectorAll("a[data-month]")) {
        const address = new URL(link.href);
        for (const field of [from, to]) {
          if (field.value) address.searchParams.set(field.name, field.value);
          else address.searchParams.delete(field.name);
        }
        link.href = address;
      }
    };
    const take = (day) => {
      if (!from.value || to.value || day <= from.value) [from.value, to.value] = [day, ""];
      else to.value = day;
      show();
    };
    const walk = (day) => {
      for (const other of days) other.tabIndex = other === day ? 0 : -1;
      day.focus();
    };

    for (const day of days) {
      day.role = "button";
      day.tabIndex = -1;
    }
    (days.find((day) => day.classList.contains("picked") || day.ariaCurrent) ?? days[0]).tabIndex = 0;
    table.addEventListener("click", (event) => {
      const day = event.target.closest("a[data-day]");
      if (!day || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      take(day.dataset.day);
      walk(day);
    });
    table.addEventListener("keydown", (event) => {
      const day = event.target.closest("a[data-day]");
      if (!day || event.altKey || event.ctrlKey || event.metaKey) return;
      const at = days.indexOf(day);
      const next = { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - 7, ArrowDown: at + 7, Home: 0, End: days.length - 1 }[event.key];
      if (event.key === " ") take(day.dataset.day);
      else if (next === undefined) return;
      else if (days[next]) walk(days[next]);
      event.preventDefault();
    });
    for (const field of [from, to]) field.addEventListener("change", show);
    show();
  }
}
