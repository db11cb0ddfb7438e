import Foundation
import Postgres

/// Turns rows of a file of crew into ``CrewRow`` values, and says of each bad cell which rule it breaks.
struct CrewRowParser: Sendable {
    /// The days that a file may speak of.
    static let days = DayRange(first: Day(number: 0), last: Day(number: 73_048))

    /// The columns of the file.
    let header: CrewHeader
    /// Rows with only one of the two consent columns; they are taken, without a consent.
    private(set) var halfConsents = 0

    private var vocabulary: CrewVocabulary
    private let today: Day

    init(header: CrewHeader, vocabulary: CrewVocabulary, today: Day) {
        self.header = header
        self.vocabulary = vocabulary
        self.today = today
    }

    /// Reads one row.
    ///
    /// - Returns: Nil when a cell is bad; what is wrong with every cell is then in `problems`.
    mutating func parse(_ row: CSVRow, problems: inout CrewProblems) -> CrewRow? {
        let before = problems.count
        guard row.count == header.cellCount else {
            problems.add(line: row.line, column: "", .cellCount(found: row.count, expected: header.cellCount))
            return nil
        }
        var cells = Cells(row: row, header: header, problems: problems)
        var person = CrewRow()
        person.line = row.line
        readPerson(&person, &cells)
        readRoles(&person, &cells)
        readLanguages(&person, &cells)
        readContact(&person, &cells)
        readDays(&person, &cells)
        readConsent(&person, &cells)
        problems = cells.problems
        return problems.count == before ? person : nil
    }

    private mutating func readPerson(_ person: inout CrewRow, _ cells: inout Cells) {
        person.name = cells.text(.name, limit: 200, required: true) ?? ""
        var region: CrewVocabulary.Entry?
        if let word = cells.text(.region, required: true) {
            if let found = vocabulary.regions.find(word) {
                region = vocabulary.regions[found]
                person.region = vocabulary.regions[found].code
            } else {
                let vocabulary = vocabulary.regions
                cells.report(.region) { .unknownRegion(word, suggestion: vocabulary.suggestion(for: word)) }
            }
        }
        if let word = cells.text(.municipality) {
            if let found = vocabulary.municipalities.find(word) {
                let municipality = vocabulary.municipalities[found]
                person.municipality = municipality.code
                if let region, municipality.region != region.code {
                    cells.report(.municipality) {
                        .municipalityElsewhere(word, region: municipality.region ?? "")
                    }
                }
            } else {
                let vocabulary = vocabulary.municipalities
                cells.report(.municipality) {
                    .unknownMunicipality(word, suggestion: vocabulary.suggestion(for: word))
                }
            }
        }
        person.headlineSv = cells.text(.headlineSv, limit: 200)
        person.headlineEn = cells.text(.headlineEn, limit: 200)
    }

    private mutating func readRoles(_ person: inout CrewRow, _ cells: inout Cells) {
        guard let list = cells.text(.roles, required: true) else { return }
        var held: [(index: Int, grade: CrewSearch.Grade)] = []
        for item in cells.items(list) {
            var word = item
            var grade = CrewSearch.Grade.professional
            var found = vocabulary.roles.find(word)
            if found == nil, let (title, suffix) = Cells.suffixed(item) {
                word = title
                found = vocabulary.roles.find(title)
                if let known = CrewSearch.Grade(rawValue: Folding.fold(suffix)) {
                    grade = known
                } else if found != nil {
                    cells.report(.roles) { .unknownGrade(suffix) }
                    continue
                }
            }
            guard let index = found else {
                let vocabulary = vocabulary.roles
                cells.report(.roles) { .unknownRole(word, suggestion: vocabulary.suggestion(for: word)) }
                continue
            }
            if let twin = held.first(where: { $0.index == index }) {
                // Both languages' titles of one role are no mistake.
                if twin.grade != grade { cells.report(.roles) { .repeatedRole(word) } }
                continue
            }
            held.append((index, grade))
        }
        guard let primary = held.first else {
            if !cells.hasItems(list) { cells.report(.roles) { .required } }
            return
        }
        let others = held.dropFirst().sorted { $0.index < $1.index }
        person.roles = ([primary] + others).map {
            CrewRow.Role(code: vocabulary.roles[$0.index].code, grade: $0.grade)
        }
    }

