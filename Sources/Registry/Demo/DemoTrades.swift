/// What people of each department say of their work, in both languages.
struct DemoTrade {
    /// How many of a thousand people work here.
    let weight: Int
    /// Fits after "Gaffer i Ystad, …" and "Gaffer based in Ystad, …".
    let traits: [(sv: String, en: String)]
    /// Fits after "Jag har arbetat med …" and "I have worked with …".
    let work: (sv: String, en: String)
    /// Certificates that are common here beside a driving licence.
    let certificates: [String]

    private init(
        _ weight: Int,
        work: (sv: String, en: String),
        certificates: [String] = [],
        _ traits: (sv: String, en: String)...
    ) {
        self.weight = weight
        self.work = work
        self.certificates = certificates
        self.traits = traits
    }

    /// By department; a department that is not here is treated as ``general``.
    static let all: [String: DemoTrade] = [
        "production": DemoTrade(
            110,
            work: ("produktion och planering", "production and planning"),
            certificates: ["bam", "anti_harassment", "green_film_course"],
            ("trygg med stora lag och små budgetar", "at home with large crews and small budgets"),
            ("van vid samproduktioner över Öresund", "used to co-productions across the Öresund"),
            ("håller ordning på dagsplaner och avtal", "keeps call sheets and contracts in order")
        ),
        "direction": DemoTrade(
            60,
            work: ("regi och inspelningsledning", "direction and running the set"),
            certificates: ["bam", "child_work_rules", "first_aid_cpr"],
            ("lugn på inspelning och tydlig i planeringen", "calm on set and clear in planning"),
            ("van vid barn och stora statistscener", "used to children and large crowd scenes")
        ),
        "script": DemoTrade(
            22,
            work: ("manus och dramaturgi", "scripts and story"),
            ("skriver för både serie och långfilm", "writes for series and features alike"),
            ("läser, stryker och hittar kärnan", "reads, cuts and finds the core")
        ),
        "casting": DemoTrade(
            22,
            work: ("rollsättning", "casting"),
            certificates: ["child_work_rules"],
            (
                "med gott nät bland skådespelare i hela södra Sverige",
                "with a wide network of actors across the south"
            ),
            ("samlar statister från Öland till Kullaberg", "gathers extras from Öland to Kullaberg")
        ),
        "locations": DemoTrade(
            55,
            work: ("inspelningsplatser", "locations"),
            certificates: ["drone_a1_a3", "road_works", "first_aid_cpr", "guard_licence"],
            ("kan kust, skog och bruksorter", "knows the coast, the woods and the mill towns"),
            ("vet vem som har nyckeln till slottet", "knows who keeps the key to the castle"),
            ("god kontakt med markägare och kommuner", "on good terms with land owners and municipalities")
        ),
        "camera": DemoTrade(
            120,
            work: ("kamera", "the camera"),
            certificates: ["drone_a2", "boat_skipper", "scuba"],
            ("van vid handhållet och naturligt ljus", "used to handheld work and natural light"),
            ("gärna ute till havs och i dåligt väder", "gladly at sea and in bad weather"),
            ("snabb med fokus och lätt att ha med", "quick on focus and easy to have around")
        ),
        "light": DemoTrade(
            75,
            work: ("ljus", "lighting"),
            certificates: ["mewp", "electrical_safety", "fall_protection", "electrical_auth", "forklift"],
            ("bygger natt av dag och dag av natt", "makes night of day and day of night"),
            ("egen buss med grundpaket", "own van with a basic package"),
            ("van vid elverk på ställen utan väg", "used to generators in places without a road")
        ),
        "grip": DemoTrade(
            45,
            work: ("grip och kamerarörelse", "grip and camera movement"),
            certificates: ["mewp", "fall_protection", "safe_lifting", "licence_c1", "rope_access"],
            ("räls, kran och bilrigg", "track, crane and car rigs"),
            ("löser det som inte går", "solves what cannot be done")
        ),
        "sound": DemoTrade(
            50,
            work: ("inspelningsljud", "production sound"),
            certificates: ["electrical_safety"],
            ("hör skillnad på vind och vind", "hears the difference between wind and wind"),
            ("egen utrustning för drama och dokumentär", "own kit for drama and documentary")
        ),
        "art": DemoTrade(
            110,
            work: ("scenografi och rekvisita", "production design and props"),
            certificates: ["hot_works", "forklift", "safe_lifting", "scaffolding"],
            ("bygger miljöer som tål närbild", "builds rooms that stand a close-up"),
            (
                "hittar femtiotal på loppis och löser resten i verkstan",
                "finds the fifties at flea markets and makes the rest in the workshop"
            )
        ),
        "costume": DemoTrade(
            45,
            work: ("kostym", "costume"),
            ("från sekelskifte till nära framtid", "from the turn of the century to the near future"),
            ("syr, patinerar och håller kontinuiteten", "sews, ages and keeps continuity")
        ),
        "makeup": DemoTrade(
            42,
            work: ("mask och hår", "make-up and hair"),
            ("från osynligt till ärrbildning", "from invisible to scars"),
            ("lugn hand klockan fem på morgonen", "a calm hand at five in the morning")
        ),
        "sfx": DemoTrade(
            15,
            work: ("specialeffekter", "special effects"),
            certificates: ["pyro_licence", "hot_works", "fire_safety"],
            ("regn, rök, eld och glas", "rain, smoke, fire and glass"),
            ("säkerheten först, effekten sedan", "safety first, the effect after")
        ),
        "vfx": DemoTrade(
            45,
            work: ("visuella effekter", "visual effects"),
            certificates: ["virtual_production", "data_security"],
            ("på plats med måttband och gråkula", "on set with tape measure and grey ball"),
            ("stad, hav och väder som inte fanns", "cities, seas and weather that were not there")
        ),
        "stunts": DemoTrade(
            15,
            work: ("stunt", "stunts"),
            certificates: ["first_aid_cpr", "water_rescue", "weapons_licence"],
            (
                "fall, slagsmål och bilar i låg fart som ser fort ut",
                "falls, fights and slow cars that look fast"
            )
        ),
        "animals": DemoTrade(
            10,
            work: ("djur på film", "animals on film"),
            certificates: ["animal_handling", "licence_be"],
            ("hundar, hästar och fjäderfä med tålamod", "dogs, horses and poultry with patience")
        ),
        "transport": DemoTrade(
            35,
            work: ("transporter", "transport"),
            certificates: ["licence_c", "licence_ce", "ykb", "licence_be", "adr"],
            ("kommer i tid och parkerar rätt", "arrives on time and parks where it should"),
            ("kör maskbuss, ljusbil och folk", "drives make-up buses, light trucks and people")
        ),
        "catering": DemoTrade(
            20,
            work: ("mat på inspelning", "food on set"),
            certificates: ["food_hygiene", "licence_b96"],
            ("varm mat åt sextio på en åker", "hot food for sixty in a field"),
            ("grönt, lokalt och i rätt tid", "green, local and on time")
        ),
        "care": DemoTrade(
            25,
            work: ("säkerhet och hållbarhet", "safety and sustainability"),
            certificates: [
                "first_aid_cpr", "bas_p", "fire_safety", "sustainability_coordinator", "intimacy_training",
            ],
            ("ser riskerna innan de syns", "sees the risks before they show"),
            ("räknar koldioxid och kilometer", "counts carbon and kilometres")
        ),
        "post_picture": DemoTrade(
            60,
            work: ("klipp och efterarbete", "editing and post-production"),
            certificates: ["data_security"],
            ("klipper dokumentärt material till drama", "cuts documentary material into drama"),
            ("från dagstagningar till färdig leverans", "from dailies to delivery")
        ),
        "post_sound": DemoTrade(
            38,
            work: ("ljudläggning och mix", "sound editing and mixing"),
            ("bygger rum av nästan ingenting", "builds rooms of next to nothing"),
            ("mixar för bio, tv och hörlurar", "mixes for cinema, television and headphones")
        ),
        "music": DemoTrade(
            28,
            work: ("filmmusik", "film music"),
            ("stråkar, synt och tystnad", "strings, synths and silence"),
            ("skriver mot bild sedan länge", "has long written to picture")
        ),
        "animation": DemoTrade(
            30,
            work: ("animation", "animation"),
            ("från blyerts till färdig scen", "from pencil to finished scene"),
            ("dockor, papper och bildrutor", "puppets, paper and frames")
        ),
        "games": DemoTrade(
            25,
            work: ("spel och interaktivt berättande", "games and interactive stories"),
            ("rör sig mellan film och spel", "moves between film and games")
        ),
        "factual": DemoTrade(
            50,
            work: ("dokumentär", "documentary"),
            certificates: ["drone_a1_a3"],
            ("stannar kvar när andra åkt hem", "stays when others have gone home"),
            ("ensam med kamera eller i litet lag", "alone with a camera or in a small crew")
        ),
    ]

    static let general = DemoTrade(
        10,
        work: ("film och tv", "film and television"),
        ("rutinerad och nyfiken", "experienced and curious")
    )
}
