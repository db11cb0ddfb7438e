/// The programmes that are invented: what they are called and for whom.
enum DemoTalentTexts {
    typealias Text = (sv: String, en: String)

    struct Programme {
        let slug: String
        let type: String
        let priority: String
        let organisation: Int
        let regions: [String]
        let name: Text
        let summary: Text
        let places: Int
    }

    static let organisations: [(slug: String, name: String)] = [
        ("filmhus-sydkusten", "Filmhus Sydkusten"), ("talangverkstan-smaland", "Talangverkstan Småland"),
        ("vastkustens-filmskola", "Västkustens filmskola"),
    ]

    static let programmes: [Programme] = [
        Programme(
            slug: "forsta-ljuset",
            type: "short_film_scheme",
            priority: "talent",
            organisation: 0,
            regions: ["skane", "blekinge", "kalmar", "kronoberg", "jonkoping", "halland"],
            name: ("Första ljuset", "First Light"),
            summary: (
                "Åtta nya regissörer gör kortfilm på en plats de valt själva, med handledning och proffscrew.",
                "Eight new directors make a short film at a place of their own choice, with mentors and a professional crew."
            ),
            places: 8
        ),
        Programme(
            slug: "manusrummet",
            type: "writers_lab",
            priority: "talent",
            organisation: 1,
            regions: ["kronoberg", "jonkoping", "kalmar"],
            name: ("Manusrummet", "The Writers' Room"),
            summary: (
                "Sex författare skriver serie tillsammans under ett år, med dramaturg och läsgrupp.",
                "Six writers develop a series together over a year, with a dramaturge and a reading group."
            ),
            places: 6
        ),
        Programme(
            slug: "pa-plats",
            type: "trainee_on_set",
            priority: "skills",
            organisation: 0,
            regions: ["skane", "halland", "blekinge"],
            name: ("På plats", "On Set"),
            summary: (
                "Betald praktik på inspelning för den som vill bli B- eller C-funktion.",
                "Paid traineeship on productions for those who want to become assistants in a department."
            ),
            places: 12
        ),
        Programme(
            slug: "kustlagret",
            type: "film_camp",
            priority: "talent",
            organisation: 2,
            regions: ["halland"],
            name: ("Kustlägret", "The Coast Camp"),
            summary: (
                "En sommarvecka med film för den som är 15 till 19 år. Ingen erfarenhet behövs.",
                "A summer week of film for those aged 15 to 19. No experience needed."
            ),
            places: 20
        ),
        Programme(
            slug: "dokumentarmentor",
            type: "mentorship",
            priority: "talent",
            organisation: 1,
            regions: ["jonkoping", "kronoberg"],
            name: ("Dokumentärmentor", "Documentary Mentor"),
            summary: (
                "Fem dokumentärfilmare får var sin mentor och tid för research.",
                "Five documentary makers get a mentor each and time for research."
            ),
            places: 5
        ),
        Programme(
            slug: "producentlyftet",
            type: "producer_accelerator",
            priority: "finance",
            organisation: 0,
            regions: ["skane", "blekinge", "kalmar", "kronoberg", "jonkoping", "halland"],
            name: ("Producentlyftet", "Producer Boost"),
            summary: (
                "Finansiering, avtal och samproduktion för producenter med sin första långfilm på väg.",
                "Financing, contracts and co-production for producers whose first feature is under way."
            ),
            places: 8
        ),
        Programme(
            slug: "platsspanare",
            type: "location_scout_training",
            priority: "market",
            organisation: 1,
            regions: ["kalmar", "kronoberg", "jonkoping"],
            name: ("Platsspanare", "Location Scouts"),
            summary: (
                "Lär dig hitta, fotografera och beskriva platser så att produktioner vill komma.",
                "Learn to find, photograph and describe places so that productions want to come."
            ),
            places: 10
        ),
        Programme(
            slug: "gron-inspelning",
            type: "sustainability_training",
            priority: "skills",
            organisation: 0,
            regions: ["skane", "halland"],
            name: ("Grön inspelning", "Green Shoot"),
            summary: (
                "Tre dagar om el, resor och återbruk för produktionsledare och avdelningschefer.",
                "Three days on power, travel and reuse for production managers and heads of department."
            ),
            places: 16
        ),
        Programme(
            slug: "skargardsresidens",
            type: "residency",
            priority: "talent",
            organisation: 0,
            regions: ["blekinge"],
            name: ("Skärgårdsresidens", "Archipelago Residency"),
            summary: (
                "Fyra veckor i ett fyrvaktarhus för den som skriver eller klipper sin nästa film.",
                "Four weeks in a lighthouse keeper's house for writing or editing your next film."
            ),
            places: 4
        ),
        Programme(
            slug: "ljud-och-ljus",
            type: "skills_course",
            priority: "skills",
            organisation: 2,
            regions: ["halland", "skane"],
            name: ("Ljud och ljus", "Sound and Light"),
            summary: (
                "Kvällskurs för den som vill börja arbeta med ljud eller ljus på inspelning.",
                "An evening course for those who want to begin with sound or light on productions."
            ),
            places: 14
        ),
        Programme(
            slug: "unga-rummet",
            type: "young_filmmakers",
            priority: "talent",
            organisation: 1,
            regions: ["kalmar"],
            name: ("Unga rummet", "The Young Room"),
            summary: (
                "Filmverkstad varje vecka med utrustning, handledare och visningar.",
                "A weekly film workshop with equipment, tutors and screenings."
            ),
            places: 18
        ),
        Programme(
            slug: "pitch-syd",
            type: "pitch_forum",
            priority: "finance",
            organisation: 0,
            regions: ["skane", "blekinge", "kalmar", "kronoberg", "jonkoping", "halland"],
            name: ("Pitch Syd", "Pitch South"),
            summary: (
                "Tio projekt möter finansiärer och festivaler under två dagar.",
                "Ten projects meet financiers and festivals over two days."
            ),
            places: 10
        ),
    ]

