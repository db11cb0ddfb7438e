internal import Web

/// What a page says about one of the six regions, in the order of the horizon that joins them, from west to east.
struct SiteRegion: Sendable {
    /// The slug, as everywhere: `skane`.
    let code: String
    /// The same in both languages.
    let name: String
    let motif: Landscape.Motif
    let light: Landscape.Light

    static let all: [SiteRegion] = [
        SiteRegion(
            code: "halland",
            name: "Halland",
            motif: .dune,
            light: .gold
        ),
        SiteRegion(
            code: "skane",
            name: "Skåne",
            motif: .field,
            light: .dawn
        ),
        SiteRegion(
            code: "kronoberg",
            name: "Kronoberg",
            motif: .forest,
            light: .haze
        ),
        SiteRegion(
            code: "jonkoping",
            name: "Jönköping",
            motif: .lake,
            light: .blue
        ),
        SiteRegion(
            code: "blekinge",
            name: "Blekinge",
            motif: .sea,
            light: .dawn
        ),
        SiteRegion(
            code: "kalmar",
            name: "Kalmar",
            motif: .castle,
            light: .dusk
        ),
    ]

    /// The region of a code.
    static func named(_ code: String) -> SiteRegion? { all.first { $0.code == code } }
}
