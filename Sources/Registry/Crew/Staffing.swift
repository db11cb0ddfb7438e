public import Postgres

/// A whole crew to be found: posts with head-counts over days and regions.
public struct StaffingRequest: Hashable, Sendable {
    /// A number of people wanted for one kind of work.
    public struct Post: Hashable, Sendable {
        /// Code of the role.
        public var role: String
        /// People wanted, at least 1.
        public var count: Int
        /// Grades that will do; any when empty.
        public var grades: [CrewSearch.Grade]
        /// Codes of languages, all spoken.
        public var languages: [String]
        /// Codes of certificates, all held.
        public var certificates: [String]

        /// See the properties of the same names.
        public init(
            role: String,
            count: Int,
            grades: [CrewSearch.Grade] = [],
            languages: [String] = [],
            certificates: [String] = []
        ) {
            self.role = role
            self.count = count
            self.grades = grades
            self.languages = languages
            self.certificates = certificates
        }
    }

    /// The days needed, all of them by everybody; not empty.
    public var dates: DayMultirange
    /// Codes of the regions in which people must live or count as local; all regions when empty.
    public var regions: [String]
    /// In the order of the answer.
    public var posts: [Post]

    /// See the properties of the same names.
    public init(dates: DayMultirange, regions: [String] = [], posts: [Post]) {
        self.dates = dates
        self.regions = regions
        self.posts = posts
    }
}

/// How far a crew can be filled with people who are free on all the days, one person on one post.
public struct StaffingResult: Hashable, Sendable {
    /// A post and who can fill it.
    public struct Post: Hashable, Sendable {
        /// Code of the role.
        public let role: String
        /// People wanted.
        public let count: Int
        /// The people found, best first; as many as could be filled.
        public let people: [Person]
        /// How many are filled.
        public var filled: Int { people.count }
        /// How many are missing.
        public var gap: Int { count - people.count }
    }

    /// Somebody who fills a post.
    public struct Person: Hashable, Sendable {
        /// A UUID, in lower case.
        public let id: String
        /// The name in addresses.
        public let slug: String
        /// The name to show.
        public let name: String
        /// Code of the home region.
        public let homeRegion: String
    }

    /// Filled from all regions together, a person once; in the order of the request.
    public let posts: [Post]
    /// Filled from each region by itself, in the order of the request (or of the vocabulary).
    public let regions: [Region]

    /// What one region can fill alone.
    public struct Region: Hashable, Sendable {
        /// Its code.
        public let region: String
        /// In the order of the request.
        public let posts: [Post]
    }
}
