import Postgres

/// An invented production on which many invented people have worked.
struct DemoProduction: Sendable {
    let key: String
    let slug: String
    let title: String
    let type: String
    let company: String
    let year: Int
    /// The days of its shoot, all in ``year``.
    let first: Day
    let last: Day

    private static let starts = [
        "Salt", "Sten", "Dimm", "Löv", "Kalk", "Ljung", "Vass", "Tång", "Bärnstens", "Krit", "Fyr", "Regn",
        "Åker",
        "Glas", "Bok", "Sill", "Norrskens", "Grus", "Ros", "Järn",
    ]
    private static let ends = [
        "vinden", "hamnen", "natten", "kusten", "sommaren", "huset", "bron", "ängen", "vägen", "ön",
        "skiftet",
        "fallet", "brevet", "resan", "byn", "leken",
    ]
    private static let companies = [
        "Klapperfilm", "Norra Vass Produktion", "Tre Måsar Film", "Ljungdal & Co", "Halvlek Media",
        "Sillens Film",
        "Bakvända Bolaget", "Grusgång Produktion", "Femte Väggen", "Lilla Åskan",
    ]
    private static let types: [(String, Int)] = [
        ("feature_film", 18), ("drama_series", 22), ("short_film", 14), ("documentary_film", 12),
        ("commercial", 16),
        ("childrens_series", 5), ("documentary_series", 5), ("music_video", 4), ("tv_film", 3),
        ("animated_short", 2),
    ]

    /// The production with a number; it depends on seed, number and the day from which the data count.
    init(_ index: Int, seed: UInt64, from day: Day, keys: DemoKeys) {
        var random = DemoRandom(seed: seed, topic: 2, index: index)
        key = keys.key(.production, index)
        var title = random.pick(Self.starts) + random.pick(Self.ends)
        type = random.weighted(Self.types)
        if type.hasSuffix("series"), random.chance(30) { title += ", säsong \(random.number(2...3))" }
        self.title = title
        slug = "demo-\(index + 1)-\(DemoPerson.slug(title))"
        company = random.pick(Self.companies)
        year = day.components.year - random.low(0...14)
        let length: Int
        switch type {
        case "feature_film", "tv_film": length = random.number(30...58)
        case "drama_series", "childrens_series": length = random.number(60...130)
        case "commercial", "music_video": length = random.number(1...4)
        default: length = random.number(4...25)
        }
        let start = Day(year: year, month: 1, day: 5) ?? day
        let latest = max(0, 350 - length)
        first = start + random.number(0...latest)
        last = first + length - 1
    }
}
