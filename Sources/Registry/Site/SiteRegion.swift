internal import Web

/// What a page says about one of the six regions, in the order of the horizon that joins them, from west to east.
struct SiteRegion: Sendable {
    /// The slug, as everywhere: `skane`.
    let code: String
    /// The same in both languages.
    let name: String
    let motif: Landscape.Motif
    let light: Landscape.Light
    /// Who answers questions about film there, and where.
    let body: String
    let bodyAddress: String

    static let all: [SiteRegion] = [
        SiteRegion(
            code: "halland",
            name: "Halland",
            motif: .dune,
            light: .gold,
            body: "Region Halland, Kultur i Halland",
            bodyAddress: "https://www.regionhalland.se/"
        ),
        SiteRegion(
            code: "skane",
            name: "Skåne",
            motif: .field,
            light: .dawn,
            body: "Film i Skåne",
            bodyAddress: "https://filmiskane.se/"
        ),
        SiteRegion(
            code: "kronoberg",
            name: "Kronoberg",
            motif: .forest,
            light: .haze,
            body: "Filmregion Sydost",
            bodyAddress: "https://filmregionsydost.se/"
        ),
        SiteRegion(
            code: "jonkoping",
            name: "Jönköping",
            motif: .lake,
            light: .blue,
            body: "Region Jönköpings län",
            bodyAddress: "https://www.rjl.se/"
        ),
        SiteRegion(
            code: "blekinge",
            name: "Blekinge",
            motif: .sea,
            light: .dawn,
            body: "Filmregion Sydost",
            bodyAddress: "https://filmregionsydost.se/"
        ),
        SiteRegion(
            code: "kalmar",
            name: "Kalmar",
            motif: .castle,
            light: .dusk,
            body: "Filmregion Sydost",
            bodyAddress: "https://filmregionsydost.se/"
        ),
    ]

    /// The region of a code.
    static func named(_ code: String) -> SiteRegion? { all.first { $0.code == code } }
}
