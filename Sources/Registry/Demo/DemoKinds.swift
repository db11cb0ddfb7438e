/// Kinds of invented locations: what they are called, what is said of them, and which facts they tend to state.
struct DemoKind: Sendable {
    let type: String
    /// Further types, now and then.
    var also: [String] = []
    /// The name with a place in it.
    let names: [String]
    let sv: String
    let en: String
    var looks: [String] = ["contemporary"]
    /// Whether there is a roof.
    var isIndoors = true
    /// Square metres, roughly.
    var area: ClosedRange<Int> = 40...400
    /// The most likely current.
    var ampere = 16

    static let all: [DemoKind] = [
        DemoKind(
            type: "barn",
            also: ["farm"],
            names: ["Ladan i {place}", "{place} lada"],
            sv: "Timrad lada med högt i tak och stampat golv",
            en: "Timber barn with a high roof and an earthen floor",
            looks: ["1800s", "1920s", "1950s", "timeless"],
            area: 120...600
        ),
        DemoKind(
            type: "farm",
            also: ["stable", "pasture"],
            names: ["{place} gård", "Norrgården, {place}"],
            sv: "Kringbyggd gård med allé, damm och hagar",
            en: "Enclosed farm with an avenue, a pond and meadows",
            looks: ["1800s", "1950s", "contemporary"],
            area: 300...2_000
        ),
        DemoKind(
            type: "manor_house",
            also: ["garden", "park"],
            names: ["{place} herrgård", "{place} säteri"],
            sv: "Herrgård med salar i fil, flyglar och park",
            en: "Manor with rooms in enfilade, wings and a park",
            looks: ["1700s", "1800s", "1910s"],
            area: 400...1_800,
            ampere: 32
        ),
        DemoKind(
            type: "castle",
            also: ["park"],
            names: ["{place} slott"],
            sv: "Slott med vallgrav, valv och riddarsal",
            en: "Castle with a moat, vaults and a great hall",
            looks: ["medieval", "1600s", "1700s"],
            area: 800...4_000,
            ampere: 63
        ),
        DemoKind(
            type: "church",
            names: ["{place} kyrka"],
            sv: "Vitkalkad kyrka med målade valv och god akustik",
            en: "Whitewashed church with painted vaults and good acoustics",
            looks: ["medieval", "1800s", "timeless"],
            area: 200...700
        ),
        DemoKind(
            type: "factory",
            also: ["disused_industry"],
            names: ["{place} fabrik", "Gamla spinneriet, {place}"],
            sv: "Tegelfabrik med sågtandstak och gjutjärnspelare",
            en: "Brick factory with a saw-tooth roof and iron columns",
            looks: ["1900s", "1930s", "1970s"],
            area: 800...6_000,
            ampere: 125
        ),
        DemoKind(
            type: "glassworks",
            names: ["{place} glasbruk"],
            sv: "Hytta med ugnar och skorsten, hyttan går att tända",
            en: "Glassworks with furnaces and a chimney; the kiln can be lit",
            looks: ["1900s", "1950s"],
            area: 300...1_500,
            ampere: 63
        ),
        DemoKind(
            type: "workshop",
            names: ["Verkstaden i {place}"],
            sv: "Mekanisk verkstad med traverskran och norrljus",
            en: "Machine shop with a gantry crane and northern light",
            looks: ["1940s", "1970s", "1990s"],
            area: 150...900,
            ampere: 63
        ),
        DemoKind(
            type: "warehouse",
            also: ["sound_stage_hall"],
            names: ["Hallen i {place}", "{place} lager"],
            sv: "Lagerhall med fri höjd, port och plant golv",
            en: "Warehouse with clear height, a gate and a level floor",
            area: 800...5_000,
            ampere: 125
        ),
        DemoKind(
            type: "villa",
            names: ["Villa {place}", "Villan i {place}"],
            sv: "Villa med trädgård, källare och insyn från ett håll",
            en: "Detached house with garden and cellar, overlooked from one side",
            looks: ["1950s", "1960s", "contemporary"],
            area: 120...320
        ),
        DemoKind(
            type: "functionalist_house",
            names: ["Funkisvillan i {place}"],
            sv: "Vit funkisvilla med terrass och platsbyggd inredning",
            en: "White functionalist villa with a terrace and built-in furniture",
            looks: ["1930s", "1940s", "contemporary"],
            area: 140...300
        ),
        DemoKind(
            type: "half_timbered_house",
            names: ["Korsvirkesgården i {place}"],
            sv: "Korsvirkeslänga med halmtak och kullerstensgård",
            en: "Half-timbered range with a thatched roof and cobbled yard",
            looks: ["1700s", "1800s", "timeless"],
            area: 120...400
        ),
        DemoKind(
            type: "summer_house",
            names: ["Sommarhuset i {place}", "Torpet {place}"],
            sv: "Sommarhus med glasveranda och egen brygga",
            en: "Summer house with a glazed veranda and its own jetty",
            looks: ["1950s", "timeless"],
            area: 60...160
        ),
        DemoKind(
            type: "croft",
            names: ["{place} torp"],
            sv: "Torp i skogsbryn, utan el och med jordkällare",
            en: "Crofter's cottage at the forest edge, no power, root cellar",
            looks: ["1800s", "1900s"],
            area: 40...90,
            ampere: 10
        ),
        DemoKind(
            type: "apartment",
            names: ["Lägenheten på {place}gatan"],
            sv: "Våning med stuckatur, kakelugnar och serveringsgång",
            en: "Flat with stucco, tiled stoves and a service corridor",
            looks: ["1910s", "1930s", "contemporary"],
            area: 70...220
        ),
        DemoKind(
            type: "school",
            names: ["{place} skola", "Gamla skolan i {place}"],
            sv: "Nedlagd skola med aula, korridor och gymnastiksal",
            en: "Closed school with assembly hall, corridor and gym",
            looks: ["1950s", "1960s", "1980s"],
            area: 600...3_000,
            ampere: 63
        ),
        DemoKind(
            type: "hospital",
            names: ["{place} lasarett"],
            sv: "Tom vårdavdelning med dagrum och kulvert",
            en: "Empty ward with a day room and a service tunnel",
            looks: ["1960s", "1980s", "contemporary"],
            area: 500...2_500,
            ampere: 63
        ),
        DemoKind(
            type: "railway_station",
            names: ["{place} station"],
            sv: "Stationshus med perrong och väntsal, få tåg",
            en: "Station house with platform and waiting room, few trains",
            looks: ["1800s", "1900s", "1940s"],
            area: 150...500
        ),
        DemoKind(
            type: "airfield",
            names: ["{place} flygfält"],
            sv: "Gräsfält med hangar och fri sikt åt alla håll",
            en: "Grass airfield with a hangar and open views",
            looks: ["1940s", "contemporary"],
            isIndoors: false,
            area: 5_000...40_000
        ),
        DemoKind(
            type: "fishing_harbour",
            also: ["boathouse", "pier"],
            names: ["{place} fiskehamn", "{place} hamn"],
            sv: "Fiskehamn med bodar, kran och båtar i bruk",
            en: "Fishing harbour with sheds, a crane and working boats",
            looks: ["1950s", "timeless"],
            isIndoors: false,
            area: 1_000...8_000,
            ampere: 32
        ),
        DemoKind(
            type: "sandy_beach",
            also: ["dunes"],
            names: ["{place} strand"],
            sv: "Lång sandstrand mot väster med dyner",
            en: "Long west-facing beach with dunes",
            looks: ["timeless"],
            isIndoors: false,
            area: 5_000...50_000,
            ampere: 10
        ),
        DemoKind(
            type: "rocky_shore",
            also: ["archipelago"],
            names: ["{place} klippor"],
            sv: "Klippor mot öppet hav, nås med båt eller till fots",
            en: "Rocks facing open sea, by boat or on foot",
            looks: ["timeless"],
            isIndoors: false,
            area: 2_000...20_000,
            ampere: 10
        ),
        DemoKind(
            type: "lake",
            also: ["pier"],
            names: ["{place}sjön", "Badplatsen i {place}"],
            sv: "Skogssjö med brygga, utan hus i bild",
            en: "Forest lake with a jetty and no houses in view",
            looks: ["timeless"],
            isIndoors: false,
            area: 3_000...30_000,
            ampere: 10
        ),
        DemoKind(
            type: "beech_forest",
            names: ["{place} bokskog"],
            sv: "Pelarlik bokskog med stig och dimma på hösten",
            en: "Pillared beech forest with a path and autumn mist",
            looks: ["timeless", "medieval"],
            isIndoors: false,
            area: 10_000...90_000,
            ampere: 10
        ),
        DemoKind(
            type: "farmland",
            names: ["Åkrarna vid {place}"],
            sv: "Rapsfält med pilevall och grusväg",
            en: "Rapeseed fields with pollard willows and a gravel road",
            looks: ["timeless", "1950s"],
            isIndoors: false,
            area: 10_000...90_000,
            ampere: 10
        ),
        DemoKind(
            type: "quarry",
            names: ["{place} stenbrott"],
            sv: "Stenbrott med lodräta väggar och grön sjö",
            en: "Quarry with sheer walls and a green lake",
            looks: ["futuristic", "timeless"],
            isIndoors: false,
            area: 5_000...60_000,
            ampere: 16
        ),
        DemoKind(
            type: "hotel",
            names: ["Hotell {place}", "{place} gästgivaregård"],
            sv: "Hotell med matsal, trapphus och orörda rum",
            en: "Hotel with dining room, staircase and untouched rooms",
            looks: ["1930s", "1960s", "1980s"],
            area: 400...3_000,
            ampere: 63
        ),
        DemoKind(
            type: "cafe",
            names: ["Kafé {place}"],
            sv: "Kafé med disk, båsbord och fönster mot torget",
            en: "Café with counter, booths and windows to the square",
            looks: ["1950s", "1980s", "contemporary"],
            area: 60...200
        ),
        DemoKind(
            type: "cinema",
            names: ["Biografen i {place}", "Saga, {place}"],
            sv: "Enkel biograf med scen, ridå och biljettlucka",
            en: "Single-screen cinema with stage, curtain and ticket window",
            looks: ["1940s", "1950s"],
            area: 200...600,
            ampere: 32
        ),
        DemoKind(
            type: "film_studio",
            also: ["sound_stage_hall"],
            names: ["Studio {place}"],
            sv: "Ljudisolerad studio med rigg och cyklorama",
            en: "Soundproof stage with grid and cyclorama",
            area: 300...1_200,
            ampere: 125
        ),
        DemoKind(
            type: "bunker",
            names: ["Skyddsrummet i {place}"],
            sv: "Berganläggning med gångar och ledningscentral",
            en: "Rock shelter with corridors and a command room",
            looks: ["1950s", "1970s"],
            area: 300...2_000,
            ampere: 32
        ),
        DemoKind(
            type: "office",
            names: ["Kontoret i {place}"],
            sv: "Kontorslandskap från 70-talet, möblerat och tomt",
            en: "Open-plan office of the seventies, furnished and empty",
            looks: ["1970s", "1990s", "contemporary"],
            area: 200...1_500,
            ampere: 63
        ),
    ]

    /// Invented names of places: none of them is on a map of the six regions.
    static let places = [
        "Askebo", "Bokenäsa", "Drakamölla by", "Ekhultaryd", "Fagerlunda", "Granesjö", "Hassellöva",
        "Idebäcken",
        "Kvarnaryd", "Lindehultet", "Mossakärr", "Norrsjöbo", "Olstorpa", "Pilevalla", "Rönneryda",
        "Skogsvira",
        "Tranesjö", "Ugglehult", "Vitsippeholm", "Ängsjöryd", "Älgamåla", "Öjebrona", "Björkelösa",
        "Getabjär",
        "Humlekulla", "Kattarpsnäs", "Ljungavång", "Sandvallen", "Svanemåla", "Tallvika",
    ]
}
