internal import Web

/// What invented plans are made of: for each commitment what shows that it is met and what is being done about it, and
/// for each priority the goals that a region might have of its own.
enum DemoStrategyTexts {
    /// One commitment of the example catalogue.
    struct Commitment {
        let code: String
        let priority: String
        let level: Int
        /// What shows that it is met.
        let evidence: Localized
        /// In the unit of its indicator; nil where the indicator is a date.
        let value: ClosedRange<Int>?
        /// What is done about it.
        let action: Localized
    }

    private static func commitment(
        _ code: String,
        _ evidence: (String, String),
        _ value: ClosedRange<Int>?,
        _ action: (String, String)
    ) -> Commitment {
        let parts = code.split(separator: "_")
        return Commitment(
            code: code,
            priority: String(parts[0]),
            level: Int(parts[1]) ?? 1,
            evidence: Localized(sv: evidence.0, en: evidence.1),
            value: value,
            action: Localized(sv: action.0, en: action.1)
        )
    }

    static let commitments: [Commitment] =
        market + skills + talent + finance

    private static let market = [
        commitment(
            "market_1_contact_point",
            ("Kontaktperson utsedd, med ersättare", "Contact named, with a deputy"),
            1...1,
            ("Jour för förfrågningar under sommaren", "Cover for inquiries over the summer")
        ),
        commitment(
            "market_1_reply_time",
            (
                "Median enligt ärendelistan, senaste tolv månaderna",
                "Median of the case list, last twelve months"
            ),
            3...8,
            ("Gemensam svarsmall på två språk", "Shared template for answers in two languages")
        ),
        commitment(
            "market_1_location_entries",
            ("Platser genomgångna och kompletterade", "Places reviewed and completed"),
            40...220,
            ("Fotorunda till lador, bruk och hamnar", "Photo tour of barns, mills and harbours")
        ),
        commitment(
            "market_2_scouting_support",
            ("Scoutdagar som regionen har betalat", "Scouting days paid by the region"),
            8...30,
            ("Utbilda fyra lokala locationscouter", "Train four local location scouts")
        ),
        commitment(
            "market_2_municipal_agreements",
            ("Kommuner med en utsedd väg för tillstånd", "Municipalities with a named way to a permit"),
            3...12,
            (
                "Träff med kommunernas tillståndshandläggare",
                "Meeting with the municipalities’ permit officers"
            )
        ),
        commitment(
            "market_2_joint_marketing",
            ("Gemensamma annonser och mässor", "Joint adverts and fairs"),
            2...6,
            ("Gemensam film om södra Sverige", "Joint film about Southern Sweden")
        ),
        commitment(
            "market_3_film_office",
            ("Tjänster i filmkommissionen enligt budget", "Posts in the film commission by the budget"),
            1...4,
            ("Rekrytera en platssamordnare", "Hire a location coordinator")
        ),
        commitment(
            "market_3_international_events",
            ("Mötesplatser med egen bemanning", "Markets attended with own staff"),
            2...5,
            ("Delta på platsmässa i Europa", "Attend a European location fair")
        ),
        commitment(
            "market_3_impact_follow_up",
            ("Andel inspelningar med slutrapport", "Share of shoots with a final report"),
            80...100,
            ("Frågor om lokala inköp i varje avslut", "Questions on local spend at every wrap")
        ),
    ]

    private static let skills = [
        commitment(
            "skills_1_crew_registry",
            ("Profiler som förnyats under året", "Profiles renewed during the year"),
            40...260,
            ("Registreringskväll för filmarbetare", "Listing evening for crew")
        ),
        commitment(
            "skills_1_training_overview",
            ("Utbildningar i katalogen", "Programmes in the catalogue"),
            4...14,
            ("Samla länets utbildningar på ett ställe", "Gather the county’s education in one place")
        ),
        commitment(
            "skills_2_short_courses",
            ("Deltagare i kurser för filmarbetare", "Participants in courses for crew"),
            18...70,
            ("Kurs i hållbar inspelning", "Course on sustainable shooting")
        ),
        commitment(
            "skills_2_internships",
            ("Praktikanter på inspelningar", "Interns on productions"),
            4...16,
            ("Praktikplats på varje större inspelning", "An internship on every larger shoot")
        ),
        commitment(
            "skills_3_needs_analysis",
            ("Analys av kompetensbehov", "Analysis of skills needs"),
            1...2,
            ("Enkät till produktionsbolag om bristyrken", "Survey of production companies on shortages")
        ),
        commitment(
            "skills_3_education_partnership",
            ("Avtal med yrkeshögskola", "Agreement with a vocational college"),
            1...3,
            ("Studieort för inspelningsledare", "A place to train production managers")
        ),
    ]

