// A point picked on the map: a click or Enter writes its degrees into the field, which stays the truth. Without this file
// the degrees are typed.

const load = (address) =>
  new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });

const build = async (canvas) => {
  const { script, style: sheet, tiles, attribution, label } = canvas.dataset;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = sheet;
  document.head.prepend(link);
  const reply = await fetch("/map/regions.json", { headers: { Accept: "application/json" } });
  if (!reply.ok) throw new Error(`${reply.status} /map/regions.json`);
  const [outlines] = await Promise.all([reply.json(), load(script)]);
  canvas.closest("figure").hidden = false;
  canvas.classList.add("live");
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", label);
  const map = L.map(canvas, { attributionControl: Boolean(tiles), minZoom: 6, maxZoom: tiles ? 18 : 14, zoomSnap: 0.5 });
  if (tiles) L.tileLayer(tiles, { attribution, maxZoom: 18 }).addTo(map);
  const land = L.geoJSON(outlines, { interactive: false, style: { className: tiles ? "border" : "land", weight: 1 } });
  land.addTo(map);
  map.fitBounds(land.getBounds(), { padding: [4, 4] });
  const field = document.getElementById(canvas.dataset.field);
  let marker;
  const show = (point) => {
    marker ??= L.marker(point, { icon: L.divIcon({ className: "pin", iconSize: [16, 16] }), keyboard: false }).addTo(map);
    marker.setLatLng(point);
  };
  const typed = () => {
    const numbers = field.value.split(/[,; ]+/).filter(Boolean).map(Number);
    return numbers.length === 2 && numbers.every(Number.isFinite) ? numbers : undefined;
  };
  const pick = (point) => {
    field.value = `${point.lat.toFixed(5)}, ${point.lng.toFixed(5)}`;
    show(point);
  };
  map.on("click", ({ latlng }) => pick(latlng));
  // By keyboard: the arrows move the map, Enter takes its middle.
  canvas.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target !== canvas) return;
    event.preventDefault();
    pick(map.getCenter());
  });
  field.addEventListener("change", () => typed() && show(typed()));
  if (typed()) {
    show(typed());
    map.setView(typed(), tiles ? 12 : 8);
  }
};

const canvas = document.getElementById("pick");
if (canvas) build(canvas).catch((error) => console.error("map", error));