    private mutating func readLanguages(_ person: inout CrewRow, _ cells: inout Cells) {
        guard let list = cells.text(.languages) else { return }
        var spoken: [(index: Int, proficiency: CrewProficiency)] = []
        for item in cells.items(list) {
            var word = item
            var proficiency = CrewProficiency.working
            var found = vocabulary.languages.find(word)
            if found == nil, let (name, suffix) = Cells.suffixed(item) {
                word = name
                found = vocabulary.languages.find(name)
                if let known = CrewProficiency(rawValue: Folding.fold(suffix)) {
                    proficiency = known
                } else if found != nil {
                    cells.report(.languages) { .unknownProficiency(suffix) }
                    continue
                }
            }
            guard let index = found else {
                let vocabulary = vocabulary.languages
                cells.report(.languages) {
                    .unknownLanguage(word, suggestion: vocabulary.suggestion(for: word))
                }
                continue
            }
            if let twin = spoken.first(where: { $0.index == index }) {
                if twin.proficiency != proficiency { cells.report(.languages) { .repeatedLanguage(word) } }
                continue
            }
            spoken.append((index, proficiency))
        }
        person.languages = spoken.sorted { $0.index < $1.index }.map {
            CrewRow.Language(code: vocabulary.languages[$0.index].code, proficiency: $0.proficiency)
        }
    }

    private func readContact(_ person: inout CrewRow, _ cells: inout Cells) {
        if let email = cells.text(.email, limit: 254) {
            if ContactForm.isEmail(email) { person.email = email } else { cells.report(.email) { .email } }
        }
        if let phone = cells.text(.phone) {
            if ContactForm.isPhone(phone) { person.phone = phone } else { cells.report(.phone) { .phone } }
        }
        let contact = ["anyone", "approved", "request", "office"]
        let days = ["anyone", "approved", "nobody"]
        if let value = cells.choice(.emailVisibility, of: contact) { person.emailVisibility = value }
        if let value = cells.choice(.phoneVisibility, of: contact) { person.phoneVisibility = value }
        if let value = cells.choice(.availabilityVisibility, of: days) {
            person.availabilityVisibility = value
        }
    }

    private func readDays(_ person: inout CrewRow, _ cells: inout Cells) {
        let from = cells.text(.knownFrom)
        let to = cells.text(.knownTo)
        person.knownFrom = from.flatMap { cells.day($0, .knownFrom) }
        person.knownTo = to.flatMap { cells.day($0, .knownTo) }
        if (from == nil) != (to == nil) {
            cells.report(from == nil ? .knownFrom : .knownTo) { .knownHalf }
        }
        if let first = person.knownFrom, let last = person.knownTo, last < first {
            cells.report(.knownTo) { .endBeforeStart("\(first)/\(last)") }
        }
        guard let list = cells.text(.busy) else { return }
        var ranges: [DayRange] = []
        for item in cells.items(list) {
            let ends = item.split(separator: "/", omittingEmptySubsequences: false)
            guard ends.count <= 2, let first = Cells.isoDay(ends[0]),
                let last = Cells.isoDay(ends[ends.count - 1])
            else {
                cells.report(.busy) { .interval(item) }
                continue
            }
            if last < first {
                cells.report(.busy) { .endBeforeStart(item) }
            } else if !Self.days.contains(DayRange(first: first, last: last)) {
                cells.report(.busy) { .dayRange(item) }
            } else {
                ranges.append(DayRange(first: first, last: last))
            }
        }
        person.busy = DayMultirange(ranges)
    }

    private mutating func readConsent(_ person: inout CrewRow, _ cells: inout Cells) {
        let date = cells.text(.consentDate)
        let source = cells.text(.consentSource, limit: 500)
        let day = date.flatMap { cells.day($0, .consentDate) }
        if let day, day > today { cells.report(.consentDate) { .future("\(day)") } }
        if let day, let source {
            person.consent = CrewRow.Consent(givenOn: day, source: source)
        } else if (date == nil) != (source == nil) {
            halfConsents += 1
        }
    }
}
