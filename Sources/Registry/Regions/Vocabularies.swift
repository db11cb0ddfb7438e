internal import Foundation
public import Web

/// The codes of the registry with their titles: regions, municipalities, departments, roles, languages and
/// certificates, all read at one moment.
///
/// The files beside this one: `VocabularyCatalogue` keeps the present reading, `VocabularyQueries` has the SQL,
/// `VocabularyLists` and `VocabularyRoutes` the API.
///
/// Lists keep the order of the vocabulary and hold retired terms too, because old rows point to them; look-ups find
/// retired terms as well.
public struct Vocabularies: Sendable {
    /// By Swedish name.
    public let regions: [Region]
    /// By region, then Swedish name.
    public let municipalities: [Municipality]
    /// In the order of a production.
    public let departments: [Department]
    /// By department.
    public let roles: [Role]
    /// Swedish first, then English, Nordic, minority and other languages.
    public let languages: [Term]
    /// By category.
    public let certificates: [Term]
    /// Kinds of places: groups, each followed by the kinds within it.
    public let locationTypes: [LocationType]
    /// Facts that a location can state.
    public let locationFeatures: [LocationFeature]
    /// What companies offer, by register.
    public let companyCategories: [CompanyCategory]

    /// The titles of roles, folded, as typed text may name them.
    let roleTitles: CrewTitles
    /// The titles of kinds of places.
    let locationTitles: CrewTitles
    /// The titles of categories of companies.
    let companyTitles: CrewTitles
    /// Every word by which a fact is searched and counted: `wifi`, `wifi-no`, `power_phases`, `power_phases-3`.
    let featureTags: [String]

    private let regionsByCode: [String: Int]
    private let municipalitiesByCode: [String: Int]
    private let departmentsByCode: [String: Int]
    private let rolesByCode: [String: Int]
    private let rolesByTitle: [String: Int]
    private let languagesByCode: [String: Int]
    private let certificatesByCode: [String: Int]
    private let locationTypesByCode: [String: Int]
    private let locationFeaturesByCode: [String: Int]
    private let companyCategoriesByCode: [String: Int]

    /// A code with its titles.
    public struct Term: Hashable, Sendable {
        /// Stable; never reused.
        public let code: String
        /// Titles.
        public let name: Localized
        /// No longer offered, still understood.
        public let retired: Bool
    }

    /// One of the six regions.
    public struct Region: Hashable, Sendable {
        /// The key in the database: the county code as a number.
        public let no: Int16
        /// `skane`.
        public let code: String
        /// `Skåne`, the same in both languages.
        public let shortName: String
        /// `Skåne län`, `Skåne County`.
        public let name: Localized
        /// Whom to turn to about people whose contact fields are not public.
        public let contact: Contact
    }

    /// How the film commission of a region is reached.
    public struct Contact: Hashable, Sendable {
        /// The film body's name.
        public let name: String?
        /// The named person, when the region has named one.
        public let liaison: String?
        /// Mail address.
        public let email: String?
        /// Telephone number.
        public let phone: String?
        /// The body's own page.
        public let url: String?
        /// Address or a sentence.
        public let text: Localized?
    }

    /// A municipality.
    public struct Municipality: Hashable, Sendable {
        /// Four digits of Statistics Sweden: `1280`.
        public let code: String
        /// The code as a number.
        public let no: Int16
        /// Code of its region.
        public let region: String
        /// `Malmö`.
        public let name: String
        /// Where its seat is, in degrees (WGS 84).
        public var seat: Seat?

        /// A point in degrees.
        public struct Seat: Hashable, Sendable {
            /// North.
            public let latitude: Double
            /// East.
            public let longitude: Double
        }
    }

    /// A department of a production.
    public struct Department: Hashable, Sendable {
        /// The key in the database.
        public let no: Int16
        /// `light`.
        public let code: String
        /// `Ljus`, `Lighting`.
        public let name: Localized
    }

    /// A crew role.
    public struct Role: Hashable, Sendable {
        /// The key in the database.
        public let no: Int16
        /// `gaffer`.
        public let code: String
        /// Code of its department.
        public let department: String
        /// `Ljussättare`, `Gaffer`.
        public let name: Localized
        /// Other names, in any language.
        public let aliases: [String]
        /// Whether it usually leads the department.
        public let headOfDepartment: Bool
        /// No longer offered, still understood.
        public let retired: Bool
    }

