internal import Availability
internal import Postgres
internal import Web

/// A staffing request with its codes turned into numbers, and the filling of its posts.
struct StaffingPlan: Hashable, Sendable {
    /// Posts at most.
    static let postLimit = 50
    /// People of one post at most.
    static let countLimit = 20
    /// People at most, of all posts together.
    static let peopleLimit = postLimit * countLimit

    let audience: CrewAudience
    let request: StaffingRequest
    /// Regions by number and code, in the order of the answer.
    let regions: [Region]
    /// Number of each post's role.
    let roles: [Int16]

    /// A region in both namings.
    struct Region: Hashable, Sendable {
        let no: Int16
        let code: String
    }

    /// Somebody who could fill a post.
    struct Candidate: Hashable, Sendable {
        /// Place of the post in the request.
        let post: Int
        /// Number of the region, 0 for all together.
        let region: Int16
        /// Place in the order of people, the best first.
        let rank: Int
        let person: StaffingResult.Person
    }

    /// How many candidates of each post and region are enough.
    var enough: Int { Matching.candidatesNeeded(for: request.posts.map(\.count)) }

    /// - Throws: ``CrewRefusal`` naming each unknown code by its pointer.
    init(
        _ request: StaffingRequest,
        for audience: CrewAudience,
        _ vocabularies: Vocabularies
    ) throws(CrewRefusal) {
        var errors: [FieldError] = []
        func check<Value>(_ pointer: String, _ code: String, _ value: Value?) -> Value? {
            if value == nil { errors.append(CodeReader.unknown(.pointer(pointer), code)) }
            return value
        }
        var regions: [Region] = []
        for (place, code) in request.regions.enumerated() {
            guard let region = check("/regions/\(place)", code, vocabularies.region(code)) else { continue }
            let known = Region(no: region.no, code: region.code)
            if !regions.contains(known) { regions.append(known) }
        }
        if request.regions.isEmpty { regions = vocabularies.regions.map { Region(no: $0.no, code: $0.code) } }
        var roles: [Int16] = []
        for (place, post) in request.posts.enumerated() {
            let pointer = "/posts/\(place)"
            roles.append(check(pointer + "/role", post.role, vocabularies.role(post.role)?.no) ?? 0)
            for code in post.languages { _ = check(pointer + "/language", code, vocabularies.language(code)) }
            for code in post.certificates {
                _ = check(pointer + "/certificate", code, vocabularies.certificate(code))
            }
        }
        errors += Self.faults(in: request)
        guard errors.isEmpty else { throw CrewRefusal(errors: errors) }
        self.audience = audience
        self.request = request
        self.regions = regions
        self.roles = roles
    }

    private static func faults(in request: StaffingRequest) -> [FieldError] {
        var errors: [FieldError] = []
        if request.dates.isEmpty {
            errors.append(
                .pointer("/dates", "required", Localized(sv: "Ange dagar.", en: "Give days."))
            )
        } else if let fault = CrewDates.fault(in: request.dates) {
            errors.append(.pointer("/dates", fault.code, fault.message))
        }
        let people = Matching.candidatesNeeded(for: request.posts.map(\.count))
        if request.posts.count > postLimit || people > peopleLimit {
            errors.append(
                .pointer(
                    "/posts",
                    "too-many-people",
                    Localized(
                        sv: "Ange högst \(postLimit) poster och \(peopleLimit) personer.",
                        en: "Give at most \(postLimit) posts and \(peopleLimit) people."
                    )
                )
            )
        }
        return errors
    }

    /// Fills the posts, for all regions together and for each.
    func fill(from candidates: [Candidate]) -> StaffingResult {
        let byRegion = Dictionary(grouping: candidates, by: \.region)
        return StaffingResult(
            posts: posts(filledFrom: byRegion[0] ?? []),
            regions: regions.map { region in
                StaffingResult.Region(
                    region: region.code,
                    posts: posts(filledFrom: byRegion[region.no] ?? [])
                )
            }
        )
    }

    private func posts(filledFrom candidates: [Candidate]) -> [StaffingResult.Post] {
        let people = Dictionary(candidates.map { ($0.rank, $0.person) }) { first, _ in first }
        var ranks = Array(repeating: [Int](), count: request.posts.count)
        for candidate in candidates { ranks[candidate.post].append(candidate.rank) }
        let filled = Matching.fill(
            zip(request.posts, ranks).map { Matching.Post(count: $0.count, candidates: $1) }
        )
        return zip(request.posts, filled).map { post, ranks in
            StaffingResult.Post(role: post.role, count: post.count, people: ranks.compactMap { people[$0] })
        }
    }
}
