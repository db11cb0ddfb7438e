internal import Web

/// Where the map's library is served, and which tiles lie under it.
struct Leaflet: Sendable {
    let script: String
    let style: String
    let cluster: String
    let clusterStyle: String
    /// `https://tiles.example/{z}/{x}/{y}.png`; nil shows the outlines of the regions instead.
    let tiles: String?
    /// Whom the tiles come from, as their server asks to be named.
    let attribution: String?

    /// Nil unless all of Debian's files were found.
    init?(_ site: Site) {
        guard let script = site.assets.address(of: "leaflet/leaflet.js"),
            let style = site.assets.address(of: "leaflet/leaflet.css"),
            let cluster = site.assets.address(of: "leaflet/markercluster.js"),
            let clusterStyle = site.assets.address(of: "leaflet/markercluster.css")
        else { return nil }
        self.script = script
        self.style = style
        self.cluster = cluster
        self.clusterStyle = clusterStyle
        tiles = site.settings.tiles?.address
        attribution = site.settings.tiles?.attribution
    }

    /// What the template prints.
    var view: View {
        [
            "script": .text(script), "style": .text(style), "cluster": .text(cluster),
            "clusterStyle": .text(clusterStyle), "tiles": .optional(tiles),
            "attribution": .optional(attribution),
        ]
    }
}