    private static let talent = [
        commitment(
            "talent_1_talent_contact",
            ("Nya filmskapare som fått råd", "New filmmakers advised"),
            15...60,
            ("Öppen rådgivning en dag i månaden", "Open advice one day a month")
        ),
        commitment(
            "talent_1_shared_calls",
            ("Utlysningar som spridits", "Calls promoted"),
            4...12,
            ("Gemensam kalender för utlysningar", "Shared calendar of calls")
        ),
        commitment(
            "talent_2_mentorship",
            ("Platser i mentorskap", "Mentorship places"),
            4...10,
            ("Mentorer för debuterande regissörer", "Mentors for first-time directors")
        ),
        commitment(
            "talent_2_short_film_support",
            ("Kortfilmer med stöd", "Short films supported"),
            3...9,
            ("Kortfilmssatsning med lokal crew", "Short film scheme with local crew")
        ),
        commitment(
            "talent_3_interregional_programme",
            ("Deltagare från regionen", "Participants from the region"),
            4...14,
            ("Plats i det gemensamma talangprogrammet", "Places in the joint talent programme")
        ),
        commitment(
            "talent_3_feature_development",
            ("Långfilmer och serier med utvecklingsstöd", "Features and series with development support"),
            2...7,
            ("Manuslabb för serier", "Writers’ lab for series")
        ),
    ]

    private static let finance = [
        commitment(
            "finance_1_funding_guide",
            ("Guide till finansiering på regionens webb", "Guide to financing on the region’s site"),
            nil,
            ("Uppdatera guiden till finansiering", "Update the guide to financing")
        ),
        commitment(
            "finance_1_company_list",
            ("Företag i förteckningen", "Companies in the list"),
            12...90,
            ("Besök hos branschföretag", "Visits to companies")
        ),
        commitment(
            "finance_2_business_support",
            ("Företag som fått affärsrådgivning", "Companies given business advice"),
            4...20,
            ("Affärscoachning för produktionsbolag", "Business coaching for production companies")
        ),
        commitment(
            "finance_2_development_funding",
            ("Utbetalda utvecklingsmedel", "Development funds paid"),
            300_000...1_500_000,
            ("Andra ansökningsomgången för utveckling", "A second round of development funding")
        ),
        commitment(
            "finance_3_co_production",
            ("Samproduktionsmedel med lokaliseringsvillkor", "Co-production funds with localisation terms"),
            4_000_000...18_000_000,
            ("Nya lokaliseringsvillkor", "New localisation terms")
        ),
        commitment(
            "finance_3_regional_spend",
            ("Regional spend enligt slutrapporter", "Regional spend by final reports"),
            20_000_000...110_000_000,
            ("Gemensam metod för regional spend", "A shared method for regional spend")
        ),
    ]

    /// A goal: priority, title, how one will know.
    static let goals: [(priority: String, title: Localized, target: Localized)] = [
        (
            "market",
            Localized(sv: "Fler inspelningar utanför residensstaden", en: "More shoots outside the seat"),
            Localized(sv: "Hälften av inspelningsdagarna", en: "Half of the shooting days")
        ),
        (
            "market",
            Localized(sv: "Länet syns i minst en serie om året", en: "The county is seen in a series a year"),
            Localized(sv: "En serie per år", en: "One series a year")
        ),
        (
            "skills",
            Localized(sv: "Unga ska kunna stanna i branschen", en: "Young people can stay in the trade"),
            Localized(sv: "Tio nya i crew varje år", en: "Ten new in crew every year")
        ),
        (
            "skills",
            Localized(sv: "Jämn fördelning i ledande yrken", en: "An even balance in leading roles"),
            Localized(sv: "40–60 procent", en: "40–60 per cent")
        ),
        (
            "talent", Localized(sv: "Filmskapare i hela länet", en: "Filmmakers all over the county"),
            Localized(sv: "Deltagare från varje kommun", en: "Participants from every municipality")
        ),
        (
            "talent",
            Localized(sv: "Kortfilmer på nationella festivaler", en: "Short films at national festivals"),
            Localized(sv: "Två uttagna per år", en: "Two selected a year")
        ),
        (
            "finance", Localized(sv: "Starkare produktionsbolag", en: "Stronger production companies"),
            Localized(
                sv: "Tre bolag med egen serieutveckling",
                en: "Three companies developing series of their own"
            )
        ),
        (
            "finance",
            Localized(sv: "Mer av pengarna stannar i länet", en: "More of the money stays in the county"),
            Localized(sv: "Fyra kronor tillbaka per satsad", en: "Four kronor back for each one put in")
        ),
    ]

    static let results: [Localized] = [
        Localized(sv: "Genomfört, fortsätter nästa år", en: "Carried out, goes on next year"),
        Localized(sv: "Fler kom än väntat", en: "More came than expected"),
        Localized(sv: "Två andra regioner använder upplägget", en: "Two other regions use the format"),
    ]

    static let responsible = [
        "Kulturförvaltningen", "Regional utveckling", "Filmkommissionen", "Näringslivsenheten",
    ]
    static let sources = ["Regional kulturplan", "Regional utvecklingsstrategi", "Verksamhetsplan för film"]
}