    /// About a programme, from its summary.
    static func description(_ programme: Programme) -> Text {
        (
            """
            \(programme.summary.sv)
            Programmet är för dig som bor i eller berättar från någon av regionerna.
            - Handledning av yrkesverksamma
            - Träffar på kvällar och helger
            - Resor och boende ingår
            """,
            """
            \(programme.summary.en)
            The programme is for those who live in, or tell stories from, one of the regions.
            - Mentoring by professionals
            - Meetings in the evenings and at weekends
            - Travel and lodging are included
            """
        )
    }

    static let guidelines: Text = (
        """
        Så väljer vi: idén, viljan att lära och att gruppen blir blandad.
        - Skriv som du skulle säga det
        - Tidigare erfarenhet är inget krav om inget annat står
        - Alla får ett skriftligt svar
        """,
        """
        How we choose: the idea, the will to learn, and that the group becomes a mixed one.
        - Write as you would say it
        - Experience is not required unless stated
        - Everybody gets a written answer
        """
    )

    static let why: [String] = [
        "Jag vill berätta från den ort där jag växte upp.",
        "Jag har gjort fyra egna kortfilmer och vill lära mig arbeta i lag.",
        "Jag byter yrke och söker en väg in.",
        "Min grupp har en idé men saknar handledning.",
        "Jag vill våga visa det jag skriver.",
    ]
    static let ideas: [String] = [
        "En fyrvaktare hör en röst i dimman och svarar. Filmen utspelas under en natt.",
        "Två syskon ska sälja gården och hittar sin fars smalfilmer i ladan.",
        "En dokumentär om bussen som kör sista turen varje kväll, och om dem som åker med.",
        "En komedi om en körsångare som blir statist i fel film.",
        "Om ett glasbruk som slocknar och de som stannar kvar.",
        "En tyst film om vinterbadare, berättad genom deras väskor.",
    ]
}
