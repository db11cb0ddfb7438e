/// What an account may do, within the scope of a grant (a region, an organisation or everything).
///
/// The raw value is the word in SQL (`grants."right"`), in JSON and on the command line.
public enum Right: String, CaseIterable, Codable, Hashable, Sendable {
    /// Searches with the calendars and contacts that are shared with approved searchers.
    case searcher
    /// Works in the office of a region: review queue, inquiries, packages.
    case commissioner
    /// Keeps people and settings of a region.
    case regionAdministrator = "region_administrator"
    /// Runs programmes of an organisation.
    case programmeManager = "programme_manager"
    /// Reads the applications assigned to them.
    case reviewer
    /// Keeps vocabularies, regions, keys and the service.
    case administrator

    /// Whether who holds it sees what is shared with approved searchers: searchers, and the offices that search for
    /// them. The same rule as `klappa.is_searcher()` in the database.
    public var seesWhatIsSharedWithSearchers: Bool {
        switch self {
        case .searcher, .commissioner, .regionAdministrator, .administrator: true
        case .programmeManager, .reviewer: false
        }
    }
}
