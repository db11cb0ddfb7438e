/// Composes headlines and biographies that read like people's own, in both languages.
enum DemoTexts {
    typealias Text = (sv: String, en: String)

    /// "Belysningsmästare i Ystad, van vid …" and its English twin.
    static func headline(role: Text, home: String, trait: Text) -> Text {
        ("\(role.sv) i \(home), \(trait.sv)", "\(role.en) based in \(home), \(trait.en)")
    }

    /// Two to four sentences.
    static func biography(
        work: Text,
        since year: Int,
        production: String?,
        home: String,
        _ random: inout DemoRandom
    ) -> Text {
        var sentences = [random.pick(openings(work, year))]
        if let production { sentences.append(random.pick(memories(production))) }
        sentences.append(random.pick(manners))
        if random.chance(60) { sentences.append(random.pick(homes(home))) }
        return (sentences.map(\.sv).joined(separator: " "), sentences.map(\.en).joined(separator: " "))
    }

    private static func openings(_ work: Text, _ year: Int) -> [Text] {
        [
            ("Jag har arbetat med \(work.sv) sedan \(year).", "I have worked with \(work.en) since \(year)."),
            (
                "Sedan \(year) är \(work.sv) min vardag.",
                "\(capitalised(work.en)) has been my daily work since \(year)."
            ),
            (
                "Jag kom in på \(work.sv) \(year) och har blivit kvar.",
                "I came into \(work.en) in \(year) and have stayed."
            ),
            (
                "Efter några år på annat håll tog jag upp \(work.sv) på heltid \(year).",
                "After some years elsewhere I took up \(work.en) full time in \(year)."
            ),
        ]
    }

    private static func memories(_ production: String) -> [Text] {
        [
            ("Senast på \(production).", "Most recently on \(production)."),
            (
                "Arbetet på \(production) lärde mig mest om lagspel.",
                "The work on \(production) taught me most about teamwork."
            ),
            ("Stolt över arbetet på \(production).", "Proud of the work on \(production)."),
        ]
    }

    private static let manners: [Text] = [
        (
            "Tycker om noggranna förberedelser och korta möten.",
            "I like careful preparation and short meetings."
        ),
        ("Lär gärna upp den som är ny.", "I gladly train those who are new."),
        ("Van vid både stora lag och att lösa det själv.", "Used to large crews and to solving it alone."),
        ("Arbetar helst i lag som äter lunch tillsammans.", "I prefer crews that have lunch together."),
        (
            "Trivs med långa dagar så länge de är planerade.",
            "Long days are fine as long as they are planned."
        ),
        ("Försöker alltid ta tåget.", "I always try to take the train."),
        ("Har sett de flesta problem minst en gång.", "I have met most problems at least once."),
    ]

    private static func homes(_ home: String) -> [Text] {
        [
            ("Utgår från \(home) och reser gärna.", "Based in \(home) and happy to travel."),
            ("Bor i \(home), nära hav eller skog.", "My home is in \(home), close to sea or forest."),
            ("Hemma i \(home) när det inte spelas in.", "At home in \(home) when nothing is being shot."),
        ]
    }

    private static func capitalised(_ text: String) -> String {
        text.prefix(1).uppercased() + text.dropFirst()
    }
}
