import Postgres

@testable import Registry

/// Random rows of a file of crew, good ones, all of them different people.
enum RandomCrew {
    /// The first row has the titles of all columns.
    static func rows(_ count: Int, firstDay: Day, seed: UInt64, _ vocabularies: Vocabularies) -> [[String]] {
        var random = SeededNumbers(seed: seed)
        let nasty = [
            "=1+1", "'x", "+46", "-", "@a", "semi;colon", "quote \"", "Åäö", "a,b", "e\u{301}", "🎬", "'=x",
        ]
        var rows = [CrewColumn.allCases.map(\.rawValue)]
        for number in 0..<count {
            let municipality = vocabularies.municipalities.randomElement(using: &random)
            let region = vocabularies.regions.first { $0.code == municipality?.region }
            let hasMunicipality = Bool.random(using: &random)
            let known = Bool.random(using: &random)
            let from = firstDay + Int.random(in: 0...500, using: &random)
            let consent = Bool.random(using: &random)
            func sometimes(_ text: @autoclosure () -> String) -> String {
                Bool.random(using: &random) ? text() : ""
            }
            func pick(_ words: [String]) -> String { words.randomElement(using: &random) ?? "" }
            let roles = Set(
                (0...2).compactMap { _ in vocabularies.roles.randomElement(using: &random)?.code }
            ).sorted()
                .map { $0 + pick(["", "", ":trainee", ":head_of_department"]) }
            let languages = ["sv", "en", "de", "se"].filter { _ in Bool.random(using: &random) }
                .map { $0 + pick(["", ":native", ":basic"]) }
            var busy: [String] = []
            var day = from
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                day = day + Int.random(in: 1...40, using: &random)
                let last = day + Int.random(in: 0...15, using: &random)
                busy.append(last == day ? "\(day)" : "\(day)/\(last)")
                day = last
            }
            rows.append([
                pick(["Åsa", "Bo", "Cia", "=Dag", "'Eva"]) + " " + pick(["Ek", "Öberg", "Lind"])
                    + " \(number)",
                region?.code ?? "", hasMunicipality ? municipality?.code ?? "" : "",
                roles.joined(separator: ";"), languages.joined(separator: ";"),
                sometimes("p\(number)@example.com"), sometimes(pick(["070-174 06 05", "+46 70 174 06 06"])),
                sometimes(pick(nasty)), sometimes(pick(nasty)),
                known ? "\(from)" : "", known ? "\(from + Int.random(in: 0...300, using: &random))" : "",
                busy.joined(separator: ";"), pick(["anyone", "approved", "nobody", ""]),
                pick(["anyone", "approved", "request", "office", ""]),
                pick(["anyone", "approved", "request", "office", ""]),
                consent ? "2026-01-02" : "", consent ? pick(["form", "=form", "letter; 2"]) : "",
            ])
        }
        return rows
    }
}
