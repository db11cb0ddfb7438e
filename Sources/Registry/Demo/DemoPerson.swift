import Postgres

/// An invented person: everything that the registry stores of one, as columns of its tables.
struct DemoPerson: Sendable {
    struct Role: Sendable {
        let no: Int
        let grade: CrewSearch.Grade
    }

    struct Contact: Sendable {
        let kind: String
        let value: String
        let visibility: String
    }

    struct Credit: Sendable {
        let production: Int
        let role: Int
        let first: Day
        let last: Day
    }

    var key = ""
    var slug = ""
    var state = "published"
    var name = ""
    var tradingName: String?
    var region = 0
    var municipality = ""
    var latitude = 0.0
    var longitude = 0.0
    var travelRadius: Int?
    var headline: DemoTexts.Text = ("", "")
    var biography: DemoTexts.Text = ("", "")
    var availabilityVisibility = "approved"
    var renewedOn = Day(number: 0)
    /// The primary one first.
    var roles: [Role] = []
    var localRegions: [Int] = []
    var languages: [(code: String, proficiency: String)] = []
    var certificates: [(code: String, expires: Day?)] = []
    var contacts: [Contact] = []
    var links: [(kind: String, url: String)] = []
    var calendar = DemoCalendar()
    var credits: [Credit] = []

    /// A name as it stands in an address: a-z, 0-9 and single hyphens.
    static func slug(_ text: String) -> String {
        var slug = ""
        for scalar in Folding.fold(text).unicodeScalars {
            if scalar.isASCII, scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                slug.unicodeScalars.append(scalar)
            } else if !slug.isEmpty, !slug.hasSuffix("-") {
                slug += "-"
            }
        }
        while slug.hasSuffix("-") { slug.removeLast() }
        return String(slug.prefix(50))
    }
}