    init(
        regions: [Region],
        municipalities: [Municipality],
        departments: [Department],
        roles: [Role],
        languages: [Term],
        certificates: [Term],
        locationTypes: [LocationType] = [],
        locationFeatures: [LocationFeature] = [],
        companyCategories: [CompanyCategory] = []
    ) {
        self.regions = regions
        self.municipalities = municipalities
        self.departments = departments
        self.roles = roles
        self.languages = languages
        self.certificates = certificates
        self.locationTypes = locationTypes
        self.locationFeatures = locationFeatures
        self.companyCategories = companyCategories
        regionsByCode = Self.places(of: regions) { $0.code }
        municipalitiesByCode = Self.places(of: municipalities) { $0.code }
        departmentsByCode = Self.places(of: departments) { $0.code }
        rolesByCode = Self.places(of: roles) { $0.code }
        languagesByCode = Self.places(of: languages) { $0.code }
        certificatesByCode = Self.places(of: certificates) { $0.code }
        locationTypesByCode = Self.places(of: locationTypes) { $0.code }
        locationFeaturesByCode = Self.places(of: locationFeatures) { $0.code }
        companyCategoriesByCode = Self.places(of: companyCategories) { $0.code }
        var titles: [String: Int] = [:]
        for (place, role) in roles.enumerated() {
            for title in [role.name.sv, role.name.en] + role.aliases { titles[Self.fold(title)] = place }
        }
        rolesByTitle = titles
        roleTitles = CrewTitles(roles.map { ($0.code, [$0.name.sv, $0.name.en] + $0.aliases) })
        locationTitles = CrewTitles(locationTypes.map { ($0.code, [$0.name.sv, $0.name.en]) })
        companyTitles = CrewTitles(companyCategories.map { ($0.code, [$0.name.sv, $0.name.en]) })
        featureTags = Self.searched(locationFeatures).flatMap(\.tags)
    }

    private static func places<Value>(of values: [Value], by code: (Value) -> String) -> [String: Int] {
        Dictionary(values.enumerated().map { (code($1), $0) }) { first, _ in first }
    }
}

extension Vocabularies {
    /// The region with a code such as `skane`.
    public func region(_ code: String) -> Region? { regionsByCode[code].map { regions[$0] } }

    /// The municipality with a code such as `1280`.
    public func municipality(_ code: String) -> Municipality? {
        municipalitiesByCode[code].map { municipalities[$0] }
    }

    /// The municipalities with a name; more than one only if two regions should share it. Case and accents do not
    /// matter.
    public func municipalities(named name: String) -> [Municipality] {
        let folded = Self.fold(name)
        return municipalities.filter { Self.fold($0.name) == folded }
    }

    /// The department with a code.
    public func department(_ code: String) -> Department? { departmentsByCode[code].map { departments[$0] } }

    /// The role with a code such as `gaffer`.
    public func role(_ code: String) -> Role? { rolesByCode[code].map { roles[$0] } }

    /// The role with a title in either language or with another name; no two roles share one. Case and accents do
    /// not matter.
    public func role(titled title: String) -> Role? { rolesByTitle[Self.fold(title)].map { roles[$0] } }

    /// The language with a tag such as `sv`.
    public func language(_ code: String) -> Term? { languagesByCode[code].map { languages[$0] } }

    /// The certificate with a code such as `licence_b`.
    public func certificate(_ code: String) -> Term? { certificatesByCode[code].map { certificates[$0] } }

    /// The kind of place with a code such as `barn`, or the group with one such as `rural`.
    public func locationType(_ code: String) -> LocationType? {
        locationTypesByCode[code].map { locationTypes[$0] }
    }

    /// The feature with a code such as `power_phases`.
    public func locationFeature(_ code: String) -> LocationFeature? {
        locationFeaturesByCode[code].map { locationFeatures[$0] }
    }

    /// The category with a code such as `camera_rental`.
    public func companyCategory(_ code: String) -> CompanyCategory? {
        companyCategoriesByCode[code].map { companyCategories[$0] }
    }

    /// Lower case without accents and outer white space: the rule of `klappa.fold` for the letters of titles.
    static func fold(_ text: String) -> String {
        text.trimmingCharacters(in: .whitespacesAndNewlines)
            .folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
    }
}
