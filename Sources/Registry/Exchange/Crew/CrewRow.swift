import Postgres

/// A person as one row of a file of crew says: checked, in the words of the registry.
struct CrewRow: Hashable, Sendable {
    struct Role: Hashable, Sendable {
        var code: String
        var grade: CrewSearch.Grade
    }

    struct Language: Hashable, Sendable {
        var code: String
        var proficiency: CrewProficiency
    }

    /// What the person agreed to, when, and where it can be seen.
    struct Consent: Hashable, Sendable {
        var givenOn: Day
        var source: String
    }

    /// The line on which the row begins.
    var line = 1
    var name = ""
    /// Code of the home region.
    var region = ""
    /// Code of the home municipality.
    var municipality: String?
    /// The primary one first, the others in the order of the vocabulary; never empty.
    var roles: [Role] = []
    /// In the order of the vocabulary.
    var languages: [Language] = []
    var email: String?
    var phone: String?
    var headlineSv: String?
    var headlineEn: String?
    /// First and last day, both or neither.
    var knownFrom: Day?
    var knownTo: Day?
    var busy = DayMultirange.empty
    var availabilityVisibility = "approved"
    var emailVisibility = "office"
    var phoneVisibility = "office"
    var consent: Consent?
}

/// How well a language is spoken, the lowest first.
enum CrewProficiency: String, CaseIterable, Sendable {
    case basic, working, fluent, native
}

extension CrewRow {
    /// `gaffer:head_of_department;best_boy_electric`: a professional's grade is left out.
    var rolesText: String {
        roles.map { $0.grade == .professional ? $0.code : "\($0.code):\($0.grade.rawValue)" }.joined(
            separator: ";"
        )
    }

    /// `sv:native;en`: a working language's proficiency is left out.
    var languagesText: String {
        languages.map { $0.proficiency == .working ? $0.code : "\($0.code):\($0.proficiency.rawValue)" }
            .joined(separator: ";")
    }
}
