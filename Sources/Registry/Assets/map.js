// The map of locations: Leaflet over the outlines of the regions, or over tiles where a server is configured. Without
// this file the drawn map stays. Points come from the same search as the list.

let map;
let offers;
let interest;
let control;

const load = (address) =>
  new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });

const style = (address) => {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address;
  // Before our own rules, which dress the map in the colours of the page.
  document.head.prepend(link);
};

const fetched = async (address) => {
  const reply = await fetch(address, { headers: { Accept: "application/json" } });
  if (!reply.ok) throw new Error(`${reply.status} ${address}`);
  return reply.json();
};

const pin = (name) => L.divIcon({ className: name, iconSize: [16, 16] });

// Text, never HTML: names are what people typed.
const popup = (text, address) => {
  const node = document.createElement(address ? "a" : "span");
  node.textContent = text;
  if (address) node.href = address;
  return node;
};

const build = async (canvas) => {
  const { script, style: sheet, cluster, clusterStyle, tiles, attribution } = canvas.dataset;
  style(sheet);
  style(clusterStyle);
  await load(script);
  await load(cluster);
  const outlines = await fetched("/map/regions.json");
  canvas.replaceChildren();
  canvas.classList.add("live");
  map = L.map(canvas, { attributionControl: Boolean(tiles), minZoom: 6, maxZoom: tiles ? 17 : 12, zoomSnap: 0.5 });
  if (tiles) L.tileLayer(tiles, { attribution, maxZoom: 17 }).addTo(map);
  const land = L.geoJSON(outlines, { interactive: false, style: { className: tiles ? "border" : "land", weight: 1 } });
  land.addTo(map);
  map.fitBounds(land.getBounds(), { padding: [4, 4] });
  offers = L.markerClusterGroup({
    showCoverageOnHover: false,
    maxClusterRadius: 46,
    iconCreateFunction: (group) => {
      const icon = document.createElement("span");
      icon.textContent = group.getChildCount();
      return L.divIcon({ className: "pins", html: icon, iconSize: [32, 32] });
    },
  });
  map.addLayer(offers);
  interest = L.layerGroup();
};

const fill = async (canvas) => {
  const { points, places, lang } = canvas.dataset;
  const [found, near] = await Promise.all([fetched(points), fetched(places)]);
  offers.clearLayers();
  interest.clearLayers();
  const box = L.latLngBounds([]);
  for (const { geometry, properties } of found.features) {
    const [east, north] = geometry.coordinates;
    const marker = L.marker([north, east], { icon: pin("pin"), title: properties.name, alt: properties.name });
    marker.bindPopup(popup(properties.name, `/${lang}/locations/${properties.number}`));
    offers.addLayer(marker);
    box.extend([north, east]);
  }
  for (const place of near.items) {
    const marker = L.marker([place.lat, place.lon], { icon: pin("sight"), title: place.name, alt: place.name, keyboard: false });
    marker.bindPopup(popup(place.name));
    interest.addLayer(marker);
  }
  if (!control) {
    control = L.control.layers(null, { [canvas.dataset.offers]: offers, [canvas.dataset.interest]: interest }, { collapsed: false, position: "bottomleft" });
    control.addTo(map);
  }
  if (box.isValid() && location.search) map.fitBounds(box, { padding: [30, 30], maxZoom: 11 });
};

const canvas = document.getElementById("map");
if (canvas?.dataset.script) {
  build(canvas).then(() => fill(canvas)).catch((error) => console.error("map", error));
  // The list was renewed while the form was filled in: the map shows the same search.
  document.addEventListener("klappa:results", ({ detail }) => {
    const fresh = detail.getElementById("map");
    if (!fresh || !control) return;
    canvas.dataset.points = fresh.dataset.points;
    canvas.dataset.places = fresh.dataset.places;
    fill(canvas).catch((error) => console.error("map", error));
  });
}
